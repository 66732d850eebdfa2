//! The table of platforms for readers, made from the profiles themselves.

use keywright_model::expiry::Lifetime;

use crate::{
    Capability, Kind, Profile, Registry, SecretMadeBy, SecretShown, VariableForm,
    profile::{
        lifetime::{ExpiryRules, Support},
        operation::OperationKind,
    },
};

const HEAD: &str = "\
<!-- Made from src-tauri/platforms/profiles by
     cargo run -p keywright-platforms --example platforms-table
     A change belongs there. -->

# Platforms

What Keywright can do on each platform, as its profile says. *By hand* means that Keywright shows the steps in the platform's own dashboard. *Tries keys* is the cheap call that tells whether a key works; without one a revocation rests on the platform's word. *Revoked* is how fast the platform promises that a revoked key is refused; Keywright tries the key until then. What a profile was last held against stands at the end, and is the reason to believe the rest.
";

const COLUMNS: &str = "\
| platform | by API | by hand | tries keys | limits | revoked | secret shown | held against |
|---|---|---|---|---|---|---|---|
";

/// What is done by API, in the order of a key's life.
const BY_API: [(Capability, &str); 13] = [
    (Capability::List, "list"),
    (Capability::Create, "create"),
    (Capability::Relabel, "rename"),
    (Capability::Rescope, "change scopes"),
    (Capability::SetExpiryLater, "change the expiry"),
    (Capability::Disable, "disable"),
    (Capability::Enable, "enable"),
    (Capability::RotateInPlace, "rotate in place"),
    (Capability::RotateOverlap, "rotate with an overlap"),
    (Capability::SelfRotate, "rotate by the key itself"),
    (Capability::Revoke, "revoke"),
    (Capability::Get, "read one"),
    (Capability::SecretStore, "keep keys as secrets"),
];

const BY_HAND: [(Capability, &str); 2] =
    [(Capability::ManualCreate, "create"), (Capability::ManualRevoke, "revoke")];

impl Registry {
    /// All platforms by shelf, as Markdown.
    pub fn table(&self) -> String {
        let mut out = HEAD.to_owned();
        for (_, kind) in Kind::ALL {
            let mut shelf: Vec<&Profile> =
                self.all().map(AsRef::as_ref).filter(|profile| profile.kind == kind).collect();
            shelf.sort_by_key(|profile| profile.name.to_lowercase());
            if !shelf.is_empty() {
                out.extend(["\n## ", kind.words(), "\n\n", COLUMNS]);
                out.extend(shelf.into_iter().map(row));
            }
        }
        out
    }
}

fn row(profile: &Profile) -> String {
    let name = match profile.docs.as_str() {
        "" => cell(&profile.name),
        docs => format!("[{}]({docs})", cell(&profile.name)),
    };
    let cells = [
        done(profile, &BY_API),
        done(profile, &BY_HAND),
        probe(profile),
        limits(profile),
        promise(profile),
        shown(profile),
        verified(profile),
    ];
    format!("| {name} | {} |\n", cells.map(|text| cell(&text)).join(" | "))
}

/// A text that stays in its cell.
fn cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { "–".to_owned() } else { line.replace('|', "\\|") }
}

/// What a platform can do of these, and what that needs.
fn done(profile: &Profile, all: &[(Capability, &str)]) -> String {
    let able = all.iter().filter(|(capability, _)| profile.can(*capability));
    let words = able.map(|(capability, word)| match needs(profile, *capability).as_slice() {
        [] => (*word).to_owned(),
        needed => format!("{word} (with: {})", needed.join(", ")),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn probe(profile: &Profile) -> String {
    if !profile.can(Capability::Probe) {
        return "no".to_owned();
    }
    let names = profile.can(Capability::ProbeReturnsIdentity);
    let identity = if names { ", and names the key" } else { "" };
    match needs(profile, Capability::Probe).as_slice() {
        [] => format!("yes{identity}"),
        needed => format!("with a setting: {}{identity}", needed.join(", ")),
    }
}

/// The settings that an operation needs and that may be left empty.
fn needs(profile: &Profile, capability: Capability) -> Vec<&str> {
    let operation = OperationKind::of(capability).and_then(|kind| profile.operations.get(&kind));
    let named = operation.into_iter().flat_map(|operation| operation.call.path.account());
    named.filter_map(|name| unsure(&profile.variables, name)).collect()
}

/// What people call a setting, when it may be left empty.
fn unsure<'p>(forms: &'p [VariableForm], name: &str) -> Option<&'p str> {
    let form = forms.iter().find(|form| form.name == name)?;
    let inherits = form.defaults_to.as_deref().is_some_and(|from| unsure(forms, from).is_none());
    let sure = form.required || !form.default.is_empty() || inherits;
    (!sure).then_some(form.label.as_str())
}

fn limits(profile: &Profile) -> String {
    let mut limits = Vec::new();
    limits.extend(profile.facts.max_keys.map(|most| format!("at most {most} keys")));
    limits.push(expiry(&profile.expiry));
    if profile.facts.name_unique {
        limits.push("names are unique".to_owned());
    }
    limits.extend(profile.name_max.map(|most| format!("names of at most {most} characters")));
    limits.join("; ")
}

fn expiry(rules: &ExpiryRules) -> String {
    if rules.support == Support::None {
        return "keys do not end by themselves".to_owned();
    }
    let offered: Vec<String> = rules.choices.iter().map(|life| words(*life)).collect();
    let must = if rules.support == Support::Required { " (required)" } else { "" };
    let own = if rules.custom { " or any other" } else { "" };
    let most = rules.max_days.map_or_else(String::new, |days| format!(", at most {days} days"));
    format!("expiry{must}: {}{own}{most}", offered.join(", "))
}

fn words(life: Lifetime) -> String {
    match life {
        Lifetime::Never => "never".to_owned(),
        Lifetime::Days(days) => format!("{days} d"),
        Lifetime::Until(at) => at.date_naive().to_string(),
    }
}

fn promise(profile: &Profile) -> String {
    match profile.revoke_latency_s {
        0 => "at once".to_owned(),
        seconds => format!("within {seconds} s"),
    }
}

fn shown(profile: &Profile) -> String {
    let shown = match profile.facts.secret_shown {
        SecretShown::Once => "once",
        SecretShown::Always => "always",
        SecretShown::OnRequest => "on request",
    };
    let made = match profile.facts.secret_made_by {
        SecretMadeBy::Server => "",
        SecretMadeBy::Client => "; made by Keywright",
        SecretMadeBy::Either => "; made by either side",
    };
    format!("{shown}{made}")
}

fn verified(profile: &Profile) -> String {
    let words = |verified: &crate::Verified| {
        format!("{}: {} ({})", verified.by.words(), verified.against, verified.on)
    };
    profile.verified.as_ref().map_or_else(|| "nothing yet".to_owned(), words)
}
