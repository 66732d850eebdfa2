//! What a person does with a run.

use keywright_model::{
    Event, EventKind, Rotation, RotationId, RotationState, Status,
    key::NotedUse,
    rotation::{Course, Outcome, Override, PlanKind, Step, Stop, StopState, next},
};
use keywright_vault::Vault;

use super::stops::words_of;
use crate::{
    Error, Service,
    keys::find,
    wire::{ActOnRotation, FieldProblem, RotationAction, RotationRow},
};

impl Service {
    /// Acts on a run. What follows is done by [`Service::run_rotation`].
    pub async fn act_on_rotation(&self, request: ActOnRotation) -> Result<RotationRow, Error> {
        let run = self.rotation(request.rotation)?;
        if !run.is_open() {
            return refuse("this run has ended", "Begin another.");
        }
        if self.session().rotating.contains(&run.id) {
            return refuse(
                "the run is in the midst of a step",
                "Wait until the step is through, a moment, and try again.",
            );
        }
        let id = run.id;
        match request.action {
            RotationAction::Resume => self.go_on(&run).await?,
            RotationAction::TakeBack => self.turn_back(&run).await?,
            RotationAction::Confirm { stop } => self.confirm(&run, stop)?,
            RotationAction::LeaveOut { stop, reason } => self.leave_out(&run, stop, &reason)?,
            RotationAction::Override { typed, reason } => self.override_it(&run, &typed, reason)?,
            RotationAction::EndGrace => self.end_grace(&run)?,
            RotationAction::Revoked => self.told_revoked(&run)?,
            RotationAction::Close { reason } => self.finish_by_hand(&run, reason)?,
        }
        self.tell_moved(id);
        self.rotation_row(id)
    }

    /// Going on where a secret was lost ends what was made with it first.
    async fn go_on(&self, run: &Rotation) -> Result<(), Error> {
        self.end_orphan(run).await?;
        self.decided(run.id, run.step, "Go on.", |_| ())
    }

    async fn turn_back(&self, run: &Rotation) -> Result<(), Error> {
        if let Some(why) = self.read(|vault| Ok(no_way_back(vault, run)))? {
            return refuse(why, "Go on, so that every place gets the new key.");
        }
        self.end_orphan(run).await?;
        self.decided(run.id, run.step, "Take it back.", |run| run.course = Course::Back)
    }

    /// A person did what a place asks for: it has the new key, or on the way back the old one.
    fn confirm(&self, run: &Rotation, n: u32) -> Result<(), Error> {
        let (at, stop) = stop_of(run, n)?;
        let back = run.course == Course::Back;
        let waits = match &stop.state {
            StopState::Open => !back,
            StopState::Confirmed { .. } => back,
            _ => false,
        };
        if !waits {
            return refuse("this place waits for nothing", "Look at the list again.");
        }
        if !back && !self.shown(run)?.made {
            return refuse("there is no new key yet", "Go on with the run first.");
        }
        let now = self.now();
        let (to, state, words) = if back {
            (run.old, StopState::Open, format!("The old key is back in: {}.", stop.what))
        } else {
            (run.new, StopState::Confirmed { at: now }, format!("Done by hand: {}.", stop.what))
        };
        match stop.placement {
            Some(id) => self.hand_over(run, id, to, state)?,
            None => self.move_noted(run, at, to, state)?,
        }
        self.decided(run.id, run.step, &words, |_| ())
    }

    /// A use that was noted in words goes over to the other key.
    fn move_noted(
        &self,
        run: &Rotation,
        at: usize,
        to: keywright_model::KeyId,
        state: StopState,
    ) -> Result<(), Error> {
        let from = if to == run.new { run.old } else { run.new };
        let what = run.places.get(at).map(|stop| stop.what.clone()).unwrap_or_default();
        let (mut from, mut to) =
            self.read(|vault| Ok((find(vault, from)?.clone(), find(vault, to)?.clone())))?;
        let is_it = |noted: &NotedUse| {
            noted.placement.is_none() && words_of(&noted.client, &noted.place) == what
        };
        to.uses.extend(from.uses.extract_if(.., |noted| is_it(noted)));
        self.update_run_and(
            run.id,
            |run| {
                if let Some(stop) = run.places.get_mut(at) {
                    stop.state = state;
                }
            },
            |change| {
                change.put_key(&from)?;
                change.put_key(&to)
            },
        )
        .map(drop)
    }

    fn leave_out(&self, run: &Rotation, n: u32, reason: &str) -> Result<(), Error> {
        let (at, stop) = stop_of(run, n)?;
        if stop.state != StopState::Open || run.course == Course::Back {
            return refuse("this place is done already", "Look at the list again.");
        }
        let why = reason.trim().to_owned();
        let words = format!("Left out: {}.", stop.what);
        self.decided(run.id, run.step, &words, move |run| {
            if let Some(stop) = run.places.get_mut(at) {
                stop.state = StopState::LeftOut { why };
            }
        })
    }

    /// Goes on although places are not verified. Recorded with what was typed for it.
    fn override_it(&self, run: &Rotation, typed: &str, reason: String) -> Result<(), Error> {
        let open = unverified(run);
        if open.is_empty() || run.verified.is_some() || run.course == Course::Back {
            return refuse("there is nothing to override", "Go on with the run.");
        }
        if !self.shown(run)?.made {
            return refuse("there is no new key yet", "Go on with the run first.");
        }
        if typed.trim() != run.title {
            return Err(Error::Invalid(vec![FieldProblem {
                field: "typed".into(),
                message: format!("type “{}” to go on without: {}", run.title, open.join("; ")),
            }]));
        }
        let what = open.join("; ");
        let key = self.read(|vault| Ok(find(vault, run.old)?.clone()))?;
        let kind = EventKind::RotationOverridden { what: what.clone(), reason: reason.clone() };
        let event = self.key_event(&key, kind);
        let at = self.now();
        let line = (Step::Verify, "Overridden, in typed words.");
        self.decided_and(run.id, line, Some(event), move |run| {
            for stop in run.places.iter_mut().filter(|stop| stop.state == StopState::Open) {
                if !matches!(stop.todo, keywright_model::rotation::Todo::Leave { .. }) {
                    stop.state = StopState::LeftOut { why: "overridden".into() };
                }
            }
            run.overrides.push(Override { at, what, reason });
        })
    }

