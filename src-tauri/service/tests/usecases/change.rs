//! Renaming a key on its platform, holding it back, and what a lost answer leaves.

use keywright_model::{KeyId, OperationState, Secret, Status};
use keywright_service::{
    Error,
    wire::{CreateKey, ErrorCode, ListKeys, Network, Refresh, RelabelKey},
};

use crate::{
    desk::{Desk, wanted},
    workshop::{Trouble, Workshop},
};

async fn with_a_key() -> (Desk, Workshop, KeyId) {
    let (desk, workshop) = (Desk::set_up().await, Workshop::start().await);
    let connection = workshop.connect(&desk, "a").await;
    let request = CreateKey { scopes: Vec::new(), ..wanted(connection, "first") };
    let request = CreateKey { lifetime: keywright_model::expiry::Lifetime::Never, ..request };
    let password = vec![("password".to_owned(), Secret::copy_of("fake password"))];
    let made = desk.service.create_key_with(request, password).await.unwrap();
    (desk, workshop, made.key.unwrap())
}

fn relabel(key: KeyId, name: &str) -> RelabelKey {
    RelabelKey { key, name: name.into() }
}

#[tokio::test]
async fn what_is_asked_each_time_is_told_by_the_form_and_kept_nowhere() {
    let (desk, workshop, key) = with_a_key().await;
    let connection = desk.service.key_detail(key).unwrap().connection;
    assert_eq!(desk.service.create_form(connection).unwrap().asks, ["password"]);
    assert_eq!(workshop.name_of("a", "made1").unwrap().0, "first");
    // Without the answer nothing is sent.
    let request = CreateKey { scopes: Vec::new(), ..wanted(connection, "second") };
    let request = CreateKey { lifetime: keywright_model::expiry::Lifetime::Never, ..request };
    assert!(desk.service.create_key(request).await.is_err());
    assert!(workshop.name_of("a", "made2").is_none());
}

#[tokio::test]
async fn a_key_gets_another_name_there_and_here() {
    let (desk, workshop, key) = with_a_key().await;
    let change = desk.service.relabel_key(relabel(key, "nightly export")).await.unwrap();
    assert!(change.done);
    assert_eq!(workshop.name_of("a", "made1").unwrap().0, "nightly export");
    assert_eq!(desk.service.key_detail(key).unwrap().row.name, "nightly export");
    for wrong in ["", "nightly export", "two\nlines"] {
        match desk.service.relabel_key(relabel(key, wrong)).await {
            Err(Error::Invalid(problems)) => assert_eq!(problems[0].field, "name"),
            other => panic!("{wrong:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_key_held_back_is_refused_and_works_again_afterwards() {
    let (desk, workshop, key) = with_a_key().await;
    assert!(desk.service.key_detail(key).unwrap().can.disable);
    desk.service.disable_key(key).await.unwrap();
    assert!(workshop.name_of("a", "made1").unwrap().1);
    let detail = desk.service.key_detail(key).unwrap();
    assert_eq!(detail.row.status, Status::Disabled);
    assert!(detail.can.enable && !detail.can.disable);
    let verdict = desk.service.probe_key(key).await.unwrap().verdict;
    assert_eq!(verdict, keywright_model::Verdict::Dead);
    desk.service.enable_key(key).await.unwrap();
    assert_eq!(desk.service.key_detail(key).unwrap().row.status, Status::Active);
    let verdict = desk.service.probe_key(key).await.unwrap().verdict;
    assert_eq!(verdict, keywright_model::Verdict::Alive);
}

#[tokio::test]
async fn a_refusal_changes_nothing() {
    let (desk, workshop, key) = with_a_key().await;
    workshop.next("a", Trouble::No);
    let error = desk.service.relabel_key(relabel(key, "other")).await.unwrap_err();
    let failure = error.failure();
    assert_eq!(failure.code, ErrorCode::Refused);
    assert!(failure.what.contains("not today"), "{failure:?}");
    assert_eq!(desk.service.key_detail(key).unwrap().row.name, "first");
    assert!(desk.service.list_operations().unwrap().is_empty());
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_list() {
    let (desk, workshop, key) = with_a_key().await;
    workshop.next("a", Trouble::LostAnswer);
    let error = desk.service.relabel_key(relabel(key, "other")).await.unwrap_err();
    assert_eq!(error.failure().code, ErrorCode::OutcomeUnknown);
    let open = desk.service.list_operations().unwrap();
    assert!(matches!(open[0].state, OperationState::Ambiguous { .. }), "{open:?}");
    desk.service.refresh(Refresh { connection: None }).await.unwrap();
    assert!(desk.service.list_operations().unwrap().is_empty());
    assert_eq!(desk.service.key_detail(key).unwrap().row.name, "other");
}

#[tokio::test]
async fn offline_a_change_is_kept_as_a_draft_and_sent_once() {
    let (desk, workshop, key) = with_a_key().await;
    let settings = desk.service.settings().unwrap();
    let offline = |yes| keywright_service::wire::Settings { work_offline: yes, ..settings.clone() };
    desk.service.set_settings(offline(true)).unwrap();
    let change = desk.service.disable_key(key).await.unwrap();
    assert!(!change.done);
    assert_eq!(desk.service.status().unwrap().network, Network::WorkOffline);
    assert!(!workshop.name_of("a", "made1").unwrap().1);
    desk.service.set_settings(offline(false)).unwrap();
    let send = keywright_service::wire::SettleOperation {
        operation: change.operation,
        action: keywright_service::wire::SettleAction::Send,
    };
    desk.service.settle_operation(send).await.unwrap();
    assert!(workshop.name_of("a", "made1").unwrap().1);
    assert!(desk.service.list_operations().unwrap().is_empty());
}

#[tokio::test]
async fn what_a_platform_cannot_do_is_not_offered_and_not_sent() {
    let (desk, connection) = Desk::connected().await;
    let key = desk.create(connection, "plain").await;
    let can = desk.service.key_detail(key).unwrap().can;
    assert!(!can.relabel && !can.disable && !can.enable && !can.revoke_in_dashboard);
    assert!(matches!(desk.service.disable_key(key).await, Err(Error::NotPossible { .. })));
    let all = ListKeys { query: String::new(), offset: 0, limit: 10 };
    assert!(desk.service.list_keys(all).unwrap().rows.iter().any(|row| row.name == "plain"));
}
