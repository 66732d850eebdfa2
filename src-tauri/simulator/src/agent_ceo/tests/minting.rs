//! Making and listing keys.

use keywright_model::Environment;
use serde_json::{Value, json};

use crate::{
    ListShape, Options,
    testing::{Bench, LIST, MINT, sample, start},
};

#[tokio::test]
async fn the_documents_sample_is_answered_as_documented() {
    let bench = start(Options::default()).await;
    let reply = bench.mint(sample()).await;
    assert_eq!(reply.status, 201);
    let minted = reply.json();
    let names: Vec<&String> = minted.as_object().unwrap().keys().collect();
    assert_eq!(names, ["key", "key_id", "owner", "prefix", "scopes"]);
    let key = minted["key"].as_str().unwrap();
    let value = key.strip_prefix("ace_live_").unwrap();
    assert!(
        value.len() >= 40 && value.bytes().all(|b| b.is_ascii_alphanumeric()),
        "{}",
        value.len()
    );
    assert_eq!(minted["prefix"].as_str().unwrap(), key.get(..11).unwrap());
    assert_eq!(minted["key_id"].as_str().unwrap().len(), "key-abc123".len());
    assert!(minted["key_id"].as_str().unwrap().starts_with("key-"));
    assert_eq!(minted["owner"], "acme");
    assert_eq!(minted["scopes"], json!(["org:acme", "agent:*", "svc:mcp:write"]));
    assert!(bench.control.accepts(key));
}

#[tokio::test]
async fn a_minted_key_is_listed_without_its_value() {
    let bench = start(Options::default()).await;
    let minted = bench.mint(sample()).await.json();
    let reply = bench.list().await;
    let text = String::from_utf8(reply.body.clone()).unwrap();
    assert!(!text.contains(minted["key"].as_str().unwrap()));
    let list = reply.json();
    let listed = &list["keys"][1];
    assert_eq!(listed["key_id"], minted["key_id"]);
    assert_eq!(listed["name"], "ci-deploy-key");
    assert_eq!(listed["status"], "active");
    assert_eq!(listed["last_used_at"], Value::Null);
    let instant = |name: &str| -> chrono::DateTime<chrono::Utc> {
        listed[name].as_str().unwrap().parse().unwrap()
    };
    assert_eq!((instant("expires_at") - instant("created_at")).num_days(), 90);
    // The management key made this very request.
    assert_ne!(list["keys"][0]["last_used_at"], Value::Null);
}

#[tokio::test]
async fn the_list_comes_in_each_shape() {
    let bench = start(Options::default()).await;
    for (shape, pointer) in [
        (ListShape::Keys, "/keys/0/key_id"),
        (ListShape::ApiKeys, "/api_keys/0/key_id"),
        (ListShape::Data, "/data/0/key_id"),
        (ListShape::Root, "/0/key_id"),
    ] {
        bench.control.set_list_shape(shape);
        assert!(bench.list().await.json().pointer(pointer).is_some(), "{shape:?}");
    }
}

#[tokio::test]
async fn never_is_nothing_null_or_zero() {
    let bench = start(Options::default()).await;
    for never in [None, Some(Value::Null), Some(json!(0))] {
        let mut body = sample();
        body.as_object_mut().unwrap().remove("expires_days");
        if let Some(never) = never {
            body["expires_days"] = never;
        }
        assert_eq!(bench.mint(body).await.status, 201);
    }
    let keys = bench.control.keys();
    assert_eq!(keys.len(), 4);
    assert!(keys.iter().all(|key| key.expires.is_none()));
}

/// Checks that a change of the sample is refused with this error.
async fn refused(bench: &Bench, field: &str, value: Value, expected: &str) {
    let mut body = sample();
    body[field] = value;
    let error = bench.mint(body).await.error();
    assert!(error.starts_with(expected), "{error}");
}

