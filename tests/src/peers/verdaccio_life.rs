//! The life of Verdaccio's tokens in Keywright.

use keywright_model::{Expiry, KeyId, Secret, Status, Verdict, key::Origin};
use keywright_service::{Error, wire::AddKey};

use crate::{
    desk::{Desk, must_conform, refused, wanted, words},
    verdaccio::{PASSWORD, Verdaccio},
};

const READ: &[&str] = &["readonly", "cidr:127.0.0.1/32"];

fn password(text: &str) -> Vec<(String, Secret)> {
    vec![("password".to_owned(), Secret::copy_of(text))]
}

async fn created(desk: &Desk, name: &str) -> KeyId {
    let request = wanted(desk.connection(), name, READ);
    let made = desk.service.create_key_with(request, password(PASSWORD)).await.unwrap();
    made.key.expect("it was sent")
}

pub(crate) async fn verdaccio_is_connected_and_its_keys_are_listed(server: &Verdaccio) {
    let id = server.mint();
    let desk = server.desk().await;
    assert_eq!((desk.row.keys, desk.row.trouble.as_str()), (1, ""));
    let key = desk.key(desk.keys().rows[0].id);
    assert_eq!(key.remote_id, Some(id.clone()));
    assert_eq!(
        (key.origin, key.has_secret, key.row.status),
        (Origin::Found, false, Status::Active)
    );
    assert_eq!(
        (key.owner.name.as_str(), key.scopes.as_slice()),
        ("ci", ["readonly".into()].as_slice())
    );
    assert!(key.row.created.is_some() && !key.row.hint.suffix.is_empty(), "{key:?}");
    server.forget(&id);
}

pub(crate) async fn verdaccio_credential_that_is_none_is_refused_and_not_kept(server: &Verdaccio) {
    let told = refused(&server.target(), "fake-credential-of-nobody").await;
    assert!(!told.contains("fake-credential-of-nobody"), "{told}");
    assert!(told.contains("credential"), "{told}");
}

pub(crate) async fn verdaccio_key_needs_the_password_each_time(server: &Verdaccio) {
    let desk = server.desk().await;
    let form = desk.service.create_form(desk.connection()).unwrap();
    assert_eq!(form.asks, ["password"]);
    let request = || wanted(desk.connection(), "asked", READ);
    let unanswered = desk.service.create_key(request()).await.unwrap_err();
    assert!(words(&unanswered).contains("password"), "{unanswered:?}");
    let wrong = desk.service.create_key_with(request(), password("fake-wrong-password")).await;
    let wrong = wrong.unwrap_err();
    assert!(matches!(wrong, Error::Call(_)), "{wrong:?}");
    let told = words(&wrong);
    assert!(told.contains("bad username/password") && !told.contains("fake-wrong"), "{told}");
    assert_eq!((server.ids().len(), desk.keys().total), (0, 0));
    assert!(desk.service.list_operations().unwrap().is_empty());
    let id = created(&desk, "answered").await;
    desk.must_not_hold("the password", &Secret::copy_of(PASSWORD));
    desk.must_die(id).await;
}

pub(crate) async fn verdaccio_key_is_sealed_and_works(server: &Verdaccio) {
    let desk = server.desk().await;
    let id = created(&desk, "ci-install").await;
    desk.must_be_sealed(id);
    let key = desk.key(id);
    assert_eq!(server.ids(), [key.remote_id.clone().expect("the answer tells the id")]);
    assert_eq!((key.row.title.as_str(), key.scopes.join(" ")), ("ci-install", READ.join(" ")));
    assert_eq!(desk.verdict(id).await, Verdict::Alive);
    let report = desk.refresh().await;
    assert_eq!((report.listed, report.new, report.gone), (1, 0, 0));
    let key = desk.key(id);
    assert_eq!(key.row.title, "ci-install", "the server keeps no names, and ours stays");
    assert_eq!(desk.keys().total, 1);
    desk.must_die(id).await;
}

pub(crate) async fn verdaccio_key_made_elsewhere_is_found_once(server: &Verdaccio) {
    let desk = server.desk().await;
    let minted = server.mint();
    let report = desk.refresh().await;
    assert_eq!((report.new, report.changed, report.gone), (1, 0, 0));
    let report = desk.refresh().await;
    assert_eq!((report.new, report.changed, report.gone), (0, 0, 0));
    let key = desk.key(desk.keys().rows[0].id);
    assert_eq!(key.remote_id, Some(minted.clone()));
    server.forget(&minted);
    let report = desk.refresh().await;
    assert_eq!((report.new, report.gone), (0, 1));
    assert!(desk.key(key.row.id).gone_since.is_some());
}

/// The server says 200 and `{}` to a text that is no key of its own.
pub(crate) async fn verdaccio_text_that_is_no_key_is_not_alive(server: &Verdaccio) {
    let desk = server.desk().await;
    let rubbish = Secret::copy_of("eyJmYWtlIjoxfQ.eyJmYWtlIjoxfQ.fake-signature");
    let added = AddKey {
        connection: desk.connection(),
        name: "rubbish".into(),
        label: String::new(),
        note: String::new(),
        owner: String::new(),
        tags: Vec::new(),
        scopes: Vec::new(),
        expires: Expiry::Unknown,
    };
    let added = desk.service.add_key(added, Some(rubbish)).unwrap();
    assert_eq!(desk.verdict(added.row.id).await, Verdict::Dead);
}

pub(crate) async fn verdaccio_key_is_revoked_and_proved_dead(server: &Verdaccio) {
    let desk = server.desk().await;
    let id = created(&desk, "short-lived").await;
    let other = created(&desk, "bystander").await;
    desk.must_die(id).await;
    assert_eq!(server.ids().len(), 1);
    assert_eq!(desk.verdict(other).await, Verdict::Alive);
    let again = desk.revoke(id).await.unwrap_err();
    assert!(words(&again).contains("revoked already"), "{again:?}");
    desk.refresh().await;
    assert_eq!(desk.key(id).row.status, Status::Revoked);
    assert_eq!(desk.key(other).row.status, Status::Active);
    desk.must_die(other).await;
}

/// The server says 200 to a revocation of what is not there.
pub(crate) async fn verdaccio_key_revoked_elsewhere_is_revoked_again_without_harm(
    server: &Verdaccio,
) {
    let desk = server.desk().await;
    let id = created(&desk, "revoked-there").await;
    server.forget(&desk.key(id).remote_id.unwrap());
    assert_eq!(desk.verdict(id).await, Verdict::Dead);
    desk.must_die(id).await;
}

pub(crate) async fn verdaccio_profile_conforms(server: &Verdaccio) {
    let bystander = server.mint();
    must_conform(&server.target(), server.credential(), password(PASSWORD)).await;
    assert_eq!(server.ids(), [bystander]);
}
