//! Runs that are taken back.

use std::fs;

use keywright_model::{RotationState, Status};
use keywright_service::wire::{ActOnRotation, RotateKey, RotationAction};
use keywright_simulator::{Fault, Operation};

use super::stage::{Stage, waits_for_person};

#[tokio::test]
async fn files_come_back_to_the_byte_and_the_new_key_ends() {
    let stage = Stage::set().await;
    let before = stage.texts();
    let id = stage.start(RotateKey { grace_s: 3600, ..stage.ask() });
    let new = stage.run(id).await.new.unwrap();
    let row = stage.act(id, RotationAction::TakeBack).await;
    assert_eq!(row.state, RotationState::TakenBack, "{:?}", stage.report(id));
    assert_eq!(stage.texts(), before);
    assert_eq!(stage.status(new), Status::Revoked);
    assert_eq!(stage.status(stage.old), Status::Active);
    assert_eq!(stage.desk.service.key_detail(stage.old).unwrap().row.uses, 3);
    stage.holds();
}

#[tokio::test]
async fn a_file_that_moved_on_gets_the_old_key_and_keeps_what_else_changed() {
    let stage = Stage::set().await;
    let id = stage.start(RotateKey { grace_s: 3600, ..stage.ask() });
    let new = stage.run(id).await.new.unwrap();
    let text = fs::read_to_string(&stage.files[0]).unwrap();
    fs::write(&stage.files[0], text.replace("\"numStartups\": 12", "\"numStartups\": 13")).unwrap();
    let row = stage.act(id, RotationAction::TakeBack).await;
    assert_eq!(row.state, RotationState::TakenBack, "{:?}", stage.report(id));
    stage.all_hold(stage.old, new);
    assert!(stage.texts()[0].contains("\"numStartups\": 13"));
    stage.holds();
}

#[tokio::test]
async fn one_that_made_nothing_is_just_closed() {
    let stage = Stage::set().await;
    stage.desk.sim.control().fault_times(
        Operation::Mint,
        Fault::RateLimited { retry_after_s: 60 },
        1,
    );
    let id = stage.start(stage.ask());
    stage.run(id).await;
    let row = stage.act(id, RotationAction::TakeBack).await;
    assert_eq!(row.state, RotationState::TakenBack, "{:?}", stage.report(id));
    assert_eq!(stage.desk.names_at_platform().iter().filter(|name| *name == "erp").count(), 1);
    stage.holds();
}

#[tokio::test]
async fn after_the_old_key_ended_there_is_no_way_back() {
    let stage = Stage::set().await;
    stage.desk.sim.control().set_revoke_delay(std::time::Duration::from_secs(4000));
    let id = stage.start(stage.ask());
    let row = stage.run(id).await;
    assert!(waits_for_person(&row).contains("proved dead"), "{:?}", row.state);
    let request = ActOnRotation { rotation: id, action: RotationAction::TakeBack };
    assert!(stage.desk.service.act_on_rotation(request).await.is_err());
    stage.holds();
}

#[tokio::test]
async fn one_that_is_finished_by_hand_says_what_is_left() {
    let stage = Stage::set().await;
    let id = stage.start(RotateKey { grace_s: 3600, ..stage.ask() });
    stage.run(id).await;
    let request =
        ActOnRotation { rotation: id, action: RotationAction::Close { reason: "mine".into() } };
    let row = stage.desk.service.act_on_rotation(request).await.unwrap();
    assert!(matches!(&row.state, RotationState::Closed { why } if why.contains("both keys work")));
    stage.holds();
    // The old key can be replaced again.
    assert!(stage.desk.service.plan_rotation(stage.ask()).unwrap().blocked.is_empty());
}
