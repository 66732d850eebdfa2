//! The life of JupyterHub's tokens in Keywright.

use std::time::Instant;

use chrono::Duration;
use keywright_model::{Expiry, KeyId, Status, Verdict, expiry::Lifetime, key::Origin};
use keywright_service::{Error, wire::CreateKey};

use crate::{
    desk::{Desk, must_conform, refused, words},
    hub::{Hub, POWERLESS, own},
};

const DAYS: u32 = 90;

fn wanted(desk: &Desk, user: &str, name: &str) -> CreateKey {
    let scope = own(user);
    let wanted = crate::desk::wanted(desk.connection(), name, &[scope.as_str()]);
    CreateKey { lifetime: Lifetime::Days(DAYS), ..wanted }
}

async fn created(desk: &Desk, user: &str, name: &str) -> KeyId {
    let made = desk.service.create_key(wanted(desk, user, name)).await.unwrap();
    made.key.expect("it was sent")
}

pub(crate) async fn jupyterhub_is_connected_and_its_keys_are_listed(hub: &Hub) {
    let target = hub.target("reader");
    let minted = hub.mint("reader", "made-before");
    let desk = Desk::connected(&target, Hub::credential()).await;
    assert_eq!((desk.row.keys, desk.row.trouble.as_str()), (1, ""));
    let key = desk.named("made-before");
    assert_eq!(key.remote_id, Some(minted.id));
    assert_eq!(
        (key.origin, key.has_secret, key.row.status),
        (Origin::Found, false, Status::Active)
    );
    assert_eq!((key.owner.name.as_str(), key.row.created), ("reader", Some(minted.created)));
    assert!(key.scopes.contains(&own("reader")), "{:?}", key.scopes);
    let end = key.row.expires.at().expect("it ends") - minted.created;
    assert!((end - Duration::days(1)).abs() < Duration::minutes(1), "{end}");
}

pub(crate) async fn jupyterhub_credential_without_rights_is_refused_in_words_and_not_kept(
    hub: &Hub,
) {
    let target = hub.target("closed");
    let told = refused(&target, POWERLESS).await;
    assert!(told.contains("read:tokens"), "{told}");
    let told = refused(&target, "fake-credential-of-nobody").await;
    assert!(!told.contains("fake-credential-of-nobody"), "{told}");
    assert!(told.contains("403") || told.contains("credential"), "{told}");
}

pub(crate) async fn jupyterhub_key_is_sealed_and_works(hub: &Hub) {
    let desk = hub.desk("maker").await;
    let id = created(&desk, "maker", "ci-deploy").await;
    desk.must_be_sealed(id);
    let key = desk.key(id);
    assert_eq!(hub.ids("maker"), [key.remote_id.clone().expect("the answer tells the id")]);
    let life = key.row.expires.at().unwrap() - key.row.created.unwrap();
    assert!((life - Duration::days(i64::from(DAYS))).abs() < Duration::minutes(1), "{life}");
    assert!(key.scopes.contains(&own("maker")), "{:?}", key.scopes);
    assert_eq!(desk.verdict(id).await, Verdict::Alive);
    let report = desk.refresh().await;
    assert_eq!((report.listed, report.new, report.gone), (1, 0, 0));
    assert!(desk.key(id).last_used.is_some(), "the hub tells that it was tried");
}

pub(crate) async fn jupyterhub_key_made_elsewhere_is_found_once(hub: &Hub) {
    let desk = hub.desk("finder").await;
    let minted = hub.mint("finder", "made-meanwhile");
    let report = desk.refresh().await;
    assert_eq!((report.new, report.changed, report.gone), (1, 0, 0));
    assert_eq!(desk.named("made-meanwhile").remote_id, Some(minted.id.clone()));
    let report = desk.refresh().await;
    assert_eq!((report.new, report.changed, report.gone), (0, 0, 0));
    hub.forget("finder", &minted.id);
    let report = desk.refresh().await;
    assert_eq!((report.new, report.gone), (0, 1));
    let key = desk.named("made-meanwhile");
    assert!(key.gone_since.is_some() && key.row.status == Status::Unknown, "{key:?}");
}

pub(crate) async fn jupyterhub_scope_that_the_owner_lacks_is_refused_in_words(hub: &Hub) {
    let desk = hub.desk("modest").await;
    let request = crate::desk::wanted(desk.connection(), "too-much", &["admin:users"]);
    let error = desk.service.create_key(request).await.unwrap_err();
    assert!(matches!(error, Error::Call(_)), "{error:?}");
    let told = words(&error);
    assert!(told.contains("400") && told.contains("admin:users"), "{told}");
    assert!(told.contains("Nothing was changed"), "{told}");
    assert_eq!((hub.ids("modest").len(), desk.keys().total), (0, 0));
    assert!(desk.service.list_operations().unwrap().is_empty());
}

