//! Runs turned into what front ends show.

use keywright_model::{
    Rotation, RotationId, RotationState,
    rotation::{Course, PlanKind, Step, StopState, Todo, Wait},
};
use keywright_vault::Vault;

use super::{
    act::{no_way_back, unverified},
    violations_in,
    ways::order,
    words,
};
use crate::{
    Error, Service,
    error::sentence,
    wire::{BulkProgress, ListRotations, RotationActionKind, RotationRow},
};

/// The rules that an open run breaks. A queued one has done nothing yet.
fn broken(vault: &Vault, run: &Rotation) -> Vec<String> {
    if !run.is_open() || run.state == RotationState::Queued {
        return Vec::new();
    }
    violations_in(vault, run).iter().map(|rule| sentence(&rule.to_string())).collect()
}

impl Service {
    /// Runs, those that need somebody first, then by their last change.
    pub fn list_rotations(&self, request: ListRotations) -> Result<Vec<RotationRow>, Error> {
        let ListRotations { ended, key, bulk } = request;
        self.read(|vault| {
            let fits = |run: &&Rotation| {
                (ended || run.is_open())
                    && key.is_none_or(|key| run.old == key || run.new == key)
                    && bulk.is_none_or(|bulk| run.bulk == Some(bulk))
            };
            let mut rows: Vec<RotationRow> = vault
                .index()
                .rotations()
                .filter(fits)
                .map(|run| Self::row_of(vault, run))
                .collect();
            rows.sort_by_key(|row| (urgency(&row.state), std::cmp::Reverse(row.changed)));
            Ok(rows)
        })
    }

    pub(crate) fn rotation_row(&self, id: RotationId) -> Result<RotationRow, Error> {
        self.read(|vault| {
            let run = vault.index().rotation(id).ok_or(Error::NotFound { what: "rotation" })?;
            Ok(Self::row_of(vault, run))
        })
    }

    pub(crate) fn row_of(vault: &Vault, run: &Rotation) -> RotationRow {
        let index = vault.index();
        let old = index.key(run.old);
        let new = index.key(run.new).filter(|key| key.has_secret());
        let connection = index.connection(run.connection);
        let (done, total) = progress(run);
        let has = |stop: &&keywright_model::rotation::Stop| {
            matches!(stop.state, StopState::Placed | StopState::Confirmed { .. })
        };
        let counted = run.places.iter().filter(|stop| !matches!(stop.todo, Todo::Leave { .. }));
        RotationRow {
            id: run.id,
            bulk: run.bulk,
            old: run.old,
            new: new.map(|key| key.id),
            title: run.title.clone(),
            old_bitting: old.and_then(|key| key.bitting.clone()),
            new_bitting: new.and_then(|key| key.bitting.clone()),
            platform: connection.map_or_else(
                || keywright_model::PlatformId::new(""),
                |connection| connection.platform.clone(),
            ),
            connection_name: connection.map(|c| c.name.clone()).unwrap_or_default(),
            plan: run.plan,
            course: run.course,
            step: run.step,
            state: run.state.clone(),
            words: state_words(run),
            broken: broken(vault, run),
            done,
            total,
            placed: number(run.places.iter().filter(has).count()),
            places: number(counted.count()),
            actions: Self::actions_of(vault, run),
            asked: run.asked,
            changed: run.changed,
        }
    }

