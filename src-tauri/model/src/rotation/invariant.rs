//! What must hold at every moment of a run, whatever cut it short.

use std::fmt;

use super::{Course, PlanKind, Rotation, RotationState, Shown, StopState};
use crate::{Placement, PlacementState, Status};

/// Something that must never be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// A place that was looked at holds a key that does not work, and the run does not know it.
    DeadKeyPlaced {
        /// The place.
        what: String,
    },
    /// The old key was ended before its places were verified, and nobody overrode it.
    RevokedTooSoon,
    /// The run says that it is done and the old key is not at its end.
    DoneAlive,
    /// The run says that it was taken back and the new key is not at its end.
    BackAlive,
    /// Both keys are at their end while the run says that one of them works.
    NoKeyLeft,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeadKeyPlaced { what } => write!(f, "{what} holds a key that does not work"),
            Self::RevokedTooSoon => f.write_str("the old key was ended before all was verified"),
            Self::DoneAlive => f.write_str("it says “done” and the old key is not at its end"),
            Self::BackAlive => {
                f.write_str("it says “taken back” and the new key is not at its end")
            }
            Self::NoKeyLeft => f.write_str("no key is left that works"),
        }
    }
}

/// All that is wrong with a run. `places` are the placements of both keys as they are now.
pub fn violations(run: &Rotation, shown: &Shown, places: &[Placement]) -> Vec<Violation> {
    let mut wrong = Vec::new();
    let ended = |status: Status| matches!(status, Status::Revoking | Status::Revoked);
    // These end the old key before its places have the new one, and a person chose that.
    let chosen = run.ends_old_first() || run.plan == PlanKind::Overlap;
    let allowed = chosen || run.verified.is_some() || !run.overrides.is_empty();
    let by_hand = matches!(run.state, RotationState::Closed { .. });
    if ended(shown.old) && !allowed && !by_hand {
        wrong.push(Violation::RevokedTooSoon);
    }
    match run.state {
        RotationState::Done if !ended(shown.old) => wrong.push(Violation::DoneAlive),
        RotationState::TakenBack if shown.made && !ended(shown.new) => {
            wrong.push(Violation::BackAlive);
        }
        _ => {}
    }
    // What becomes of the key that stayed, after the run has ended, is another matter.
    if run.is_open() && ended(shown.old) && shown.made && ended(shown.new) && !chosen {
        wrong.push(Violation::NoKeyLeft);
    }
    if run.is_open() && chosen {
        return wrong;
    }
    wrong.extend(places.iter().filter_map(|place| dead(run, shown, place)));
    wrong
}

/// A place of this machine that holds a dead key of the run.
fn dead(run: &Rotation, shown: &Shown, place: &Placement) -> Option<Violation> {
    let status = if place.key == run.old {
        shown.old
    } else if place.key == run.new {
        shown.new
    } else {
        return None;
    };
    let left_out = run.places.iter().any(|stop| {
        stop.placement == Some(place.id) && matches!(stop.state, StopState::LeftOut { .. })
    });
    let holds = place.state == PlacementState::InSync;
    let ended = matches!(status, Status::Revoking | Status::Revoked);
    let known = left_out || matches!(run.state, RotationState::Closed { .. });
    let forward = match run.state {
        RotationState::Done => place.key == run.old,
        _ => run.course == Course::Forward || place.key == run.new,
    };
    (holds && ended && !known && forward)
        .then(|| Violation::DeadKeyPlaced { what: place.file.clone() })
}
