//! Being taken, expiring, being revoked.

use std::time::Duration;

use hyper::Method;
use keywright_model::Environment;

use crate::{
    KeyState, NewKey, Options,
    testing::{Bench, LIST, start, value},
};

const DAY: Duration = Duration::from_hours(24);
const READER: &str = "org:acme agent:* svc:wiki:read";

#[tokio::test]
async fn only_a_bearer_of_a_known_key_is_let_in() {
    let bench = start(Options::default()).await;
    for key in
        ["", "ace_live_fake", "ace_test_fake-key-that-nobody-made", &bench.admin.to_lowercase()]
    {
        let reply = bench.get(LIST, key).await;
        assert_eq!(reply.error(), "401 unauthorized: Invalid or missing API key");
        assert_eq!(reply.headers["www-authenticate"], "Bearer");
    }
    let nobody = bench.try_send(Method::GET, LIST, None, None).await.unwrap();
    assert_eq!(nobody.status, 401);
    assert_eq!(bench.control.requests().unauthorized, 5);
    assert_eq!(bench.list().await.status, 200);
}

#[tokio::test]
async fn a_key_is_refused_from_its_expiry_on() {
    let bench = start(Options::default()).await;
    let new = NewKey {
        name: "short".into(),
        scopes: READER.split(' ').map(Into::into).collect(),
        environment: Environment::Live,
        expires: Some(bench.control.now() + DAY),
    };
    let issued = bench.control.issue(new).unwrap();
    let key = value(&issued.secret);
    bench.control.advance(Duration::from_hours(23));
    assert!(bench.takes(&key).await);
    bench.control.advance(Duration::from_mins(61));
    assert!(!bench.takes(&key).await);
    let listed = bench.list().await.json();
    assert_eq!(listed["keys"][1]["status"], "expired");
    assert_eq!(bench.control.live_keys().len(), 1);
}

/// Revokes a fresh key and tells whether it is taken before and after the delay.
async fn taken_around(bench: &Bench, delay: u64) -> (bool, bool) {
    let (id, key) = bench.key(READER);
    let delay = Duration::from_secs(delay);
    bench.control.set_revoke_delay(delay);
    let reply = bench.delete(&format!("{LIST}/{id}"), &bench.admin).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["key_id"], id.as_str());
    // The list knows at once, whatever the servers do.
    let list = bench.list().await.json();
    assert!(list["keys"].as_array().unwrap().iter().all(|key| key["key_id"] != id.as_str()));
    assert!(bench.control.live_keys().iter().all(|key| key.id != id));
    bench.control.advance(delay.saturating_sub(Duration::from_secs(5)));
    let before = bench.takes(&key).await;
    bench.control.advance(Duration::from_secs(5));
    (before, bench.takes(&key).await)
}

#[tokio::test]
async fn a_revoked_key_is_taken_until_the_delay_has_passed() {
    let bench = start(Options::default()).await;
    assert_eq!(taken_around(&bench, 0).await, (false, false));
    for delay in [30, 59, 61] {
        assert_eq!(taken_around(&bench, delay).await, (true, false), "{delay} s");
    }
}

#[tokio::test]
async fn a_later_delay_does_not_touch_an_earlier_revocation() {
    let bench =
        start(Options { revoke_delay: Duration::from_secs(30), ..Options::default() }).await;
    let (id, key) = bench.key(READER);
    assert!(bench.control.revoke(&id));
    bench.control.set_revoke_delay(Duration::ZERO);
    assert!(bench.takes(&key).await);
    bench.control.advance(Duration::from_secs(30));
    assert!(!bench.takes(&key).await);
}

#[tokio::test]
async fn the_list_can_go_on_to_show_a_revoked_key() {
    let bench = start(Options { list_revoked: true, ..Options::default() }).await;
    let (id, _) = bench.key(READER);
    bench.control.set_revoke_delay(Duration::from_secs(30));
    bench.delete(&format!("{LIST}/{id}"), &bench.admin).await;
    assert_eq!(bench.control.keys()[1].state, KeyState::Revoking);
    assert_eq!(bench.list().await.json()["keys"][1]["status"], "revoked");
    bench.control.advance(Duration::from_secs(30));
    assert_eq!(bench.control.keys()[1].state, KeyState::Revoked);
}

#[tokio::test]
async fn while_it_spreads_some_servers_may_know_already() {
    let bench =
        start(Options { revoke_delay: Duration::from_secs(30), ..Options::default() }).await;
    bench.control.set_flapping(true);
    let (id, key) = bench.key(READER);
    assert!(bench.takes(&key).await && bench.takes(&key).await);
    assert!(bench.control.revoke(&id));
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(bench.takes(&key).await);
    }
    assert_eq!(seen, [true, false, true, false]);
    bench.control.advance(Duration::from_secs(30));
    assert!(!bench.takes(&key).await);
}

#[tokio::test]
async fn a_key_that_is_not_there_cannot_be_revoked() {
    let bench = start(Options::default()).await;
    let (id, _) = bench.key(READER);
    let path = format!("{LIST}/{id}");
    assert_eq!(bench.delete(&path, &bench.admin).await.status, 200);
    assert_eq!(
        bench.delete(&path, &bench.admin).await.error(),
        "404 not_found: There is no such API key"
    );
    assert_eq!(bench.delete(&format!("{LIST}/key-nobody"), &bench.admin).await.status, 404);
}

#[tokio::test]
async fn revoking_needs_the_admin_service_and_the_organization() {
    let bench = start(Options::default()).await;
    let (id, key) = bench.key("org:acme agent:* svc:admin:read");
    let refusal = bench.delete(&format!("{LIST}/{id}"), &key).await.error();
    assert_eq!(refusal, "403 forbidden: API key does not have required scope: svc:admin:write");
    let elsewhere = format!("/api/v1/customers/globex/api-keys/{id}");
    assert_eq!(
        bench.delete(&elsewhere, &bench.admin).await.error(),
        "403 forbidden: API key does not have required scope: org:globex"
    );
    assert!(bench.control.accepts(&key));
}

#[tokio::test]
async fn the_management_key_is_a_key_like_others_and_each_is_new() {
    let bench = start(Options::default()).await;
    let second = value(&bench.running.agent_ceo_credential().unwrap());
    assert_ne!(second, bench.admin);
    let ids: Vec<String> = bench.control.keys().into_iter().map(|key| key.id).collect();
    assert_eq!(bench.delete(&format!("{LIST}/{}", ids[0]), &bench.admin).await.status, 200);
    assert!(!bench.takes(&bench.admin).await);
    assert!(bench.takes(&second).await);
}

#[tokio::test]
async fn a_rename_elsewhere_shows_in_the_list() {
    let bench = start(Options::default()).await;
    let (id, _) = bench.key(READER);
    assert!(bench.control.rename(&id, "renamed-elsewhere"));
    assert!(!bench.control.rename("key-nobody", "x"));
    assert_eq!(bench.list().await.json()["keys"][1]["name"], "renamed-elsewhere");
}
