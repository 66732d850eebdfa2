//! Holding a profile against a live server, before anybody trusts it with keys.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use keywright_model::{Secret, expiry::Lifetime};
use keywright_platforms::{
    Connector, Profile,
    conformance::{self, Check, Outcome, Plan, Subject},
};

use crate::{
    Clock, Error, Service,
    create::answered,
    platform::read,
    wire::{AddPlatform, CheckLine, CheckOutcome, Conformance, FieldProblem, Variable},
};

/// What is put to the test, and with what.
#[derive(Default)]
pub struct Trial {
    /// Where the server is.
    pub base_url: String,
    /// The profile's variables.
    pub variables: Vec<Variable>,
    /// The management credential, where the platform has one.
    pub credential: Option<Secret>,
    /// A living key, where none can be made by API. It is tried and never changed.
    pub key: Option<Secret>,
    /// What the platform wants told each time.
    pub answers: Vec<(String, Secret)>,
    /// Scopes of the keys that are made; the least dangerous ones when empty.
    pub scopes: Vec<String>,
    /// Their life; the platform's first choice when none.
    pub lifetime: Option<Lifetime>,
}

/// The service's time, as the checks want it.
struct Time<'a>(&'a Clock);

impl conformance::Clock for Time<'_> {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    async fn sleep(&self, time: Duration) {
        self.0.sleep(time).await;
    }
}

impl Service {
    /// Runs every check that applies to a profile against a server, and tells each as it ends.
    /// Whatever it makes there it ends again. Needs no vault.
    pub async fn check_platform(
        &self,
        file: &AddPlatform,
        trial: Trial,
        mut told: impl FnMut(CheckLine) + Send,
    ) -> Result<Conformance, Error> {
        let profile = Arc::new(read(file)?);
        check_trial(&profile, &trial)?;
        let connector = self.trial_connector(&profile, &trial)?;
        let connector = answered(connector, trial.answers);
        let subject = Subject {
            connector: &connector,
            credential: trial.credential.as_ref(),
            key: trial.key.as_ref(),
        };
        let plan = Plan { name: String::new(), scopes: trial.scopes, lifetime: trial.lifetime };
        let clock = Time(&self.inner.clock);
        let report = conformance::run(subject, &plan, &clock, &mut |check| told(line(check))).await;
        Ok(Conformance {
            platform: profile.name.clone(),
            checks: report.checks.iter().map(line).collect(),
            leftovers: report
                .leftovers
                .iter()
                .map(|left| format!("{} ({}): {}", left.remote_id, left.name, left.why))
                .collect(),
        })
    }

    fn trial_connector(&self, profile: &Arc<Profile>, trial: &Trial) -> Result<Connector, Error> {
        let given = trial.variables.iter();
        let given = given.map(|variable| (variable.name.clone(), variable.value.trim().to_owned()));
        let variables = profile.resolve_variables(&given.collect())?;
        let base_url = if trial.base_url.is_empty() { &profile.base_url } else { &trial.base_url };
        let http = self.inner.http.clone();
        Ok(Connector::new(Arc::clone(profile), base_url, variables, http)?)
    }
}

/// What would make every check meaningless is told before the first call.
fn check_trial(profile: &Profile, trial: &Trial) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut problem = |field: &str, message: String| {
        problems.push(FieldProblem { field: field.to_owned(), message });
    };
    if profile.is_managed() && trial.credential.is_none() {
        problem("credential", format!("{} needs a management credential", profile.name));
    }
    if trial.base_url.is_empty() && profile.base_url.is_empty() {
        problem("base_url", "the profile names no address, so tell where the server is".into());
    }
    let given = trial.variables.iter();
    let given = given.map(|variable| (variable.name.clone(), variable.value.trim().to_owned()));
    let variables = profile.resolve_variables(&given.collect())?;
    if !trial.scopes.is_empty() {
        for wrong in profile.check_scopes(&variables, &trial.scopes) {
            problem("scopes", wrong.message);
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn line(check: &Check) -> CheckLine {
    let (outcome, why) = match &check.outcome {
        Outcome::Passed => (CheckOutcome::Passed, String::new()),
        Outcome::Failed { why } => (CheckOutcome::Failed, why.clone()),
        Outcome::Skipped { why } => (CheckOutcome::Skipped, why.clone()),
    };
    CheckLine {
        step: check.step.word().to_owned(),
        words: check.step.words().to_owned(),
        outcome,
        why,
        took_ms: u64::try_from(check.took.as_millis()).unwrap_or(u64::MAX),
    }
}
