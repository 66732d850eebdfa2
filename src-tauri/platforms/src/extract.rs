//! Reading answers: JSON pointers, fields with fall-backs and converters, and
//! conditions on an answer. An answer is somebody else's text: everything taken
//! from it is bounded.

use chrono::{DateTime, Utc};
use keywright_model::{Environment, Expiry, Hint, Owner, OwnerKind, RemoteKey, Secret, Status};
use regex_lite::Regex;
use serde_json::Value;
use zeroize::Zeroize;

use crate::{
    CallError,
    convert::{self, Converter, Got},
};

/// The longest id, and the longest other text, that is taken from an answer.
const LONGEST_ID: usize = 512;
const LONGEST_TEXT: usize = 1_000;
/// The most scopes of one key, and the longest secret.
const MOST_SCOPES: usize = 1_000;
const LONGEST_SECRET: usize = 16 * 1_024;

/// A JSON pointer (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pointer(String);

impl Pointer {
    /// A pointer from its text; none when it is not one.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let tildes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        ((text.is_empty() || text.starts_with('/')) && tildes).then(|| Self(text.to_owned()))
    }

    /// What it points at.
    pub(crate) fn find<'v>(&self, root: &'v Value) -> Option<&'v Value> {
        root.pointer(&self.0)
    }

    /// Takes what it points at out of the answer.
    pub(crate) fn take(&self, root: &mut Value) -> Option<Value> {
        root.pointer_mut(&self.0).map(Value::take)
    }
}

/// One place where a field may be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the answer.
    At(Pointer, Vec<Converter>),
    /// Always this.
    Const(String),
    /// The texts of several fields, one after another.
    All(Vec<Field>),
}

/// A field of a key: the first place that has it counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Field(pub(crate) Vec<Place>);

impl Field {
    /// The value. `None` where no place has it; `Got::None` where the platform
    /// says that there is none.
    pub(crate) fn read(&self, root: &Value) -> Option<Got> {
        let mut said_none = false;
        for place in &self.0 {
            let got = match place {
                Place::Const(text) => Some(Got::Json(Value::from(text.clone()))),
                Place::All(fields) => all(fields, root),
                Place::At(pointer, steps) => pointer.find(root).and_then(|value| {
                    steps.iter().try_fold(Got::Json(value.clone()), |got, step| step.apply(got))
                }),
            };
            match got {
                Some(Got::None | Got::Json(Value::Null)) => said_none = true,
                Some(got) => return Some(got),
                None => {}
            }
        }
        said_none.then_some(Got::None)
    }

    /// The value as one bounded text.
    pub(crate) fn text(&self, root: &Value) -> Option<String> {
        match self.read(root)? {
            Got::Json(value) => convert::scalar(&value).map(|text| clean(&text, LONGEST_TEXT)),
            _ => None,
        }
    }

    /// The value as an instant.
    pub(crate) fn time(&self, root: &Value) -> Option<DateTime<Utc>> {
        match self.read(root)? {
            Got::Time(at) => Some(at),
            got => match Converter::Iso.apply(got)? {
                Got::Time(at) => Some(at),
                _ => None,
            },
        }
    }

    fn expiry(&self, root: &Value) -> Expiry {
        match self.read(root) {
            Some(Got::None) => Expiry::Never,
            Some(Got::Json(Value::String(word))) if word == "never" => Expiry::Never,
            Some(_) => self.time(root).map_or(Expiry::Unknown, Expiry::At),
            None => Expiry::Unknown,
        }
    }

    fn status(&self, root: &Value) -> Status {
        match self.read(root) {
            Some(Got::Status(status)) => status,
            Some(Got::Json(Value::String(word))) => convert::status(&word).unwrap_or_default(),
            _ => Status::Unknown,
        }
    }

    fn texts(&self, root: &Value) -> Option<Vec<String>> {
        let texts: Vec<String> = match self.read(root)? {
            Got::Texts(texts) => texts,
            Got::Json(Value::Array(items)) => items.iter().filter_map(convert::scalar).collect(),
            Got::Json(value) => vec![convert::scalar(&value)?],
            _ => return None,
        };
        Some(texts.iter().take(MOST_SCOPES).map(|text| clean(text, LONGEST_TEXT)).collect())
    }
}

/// The texts of those fields that have some; none where no field has a value.
fn all(fields: &[Field], root: &Value) -> Option<Got> {
    let texts: Vec<Vec<String>> = fields.iter().filter_map(|field| field.texts(root)).collect();
    (!texts.is_empty()).then(|| Got::Texts(texts.concat()))
}

/// What an operation takes from an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extract {
    /// Where the list is; the first pointer at an array counts.
    pub(crate) items: Vec<Pointer>,
    /// Where the secret is; the first pointer at a text counts.
    pub(crate) secret: Vec<Pointer>,
    pub(crate) id: Field,
    pub(crate) name: Field,
    pub(crate) hint: Field,
    pub(crate) hint_prefix: Field,
    pub(crate) hint_suffix: Field,
    pub(crate) scopes: Field,
    pub(crate) owner: Field,
    pub(crate) owner_kind: Field,
    pub(crate) environment: Field,
    pub(crate) status: Field,
    pub(crate) created: Field,
    pub(crate) expires: Field,
    pub(crate) last_used: Field,
}

