//! Scopes as axes: what can be chosen, whether a choice is complete, how it is
//! sent, and what it means in plain words.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Map, Value};

use super::{
    axis::{Axis, Choice},
    ceiling::Ceiling,
};
use crate::{
    profile::Variables,
    template::{Piece, Text, Values, Var},
};

/// Why a set of scopes cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeProblem {
    /// The axis it is about; empty when the scope belongs to none.
    pub axis: String,
    /// What is wrong and what is expected.
    pub message: String,
}

/// What a key could do, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// One sentence.
    pub sentence: String,
    /// What is dangerous about it, a sentence each.
    pub dangers: Vec<String>,
}

/// How scopes travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// A list of texts; with axes, in the axes' order.
    List,
    /// One text, joined by a separator.
    Joined(String),
    /// One text.
    SingleChoice,
    /// An object, split at the last separator of each scope.
    Map(String),
}

/// A profile's scopes.
#[derive(Debug, Clone)]
pub(crate) struct Scopes {
    pub(crate) encoding: Encoding,
    /// The axes, with `{account.…}` still in the fixed ones.
    pub(crate) axes: Vec<AxisRule>,
    /// The axes' ids in the order of the sentence.
    pub(crate) sentence: Vec<String>,
    /// Whether the platform tells a scope with its parts, or in other words than it was asked for.
    pub(crate) expanded: bool,
}

/// An axis before the connection's settings are put in.
#[derive(Debug, Clone)]
pub(crate) struct AxisRule {
    pub(crate) axis: Axis,
    /// The one value of a fixed axis, and its words.
    pub(crate) fixed: Option<(Text, Text)>,
    /// Where the owner's own scopes are told.
    pub(crate) ceiling: Option<Ceiling>,
}

/// Scopes as they are sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Encoded {
    pub(crate) all: Value,
    axes: BTreeMap<String, Value>,
    chosen: Vec<String>,
}

impl Encoded {
    /// One axis' values; none where it takes at most one and has none.
    pub(crate) fn axis(&self, id: &str) -> Option<Value> {
        self.axes.get(id).filter(|value| !value.is_null()).cloned()
    }

    /// Whether a scope is among them.
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == scope)
    }
}

impl Scopes {
    /// The axes to choose on for one connection: nothing above the owner's ceiling.
    pub(crate) fn axes(&self, variables: &Variables) -> Vec<Axis> {
        let mut axes: Vec<Axis> = self.filled(variables).into_iter().map(Cow::into_owned).collect();
        for (axis, rule) in axes.iter_mut().zip(&self.axes) {
            if let Some(ceiling) = &rule.ceiling {
                ceiling.lower(axis, variables);
            }
        }
        axes
    }

    /// All axes whole, copying only what the connection's settings change: a list of
    /// 100,000 keys asks for their sentences one by one.
    fn filled(&self, variables: &Variables) -> Vec<Cow<'_, Axis>> {
        self.axes.iter().map(|rule| rule.for_connection(variables)).collect()
    }

    /// What is wrong with a set of scopes; empty when it can be sent.
    pub(crate) fn check(&self, variables: &Variables, scopes: &[String]) -> Vec<ScopeProblem> {
        let axes = self.filled(variables);
        let mut problems = Vec::new();
        for (at, scope) in scopes.iter().enumerate() {
            if scopes.iter().take(at).any(|earlier| earlier == scope) {
                problems.push(problem(axis_of(&axes, scope), format!("{scope} is there twice")));
            }
        }
        for scope in scopes.iter().filter(|scope| axis_of(&axes, scope).is_none()) {
            let message = match near(&axes, scope) {
                Some(axis) => axis.refusal(scope),
                None => format!("{scope} is not a scope of this platform"),
            };
            problems.push(problem(near(&axes, scope), message));
        }
        for (axis, rule) in axes.iter().zip(&self.axes) {
            let chosen = chosen(&axes, axis, scopes);
            problems.extend(axis.count(&chosen).map(|message| problem(Some(axis), message)));
            if let Some(held) = rule.ceiling.as_ref().and_then(|ceiling| ceiling.held(variables)) {
                let above = chosen.iter().filter_map(|scope| held.refusal(axis, scope));
                problems.extend(above.map(|message| problem(Some(axis), message)));
            }
        }
        problems
    }

    /// The scopes as they are sent: in the axes' order.
    pub(crate) fn encode(&self, variables: &Variables, scopes: &[String]) -> Encoded {
        let axes = self.filled(variables);
        let mut ordered: Vec<&str> = Vec::with_capacity(scopes.len());
        let mut by_axis = BTreeMap::new();
        for axis in &axes {
            let chosen = chosen(&axes, axis, scopes);
            by_axis.insert(axis.id.clone(), axis.encode(&chosen));
            ordered.extend(chosen);
        }
        let strays: Vec<&str> =
            scopes.iter().map(String::as_str).filter(|scope| !ordered.contains(scope)).collect();
        ordered.extend(strays);
        Encoded { all: self.encoding.write(&ordered), axes: by_axis, chosen: scopes.to_vec() }
    }

    /// What the scopes mean.
    pub(crate) fn describe(&self, variables: &Variables, scopes: &[String]) -> Description {
        let axes = self.filled(variables);
        let mut clauses = Vec::new();
        let mut dangers: Vec<String> = Vec::new();
        for id in &self.sentence {
            if let Some(axis) = axes.iter().find(|axis| axis.id == *id) {
                clauses.extend(axis.clause(&chosen(&axes, axis, scopes)));
            }
        }
        for axis in &axes {
            for scope in chosen(&axes, axis, scopes) {
                let said = axis.choice(scope).map(|choice| choice.dangers.clone());
                dangers.extend(said.unwrap_or_default());
            }
        }
        for scope in scopes.iter().filter(|scope| axis_of(&axes, scope).is_none()) {
            clauses.push(format!("and {scope}, which is not known here"));
        }
        dangers.dedup();
        Description { sentence: sentence(&clauses), dangers }
    }
}

