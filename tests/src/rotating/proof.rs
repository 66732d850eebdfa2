//! Nothing is called revoked that still works, however slowly and unevenly a platform ends it.

use std::time::Duration;

use keywright_model::{EventKind, KeyId, RotationState, Status};
use keywright_service::wire::{ListEvents, Progress, RevokeKey, RevokeStage};

use super::{
    person::Person,
    platform::Platform,
    stage::{NAME, Stage, Way},
};

/// A stage whose platform ends keys late, and while it does so refuses every other try.
async fn slow(delay_s: u64, flapping: bool) -> Stage {
    let stage = Stage::set(Way::Beside).await;
    let Platform::Simulator(simulator, _) = &stage.platform else { unreachable!() };
    simulator.control().set_revoke_delay(Duration::from_secs(delay_s));
    simulator.control().set_flapping(flapping);
    stage
}

/// Whether an alarm was raised on a key.
fn alarmed(stage: &Stage, key: KeyId) -> bool {
    let events = ListEvents { before: None, key: Some(key), limit: 100 };
    let lines = stage.service.list_events(events).unwrap().lines;
    lines.iter().any(|line| matches!(line.event, EventKind::RevokeOverdue { .. }))
}

#[tokio::test]
async fn no_key_is_called_revoked_while_it_works() {
    for flapping in [false, true] {
        for delay in [0, 4, 30, 59, 61, 66, 75] {
            let stage = slow(delay, flapping).await;
            let begun = std::time::Instant::now();
            let (key, value) = (stage.old, stage.values[&stage.old].clone());
            let mut news = stage.service.subscribe();
            let request = RevokeKey { key, reason: "test".into(), typed: NAME.into() };
            stage.service.revoke_key(request).await.unwrap();
            let end = stage.service.prove_revocation(key).await.unwrap();
            let RevokeStage::Proved { window_ms: Some(window) } = end.stage else {
                panic!("{delay} {flapping}: {end:?}")
            };
            assert!(!stage.platform.accepts(&value), "{delay} s, flapping {flapping}: it works");
            // The simulator's clock goes on meanwhile; the test's stands still. Where tries are
            // refused in turn, the first refusals of the last row may be such ones.
            let row_ms = if flapping { 2000 } else { 0 };
            let slack = u64::try_from(begun.elapsed().as_millis()).unwrap() + row_ms;
            assert!(window + slack >= delay * 1000, "{window} ms is less than {delay} s");
            while let Ok(progress) = news.try_recv() {
                let Progress::Revoke(progress) = progress else { continue };
                let early = progress.elapsed_ms + slack - row_ms < delay * 1000;
                let proved = matches!(progress.stage, RevokeStage::Proved { .. });
                assert!(!(early && proved), "{delay} s: {progress:?}");
            }
            // agent.ceo promises 60 s. Where tries are refused in turn, the one after that may be.
            assert!(delay > 60 || !alarmed(&stage, key), "{delay} s is within the promise");
            let beyond = delay > 66 || (!flapping && delay * 1000 > 60_000 + slack);
            assert!(!beyond || alarmed(&stage, key), "{delay} s is beyond the promise");
        }
    }
}

#[tokio::test]
async fn a_replacement_is_done_only_when_the_old_key_is_dead_for_good() {
    for (delay, flapping) in [(30, false), (30, true), (61, true), (300, true)] {
        let mut stage = slow(delay, flapping).await;
        let value = stage.values[&stage.old].clone();
        let id = stage.start();
        let row = Person::default().drive(&mut stage, id).await;
        assert_eq!(row.state, RotationState::Done, "{}", stage.story(id));
        assert!(!stage.platform.accepts(&value), "{delay} s, flapping {flapping}");
        stage.is_over(id, &row, &[]).await;
    }
}

#[tokio::test]
async fn a_key_that_never_dies_is_never_called_dead() {
    let mut stage = slow(1_000_000, true).await;
    let id = stage.start();
    for _ in 0..4 {
        stage.service.run_rotation(id).await.unwrap();
        stage.holds(id, &[]);
        assert_eq!(stage.service.key_detail(stage.old).unwrap().row.status, Status::Revoking);
        assert!(matches!(stage.row(id).state, RotationState::Waiting { .. }));
    }
    assert!(alarmed(&stage, stage.old));
}