impl Extract {
    /// The list's items.
    pub(crate) fn items<'v>(&self, root: &'v Value) -> Result<&'v [Value], CallError> {
        self.items
            .iter()
            .find_map(|pointer| pointer.find(root).and_then(Value::as_array))
            .map(Vec::as_slice)
            .ok_or_else(|| CallError::malformed("there is no list of keys in it"))
    }

    /// The id of one item.
    pub(crate) fn id(&self, item: &Value) -> Option<String> {
        let id = match self.id.read(item)? {
            Got::Json(value) => convert::scalar(&value)?,
            _ => return None,
        };
        let usable = !id.is_empty() && id.len() <= LONGEST_ID && !id.chars().any(char::is_control);
        usable.then_some(id)
    }

    /// The key that one item tells of.
    pub(crate) fn key(&self, item: &Value) -> Result<RemoteKey, CallError> {
        let id = self.id(item).ok_or_else(|| CallError::malformed("a key in it has no id"))?;
        Ok(RemoteKey { remote_id: id, ..self.rest(item) })
    }

    /// Everything but the id.
    pub(crate) fn rest(&self, item: &Value) -> RemoteKey {
        RemoteKey {
            remote_id: String::new(),
            name: self.name.text(item),
            hint: self.hint(item),
            scopes: self.scopes.texts(item).unwrap_or_default(),
            owner: self.owner(item),
            environment: self.environment(item),
            status: self.status.status(item),
            created: self.created.time(item),
            expires: self.expires.expiry(item),
            last_used: self.last_used.time(item),
        }
    }

    fn hint(&self, item: &Value) -> Hint {
        if let Some(Got::Hint(hint)) = self.hint.read(item) {
            return hint;
        }
        let prefix = self.hint_prefix.text(item).unwrap_or_default();
        let suffix = self.hint_suffix.text(item).unwrap_or_default();
        convert::bounded_hint(&prefix, &suffix)
    }

    fn owner(&self, item: &Value) -> Owner {
        let kind = match self.owner_kind.text(item).as_deref() {
            Some("person") => OwnerKind::Person,
            Some("service_account") => OwnerKind::ServiceAccount,
            _ => OwnerKind::Unknown,
        };
        Owner { name: self.owner.text(item).unwrap_or_default(), kind }
    }

    fn environment(&self, item: &Value) -> Environment {
        match self.environment.text(item).as_deref() {
            Some("live") => Environment::Live,
            Some("test") => Environment::Test,
            _ => Environment::Unknown,
        }
    }

    /// Takes the secret out of the answer. The answer holds it no longer.
    pub(crate) fn take_secret(&self, root: &mut Value) -> Option<Secret> {
        for pointer in &self.secret {
            match pointer.take(root) {
                Some(Value::String(mut text)) => {
                    if text.is_empty() || text.len() > LONGEST_SECRET || has_control(&text) {
                        text.zeroize();
                        continue;
                    }
                    return Some(Secret::new(text));
                }
                Some(mut other) => wipe(&mut other),
                None => {}
            }
        }
        None
    }
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

/// Overwrites every text of an answer that may have held a secret.
pub(crate) fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text without control characters, cut to a length.
pub(crate) fn clean(text: &str, longest: usize) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).take(longest).collect();
    clean.trim().to_owned()
}

/// How a condition compares.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    Exists,
    Missing,
    Equals(Value),
    NotEquals(Value),
    Contains(String),
    Matches(Regex),
}

/// A condition on an answer: its status, and what a pointer finds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Condition {
    /// The statuses it holds for; empty means every one.
    pub(crate) status: Vec<u16>,
    /// What must be true of the body; none means nothing.
    pub(crate) body: Option<(Pointer, Test)>,
}

impl Condition {
    /// Whether it holds.
    pub(crate) fn holds(&self, status: u16, root: Option<&Value>) -> bool {
        (self.status.is_empty() || self.status.contains(&status))
            && self
                .body
                .as_ref()
                .is_none_or(|(pointer, test)| test.holds(root.and_then(|root| pointer.find(root))))
    }
}

impl Test {
    fn holds(&self, found: Option<&Value>) -> bool {
        let found = found.filter(|value| !value.is_null());
        match self {
            Self::Exists => found.is_some(),
            Self::Missing => found.is_none(),
            Self::Equals(wanted) => found == Some(wanted),
            Self::NotEquals(wanted) => found != Some(wanted),
            Self::Contains(part) => match found {
                Some(Value::String(text)) => text.contains(part.as_str()),
                Some(Value::Array(items)) => {
                    items.iter().any(|item| item.as_str() == Some(part.as_str()))
                }
                _ => false,
            },
            Self::Matches(pattern) => {
                found.and_then(Value::as_str).is_some_and(|text| pattern.is_match(text))
            }
        }
    }
}

/// How errors are written.
#[derive(Debug, Clone)]
pub(crate) struct ErrorRules {
    pub(crate) message: Vec<Pointer>,
    pub(crate) code: Vec<Pointer>,
    pub(crate) missing_scope: Option<Regex>,
    /// Statuses that say that the credential is not accepted.
    pub(crate) unauthorized: Vec<u16>,
}

impl ErrorRules {
    /// The platform's words: the first pointer at a text, with its code.
    pub(crate) fn message(&self, root: &Value) -> Option<String> {
        let first = |pointers: &[Pointer]| {
            pointers.iter().find_map(|pointer| {
                pointer.find(root).and_then(convert::scalar).filter(|text| !text.is_empty())
            })
        };
        match (first(&self.message), first(&self.code)) {
            (Some(message), _) => Some(message),
            (None, code) => code,
        }
    }

    /// The scope that the platform says is missing.
    pub(crate) fn missing_scope(&self, message: &str) -> Option<String> {
        let found = self.missing_scope.as_ref()?.captures(message)?.get(1)?;
        Some(clean(found.as_str(), 100)).filter(|scope| !scope.is_empty())
    }
}
