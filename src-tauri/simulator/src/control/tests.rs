//! The levers over HTTP, and the server's own start and end.

use std::time::Duration;

use hyper::Method;
use serde_json::{Value, json};

use crate::{
    Error, Options, Simulator, SpecivoKey,
    testing::{Bench, MINT, sample, start},
};

async fn open() -> Bench {
    start(Options { control_http: true, ..Options::default() }).await
}

async fn lever(bench: &Bench, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let body = body.map(|body| body.to_string());
    let reply = bench.try_send(method, path, None, body).await.unwrap();
    (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
}

#[tokio::test]
async fn another_process_orders_faults_and_takes_them_back() {
    let bench = open().await;
    let order = json!({ "operation": "mint", "fault": { "kind": "rate_limited", "retry_after_s": 3 }, "times": 2 });
    let (status, state) = lever(&bench, Method::POST, "/_sim/faults", Some(order)).await;
    assert_eq!((status, &state["faults"][0]["times"]), (200, &json!(2)));
    assert_eq!(bench.mint(sample()).await.status, 429);
    lever(&bench, Method::DELETE, "/_sim/faults", None).await;
    assert_eq!(bench.mint(sample()).await.status, 201);
}

#[tokio::test]
async fn another_process_changes_settings_and_the_rest_stays() {
    let bench = open().await;
    let change = json!({ "revoke_delay_ms": 61_000, "clock_ahead_ms": 86_400_000_i64, "list_shape": "root" });
    let (status, state) = lever(&bench, Method::POST, "/_sim/settings", Some(change)).await;
    assert_eq!(status, 200);
    assert_eq!(state["settings"]["revoke_delay_ms"], 61_000);
    assert_eq!(state["settings"]["latency_ms"], 0);
    assert!(bench.list().await.json().is_array());
    let (id, key) = bench.key("org:acme agent:* svc:wiki:read");
    assert!(bench.control.revoke(&id));
    bench.control.advance(Duration::from_mins(1));
    assert!(bench.takes(&key).await);
    let (status, _) =
        lever(&bench, Method::POST, "/_sim/settings", Some(json!({ "revok": 1 }))).await;
    assert_eq!(status, 422);
}

#[tokio::test]
async fn the_state_tells_all_but_secrets() {
    let bench = open().await;
    let minted = bench.mint(sample()).await.json();
    let (_, state) = lever(&bench, Method::GET, "/_sim/state", None).await;
    assert_eq!(state["requests"]["mint"], 1);
    assert_eq!(state["keys"][1]["id"], minted["key_id"]);
    assert_eq!(state["keys"][1]["state"], "active");
    let text = state.to_string();
    for secret in [minted["key"].as_str().unwrap(), &bench.admin] {
        assert!(!text.contains(secret));
    }
}

#[tokio::test]
async fn a_web_page_cannot_work_the_levers() {
    let bench = open().await;
    // What a page may send elsewhere without asking: a body that is not declared JSON.
    let stream = tokio::net::TcpStream::connect(("127.0.0.1", bench.running.port())).await.unwrap();
    let io = hyper_util::rt::TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let order = json!({ "operation": "mint", "fault": { "kind": "server_error" } }).to_string();
    let request = hyper::Request::post("/_sim/faults")
        .header("host", "x")
        .header("content-type", "text/plain")
        .body(order)
        .unwrap();
    assert_eq!(sender.send_request(request).await.unwrap().status(), 415);
    assert_eq!(bench.mint(sample()).await.status, 201);
}

#[tokio::test]
async fn without_leave_there_are_no_levers() {
    let bench = start(Options::default()).await;
    for path in ["/_sim/state", "/_sim/settings", "/_sim/faults"] {
        assert_eq!(bench.get(path, &bench.admin).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_taken_port_is_told() {
    let bench = start(Options::default()).await;
    let port = bench.running.port();
    let error = Simulator::start(Options { port, ..Options::default() }).await.err().unwrap();
    assert!(matches!(error, Error::Bind { port: taken, .. } if taken == port));
    assert_eq!(error.to_string(), format!("127.0.0.1:{port} cannot be listened on"));
}

#[tokio::test]
async fn the_end_frees_the_port() {
    let bench = start(Options::default()).await;
    let port = bench.running.port();
    bench.running.shutdown().await;
    assert!(Simulator::start(Options { port, ..Options::default() }).await.is_ok());
}

#[tokio::test]
async fn requests_are_counted_by_kind() {
    let bench = open().await;
    bench.list().await;
    bench.mint(sample()).await;
    bench.get("/api/v1/wiki", &bench.admin).await;
    bench.post(MINT, "ace_test_fake", sample()).await;
    let requests = bench.control.requests();
    assert_eq!((requests.list, requests.mint, requests.r#use), (1, 2, 1));
    assert_eq!((requests.unauthorized, requests.forbidden, requests.faulty), (1, 1, 0));
}

#[tokio::test]
async fn another_process_sees_the_dashboards_keys_and_sets_their_delays() {
    let bench = open().await;
    let new = SpecivoKey { name: "k".into(), account: "agent".into(), scopes: vec![] };
    let id = bench.control.specivo().issue(new).unwrap().key_id;
    let change = json!({ "specivo_revoke_delay_ms": 5000, "revoke_delay_ms": 7000 });
    let (_, state) = lever(&bench, Method::POST, "/_sim/settings", Some(change)).await;
    let delays = ["specivo", "servoagent", "bivariant"]
        .map(|platform| state["settings"][format!("{platform}_revoke_delay_ms")].clone());
    assert_eq!(delays, [5000, 7000, 0]);
    assert_eq!(state["specivo"][0]["id"], id.as_str());
    assert_eq!((&state["servoagent"], &state["bivariant"]), (&json!([]), &json!([])));
    assert!(bench.control.specivo().revoke(&id));
    let (_, state) = lever(&bench, Method::GET, "/_sim/state", None).await;
    assert_eq!(state["specivo"][0]["state"], "revoking");
}
