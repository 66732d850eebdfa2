//! What a run did, step by step: for the window, and as a text to give away. Holds no secret.

use std::fmt::Write as _;

use keywright_model::{
    Key, Rotation, RotationId, RotationState,
    key::Proof,
    rotation::{Course, Outcome, Step},
};
use keywright_platforms::GuidedAct;

use super::{
    act::unverified,
    end::seconds,
    rows::{number, steps_of},
    words,
};
use crate::{
    Error, Service,
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
                last: last.map(|line| line.words.clone()).unwrap_or_default(),
                at: last.map(|line| line.at),
            }
        })
        .collect()
}

fn markdown(report: &RotationReport) -> String {
    let row = &report.row;
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("# Replacement of “{}”", row.title));
    line("");
    line(&row.words);
    line("");
    line(&format!("- Platform: {}", row.connection_name));
    line(&format!("- Asked: {}", row.asked.format("%Y-%m-%d %H:%M:%S UTC")));
    line(&format!("- Last change: {}", row.changed.format("%Y-%m-%d %H:%M:%S UTC")));
    if !report.reason.is_empty() {
        line(&format!("- Why: {}", report.reason));
    }
    line(&format!("- New key: {}", report.name));
    if !report.scopes.is_empty() {
        line(&format!("- Scopes: {}", report.scopes.join(", ")));
    }
    line("");
    line("## Steps");
    line("");
    for step in &report.steps {
        let mark = match step.fate {
            StepFate::Done => "x",
            _ => " ",
        };
        let mut text = format!("- [{mark}] {}", step.words);
        if !step.last.is_empty() {
            let _ = write!(text, ": {}", step.last);
        }
        line(&text);
    }
    if !report.stops.is_empty() {
        line("");
        line("## Places");
        line("");
        for stop in &report.stops {
            line(&format!("- {}: {}", stop.what, stop.words));
        }
    }
    line("");
    line("## Proof");
    line("");
    let back = row.course == Course::Back;
    line(&proof_words(if back { &report.new_end } else { &report.old_end }, back));
    if !report.verified_by.is_empty() {
        line("");
        line(&format!("The new key: {}", report.verified_by));
    }
    for overridden in &report.overrides {
        line("");
        line(&format!(
            "Overridden on {}: {}. {}",
            overridden.at.format("%Y-%m-%d %H:%M"),
            overridden.what,
            overridden.reason
        ));
    }
    line("");
    line("## Record");
    line("");
    for entry in report.lines.iter().filter(|line| line.outcome != Outcome::Began) {
        let at = entry.at.format("%H:%M:%S");
        line(&format!("- {at} {}: {}", words::step(entry.step, row.plan), entry.words));
    }
    out
}

fn proof_words(end: &KeyEnd, back: bool) -> String {
    let which = if back { "The new key" } else { "The old key" };
    match (end.proof, end.window_ms) {
        (Proof::Refused, Some(window)) => format!(
            "{which} was refused several times in a row; the first refusal came {} after the \
             revocation.",
            seconds(window)
        ),
        (Proof::Refused, None) => format!("{which} was refused several times in a row."),
        (Proof::Unlisted, _) => format!("{which} is no longer in the platform's list."),
        (Proof::Told, _) => format!("A person says that {} was revoked.", which.to_lowercase()),
        (Proof::None, _) if end.requested.is_some() => {
            format!("{which} is being revoked; it is not proved dead yet.")
        }
        (Proof::None, _) => format!("{which} was not revoked."),
    }
}
