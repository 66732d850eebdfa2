//! Platforms that lie, drip, flood, break off or talk nonsense: a typed error
//! each, within bounds, and no secret in any text.

use std::time::{Duration, Instant};

use keywright_model::{Secret, Verdict, expiry::Lifetime};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::server::{
    CREDENTIAL, SECRET, Server, acme, agent_ceo, connect, credential, hasty, json as reply_json,
    quick, reply,
};
use crate::{CallError, Connector, Effect, Http, Limits, NewKey};

/// A server that reads a request and then does what it likes with the socket.
async fn raw<F, Fut>(act: F) -> Connector
where
    F: Fn(TcpStream) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    raw_with(quick(), act).await
}

async fn raw_with<F, Fut>(http: Http, act: F) -> Connector
where
    F: Fn(TcpStream) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 8_192];
            drop(socket.read(&mut request).await);
            tokio::spawn(act(socket));
        }
    });
    Connector::new(agent_ceo(), &address, acme(), http).expect("set up")
}

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";

fn new_key() -> NewKey {
    let scopes = ["org:acme", "agent:*", "svc:mcp:write"].map(str::to_owned).to_vec();
    NewKey { name: "ci".into(), scopes, lifetime: Lifetime::Days(90) }
}

async fn create(connector: &Connector) -> CallError {
    let now = "2026-11-22T10:00:00Z".parse().expect("an instant");
    connector.create(&credential(), &new_key(), now).await.expect_err("no key")
}

