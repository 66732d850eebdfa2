//! Templates: what a profile writes where a value is to stand. Texts with
//! `{variable}` for paths, queries and headers, and a tree with typed
//! placeholders for bodies. The engine encodes; a template never splices JSON.

use chrono::{DateTime, Utc};
use keywright_model::{Expiry, Secret};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    CallError, convert,
    profile::{Variables, scope::Encoded, variables::is_path},
};

/// Everything but the characters that mean nothing in any part of an address.
const SAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How an expiry is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExpiryUnit {
    Days,
    Seconds,
    Millis,
    Iso,
    Date,
    Unix,
    UnixMs,
    Duration,
}

impl ExpiryUnit {
    pub(crate) const ALL: [(&'static str, Self); 8] = [
        ("days", Self::Days),
        ("seconds", Self::Seconds),
        ("millis", Self::Millis),
        ("iso", Self::Iso),
        ("date", Self::Date),
        ("unix", Self::Unix),
        ("unix_ms", Self::UnixMs),
        ("duration", Self::Duration),
    ];
}

/// The moving parts of a paged list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageVar {
    Number,
    Size,
    Offset,
    Cursor,
}

/// Something whose value is known at call time only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Var {
    /// A setting of the connection.
    Account(String),
    /// A setting that is a path, and stands in a path as it is.
    AccountPath(String),
    /// The secret that authenticates the call.
    Credential,
    /// One line of it, counted from 0.
    CredentialPart(usize),
    /// The token that a log-in gave.
    LoginToken,
    /// The new key's name.
    Name,
    /// All scopes, in the profile's encoding.
    Scopes,
    /// One axis' values.
    Axis(String),
    /// The new key's end.
    Expires(ExpiryUnit),
    /// The platform's id of the key.
    KeyId,
    /// The key's secret, where the operation has it.
    KeySecret,
    /// The new key's secret, where the caller makes it.
    NewSecret,
    /// Paging.
    Page(PageVar),
    /// Something asked for at call time.
    Ask(String),
    /// What tells where in a secret store a secret is.
    Place(String),
    /// The same that is a path, and stands in a path as it is.
    PlacePath(String),
    /// The id of the key that a secret is sealed for.
    SealKeyId,
    /// A key's secret, sealed for the store.
    Sealed,
}

impl Var {
    /// Whether its value is a secret, which may stand in a header or a body only.
    pub(crate) const fn is_secret(&self) -> bool {
        matches!(
            self,
            Self::Credential
                | Self::CredentialPart(_)
                | Self::LoginToken
                | Self::KeySecret
                | Self::NewSecret
                | Self::Ask(_)
                | Self::Sealed
        )
    }
}

/// What to do where a value is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenNone {
    Omit,
    Null,
    Zero,
}

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Var(Var),
}

/// A text with variables in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) Vec<Piece>);

/// A body: JSON with placeholders.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Literal(Value),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
    Var(Var, WhenNone),
    /// Whether a scope was chosen.
    Has(String),
}

/// Where a list stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageState {
    pub(crate) number: u64,
    pub(crate) size: u64,
    pub(crate) offset: u64,
    pub(crate) cursor: Option<String>,
}

/// What is known of the key that is to be made.
pub(crate) struct Making<'a> {
    pub(crate) name: &'a str,
    pub(crate) scopes: Encoded,
    pub(crate) expires: Expiry,
    pub(crate) now: DateTime<Utc>,
    /// Its secret, where the platform wants one from us.
    pub(crate) secret: Option<Secret>,
}

/// The values of one call.
#[derive(Default)]
pub(crate) struct Values<'a> {
    pub(crate) account: Option<&'a Variables>,
    pub(crate) credential: Option<&'a Secret>,
    pub(crate) login: Option<&'a Secret>,
    pub(crate) making: Option<&'a Making<'a>>,
    pub(crate) key_id: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
    pub(crate) key_secret: Option<&'a Secret>,
    pub(crate) page: Option<&'a PageState>,
    pub(crate) asked: &'a [(String, Secret)],
    pub(crate) place: Option<&'a Variables>,
    pub(crate) sealed: Option<Sealed<'a>>,
}

