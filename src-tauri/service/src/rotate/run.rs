//! A run at work: one step after another, each written down before and after.

use std::time::Duration;

use futures::{StreamExt, stream};
use keywright_model::{
    RotationId, RotationState,
    rotation::{Course, Outcome, Step, Wait, next},
};
use keywright_platforms::CallError;

use super::words;
use crate::{
    Error, Service,
    wire::{Progress, RotationRow},
};

/// Steps of one run before it must have ended or wait: more means that it turns in a circle.
const MOST_STEPS: usize = 60;
/// Runs of many that are at work at the same time at the most.
pub(crate) const AT_ONCE: usize = 4;
/// Runs of many that are under way at the most: besides those at work, the ones that are only
/// proving an old key dead, which takes as long as the platform takes.
const UNDER_WAY: usize = 64;
/// How long a platform that asks for fewer calls, and does not say for how long, is left alone.
const PACE: Duration = Duration::from_secs(30);

/// What a step came to.
pub(super) enum Came {
    /// Done, with words for the record.
    Done(String),
    /// Not done; what comes next is decided by what the vault shows now.
    Again(String),
    /// It goes on when something happens.
    Waits(Waiting),
}

/// What a run waits for.
pub(super) struct Waiting {
    pub(super) wait: Wait,
    pub(super) why: String,
    pub(super) advice: String,
}

impl Came {
    /// Somebody has to do something.
    pub(super) fn person(why: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::waits(Wait::Person, why, advice)
    }

    pub(super) fn waits(wait: Wait, why: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Waits(Waiting { wait, why: why.into(), advice: advice.into() })
    }
}

/// A run that a task of this process is at work on. A task that is dropped in the midst leaves it.
struct AtWork<'a>(&'a Service, RotationId);

impl<'a> AtWork<'a> {
    /// None where another task is at work on it.
    fn begin(service: &'a Service, id: RotationId) -> Option<Self> {
        let begins = service.session().rotating.insert(id);
        begins.then(|| Self(service, id))
    }
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.session().rotating.remove(&self.1);
    }
}

impl Service {
    /// Has a run go on until it ends or waits, and tells how it stands then. One that is at work
    /// already is left alone.
    ///
    /// Must run inside a tokio runtime.
    pub async fn run_rotation(&self, id: RotationId) -> Result<RotationRow, Error> {
        let Some(at_work) = AtWork::begin(self, id) else { return self.rotation_row(id) };
        let ended = self.run_steps(id, false).await;
        drop(at_work);
        ended?;
        self.rotation_row(id)
    }

    /// The same without waiting for it. The result is in the run's record.
    pub fn run_rotation_in_background(&self, id: RotationId) {
        let service = self.clone();
        drop(tokio::spawn(async move { drop(service.run_rotation(id).await) }));
    }

    /// Has all runs go on that can: those that were cut short, whose time has come, or that waited
    /// for the network. The answer counts them.
    pub async fn resume_rotations(&self) -> Result<u32, Error> {
        let now = self.now();
        let ready: Vec<RotationId> = self.read(|vault| {
            let open = vault.index().rotations().filter(|run| match &run.state {
                RotationState::Queued
                | RotationState::Running
                | RotationState::Waiting { wait: Wait::Network, .. } => true,
                RotationState::Waiting { wait: Wait::Until(until), .. } => *until <= now,
                _ => false,
            });
            Ok(open.map(|run| run.id).collect())
        })?;
        let count = u32::try_from(ready.len()).unwrap_or(u32::MAX);
        self.run_many(ready, &|| ()).await;
        Ok(count)
    }

    /// Runs several, some at a time. `after_each` is called when one has ended or waits.
    pub(super) async fn run_many(&self, runs: Vec<RotationId>, after_each: &(dyn Fn() + Sync)) {
        stream::iter(runs)
            .for_each_concurrent(UNDER_WAY, |id| async move {
                if let Some(_at_work) = AtWork::begin(self, id) {
                    // What became of it stands in its record.
                    drop(self.run_steps(id, true).await);
                }
                after_each();
            })
            .await;
    }

    /// One of many takes turns with the others, but for the proof.
    async fn run_steps(&self, id: RotationId, takes_turns: bool) -> Result<(), Error> {
        for _ in 0..MOST_STEPS {
            let run = self.rotation(id)?;
            if !run.is_open() {
                return Ok(());
            }
            let step = next(&run, &self.shown(&run)?, self.now());
            let proves = matches!(step, Step::Prove | Step::ProveNew);
            let turn =
                if takes_turns && !proves { self.inner.turns.acquire().await.ok() } else { None };
            // It may have been stopped while it waited for its turn.
            if !self.rotation(id)?.is_open() {
                return Ok(());
            }
            self.began(id, step)?;
            let came = match self.do_step(id, step).await {
                Ok(came) => came,
                Err(error) => self.came_of(error)?,
            };
            drop(turn);
            if !self.note_step(id, step, came)? {
                return Ok(());
            }
        }
        self.note_step(
            id,
            Step::Settle,
            Came::person("it goes in a circle", "Look at the record, then finish it by hand."),
        )
        .map(drop)
    }

