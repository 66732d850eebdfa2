//! A platform as data: what it can do, what it asks for, how its calls are made
//! and how its answers read. The language is told in docs/platform-profiles.md.

pub(crate) mod auth;
pub(crate) mod fields;
pub(crate) mod guide;
pub(crate) mod lifetime;
pub(crate) mod node;
pub(crate) mod operation;
pub(crate) mod parse;
pub(crate) mod scope;
pub(crate) mod scope_parse;
pub(crate) mod template;
pub(crate) mod variables;

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use keywright_model::{Environment, Expiry, Hint, PlatformId, Secret, expiry::Lifetime};

pub use guide::{Guide, GuidedAct};
pub use scope::{Axis, AxisKind, Choice, Description, FreeScope, ScopeProblem};
pub use variables::{VariableForm, Variables};

use crate::{ProfileError, VariableError, extract::ErrorRules};
use operation::{Operation, OperationKind};

/// What a platform can do, or lets a person do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// List keys.
    List,
    /// Read one key.
    Get,
    /// Make a key.
    Create,
    /// Give it another name.
    Relabel,
    /// Give it other scopes.
    Rescope,
    /// Give it another end later.
    SetExpiryLater,
    /// Hold it back for a while.
    Disable,
    /// Let it work again.
    Enable,
    /// End it for good.
    Revoke,
    /// Replace the secret; the old one dies at once.
    RotateInPlace,
    /// Replace the secret; the old one works on for a while.
    RotateOverlap,
    /// A key can replace itself.
    SelfRotate,
    /// Tell whether a secret works.
    Probe,
    /// The probe's answer names the key.
    ProbeReturnsIdentity,
    /// The scopes are known.
    ScopeCatalogue,
    /// A person makes keys in the dashboard.
    ManualCreate,
    /// A person ends keys in the dashboard.
    ManualRevoke,
}

impl Capability {
    /// Every capability and its word in a profile.
    pub const ALL: [(&'static str, Self); 17] = [
        ("list", Self::List),
        ("get", Self::Get),
        ("create", Self::Create),
        ("relabel", Self::Relabel),
        ("rescope", Self::Rescope),
        ("set_expiry_later", Self::SetExpiryLater),
        ("disable", Self::Disable),
        ("enable", Self::Enable),
        ("revoke", Self::Revoke),
        ("rotate_in_place", Self::RotateInPlace),
        ("rotate_overlap", Self::RotateOverlap),
        ("self_rotate", Self::SelfRotate),
        ("probe", Self::Probe),
        ("probe_returns_identity", Self::ProbeReturnsIdentity),
        ("scope_catalogue", Self::ScopeCatalogue),
        ("manual_create", Self::ManualCreate),
        ("manual_revoke", Self::ManualRevoke),
    ];

    /// A few words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::List => "list keys",
            Self::Get => "read one key",
            Self::Create => "create",
            Self::Relabel => "rename",
            Self::Rescope => "change scopes",
            Self::SetExpiryLater => "change the expiry",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Revoke => "revoke",
            Self::RotateInPlace => "rotate in place",
            Self::RotateOverlap => "rotate with an overlap",
            Self::SelfRotate => "rotate itself",
            Self::Probe => "prove alive or dead",
            Self::ProbeReturnsIdentity => "name the key of a secret",
            Self::ScopeCatalogue => "explain scopes",
            Self::ManualCreate => "create in the dashboard, step by step",
            Self::ManualRevoke => "revoke in the dashboard, step by step",
        }
    }
}

/// When a platform shows a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretShown {
    /// When the key is made, and never again.
    Once,
    /// Whenever it is asked.
    Always,
    /// When it is asked in a special way.
    OnRequest,
}

/// Who a key must belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerRequired {
    /// Nobody in particular.
    None,
    /// A user.
    User,
    /// A service account.
    ServiceAccount,
    /// A project.
    Project,
    /// A cluster.
    Cluster,
}

/// Facts about a platform that decide how its keys are treated.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// When it shows a secret.
    pub secret_shown: SecretShown,
    /// Whether two keys may not share a name.
    pub name_unique: bool,
    /// The most keys it allows, where known.
    pub max_keys: Option<u32>,
    /// Who a key must belong to.
    pub owner_required: OwnerRequired,
}

/// The management credential to bring.
#[derive(Debug, Clone)]
pub struct CredentialForm {
    /// What people call it.
    pub label: String,
    /// Where to get it and what it must be allowed to do.
    pub help: String,
    /// Its known beginnings: `ace_live_`.
    pub prefixes: Vec<String>,
    /// The names of its lines, where it has several; empty for one text.
    pub parts: Vec<String>,
}

/// What a key of the platform looks like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    /// Known beginnings and what they tell, longest first.
    pub(crate) prefixes: Vec<(String, Environment)>,
    /// Characters shown after the known beginning, and at the end.
    pub(crate) show_after_prefix: usize,
    pub(crate) show_suffix: usize,
}

