//! The most that a key's owner may do, where a person told it: no key gets more.

use super::axis::{Axis, Choice};
use crate::{
    ProfileError,
    profile::{
        Variables,
        node::Node,
        template::{self, Known},
    },
    template::{Piece, Var},
};

/// What a form says where nobody told what the owner may do.
const NOT_KNOWN: &str = "What its owner may do is not known here: the key never gets more.";
/// So many of the owner's scopes are named in a message.
const NAMED: usize = 12;

/// The setting that holds the owner's scopes.
#[derive(Debug, Clone)]
pub(crate) struct Ceiling(String);

/// The owner's scopes on one connection.
pub(crate) struct Held<'v>(Vec<&'v str>);

impl Ceiling {
    /// What the owner may do; none where nobody told it.
    pub(crate) fn held<'v>(&self, variables: &'v Variables) -> Option<Held<'v>> {
        let told = variables.get(&self.0).unwrap_or_default();
        let scopes: Vec<&str> =
            told.split([',', ' ', '\t']).filter(|scope| !scope.is_empty()).collect();
        (!scopes.is_empty()).then_some(Held(scopes))
    }

    /// The axis with what the owner may do only, or with a word that this is not known.
    pub(crate) fn lower(&self, axis: &mut Axis, variables: &Variables) {
        let Some(held) = self.held(variables) else { return add(&mut axis.help, NOT_KNOWN) };
        let within = |choice: &Choice| held.allows(axis, &choice.value);
        let choices = axis.choices.iter().filter(|choice| within(choice)).cloned().collect();
        let wildcard = axis.wildcard.take().filter(|choice| held.allows(axis, &choice.value));
        (axis.choices, axis.wildcard) = (choices, wildcard);
        add(&mut axis.help, &format!("Its owner may do at most {}.", held.words()));
    }
}

impl Held<'_> {
    /// Whether the owner holds a scope, told with or without the axis' prefix. Who
    /// holds the wildcard holds everything.
    fn allows(&self, axis: &Axis, scope: &str) -> bool {
        let told = |wanted: &str| {
            let bare = wanted.strip_prefix(axis.prefix.as_str()).unwrap_or(wanted);
            self.0.iter().any(|held| *held == wanted || *held == bare)
        };
        told(scope) || axis.wildcard.as_ref().is_some_and(|all| told(&all.value))
    }

    /// Why a scope cannot be given; none where the owner holds it.
    pub(crate) fn refusal(&self, axis: &Axis, scope: &str) -> Option<String> {
        let message = || {
            let (label, most) = (&axis.label, self.words());
            format!("{label}: {scope} is more than the key's owner may do, which is {most}")
        };
        (!self.allows(axis, scope)).then(message)
    }

    fn words(&self) -> String {
        let named = self.0.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        match self.0.len().saturating_sub(NAMED) {
            0 => named,
            more => format!("{named} and {more} more"),
        }
    }
}

fn add(help: &mut String, sentence: &str) {
    if !help.is_empty() {
        help.push(' ');
    }
    help.push_str(sentence);
}

/// Reads `ceiling`: one setting and nothing else.
pub(crate) fn parse(node: &Node<'_>, known: &Known) -> Result<Ceiling, ProfileError> {
    let text = template::account_text(node, known)?;
    match text.0.as_slice() {
        [Piece::Var(Var::Account(name))] => Ok(Ceiling(name.clone())),
        _ => Err(node.wrong("one setting such as `{account.owner_scopes}`")),
    }
}