/// A secret sealed for a store.
#[derive(Clone, Copy)]
pub(crate) struct Sealed<'a> {
    pub(crate) key_id: &'a str,
    /// In Base64; only the store can open it.
    pub(crate) text: &'a str,
}

impl Values<'_> {
    /// The variable as JSON; none where it has no value.
    fn json(&self, var: &Var) -> Result<Option<Value>, CallError> {
        if var.is_secret() {
            return Ok(self.secret(var)?.map(|text| Value::String(text.as_str().to_owned())));
        }
        Ok(match var {
            Var::Account(name) | Var::AccountPath(name) => self
                .account
                .and_then(|account| account.get(name))
                .filter(|value| !value.is_empty())
                .map(|value| Value::from(value.to_owned())),
            Var::Name => self.making.map(|m| m.name).or(self.name).map(Value::from),
            Var::Scopes => self.making.map(|m| m.scopes.all.clone()),
            Var::Axis(id) => self.making.and_then(|m| m.scopes.axis(id)),
            Var::Expires(unit) => {
                self.making.and_then(|m| convert::encode_expiry(*unit, m.expires, m.now))
            }
            Var::Place(name) | Var::PlacePath(name) => self
                .place
                .and_then(|place| place.get(name))
                .filter(|value| !value.is_empty())
                .map(|value| Value::from(value.to_owned())),
            Var::SealKeyId => self.sealed.map(|sealed| Value::from(sealed.key_id)),
            Var::KeyId => self.key_id.map(Value::from),
            Var::Page(part) => self.page.and_then(|page| match part {
                PageVar::Number => Some(Value::from(page.number)),
                PageVar::Size => Some(Value::from(page.size)),
                PageVar::Offset => Some(Value::from(page.offset)),
                PageVar::Cursor => page.cursor.clone().map(Value::from),
            }),
            Var::Credential
            | Var::CredentialPart(_)
            | Var::LoginToken
            | Var::KeySecret
            | Var::NewSecret
            | Var::Ask(_)
            | Var::Sealed => None,
        })
    }

    /// A secret variable's text, wiped when it goes.
    #[expect(clippy::disallowed_methods, reason = "a secret goes into the request that needs it")]
    fn secret(&self, var: &Var) -> Result<Option<Zeroizing<String>>, CallError> {
        let own = |secret: &Secret| Zeroizing::new(secret.expose().to_owned());
        Ok(match var {
            Var::Credential => self.credential.map(own),
            Var::CredentialPart(at) => {
                let text = self.credential.map_or("", |secret| secret.expose());
                let part = text.lines().nth(*at).map(str::trim).filter(|part| !part.is_empty());
                let part = part.ok_or_else(|| CallError::Unsendable {
                    what: format!("the credential has no line {}", at + 1),
                })?;
                Some(Zeroizing::new(part.to_owned()))
            }
            Var::LoginToken => self.login.map(own),
            Var::Sealed => self.sealed.map(|sealed| Zeroizing::new(sealed.text.to_owned())),
            Var::KeySecret => self.key_secret.map(own),
            Var::NewSecret => self.making.and_then(|making| making.secret.as_ref()).map(own),
            Var::Ask(name) => {
                let found = self.asked.iter().find(|(asked, _)| asked == name);
                let (_, secret) = found.ok_or_else(|| CallError::Asks { name: name.clone() })?;
                Some(own(secret))
            }
            _ => None,
        })
    }

    /// The variable as text for a path, a query or a header.
    fn text(&self, var: &Var) -> Result<Option<Zeroizing<String>>, CallError> {
        if var.is_secret() {
            return self.secret(var);
        }
        Ok(self.json(var)?.and_then(|value| match value {
            Value::String(text) => Some(Zeroizing::new(text)),
            Value::Number(number) => Some(Zeroizing::new(number.to_string())),
            Value::Bool(yes) => Some(Zeroizing::new(yes.to_string())),
            Value::Array(items) => {
                let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                Some(Zeroizing::new(words.join(",")))
            }
            Value::Null | Value::Object(_) => None,
        }))
    }
}

