//! Conditions, and what each asks of a key.

use chrono::{DateTime, Utc};
use memchr::memmem::Finder;

use super::{
    Facts,
    field::{DateField, State, TextField},
    when::When,
};
use crate::{Environment, Expiry, Key, Status, finding};

/// One condition of a query: any of its parts, or none of them when negated.
#[derive(Clone)]
pub(super) struct Term {
    pub(super) negated: bool,
    pub(super) any_of: Vec<Condition>,
}

/// One question to a key.
#[derive(Clone)]
pub(super) enum Condition {
    /// A text somewhere, or in one field.
    Text(Option<TextField>, Box<Needle>),
    /// The field is empty.
    Empty(TextField),
    /// The owner is the person who asks.
    Mine,
    Is(State),
    Env(Environment),
    Date(DateField, When),
}

/// A text in lower case, prepared for searching.
#[derive(Clone)]
pub(super) struct Needle {
    text: String,
    finder: Finder<'static>,
}

impl Needle {
    pub(super) fn new(text: &str) -> Self {
        let text = text.to_lowercase();
        let finder = Finder::new(text.as_bytes()).into_owned();
        Self { text, finder }
    }

    fn within_lower(&self, haystack: &str) -> bool {
        self.finder.find(haystack.as_bytes()).is_some()
    }

    fn within(&self, text: &str) -> bool {
        self.within_lower(&text.to_lowercase())
    }

    fn begins(&self, text: &str) -> bool {
        text.to_lowercase().starts_with(&self.text)
    }

    fn equals(&self, text: &str) -> bool {
        same(text, &self.text)
    }
}

/// Equal but for case.
fn same(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.to_lowercase() == b.to_lowercase()
}

impl Term {
    /// Whether keys in the bin are asked for by name.
    pub(super) fn asks_for_the_bin(&self) -> bool {
        !self.negated && self.any_of.iter().any(|c| matches!(c, Condition::Is(State::Deleted)))
    }

    /// The text without which this condition cannot hold.
    pub(super) fn needle(&self) -> Option<&str> {
        match (self.negated, self.any_of.as_slice()) {
            // The local id is no part of the haystack.
            (_, [Condition::Text(Some(TextField::Id), _)]) | (true, _) => None,
            (false, [Condition::Text(_, needle)]) => Some(&needle.text),
            _ => None,
        }
    }

    pub(super) fn reads_text(&self) -> bool {
        self.any_of
            .iter()
            .any(|c| matches!(c, Condition::Text(field, _) if *field != Some(TextField::Id)))
    }

    pub(super) fn holds(&self, key: &Key, haystack: &str, facts: &Facts<'_>) -> bool {
        self.any_of.iter().any(|condition| condition.holds(key, haystack, facts)) != self.negated
    }
}

impl Condition {
    fn holds(&self, key: &Key, haystack: &str, facts: &Facts<'_>) -> bool {
        match self {
            Self::Text(None, needle) => needle.within_lower(haystack),
            Self::Text(Some(TextField::Id), needle) => is_id(key, needle),
            // The haystack holds every field's text: what it lacks, no field has.
            Self::Text(Some(field), needle) => {
                needle.within_lower(haystack) && has(*field, needle, key, facts)
            }
            Self::Empty(field) => lacks(*field, key, facts),
            Self::Mine => !facts.me.is_empty() && same(facts.me, &key.owner.name),
            Self::Is(state) => is(*state, key, facts),
            Self::Env(environment) => key.environment == *environment,
            Self::Date(field, when) => on(*field, *when, key, facts),
        }
    }
}

fn has(field: TextField, needle: &Needle, key: &Key, facts: &Facts<'_>) -> bool {
    match field {
        TextField::Platform => needle.begins(key.platform.as_str()),
        TextField::Connection => needle.within((facts.connection_name)(key.connection)),
        TextField::Tag => key.tags.iter().any(|tag| needle.equals(tag)),
        TextField::Owner => needle.within(&key.owner.name),
        TextField::Scope => key.scopes.iter().any(|scope| needle.within(scope)),
        TextField::Name => needle.within(&key.name) || needle.within(&key.label),
        TextField::Note => needle.within(&key.note),
        TextField::Client => {
            key.uses.iter().any(|noted| needle.within(&noted.client) || needle.within(&noted.place))
        }
        TextField::Id => is_id(key, needle),
    }
}

/// The local id is no part of the haystack: nobody looks for it among words.
fn is_id(key: &Key, needle: &Needle) -> bool {
    key.remote_id.as_deref().is_some_and(|id| needle.begins(id))
        || needle.begins(&key.id.to_string())
}

fn lacks(field: TextField, key: &Key, facts: &Facts<'_>) -> bool {
    match field {
        TextField::Platform => key.platform.as_str().is_empty(),
        TextField::Connection => (facts.connection_name)(key.connection).is_empty(),
        TextField::Tag => key.tags.is_empty(),
        TextField::Owner => key.owner.name.is_empty(),
        TextField::Scope => key.scopes.is_empty(),
        TextField::Name => key.name.is_empty(),
        TextField::Note => key.note.is_empty(),
        TextField::Client => key.uses.is_empty(),
        TextField::Id => key.remote_id.is_none(),
    }
}

fn is(state: State, key: &Key, facts: &Facts<'_>) -> bool {
    let status = |wanted: Status| key.status_at(facts.now) == wanted;
    match state {
        State::Active => status(Status::Active),
        State::Disabled => status(Status::Disabled),
        State::Expired => status(Status::Expired),
        State::Revoking => status(Status::Revoking),
        State::Revoked => status(Status::Revoked),
        State::Unknown => status(Status::Unknown),
        State::Overdue => {
            key.revocation.as_ref().is_some_and(|r| r.overdue) && status(Status::Revoking)
        }
        State::Due => due(key, facts).is_some_and(|at| at <= facts.now),
        State::Gone => key.gone_since.is_some(),
        State::Orphan => is_orphan(key, facts),
        State::Placed => !key.uses.is_empty(),
        State::Unplaced => key.uses.is_empty(),
        State::Secret => key.has_secret(),
        State::Manages => key.manages_connection,
        State::Live => key.environment == Environment::Live,
        State::Test => key.environment == Environment::Test,
        State::Deleted => key.deleted.is_some(),
    }
}

/// It lives on the platform, as far as is known, and its secret is not here.
fn is_orphan(key: &Key, facts: &Facts<'_>) -> bool {
    key.remote_id.is_some()
        && !key.has_secret()
        && key.gone_since.is_none()
        && key.status_at(facts.now).may_work()
}

/// A rotation is due only for keys that still serve.
fn due(key: &Key, facts: &Facts<'_>) -> Option<DateTime<Utc>> {
    match key.status_at(facts.now) {
        Status::Active | Status::Disabled | Status::Unknown => {
            finding::rotation_due(key, facts.rules)
        }
        Status::Expired | Status::Revoking | Status::Revoked => None,
    }
}

fn on(field: DateField, when: When, key: &Key, facts: &Facts<'_>) -> bool {
    let date = match field {
        DateField::Expires => key.expires.at(),
        DateField::Due => due(key, facts),
        DateField::Created => key.created,
        DateField::Used => key.last_used,
        DateField::Added => Some(key.added),
    };
    match when {
        When::Never if field == DateField::Expires => key.expires == Expiry::Never,
        When::Unknown if field == DateField::Expires => key.expires == Expiry::Unknown,
        When::Never | When::Unknown => date.is_none(),
        When::Between(..) => date.is_some_and(|at| when.covers(at, facts.now)),
    }
}
