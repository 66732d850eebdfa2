//! The log's lines in words.

use keywright_model::EventKind;

use crate::show::words;

/// What happened, in a sentence without its subject.
pub(crate) fn sentence(event: &EventKind) -> String {
    match event {
        EventKind::VaultCreated => "The vault was made.".into(),
        EventKind::Unlocked { by } => format!("The vault was opened by {by}."),
        EventKind::Locked => "The vault was locked.".into(),
        EventKind::Connected => "Connected.".into(),
        EventKind::Disconnected => "Disconnected.".into(),
        EventKind::Refreshed { new, changed, gone } => {
            format!("List read: {new} new, {changed} changed, {gone} gone.")
        }
        EventKind::KeyCreated => "Created; its secret was sealed.".into(),
        EventKind::KeyAdded => "Added.".into(),
        EventKind::KeyEdited { fields } => format!("Edited: {}.", fields.join(", ")),
        EventKind::SecretCopied => "Secret copied to the clipboard.".into(),
        EventKind::SecretRevealed => "Secret revealed.".into(),
        EventKind::Probed { verdict } => format!("Probed. {}", words::verdict(verdict)),
        EventKind::RevokeRequested { reason } if reason.is_empty() => {
            "Revocation asked for.".into()
        }
        EventKind::RevokeRequested { reason } => {
            format!("Revocation asked for. Reason: {reason}.")
        }
        EventKind::RevokeTold => {
            "Told to be revoked in the dashboard; nothing here can prove it.".into()
        }
        EventKind::RevokeWithdrawn => "Not revoked in the dashboard after all.".into(),
        EventKind::Relabelled { from, to } => format!("Renamed from “{from}” to “{to}”."),
        EventKind::Disabled => "Disabled: the platform holds it back.".into(),
        EventKind::Enabled => "Enabled again.".into(),
        EventKind::CredentialReplaced => "Its management credential was replaced.".into(),
        EventKind::PlatformAdded => "Platform added.".into(),
        EventKind::PlatformRemoved => "Platform removed.".into(),
        EventKind::RevokeProved { window_ms, probes } => format!(
            "Revoked, proved dead after {} by {}.",
            words::seconds(*window_ms),
            words::counted(*probes, "probe")
        ),
        EventKind::RevokeOverdue { after_s } => {
            format!("Still works {after_s} s after its revocation was accepted.")
        }
        EventKind::Refused { why } => format!("Refused by the platform: {why}."),
        EventKind::OutcomeUnknown { why } => format!("Sent, outcome not known: {why}."),
        EventKind::OrphanFound => "A key was found whose secret was lost.".into(),
        EventKind::OperationClosed { why } => format!("Operation closed: {why}."),
        EventKind::KeyDeleted => "Moved to the bin.".into(),
        EventKind::KeyRestored => "Taken out of the bin.".into(),
        EventKind::SettingsChanged => "Settings changed.".into(),
        other => replacement(other).unwrap_or_else(|| place(other)),
    }
}

/// What happened to a replacement.
fn replacement(event: &EventKind) -> Option<String> {
    Some(match event {
        EventKind::RotationStarted { reason } if reason.is_empty() => "Replacement began.".into(),
        EventKind::RotationStarted { reason } => format!("Replacement began. Reason: {reason}."),
        EventKind::RotationOverridden { what, reason } => {
            format!("Replacement goes on without: {what}. Reason: {reason}.")
        }
        EventKind::RotationDone => "Replaced: every place has the new key.".into(),
        EventKind::RotationTakenBack => "Replacement taken back: the old key stays.".into(),
        EventKind::RotationClosed { why } if why.is_empty() => {
            "Replacement finished by hand.".into()
        }
        EventKind::RotationClosed { why } => format!("Replacement finished by hand: {why}."),
        EventKind::SecretReplaced => "Got a new secret; the old one dies.".into(),
        _ => return None,
    })
}

/// What happened to a place of a key.
fn place(event: &EventKind) -> String {
    match event {
        EventKind::KeyPlaced { client, file } => format!("Written for {client}: {file}."),
        EventKind::PlacingUndone { client, file } => {
            format!("Write for {client} taken back: {file}.")
        }
        EventKind::PlacingRolledBack { files } => {
            format!("A placing was cut short; {} taken back.", words::counted(*files, "file"))
        }
        EventKind::PlaceNoted { place } => format!("Place noted: {place}."),
        EventKind::PlaceForgotten { place } => format!("Place forgotten: {place}."),
        EventKind::KeyTakenIn { file } => format!("Taken in from {file}."),
        EventKind::Scanned { files, found } => format!(
            "Scanned {}, found {}.",
            words::counted(*files, "file"),
            words::counted(*found, "key")
        ),
        EventKind::SecretGiven { program } => format!("Secret given to {program}."),
        _ => String::new(),
    }
}
