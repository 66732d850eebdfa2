//! A redirect is never followed: the other place gets not one byte.

use keywright_model::{Secret, Verdict};
use tokio::net::TcpListener;

use super::server::{CREDENTIAL, Server, connect, credential, reply};
use crate::{CallError, Effect};

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// Another place: it notes how many bytes ever arrived.
struct Elsewhere {
    listener: TcpListener,
}

impl Elsewhere {
    async fn new() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.expect("a free port") }
    }

    fn port(&self) -> u16 {
        self.listener.local_addr().expect("an address").port()
    }

    /// Whether anybody connected until now.
    async fn was_visited(&self) -> bool {
        let soon = std::time::Duration::from_millis(20);
        tokio::time::timeout(soon, self.listener.accept()).await.is_ok()
    }
}

#[tokio::test]
async fn twenty_redirects_reach_nobody() {
    let elsewhere = Elsewhere::new().await;
    let port = elsewhere.port();
    let targets = [
        format!("http://127.0.0.1:{port}/stolen"),
        format!("http://localhost:{port}/stolen"),
        format!("https://127.0.0.1:{port}/stolen"),
        format!("//127.0.0.1:{port}/relative"),
    ];
    for status in STATUSES {
        for target in &targets {
            let server = Server::always(reply(status, "").with("location", target)).await;
            let connector = connect(&server);
            let error = connector.list(&credential()).await.expect_err("not followed");
            let CallError::Redirected { to } = &error else {
                panic!("{status} {target}: {error:?}")
            };
            assert!(to.ends_with(&port.to_string()), "{to}");
            assert!(!to.contains("stolen"), "no path in {to}");
            let error = connector.revoke(&credential(), "key-1").await.expect_err("not followed");
            assert_eq!(error.effect(), Effect::Unknown, "a 303 may follow a change");
            let probe = connector.probe(&Secret::copy_of("ace_test_fake_probe")).await;
            assert!(matches!(probe.verdict, Verdict::Unknown { .. }), "{probe:?}");
            assert_eq!(server.seen().len(), 3, "each call was made once");
        }
    }
    assert!(!elsewhere.was_visited().await, "the other place saw somebody");
}

#[tokio::test]
async fn a_redirect_to_the_same_place_is_not_followed_either() {
    for target in ["/other", "other", "?again", "not an address: ["] {
        let server = Server::always(reply(302, "").with("location", target)).await;
        let error = connect(&server).list(&credential()).await.expect_err("not followed");
        assert!(matches!(error, CallError::Redirected { .. }), "{error:?}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn control_a_plain_client_carries_its_key_to_the_other_place() {
    let elsewhere = Server::always(reply(200, "[]")).await;
    let target = format!("{}/stolen", elsewhere.url().replace("127.0.0.1", "localhost"));
    let server = Server::always(reply(302, "").with("location", &target)).await;
    drop(rustls::crypto::ring::default_provider().install_default());
    let plain = reqwest::Client::builder().no_proxy().build().expect("a client");
    let sent = plain.get(server.url()).header("x-api-key", CREDENTIAL).send().await;
    assert_eq!(sent.expect("followed").status(), 200);
    let seen = elsewhere.seen();
    assert_eq!(seen[0].header("x-api-key"), CREDENTIAL, "the leak that our client must not have");
}

#[tokio::test]
async fn nothing_that_tells_where_we_were_is_sent() {
    let server = Server::always(reply(200, "[]")).await;
    connect(&server).list(&credential()).await.expect("a list");
    let seen = server.seen();
    assert!(seen[0].headers.get("referer").is_none());
    assert!(seen[0].headers.get("cookie").is_none());
    assert!(!seen[0].target.contains(CREDENTIAL));
}
