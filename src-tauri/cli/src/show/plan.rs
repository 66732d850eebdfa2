//! What replacing a key would do, in words.

use keywright_model::rotation::Todo;
use keywright_service::wire::{PlannedStop, RotationPlan};

use crate::{
    commands::key::guide_words,
    show::{
        change,
        out::{Out, Tone},
        rotation,
        words::{self, clean},
    },
};

/// The plan: its sentences, its steps, each place with what would change, what to know before.
pub(crate) fn told(out: &Out, plan: &RotationPlan) -> String {
    let title = out.paint(Tone::Strong, &clean(&plan.title));
    let mut lines = vec![format!(
        "{title}  {}",
        clean(&format!("{} · {}", plan.platform_name, plan.connection_name))
    )];
    lines.extend(plan.sentences.iter().map(|sentence| format!("  {}", clean(sentence))));
    lines.push(String::new());
    lines.extend(facts(plan).into_iter().map(|(name, value)| {
        let name = out.paint(Tone::Faint, &format!("{name:<8}"));
        format!("  {name}  {}", clean(&value))
    }));
    lines.push(String::new());
    for (at, step) in plan.steps.iter().enumerate() {
        let by = if step.by_hand { " (you)" } else { "" };
        lines.push(format!("  {:>2}. {}{by}", at + 1, clean(&step.words)));
    }
    for place in &plan.places {
        lines.extend(place_lines(out, place));
    }
    if let Some(guide) = &plan.guide {
        lines.push(String::new());
        lines.extend(guide_words(guide).iter().map(|line| clean(line)));
    }
    let warnings = warnings(plan);
    if !warnings.is_empty() {
        lines.push(String::new());
    }
    lines.extend(warnings);
    lines.join("\n") + "\n"
}

fn facts(plan: &RotationPlan) -> Vec<(&'static str, String)> {
    let mut facts = vec![("way", way(plan)), ("new key", plan.name.clone())];
    if !plan.scopes.is_empty() {
        facts.push(("scopes", plan.scopes.join(" ")));
    }
    facts.push(("ends", words::lifetime(plan.lifetime)));
    if !plan.blast.sentence.is_empty() {
        facts.push(("reaches", plan.blast.sentence.clone()));
    }
    facts
}

fn way(plan: &RotationPlan) -> String {
    let others = plan.plans.iter().filter(|other| **other != plan.plan);
    let others: Vec<&str> = others.map(|other| rotation::plan(*other)).collect();
    match others.as_slice() {
        [] => rotation::plan(plan.plan).into(),
        _ => format!("{} (--as {})", rotation::plan(plan.plan), others.join(", --as ")),
    }
}

fn place_lines(out: &Out, place: &PlannedStop) -> Vec<String> {
    let todo = match &place.todo {
        Todo::Write => "is written".into(),
        Todo::Store => "is set by its platform's API".into(),
        Todo::Follow => "is a reference, which stays".into(),
        Todo::Confirm => "you change it there, and confirm".into(),
        Todo::Leave { why } => why.trim_end_matches('.').to_owned(),
    };
    let what = out.paint(Tone::Strong, &clean(&place.what));
    let mut lines = vec![String::new(), format!("{what}: {}", clean(&todo))];
    lines.extend(place.change.iter().flat_map(|change| change::inside(out, change)));
    lines
}

/// What to know before, and what stands against it. A warning that a place tells is not told twice.
fn warnings(plan: &RotationPlan) -> Vec<String> {
    let of_place =
        |warning: &&String| plan.places.iter().any(|place| warning.starts_with(&place.what));
    let own = plan.warnings.iter().filter(|warning| !of_place(warning));
    let careful = own.chain(&plan.blast.dangers).map(|warning| clean(&format!("▲ {warning}")));
    let wrong = plan.problems.iter().map(|wrong| format!("{}: {}", wrong.field, wrong.message));
    let against = plan.blocked.iter().cloned().chain(wrong);
    careful.chain(against.map(|why| clean(&format!("■ {why}")))).collect()
}
