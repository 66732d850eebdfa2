//! ServoAgent as its page tells it: the dashboard, both headers, and both refusals.

use std::time::Duration;

use hyper::{Request, header};
use keywright_model::Environment;
use serde_json::{Value, json};

use super::SCOPES;
use crate::{
    Error, Fault, KeyState, Operation, Options, ServoAgentKey,
    testing::{Bench, Reply, page::Page, start, value},
};

const AGENTS: &str = "/servoagent/v1/agents";

/// What the API asks: a method, an address, and the scope that it needs.
const ASKED: [(&str, &str, &str); 10] = [
    ("GET", AGENTS, "agents:read"),
    ("POST", AGENTS, "agents:write"),
    ("POST", "/servoagent/v1/agents/agents_first/runs", "agents:execute"),
    ("GET", "/servoagent/v1/contacts", "contacts:read"),
    ("POST", "/servoagent/v1/contacts", "contacts:write"),
    ("GET", "/servoagent/v1/analytics", "analytics:read"),
    ("GET", "/servoagent/v1/webhooks", "webhooks:manage"),
    ("POST", "/servoagent/v1/webhooks", "webhooks:manage"),
    ("GET", "/servoagent/v1/billing", "billing:read"),
    ("GET", "/servoagent/v1/workspace", "workspace:admin"),
];

fn new(environment: Environment, scopes: &[&str]) -> ServoAgentKey {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    ServoAgentKey { name: "made-for-a-test".into(), environment, scopes, allow_list: vec![] }
}

fn key(bench: &Bench, scopes: &[&str]) -> String {
    let issued = bench.control.servoagent().issue(new(Environment::Live, scopes)).unwrap();
    value(&issued.secret)
}

/// Makes a key on the pages, from the list on.
async fn make(bench: &Bench, typed: &[(&str, &str)]) -> Page {
    let list = bench.open("/servoagent/dashboard/api-keys").await;
    let form = bench.follow(&list, "new-key").await;
    bench.submit(&form, "create-key", typed).await
}

async fn get(bench: &Bench, path: &str, key: &str) -> Reply {
    bench.call("GET", path, key, Value::Null).await
}

#[tokio::test]
async fn the_guides_steps_lead_to_a_key() {
    let bench = start(Options::default()).await;
    let dashboard = bench.open("/servoagent").await;
    let list = bench.follow(&dashboard, "open-api-keys").await;
    assert!(list.has("no-keys") && list.has("simulated-banner"));
    let form = bench.follow(&list, "new-key").await;
    let typed = [("name", "ci"), ("environment", "test"), ("scope", "agents:read")];
    let made = bench.submit(&form, "create-key", &typed).await;
    assert_eq!(get(&bench, AGENTS, &made.value()).await.status, 200);
    let list = bench.follow(&made, "done").await;
    assert_eq!(list.rows(), [("ci".to_owned(), "active".to_owned())]);
}

#[tokio::test]
async fn r20_the_sample_call_lists_agents() {
    let bench = start(Options::default()).await;
    let reply = get(&bench, AGENTS, &key(&bench, &["agents:read"])).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["data"][0]["id"], "agents_first");
}

#[tokio::test]
async fn r21_the_prefix_tells_the_environment_and_the_sandbox_is_apart() {
    let bench = start(Options::default()).await;
    let scopes = [("scope", "agents:read"), ("scope", "agents:write")];
    let mut values = Vec::new();
    for (environment, prefix) in [("live", "sk_live_"), ("test", "sk_test_")] {
        let typed = [("name", environment), ("environment", environment), scopes[0], scopes[1]];
        let key = make(&bench, &typed).await.value();
        assert!(key.starts_with(prefix) && key.len() == 48, "{}", key.len());
        values.push(key);
    }
    let seen: Vec<_> =
        bench.control.servoagent().keys().into_iter().map(|key| key.environment).collect();
    assert_eq!(seen, [Environment::Live, Environment::Test]);
    let added = bench.call("POST", AGENTS, &values[1], json!({ "name": "Tried out" })).await;
    assert_eq!(added.status, 201);
    let names = |reply: Reply| reply.json()["data"].as_array().unwrap().len();
    assert_eq!(names(get(&bench, AGENTS, &values[1]).await), 2);
    assert_eq!(names(get(&bench, AGENTS, &values[0]).await), 1);
}

