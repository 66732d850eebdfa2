use std::time::Duration;

use keywright_model::{EventKind, FindingKind, Status, key::Proof};
use keywright_service::{
    Error,
    wire::{EditKey, ListEvents, RevokeKey, RevokeStage, UseNote},
};

use crate::desk::{Desk, revoke};

async fn window_after(delay_s: u64) -> (Desk, RevokeStage, keywright_model::KeyId) {
    let (desk, connection) = Desk::connected().await;
    desk.sim.control().set_revoke_delay(Duration::from_secs(delay_s));
    let id = desk.create(connection, "doomed").await;
    let progress = desk.service.revoke_key(revoke(id)).await.unwrap();
    assert_eq!(progress.stage, RevokeStage::Asked);
    let proved = desk.service.prove_revocation(id).await.unwrap();
    (desk, proved.stage, id)
}

#[tokio::test]
async fn r40_a_key_is_revoked_only_when_it_is_proved_dead() {
    for delay in [0, 4, 30, 59] {
        let (desk, stage, id) = window_after(delay).await;
        let RevokeStage::Proved { window_ms: Some(window) } = stage else { panic!("{stage:?}") };
        assert!(window >= delay * 1000, "{window} ms is less than {delay} s");
        assert!(window <= delay * 1000 + 11_000, "{window} ms for {delay} s");
        let detail = desk.service.key_detail(id).unwrap();
        assert_eq!(detail.row.status, Status::Revoked);
        let revocation = detail.revocation.unwrap();
        assert_eq!(revocation.proof, Proof::Refused);
        assert!(!revocation.overdue);
    }
}

#[tokio::test]
async fn r40_a_key_that_outlives_the_promise_raises_an_alarm() {
    for delay in [61, 90] {
        let begun = std::time::Instant::now();
        let (desk, stage, id) = window_after(delay).await;
        assert!(matches!(stage, RevokeStage::Proved { .. }), "{stage:?}");
        // The simulator's clock goes on while the test's stands still.
        if begun.elapsed() > Duration::from_millis(900) && delay == 61 {
            continue;
        }
        let events = ListEvents { before: None, key: Some(id), limit: 50 };
        let lines = desk.service.list_events(events).unwrap().lines;
        let raised = |event: &EventKind| matches!(event, EventKind::RevokeOverdue { after_s } if (60..=61).contains(after_s));
        assert!(lines.iter().any(|line| raised(&line.event)), "{delay} s: {lines:?}");
        assert!(lines.iter().any(|line| matches!(line.event, EventKind::RevokeProved { .. })));
    }
}

#[tokio::test]
async fn while_it_still_works_it_is_revoking_and_not_revoked() {
    let (desk, connection) = Desk::connected().await;
    desk.sim.control().set_revoke_delay(Duration::from_hours(1));
    let id = desk.create(connection, "slow").await;
    desk.service.revoke_key(revoke(id)).await.unwrap();
    let detail = desk.service.key_detail(id).unwrap();
    assert_eq!(detail.row.status, Status::Revoking);
    let end = desk.service.prove_revocation(id).await.unwrap();
    assert!(matches!(end.stage, RevokeStage::Unproved { .. }), "{:?}", end.stage);
    let detail = desk.service.key_detail(id).unwrap();
    assert_eq!(detail.row.status, Status::Revoking);
    assert!(detail.findings.iter().any(|f| f.kind == FindingKind::RevokeOverdue));
}

#[tokio::test]
async fn a_key_noted_as_used_asks_for_typed_words() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "erp").await;
    let uses = vec![UseNote { client: "ERP importer".into(), place: "~/src/erp/.env".into() }];
    desk.service.edit_key(EditKey { uses: Some(uses), ..edit(id) }).unwrap();
    let preview = desk.service.revoke_preview(id).unwrap();
    assert_eq!(preview.type_to_override.as_deref(), Some("erp"));
    let refused = desk.service.revoke_key(revoke(id)).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert!(desk.names_at_platform().contains(&"erp".to_owned()));
    let typed = RevokeKey { typed: "erp".into(), ..revoke(id) };
    desk.service.revoke_key(typed).await.unwrap();
}

#[tokio::test]
async fn r43_the_management_credential_is_not_revoked_by_its_own_hand() {
    let (desk, _) = Desk::connected().await;
    let page = desk
        .service
        .list_keys(keywright_service::wire::ListKeys { query: String::new(), offset: 0, limit: 10 })
        .unwrap();
    let own = page.rows.iter().find(|row| row.manages_connection).expect("it is marked");
    let refused = desk.service.revoke_key(revoke(own.id)).await;
    assert!(matches!(refused, Err(Error::NotPossible { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_proof_that_a_restart_cut_short_goes_on() {
    let (mut desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "cut").await;
    desk.service.revoke_key(revoke(id)).await.unwrap();
    desk.restart().await;
    desk.service.resume_proofs().unwrap();
    let end = desk.service.prove_revocation(id).await.unwrap();
    assert!(matches!(end.stage, RevokeStage::Proved { .. }), "{:?}", end.stage);
}

#[tokio::test]
async fn a_key_revoked_elsewhere_is_gone_and_then_proved_by_hand() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "elsewhere").await;
    let key = desk.sim.control().live_keys().into_iter().find(|k| k.name == "elsewhere").unwrap();
    desk.time.pass(Duration::from_secs(1));
    assert!(desk.sim.control().revoke(&key.id));
    let reports = desk
        .service
        .refresh(keywright_service::wire::Refresh { connection: Some(connection) })
        .await
        .unwrap();
    assert_eq!(reports[0].gone, 1);
    let detail = desk.service.key_detail(id).unwrap();
    assert!(detail.findings.iter().any(|f| f.kind == FindingKind::Gone));
}

pub(crate) fn edit(key: keywright_model::KeyId) -> EditKey {
    EditKey {
        key,
        label: None,
        note: None,
        tags: None,
        owner: None,
        rotation_days: None,
        uses: None,
    }
}
