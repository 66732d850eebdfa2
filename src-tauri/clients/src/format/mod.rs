//! The formats of clients' files, one file each: text → tree with the place of every token,
//! value → token, new value → bytes to insert. Pure.
//!
//! A format never prints a document. It tells which bytes to replace; [`crate::edit`] replaces
//! them, reads the result again and holds that nothing else has changed.

mod brackets;
mod dotenv;
mod fish;
mod ini;
mod json;
mod layout;
mod lines;
mod managed;
mod netrc;
mod npmrc;
mod sections;
mod shell;
mod systemd;
mod token;
mod toml;
mod yaml;

use std::{fmt, ops::Range};

use crate::path::{NodePath, Step};

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON as RFC 8259 has it: no comments, no trailing commas.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// TOML 1.0.
    Toml,
    /// YAML 1.2, one document.
    Yaml,
    /// `NAME=value` lines of the `.env` family.
    Dotenv,
    /// `[section]` and `name = value`, as AWS, PyPI and git have it.
    Ini,
    /// npm's `.npmrc`: split at the first `=`.
    Npmrc,
    /// `machine h login u password p` tokens.
    Netrc,
    /// `export NAME='value'` in a profile of sh, bash or zsh.
    Shell,
    /// `set -gx NAME 'value'` in a configuration of fish.
    Fish,
    /// systemd's `EnvironmentFile=`.
    Systemd,
}

impl Format {
    pub(crate) fn syntax(self) -> &'static dyn Syntax {
        match self {
            Self::Json => &json::Json { comments: false },
            Self::Jsonc => &json::Json { comments: true },
            Self::Toml => &toml::Toml,
            Self::Yaml => &yaml::Yaml,
            Self::Dotenv => &dotenv::Dotenv,
            Self::Ini => &ini::Ini,
            Self::Npmrc => &npmrc::Npmrc,
            Self::Netrc => &netrc::Netrc,
            Self::Shell => &shell::Shell,
            Self::Fish => &fish::Fish,
            Self::Systemd => &systemd::Systemd,
        }
    }
}

/// A value read from a file. It may be a secret: it prints nothing of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Value(String);

impl Value {
    /// Takes a text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for comparing, hashing and splicing only.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(…)")
    }
}

/// A document as its reader sees it, each scalar with the bytes of its token.
#[derive(Debug, Clone)]
pub enum Node {
    /// Members in the order of the file; a name that is there twice is here twice.
    Map(Vec<(String, Node)>, Range<usize>),
    /// Items.
    List(Vec<Node>, Range<usize>),
    /// A text: its value, and the bytes of its whole token, quotes included. An empty range
    /// where there is no token (`NAME=` at the end of a line): the place to put one.
    Text(Value, Range<usize>),
    /// Anything else (a number, a boolean, null, an alias, a command's output): its bytes. It
    /// can be compared and replaced as a whole, and it is never taken for a key.
    Other(Value, Range<usize>),
}

impl Node {
    /// The bytes that it takes.
    pub const fn span(&self) -> &Range<usize> {
        match self {
            Self::Map(_, span)
            | Self::List(_, span)
            | Self::Text(_, span)
            | Self::Other(_, span) => span,
        }
    }

    /// The value at a path. An error where a name of the path is there twice, because readers
    /// differ in which one they take.
    pub fn at(&self, path: &[Step]) -> Result<Option<&Self>, Problem> {
        let mut node = self;
        for step in path {
            let next = match (node, step) {
                (Self::Map(members, _), Step::Key(name)) => {
                    let mut named = members.iter().filter(|(own, _)| own == name);
                    let first = named.next().map(|(_, value)| value);
                    if named.next().is_some() {
                        return Err(Problem::Duplicate { name: name.clone() });
                    }
                    first
                }
                (Self::List(items, _), Step::Index(number)) => items.get(*number),
                _ => None,
            };
            let Some(next) = next else { return Ok(None) };
            node = next;
        }
        Ok(Some(node))
    }

    /// Every text with its path, in the order of the file.
    pub fn texts(&self) -> Vec<(NodePath, &Value, &Range<usize>)> {
        let mut found = Vec::new();
        self.walk(&mut NodePath::default(), &mut found);
        found
    }

