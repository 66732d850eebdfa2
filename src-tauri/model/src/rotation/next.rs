//! What comes next in a run: a function of its record and of what the world shows.

use chrono::{DateTime, Utc};

use super::{Course, PlanKind, Rotation, Step, StopState};
use crate::{OperationState, Status};

/// What the vault shows of a run's two keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The new key is here, and its secret is sealed.
    pub made: bool,
    /// How its making stands; none where nothing was asked for yet.
    pub create: Option<OperationState>,
    /// How the last revocation stands.
    pub revoke: Option<OperationState>,
    /// The old key's status.
    pub old: Status,
    /// The new key's status.
    pub new: Status,
}

impl Shown {
    const fn old_ends(&self) -> bool {
        matches!(self.old, Status::Revoking | Status::Revoked)
    }

    const fn new_ends(&self) -> bool {
        matches!(self.new, Status::Revoking | Status::Revoked)
    }

    /// A request is out whose effect nobody knows: it is found out before anything else is sent.
    pub const fn in_doubt(&self) -> bool {
        unsettled(self.create.as_ref()) || unsettled(self.revoke.as_ref())
    }
}

const fn unsettled(state: Option<&OperationState>) -> bool {
    matches!(
        state,
        Some(
            OperationState::Intended
                | OperationState::Ambiguous { .. }
                | OperationState::Orphaned { .. }
        )
    )
}

/// The step to do now.
pub fn next(run: &Rotation, shown: &Shown, now: DateTime<Utc>) -> Step {
    // A key that came meanwhile is no longer in doubt.
    let doubt = if shown.made { unsettled(shown.revoke.as_ref()) } else { shown.in_doubt() };
    // A revocation that the vault shows as accepted is none either.
    let ends = match run.course {
        Course::Forward => shown.old_ends(),
        Course::Back => shown.new_ends(),
    };
    if doubt && !(shown.made && ends) {
        return Step::Settle;
    }
    match run.course {
        Course::Forward => forward(run, shown, now),
        Course::Back => back(run, shown),
    }
}

fn forward(run: &Rotation, shown: &Shown, now: DateTime<Utc>) -> Step {
    let leaked = run.revoke_first && run.plan != PlanKind::InPlace;
    if run.checked.is_none() && !shown.made {
        return Step::Check;
    }
    if leaked && !shown.old_ends() {
        return Step::Revoke;
    }
    if !shown.made {
        return Step::Create;
    }
    if run.to_write().next().is_some() {
        return Step::Place;
    }
    if run.verified.is_none() {
        return Step::Verify;
    }
    if !shown.old_ends() {
        let over = run.grace_until.is_some_and(|until| until <= now);
        return if run.grace_s > 0 && !over { Step::Grace } else { Step::Revoke };
    }
    if shown.old == Status::Revoking {
        return Step::Prove;
    }
    Step::Close
}

fn back(run: &Rotation, shown: &Shown) -> Step {
    if shown.old == Status::Disabled {
        return Step::Enable;
    }
    let there =
        |state: &StopState| matches!(state, StopState::Placed | StopState::Confirmed { .. });
    if run.places.iter().any(|stop| there(&stop.state)) {
        return Step::PutBack;
    }
    if shown.made && !shown.new_ends() {
        return Step::RevokeNew;
    }
    if shown.made && shown.new == Status::Revoking {
        return Step::ProveNew;
    }
    Step::Close
}