#[tokio::test]
async fn r22_there_are_nine_scopes_and_each_opens_its_own() {
    let bench = start(Options::default()).await;
    assert_eq!(SCOPES.len(), 9);
    let form = bench.open("/servoagent/dashboard/api-keys/new").await;
    for (granted, _) in SCOPES {
        assert!(form.has(&format!("scope-{granted}")), "{granted}");
        let key = key(&bench, &[granted]);
        for (method, path, wanted) in ASKED {
            let reply = bench.call(method, path, &key, json!({ "name": "n" })).await;
            if granted == wanted {
                assert!(reply.status < 300, "{method} {path}: {}", reply.error());
            } else {
                let missing = format!("required scope: {wanted}");
                assert!(reply.error().ends_with(&missing), "{}", reply.error());
            }
        }
    }
}

#[tokio::test]
async fn r22_a_key_needs_a_scope_and_one_of_the_nine() {
    let bench = start(Options::default()).await;
    let none = make(&bench, &[("name", "n"), ("environment", "live")]).await;
    assert_eq!(none.shown("form-error"), "scope: at least one is required");
    let odd = make(&bench, &[("name", "n"), ("scope", "agents:all")]).await;
    assert_eq!(
        (odd.status, odd.shown("form-error")),
        (422, "scope: `agents:all` is not on offer".into())
    );
    let error = bench.control.servoagent().issue(new(Environment::Live, &[])).unwrap_err();
    assert!(matches!(error, Error::Form { field: "scope", .. }), "{error}");
    assert!(bench.control.servoagent().keys().is_empty());
}

#[tokio::test]
async fn r23_a_bad_key_is_answered_with_the_documented_body() {
    let bench = start(Options::default()).await;
    let revoked = bench.control.servoagent().issue(new(Environment::Live, &["agents:read"]));
    let revoked = revoked.unwrap();
    assert!(bench.control.servoagent().revoke(&revoked.key_id));
    for key in ["", "sk_fake", "sk_live_fake", &value(&revoked.secret)] {
        for (method, path, _) in ASKED {
            let reply = bench.call(method, path, key, json!({ "name": "n" })).await;
            let body =
                r#"{"error":{"code":"unauthorized","message":"Invalid or missing API key"}}"#;
            assert_eq!((reply.status, reply.body.as_slice()), (401, body.as_bytes()), "{path}");
        }
    }
}

#[tokio::test]
async fn r24_a_missing_scope_is_answered_with_the_documented_body() {
    let bench = start(Options::default()).await;
    let key = key(&bench, &["agents:read"]);
    let runs = "/servoagent/v1/agents/agents_first/runs";
    let reply = bench.call("POST", runs, &key, Value::Null).await;
    let body = r#"{"error":{"code":"forbidden","message":"API key does not have required scope: agents:execute"}}"#;
    assert_eq!((reply.status, reply.body.as_slice()), (403, body.as_bytes()));
}

#[tokio::test]
async fn r25_both_headers_are_taken() {
    let bench = start(Options::default()).await;
    let key = key(&bench, &["agents:read"]);
    let ask = |name: &'static str, value: String| {
        let request = Request::get(AGENTS).header(header::HOST, bench.host()).header(name, value);
        bench.exchange(request.body(String::new()).unwrap())
    };
    for (name, value, status) in [
        ("authorization", format!("Bearer {key}"), 200),
        ("x-api-key", key.clone(), 200),
        ("x-api-key", "sk_live_fake".into(), 401),
        ("authorization", key.clone(), 401),
        ("api-key", key.clone(), 401),
    ] {
        assert_eq!(ask(name, value).await.unwrap().status, status, "{name}");
    }
}

