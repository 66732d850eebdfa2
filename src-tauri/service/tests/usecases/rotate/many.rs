//! Many keys at once, and the queue.

use keywright_model::{OperationState, RotationState, Status};
use keywright_service::wire::{
    BulkAct, BulkAsk, EditDraft, EditKey, ListRotations, Refresh, Selection, Settings,
};

use crate::{
    desk::{Desk, revoke, wanted},
    edit::list,
    revoke::edit,
};

fn ask(selection: Selection, act: BulkAct) -> BulkAsk {
    BulkAsk { selection, act, reason: "spring".into(), typed: String::new() }
}

const ROTATE: BulkAct = BulkAct::Rotate { revoke_first: false, grace_s: 0, lifetime: None };

fn offline(desk: &Desk, work_offline: bool) {
    let settings = Settings { work_offline, ..desk.service.settings().unwrap() };
    desk.service.set_settings(settings).unwrap();
}

#[tokio::test]
async fn a_query_is_replaced_some_at_a_time_and_what_cannot_be_is_told() {
    let (desk, connection) = Desk::connected().await;
    let mut keys = Vec::new();
    for n in 0..6 {
        keys.push(desk.create(connection, &format!("job-{n}")).await);
    }
    desk.service.revoke_key(revoke(keys[5])).await.unwrap();
    let query = Selection::Query { query: "job".into() };
    let plan = desk.service.plan_bulk(ask(query.clone(), ROTATE)).unwrap();
    assert_eq!((plan.ready, plan.left), (5, 1), "{plan:?}");
    let begun = desk.service.start_bulk(&ask(query, ROTATE)).unwrap();
    assert_eq!((begun.keys, begun.left.len()), (5, 1));
    let progress = desk.service.run_bulk(begun.bulk).await.unwrap();
    assert_eq!((progress.total, progress.done), (5, 5), "{progress:?}");
    for old in &keys[..5] {
        assert_eq!(desk.service.key_detail(*old).unwrap().row.status, Status::Revoked);
    }
    assert!(desk.service.rotation_violations().unwrap().is_empty());
}

#[tokio::test]
async fn one_that_was_stopped_leaves_the_rest_as_it_was() {
    let (desk, connection) = Desk::connected().await;
    for n in 0..5 {
        desk.create(connection, &format!("job-{n}")).await;
    }
    let query = Selection::Query { query: "job".into() };
    let begun = desk.service.start_bulk(&ask(query, ROTATE)).unwrap();
    let progress = desk.service.cancel_bulk(begun.bulk).unwrap();
    assert_eq!((progress.total, progress.ended), (5, 5));
    desk.service.run_bulk(begun.bulk).await.unwrap();
    let rows = desk.service.list_rotations(ListRotations {
        ended: true,
        key: None,
        bulk: Some(begun.bulk),
    });
    let rows = rows.unwrap();
    assert!(rows.iter().all(|row| matches!(row.state, RotationState::Closed { .. })), "{rows:?}");
}

#[tokio::test]
async fn who_left_and_what_is_lost_are_selections() {
    let (desk, connection) = Desk::connected().await;
    let key = desk.create(connection, "ada-ci").await;
    desk.create(connection, "other").await;
    let owner = keywright_model::Owner { name: "Ada".into(), ..keywright_model::Owner::default() };
    desk.service.edit_key(EditKey { owner: Some(owner), ..edit(key) }).unwrap();
    let plan =
        desk.service.plan_bulk(ask(Selection::Owner { name: "ada".into() }, ROTATE)).unwrap();
    assert_eq!(plan.lines.iter().map(|line| line.key).collect::<Vec<_>>(), [key]);
    super::stage::place_in_three(&desk, key);
    let lost = Selection::Machine { name: "testbox".into() };
    assert_eq!(desk.service.plan_bulk(ask(lost, ROTATE)).unwrap().ready, 1);
}

#[tokio::test]
async fn ending_many_asks_for_typed_words_and_goes_through_the_queue() {
    let (desk, connection) = Desk::connected().await;
    for n in 0..3 {
        desk.create(connection, &format!("job-{n}")).await;
    }
    let request = ask(Selection::Query { query: "job".into() }, BulkAct::Revoke);
    assert!(desk.service.start_bulk(&request).is_err());
    let typed = BulkAsk { typed: "end 3 keys".into(), ..request };
    desk.service.start_bulk(&typed).unwrap();
    let report = desk.service.run_queue().await.unwrap();
    assert_eq!((report.sent, report.stopped, report.left), (3, 0, 0));
    let page = desk.service.list_keys(list("is:revoking job")).unwrap();
    let dead = desk.service.list_keys(list("is:revoked job")).unwrap();
    assert_eq!(page.total + dead.total, 3);
}

#[tokio::test]
async fn intervals_are_set_at_once() {
    let (desk, connection) = Desk::connected().await;
    let key = desk.create(connection, "job").await;
    let policy = BulkAct::Policy { days: 30 };
    let selection = Selection::Keys { keys: vec![key] };
    desk.service.start_bulk(&ask(selection, policy)).unwrap();
    assert_eq!(desk.service.key_detail(key).unwrap().rotation_days, Some(30));
}

#[tokio::test]
async fn what_was_asked_offline_is_sent_once_when_the_platform_is_back() {
    let (desk, connection) = Desk::connected().await;
    let old = desk.create(connection, "old").await;
    offline(&desk, true);
    assert!(desk.service.create_key(wanted(connection, "draft")).await.unwrap().key.is_none());
    desk.service.revoke_key(revoke(old)).await.unwrap();
    assert_eq!(desk.service.run_queue().await.unwrap().left, 2, "it cannot be reached");
    offline(&desk, false);
    let report = desk.service.run_queue().await.unwrap();
    assert_eq!((report.sent, report.stopped, report.left), (2, 0, 0));
    assert_eq!(desk.service.run_queue().await.unwrap().sent, 0, "once");
    assert_eq!(desk.names_at_platform().iter().filter(|name| *name == "draft").count(), 1);
}

#[tokio::test]
async fn what_no_longer_fits_is_held_and_can_be_edited_or_cancelled() {
    let (desk, connection) = Desk::connected().await;
    let key = desk.create(connection, "theirs").await;
    offline(&desk, true);
    desk.service.revoke_key(revoke(key)).await.unwrap();
    offline(&desk, false);
    let remote = desk.sim.control().live_keys().into_iter().find(|k| k.name == "theirs").unwrap();
    desk.time.pass(std::time::Duration::from_secs(2));
    assert!(desk.sim.control().revoke(&remote.id));
    let report = desk.service.run_queue().await.unwrap();
    assert_eq!((report.sent, report.stopped), (0, 1));
    let held = desk.service.list_operations().unwrap();
    assert!(
        matches!(&held[0].state, OperationState::Held { why } if why.contains("no longer lists")),
        "{held:?}"
    );
    let edited = desk.service.edit_draft(EditDraft {
        operation: held[0].id,
        name: None,
        scopes: None,
        lifetime: None,
        reason: Some("again".into()),
    });
    assert_eq!(edited.unwrap().state, OperationState::Draft);
    desk.service.refresh(Refresh { connection: None }).await.unwrap();
}