pub(crate) async fn jupyterhub_key_is_revoked_and_proved_dead(hub: &Hub) {
    let desk = hub.desk("ender").await;
    let id = created(&desk, "ender", "short-lived").await;
    let other = created(&desk, "ender", "bystander").await;
    desk.must_die(id).await;
    assert_eq!(hub.ids("ender").len(), 1);
    assert_eq!(desk.verdict(other).await, Verdict::Alive);
    let again = desk.revoke(id).await.unwrap_err();
    assert!(words(&again).contains("revoked already"), "{again:?}");
    desk.refresh().await;
    assert_eq!(desk.key(id).row.status, Status::Revoked);
    assert_eq!(desk.key(other).row.status, Status::Active);
}

pub(crate) async fn jupyterhub_key_revoked_elsewhere_is_revoked_again_without_harm(hub: &Hub) {
    let desk = hub.desk("twice").await;
    let id = created(&desk, "twice", "revoked-there").await;
    hub.forget("twice", &desk.key(id).remote_id.unwrap());
    assert_eq!(desk.verdict(id).await, Verdict::Dead);
    desk.must_die(id).await;
}

pub(crate) async fn jupyterhub_key_dies_when_its_time_is_over(hub: &Hub) {
    let desk = hub.desk("brief").await;
    let begun = Instant::now();
    let now = hub.mint("brief", "tells-the-time").created;
    let lifetime = Lifetime::Until(now + Duration::seconds(4));
    let request = CreateKey { lifetime, ..wanted(&desk, "brief", "a-few-seconds") };
    let id = desk.service.create_key(request).await.unwrap().key.unwrap();
    desk.until_dead(id).await;
    assert!(begun.elapsed().as_secs() >= 2, "it died too early");
    desk.refresh().await;
    let key = desk.key(id);
    assert!(matches!(key.row.expires, Expiry::At(_)));
    assert_eq!(key.row.status, Status::Expired, "an end is no mystery");
}

/// The hub gives the id of a deleted token to the next one.
pub(crate) async fn jupyterhub_id_given_again_by_us_is_another_key(hub: &Hub) {
    let desk = hub.desk("again").await;
    let first = created(&desk, "again", "first").await;
    desk.must_die(first).await;
    let second = created(&desk, "again", "second").await;
    assert_ne!(first, second);
    assert_eq!(desk.key(first).remote_id, desk.key(second).remote_id, "the id is used again");
    desk.refresh().await;
    let (before, now) = (desk.key(first), desk.key(second));
    assert_eq!((before.row.name.as_str(), before.row.status), ("first", Status::Revoked));
    assert_eq!((now.row.name.as_str(), now.row.status), ("second", Status::Active));
    assert!(now.gone_since.is_none() && before.row.created < now.row.created);
    assert_eq!(desk.verdict(first).await, Verdict::Dead);
    assert_eq!(desk.verdict(second).await, Verdict::Alive);
    desk.must_die(second).await;
}

pub(crate) async fn jupyterhub_id_given_again_elsewhere_is_another_key(hub: &Hub) {
    let desk = hub.desk("stranger").await;
    let ours = created(&desk, "stranger", "ours").await;
    desk.refresh().await;
    let key = desk.key(ours);
    let id = key.remote_id.clone().unwrap();
    hub.forget("stranger", &id);
    let theirs = hub.mint("stranger", "theirs");
    assert_eq!(theirs.id, id, "the id is used again");
    let report = desk.refresh().await;
    assert_eq!((report.new, report.gone), (1, 1), "{report:?}");
    let (key, other) = (desk.key(ours), desk.named("theirs"));
    assert!(key.gone_since.is_some() && key.row.name == "ours", "{key:?}");
    assert_eq!((other.has_secret, other.row.created), (false, Some(theirs.created)));
    assert_eq!(desk.verdict(ours).await, Verdict::Dead);
}

pub(crate) async fn jupyterhub_profile_conforms(hub: &Hub) {
    let target = hub.target("conforming");
    hub.mint("conforming", "bystander");
    must_conform(&target, Hub::credential(), Vec::new()).await;
    assert_eq!(hub.ids("conforming").len(), 1);
}
