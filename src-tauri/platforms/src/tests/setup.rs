//! Which addresses a connection takes.

use super::server::{acme, agent_ceo, quick};
use crate::{Connector, Http, Limits, SetupError};

fn set_up(address: &str) -> Result<Connector, SetupError> {
    Connector::new(agent_ceo(), address, acme(), quick())
}

#[test]
fn https_anywhere_and_http_on_this_machine_only() {
    for good in [
        "https://agent.ceo",
        "https://agent.ceo/prefix/",
        "https://10.0.0.8:8443",
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://[::1]:9",
        "http://localhost:3000",
        "https://localhost",
        " https://agent.ceo ",
    ] {
        assert!(set_up(good).is_ok(), "{good}");
    }
    for plain in [
        "http://agent.ceo",
        "http://10.0.0.8",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://[::2]",
        "http://0.0.0.0",
    ] {
        let error = set_up(plain).err().expect("refused");
        assert!(matches!(error, SetupError::NotEncrypted), "{plain}: {error}");
    }
    for bad in [
        "agent.ceo",
        "",
        "ftp://agent.ceo",
        "file:///etc/passwd",
        "https://user@agent.ceo",
        "https://user:pass@agent.ceo",
        "https://agent.ceo/?q=1",
        "https://agent.ceo/#part",
        "https://",
    ] {
        let error = set_up(bad).err().expect("refused");
        assert!(matches!(error, SetupError::Address { .. }), "{bad}: {error}");
        assert!(!error.to_string().contains("pass@"), "{error}");
    }
}

#[test]
fn bounds_can_be_made_tighter_but_not_wider() {
    let wide = Limits {
        body: usize::MAX,
        deadline: std::time::Duration::MAX,
        connect: std::time::Duration::MAX,
    };
    assert_eq!(Http::with_limits(wide).expect("a client").limits(), Limits::WIDEST);
    assert_eq!(quick().limits().body, 64 * 1_024);
}

/// The service runs calls in tasks of their own.
#[test]
fn connections_and_their_calls_can_cross_threads() {
    fn crosses<T: Send>(value: T) -> T {
        value
    }
    let connector = crosses(set_up("https://agent.ceo").expect("set up"));
    let secret = crosses(super::server::credential());
    drop(crosses(connector.list(&secret)));
    drop(crosses(connector.probe(&secret)));
    drop(crosses(connector.revoke(&secret, "key-1")));
}