impl AxisRule {
    fn for_connection(&self, variables: &Variables) -> Cow<'_, Axis> {
        let Some((value, words)) = &self.fixed else { return Cow::Borrowed(&self.axis) };
        let value = plain(value, variables);
        let mut axis = self.axis.clone();
        axis.words = plain(words, variables);
        axis.choices = vec![Choice {
            label: value.strip_prefix(&axis.prefix).unwrap_or(&value).to_owned(),
            value,
            help: String::new(),
            row: String::new(),
            tier: String::new(),
            dangers: Vec::new(),
            words: String::new(),
        }];
        Cow::Owned(axis)
    }
}

impl Encoding {
    fn write(&self, scopes: &[&str]) -> Value {
        match self {
            Self::List => Value::from(scopes.to_vec()),
            Self::Joined(separator) => Value::from(scopes.join(separator)),
            Self::SingleChoice => scopes.first().map_or(Value::Null, |scope| Value::from(*scope)),
            Self::Map(separator) => {
                let mut map = Map::new();
                for scope in scopes {
                    match scope.rsplit_once(separator.as_str()) {
                        Some((name, value)) => map.insert(name.to_owned(), Value::from(value)),
                        None => map.insert((*scope).to_owned(), Value::Bool(true)),
                    };
                }
                Value::Object(map)
            }
        }
    }
}

fn problem(axis: Option<&Axis>, message: String) -> ScopeProblem {
    ScopeProblem { axis: axis.map_or_else(String::new, |axis| axis.id.clone()), message }
}

/// The axis that a scope belongs to. A scope that begins like those of one axis
/// belongs to no other, however freely another may be typed.
fn axis_of<'a>(axes: &'a [Cow<'_, Axis>], scope: &str) -> Option<&'a Axis> {
    let all = || axes.iter().map(AsRef::as_ref);
    let claims = |axis: &&Axis| !axis.prefix.is_empty() && scope.starts_with(&axis.prefix);
    if all().any(|axis| claims(&axis)) {
        return all().filter(claims).find(|axis: &&Axis| axis.holds(scope));
    }
    all().find(|axis: &&Axis| axis.holds(scope))
}

/// An axis' scopes among others: those of the catalogue in its order, then typed ones.
fn chosen<'s>(axes: &[Cow<'_, Axis>], axis: &Axis, scopes: &'s [String]) -> Vec<&'s str> {
    let own = |scope: &&String| axis_of(axes, scope).is_some_and(|home| home.id == axis.id);
    let mut own: Vec<&str> = scopes.iter().filter(own).map(String::as_str).collect();
    let place = |scope: &str| {
        let listed = axis.wildcard.iter().chain(&axis.choices);
        listed.into_iter().position(|choice| choice.value == scope).unwrap_or(usize::MAX)
    };
    own.sort_by_key(|scope| place(scope));
    own.dedup();
    own
}

/// The axis that a wrong scope was probably meant for, by its prefix.
fn near<'a>(axes: &'a [Cow<'_, Axis>], scope: &str) -> Option<&'a Axis> {
    axes.iter()
        .map(AsRef::as_ref)
        .find(|axis: &&Axis| !axis.prefix.is_empty() && scope.starts_with(&axis.prefix))
}

fn sentence(clauses: &[String]) -> String {
    let text = clauses.join(", ");
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

/// A text with settings in it, as plain text.
pub(crate) fn plain(text: &Text, variables: &Variables) -> String {
    let values = Values { account: Some(variables), ..Values::default() };
    text.0
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Var(Var::Account(name) | Var::AccountPath(name)) => {
                values.account.and_then(|account| account.get(name)).unwrap_or_default().to_owned()
            }
            Piece::Var(_) => String::new(),
        })
        .collect()
}
