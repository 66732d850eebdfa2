//! What somebody else does while a run waits, and a run whose task is dropped.

use std::time::Duration;

use keywright_model::{RotationState, rotation::Wait};
use keywright_service::wire::{ActOnRotation, RotateKey, RotationAction};

use super::{
    person::Person,
    platform::Platform,
    roller::{Call, Fault},
    stage::{NAME, Stage, Way},
};

/// On such a platform a replacement by an id at its end ends every key that came from it.
#[tokio::test]
async fn a_key_that_somebody_replaced_meanwhile_is_not_replaced_by_its_old_id() {
    let mut stage = Stage::set(Way::NewId).await;
    let id = stage.start();
    stage.platform.order(Call::Make, 0, Fault::TooMany);
    stage.service.run_rotation(id).await.unwrap();
    let Platform::Roller(roller) = &stage.platform else { unreachable!() };
    let old = stage.service.key_detail(stage.old).unwrap().remote_id.unwrap();
    roller.replace(&old);
    stage.meddled = true;
    stage.time.pass(Duration::from_secs(100));
    for _ in 0..3 {
        stage.service.run_rotation(id).await.unwrap();
        stage.holds(id, &[]);
        let row = stage.row(id);
        let RotationState::Waiting { wait: Wait::Person, why, .. } = &row.state else {
            panic!("{}", stage.story(id))
        };
        assert!(why.contains("ended or replaced it"), "{why}");
    }
    assert_eq!(stage.platform.live().len(), 1, "what somebody made lives on");
}

#[tokio::test]
async fn nothing_is_taken_back_to_a_key_that_somebody_ended_meanwhile() {
    for known in [false, true] {
        let mut stage = Stage::set(Way::HeldBack).await;
        let ask = RotateKey { hold_back: false, ..stage.ask() };
        let id = stage.service.start_rotation(ask).unwrap().id;
        stage.service.run_rotation(id).await.unwrap();
        assert!(matches!(stage.row(id).state, RotationState::Waiting { wait: Wait::Until(_), .. }));
        let live = stage.platform.live();
        let (old, _) = live.iter().find(|(_, name)| name == NAME).unwrap();
        assert!(stage.platform.revoke(old));
        stage.meddled = true;
        if known {
            let all = keywright_service::wire::Refresh { connection: None };
            stage.service.refresh(all).await.unwrap();
        }
        let back = ActOnRotation { rotation: id, action: RotationAction::TakeBack };
        assert_eq!(stage.service.act_on_rotation(back).await.is_err(), known);
        let row = Person::default().drive(&mut stage, id).await;
        assert_eq!(row.state, RotationState::Done, "{}", stage.story(id));
        stage.is_over(id, &row, &[]).await;
    }
}

#[tokio::test]
async fn a_run_whose_task_was_dropped_goes_on_in_the_same_program() {
    for call in [Call::List, Call::Make, Call::Probe, Call::Revoke] {
        let mut stage = Stage::set(Way::HeldBack).await;
        let id = stage.start();
        stage.time.pass(Duration::from_secs(100));
        stage.platform.order(call, 0, Fault::Hang);
        let service = stage.service.clone();
        let task = tokio::spawn(async move { drop(service.run_rotation(id).await) });
        for _ in 0..500 {
            if stage.platform.met() > 0 || task.is_finished() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        task.abort();
        drop(task.await);
        let row = Person::default().drive(&mut stage, id).await;
        assert_eq!(row.state, RotationState::Done, "{call:?}: {}", stage.story(id));
        stage.is_over(id, &row, &[]).await;
    }
}
