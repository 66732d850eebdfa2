//! What was asked for against what the platform tells of the key. What a profile
//! does not read is not compared.

use chrono::Duration;
use keywright_model::{Expiry, RemoteKey, Secret, Status};

use crate::{
    Axis, Connector, Likeness, detect,
    extract::{Extract, Field},
    profile::lifetime::Granularity,
};

/// What a key is to be like.
pub(super) struct Asked<'a> {
    pub(super) name: &'a str,
    pub(super) scopes: &'a [String],
    pub(super) expires: Expiry,
}

const fn reads(field: &Field) -> bool {
    !field.0.is_empty()
}

/// How a key differs from what was asked for; empty where it does not.
pub(super) fn differences(
    connector: &Connector,
    asked: &Asked<'_>,
    told: &RemoteKey,
    extract: &Extract,
) -> Vec<String> {
    let mut found = Vec::new();
    if reads(&extract.name) && told.name.as_deref() != Some(asked.name) {
        found.push(match &told.name {
            Some(name) => format!("its name is “{name}” instead of “{}”", asked.name),
            None => "its name is not told".to_owned(),
        });
    }
    if reads(&extract.scopes) {
        let axes = connector.profile().axes(connector.variables());
        let differ = scopes(&axes, asked.scopes, &told.scopes);
        found.extend(differ.filter(|_| told.scopes.is_empty() || !expands(connector)));
    }
    if reads(&extract.expires) {
        found.extend(expiry(connector.profile().expiry.granularity, asked.expires, told.expires));
    }
    if matches!(told.status, Status::Disabled | Status::Expired | Status::Revoked) {
        found.push("it is told as one that does not work".to_owned());
    }
    found
}

/// How a key after a change of its name differs from before, but for the name.
pub(super) fn changes(before: &RemoteKey, after: &RemoteKey) -> Vec<String> {
    let mut found = Vec::new();
    let sorted = |key: &RemoteKey| {
        let mut scopes = key.scopes.clone();
        scopes.sort_unstable();
        scopes
    };
    if sorted(before) != sorted(after) {
        found.push("its scopes were changed by it".to_owned());
    }
    if before.expires != after.expires {
        found.push("its expiry was changed by it".to_owned());
    }
    if before.status != after.status {
        found.push("its status was changed by it".to_owned());
    }
    found
}

/// Whether this platform tells other words than it was asked for, so that they cannot be compared.
fn expands(connector: &Connector) -> bool {
    connector.profile().scopes.as_ref().is_some_and(|scopes| scopes.expanded)
}

/// A scope may be told without its axis' prefix. An axis of which nothing at all
/// is told is one that this platform tells elsewhere, unless nothing is told of any.
fn scopes(axes: &[Axis], asked: &[String], told: &[String]) -> Option<String> {
    let bare = |scope: &'_ str| {
        let axis = axes.iter().find(|axis| axis.holds(scope));
        let prefix = axis.map_or("", |axis| axis.prefix.as_str());
        scope.strip_prefix(prefix).unwrap_or(scope).to_owned()
    };
    let same = |asked: &str, told: &str| asked == told || bare(asked) == told;
    let is_told = |scope: &String| told.iter().any(|told| same(scope, told));
    let home = |scope: &String| axes.iter().find(|axis| axis.holds(scope)).map(|axis| &axis.id);
    let silent = |scope: &String| {
        !told.is_empty() && !asked.iter().any(|other| home(other) == home(scope) && is_told(other))
    };
    let missing: Vec<&str> = asked
        .iter()
        .filter(|scope| !is_told(scope) && !silent(scope))
        .map(String::as_str)
        .collect();
    let more: Vec<&str> = told
        .iter()
        .filter(|told| !asked.iter().any(|asked| same(asked, told)))
        .map(String::as_str)
        .collect();
    match (missing.as_slice(), more.as_slice()) {
        ([], []) => None,
        ([], more) => Some(format!("it has more scopes than were asked for: {}", more.join(" "))),
        (missing, []) => Some(format!("it lacks scopes: {}", missing.join(" "))),
        (missing, more) => {
            Some(format!("it has the scopes {} instead of {}", more.join(" "), missing.join(" ")))
        }
    }
}

fn expiry(steps: Granularity, asked: Expiry, told: Expiry) -> Option<String> {
    let slack = match steps {
        Granularity::Second => Duration::minutes(2),
        Granularity::Day | Granularity::DateStart | Granularity::DateEnd => Duration::days(1),
    };
    match (asked, told) {
        (Expiry::At(wanted), Expiry::At(end)) if (end - wanted).abs() <= slack => None,
        // Many leave the end out where there is none.
        (Expiry::Never, Expiry::Never | Expiry::Unknown) | (Expiry::Unknown, _) => None,
        (wanted, end) => Some(format!("it ends {} instead of {}", when(end), when(wanted))),
    }
}

fn when(expiry: Expiry) -> String {
    match expiry {
        Expiry::Never => "never".to_owned(),
        Expiry::Unknown => "nobody knows when".to_owned(),
        Expiry::At(at) => at.format("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

/// What is odd about the looks of a secret; none where they fit the profile.
pub(super) fn looks(connector: &Connector, secret: &Secret) -> Option<String> {
    let profile = connector.profile();
    if let Some(odd) = profile.check_secret(secret) {
        return Some(format!("the secret does not look like one: {odd}"));
    }
    let spoilt = detect::likeness_of(profile, secret) == Some(Likeness::Spoilt);
    let shapeless = profile.shape.prefixes.is_empty()
        && !profile.shape.patterns.is_empty()
        && !profile.shape.looks_like(secret);
    (spoilt || shapeless)
        .then(|| "the secret has not the letters or the length that the profile tells".to_owned())
}
