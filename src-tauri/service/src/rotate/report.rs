//! What a run did, step by step: for the window, and as a text to give away. Holds no secret.

use keywright_model::{
    Key, Rotation, RotationId, RotationState,
    rotation::{Outcome, Step},
};
use keywright_platforms::GuidedAct;

use super::{
    act::unverified,
    markdown::markdown,
    rows::{number, steps_of},
    words,
};
use crate::{
    Error, Service,
    error::sentence,
    wire::{
        ExportReport, KeyEnd, ReportFormat, ReportText, RotationActionKind, RotationReport,
        RotationStep, RotationStop, StepFate,
    },
};

impl Service {
    /// Everything about a run.
    pub fn rotation_report(&self, id: RotationId) -> Result<RotationReport, Error> {
        let run = self.rotation(id)?;
        let row = self.rotation_row(id)?;
        let (old, new) = self.read(|vault| {
            let end = |id| end_of(vault.index().key(id));
            Ok((end(run.old), end(run.new)))
        })?;
        let connection = self.connection(run.connection).ok();
        let act = match row.actions.first() {
            Some(RotationActionKind::BringSecret) => Some(GuidedAct::Create),
            Some(RotationActionKind::Revoked) => Some(GuidedAct::Revoke),
            _ => None,
        };
        let guide = match (connection, act) {
            (Some(connection), Some(act)) => self.guide(&connection, act)?,
            _ => None,
        };
        let open = unverified(&run);
        let overridable = row.actions.contains(&RotationActionKind::Override);
        Ok(RotationReport {
            row,
            reason: run.reason.clone(),
            name: run.wish.name.clone(),
            scopes: run.wish.scopes.clone(),
            lifetime: run.wish.lifetime,
            revoke_first: run.revoke_first,
            stops: run
                .places
                .iter()
                .enumerate()
                .map(|(n, stop)| RotationStop {
                    n: number(n),
                    placement: stop.placement,
                    what: stop.what.clone(),
                    todo: stop.todo.clone(),
                    state: stop.state.clone(),
                    words: words::stop(&stop.todo, &stop.state),
                })
                .collect(),
            steps: steps(&run),
            lines: run.lines.clone(),
            overrides: run.overrides.clone(),
            verified: run.verified,
            verified_by: run.verified_by.clone(),
            grace_until: run.grace_until,
            old_end: old,
            new_end: new,
            guide,
            type_to_override: overridable.then(|| run.title.clone()),
            unverified: open,
        })
    }

    /// The report as a text to give away.
    pub fn export_report(&self, request: ExportReport) -> Result<ReportText, Error> {
        let ExportReport { rotation, format } = request;
        let report = self.rotation_report(rotation)?;
        let stem: String = report
            .row
            .title
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' })
            .collect();
        let day = report.row.asked.format("%Y-%m-%d");
        let (ending, text) = match format {
            ReportFormat::Markdown => ("md", markdown(&report)),
            ReportFormat::Json => {
                let text = serde_json::to_string_pretty(&report)
                    .map_err(|_| Error::NotFound { what: "report" })?;
                ("json", text + "\n")
            }
        };
        Ok(ReportText { name: format!("rotation-{stem}-{day}.{ending}"), text })
    }
}

fn end_of(key: Option<&Key>) -> KeyEnd {
    let revocation = key.and_then(|key| key.revocation.as_ref());
    KeyEnd {
        status: key.map(|key| key.status).unwrap_or_default(),
        requested: revocation.map(|revocation| revocation.requested),
        proved: revocation.and_then(|revocation| revocation.proved),
        proof: revocation.map(|revocation| revocation.proof).unwrap_or_default(),
        window_ms: revocation.and_then(|revocation| revocation.window_ms),
        overdue: revocation.is_some_and(|revocation| revocation.overdue),
    }
}

/// The steps of a run with how far each is.
fn steps(run: &Rotation) -> Vec<RotationStep> {
    let order = steps_of(run);
    let at = match run.step {
        Step::Settle => Step::Create,
        step => step,
    };
    let place = order.iter().position(|step| *step == at);
    let ended = matches!(run.state, RotationState::Done | RotationState::TakenBack);
    order
        .iter()
        .enumerate()
        .map(|(n, step)| {
            let own = |line: &&keywright_model::rotation::StepLine| {
                line.step == *step && line.outcome != Outcome::Began
            };
            let last = run.lines.iter().rev().find(own);
            let fate = match (&run.state, place) {
                _ if ended => StepFate::Done,
                (_, Some(place)) if n < place => StepFate::Done,
                (RotationState::Waiting { .. }, Some(place)) if n == place => StepFate::Waits,
                (RotationState::Running, Some(place)) if n == place => StepFate::Running,
                (_, None) if run.step == Step::Close => StepFate::Done,
                (RotationState::Closed { .. }, _) => StepFate::Skipped,
                _ => StepFate::Ahead,
            };
            let skipped = fate == StepFate::Done && last.is_none();
            RotationStep {
                step: *step,
                words: words::step(*step, run.plan).to_owned(),
                fate: if skipped { StepFate::Skipped } else { fate },
                last: last.map(|line| sentence(&line.words)).unwrap_or_default(),
                at: last.map(|line| line.at),
            }
        })
        .collect()
}