    /// The step is written down before it is done.
    fn began(&self, id: RotationId, step: Step) -> Result<(), Error> {
        let now = self.now();
        self.update_run(id, |run| {
            run.step = step;
            run.state = RotationState::Running;
            run.note(step, Outcome::Began, String::new(), now);
        })?;
        self.tell_moved(id);
        Ok(())
    }

    async fn do_step(&self, id: RotationId, step: Step) -> Result<Came, Error> {
        let run = self.rotation(id)?;
        if run.course == Course::Back
            && run.hold_back
            && let Some(came) = self.held_in_doubt(&run).await?
        {
            return Ok(came);
        }
        match step {
            Step::Check => self.check_step(run).await,
            Step::Settle => self.settle_step(run).await,
            Step::Create => self.create_step(run).await,
            Step::Place => self.place_step(run).await,
            Step::Verify => self.verify_step(run).await,
            Step::Grace => self.grace_step(run).await,
            Step::Revoke => self.end_step(&run, run.old).await,
            Step::Prove => self.prove_step(run.old).await,
            Step::Enable => self.enable_step(run).await,
            Step::PutBack => match self.nothing_to_go_back_to(&run, false).await? {
                Some(came) => Ok(came),
                None => self.put_back_step(run).await,
            },
            Step::RevokeNew => match self.nothing_to_go_back_to(&run, true).await? {
                Some(came) => Ok(came),
                None => self.end_step(&run, run.new).await,
            },
            Step::ProveNew => self.prove_step(run.new).await,
            Step::Close => self.close_step(run),
        }
    }

    /// An error as what a run waits for. What the vault itself refused ends the run for now: it
    /// goes on from its record.
    fn came_of(&self, error: Error) -> Result<Came, Error> {
        let failure = error.failure();
        let (why, advice) = (failure.what, failure.advice);
        match error {
            Error::Locked | Error::Vault(_) | Error::NoVault => Err(error),
            Error::WorkOffline | Error::Drafted => Ok(Came::waits(Wait::Network, why, advice)),
            Error::Call(CallError::RateLimited { retry_after }) => {
                let pause = retry_after.unwrap_or(PACE);
                let until = self.now() + pause;
                Ok(Came::waits(Wait::Until(until), why, "It goes on by itself."))
            }
            Error::Call(CallError::ServerFault { .. }) => {
                Ok(Came::waits(Wait::Network, why, advice))
            }
            Error::Call(call) if call.is_network() => Ok(Came::waits(Wait::Network, why, advice)),
            _ => Ok(Came::person(why, advice)),
        }
    }

    /// Writes down what a step came to. False when the run does not go on now.
    fn note_step(&self, id: RotationId, step: Step, came: Came) -> Result<bool, Error> {
        let now = self.now();
        let run = self.update_run(id, |run| match came {
            Came::Done(words) => run.note(step, Outcome::Done, words, now),
            Came::Again(words) => run.note(step, Outcome::Failed, words, now),
            Came::Waits(Waiting { wait, why, advice }) => {
                run.note(step, Outcome::Waits, why.clone(), now);
                run.state = RotationState::Waiting { wait, why, advice };
            }
        })?;
        self.tell_moved(id);
        Ok(run.state == RotationState::Running)
    }

    pub(super) fn tell_moved(&self, id: RotationId) {
        if let Ok(row) = self.rotation_row(id) {
            self.tell(Progress::Rotation(Box::new(row)));
        }
    }

    /// The last step: what became of the run.
    fn close_step(&self, run: keywright_model::Rotation) -> Result<Came, Error> {
        let back = run.course == Course::Back;
        let state = if back { RotationState::TakenBack } else { RotationState::Done };
        let kind = if back {
            keywright_model::EventKind::RotationTakenBack
        } else {
            keywright_model::EventKind::RotationDone
        };
        let old = self.read(|vault| Ok(vault.index().key(run.old).cloned()))?;
        let event = old.map(|key| self.key_event(&key, kind));
        self.update_run_and(
            run.id,
            |run| run.state = state,
            |change| event.iter().try_for_each(|event| change.log(event)),
        )?;
        Ok(Came::Done(words::closed(back).into()))
    }
}
