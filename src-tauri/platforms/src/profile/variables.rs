//! The settings of a connection that a profile asks for: tenant, slug, owner…

use std::collections::BTreeMap;

use regex_lite::Regex;

use crate::{
    ProfileError, VariableError,
    profile::{
        fields,
        node::{Table, names},
    },
};

/// The longest value.
const LONGEST: usize = 1_000;

/// A setting to fill in.
#[derive(Debug, Clone)]
pub struct VariableForm {
    /// Its name in the profile: `org_id`.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it is and where to find it.
    pub help: String,
    /// An example.
    pub placeholder: String,
    /// The setting whose value it takes when left empty.
    pub defaults_to: Option<String>,
    /// The value it has when nobody says otherwise.
    pub default: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// Whether it is a path of one or more segments: `api/v2/mcp`.
    pub path: bool,
    pub(crate) pattern: Option<Regex>,
}

/// Settings, complete and checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// The value of one; none when the profile has no such setting.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// All of them, to be stored.
    pub fn to_map(&self) -> BTreeMap<String, String> {
        self.0.clone()
    }
}

/// Fills in what was left empty and refuses what does not fit.
pub(crate) fn resolve(
    forms: &[VariableForm],
    given: &BTreeMap<String, String>,
) -> Result<Variables, VariableError> {
    let known = || names(forms.iter().map(|form| form.name.as_str()));
    if let Some(name) = given.keys().find(|name| forms.iter().all(|form| form.name != **name)) {
        return Err(VariableError::Unknown { name: name.clone(), known: known() });
    }
    let mut values = BTreeMap::new();
    for form in forms {
        let own = given.get(&form.name).map(|value| value.trim()).filter(|value| !value.is_empty());
        let inherited = || form.defaults_to.as_ref().and_then(|from| values.get(from).cloned());
        let value =
            own.map(str::to_owned).or_else(inherited).unwrap_or_else(|| form.default.clone());
        form.check(&value)?;
        values.insert(form.name.clone(), value);
    }
    Ok(Variables(values))
}

impl VariableForm {
    fn check(&self, value: &str) -> Result<(), VariableError> {
        let malformed = |expected: String| {
            Err(VariableError::Malformed {
                name: self.name.clone(),
                label: self.label.clone(),
                expected,
            })
        };
        if value.is_empty() {
            return if self.required {
                Err(VariableError::Missing { name: self.name.clone(), label: self.label.clone() })
            } else {
                Ok(())
            };
        }
        if value.len() > LONGEST || value.chars().any(char::is_control) {
            return malformed(format!("at most {LONGEST} characters on one line"));
        }
        if self.path && !is_path(value) {
            return malformed(
                "a path such as api/v2/mcp: letters, digits, `.`, `_`, `~`, `-`, and no `/` at its beginning or end"
                    .into(),
            );
        }
        match &self.pattern {
            Some(pattern) if !pattern.is_match(value) => {
                malformed(format!("for example {}", self.placeholder))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a text can stand in an address as it is: segments that are neither
/// empty nor dots, of letters that mean nothing else there.
pub(crate) fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '~' | '-');
    text.split('/').all(|segment| !matches!(segment, "" | "." | "..") && segment.chars().all(plain))
}

/// Reads `[[variables]]`, or another list of the same kind.
pub(crate) fn parse(
    table: &mut Table<'_>,
    list: &'static str,
) -> Result<Vec<VariableForm>, ProfileError> {
    let mut forms: Vec<VariableForm> = Vec::new();
    for mut sub in table.tables(list)? {
        let expected = "a name of small letters, digits and `_`";
        let node = sub.need("name", expected)?;
        let name = node.words(expected)?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.chars().all(fits) || forms.iter().any(|form| form.name == name) {
            return Err(node.wrong(format!("{expected}, once")));
        }
        let form = VariableForm {
            name,
            label: sub.need_words("label", "what people call it")?,
            help: sub.words_or_empty("help")?,
            placeholder: sub.words_or_empty("placeholder")?,
            defaults_to: defaults_to(&mut sub, &forms)?,
            default: sub.words_or_empty("default")?,
            required: sub.flag("required")?,
            path: sub.flag("path")?,
            pattern: sub.get("pattern").map(|node| fields::pattern(&node)).transpose()?,
        };
        if let Some(node) = sub.get("default")
            && !form.default.is_empty()
            && form.check(&form.default).is_err()
        {
            return Err(node.wrong("a value that this variable takes"));
        }
        sub.end()?;
        forms.push(form);
    }
    Ok(forms)
}

fn defaults_to(
    table: &mut Table<'_>,
    earlier: &[VariableForm],
) -> Result<Option<String>, ProfileError> {
    let Some(node) = table.get("defaults_to") else { return Ok(None) };
    let name = node.words("the name of an earlier variable")?;
    if earlier.iter().any(|form| form.name == name) {
        return Ok(Some(name));
    }
    let known = names(earlier.iter().map(|form| form.name.as_str()));
    Err(node.wrong(if known.is_empty() {
        "an earlier variable, and there is none".to_owned()
    } else {
        format!("an earlier variable: one of {known}")
    }))
}