#[tokio::test]
async fn r25_a_probe_meets_the_faults_of_use() {
    let bench = start(Options::default()).await;
    let key = key(&bench, &["agents:read"]);
    bench.control.fault_next(Operation::Use, Fault::RateLimited { retry_after_s: 9 });
    let limited = get(&bench, AGENTS, &key).await;
    assert_eq!(
        (limited.status, &limited.headers[header::RETRY_AFTER]),
        (429, &"9".parse().unwrap())
    );
    assert_eq!(get(&bench, AGENTS, &key).await.status, 200);
    let requests = bench.control.requests();
    assert_eq!((requests.r#use, requests.faulty), (2, 1));
}

#[tokio::test]
async fn r26_an_allow_list_refuses_other_addresses_in_other_words() {
    let bench = start(Options::default()).await;
    let typed = |list| [("name", "prod"), ("scope", "agents:read"), ("allow_list", list)];
    let far = make(&bench, &typed("203.0.113.7\r\n198.51.100.0/24")).await.value();
    assert_eq!(
        get(&bench, AGENTS, &far).await.error(),
        "403 forbidden: API key may not be used from this IP address: 127.0.0.1"
    );
    let near = make(&bench, &typed("203.0.113.7\r\n127.0.0.0/8")).await.value();
    assert_eq!(get(&bench, AGENTS, &near).await.status, 200);
    let wrong = make(&bench, &typed("everywhere")).await;
    assert!(wrong.shown("form-error").starts_with("allow_list: `everywhere` is neither"));
    assert_eq!(wrong.shown("allow-list"), "everywhere", "what was typed stays");
}

#[tokio::test]
async fn r28_a_revocation_takes_the_common_delay_or_its_own() {
    let bench =
        start(Options { revoke_delay: Duration::from_secs(30), ..Options::default() }).await;
    let made = make(&bench, &[("name", "old"), ("scope", "agents:read")]).await;
    let list = bench.follow(&made, "done").await;
    let after = bench.submit(&list, "revoke-key", &[]).await;
    assert_eq!(after.shown("notice"), "“old” was revoked.");
    assert_eq!(after.rows(), [("old".to_owned(), "revoked".to_owned())]);
    assert_eq!(bench.control.servoagent().keys()[0].state, KeyState::Revoking);
    assert_eq!(get(&bench, AGENTS, &made.value()).await.status, 200);
    bench.control.advance(Duration::from_secs(30));
    assert_eq!(get(&bench, AGENTS, &made.value()).await.status, 401);

    bench.control.servoagent().set_revoke_delay(Duration::ZERO);
    let next = make(&bench, &[("name", "next"), ("scope", "agents:read")]).await;
    bench.submit(&bench.follow(&next, "done").await, "revoke-key", &[]).await;
    assert_eq!(get(&bench, AGENTS, &next.value()).await.status, 401);
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let bench = start(Options::default()).await;
    let key = key(&bench, &["agents:read", "agents:write", "agents:execute"]);
    for path in ["/servoagent/v1/mail", "/servoagent/v1/agents/a/b", "/servoagent/v1/x/y"] {
        assert_eq!(
            get(&bench, path, &key).await.error(),
            "404 not_found: There is no such address"
        );
    }
    let nobody = bench.call("POST", "/servoagent/v1/agents/none/runs", &key, Value::Null).await;
    assert_eq!(nobody.error(), "404 not_found: There is no such agent");
    let nameless = bench.call("POST", AGENTS, &key, json!({})).await;
    assert!(nameless.error().starts_with("400 bad_request: "), "{}", nameless.error());
    assert_eq!(bench.call("POST", "/servoagent/v1/billing", &key, Value::Null).await.status, 405);
    assert_eq!(bench.open("/servoagent/elsewhere").await.status, 404);
    let revoke = "/servoagent/dashboard/api-keys/key-none/revoke";
    assert_eq!(bench.visit(revoke, Some(String::new())).await.status, 404);
}