    fn end_grace(&self, run: &Rotation) -> Result<(), Error> {
        let now = self.now();
        if run.step != Step::Grace || run.course == Course::Back {
            return refuse("no time of grace goes on", "Go on with the run.");
        }
        self.decided(run.id, Step::Grace, "The time of grace ends now.", |run| {
            run.grace_until = Some(now);
        })
    }

    fn told_revoked(&self, run: &Rotation) -> Result<(), Error> {
        let step = next(run, &self.shown(run)?, self.now());
        if !matches!(step, Step::Revoke | Step::RevokeNew) {
            return refuse("the run does not wait for a revocation", "Look at what it waits for.");
        }
        let connection = self.connection(run.connection)?;
        if self.guide(&connection, keywright_platforms::GuidedAct::Revoke)?.is_none() {
            return refuse("this platform's keys are revoked from here", "Go on with the run.");
        }
        self.ended_by_hand(run, step)?;
        self.decided(run.id, step, "Somebody revoked it in the dashboard.", |_| ())
    }

    /// Ends the run as it is. What is left is told.
    fn finish_by_hand(&self, run: &Rotation, reason: String) -> Result<(), Error> {
        let shown = self.shown(run)?;
        let works = |status: Status| !matches!(status, Status::Revoking | Status::Revoked);
        let mut left = Vec::new();
        if shown.made && works(shown.new) && works(shown.old) {
            left.push("both keys work".to_owned());
        }
        let open = unverified(run);
        if !open.is_empty() {
            left.push(format!("not done: {}", open.join("; ")));
        }
        if shown.in_doubt() {
            left.push("an answer of the platform was lost; its operation stays open".into());
        }
        let mut why = reason.trim().to_owned();
        if !left.is_empty() {
            if !why.is_empty() {
                why.push_str(". ");
            }
            why.push_str(&left.join("; "));
        }
        let key = self.read(|vault| Ok(vault.index().key(run.old).cloned()))?;
        let event =
            key.map(|key| self.key_event(&key, EventKind::RotationClosed { why: why.clone() }));
        self.decided_and(run.id, (run.step, "Finished by hand."), event, |run| {
            run.state = RotationState::Closed { why };
        })
    }

    /// Writes down a person's decision.
    fn decided(
        &self,
        id: RotationId,
        step: Step,
        words: &str,
        change_it: impl FnOnce(&mut Rotation),
    ) -> Result<(), Error> {
        self.decided_and(id, (step, words), None, change_it)
    }

    /// The same, with a line in the log, all in one transaction.
    fn decided_and(
        &self,
        id: RotationId,
        (step, words): (Step, &str),
        event: Option<Event>,
        change_it: impl FnOnce(&mut Rotation),
    ) -> Result<(), Error> {
        let now = self.now();
        self.update_run_and(
            id,
            |run| {
                run.state = RotationState::Running;
                change_it(run);
                run.note(step, Outcome::Decided, words.to_owned(), now);
            },
            |change| event.iter().try_for_each(|event| change.log(event)),
        )
        .map(drop)
    }
}

/// Why a run cannot be taken back.
pub(super) fn no_way_back(vault: &Vault, run: &Rotation) -> Option<&'static str> {
    let index = vault.index();
    let ended = index.key(run.old).is_none_or(|key| {
        key.gone_since.is_some() || matches!(key.status, Status::Revoking | Status::Revoked)
    });
    if ended {
        return Some("the old key is at its end already, so there is nothing to go back to");
    }
    let replaces = match run.plan {
        PlanKind::CreateThenRevoke | PlanKind::Guided => return None,
        PlanKind::InPlace => run.by_id.is_some(),
        // The old secret works for now whether it was replaced or not.
        PlanKind::Overlap => run
            .lines
            .iter()
            .any(|line| line.step == Step::Create && line.outcome == Outcome::Failed),
    };
    let create = run.create.and_then(|id| index.operation(id));
    let in_doubt = create.is_some_and(|create| create.state.is_open());
    (replaces || in_doubt).then_some(
        "the old secret was replaced, or that is in doubt, so there may be nothing to go back to",
    )
}

/// Places whose new key nobody verified, and what else is open.
pub(super) fn unverified(run: &Rotation) -> Vec<String> {
    use keywright_model::rotation::Todo;
    let open = |stop: &&Stop| {
        !matches!(stop.todo, Todo::Leave { .. })
            && matches!(stop.state, StopState::Open | StopState::LeftOut { .. })
    };
    let open = run.places.iter().filter(open).map(|stop| stop.what.clone());
    open.chain(run.doubts.iter().cloned()).collect()
}

fn stop_of(run: &Rotation, n: u32) -> Result<(usize, &Stop), Error> {
    let at = usize::try_from(n).unwrap_or(usize::MAX);
    run.places.get(at).map(|stop| (at, stop)).ok_or(Error::NotFound { what: "place" })
}

fn refuse<T>(why: &str, advice: &str) -> Result<T, Error> {
    Err(Error::NotPossible { why: why.into(), advice: advice.into() })
}
