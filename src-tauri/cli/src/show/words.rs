//! Dates, states and findings in words. One place for each, so that every command says the same.

use chrono::{DateTime, Utc};
use keywright_model::{
    Environment, Expiry, Finding, FindingKind, Hint, OperationState, Owner, OwnerKind,
    PlacementState, Request, Severity, Status, Verdict, expiry::Lifetime,
};
use keywright_service::wire::{Network, NextAction};

use crate::show::out::Tone;

/// The text without anything that could steer a terminal or turn its reading direction.
/// Line breaks stay.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|letter| if steers(letter) { '\u{fffd}' } else { letter }).collect()
}

fn steers(letter: char) -> bool {
    (letter.is_control() && letter != '\n')
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The shape of a severity.
pub(crate) const fn mark(severity: Option<Severity>) -> (&'static str, Tone) {
    match severity {
        Some(Severity::Critical) => ("■", Tone::Critical),
        Some(Severity::Warning) => ("▲", Tone::Warning),
        Some(Severity::Info) => ("△", Tone::Plain),
        None => ("✓", Tone::Fine),
    }
}

/// The shape of a finding: how pressing it is, or that it is going on.
pub(crate) fn finding_mark(finding: Option<&Finding>) -> (&'static str, Tone) {
    match finding {
        Some(Finding { kind: FindingKind::RevokeUnproved, .. }) => ("◌", Tone::Plain),
        other => mark(other.map(|finding| finding.severity)),
    }
}

/// The shape of a key: that it is over, that something is going on, or how pressing it is.
pub(crate) fn key_mark(status: Status, finding: Option<&Finding>) -> (&'static str, Tone) {
    match (status, finding) {
        (Status::Revoked | Status::Disabled, None) => ("–", Tone::Faint),
        (Status::Revoking, None) => ("◌", Tone::Plain),
        (_, finding) => finding_mark(finding),
    }
}

/// A status in a word.
pub(crate) const fn status(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Disabled => "disabled",
        Status::Expired => "expired",
        Status::Revoking => "revoking",
        Status::Revoked => "revoked",
        Status::Unknown => "unknown",
    }
}

/// An environment in a word; empty when it is not known.
pub(crate) const fn environment(environment: Environment) -> &'static str {
    match environment {
        Environment::Live => "live",
        Environment::Test => "test",
        Environment::Unknown => "",
    }
}

/// The visible ends of a secret; empty when none is known.
pub(crate) fn hint(hint: &Hint) -> String {
    if hint.prefix.is_empty() && hint.suffix.is_empty() {
        return String::new();
    }
    format!("{}…{}", hint.prefix, hint.suffix)
}

/// An owner, with what stands behind the name.
pub(crate) fn owner(owner: &Owner) -> String {
    let kind = match owner.kind {
        OwnerKind::Person => " (person)",
        OwnerKind::ServiceAccount => " (service account)",
        OwnerKind::Unknown => "",
    };
    if owner.name.is_empty() { String::new() } else { format!("{}{kind}", owner.name) }
}

/// A day.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

/// An instant, to the second.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// A day and how far it is: `2026-12-01, in 9 days`.
pub(crate) fn day_from(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    format!("{}, {}", day(at), distance(at, now))
}

/// How far an instant is: `in 9 days`, `3 hours ago`, `now`.
pub(crate) fn distance(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (at - now).num_seconds();
    let length = seconds.unsigned_abs();
    let rounded = |unit: u64| (length + unit / 2) / unit;
    let (count, unit) = match length {
        0..60 => return "now".into(),
        60..3570 => (rounded(60), "minute"),
        3570..171_000 => (rounded(3600), "hour"),
        _ => (rounded(86_400), "day"),
    };
    let words = counted(count, unit);
    if seconds < 0 { format!("{words} ago") } else { format!("in {words}") }
}

