//! Words for steps and places.

use keywright_model::rotation::{PlanKind, Step, StopState, Todo};

/// What a step does, as people read it in a list of steps.
pub(super) const fn step(step: Step, plan: PlanKind) -> &'static str {
    match step {
        Step::Check => "Ask the platform whether all is as it should be",
        Step::Settle => "Find out what became of a lost answer",
        Step::Create => match plan {
            PlanKind::CreateThenRevoke => "Make the new key and seal its secret",
            PlanKind::InPlace => "Replace the secret: the old one dies at once",
            PlanKind::Overlap => "Replace the secret: the old one works on for a while",
            PlanKind::Guided => "Make the new key in the dashboard",
        },
        Step::Place => "Put it into every place, or into none",
        Step::Verify => "Try the new key and read every place again",
        Step::Grace => "Wait before the old key ends",
        Step::Revoke => match plan {
            PlanKind::Guided => "Revoke the old key in the dashboard",
            _ => "Revoke the old key",
        },
        Step::Prove => "Prove the old key dead",
        Step::Enable => "Let the old key work again",
        Step::PutBack => "Put every file back",
        Step::RevokeNew => "Revoke the new key",
        Step::ProveNew => "Prove the new key dead",
        Step::Close => "Close, with a report",
    }
}

pub(super) const fn closed(back: bool) -> &'static str {
    if back {
        "The old key stays in all its places; the new one is at its end."
    } else {
        "The old key is at its end, and every place has the new one."
    }
}

/// How a place stands, in words.
pub(super) fn stop(todo: &Todo, state: &StopState) -> String {
    match (todo, state) {
        (Todo::Leave { why }, _) => why.clone(),
        (_, StopState::LeftOut { why }) if why.is_empty() => "Left out".into(),
        (_, StopState::LeftOut { why }) => format!("Left out: {why}"),
        (_, StopState::Confirmed { .. }) => "Confirmed: it has the new key".into(),
        (Todo::Follow, StopState::Placed) => "The reference stays".into(),
        (_, StopState::Placed) => "It has the new key".into(),
        (Todo::Write, StopState::Open) => "Will be written".into(),
        (Todo::Store, StopState::Open) => "Will be set by its platform's API".into(),
        (Todo::Follow, StopState::Open) => "A reference; it stays as it is".into(),
        (Todo::Confirm, StopState::Open) => "Change it there, then confirm".into(),
    }
}
