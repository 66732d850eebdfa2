use keywright_model::{Expiry, Status, expiry::Lifetime};
use keywright_service::{
    Error, Use,
    wire::{CopyForm, ErrorCode, Failure, ListKeys, Refresh},
};

use keywright_simulator::Operation;

use crate::desk::{Desk, revoke, wanted};

#[tokio::test]
async fn a_created_key_works_and_its_secret_is_sealed() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "ci-deploy").await;
    let secret = desk.service.secret(id, Use::Reveal).unwrap();
    assert!(desk.sim.control().accepts(secret.expose()));
    let detail = desk.service.key_detail(id).unwrap();
    assert_eq!(detail.row.status, Status::Active);
    assert!(detail.row.hint.prefix.starts_with("ace_live_"));
    assert!(secret.expose().starts_with(&detail.row.hint.prefix));
    assert!(matches!(detail.row.expires, Expiry::At(_)));
    assert!(detail.row.bitting.is_some());
    assert!(detail.blast.sentence.contains("wiki"), "{}", detail.blast.sentence);
}

#[tokio::test]
async fn the_secret_is_still_there_after_a_restart() {
    let (mut desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "ci-deploy").await;
    desk.restart().await;
    let secret = desk.service.secret(id, Use::Copy(CopyForm::Value)).unwrap();
    assert!(desk.sim.control().accepts(secret.expose()));
}

#[tokio::test]
async fn an_incomplete_scope_is_never_sent() {
    let (desk, connection) = Desk::connected().await;
    let before = desk.names_at_platform();
    for missing in ["org:acme", "agent:*", "svc:wiki:read"] {
        let mut request = wanted(connection, "partial");
        request.scopes.retain(|scope| scope != missing);
        let axis = missing.split(':').next().unwrap();
        match desk.service.create_key(request).await {
            Err(Error::Invalid(problems)) => {
                assert!(
                    problems.iter().any(|p| p.field == format!("scopes.{axis}")),
                    "{problems:?}"
                );
            }
            other => panic!("sent without {missing}: {other:?}"),
        }
    }
    assert_eq!(desk.names_at_platform(), before);
}

#[tokio::test]
async fn a_key_without_a_name_is_refused() {
    let (desk, connection) = Desk::connected().await;
    let error = desk.service.create_key(wanted(connection, "  ")).await.unwrap_err();
    assert_eq!(Failure::from(&error).code, ErrorCode::Invalid);
}

#[tokio::test]
async fn a_name_in_use_warns_and_may_be_used() {
    let (desk, connection) = Desk::connected().await;
    desk.create(connection, "ci").await;
    let preview = desk.service.preview_create(wanted(connection, "ci")).unwrap();
    assert!(preview.problems.is_empty(), "{:?}", preview.problems);
    assert_eq!(preview.warnings.len(), 1);
}

#[tokio::test]
async fn the_dangers_of_a_scope_are_said() {
    let (desk, connection) = Desk::connected().await;
    let mut request = wanted(connection, "root");
    request.scopes = ["org:acme", "agent:*", "svc:admin:admin"].map(String::from).to_vec();
    request.lifetime = Lifetime::Never;
    let preview = desk.service.preview_create(request).unwrap();
    assert!(preview.blast.dangers.len() >= 3, "{:?}", preview.blast.dangers);
}

#[tokio::test]
async fn locking_waits_for_the_answer_and_seals_it() {
    let (desk, connection) = Desk::connected().await;
    desk.sim.control().set_latency(std::time::Duration::from_millis(300));
    let service = desk.service.clone();
    let making = tokio::spawn(async move { service.create_key(wanted(connection, "late")).await });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    desk.service.lock();
    assert!(matches!(desk.service.overview(), Err(Error::Locked)), "locked at once");
    let made = making.await.unwrap().unwrap();
    desk.service.unlock(&keywright_model::Secret::copy_of(crate::desk::PASSPHRASE)).unwrap();
    let secret = desk.service.secret(made.key.unwrap(), Use::Reveal).unwrap();
    assert!(desk.sim.control().accepts(secret.expose()));
}

#[tokio::test]
async fn an_answer_that_repeats_a_living_keys_id_touches_neither_key() {
    let (desk, connection) = Desk::connected().await;
    desk.mint_elsewhere("listed");
    desk.create(connection, "first").await;
    desk.service.refresh(Refresh { connection: Some(connection) }).await.unwrap();
    for name in ["listed", "first"] {
        let taken = desk.sim.control().keys().into_iter().find(|key| key.name == name).unwrap();
        let taken = taken.id;
        desk.sim.control().tamper_next(Operation::Mint, move |status, body| {
            let text = String::from_utf8(body).unwrap();
            let (before, rest) = text.split_once("\"key_id\":\"").unwrap();
            let (_, after) = rest.split_once('"').unwrap();
            (status, format!("{before}\"key_id\":\"{taken}\"{after}").into_bytes())
        });
        let made = desk.create(connection, &format!("beside {name}")).await;
        let secret = desk.service.secret(made, Use::Reveal).unwrap();
        assert!(desk.sim.control().accepts(secret.expose()), "its secret is sealed");
        // It cannot be revoked under the other one's id.
        assert!(desk.service.revoke_key(revoke(made)).await.is_err());
        desk.service.refresh(Refresh { connection: Some(connection) }).await.unwrap();
        let names = desk.names_at_platform();
        assert!(names.contains(&name.to_owned()), "{names:?}");
        let rows = desk.service.list_keys(everything()).unwrap().rows;
        for expected in ["listed", "first", &format!("beside {name}")] {
            let row = rows.iter().find(|row| row.name == expected).expect(expected);
            assert_eq!(row.status, Status::Active, "{expected}");
        }
        // The list told the right id, so now it can be.
        desk.service.revoke_key(revoke(made)).await.unwrap();
        assert!(!desk.names_at_platform().contains(&format!("beside {name}")));
    }
}

fn everything() -> ListKeys {
    ListKeys { query: String::new(), offset: 0, limit: 100 }
}