/// `1 key`, `2 keys`.
pub(crate) fn counted(count: impl Into<u64>, noun: &str) -> String {
    let count = count.into();
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// An expiry in words.
pub(crate) fn expiry(expiry: Expiry, now: DateTime<Utc>) -> String {
    match expiry {
        Expiry::Never => "never".into(),
        Expiry::Unknown => "not known".into(),
        Expiry::At(at) => day_from(at, now),
    }
}

/// A choice of life in words, as `--expires` takes it.
pub(crate) fn lifetime(lifetime: Lifetime) -> String {
    match lifetime {
        Lifetime::Never => "never".into(),
        Lifetime::Days(days) => format!("{days}d"),
        Lifetime::Until(at) => day(at),
    }
}

/// A finding in a sentence.
pub(crate) fn finding(kind: &FindingKind) -> String {
    let days = |days: i64| counted(days.unsigned_abs(), "day");
    match kind {
        FindingKind::NearExpiry { days: 1 } => "Ends within a day.".into(),
        FindingKind::NearExpiry { days: left } => format!("Ends within {}.", days(*left)),
        FindingKind::Expired { days: 0 } => "Has ended today.".into(),
        FindingKind::Expired { days: since } => format!("Ended {} ago.", days(*since)),
        FindingKind::RotationDue { days: 0 } => "Is due for rotation.".into(),
        FindingKind::RotationDue { days: over } => {
            format!("Is overdue for rotation by {}.", days(*over))
        }
        FindingKind::RevokeOverdue => {
            "Still works although the platform promised that it would not.".into()
        }
        FindingKind::RevokeUnproved => "Its revocation is not proved yet.".into(),
        FindingKind::Gone => "The platform no longer lists it.".into(),
        FindingKind::Shared { clients } => format!(
            "{clients} clients use it: a leak of one ends it for all. A key of its own for each \
             could be ended alone."
        ),
        FindingKind::Misplaced { state: PlacementState::Missing, .. } => {
            "A place where it was put no longer has it.".into()
        }
        FindingKind::Misplaced { state: PlacementState::Stale, .. } => {
            "Another key of this vault stands where it was put.".into()
        }
        FindingKind::Misplaced { state: PlacementState::Unreadable, .. } => {
            "A file in which it was put cannot be read.".into()
        }
        FindingKind::Misplaced { .. } => "Something else stands where it was put.".into(),
        FindingKind::DeadButPlaced { .. } => "It is dead, and a client still has it.".into(),
        FindingKind::TrackedFile { .. } => "It stands in a file that git tracks.".into(),
        FindingKind::LooseFile { .. } => "Others can read the file that it stands in.".into(),
    }
}

/// What to do next, in words of `kw`.
pub(crate) fn next(next: NextAction, what: &str) -> String {
    match next {
        NextAction::Replace => format!("kw rotate {what}"),
        NextAction::WatchRevocation => format!("kw revoke {what} takes the proof up again"),
        NextAction::LookAtPlace => format!("kw placements {what}"),
        NextAction::Open => format!("kw show {what}"),
        NextAction::RevokeOrphan => format!("kw operations settle {what} --revoke-orphans"),
        NextAction::SendDraft => format!("kw operations settle {what} --send"),
        NextAction::Refresh => format!("kw refresh {what}"),
        NextAction::ReplaceCredential => format!("kw renew {what}"),
        // Which command it is, the run itself tells: `show::rotation::next`.
        NextAction::OpenRotation => format!("kw rotations {what}"),
    }
}

/// A probe's answer in a sentence.
pub(crate) fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Alive => "It works.".into(),
        Verdict::Limited { missing: Some(scope) } => {
            format!("It works; it lacks {scope} for this call.")
        }
        Verdict::Limited { missing: None } => "It works, within its limits.".into(),
        Verdict::Dead => "The platform refuses it.".into(),
        Verdict::Unknown { why } => format!("No verdict: {why}."),
    }
}

/// What an operation asked for.
pub(crate) fn request(request: &Request) -> String {
    match request {
        Request::Create { name, .. } => format!("create “{name}”"),
        Request::Revoke { name, .. } => format!("revoke “{name}”"),
        Request::Relabel { name, to, .. } => format!("rename “{name}” to “{to}”"),
        Request::Disable { name, .. } => format!("disable “{name}”"),
        Request::Enable { name, .. } => format!("enable “{name}”"),
        Request::Rotate { name, .. } => format!("replace the secret of “{name}”"),
        Request::Store { name, place, .. } => format!("put “{name}” into {place}"),
        Request::Unstore { name, place, .. } => format!("take “{name}” out of {place}"),
    }
}

/// How far an operation got.
pub(crate) fn operation(state: &OperationState) -> String {
    match state {
        OperationState::Draft => "kept as a draft; nothing was sent".into(),
        OperationState::Held { why } => format!("stopped, nothing was sent: {why}"),
        OperationState::Intended => "on its way".into(),
        OperationState::Ambiguous { why } => format!("outcome not known: {why}"),
        OperationState::Orphaned { remote_ids } => {
            format!("made a key whose secret was lost: {}", remote_ids.join(", "))
        }
        OperationState::Done => "done".into(),
        OperationState::Refused { why } => format!("refused: {why}"),
        OperationState::Closed { why } => format!("closed: {why}"),
    }
}

/// What the last calls tell of the network.
pub(crate) const fn network(network: Network) -> &'static str {
    match network {
        Network::Online => "online",
        Network::Offline => "offline",
        Network::WorkOffline => "working offline",
        Network::Untried => "not tried yet",
    }
}

/// Milliseconds as seconds with one digit.
pub(crate) fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

/// A word of a command line, quoted where a shell would take it apart.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:@+,".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn distances_are_told_in_the_unit_that_fits() {
        let now = DateTime::UNIX_EPOCH + Duration::days(20_000);
        for (seconds, words) in [
            (0, "now"),
            (-59, "now"),
            (60, "in 1 minute"),
            (-7200, "2 hours ago"),
            (86_400, "in 24 hours"),
            (3599, "in 1 hour"),
            (30 * 86_400, "in 30 days"),
            (30 * 86_400 - 1, "in 30 days"),
            (-400 * 86_400, "400 days ago"),
        ] {
            assert_eq!(distance(now + Duration::seconds(seconds), now), words);
        }
    }

    #[test]
    fn a_word_for_a_shell_is_quoted_only_where_it_must_be() {
        assert_eq!(quoted("ci-deploy"), "ci-deploy");
        assert_eq!(quoted("it's mine"), r"'it'\''s mine'");
        assert_eq!(quoted("$(reboot)"), "'$(reboot)'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn what_steers_a_terminal_is_replaced() {
        assert_eq!(clean("a\u{1b}]0;x\u{7}\u{9b}b\nc"), "a\u{fffd}]0;x\u{fffd}\u{fffd}b\nc");
    }
}
