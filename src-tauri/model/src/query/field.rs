//! The filters there are. Help, messages and `docs/query.md` follow these tables.

/// What a filter looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// One of the states of [`State`].
    Is,
    /// Production or sandbox.
    Env,
    /// A date.
    Date(DateField),
    /// A text.
    Text(TextField),
}

/// The dates of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateField {
    Expires,
    Due,
    Created,
    Used,
    Added,
}

impl DateField {
    /// A duration counts ahead of now for these, and back from now for the others.
    pub(super) const fn looks_ahead(self) -> bool {
        matches!(self, Self::Expires | Self::Due)
    }
}

/// The texts of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextField {
    Platform,
    Connection,
    Tag,
    Owner,
    Scope,
    Name,
    Note,
    Client,
    Id,
}

/// What `is:` may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Active,
    Disabled,
    Expired,
    Revoking,
    Revoked,
    Unknown,
    Overdue,
    Due,
    Gone,
    Orphan,
    Placed,
    Unplaced,
    Secret,
    Manages,
    Live,
    Test,
    Deleted,
}

/// One filter, for help and completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldHelp {
    /// What stands before the colon.
    pub name: &'static str,
    /// What it looks at.
    pub about: &'static str,
    /// A whole filter.
    pub example: &'static str,
    /// The values there are; empty when any text or date will do.
    pub values: &'static [&'static str],
}

pub(super) struct Entry {
    pub(super) field: Field,
    pub(super) help: FieldHelp,
    /// Other words that people write for it.
    aliases: &'static [&'static str],
}

const fn entry(
    field: Field,
    name: &'static str,
    aliases: &'static [&'static str],
    about: &'static str,
    example: &'static str,
) -> Entry {
    let values: &[&str] = match field {
        Field::Is => &STATE_NAMES,
        Field::Env => &["live", "test", "unknown"],
        Field::Date(_) | Field::Text(_) => &[],
    };
    Entry { field, help: FieldHelp { name, about, example, values }, aliases }
}

use DateField::{Added, Created, Due, Expires, Used};
use TextField::{Client, Connection, Id, Name, Note, Owner, Platform, Scope, Tag};

/// Every filter, in the order of help.
pub(super) const ENTRIES: [Entry; 16] = [
    entry(Field::Is, "is", &["status", "state"], "its state", "is:active"),
    entry(Field::Text(Platform), "platform", &[], "its platform", "platform:agent.ceo"),
    entry(Field::Text(Connection), "connection", &["conn"], "its connection", "connection:acme"),
    entry(Field::Text(Name), "name", &["label", "title"], "its name or label", "name:deploy"),
    entry(Field::Text(Tag), "tag", &["tags"], "one of its tags", "tag:ci"),
    entry(Field::Text(Owner), "owner", &[], "whose it is", "owner:me"),
    entry(Field::Text(Scope), "scope", &["scopes"], "what it may do", "scope:svc:wiki:read"),
    entry(Field::Text(Note), "note", &["notes"], "its note", "note:\"ERP importer\""),
    entry(
        Field::Text(Client),
        "client",
        &["use", "uses"],
        "where its use is noted",
        "client:codex",
    ),
    entry(Field::Env, "env", &["environment"], "production or sandbox", "env:live"),
    entry(Field::Date(Expires), "expires", &["expiry"], "when it ends", "expires:<30d"),
    entry(Field::Date(Due), "due", &["rotate"], "when its rotation is due", "due:<7d"),
    entry(Field::Date(Created), "created", &["age"], "when it was made", "created:>90d"),
    entry(Field::Date(Used), "used", &["last_used"], "when it was last used", "used:>60d"),
    entry(Field::Date(Added), "added", &[], "when it came into the vault", "added:<7d"),
    entry(Field::Text(Id), "id", &[], "its id, here or on the platform", "id:key-abc123"),
];

/// Every state, in the order of help.
pub(super) const STATES: [(&str, State); 17] = [
    ("active", State::Active),
    ("disabled", State::Disabled),
    ("expired", State::Expired),
    ("revoking", State::Revoking),
    ("revoked", State::Revoked),
    ("unknown", State::Unknown),
    ("overdue", State::Overdue),
    ("due", State::Due),
    ("gone", State::Gone),
    ("orphan", State::Orphan),
    ("placed", State::Placed),
    ("unplaced", State::Unplaced),
    ("secret", State::Secret),
    ("manages", State::Manages),
    ("live", State::Live),
    ("test", State::Test),
    ("deleted", State::Deleted),
];

const STATE_NAMES: [&str; STATES.len()] = {
    let mut names = [""; STATES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = STATES[at].0;
        at += 1;
    }
    names
};

/// Every filter, for help and completion.
pub fn fields() -> impl Iterator<Item = FieldHelp> {
    ENTRIES.iter().map(|entry| entry.help)
}

/// The filter of a name in any case.
pub(super) fn find(name: &str) -> Option<&'static Entry> {
    let fits = |known: &str| known.eq_ignore_ascii_case(name);
    ENTRIES.iter().find(|e| fits(e.help.name) || e.aliases.iter().any(|alias| fits(alias)))
}

/// The known word that somebody most likely meant.
pub(super) fn meant(typed: &str, known: &[&'static str]) -> Option<&'static str> {
    let typed = typed.to_lowercase();
    let near = |word: &&'static str| strsim::damerau_levenshtein(&typed, word);
    let best = known.iter().copied().min_by_key(near)?;
    let most = if best.len() > 4 { 2 } else { 1 };
    (near(&best) <= most).then_some(best)
}
