//! The query language of the search field and of `kw keys`:
//! `platform:agent.ceo expires:<30d is:unplaced tag:ci`.
//!
//! `docs/query.md` tells it to people. A query is read once, with everything
//! prepared that a hundred thousand keys would otherwise pay for, and then asked
//! of each key. It reads nothing but the key, its [`haystack`] and the [`Facts`].

mod field;
mod parse;
mod term;
mod token;
mod when;

#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{DateTime, Utc};
use thiserror::Error;

pub use field::{FieldHelp, fields};

use crate::{ConnectionId, Key, finding::Rules};
use term::Term;

/// A query, ready to be asked of many keys.
#[derive(Clone, Default)]
pub struct Query {
    text: String,
    terms: Vec<Term>,
    bin: bool,
}

/// What a query asks of the world besides the key.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The present.
    pub now: DateTime<Utc>,
    /// What the rotation date depends on.
    pub rules: Rules,
    /// The name of a key's connection.
    pub connection_name: &'a (dyn Fn(ConnectionId) -> &'a str + Sync),
    /// The name that `owner:me` stands for; empty when nobody said.
    pub me: &'a str,
}

/// Where a query is wrong, and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Problem {
    /// Byte offset of the wrong part.
    pub at: usize,
    /// Its length in bytes.
    pub len: usize,
    /// What was expected, in a sentence.
    pub message: String,
}

impl Query {
    /// Reads a query's text. The empty text asks for every key that is not in the bin.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let terms: Vec<Term> =
            token::split(text)?.into_iter().map(parse::term).collect::<Result<_, _>>()?;
        let bin = terms.iter().any(Term::asks_for_the_bin);
        Ok(Self { text: text.to_owned(), terms, bin })
    }

    /// Whether nothing is asked, so that every key outside the bin matches.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The text that was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Texts in lower case that the haystack of every matching key holds. A store may turn
    /// a key down by them before it reads the whole of it.
    pub fn needles(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(Term::needle)
    }

    /// Whether the haystack matters at all; without it, any text will do for one.
    pub fn reads_text(&self) -> bool {
        self.terms.iter().any(Term::reads_text)
    }

    /// Whether the key is asked for. `haystack` must be what [`haystack`] makes of
    /// the same key: most keys are turned down by it alone.
    pub fn matches(&self, key: &Key, haystack: &str, facts: &Facts<'_>) -> bool {
        (self.bin || key.deleted.is_none())
            && self.terms.iter().all(|term| term.holds(key, haystack, facts))
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Query").field(&self.text).finish()
    }
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Query {}

/// Parts of the haystack stand apart by this, so that no phrase spans two of them.
const BETWEEN: char = '\u{1f}';

/// All text of a key that free words are looked for in, in lower case: name, label, note,
/// tags, owner, platform, connection, scopes, visible ends, remote id and noted uses.
pub fn haystack(key: &Key, connection_name: &str) -> String {
    let single = [
        key.name.as_str(),
        &key.label,
        &key.note,
        &key.owner.name,
        key.platform.as_str(),
        connection_name,
        &key.hint.prefix,
        &key.hint.suffix,
        key.remote_id.as_deref().unwrap_or_default(),
    ];
    let uses = key.uses.iter().flat_map(|noted| [&noted.client, &noted.place]);
    let lists = key.tags.iter().chain(&key.scopes).chain(uses).map(String::as_str);
    let mut text = String::with_capacity(256);
    for part in single.into_iter().chain(lists).filter(|part| !part.is_empty()) {
        text.push_str(part);
        text.push(BETWEEN);
    }
    if text.is_ascii() {
        text.make_ascii_lowercase();
        return text;
    }
    text.to_lowercase()
}
