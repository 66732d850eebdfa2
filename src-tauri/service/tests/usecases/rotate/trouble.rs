//! Files that cannot be written, answers that are lost, a program that stops.

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use keywright_model::{RotationState, Status, rotation::Wait};
use keywright_service::wire::{PlaceKey, RotationAction};
use keywright_simulator::{Fault, Operation};

use super::stage::{Stage, target, waits_for_person};

#[tokio::test]
async fn one_failing_client_stops_it_before_anything_ends_and_resuming_goes_on() {
    let stage = Stage::set().await;
    let before = stage.texts();
    let folder = stage.files[1].parent().unwrap().to_owned();
    fs::write(&stage.files[1], "not = [toml").unwrap();
    let id = stage.start(stage.ask());
    let row = stage.run(id).await;
    waits_for_person(&row);
    assert_eq!(stage.status(stage.old), Status::Active);
    assert_eq!(fs::read_to_string(&stage.files[0]).unwrap(), before[0], "all or none");
    fs::write(&stage.files[1], &before[1]).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let row = stage.act(id, RotationAction::Resume).await;
    stage.is_done(&row);
}

#[tokio::test]
async fn a_lost_answer_is_never_sent_again_before_the_list_tells() {
    for fault in [Fault::CutAfterEffect, Fault::CutMidBody, Fault::MalformedJson, Fault::OmitSecret]
    {
        let stage = Stage::set().await;
        stage.desk.sim.control().fault_next(Operation::Mint, fault.clone());
        let id = stage.start(stage.ask());
        let row = stage.run(id).await;
        assert!(waits_for_person(&row).contains("secret was lost"), "{fault:?}: {:?}", row.state);
        let named = |stage: &Stage| {
            stage.desk.names_at_platform().iter().filter(|name| *name == "erp").count()
        };
        assert_eq!(named(&stage), 2, "sent once");
        stage.holds();
        let row = stage.act(id, RotationAction::Resume).await;
        stage.is_done(&row);
        assert_eq!(named(&stage), 1, "{fault:?}: the orphan is ended too");
    }
}

#[tokio::test]
async fn a_request_that_may_be_on_its_way_is_waited_for() {
    for fault in [Fault::ServerError, Fault::CutConnection] {
        let stage = Stage::set().await;
        stage.desk.sim.control().fault_next(Operation::Mint, fault.clone());
        let id = stage.start(stage.ask());
        let row = stage.run(id).await;
        assert!(
            matches!(row.state, RotationState::Waiting { wait: Wait::Until(_), .. }),
            "{fault:?}: {:?}",
            row.state
        );
        stage.desk.time.pass(Duration::from_secs(125));
        stage.desk.service.resume_rotations().await.unwrap();
        stage.is_done(&stage.run(id).await);
    }
}

#[tokio::test]
async fn a_lost_answer_to_the_revocation_is_found_out() {
    for fault in [Fault::CutAfterEffect, Fault::ServerErrorAfterEffect, Fault::CutConnection] {
        let stage = Stage::set().await;
        stage.desk.sim.control().fault_next(Operation::Revoke, fault.clone());
        let id = stage.start(stage.ask());
        let row = stage.run(id).await;
        stage.is_done(&row);
    }
}

#[tokio::test]
async fn offline_it_waits_and_goes_on_by_itself() {
    let stage = Stage::set().await;
    let mut settings = stage.desk.service.settings().unwrap();
    settings.work_offline = true;
    stage.desk.service.set_settings(settings.clone()).unwrap();
    let id = stage.start(stage.ask());
    let row = stage.run(id).await;
    // The list is fresh, so it is the making that waits.
    assert!(
        matches!(row.state, RotationState::Waiting { wait: Wait::Network, .. }),
        "{:?}",
        row.state
    );
    settings.work_offline = false;
    stage.desk.service.set_settings(settings).unwrap();
    stage.desk.service.keep_going().await.unwrap();
    stage.is_done(&stage.run(id).await);
}

#[tokio::test]
async fn a_program_that_stopped_in_the_midst_goes_on_at_the_next_start() {
    let mut stage = Stage::set().await;
    stage.desk.sim.control().set_latency(Duration::from_millis(80));
    let id = stage.start(stage.ask());
    for wait in [60, 150, 260, 400] {
        let service = stage.desk.service.clone();
        let task = tokio::spawn(async move { drop(service.run_rotation(id).await) });
        tokio::time::sleep(Duration::from_millis(wait)).await;
        task.abort();
        drop(task.await);
        stage.desk.restart().await;
        stage.holds();
    }
    stage.desk.sim.control().set_latency(Duration::ZERO);
    for _ in 0..6 {
        stage.desk.time.pass(Duration::from_secs(130));
        stage.desk.service.resume_rotations().await.unwrap();
        let row = stage.run(id).await;
        if matches!(row.state, RotationState::Waiting { wait: Wait::Person, .. }) {
            stage.act(id, RotationAction::Resume).await;
        }
    }
    stage.is_done(&stage.run(id).await);
}

#[tokio::test]
async fn a_client_that_takes_the_new_key_out_again_is_written_again_then_named() {
    let stage = Stage::set().await;
    let id = stage.start(stage.ask());
    let (file, old) = (stage.files[0].clone(), stage.texts()[0].clone());
    // The client writes back what it had each time that it sees a change.
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (stopped, own) = (stop.clone(), file.clone());
    let client = std::thread::spawn(move || {
        while !stopped.load(std::sync::atomic::Ordering::Relaxed) {
            if fs::read_to_string(&own).is_ok_and(|now| now != old) {
                fs::write(&own, &old).unwrap();
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let row = stage.run(id).await;
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    client.join().unwrap();
    if row.state != RotationState::Done {
        waits_for_person(&row);
        assert_eq!(stage.status(stage.old), Status::Active, "nothing ended");
        let row = stage.act(id, RotationAction::Resume).await;
        stage.is_done(&row);
    }
    stage.holds();
}

#[tokio::test]
async fn a_rule_that_is_broken_is_told_at_once() {
    let stage = Stage::set().await;
    stage.desk.sim.control().set_revoke_delay(Duration::from_hours(10));
    let id = stage.start(stage.ask());
    let row = stage.run(id).await;
    assert_eq!(stage.status(stage.old), Status::Revoking, "{:?}", row.state);
    assert!(row.broken.is_empty(), "{:?}", row.broken);
    // Somebody puts the old key back into a fourth file, and says so.
    let targets = vec![target("cursor", "mcp-header", &[("server", "erp")])];
    fs::create_dir_all(stage.desk.user().join(".cursor")).unwrap();
    let mcp = "{\"mcpServers\":{\"erp\":{\"url\":\"https://erp.example\",\"headers\":{}}}}\n";
    fs::write(stage.desk.user().join(".cursor/mcp.json"), mcp).unwrap();
    let again = |insist| PlaceKey { key: stage.old, targets: targets.clone(), insist };
    assert!(stage.desk.service.place_key(again(false)).is_err(), "a dead key is not placed");
    stage.desk.service.place_key(again(true)).unwrap();
    let broken = stage.report(id).row.broken;
    assert!(broken[0].contains(".cursor/mcp.json holds a key that does not work"), "{broken:?}");
    let seen = stage.desk.service.findings(keywright_model::Severity::Critical).unwrap();
    assert!(seen.iter().any(|item| item.rotation.as_ref().is_some_and(|row| row.id == id)));
}
