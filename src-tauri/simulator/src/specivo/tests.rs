//! Specivo as its page tells it: pages that are clicked through, and the MCP server.

use std::time::Duration;

use hyper::{Method, header};
use serde_json::{Value, json};

use crate::{
    Error, KeyState, Options, SpecivoKey,
    testing::{Bench, page::Page, start, value},
};

const KEYS: &str = "/specivo/my/api-keys/";

fn hello() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": { "protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {} } })
}

async fn connect(bench: &Bench, key: &str) -> crate::testing::Reply {
    bench.call("POST", "/specivo/mcp", key, hello()).await
}

/// Makes a key on the pages, from the list on.
async fn make(bench: &Bench, account: &str, name: &str, scopes: &[&str]) -> Page {
    let list = bench.open(&format!("{KEYS}?as={account}")).await;
    let form = bench.follow(&list, "new-key").await;
    let mut typed = vec![("name", name)];
    typed.extend(scopes.iter().map(|scope| ("scope", *scope)));
    bench.submit(&form, "create-key", &typed).await
}

fn new(account: &str, scopes: &[&str]) -> SpecivoKey {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    SpecivoKey { name: "made-for-a-test".into(), account: account.into(), scopes }
}

#[tokio::test]
async fn r11_the_guides_steps_lead_to_a_key() {
    let bench = start(Options::default()).await;
    let home = bench.open("/specivo").await;
    assert!(home.has("simulated-banner"));
    let profile = bench.follow(&home, "nav-profile").await;
    let list = bench.follow(&profile, "open-api-keys").await;
    assert!(list.path.starts_with(KEYS) && list.has("no-keys"), "{}", list.path);
    let service = bench.follow(&list, "account-agent").await;
    let form = bench.follow(&service, "new-key").await;
    assert!(form.has("key-name") && form.has("scope-mcp"));
    let made =
        bench.submit(&form, "create-key", &[("name", "claude-code"), ("scope", "mcp")]).await;
    let key = made.value();
    assert!(key.starts_with("spv_") && key.len() == 44, "{}", key.len());
    assert!(bench.control.specivo().accepts(&key));
    let list = bench.follow(&made, "done").await;
    assert_eq!(list.rows(), [("claude-code".to_owned(), "active".to_owned())]);
}

#[tokio::test]
async fn r11_the_page_is_found_at_the_origin_too() {
    let bench = start(Options::default()).await;
    assert_eq!(bench.open("/my/api-keys/").await.path, KEYS);
}

#[tokio::test]
async fn r12_a_key_with_mcp_connects() {
    let bench = start(Options::default()).await;
    let key = make(&bench, "agent", "claude-code", &["mcp", "feed"]).await.value();
    let reply = connect(&bench, &key).await;
    assert_eq!(reply.status, 200);
    let result = &reply.json()["result"];
    assert_eq!(result["protocolVersion"], "2025-03-26");
    assert_eq!(result["serverInfo"]["name"], "specivo-simulated");
    let started = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    assert_eq!(bench.call("POST", "/specivo/mcp", &key, started).await.status, 202);
    let other = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" });
    let other = bench.call("POST", "/specivo/mcp", &key, other).await;
    assert_eq!((other.status, &other.json()["error"]["code"]), (200, &json!(-32601)));
    assert_eq!(bench.call("POST", "/specivo/mcp", &key, json!([1])).await.status, 400);
}

#[tokio::test]
async fn r12_a_key_without_mcp_is_alive_and_refused() {
    let bench = start(Options::default()).await;
    for scopes in [&["feed"][..], &[]] {
        let key = make(&bench, "agent", "reader", scopes).await.value();
        let error = connect(&bench, &key).await.error();
        assert!(error.starts_with("403 missing_scope: The key is valid, "), "{error}");
        assert!(error.ends_with("it lacks the scope mcp"), "{error}");
    }
    let used = bench.control.specivo().keys();
    assert!(used.iter().all(|key| key.last_used.is_some()), "they authenticated");
}

#[tokio::test]
async fn r12_an_unknown_key_is_refused_with_401() {
    let bench = start(Options::default()).await;
    for key in ["", "spv_fake", "ace_live_fake"] {
        let reply = connect(&bench, key).await;
        assert_eq!(reply.error(), "401 unauthorized: Unknown or revoked API key");
        assert_eq!(reply.headers[header::WWW_AUTHENTICATE], "Bearer");
    }
}

#[tokio::test]
async fn r13_a_person_is_advised_and_the_owner_is_recorded() {
    let bench = start(Options::default()).await;
    let person = bench.open("/specivo/my/api-keys/new").await;
    assert!(person.has("personal-owner"));
    let service = bench.follow(&person, "account-agent").await;
    assert!(!service.has("personal-owner"));
    for account in ["dana", "agent"] {
        make(&bench, account, "k", &["mcp"]).await.value();
    }
    let owners: Vec<_> = bench.control.specivo().keys().into_iter().map(|key| key.owner).collect();
    assert_eq!(owners, ["dana", "agent"]);
    // Everybody sees their own.
    let list = bench.open(&format!("{KEYS}?as=agent")).await;
    assert_eq!(list.rows().len(), 1);
}

