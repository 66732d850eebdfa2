//! Keys of an earlier simulator, taken in by a new one.

use std::time::Duration;

use chrono::TimeDelta;
use keywright_model::{Environment, Secret};

use crate::{
    Error, KeyState, NewKey, Options, RestoredKey, SimKey,
    testing::{Bench, LIST, start, value},
};

const READER: &str = "org:acme agent:* svc:wiki:read";

fn old(key: &SimKey) -> RestoredKey<'static> {
    RestoredKey {
        key_id: key.id.clone(),
        name: key.name.clone(),
        prefix: key.prefix.clone(),
        scopes: key.scopes.clone(),
        environment: key.environment,
        created: key.created,
        expires: key.expires,
        revoked: None,
        secret: None,
    }
}

/// One simulator's first key and a second key, and another simulator that never saw them.
async fn two() -> (Bench, Bench, SimKey, Secret) {
    let first = start(Options::default()).await;
    let new = NewKey {
        name: "made-before".into(),
        scopes: READER.split(' ').map(Into::into).collect(),
        environment: Environment::Test,
        expires: Some(first.control.now() + TimeDelta::days(1)),
    };
    let issued = first.control.issue(new).unwrap();
    let key = first.control.keys().into_iter().find(|key| key.id == issued.key_id).unwrap();
    (first, start(Options::default()).await, key, issued.secret)
}

#[tokio::test]
async fn a_restored_key_is_taken_and_listed_as_it_was() {
    let (_first, second, key, secret) = two().await;
    assert!(!second.takes(&value(&secret)).await);
    assert!(second.control.restore(RestoredKey { secret: Some(&secret), ..old(&key) }).unwrap());
    assert!(second.control.accepts(&value(&secret)));
    assert_eq!(second.control.keys()[1], key);
    let forbidden = second.get(LIST, &value(&secret)).await;
    assert_eq!(forbidden.status, 403, "its scopes are its own");
    second.control.advance(Duration::from_hours(25));
    assert_eq!(second.control.keys()[1].state, KeyState::Expired);
    assert!(!second.takes(&value(&secret)).await);
}

#[tokio::test]
async fn without_its_value_a_key_is_listed_and_nobody_can_use_it() {
    let (_first, second, key, secret) = two().await;
    assert!(second.control.restore(old(&key)).unwrap());
    let listed = second.list().await.json();
    assert_eq!(listed["keys"][1]["key_id"], key.id.as_str());
    assert_eq!(listed["keys"][1]["prefix"], key.prefix.as_str());
    assert!(!second.takes(&value(&secret)).await);
    let reply = second.delete(&format!("{LIST}/{}", key.id), &second.admin).await;
    assert_eq!(reply.status, 200, "it can be revoked");
}

#[tokio::test]
async fn a_revocation_goes_on_from_when_it_was_asked_for() {
    let (_first, second, key, secret) = two().await;
    second.control.set_revoke_delay(Duration::from_mins(1));
    let revoked = Some(second.control.now() - TimeDelta::seconds(40));
    let again = RestoredKey { revoked, secret: Some(&secret), ..old(&key) };
    assert!(second.control.restore(again).unwrap());
    assert_eq!(second.control.keys()[1].state, KeyState::Revoking);
    assert!(second.takes(&value(&secret)).await);
    assert_eq!(second.list().await.json()["keys"].as_array().unwrap().len(), 1);
    assert!(!second.control.revoke(&key.id), "not twice");
    second.control.advance(Duration::from_secs(21));
    assert!(!second.takes(&value(&secret)).await);
    assert_eq!(second.control.keys()[1].state, KeyState::Revoked);
}

#[tokio::test]
async fn nothing_is_there_twice() {
    let (_first, second, key, secret) = two().await;
    let again = || RestoredKey { secret: Some(&secret), ..old(&key) };
    assert!(second.control.restore(again()).unwrap());
    assert!(!second.control.restore(again()).unwrap());
    assert!(!second.control.restore(RestoredKey { secret: None, ..again() }).unwrap());
    let other = RestoredKey { key_id: "key-other1".into(), ..again() };
    assert!(!second.control.restore(other).unwrap(), "the value is there");
    assert_eq!(second.control.keys().len(), 2);
    let broken = RestoredKey { scopes: vec!["svc:wiki:read".into()], ..old(&key) };
    let error = second.control.restore(RestoredKey { key_id: "key-b".into(), ..broken });
    assert!(matches!(error, Err(Error::Scopes { axis: "org", .. })), "{error:?}");
}

#[tokio::test]
async fn a_management_key_comes_back_without_its_record() {
    let (first, second, ..) = two().await;
    let credential = Secret::copy_of(&first.admin);
    assert!(second.control.restore_management(&credential).unwrap());
    assert!(!second.control.restore_management(&credential).unwrap());
    assert_eq!(second.get(LIST, &first.admin).await.status, 200);
    assert_eq!(second.control.keys().len(), 2);
}
