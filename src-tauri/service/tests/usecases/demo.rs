//! The demo platform, brought back from the vault by a program that was started anew.

use std::time::Duration;

use keywright_model::{ConnectionId, KeyId, Status};
use keywright_service::{
    Error,
    wire::{Refresh, RefreshReport, RevokeStage},
};
use keywright_simulator::{KeyState, Options, RestoredKey, Running, Simulator};

use crate::{
    desk::{Desk, revoke, wanted},
    edit::list,
};

const DELAY: Duration = Duration::from_secs(6);

fn options() -> Options {
    Options { revoke_delay: DELAY, ..Options::default() }
}

async fn demo() -> (Desk, ConnectionId) {
    let desk = Desk::with(Options { preload: 3, ..options() }).await;
    let row = desk.connect().await;
    assert!(desk.service.mark_demo(row.id).unwrap().demo);
    (desk, row.id)
}

/// The program ends and starts anew; what the demo platform held is gone with it.
async fn restart(desk: &mut Desk) {
    desk.restart().await;
    let next = Simulator::start(options()).await.unwrap();
    let ahead = desk.sim.control().now() - next.control().now();
    next.control().set_clock_ahead(ahead.num_milliseconds());
    desk.sim = next;
}

/// As the window does it after unlocking.
fn bring_back(desk: &Desk, connection: ConnectionId) {
    for key in desk.service.demo_keys(connection).unwrap() {
        let Some(key_id) = key.remote_id else {
            desk.sim.control().restore_management(key.secret.as_ref().unwrap()).unwrap();
            continue;
        };
        let old = RestoredKey {
            key_id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            environment: key.environment,
            created: key.created,
            expires: key.expires,
            revoked: key.revoked,
            secret: key.secret.as_ref(),
        };
        assert!(desk.sim.control().restore(old).unwrap());
    }
    desk.service.move_demo(connection, &desk.sim.base_url()).unwrap();
}

async fn refresh(desk: &Desk) -> RefreshReport {
    desk.service.refresh(Refresh { connection: None }).await.unwrap().remove(0)
}

fn status(desk: &Desk, key: KeyId) -> Status {
    desk.service.key_detail(key).unwrap().row.status
}

fn state_at(sim: &Running, name: &str) -> KeyState {
    sim.control().keys().into_iter().find(|key| key.name == name).unwrap().state
}

#[tokio::test]
async fn the_demo_survives_a_restart_and_nothing_is_news() {
    let (mut desk, connection) = demo().await;
    let id = desk.create(connection, "kept").await;
    refresh(&desk).await;
    let before = desk.sim.control().keys();
    restart(&mut desk).await;
    assert!(desk.service.refresh(Refresh { connection: None }).await.is_err(), "without its help");
    assert_eq!(desk.service.demo_connection().unwrap(), Some(connection));
    bring_back(&desk, connection);
    let report = refresh(&desk).await;
    assert_eq!((report.new, report.changed, report.gone, report.listed), (0, 0, 0, 5));
    let row = desk.service.list_connections().unwrap().remove(0);
    assert_eq!((row.demo, row.trouble.as_str()), (true, ""));
    assert!(desk.service.probe_key(id).await.unwrap().verdict.works());
    let mut after = desk.sim.control().keys();
    for key in &mut after {
        let old = before.iter().find(|old| old.id == key.id).unwrap();
        key.last_used = old.last_used;
        assert_eq!(key, old);
    }
    desk.service.create_key(wanted(connection, "next")).await.unwrap().key.unwrap();
    assert!(desk.names_at_platform().contains(&"next".to_owned()));
}

#[tokio::test]
async fn revocations_go_on_where_they_were() {
    let (mut desk, connection) = demo().await;
    let dead = desk.create(connection, "dead").await;
    desk.service.revoke_key(revoke(dead)).await.unwrap();
    desk.service.prove_revocation(dead).await.unwrap();
    assert_eq!(status(&desk, dead), Status::Revoked);
    let dying = desk.create(connection, "dying").await;
    // Locked at once: the proof has not begun.
    desk.service.revoke_key(revoke(dying)).await.unwrap();
    restart(&mut desk).await;
    bring_back(&desk, connection);
    assert_eq!(state_at(&desk.sim, "dead"), KeyState::Revoked);
    assert_eq!(state_at(&desk.sim, "dying"), KeyState::Revoking);
    assert_eq!((status(&desk, dead), status(&desk, dying)), (Status::Revoked, Status::Revoking));
    let report = refresh(&desk).await;
    assert_eq!((report.new, report.gone), (0, 0));
    desk.sim.control().advance(DELAY * 2);
    let end = desk.service.prove_revocation(dying).await.unwrap();
    assert!(matches!(end.stage, RevokeStage::Proved { .. }), "{:?}", end.stage);
    assert_eq!(state_at(&desk.sim, "dying"), KeyState::Revoked);
}

#[tokio::test]
async fn what_the_list_lacked_before_stays_gone() {
    let (mut desk, connection) = demo().await;
    let lost = desk.create(connection, "lost").await;
    let key = desk.sim.control().live_keys().into_iter().find(|key| key.name == "lost").unwrap();
    assert!(desk.sim.control().revoke(&key.id));
    desk.time.pass(Duration::from_secs(1));
    assert_eq!(refresh(&desk).await.gone, 1);
    restart(&mut desk).await;
    bring_back(&desk, connection);
    assert!(!desk.names_at_platform().contains(&"lost".to_owned()));
    refresh(&desk).await;
    assert!(desk.service.key_detail(lost).unwrap().gone_since.is_some());
}

#[tokio::test]
async fn the_credential_comes_back_without_its_record() {
    let (mut desk, connection) = demo().await;
    let rows = desk.service.list_keys(list("")).unwrap().rows;
    let own = rows.iter().find(|row| row.manages_connection).unwrap().id;
    desk.service.delete_key(own).unwrap();
    desk.time.pass(Duration::from_hours(24 * 31));
    restart(&mut desk).await;
    assert!(desk.service.key_detail(own).is_err(), "the bin was emptied");
    bring_back(&desk, connection);
    let report = refresh(&desk).await;
    assert_eq!((report.new, report.gone), (1, 0), "its new record");
    let rows = desk.service.list_keys(list("")).unwrap().rows;
    assert_eq!(rows.iter().filter(|row| row.manages_connection).count(), 1);
}

#[tokio::test]
async fn a_real_connection_is_not_the_demo() {
    let (desk, connection) = Desk::connected().await;
    assert_eq!(desk.service.demo_connection().unwrap(), None);
    let address = desk.sim.base_url();
    let moved = desk.service.move_demo(connection, &address);
    assert!(matches!(moved, Err(Error::NotPossible { .. })), "{moved:?}");
    let keys = desk.service.demo_keys(connection);
    assert!(matches!(keys, Err(Error::NotPossible { .. })), "{keys:?}");
    desk.service.mark_demo(connection).unwrap();
    let moved = desk.service.move_demo(connection, "https://agent.ceo");
    assert!(matches!(moved, Err(Error::NotPossible { .. })), "{moved:?}");
    assert_eq!(desk.service.list_connections().unwrap()[0].origin, address);
    desk.service.disconnect(connection).unwrap();
    assert_eq!(desk.service.demo_connection().unwrap(), None, "a removed one is none");
}