/// A platform, ready for use.
#[derive(Debug)]
pub struct Profile {
    /// Its short, stable name.
    pub id: PlatformId,
    /// Its name for people.
    pub name: String,
    /// One sentence on it.
    pub about: String,
    /// Where its documents are; empty when not known.
    pub docs: String,
    /// Where its API is by default; empty when every user has another.
    pub base_url: String,
    /// What must be told to connect.
    pub variables: Vec<VariableForm>,
    /// The management credential; none where there is no management API.
    pub credential: Option<CredentialForm>,
    /// What it can do.
    pub capabilities: Vec<Capability>,
    /// Facts about it.
    pub facts: Facts,
    /// The environment variable that a secret is best handed over in.
    pub env_name: String,
    /// The header in which a client sends a key, `Authorization: Bearer {key}`; empty when not known.
    pub use_header: String,
    /// What it says of names.
    pub name_help: String,
    /// Advice on using and keeping its keys, a sentence each.
    pub advice: Vec<String>,
    /// Seconds that a revocation may take; 0 means at once.
    pub revoke_latency_s: u64,
    /// Seconds after that before it is an alarm.
    pub revoke_margin_s: u64,
    /// Refusals in a row that prove a key dead.
    pub refusals_needed: u32,
    /// Waits between probes after a revocation; the last one repeats.
    pub poll: Vec<Duration>,
    pub(crate) owner_default: Option<crate::template::Text>,
    pub(crate) name_max: Option<usize>,
    pub(crate) shape: Shape,
    pub(crate) scopes: Option<scope::Scopes>,
    pub(crate) expiry: lifetime::ExpiryRules,
    pub(crate) auth: auth::AuthRules,
    pub(crate) operations: BTreeMap<OperationKind, Operation>,
    pub(crate) errors: ErrorRules,
    pub(crate) guide: Option<guide::GuideRules>,
}

impl Profile {
    /// Reads a profile. `origin` is the file's name, for messages.
    pub fn parse(origin: &str, text: &str) -> Result<Self, ProfileError> {
        parse::profile(origin, text)
    }

    /// Whether the platform can do something.
    pub fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// Whether keys are managed through an API, so that a connection needs a credential.
    pub const fn is_managed(&self) -> bool {
        self.credential.is_some()
    }

    /// Fills in the settings that were left empty and refuses what does not fit.
    pub fn resolve_variables(
        &self,
        given: &BTreeMap<String, String>,
    ) -> Result<Variables, VariableError> {
        variables::resolve(&self.variables, given)
    }

    /// The axes of the scopes for one connection; empty when the platform has no scopes.
    pub fn axes(&self, variables: &Variables) -> Vec<Axis> {
        self.scopes.as_ref().map(|scopes| scopes.axes(variables)).unwrap_or_default()
    }

    /// What is wrong with a set of scopes; empty when it can be sent.
    pub fn check_scopes(&self, variables: &Variables, scopes: &[String]) -> Vec<ScopeProblem> {
        match &self.scopes {
            Some(rules) => rules.check(variables, scopes),
            None => scopes
                .first()
                .map(|_| ScopeProblem {
                    axis: String::new(),
                    message: "keys of this platform have no scopes".into(),
                })
                .into_iter()
                .collect(),
        }
    }

    /// What a key with these scopes and this end could do, in plain words.
    pub fn describe(
        &self,
        variables: &Variables,
        scopes: &[String],
        expires: Expiry,
    ) -> Description {
        let mut description = match &self.scopes {
            Some(_) if scopes.is_empty() => {
                Description { sentence: "What it may do is not known.".into(), dangers: Vec::new() }
            }
            Some(rules) => rules.describe(variables, scopes),
            None => Description {
                sentence: "Everything that its owner may do.".into(),
                dangers: Vec::new(),
            },
        };
        if expires == Expiry::Never && !self.expiry.never_danger.is_empty() {
            description.dangers.push(self.expiry.never_danger.clone());
        }
        description
    }

    /// The lives to offer, the recommended one first.
    pub fn lifetimes(&self) -> Vec<Lifetime> {
        self.expiry.choices.clone()
    }

    /// What is wrong with a life; none when the platform takes it.
    pub fn check_lifetime(&self, lifetime: Lifetime, now: DateTime<Utc>) -> Option<String> {
        self.expiry.check(lifetime, now)
    }

    /// When a key made now with this life will end, in the platform's own steps.
    pub fn expiry_of(&self, lifetime: Lifetime, now: DateTime<Utc>) -> Expiry {
        self.expiry.effective(lifetime, now)
    }

    /// What is wrong with a name; none when the platform takes it.
    pub fn check_name(&self, name: &str) -> Option<String> {
        let length = name.chars().count();
        if name.trim().is_empty() {
            return Some("a name is needed, best one that tells what the key is for".into());
        }
        if name.chars().any(char::is_control) {
            return Some("a name is one line of text".into());
        }
        if self.redact_keys(name) != name {
            return Some("this looks like a key itself; a name is seen by everybody".into());
        }
        let max = self.name_max.unwrap_or(200);
        (length > max).then(|| format!("a name has at most {max} characters"))
    }

