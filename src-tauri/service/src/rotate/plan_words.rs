//! A plan in words: its steps, what will happen, what to know before.

use keywright_model::{
    Key,
    rotation::{PlanKind, Step, Todo},
};
use keywright_platforms::Profile;

use super::{
    ways::{covered, order},
    words,
};
use crate::wire::{PlannedStep, PlannedStop, RotateKey};

/// What to know before a run begins.
pub(super) fn warnings(
    key: &Key,
    request: &RotateKey,
    plan: PlanKind,
    places: &[PlannedStop],
) -> Vec<String> {
    let mut warnings = Vec::new();
    if plan == PlanKind::InPlace {
        warnings.push(
            "The old secret dies the moment the new one is made: until every place has the \
             new one, what uses it fails."
                .into(),
        );
    }
    if request.revoke_first {
        warnings.push(
            "The old key ends first: what uses it stops until its place has the new one.".into(),
        );
    }
    if places.is_empty() {
        warnings.push(
            "Keywright knows no place of this key. Scan this machine, or note where it is \
             used, before you go on: what is not known is not changed."
                .into(),
        );
    }
    let broader = request.scopes.as_ref().is_some_and(|scopes| {
        !key.scopes.is_empty() && scopes.iter().any(|scope| !covered(scope, &key.scopes))
    });
    if broader {
        warnings.push("The new key may do things that the old one may not.".into());
    }
    for place in places {
        let Some(change) = &place.change else { continue };
        if !change.refused.is_empty() {
            warnings.push(format!("{}: {}", place.what, change.refused));
        }
    }
    warnings.extend(of_files(places));
    warnings
}

/// What is to be known of the files: what is the same for several is told once.
fn of_files(places: &[PlannedStop]) -> Vec<String> {
    let mut told: Vec<(&str, Vec<&PlannedStop>)> = Vec::new();
    for place in places {
        for warning in place.change.iter().flat_map(|change| &change.warnings) {
            match told.iter_mut().find(|(words, _)| *words == warning.words) {
                Some((_, of)) => of.push(place),
                None => told.push((&warning.words, vec![place])),
            }
        }
    }
    let named = |(words, of): (&str, Vec<&PlannedStop>)| match of.as_slice() {
        [one] => format!("{}: {words}", one.what),
        several => {
            let names = several.iter().filter_map(|place| place.change.as_ref());
            let names: Vec<&str> = names.map(|change| change.client_name.as_str()).collect();
            format!("{} places ({}): {words}", several.len(), names.join(", "))
        }
    };
    told.into_iter().map(named).collect()
}

/// The steps of a plan, in order.
pub(super) fn steps(plan: PlanKind, request: &RotateKey) -> Vec<PlannedStep> {
    order(plan, request.revoke_first, request.grace_s > 0)
        .into_iter()
        .map(|step| PlannedStep {
            step,
            words: words::step(step, plan).to_owned(),
            by_hand: plan == PlanKind::Guided && matches!(step, Step::Create | Step::Revoke),
        })
        .collect()
}

/// What will happen, a sentence each.
pub(super) fn sentences(
    plan: PlanKind,
    request: &RotateKey,
    places: &[PlannedStop],
    profile: &Profile,
    provable: bool,
) -> Vec<String> {
    let name = &profile.name;
    let count = |todo: fn(&Todo) -> bool| places.iter().filter(|place| todo(&place.todo)).count();
    let files = count(|todo| matches!(todo, Todo::Write | Todo::Store));
    let by_hand = count(|todo| *todo == Todo::Confirm);
    let mut sentences = vec![match plan {
        PlanKind::CreateThenRevoke => format!("{name} makes a new key with the same rights."),
        PlanKind::InPlace => format!("{name} replaces the secret, and the old one dies at once."),
        PlanKind::Overlap => {
            format!("{name} replaces the secret and lets the old one work on for a while.")
        }
        PlanKind::Guided => {
            format!("You make the new key in {name}'s dashboard and bring it here.")
        }
    }];
    sentences.push(match (files, by_hand) {
        (0, 0) => "No place of the old key is known, so no file is changed.".into(),
        (files, 0) => {
            format!("{} {} updated, all of them or none.", places_words(files), is(files))
        }
        (0, by_hand) => format!("{} you change by hand and confirm.", places_words(by_hand)),
        (files, by_hand) => format!(
            "{} {} updated, all of them or none; {by_hand} more you change by hand and confirm.",
            places_words(files),
            is(files)
        ),
    });
    if request.revoke_first {
        sentences.push("The old key ends first, because it leaked.".into());
    } else if plan != PlanKind::InPlace {
        sentences.push("Nothing is revoked before all of them work.".into());
    }
    if request.grace_s > 0 && !request.revoke_first {
        sentences.push(format!("Then the old key is kept for {}.", span(request.grace_s)));
    }
    sentences.push(if provable {
        format!("At last the old key is tried until {name} refuses it: that is the proof.")
    } else {
        "At last the old key ends; nothing here can try it.".into()
    });
    sentences
}

fn places_words(count: usize) -> String {
    if count == 1 { "1 place".into() } else { format!("{count} places") }
}

const fn is(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// Seconds as people say them.
pub(super) fn span(seconds: u32) -> String {
    let (count, unit) = match seconds {
        s if s >= 86_400 && s % 86_400 == 0 => (s / 86_400, "day"),
        s if s >= 3_600 && s % 3_600 == 0 => (s / 3_600, "hour"),
        s if s >= 60 && s % 60 == 0 => (s / 60, "minute"),
        s => (s, "second"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}
