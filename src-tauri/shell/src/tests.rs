//! Values and errors across the wire, on Tauri's mock runtime: no window is needed.

use chrono::{DateTime, Utc};
use keywright_service::{Clock, Home, Service, Setup};
use keywright_vault::{Access, Kdf, KdfParams};
use serde_json::{Value, json};
use tauri::{
    Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    http::HeaderMap,
    ipc::{CallbackFn, InvokeBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    webview::InvokeRequest,
};

use crate::{assembled, commands, shell::Shell, windows};

const NOW: &str = "2026-11-23T09:00:00Z";
const PASSPHRASE: &str = "seven grey herons over a mill";

struct Desk {
    app: tauri::App<MockRuntime>,
    _home: tempfile::TempDir,
}

impl Desk {
    /// The application with its real configuration: permissions are those of the product.
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(NOW.parse::<DateTime<Utc>>().unwrap());
        let setup = Setup { access: Access::Write, kdf: Kdf::Fixed(KdfParams::for_tests()) };
        let service = Service::new(Home::at(home.path()), clock.clone(), setup).unwrap();
        let shell = Shell::new(service, clock);
        let app = assembled(mock_builder(), shell).build(tauri::generate_context!()).unwrap();
        Self { app, _home: home }
    }

    fn window(&self, label: &str) -> WebviewWindow<MockRuntime> {
        self.app.get_webview_window(label).unwrap_or_else(|| {
            WebviewWindowBuilder::new(&self.app, label, WebviewUrl::default()).build().unwrap()
        })
    }

    fn ask(&self, window: &str, command: &str, request: Value) -> Result<Value, Value> {
        let message = InvokeRequest {
            cmd: command.into(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().unwrap(),
            body: InvokeBody::Json(json!({ "request": request })),
            headers: HeaderMap::default(),
            invoke_key: INVOKE_KEY.into(),
        };
        get_ipc_response(&self.window(window), message)
            .map(|body| body.deserialize::<Value>().unwrap())
    }
}

#[test]
fn a_value_crosses() {
    let desk = Desk::new();
    let platforms = desk.ask(windows::MAIN, "list_platforms", Value::Null).unwrap();
    assert!(platforms.as_array().unwrap().iter().any(|row| row["id"] == "agent.ceo"));
}

#[test]
fn an_error_crosses_with_its_code_and_words() {
    let desk = Desk::new();
    let request = json!({ "query": "", "offset": 0, "limit": 10 });
    let failure = desk.ask(windows::MAIN, "list_keys", request).unwrap_err();
    assert_eq!(failure["code"], "locked");
    for words in ["what", "kept", "advice"] {
        assert!(!failure[words].as_str().unwrap().is_empty(), "{words}");
    }
}

#[test]
fn a_vault_is_made_behind_the_door_and_confirmed() {
    let desk = Desk::new();
    let state = desk.ask(windows::DOOR, "door_state", Value::Null).unwrap();
    assert_eq!(state, json!({ "mode": "create", "notice": null }));
    let made = desk.ask(windows::DOOR, "make_vault", json!({ "passphrase": PASSPHRASE })).unwrap();
    let group = |at: usize| {
        made["groups"][usize::try_from(made["ask"][at].as_u64().unwrap()).unwrap()].clone()
    };
    let wrong = json!({ "groups": ["0000", group(1)] });
    assert_eq!(desk.ask(windows::DOOR, "confirm_recovery", wrong).unwrap(), json!(false));
    let right = json!({ "groups": [group(0), group(1)] });
    assert_eq!(desk.ask(windows::DOOR, "confirm_recovery", right.clone()).unwrap(), json!(true));
    let again = desk.ask(windows::DOOR, "confirm_recovery", right).unwrap_err();
    assert_eq!(again["code"], "invalid", "a code can be confirmed once");
}

#[test]
fn a_wrong_passphrase_is_said_in_words_that_do_not_repeat_it() {
    let desk = Desk::new();
    desk.ask(windows::DOOR, "make_vault", json!({ "passphrase": PASSPHRASE })).unwrap();
    desk.app.state::<Shell>().service.lock();
    let typed = json!({ "passphrase": "nine red foxes under a hill" });
    let failure = desk.ask(windows::DOOR, "unlock", typed).unwrap_err();
    assert_eq!(failure["code"], "wrong_passphrase");
    assert!(!failure.to_string().contains("foxes"));
}

#[test]
fn no_window_may_ask_what_is_another_ones() {
    let desk = Desk::new();
    for (window, others) in [
        (windows::MAIN, commands::DOOR),
        (windows::DOOR, commands::MAIN),
        ("reveal-1", commands::MAIN),
        ("reveal-1", commands::DOOR),
    ] {
        for command in others {
            let refused = desk.ask(window, command, Value::Null).unwrap_err();
            let words = refused.as_str().unwrap_or_default();
            assert!(words.contains("not allowed"), "{window} may ask {command}: {refused}");
        }
    }
}

#[test]
fn a_request_that_is_not_understood_changes_nothing() {
    let desk = Desk::new();
    assert!(desk.ask(windows::MAIN, "list_keys", json!({ "query": 7 })).is_err());
    assert!(desk.ask(windows::MAIN, "key_detail", json!("no-id")).is_err());
    assert!(desk.ask(windows::MAIN, "no_such_command", Value::Null).is_err());
}