#[tokio::test]
async fn a_mint_that_is_not_as_documented_is_refused_and_makes_nothing() {
    let bench = start(Options::default()).await;
    for (scopes, expected) in [
        (json!(["agent:*", "svc:mcp:write"]), "400 invalid_scope: org: "),
        (json!(["org:acme", "svc:mcp:write"]), "400 invalid_scope: agent: "),
        (json!(["org:acme", "agent:*"]), "400 invalid_scope: svc: "),
        (
            json!(["org:acme", "agent:cfo", "svc:mcp:write"]),
            "400 invalid_scope: agent: acme has no",
        ),
        (
            json!(["org:globex", "agent:*", "svc:mcp:write"]),
            "403 forbidden: API key does not have required scope: org:globex",
        ),
    ] {
        refused(&bench, "scopes", scopes, expected).await;
    }
    for days in [json!(-1), json!(4000)] {
        refused(&bench, "expires_days", days, "400 bad_request: expires_days: ").await;
    }
    refused(&bench, "expires_days", json!("90"), "400 bad_request: ").await;
    refused(&bench, "name", json!("  "), "400 bad_request: name: ").await;
    refused(&bench, "name", json!("n".repeat(101)), "400 bad_request: name: ").await;
    refused(&bench, "orgId", json!("globex"), "403 forbidden: ").await;
    refused(&bench, "scopes", json!("org:acme"), "400 bad_request: ").await;
    assert_eq!(bench.control.keys().len(), 1);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_in_json() {
    let bench = start(Options::default()).await;
    let reply = bench
        .try_send(hyper::Method::POST, MINT, Some(&bench.admin), Some("{\"orgId\":".into()))
        .await
        .unwrap();
    assert!(reply.error().starts_with("400 bad_request: "), "{}", reply.error());
}

#[tokio::test]
async fn minting_and_listing_need_the_admin_service() {
    let bench = start(Options::default()).await;
    let (_, reader) = bench.key("org:acme agent:* svc:admin:read");
    let (_, writer) = bench.key("org:acme agent:* svc:admin:write");
    let (_, wiki) = bench.key("org:acme agent:* svc:wiki:admin");
    assert_eq!(bench.get(LIST, &reader).await.status, 200);
    assert_eq!(
        bench.post(MINT, &reader, sample()).await.error(),
        "403 forbidden: API key does not have required scope: svc:admin:write"
    );
    assert_eq!(bench.post(MINT, &writer, sample()).await.status, 201);
    assert_eq!(
        bench.get(LIST, &wiki).await.error(),
        "403 forbidden: API key does not have required scope: svc:admin:read"
    );
}

#[tokio::test]
async fn only_an_administrator_makes_another() {
    let bench = start(Options::default()).await;
    let (_, writer) = bench.key("org:acme agent:* svc:admin:write");
    let mut body = sample();
    body["scopes"] = json!(["org:acme", "agent:*", "svc:admin:read"]);
    assert_eq!(
        bench.post(MINT, &writer, body.clone()).await.error(),
        "403 forbidden: API key does not have required scope: svc:admin:admin"
    );
    assert_eq!(bench.mint(body).await.status, 201);
}

#[tokio::test]
async fn a_test_key_makes_test_keys() {
    let bench = start(Options::default()).await;
    let (_, sandbox) = bench.key_in(Environment::Test, "org:acme agent:* svc:admin:admin");
    assert!(sandbox.starts_with("ace_test_"));
    let minted = bench.post(MINT, &sandbox, sample()).await.json();
    assert!(minted["key"].as_str().unwrap().starts_with("ace_test_"));
    assert!(minted["prefix"].as_str().unwrap().starts_with("ace_test_"));
}

#[tokio::test]
async fn the_organizations_id_may_differ_from_its_slug() {
    let options = Options { organization_id: Some("cus_42".into()), ..Options::default() };
    let bench = start(options).await;
    assert_eq!(bench.get("/api/v1/customers/cus_42/api-keys", &bench.admin).await.status, 200);
    assert_eq!(bench.list().await.status, 403);
    let mut body = sample();
    body["orgId"] = json!("cus_42");
    let reply = bench.mint(body).await;
    assert_eq!(reply.json()["owner"], "acme");
}

#[tokio::test]
async fn preloaded_keys_are_listed_and_differ() {
    let bench = start(Options { preload: 1000, ..Options::default() }).await;
    let keys = bench.control.keys();
    assert_eq!(keys.len(), 1001);
    let ids: std::collections::HashSet<_> = keys.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(ids.len(), 1001);
    assert_eq!(bench.control.live_keys().len(), 1001);
    assert_eq!(bench.list().await.json()["keys"].as_array().unwrap().len(), 1001);
}
