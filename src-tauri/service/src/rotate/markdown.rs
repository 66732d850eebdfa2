//! A report as a text for people.

use keywright_model::{
    key::Proof,
    rotation::{Course, Outcome},
};

use super::{steps::end::seconds, words};
use crate::wire::{KeyEnd, RotationReport, StepFate};

/// The whole report in Markdown.
pub(super) fn markdown(report: &RotationReport) -> String {
    let parts = [head(report), steps(report), places(report), proof(report), record(report)];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.map(|part| part.join("\n") + "\n").collect::<Vec<_>>().join("\n")
}

fn head(report: &RotationReport) -> Vec<String> {
    let row = &report.row;
    let at = "%Y-%m-%d %H:%M:%S UTC";
    let mut lines = vec![
        format!("# Replacement of “{}”", row.title),
        String::new(),
        row.words.clone(),
        String::new(),
        format!("- Platform: {}", row.connection_name),
        format!("- Asked: {}", row.asked.format(at)),
        format!("- Last change: {}", row.changed.format(at)),
        format!("- New key: {}", report.name),
    ];
    if !report.reason.is_empty() {
        lines.push(format!("- Why: {}", report.reason));
    }
    if !report.scopes.is_empty() {
        lines.push(format!("- Scopes: {}", report.scopes.join(", ")));
    }
    lines
}

fn steps(report: &RotationReport) -> Vec<String> {
    let line = |step: &crate::wire::RotationStep| {
        let mark = if step.fate == StepFate::Done { "x" } else { " " };
        let last = if step.last.is_empty() { String::new() } else { format!(": {}", step.last) };
        format!("- [{mark}] {}{last}", step.words)
    };
    titled("## Steps", report.steps.iter().map(line))
}

fn places(report: &RotationReport) -> Vec<String> {
    if report.stops.is_empty() {
        return Vec::new();
    }
    let lines = report.stops.iter().map(|stop| format!("- {}: {}", stop.what, stop.words));
    titled("## Places", lines)
}

fn proof(report: &RotationReport) -> Vec<String> {
    let back = report.row.course == Course::Back;
    let mut lines = vec![proof_words(if back { &report.new_end } else { &report.old_end }, back)];
    if !report.verified_by.is_empty() {
        lines.push(format!("\nThe new key: {}", report.verified_by));
    }
    lines.extend(report.overrides.iter().map(|overridden| {
        let at = overridden.at.format("%Y-%m-%d %H:%M");
        format!("\nOverridden on {at}: {}. {}", overridden.what, overridden.reason)
    }));
    titled("## Proof", lines)
}

fn record(report: &RotationReport) -> Vec<String> {
    let told = report.lines.iter().filter(|line| line.outcome != Outcome::Began);
    let line = |entry: &keywright_model::rotation::StepLine| {
        let step = words::step(entry.step, report.row.plan);
        format!("- {} {step}: {}", entry.at.format("%H:%M:%S"), entry.words)
    };
    titled("## Record", told.map(line))
}

fn titled(title: &str, lines: impl IntoIterator<Item = String>) -> Vec<String> {
    [title.to_owned(), String::new()].into_iter().chain(lines).collect()
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