impl Text {
    /// The text with every value as it is; none when one of them has none. For headers.
    pub(crate) fn fill(&self, values: &Values<'_>) -> Result<Option<Zeroizing<String>>, CallError> {
        let mut out = Zeroizing::new(String::with_capacity(256));
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Var(var) => match values.text(var)? {
                    Some(value) => out.push_str(&value),
                    None => return Ok(None),
                },
            }
        }
        Ok(Some(out))
    }

    /// The text as a path. A value fills one segment and cannot leave it, but for
    /// a setting that is a path itself.
    pub(crate) fn fill_path(&self, values: &Values<'_>) -> Result<String, CallError> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Var(var) => {
                    let value = values.text(var)?.unwrap_or_default();
                    if value.is_empty() {
                        return Err(unsendable("a value that belongs in the address is empty"));
                    }
                    if matches!(var, Var::AccountPath(_) | Var::PlacePath(_)) && is_path(&value) {
                        out.push_str(&value);
                    } else {
                        out.extend(utf8_percent_encode(&value, SAFE));
                    }
                }
            }
        }
        if out.split('/').any(|segment| segment == "." || segment == "..") {
            return Err(unsendable("a value would change the address itself"));
        }
        Ok(out)
    }

    /// The text as a query value; none leaves the parameter out.
    pub(crate) fn fill_query(&self, values: &Values<'_>) -> Result<Option<String>, CallError> {
        Ok(self.fill(values)?.map(|text| encode(&text)))
    }

    /// The settings of the connection that stand in it.
    pub(crate) fn account(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Var(Var::Account(name) | Var::AccountPath(name)) => Some(name.as_str()),
            Piece::Var(_) | Piece::Text(_) => None,
        })
    }

    /// Whether a variable stands in it.
    pub(crate) fn mentions(&self, wanted: &Var) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Var(var) if var == wanted))
    }
}

impl Tree {
    /// Whether a variable stands in it.
    pub(crate) fn mentions(&self, wanted: &Var) -> bool {
        match self {
            Self::Var(var, _) => var == wanted,
            Self::List(items) => items.iter().any(|item| item.mentions(wanted)),
            Self::Object(members) => members.iter().any(|(_, member)| member.mentions(wanted)),
            Self::Literal(_) | Self::Has(_) => false,
        }
    }

    /// The body's JSON. None for a placeholder that is left out.
    pub(crate) fn fill(&self, values: &Values<'_>) -> Result<Option<Value>, CallError> {
        Ok(match self {
            Self::Literal(value) => Some(value.clone()),
            Self::List(items) => {
                let mut out = Vec::with_capacity(items.len());
                for item in items {
                    out.extend(item.fill(values)?);
                }
                Some(Value::Array(out))
            }
            Self::Object(members) => {
                let mut out = serde_json::Map::new();
                for (name, member) in members {
                    if let Some(value) = member.fill(values)? {
                        out.insert(name.clone(), value);
                    }
                }
                Some(Value::Object(out))
            }
            Self::Has(scope) => {
                Some(Value::Bool(values.making.is_some_and(|making| making.scopes.has(scope))))
            }
            Self::Var(var, when_none) => values.json(var)?.or(match when_none {
                WhenNone::Omit => None,
                WhenNone::Null => Some(Value::Null),
                WhenNone::Zero => Some(Value::from(0)),
            }),
        })
    }
}

/// A name or value of a query, encoded.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, SAFE).to_string()
}

fn unsendable(what: &str) -> CallError {
    CallError::Unsendable { what: what.to_owned() }
}