    /// The scopes as they travel.
    pub(crate) fn encode_scopes(&self, variables: &Variables, scopes: &[String]) -> scope::Encoded {
        match &self.scopes {
            Some(rules) => rules.encode(variables, scopes),
            None => scope::Encoded::default(),
        }
    }

    /// The platform's hint where it is a modest part of the secret, or else our own.
    #[expect(clippy::disallowed_methods, reason = "checks that a hint is a part of the secret")]
    pub(crate) fn hint_for(&self, secret: &Secret, told: &Hint) -> Hint {
        let own = self.shape.hint(secret);
        let text = secret.expose();
        let known = self.shape.prefix(secret).map_or(0, |(prefix, _)| prefix.len());
        let modest = told.prefix.len() <= known + 4 && told.suffix.len() <= 4;
        let small = 4 * (told.prefix.len().saturating_sub(known) + told.suffix.len()) <= text.len();
        let part = text.starts_with(&told.prefix) && text.ends_with(&told.suffix);
        if modest && small && part && *told != Hint::default() { told.clone() } else { own }
    }

    /// Production or sandbox, by a hint.
    pub(crate) fn environment_by_hint(&self, hint: &Hint) -> Environment {
        let known = |(prefix, _): &&(String, Environment)| hint.prefix.starts_with(prefix.as_str());
        self.shape.prefixes.iter().find(known).map(|(_, found)| *found).unwrap_or_default()
    }

    /// A text in which everything that looks like one of the platform's keys is cut.
    pub(crate) fn redact_keys(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (prefix, _) in &self.shape.prefixes {
            let mut from = 0;
            while let Some(at) = out.get(from..).and_then(|rest| rest.find(prefix.as_str())) {
                let start = from + at + prefix.len();
                let rest = out.get(start..).unwrap_or_default();
                let key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
                let length = rest.find(|c| !key(c)).unwrap_or(rest.len());
                if length >= 8 {
                    out.replace_range(start..start + length, "…");
                }
                from = start;
            }
        }
        out
    }

    /// The visible ends of a secret.
    pub fn hint_of(&self, secret: &Secret) -> Hint {
        self.shape.hint(secret)
    }

    /// Production or sandbox, by the secret's beginning.
    pub fn environment_of(&self, secret: &Secret) -> Environment {
        self.shape.environment(secret)
    }

    /// What is odd about a secret that somebody brings; none when it looks right.
    pub fn check_secret(&self, secret: &Secret) -> Option<String> {
        self.shape.check(secret, &self.name)
    }

    /// How long to wait before the n-th probe after a revocation, counted from 0.
    pub fn poll_delay(&self, n: usize) -> Duration {
        self.poll.get(n).or(self.poll.last()).copied().unwrap_or(Duration::from_secs(1))
    }

    /// The guide for making or ending a key in the dashboard.
    pub fn guide(&self, act: GuidedAct, base_url: &str, variables: &Variables) -> Option<Guide> {
        self.guide.as_ref()?.guide(act, base_url, variables)
    }
}

impl Shape {
    #[expect(clippy::disallowed_methods, reason = "compares the beginning with public prefixes")]
    fn prefix(&self, secret: &Secret) -> Option<&(String, Environment)> {
        self.prefixes.iter().find(|(prefix, _)| secret.expose().starts_with(prefix.as_str()))
    }

    fn environment(&self, secret: &Secret) -> Environment {
        self.prefix(secret).map(|(_, environment)| *environment).unwrap_or_default()
    }

    #[expect(clippy::disallowed_methods, reason = "the hint is the part meant to be seen")]
    fn hint(&self, secret: &Secret) -> Hint {
        let text = secret.expose();
        let length = text.chars().count();
        let known = self.prefix(secret).map_or(0, |(prefix, _)| prefix.chars().count());
        let mut after = self.show_after_prefix;
        let mut suffix = self.show_suffix;
        // A short secret shows its known beginning only: the rest is too much of it.
        if length.saturating_sub(known) < 4 * (after + suffix) {
            (after, suffix) = (0, 0);
        }
        Hint {
            prefix: text.chars().take(known + after).collect(),
            suffix: text.chars().skip(length.saturating_sub(suffix)).collect(),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "looks for white space and a public prefix")]
    fn check(&self, secret: &Secret, platform: &str) -> Option<String> {
        let text = secret.expose();
        if text.is_empty() {
            return Some("it is empty".into());
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Some("it has white space or line breaks in it".into());
        }
        if self.prefixes.is_empty() || self.prefix(secret).is_some() {
            return None;
        }
        let known: Vec<&str> = self.prefixes.iter().map(|(prefix, _)| prefix.as_str()).collect();
        Some(format!("keys of {platform} begin with {}", known.join(" or ")))
    }
}
