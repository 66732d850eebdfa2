//! Spoilt answers over real HTTP: nothing panics, every outcome is typed, and
//! trouble never reads as success.

use std::sync::{Arc, Mutex};

use keywright_model::{Secret, Verdict, expiry::Lifetime};
use serde_json::{Value, json};

use super::{
    super::server::{SECRET, Server, connect, credential, reply},
    dice::Dice,
    sound,
};
use crate::{CallError, Created, NewKey};

const ROUNDS: u64 = 1_000;
const STATUSES: [u16; 12] = [200, 200, 200, 200, 201, 204, 206, 400, 401, 403, 404, 500];

/// A server that answers with one spoilt answer after another.
async fn spoiling(seed: u64, good: Value) -> (Server, Arc<Mutex<u16>>) {
    let dice = Mutex::new(Dice(seed));
    let last = Arc::new(Mutex::new(0));
    let status = Arc::clone(&last);
    let server = Server::start(move |_, _| {
        let mut dice = dice.lock().expect("not poisoned");
        let code = *dice.pick(&STATUSES);
        let body = dice.spoil(&good);
        *status.lock().expect("not poisoned") = code;
        // A body after 204 would break the connection, not the reading.
        reply(code, if code == 204 { Vec::new() } else { body })
    })
    .await;
    (server, last)
}

fn good_list() -> Value {
    json!({"keys": [
        {"key_id": "key-1", "name": "ci", "prefix": "ace_live_aB", "owner": "acme",
         "scopes": ["org:acme", "agent:*", "svc:wiki:read"], "created_at": "2026-11-01T00:00:00Z",
         "expires_at": 1_797_933_600, "last_used_at": null, "status": "active"},
        {"id": 7, "label": "other", "revoked": true, "scopes": []},
    ]})
}

#[tokio::test]
async fn spoilt_lists() {
    let (server, _) = spoiling(11, good_list()).await;
    let connector = connect(&server);
    let (mut whole, mut malformed) = (0, 0);
    for _ in 0..ROUNDS {
        match connector.list(&credential()).await {
            Ok(keys) => {
                keys.iter().for_each(sound);
                whole += 1;
            }
            Err(CallError::Malformed { .. }) => malformed += 1,
            Err(_) => {}
        }
    }
    assert!(whole > 50 && malformed > 50, "both were met: {whole} {malformed}");
}

#[tokio::test]
async fn spoilt_mints() {
    let good = json!({"key": SECRET, "key_id": "key-1", "prefix": "ace_test_fa", "owner": "acme",
        "scopes": ["org:acme", "agent:*", "svc:mcp:write"]});
    let (server, status) = spoiling(22, good).await;
    let connector = connect(&server);
    let scopes = ["org:acme", "agent:*", "svc:mcp:write"].map(str::to_owned).to_vec();
    let new = NewKey { name: "ci".into(), scopes, lifetime: Lifetime::Days(90) };
    let now = "2026-11-22T10:00:00Z".parse().expect("an instant");
    let (mut made, mut lost) = (0, 0);
    for _ in 0..ROUNDS {
        let outcome = connector.create(&credential(), &new, now).await;
        let status = *status.lock().expect("not poisoned");
        assert!(!format!("{outcome:?}").contains(SECRET), "{status}: {outcome:?}");
        match outcome {
            Ok(Created { secret, .. }) => {
                assert!(!secret.is_empty() && (status == 200 || status == 201));
                made += 1;
            }
            Err(CallError::SecretLost { .. }) => {
                assert!(status == 200 || status == 201);
                lost += 1;
            }
            Err(_) => {}
        }
    }
    assert!(made > 50 && lost > 20, "both were met: {made} {lost}");
}

#[tokio::test]
async fn spoilt_revocations() {
    let (server, status) = spoiling(33, json!({"deleted": true, "id": "key-1"})).await;
    let connector = connect(&server);
    for _ in 0..ROUNDS {
        let outcome = connector.revoke(&credential(), "key-1").await;
        let status = *status.lock().expect("not poisoned");
        assert_eq!(outcome.is_ok(), [200, 204, 404].contains(&status), "{status}: {outcome:?}");
    }
}

#[tokio::test]
async fn spoilt_probes() {
    let (server, status) = spoiling(44, good_list()).await;
    let connector = connect(&server);
    let secret = Secret::copy_of(SECRET);
    for _ in 0..ROUNDS {
        let probe = connector.probe(&secret).await;
        let status = *status.lock().expect("not poisoned");
        let dead = probe.verdict == Verdict::Dead;
        assert_eq!(dead, status == 401, "{status}: {probe:?}");
        assert_eq!(probe.verdict.works(), status == 200 || status == 403, "{status}: {probe:?}");
    }
}
