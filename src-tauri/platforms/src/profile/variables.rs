//! The settings of a connection that a profile asks for: tenant, slug, owner…

use std::collections::BTreeMap;

use regex_lite::Regex;

use crate::{VariableError, profile::node::names};

/// The longest value.
const LONGEST: usize = 200;

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
        match &self.pattern {
            Some(pattern) if !pattern.is_match(value) => {
                malformed(format!("for example {}", self.placeholder))
            }
            _ => Ok(()),
        }
    }
}
