//! A platform as data: what it can do, what it asks for, how its calls are made
//! and how its answers read. The language is told in docs/platform-profiles.md.

pub(crate) mod auth;
pub(crate) mod axis;
pub(crate) mod capability;
pub(crate) mod ceiling;
pub(crate) mod fields;
pub(crate) mod guide;
pub(crate) mod identity;
pub(crate) mod lifetime;
pub(crate) mod node;
pub(crate) mod operation;
pub(crate) mod paging;
pub(crate) mod parse;
pub(crate) mod scope;
pub(crate) mod scope_parse;
pub(crate) mod secret_store;
pub(crate) mod shape;
pub(crate) mod template;
pub(crate) mod variables;

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use keywright_model::{Environment, Expiry, Hint, PlatformId, Secret, expiry::Lifetime};

pub use axis::{Axis, AxisKind, Choice, FreeScope};
pub use capability::{Capability, Facts, OwnerRequired, SecretMadeBy, SecretShown};
pub use guide::{Guide, GuidedAct};
pub use identity::{Kind, Verified, VerifiedBy};
pub use scope::{Description, ScopeProblem};
pub use secret_store::{SecretStore, StorePlace};
pub use variables::{VariableForm, Variables};

use crate::{ProfileError, VariableError, extract::ErrorRules};
use operation::{Operation, OperationKind};

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
    /// A connection works without it: it is a key of the platform itself, wanted for its secret store.
    pub optional: bool,
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
    /// What kind of platform it is.
    pub kind: Kind,
    /// Where its documents are; empty when not known.
    pub docs: String,
    /// What the profile was last held against; none for a user's own.
    pub verified: Option<Verified>,
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
    /// How a secret of our own begins, where the platform wants one from us.
    pub(crate) new_secret: Option<String>,
    pub(crate) shape: shape::Shape,
    pub(crate) scopes: Option<scope::Scopes>,
    pub(crate) expiry: lifetime::ExpiryRules,
    pub(crate) auth: auth::AuthRules,
    pub(crate) operations: BTreeMap<OperationKind, Operation>,
    pub(crate) errors: ErrorRules,
    pub(crate) guide: Option<guide::GuideRules>,
    pub(crate) secret_store: Option<SecretStore>,
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

    /// Whether the platform can do something on a connection with these settings.
    /// What stands on an operation needs the settings in that operation's path.
    pub fn can_on(&self, capability: Capability, variables: &Variables) -> bool {
        let kind = match capability {
            Capability::ProbeReturnsIdentity => Some(OperationKind::Probe),
            _ => OperationKind::of(capability),
        };
        let operation = kind.and_then(|kind| self.operations.get(&kind));
        self.can(capability) && operation.is_none_or(|operation| operation.is_on(variables))
    }

    /// Whether a connection with these settings calls the platform at all.
    pub(crate) fn calls(&self, variables: &Variables) -> bool {
        self.operations.values().any(|operation| operation.is_on(variables))
    }

    /// Whether keys are managed through an API, so that a connection needs a credential.
    pub fn is_managed(&self) -> bool {
        self.credential.as_ref().is_some_and(|form| !form.optional)
    }

    /// Its store for secrets that it keeps for its own runs; none where there is none.
    pub const fn secret_store(&self) -> Option<&SecretStore> {
        self.secret_store.as_ref()
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
    pub(crate) fn hint_for(&self, secret: &Secret, told: &Hint) -> Hint {
        self.shape.hint_for(secret, told)
    }

    /// Production or sandbox, by a hint.
    pub(crate) fn environment_by_hint(&self, hint: &Hint) -> Environment {
        self.shape.environment_by_hint(hint)
    }

    /// A text in which everything that looks like one of the platform's keys is cut.
    pub(crate) fn redact_keys(&self, text: &str) -> String {
        self.shape.redact(text)
    }

    /// How its keys begin, the longest first.
    pub fn prefixes(&self) -> impl Iterator<Item = &str> {
        self.shape.prefixes.iter().map(|prefix| prefix.text.as_str())
    }

    /// Whether its keys can end by themselves.
    pub fn expires(&self) -> bool {
        self.expiry.support != lifetime::Support::None
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