#[tokio::test]
async fn an_endless_body_stops_at_the_bound() {
    let connector = raw(|mut socket| async move {
        drop(socket.write_all(HEAD).await);
        let flood = [b' '; 16_384];
        while socket.write_all(&flood).await.is_ok() {}
    })
    .await;
    assert_eq!(connector.list(&credential()).await, Err(CallError::TooLarge));
    let error = create(&connector).await;
    assert_eq!((&error, error.effect()), (&CallError::TooLarge, Effect::Unknown));
    let probe = connector.probe(&Secret::copy_of(SECRET)).await;
    assert_eq!(probe.verdict, Verdict::Unknown { why: "the answer is too large".into() });
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_read() {
    let connector = raw(|mut socket| async move {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n[";
        drop(socket.write_all(head).await);
        tokio::time::sleep(Duration::from_mins(1)).await;
    })
    .await;
    let started = Instant::now();
    assert_eq!(connector.list(&credential()).await, Err(CallError::TooLarge));
    assert!(started.elapsed() < Duration::from_secs(9), "it was not waited for");
}

#[tokio::test]
async fn the_widest_bound_is_five_mebibytes() {
    let http = Http::new().expect("a client");
    let connector = raw_with(http, |mut socket| async move {
        drop(socket.write_all(HEAD).await);
        let flood = vec![b' '; 1 << 20];
        for _ in 0..6 {
            if socket.write_all(&flood).await.is_err() {
                return;
            }
        }
        drop(socket.write_all(b"[]").await);
    })
    .await;
    assert_eq!(connector.list(&credential()).await, Err(CallError::TooLarge));
}

#[tokio::test]
async fn a_body_that_drips_ends_with_the_deadline() {
    let connector = raw_with(hasty(), |mut socket| async move {
        drop(socket.write_all(HEAD).await);
        while socket.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let started = Instant::now();
    assert_eq!(connector.list(&credential()).await, Err(CallError::Timeout));
    let took = started.elapsed();
    assert!((Duration::from_millis(900)..Duration::from_secs(9)).contains(&took), "{took:?}");
}

#[tokio::test]
async fn headers_that_drip_end_with_the_deadline() {
    let connector = raw_with(hasty(), |mut socket| async move {
        drop(socket.write_all(b"HTTP/1.1 200 OK\r\n").await);
        while socket.write_all(b"x-a: b\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let error = create(&connector).await;
    assert_eq!((&error, error.effect()), (&CallError::Timeout, Effect::Unknown));
}

#[tokio::test]
async fn silence_is_a_timeout_and_a_change_may_have_happened() {
    let connector = raw_with(hasty(), |socket| async move {
        tokio::time::sleep(Duration::from_mins(1)).await;
        drop(socket);
    })
    .await;
    let error = create(&connector).await;
    assert_eq!((&error, error.effect()), (&CallError::Timeout, Effect::Unknown));
    assert!(error.is_network());
    let probe = connector.probe(&Secret::copy_of(SECRET)).await;
    assert_eq!(probe.verdict, Verdict::Unknown { why: "timeout".into() });
}

#[tokio::test]
async fn nobody_there_is_offline_and_nothing_was_changed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let connector = Connector::new(agent_ceo(), &address, acme(), quick()).expect("set up");
    let error = create(&connector).await;
    assert_eq!((&error, error.effect()), (&CallError::Offline, Effect::None));
    assert!(error.is_network());
    let probe = connector.probe(&Secret::copy_of(SECRET)).await;
    assert_eq!(probe.verdict, Verdict::Unknown { why: "offline".into() });
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_as_that() {
    let parts: [&[u8]; 4] = [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{\"id\"",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n[{\"i",
    ];
    for part in parts {
        let connector = raw(move |mut socket| async move {
            drop(socket.write_all(part).await);
        })
        .await;
        let error = create(&connector).await;
        assert_eq!(error, CallError::Cut, "{}", String::from_utf8_lossy(part));
        assert_eq!(error.effect(), Effect::Unknown);
        assert_eq!(connector.list(&credential()).await, Err(CallError::Cut));
    }
}

#[tokio::test]
async fn what_is_no_http_is_no_answer() {
    let connector = raw(|mut socket| async move {
        drop(socket.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n").await);
    })
    .await;
    let error = create(&connector).await;
    assert_eq!(error.effect(), Effect::Unknown, "{error:?}");
}

#[tokio::test]
async fn broken_json_is_malformed() {
    let deep = "[".repeat(100_000);
    for body in ["", "{", "nonsense", "\u{0}", "[{\"id\":", "<html></html>", &deep] {
        let body = body.get(..body.len().min(60_000)).expect("ascii").to_owned();
        let server = Server::always(reply(200, body)).await;
        let error = connect(&server).list(&credential()).await.expect_err("no list");
        assert!(matches!(error, CallError::Malformed { .. }), "{error:?}");
        let error = create(&connect(&server)).await;
        assert!(matches!(error, CallError::Malformed { .. }), "{error:?}");
        assert_eq!(error.effect(), Effect::Unknown);
    }
}

#[tokio::test]
async fn statuses_are_typed_by_cause() {
    for (status, expected, effect) in [
        (400, "refused", Effect::None),
        (401, "credential", Effect::None),
        (403, "refused", Effect::None),
        (404, "refused", Effect::None),
        (408, "in time", Effect::Unknown),
        (409, "refused", Effect::None),
        (422, "refused", Effect::None),
        (429, "wait", Effect::None),
        (500, "trouble", Effect::Unknown),
        (502, "trouble", Effect::Unknown),
        (504, "trouble", Effect::Unknown),
        (206, "not understood", Effect::Unknown),
        (303, "elsewhere", Effect::Unknown),
    ] {
        let server = Server::always(reply(status, "{}").with("retry-after", "60")).await;
        let error = create(&connect(&server)).await;
        assert!(error.to_string().contains(expected), "{status}: {error}");
        assert_eq!(error.effect(), effect, "{status}");
        assert_eq!(server.seen().len(), 1, "{status}: a create is sent once");
    }
}

#[tokio::test]
async fn reads_are_tried_again_within_bounds_and_changes_never() {
    for status in [429, 502, 503, 504] {
        let server = Server::start(move |count, _| match count {
            0 => reply(status, "{}").with("retry-after", "0"),
            _ => reply(200, "[]"),
        })
        .await;
        assert_eq!(connect(&server).list(&credential()).await, Ok(Vec::new()), "{status}");
        assert_eq!(server.seen().len(), 2);
    }
    let server = Server::always(reply(503, "").with("retry-after", "0")).await;
    let error = connect(&server).list(&credential()).await.expect_err("down");
    assert_eq!((error, server.seen().len()), (CallError::ServerFault { status: 503 }, 3));
    for (name, value, seconds) in [
        ("retry-after", "900", 900),
        ("retry-after", "Sun, 22 Nov 2026 10:10:00 GMT", 600),
        ("ratelimit-reset", "1795342200", 600),
    ] {
        let limited =
            reply(429, "").with(name, value).with("date", "Sun, 22 Nov 2026 10:00:00 GMT");
        let server = Server::always(limited).await;
        let started = Instant::now();
        let error = connect(&server).list(&credential()).await.expect_err("limited");
        let asked = Some(Duration::from_secs(seconds));
        assert_eq!(
            (error, server.seen().len()),
            (CallError::RateLimited { retry_after: asked }, 1)
        );
        assert!(started.elapsed() < Duration::from_mins(1), "not waited for");
    }
}

#[tokio::test]
async fn the_platforms_words_are_bounded_and_hold_no_secret() {
    let stranger = "ace_live_fakefakefakefakefake";
    let long = "x".repeat(5_000);
    let words = format!("\u{1b}[31mno\n{CREDENTIAL} and {stranger} {long}");
    for (status, body) in [
        (403, json!({"error": {"message": words}})),
        (401, json!({"message": words})),
        (400, json!({"errors": [words]})),
    ] {
        let server = Server::always(reply_json(status, &body)).await;
        let connector = connect(&server);
        for error in [
            create(&connector).await,
            connector.list(&credential()).await.expect_err("refused"),
            connector.revoke(&credential(), "key-1").await.expect_err("refused"),
        ] {
            let told = format!("{error} {error:?}");
            assert!(!told.contains(CREDENTIAL), "{told}");
            assert!(!told.contains("fakefakefake"), "{told}");
            assert!(told.contains("ace_live_…"), "control: the words did come through: {told}");
            let (CallError::Refused { message, .. } | CallError::Unauthorized { message }) = error
            else {
                panic!("{told}");
            };
            assert!(message.chars().count() <= 310, "{} characters", message.chars().count());
            assert!(!message.chars().any(char::is_control), "{message:?}");
        }
    }
}

#[tokio::test]
async fn nothing_that_can_be_printed_holds_a_canary() {
    let echo = json!({"key": SECRET, "key_id": "key-1", "error": SECRET, "message": CREDENTIAL,
        "echo": [CREDENTIAL, SECRET]});
    for status in [200, 201, 302, 400, 401, 403, 404, 429, 500] {
        let location = format!("/next?key={CREDENTIAL}");
        let answer = reply_json(status, &echo).with("location", &location).with("retry-after", "9");
        let server = Server::always(answer).await;
        let connector = connect(&server);
        let now = "2026-11-22T10:00:00Z".parse().expect("an instant");
        let told = format!(
            "{:?} {:?} {:?} {:?}",
            connector.list(&credential()).await,
            connector.create(&credential(), &new_key(), now).await,
            connector.revoke(&credential(), "key-1").await,
            connector.probe(&Secret::copy_of(SECRET)).await,
        );
        for canary in [CREDENTIAL, SECRET] {
            assert!(!told.contains(canary), "{status}: {told}");
        }
    }
}

#[tokio::test]
async fn a_credential_that_no_header_can_carry_is_not_sent() {
    let server = Server::always(reply(200, "[]")).await;
    for bad in ["line\nbreak", "nul\u{0}", "a\r\nhost: other"] {
        let secret = Secret::copy_of(bad);
        let error = connect(&server).list(&secret).await.expect_err("not sent");
        assert!(matches!(error, CallError::Unsendable { .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains(bad));
        let probe = connect(&server).probe(&secret).await;
        assert!(matches!(probe.verdict, Verdict::Unknown { .. }), "{probe:?}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn texts_from_a_list_are_bounded() {
    let long = "n".repeat(20_000);
    let whole = json!([{"id": "key-1", "name": format!("\u{7}{long}"), "prefix": long,
        "owner": long, "scopes": [long]}]);
    let http = Http::with_limits(Limits { body: 1 << 20, ..Limits::WIDEST }).expect("a client");
    let server = Server::always(reply_json(200, &whole)).await;
    let connector = Connector::new(agent_ceo(), &server.url(), acme(), http).expect("set up");
    let keys = connector.list(&credential()).await.expect("a list");
    let [key] = keys.as_slice() else { panic!("one key") };
    assert_eq!(key.name.as_ref().map(String::len), Some(1_000));
    assert!(key.name.iter().all(|name| name.starts_with('n')), "the bell is gone");
    assert_eq!((key.hint.prefix.len(), key.owner.name.len()), (24, 1_000));
    assert_eq!(key.scopes.iter().map(String::len).collect::<Vec<_>>(), [1_000]);
    let endless_id = json!([{"id": "i".repeat(20_000)}]);
    let server = Server::always(reply_json(200, &endless_id)).await;
    let error = connect(&server).list(&credential()).await.expect_err("no id");
    assert!(matches!(error, CallError::Malformed { .. }), "{error:?}");
}
