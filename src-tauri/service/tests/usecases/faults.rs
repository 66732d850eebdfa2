//! What a create and a revoke do when the answer is lost, refused or broken.

use std::time::Duration;

use keywright_model::{OperationState, Status};
use keywright_service::{
    Error,
    wire::{ErrorCode, Failure, Refresh, SettleAction, SettleOperation},
};
use keywright_simulator::{Fault, Operation};

use crate::{
    desk::{Desk, revoke, wanted},
    edit::list,
};

async fn create_under(fault: Fault) -> (Desk, Error) {
    let (desk, connection) = Desk::connected().await;
    desk.sim.control().fault_next(Operation::Mint, fault);
    let error = desk.service.create_key(wanted(connection, "ci")).await.unwrap_err();
    (desk, error)
}

async fn settle(desk: &Desk, action: SettleAction) {
    let open = desk.service.list_operations().unwrap();
    assert_eq!(open.len(), 1, "{open:?}");
    desk.service.settle_operation(SettleOperation { operation: open[0].id, action }).await.unwrap();
}

#[tokio::test]
async fn an_orphan_is_found_at_once_and_revoked_on_request() {
    for fault in [
        Fault::CutAfterEffect,
        Fault::CutMidBody,
        Fault::ServerErrorAfterEffect,
        Fault::MalformedJson,
        Fault::OmitSecret,
    ] {
        let (desk, error) = create_under(fault.clone()).await;
        let failure = Failure::from(&error);
        assert_eq!(failure.code, ErrorCode::OutcomeUnknown, "{fault:?}: {failure:?}");
        assert_eq!(desk.names_at_platform().iter().filter(|n| *n == "ci").count(), 1, "sent once");
        let open = desk.service.list_operations().unwrap();
        assert!(matches!(open[0].state, OperationState::Orphaned { .. }), "{open:?}");
        settle(&desk, SettleAction::RevokeOrphans).await;
        assert!(!desk.names_at_platform().contains(&"ci".to_owned()));
        assert!(desk.service.list_operations().unwrap().is_empty());
        let page = desk.service.list_keys(list("is:revoked ci")).unwrap();
        assert_eq!(
            page.rows.len(),
            1,
            "{fault:?}: {:?}",
            desk.service.list_keys(list("")).unwrap()
        );
        assert_eq!(page.rows[0].status, Status::Revoked);
    }
}

#[tokio::test]
async fn what_the_platform_refused_is_closed_and_nothing_is_open() {
    let (desk, error) = create_under(Fault::RateLimited { retry_after_s: 3 }).await;
    assert_eq!(Failure::from(&error).code, ErrorCode::Refused);
    assert!(desk.service.list_operations().unwrap().is_empty());
    assert!(!desk.names_at_platform().contains(&"ci".to_owned()));
}

#[tokio::test]
async fn a_server_error_before_the_effect_is_settled_by_a_later_list() {
    for fault in [Fault::ServerError, Fault::CutConnection] {
        let (desk, error) = create_under(fault.clone()).await;
        assert_eq!(Failure::from(&error).code, ErrorCode::OutcomeUnknown, "{fault:?}");
        let open = desk.service.list_operations().unwrap();
        assert!(
            matches!(open[0].state, OperationState::Ambiguous { .. }),
            "the request may be on its way"
        );
        desk.time.pass(Duration::from_secs(121));
        desk.service.refresh(Refresh { connection: None }).await.unwrap();
        assert!(desk.service.list_operations().unwrap().is_empty(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_stop_between_answer_and_seal_is_reported_at_the_next_start() {
    let (mut desk, connection) = Desk::connected().await;
    desk.sim.control().set_latency(Duration::from_hours(1));
    let service = desk.service.clone();
    let cut = tokio::spawn(async move { service.create_key(wanted(connection, "cut")).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    cut.abort();
    drop(cut.await);
    desk.sim.control().set_latency(Duration::ZERO);
    desk.restart().await;
    let open = desk.service.list_operations().unwrap();
    assert!(matches!(open[0].state, OperationState::Ambiguous { .. }), "{open:?}");
    assert_eq!(
        desk.service.overview().unwrap().items[0].severity,
        keywright_model::Severity::Critical
    );
}

#[tokio::test]
async fn a_lost_answer_to_a_revoke_is_settled_by_the_list() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "half").await;
    desk.sim.control().fault_next(Operation::Revoke, Fault::CutAfterEffect);
    let error = desk.service.revoke_key(revoke(id)).await.unwrap_err();
    assert_eq!(Failure::from(&error).code, ErrorCode::OutcomeUnknown);
    assert_eq!(desk.service.key_detail(id).unwrap().row.status, Status::Active);
    desk.service.refresh(Refresh { connection: None }).await.unwrap();
    desk.service.prove_revocation(id).await.unwrap();
    assert_eq!(desk.service.key_detail(id).unwrap().row.status, Status::Revoked);
    assert!(desk.service.list_operations().unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_revoke_changes_nothing() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "kept").await;
    desk.sim.control().fault_next(Operation::Revoke, Fault::RateLimited { retry_after_s: 1 });
    assert!(desk.service.revoke_key(revoke(id)).await.is_err());
    assert_eq!(desk.service.key_detail(id).unwrap().row.status, Status::Active);
}

#[tokio::test]
async fn broken_lists_change_no_key() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "steady").await;
    let before = desk.service.key_detail(id).unwrap();
    for fault in [
        Fault::ServerError,
        Fault::MalformedJson,
        Fault::EndlessBody,
        Fault::CutConnection,
        Fault::RateLimited { retry_after_s: 600 },
    ] {
        // A list is safe to try again, so the fault stands for as many tries as are made.
        desk.sim.control().fault_times(Operation::List, fault.clone(), 9);
        assert!(
            desk.service.refresh(Refresh { connection: Some(connection) }).await.is_err(),
            "{fault:?}"
        );
        desk.sim.control().clear_faults();
        assert_eq!(desk.service.key_detail(id).unwrap(), before, "{fault:?}");
    }
}
