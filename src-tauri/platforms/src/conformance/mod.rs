//! Does a profile tell the truth about a platform? A run makes a key there, looks
//! at it, changes it, ends it and proves it dead, all through the [`Connector`]
//! that the product uses, and tells check by check what was so. What it makes it
//! ends, also when a check fails in between; what it could not end is named.
//!
//! A run has to be driven to its end: one that is dropped half-way ends nothing.

mod change;
mod compare;
mod ending;
mod hostile;
mod life;
mod lists;
mod loopback;
mod plan;
mod proof;
mod report;
mod rubbish;

use std::time::Duration;

use chrono::{DateTime, Utc};
use keywright_model::{Expiry, RemoteKey, Secret};
use tokio::time::Instant;

pub use plan::Plan;
pub use report::{Check, Leftover, Outcome, Report, Step};

use crate::{CallError, Capability, Connector};
use ending::Made;
use plan::Chosen;
use report::skipped;

/// What is put to the test. Things that the platform asks for at call time go with
/// the connector ([`Connector::with_answer`]).
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The connection.
    pub connector: &'a Connector,
    /// The management credential, where the platform has one.
    pub credential: Option<&'a Secret>,
    /// A living key, for platforms where none can be made by API. It is tried and
    /// never changed.
    pub key: Option<&'a Secret>,
}

/// Time, as the caller has it.
pub trait Clock: Sync {
    /// What time it is.
    fn now(&self) -> DateTime<Utc>;

    /// Waits.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()> + Send;
}

/// Runs every check that applies and tells each as it ends.
pub async fn run(
    subject: Subject<'_>,
    plan: &Plan,
    clock: &impl Clock,
    progress: &mut (dyn FnMut(&Check) + Send),
) -> Report {
    let plan = plan.choose(subject.connector);
    let mut run =
        Run { subject, plan, clock, before: None, created: None, made: Vec::new(), newest: None };
    let mut report = Report::default();
    let mut pages_wait = false;
    for step in Step::ALL {
        if step == Step::Pages && run.has_too_few_for_pages() {
            pages_wait = true;
            continue;
        }
        if step == Step::Untouched {
            report.leftovers = run.end_all().await;
        }
        run.check(step, &mut report, progress).await;
        if step == Step::ReadBack && pages_wait {
            run.check(Step::Pages, &mut report, progress).await;
        }
    }
    report
}

/// A run in the middle.
struct Run<'a, C> {
    subject: Subject<'a>,
    plan: Chosen,
    clock: &'a C,
    /// The keys that were there before, where the list could be read.
    before: Option<Vec<RemoteKey>>,
    /// What the answer to the create told, and when the key is to end.
    created: Option<(RemoteKey, Expiry)>,
    /// Everything that was made.
    made: Vec<Made>,
    /// The one of them that is looked at.
    newest: Option<usize>,
}

impl<'a, C: Clock> Run<'a, C> {
    async fn check(
        &mut self,
        step: Step,
        report: &mut Report,
        progress: &mut (dyn FnMut(&Check) + Send),
    ) {
        let started = Instant::now();
        let outcome = self.outcome(step).await.map_or_else(|ended| ended, |()| Outcome::Passed);
        let check = Check { step, outcome, took: started.elapsed() };
        progress(&check);
        report.checks.push(check);
    }

    async fn outcome(&mut self, step: Step) -> Result<(), Outcome> {
        match step {
            Step::List => self.lists().await,
            Step::Pages => self.pages().await,
            Step::Create => self.create().await,
            Step::ReadBack => self.read_back().await,
            Step::Relabel => self.relabel().await,
            Step::Alive => self.alive().await,
            Step::HoldBack => self.hold_back().await,
            Step::Rotate => self.rotate().await,
            Step::Revoke => self.revoke().await,
            Step::Dead => self.dead().await,
            Step::RevokeAgain => self.revoke_again().await,
            Step::Rubbish => self.rubbish().await,
            Step::Words => self.words().await,
            Step::RateLimit | Step::TooLarge | Step::Redirect | Step::Nonsense => {
                self.hostile(step).await
            }
            Step::Untouched => self.untouched().await,
        }
    }

    const fn connector(&self) -> &'a Connector {
        self.subject.connector
    }

    fn can(&self, capability: Capability) -> bool {
        let connector = self.connector();
        connector.profile().can_on(capability, connector.variables())
    }

    /// The credential, or why the check cannot be run.
    fn credential(&self, needed: Capability) -> Result<&'a Secret, Outcome> {
        if !self.can(needed) {
            return Err(skipped(format!("it cannot {} by its API", needed.words())));
        }
        self.subject.credential.ok_or_else(|| skipped("no management credential was given"))
    }
}

/// Whether a failure leaves open what happened.
fn is_open(error: &CallError) -> bool {
    error.effect() == crate::Effect::Unknown
}
