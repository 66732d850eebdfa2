//! One axis of the scopes: what can be chosen on it, whether a choice is
//! complete, and its part of the sentence.

use regex_lite::Regex;
use serde_json::Value;

/// How an axis is drawn and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxisKind {
    /// Exactly one, given.
    Fixed,
    /// Exactly one of the choices.
    One,
    /// One or more of the choices.
    Some,
    /// None or more of the choices.
    Any,
    /// A grid: one tier in each chosen row, one row or more.
    Tiers,
}

/// One scope to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent: `svc:wiki:read`.
    pub value: String,
    /// What people read.
    pub label: String,
    /// What it allows.
    pub help: String,
    /// For a grid: the row (`wiki`); empty otherwise.
    pub row: String,
    /// For a grid: the tier (`read`); empty otherwise.
    pub tier: String,
    /// What is dangerous about it, a sentence each; empty when nothing is.
    pub dangers: Vec<String>,
    /// Its part of the sentence.
    pub(crate) words: String,
}

/// A scope typed by hand.
#[derive(Debug, Clone)]
pub struct FreeScope {
    /// What the typed text is put behind: `agent:`.
    pub prefix: String,
    /// An example.
    pub placeholder: String,
    pub(crate) pattern: Regex,
    pub(crate) expected: String,
}

/// One axis of the scopes, for one connection.
#[derive(Debug, Clone)]
pub struct Axis {
    /// Its id: `org`.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// What it decides.
    pub help: String,
    /// How it is drawn and counted.
    pub kind: AxisKind,
    /// The most that may be chosen, where there is such a limit.
    pub max: Option<usize>,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// A choice that stands alone: `agent:*`.
    pub wildcard: Option<Choice>,
    /// How to write one that is not listed; none when that is not allowed.
    pub free: Option<FreeScope>,
    pub(crate) prefix: String,
    pub(crate) words: String,
    pub(crate) none_words: String,
    pub(crate) join: String,
}

impl Axis {
    /// Whether a scope belongs to it.
    pub(crate) fn holds(&self, scope: &str) -> bool {
        self.choice(scope).is_some() || self.typed(scope).is_some()
    }

    pub(crate) fn choice(&self, scope: &str) -> Option<&Choice> {
        self.choices.iter().chain(self.wildcard.as_ref()).find(|choice| choice.value == scope)
    }

    /// The part of a free scope that was typed.
    pub(crate) fn typed<'s>(&self, scope: &'s str) -> Option<&'s str> {
        let free = self.free.as_ref()?;
        scope.strip_prefix(free.prefix.as_str()).filter(|text| free.pattern.is_match(text))
    }

    /// What is wrong with how many were chosen.
    pub(crate) fn count(&self, chosen: &[&str]) -> Option<String> {
        let wildcard = self.wildcard.as_ref().filter(|all| chosen.contains(&all.value.as_str()));
        match (self.kind, chosen.len()) {
            (AxisKind::Any, 0) => None,
            (AxisKind::Fixed, 0) => {
                let value = self.choices.first().map_or("", |choice| choice.value.as_str());
                Some(format!("{}: {value} is needed", self.label))
            }
            (AxisKind::One, 0) => Some(format!("{}: choose one", self.label)),
            (_, 0) => Some(format!("{}: choose at least one", self.label)),
            (AxisKind::One | AxisKind::Fixed, more) if more > 1 => {
                Some(format!("{}: choose one only", self.label))
            }
            (_, more) if wildcard.is_some() && more > 1 => {
                let all = wildcard.map_or("", |all| all.value.as_str());
                Some(format!("{}: {all} stands alone", self.label))
            }
            (_, more) if self.max.is_some_and(|max| more > max) => {
                Some(format!("{}: choose at most {}", self.label, self.max.unwrap_or_default()))
            }
            (AxisKind::Tiers, _) => self.two_tiers(chosen),
            _ => None,
        }
    }

    fn two_tiers(&self, chosen: &[&str]) -> Option<String> {
        let rows: Vec<&str> = chosen
            .iter()
            .filter_map(|scope| self.choice(scope))
            .map(|choice| choice.row.as_str())
            .collect();
        let twice =
            rows.iter().enumerate().find(|(at, row)| rows.iter().take(*at).any(|r| r == *row));
        twice.map(|(_, row)| format!("{}: choose one tier only for {row}", self.label))
    }

    pub(crate) fn refusal(&self, scope: &str) -> String {
        if let Some(free) = self.free.as_ref().filter(|free| scope.starts_with(&free.prefix)) {
            return format!(
                "{}: {scope} is not well formed; expected {}",
                self.label, free.expected
            );
        }
        match self.kind {
            AxisKind::Fixed => {
                let value = self.choices.first().map_or("", |choice| choice.value.as_str());
                format!("{}: {scope} is not this connection's; expected {value}", self.label)
            }
            _ => format!("{}: {scope} is not one of its scopes", self.label),
        }
    }

    pub(crate) fn encode(&self, chosen: &[&str]) -> Value {
        let bare = |scope: &&str| scope.strip_prefix(&self.prefix).unwrap_or(scope).to_owned();
        let single = matches!(self.kind, AxisKind::Fixed | AxisKind::One) || self.max == Some(1);
        if single {
            return chosen.first().map_or(Value::Null, |scope| Value::from(bare(scope)));
        }
        Value::from(chosen.iter().map(bare).collect::<Vec<_>>())
    }

    /// Its part of the sentence.
    pub(crate) fn clause(&self, chosen: &[&str]) -> Option<String> {
        if chosen.is_empty() {
            return Some(self.none_words.clone()).filter(|words| !words.is_empty());
        }
        if let Some(all) = self.wildcard.as_ref().filter(|all| chosen.contains(&all.value.as_str()))
        {
            return Some(all.words.clone());
        }
        let words: Vec<&str> = chosen
            .iter()
            .map(|scope| match self.choice(scope) {
                Some(choice) => choice.words.as_str(),
                None => self.typed(scope).unwrap_or(scope),
            })
            .collect();
        let list = join(&words, &self.join);
        Some(self.words.replace("{list}", &list))
    }
}

/// `a, b and c`.
fn join(words: &[&str], last: &str) -> String {
    match words.split_last() {
        Some((end, [])) => (*end).to_owned(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}
