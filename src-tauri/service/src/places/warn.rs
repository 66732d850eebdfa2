//! What a person should know before a file is written, and what is not written at all.

use keywright_clients::{
    Definition,
    definition::{Caution, FormKind, Rewrites},
    git::Tracked,
    process,
};
use keywright_model::{Key, PlacementForm, Status};

use super::plan::{Planned, Refused};
use crate::wire::PlaceWarning;

/// Refuses to write under a client that would throw the change away.
pub(super) fn running(client: &Definition) -> Result<(), Refused> {
    let Rewrites::Owns(loses) = &client.rewrites else { return Ok(()) };
    if process::running(&client.processes).is_none_or(|running| running.is_empty()) {
        return Ok(());
    }
    Err(Refused::new(
        format!("{} is running, and it would lose the change: {loses}", client.name),
        format!("Quit {} wholly, from its tray icon too, and try again.", client.name),
    ))
}

/// What a person should know besides what the definition says.
pub(super) fn warnings(planned: &Planned, key: &Key) -> Vec<PlaceWarning> {
    let mut warnings = Vec::new();
    let mut warn = |stops: bool, words: String| warnings.push(PlaceWarning { words, stops });
    if matches!(key.status, Status::Revoking | Status::Revoked) {
        warn(true, "This key was revoked: a client that gets it is refused.".into());
    }
    if planned.form == PlacementForm::Literal
        && let Some((stops, words)) = in_git(planned.tracked)
    {
        warn(stops, words.into());
    }
    if let Rewrites::Sometimes(what) = &planned.client.rewrites {
        let running = process::running(&planned.client.processes).unwrap_or_default();
        if let Some(first) = running.first() {
            let name = &planned.client.name;
            warn(false, format!("{name} is running ({}): {what}", first.pid));
        }
    }
    if let Some(seen) = &planned.seen {
        if seen.facts.mode & 0o077 & !planned.rule.mode != 0
            && planned.form == PlacementForm::Literal
        {
            warn(
                false,
                format!(
                    "Others on this machine can read this file (mode {:03o}). Its mode is kept; \
                     0600 would keep the key to yourself.",
                    seen.facts.mode & 0o777
                ),
            );
        }
        if seen.facts.links > 1 {
            warn(
                true,
                format!(
                    "This file has {} names (hard links); only this one would get the change.",
                    seen.facts.links
                ),
            );
        }
    }
    if let Some(words) = platform_mismatch(planned, key) {
        warn(false, words);
    }
    warnings
}

/// What git makes of a key in a file, and whether that stops it.
const fn in_git(tracked: Tracked) -> Option<(bool, &'static str)> {
    match tracked {
        Tracked::Tracked => Some((
            true,
            "Git tracks this file: the key would be committed with it, and stay in the history. A \
             reference to an environment variable would not.",
        )),
        Tracked::Untracked => Some((
            false,
            "This file is in a git repository and is not ignored: take care not to commit it.",
        )),
        Tracked::Unknown => Some((
            true,
            "Whether git tracks this file could not be found out: the key might be committed with \
             it.",
        )),
        Tracked::NoRepository | Tracked::Ignored => None,
    }
}

fn platform_mismatch(planned: &Planned, key: &Key) -> Option<String> {
    let slot = planned.client.slots.iter().find(|slot| slot.id == planned.slot)?;
    let fits = slot.platforms.is_empty()
        || slot.platforms.iter().any(|platform| platform == key.platform.as_str());
    (!fits).then(|| {
        format!("{} expects a key of {} there.", planned.client.name, slot.platforms.join(" or "))
    })
}

pub(super) fn caution_words(client: &Definition, caution: &Caution) -> PlaceWarning {
    let words = match caution {
        Caution::Dollar => format!(
            "This key holds `$`: {} replaces what looks like a variable that is set.",
            client.name
        ),
        Caution::Shared => "This file is a project's and usually shared: a reference to an \
             environment variable does not give the key away."
            .to_owned(),
        Caution::AlsoThere { form, path } => format!(
            "The same place already has {} at {path}; it stays, and may win.",
            if *form == FormKind::Literal { "a key" } else { "a reference" }
        ),
    };
    PlaceWarning { words, stops: false }
}
