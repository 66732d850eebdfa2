use chrono::{DateTime, Duration, Utc};

use super::{
    Course, PlanKind, Rotation, RotationState, Shown, Step, Stop, StopState, Todo, Violation, Wish,
    next, violations,
};
use crate::{BulkId, ConnectionId, KeyId, OperationState, RotationId, Status, expiry::Lifetime};

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn run(plan: PlanKind) -> Rotation {
    Rotation {
        id: RotationId::make(),
        bulk: Some(BulkId::make()),
        old: KeyId::make(),
        new: KeyId::make(),
        connection: ConnectionId::make(),
        title: "ci".into(),
        plan,
        wish: Wish { name: "ci".into(), scopes: Vec::new(), lifetime: Lifetime::Never },
        reason: String::new(),
        revoke_first: false,
        grace_s: 0,
        hold_back: false,
        insist: false,
        places: vec![Stop {
            placement: None,
            what: "a file".into(),
            todo: Todo::Write,
            state: StopState::Open,
        }],
        course: Course::Forward,
        step: Step::Check,
        state: RotationState::Running,
        create: None,
        by_id: None,
        revoke: None,
        checked: None,
        verified: None,
        verified_by: String::new(),
        doubts: Vec::new(),
        grace_until: None,
        overrides: Vec::new(),
        lines: Vec::new(),
        asked: now(),
        changed: now(),
    }
}

fn shown(made: bool, old: Status, new: Status) -> Shown {
    Shown { made, create: None, revoke: None, old, new }
}

/// Does what each step would do, and tells the steps.
fn through(mut run: Rotation) -> Vec<Step> {
    let replaces = matches!(run.plan, PlanKind::InPlace | PlanKind::Overlap);
    let mut shown = shown(false, Status::Active, Status::Unknown);
    let mut steps = Vec::new();
    loop {
        let step = next(&run, &shown, now());
        steps.push(step);
        match step {
            Step::Check => run.checked = Some(now()),
            Step::Create => {
                (shown.made, shown.new) = (true, Status::Active);
                if replaces {
                    shown.old = Status::Revoking;
                }
            }
            Step::Place => run.places[0].state = StopState::Placed,
            Step::Verify => run.verified = Some(now()),
            Step::Grace => run.grace_until = Some(now()),
            Step::Revoke => shown.old = Status::Revoking,
            Step::Prove => shown.old = Status::Revoked,
            Step::Enable => shown.old = Status::Active,
            Step::PutBack => run.places[0].state = StopState::Open,
            Step::RevokeNew => shown.new = Status::Revoking,
            Step::ProveNew => shown.new = Status::Revoked,
            Step::Settle => panic!("nothing is in doubt"),
            Step::Close => return steps,
        }
        assert!(violations(&run, &shown, &[]).is_empty(), "{step:?}");
        assert!(steps.len() < 20, "{steps:?}");
    }
}

#[test]
fn every_plan_goes_its_way() {
    use Step::{Check, Close, Create, Grace, Place, Prove, Revoke, Verify};
    let all = [Check, Create, Place, Verify, Revoke, Prove, Close];
    assert_eq!(through(run(PlanKind::CreateThenRevoke)), all);
    assert_eq!(through(run(PlanKind::Guided)), all);
    let replaced = [Check, Create, Place, Verify, Prove, Close];
    assert_eq!(through(run(PlanKind::InPlace)), replaced);
    assert_eq!(through(run(PlanKind::Overlap)), replaced);
    let patient = Rotation { grace_s: 60, ..run(PlanKind::CreateThenRevoke) };
    assert_eq!(through(patient), [Check, Create, Place, Verify, Grace, Revoke, Prove, Close]);
    let leaked = Rotation { revoke_first: true, ..run(PlanKind::CreateThenRevoke) };
    assert_eq!(through(leaked), [Check, Revoke, Create, Place, Verify, Prove, Close]);
}

#[test]
fn a_way_back_undoes_what_was_done() {
    let mut back = run(PlanKind::CreateThenRevoke);
    back.course = Course::Back;
    back.places[0].state = StopState::Placed;
    let mut there = shown(true, Status::Disabled, Status::Active);
    assert_eq!(next(&back, &there, now()), Step::Enable);
    there.old = Status::Active;
    assert_eq!(next(&back, &there, now()), Step::PutBack);
    back.places[0].state = StopState::Open;
    assert_eq!(next(&back, &there, now()), Step::RevokeNew);
    there.new = Status::Revoking;
    assert_eq!(next(&back, &there, now()), Step::ProveNew);
    there.new = Status::Revoked;
    assert_eq!(next(&back, &there, now()), Step::Close);
    // Nothing was made: nothing is to be ended.
    let nothing = shown(false, Status::Active, Status::Unknown);
    assert_eq!(next(&back, &nothing, now()), Step::Close);
}

#[test]
fn what_is_in_doubt_is_found_out_first() {
    let lost = OperationState::Ambiguous { why: "cut".into() };
    let mut going = run(PlanKind::CreateThenRevoke);
    going.checked = Some(now());
    let mut there = shown(false, Status::Active, Status::Unknown);
    there.create = Some(lost.clone());
    assert_eq!(next(&going, &there, now()), Step::Settle);
    there.create = Some(OperationState::Orphaned { remote_ids: vec!["7".into()] });
    assert_eq!(next(&going, &there, now()), Step::Settle);
    // The answer came after all.
    there = Shown { made: true, new: Status::Active, ..there };
    assert_eq!(next(&going, &there, now()), Step::Place);
    there.revoke = Some(lost);
    going.places[0].state = StopState::Placed;
    going.verified = Some(now());
    assert_eq!(next(&going, &there, now()), Step::Settle);
    there.old = Status::Revoking;
    assert_eq!(next(&going, &there, now()), Step::Prove);
}

#[test]
fn what_must_never_be_is_seen() {
    let mut going = run(PlanKind::CreateThenRevoke);
    let ended = shown(true, Status::Revoking, Status::Active);
    assert_eq!(violations(&going, &ended, &[]), [Violation::RevokedTooSoon]);
    going.verified = Some(now());
    assert!(violations(&going, &ended, &[]).is_empty());
    let both = shown(true, Status::Revoked, Status::Revoked);
    assert_eq!(violations(&going, &both, &[]), [Violation::NoKeyLeft]);
    going.state = RotationState::Done;
    let alive = shown(true, Status::Active, Status::Active);
    assert_eq!(violations(&going, &alive, &[]), [Violation::DoneAlive]);
    going.state = RotationState::TakenBack;
    assert_eq!(violations(&going, &alive, &[]), [Violation::BackAlive]);
}
