//! What a form sent, and what a dashboard asks of every key.

use axum::{
    Form,
    extract::{FromRequest, Request, rejection::FormRejection},
};

use crate::Error;

/// Ours: no document gives a limit.
const LONGEST_NAME: usize = 100;

/// A form's fields in their order. A name may come more than once, as check boxes do.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = FormRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, FormRejection> {
        Form::from_request(request, state).await.map(|Form(fields)| Self(fields))
    }
}

impl Fields {
    /// The first value of this name; nothing when it is not there.
    pub(crate) fn one(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The value of a field that may stay empty.
    pub(crate) fn some(&self, name: &str) -> Option<&str> {
        Some(self.one(name).trim()).filter(|value| !value.is_empty())
    }

    /// Every value of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether a check box of this name and value was ticked.
    pub(crate) fn ticked(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|ticked| ticked == value)
    }

    /// Every value of this name, to keep.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.all(name).map(str::to_owned).collect()
    }
}

/// A key's name without white space around it.
pub(crate) fn name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(Error::form("name", format!("1 to {LONGEST_NAME} characters are required")));
    }
    Ok(name.to_owned())
}

/// Ticked words, all of which must be among those on offer. Each is kept once.
pub(crate) fn among<'a>(
    field: &'static str,
    ticked: &[String],
    offered: impl Iterator<Item = &'a str> + Clone,
) -> Result<Vec<String>, Error> {
    if let Some(odd) = ticked.iter().find(|word| !offered.clone().any(|other| other == *word)) {
        return Err(Error::form(field, format!("`{odd}` is not on offer")));
    }
    let kept = offered.filter(|word| ticked.iter().any(|other| other == word));
    Ok(kept.map(str::to_owned).collect())
}