    fn walk<'n>(
        &'n self,
        path: &mut NodePath,
        found: &mut Vec<(NodePath, &'n Value, &'n Range<usize>)>,
    ) {
        let mut into = |step: Step, node: &'n Self| {
            path.0.push(step);
            node.walk(path, found);
            path.0.pop();
        };
        match self {
            Self::Map(members, _) => {
                for (name, node) in members {
                    into(Step::Key(name.clone()), node);
                }
            }
            Self::List(items, _) => {
                for (at, node) in items.iter().enumerate() {
                    into(Step::Index(at), node);
                }
            }
            Self::Text(value, span) => found.push((path.clone(), value, span)),
            Self::Other(..) => {}
        }
    }

    /// Whether both say the same, wherever their bytes are.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            // The order of members is that of the bytes, which a splice cannot change.
            (Self::Map(a, _), Self::Map(b, _)) => {
                let (a, b) = (by_name(a), by_name(b));
                a.len() == b.len() && a.iter().zip(&b).all(|((n, x), (m, y))| n == m && x.same(y))
            }
            (Self::List(a, _), Self::List(b, _)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.same(y))
            }
            (Self::Text(a, _), Self::Text(b, _)) | (Self::Other(a, _), Self::Other(b, _)) => a == b,
            _ => false,
        }
    }
}

fn by_name(members: &[(String, Node)]) -> Vec<(&str, &Node)> {
    let mut named: Vec<_> = members.iter().map(|(name, node)| (name.as_str(), node)).collect();
    named.sort_by_key(|(name, _)| *name);
    named
}

/// A value to insert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fresh {
    /// A text.
    Text(Value),
    /// `true` or `false`; a text in formats that have nothing else.
    Flag(bool),
    /// Items.
    List(Vec<Fresh>),
    /// Members.
    Map(Vec<(String, Fresh)>),
}

/// Bytes to replace by others.
#[derive(Clone, PartialEq, Eq)]
pub struct Splice {
    /// The bytes that go; empty for an insertion.
    pub span: Range<usize>,
    /// What comes instead.
    pub with: Value,
}

impl fmt::Debug for Splice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Splice({:?})", self.span)
    }
}

/// Why a text is not changed. Nothing was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is not of its format.
    #[error("line {line} is not {format}: {why}")]
    Malformed {
        /// The line, counted from 1.
        line: usize,
        /// The format's name.
        format: &'static str,
        /// What is wrong with it; never a part of the file.
        why: String,
    },
    /// It is not UTF-8.
    #[error("the file is not UTF-8 text; save it as UTF-8 and try again")]
    NotText,
    /// It is larger than any client's file.
    #[error("the file is larger than {limit} MiB")]
    TooLarge {
        /// The bound.
        limit: usize,
    },
    /// A name of the path is there twice, and readers differ in which they take.
    #[error("`{name}` is there twice, and programs differ in which one they read; remove one")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// Something else stands where a text or a table should be.
    #[error("`{path}` holds {found}, and a key cannot be put there without changing more than it")]
    Occupied {
        /// Where.
        path: String,
        /// What is there: "a list", "an alias", "the output of a command"…
        found: &'static str,
    },
    /// The value cannot be written in this format so that every reader reads it as it is.
    #[error("the value cannot stand in {format}: {why}")]
    Unwritable {
        /// The format's name.
        format: &'static str,
        /// Why, without any of the value.
        why: &'static str,
    },
    /// The name cannot be written in this format.
    #[error("the name cannot stand in {format}: {why}")]
    Unnameable {
        /// The format's name.
        format: &'static str,
        /// Why, without any of the name.
        why: &'static str,
    },
    /// The text has a shape that this program does not insert into.
    #[error("{why}; put it there by hand, and Keywright will note the place")]
    Unsupported {
        /// Why.
        why: &'static str,
    },
    /// Read again, the result differs from what was meant. A fault of this program, or a file
    /// that is stranger than it looks.
    #[error("the edit would have changed more than `{path}`, so it was not made")]
    ChangesMore {
        /// What was to be changed.
        path: String,
    },
}

/// What a format does.
pub(crate) trait Syntax: Sync {
    /// The format's name in messages.
    fn name(&self) -> &'static str;

    /// What the text of a [`Node::Other`] is, where it must be left alone; none where it may
    /// be replaced as a whole, because nothing of its meaning is to be kept.
    fn occupied(&self, other: &str) -> Option<&'static str> {
        Some(crate::edit::what_other(other))
    }

    /// Whether a name with nothing behind it may get a table or a list.
    fn grows(&self) -> bool {
        false
    }

    /// Reads a text without byte order mark. An empty text is an empty map in every format.
    fn read(&self, text: &str) -> Result<Node, Problem>;

    /// The token that makes `value` of the token that stands there now, in the same style
    /// where that style can hold it. `old` is empty where there is no token.
    fn token(&self, value: &str, old: &str) -> Result<String, Problem>;

    /// The bytes to insert so that `path` is there with `value`, in the file's own indentation,
    /// line ends and style. `path` is not there now; `tree` is what [`Syntax::read`] gave.
    fn insert(
        &self,
        text: &str,
        tree: &Node,
        path: &[Step],
        value: &Fresh,
    ) -> Result<Splice, Problem>;
}