    /// What a person can do with a run now, the best first.
    fn actions_of(vault: &Vault, run: &Rotation) -> Vec<RotationActionKind> {
        use RotationActionKind as Can;
        let mut can = Vec::new();
        if !run.is_open() {
            return can;
        }
        let waits = matches!(run.state, RotationState::Waiting { .. });
        let back = run.course == Course::Back;
        let made = vault.index().key(run.new).is_some_and(keywright_model::Key::has_secret);
        let by_hand = run.plan == PlanKind::Guided;
        if waits && by_hand && run.step == Step::Create && !made {
            can.push(Can::BringSecret);
        } else if waits && by_hand && matches!(run.step, Step::Revoke | Step::RevokeNew) {
            can.push(Can::Revoked);
        }
        let confirmable = run.places.iter().any(|stop| match &stop.state {
            StopState::Open => !back && made && stop.todo == Todo::Confirm,
            StopState::Confirmed { .. } => back,
            _ => false,
        });
        let by_itself = !matches!(can.first(), Some(Can::BringSecret | Can::Revoked));
        if waits && run.step == Step::Grace && !back {
            can.push(Can::EndGrace);
        } else if waits && by_itself {
            can.push(Can::Resume);
        }
        // In the midst of a step nothing can be told.
        if waits && confirmable {
            // What it waits for comes first: a person, or a file that could not be written.
            let first = by_itself && (back || run.to_write().next().is_none());
            can.insert(if first { 0 } else { can.len() }, Can::Confirm);
        }
        if waits && !back && made && run.verified.is_none() && !unverified(run).is_empty() {
            can.extend([Can::LeaveOut, Can::Override]);
        }
        if !back && no_way_back(vault, run).is_none() && run.state != RotationState::Running {
            can.push(Can::TakeBack);
        }
        if run.state != RotationState::Running {
            can.push(Can::Close);
        }
        can
    }

    /// How a change of many keys stands.
    pub(crate) fn bulk_progress(
        &self,
        bulk: keywright_model::BulkId,
    ) -> Result<BulkProgress, Error> {
        self.read(|vault| {
            let mut progress =
                BulkProgress { bulk, total: 0, done: 0, waiting: 0, queued: 0, ended: 0 };
            let own = vault.index().rotations().filter(|run| run.bulk == Some(bulk));
            for run in own {
                progress.total += 1;
                match run.state {
                    RotationState::Queued => progress.queued += 1,
                    RotationState::Waiting { .. } => progress.waiting += 1,
                    RotationState::Done => progress.done += 1,
                    RotationState::TakenBack | RotationState::Closed { .. } => progress.ended += 1,
                    RotationState::Running => {}
                }
            }
            Ok(progress)
        })
    }
}

/// Those that need somebody first, the ended ones last.
const fn urgency(state: &RotationState) -> u8 {
    match state {
        RotationState::Waiting { wait: Wait::Person, .. } => 0,
        RotationState::Running => 1,
        RotationState::Waiting { .. } => 2,
        RotationState::Queued => 3,
        _ => 4,
    }
}

/// The steps of a run, whichever way it goes.
pub(super) fn steps_of(run: &Rotation) -> Vec<Step> {
    if run.course == Course::Back {
        return vec![Step::PutBack, Step::RevokeNew, Step::ProveNew];
    }
    order(run.plan, run.revoke_first, run.grace_s > 0)
}

/// Steps that are done, and all of them.
fn progress(run: &Rotation) -> (u32, u32) {
    let steps = steps_of(run);
    let total = number(steps.len());
    let ended = matches!(run.state, RotationState::Done | RotationState::TakenBack);
    if ended {
        return (total, total);
    }
    let at = match run.step {
        Step::Settle => Step::Create,
        step => step,
    };
    let done = steps.iter().position(|step| *step == at);
    (number(done.unwrap_or(if run.step == Step::Close { steps.len() } else { 0 })), total)
}

fn state_words(run: &Rotation) -> String {
    match &run.state {
        RotationState::Queued => "It has not begun.".into(),
        RotationState::Running => format!("{}…", words::step(run.step, run.plan)),
        RotationState::Waiting { why, .. } => sentence(why),
        RotationState::Done => words::closed(false).into(),
        RotationState::TakenBack => words::closed(true).into(),
        RotationState::Closed { why } if why.is_empty() => "Finished by hand.".into(),
        RotationState::Closed { why } => format!("Finished by hand: {why}."),
    }
}

pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