#[tokio::test]
async fn r14_an_owner_in_no_project_is_refused_in_other_words() {
    let bench = start(Options::default()).await;
    let key = make(&bench, "claude", "claude-code", &["mcp"]).await.value();
    let error = connect(&bench, &key).await.error();
    assert_eq!(error, "403 no_project: The key is valid, but its owner claude is in no project");
    let projects = bench.open("/specivo/?as=claude").await;
    assert!(projects.has("no-projects"));
    let joined = bench.submit(&projects, "join-projects", &[]).await;
    assert!(joined.has("project") && !joined.has("no-projects"));
    assert_eq!(connect(&bench, &key).await.status, 200, "the same key");
    assert!(bench.control.specivo().set_member("claude", false));
    assert_eq!(connect(&bench, &key).await.status, 403);
    assert!(!bench.control.specivo().set_member("nobody", true));
}

#[tokio::test]
async fn r15_revoking_on_the_page_works_at_once() {
    // The common delay is not Specivo's.
    let bench = start(Options { revoke_delay: Duration::from_mins(1), ..Options::default() }).await;
    let made = make(&bench, "agent", "claude-code", &["mcp"]).await;
    let list = bench.follow(&made, "done").await;
    let after = bench.submit(&list, "revoke-key", &[]).await;
    assert_eq!(after.shown("notice"), "“claude-code” was revoked.");
    assert_eq!(after.rows(), [("claude-code".to_owned(), "revoked".to_owned())]);
    assert!(!after.has("revoke-key"), "not twice");
    assert_eq!(connect(&bench, &made.value()).await.status, 401);
    assert_eq!(bench.control.specivo().keys()[0].state, KeyState::Revoked);
}

#[tokio::test]
async fn r15_a_delay_counts_only_where_it_was_set_for_specivo() {
    let bench = start(Options::default()).await;
    bench.control.specivo().set_revoke_delay(Duration::from_secs(30));
    let issued = bench.control.specivo().issue(new("agent", &["mcp"])).unwrap();
    let key = value(&issued.secret);
    assert!(bench.control.specivo().revoke(&issued.key_id));
    assert!(!bench.control.specivo().revoke(&issued.key_id));
    assert_eq!(connect(&bench, &key).await.status, 200);
    assert!(bench.control.specivo().live_keys().is_empty());
    bench.control.set_flapping(true);
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(connect(&bench, &key).await.status);
    }
    assert_eq!(seen, [200, 401, 200]);
    bench.control.advance(Duration::from_secs(30));
    assert_eq!(connect(&bench, &key).await.status, 401);
}

#[tokio::test]
async fn nobody_revokes_anothers_key() {
    let bench = start(Options::default()).await;
    let issued = bench.control.specivo().issue(new("dana", &["mcp"])).unwrap();
    let path = format!("{KEYS}{}/revoke", issued.key_id);
    for (path, who) in [
        (path.as_str(), "agent"),
        (path.as_str(), ""),
        ("/specivo/my/api-keys/key-none/revoke", "dana"),
    ] {
        let reply = bench.visit(path, Some(format!("as={who}"))).await;
        assert_eq!(reply.status, 404, "{path} {who}");
    }
    assert!(bench.control.specivo().accepts(&value(&issued.secret)));
}

#[tokio::test]
async fn a_form_that_is_not_taken_comes_back_with_its_reason() {
    let bench = start(Options::default()).await;
    let again = make(&bench, "agent", "   ", &["feed"]).await;
    assert_eq!(again.status, 422);
    assert_eq!(again.shown("form-error"), "name: 1 to 100 characters are required");
    assert!(again.text.contains("value=\"feed\" checked"), "what was ticked stays");
    let odd = make(&bench, "agent", "k", &["root"]).await;
    assert_eq!(odd.shown("form-error"), "scope: `root` is not on offer");
    let nobody = bench.visit("/specivo/my/api-keys/new", Some("as=nobody&name=k".into())).await;
    assert_eq!(nobody.status, 404);
    assert!(bench.control.specivo().keys().is_empty());
    let error = bench.control.specivo().issue(new("nobody", &[])).unwrap_err();
    assert!(matches!(error, Error::Form { field: "account", .. }), "{error}");
}

#[tokio::test]
async fn there_is_no_api_but_the_mcp_server() {
    let bench = start(Options::default()).await;
    let key = make(&bench, "agent", "k", &["mcp"]).await.value();
    for path in ["/specivo/api/me", "/specivo/api/keys", "/specivo/x"] {
        let reply = bench.call("GET", path, &key, Value::Null).await;
        assert_eq!(reply.status, 404, "{path}");
    }
    let stream = bench.try_send(Method::GET, "/specivo/mcp", Some(&key), None).await.unwrap();
    assert_eq!(stream.status, 421, "the host is looked at first");
    assert_eq!(bench.call("GET", "/specivo/mcp", &key, Value::Null).await.status, 405);
}
