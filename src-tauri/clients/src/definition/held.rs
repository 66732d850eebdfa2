//! Every place of a document in which a key, or the name of one, stands.

use std::ops::Range;

use super::{Definition, Form, FormKind, Params, Slot, Words};
use crate::{
    format::{Node, Value},
    path::NodePath,
};

/// A place that holds a key or a reference.
#[derive(Debug, Clone)]
pub struct Held {
    /// The slot's id.
    pub slot: String,
    /// What stands there.
    pub kind: FormKind,
    /// The form's number within its slot.
    pub form: usize,
    /// The slot's parameters that say which place it is.
    pub params: Params,
    /// Where it stands.
    pub path: NodePath,
    /// The bytes of its token.
    pub span: Range<usize>,
    /// The bare key, or the name that a reference has.
    pub value: Value,
    /// What the reference itself gives for a variable that is not set; it may be a key.
    pub fallback: Option<Value>,
    /// Whether what is no key stands in such places too.
    pub mixed: bool,
}

impl Definition {
    /// Every place in a document of the file `file` where a key stands, in the order of the
    /// slots. A place that more than one slot fits belongs to the first.
    pub fn slots_in(&self, tree: &Node, file: &str) -> Vec<Held> {
        let mut found: Vec<Held> = Vec::new();
        for slot in self.slots.iter().filter(|slot| slot.files.iter().any(|own| own == file)) {
            // A reference is a text too: who asks for literals first takes it for a key.
            let (literal, other): (Vec<_>, Vec<_>) =
                slot.forms.iter().enumerate().partition(|(_, form)| form.kind == FormKind::Literal);
            for (at, form) in other.into_iter().chain(literal) {
                for held in slot.held_by(at, form, tree) {
                    if !found.iter().any(|known| known.path == held.path) {
                        found.push(held);
                    }
                }
            }
        }
        found
    }
}

impl Slot {
    fn held_by(&self, at: usize, form: &Form, tree: &Node) -> Vec<Held> {
        let mut found = Vec::new();
        for (path, mut params) in form.node.find(tree) {
            let Ok(Some(Node::Text(text, span))) = tree.at(path.steps()) else { continue };
            let mut spelled = std::iter::once(&form.value).chain(&form.also);
            let own = spelled.find_map(|words| read(words, form.kind, text.text(), &params));
            let Some(own) = own else { continue };
            let Some(value) = own.get(form.kind.hole()).or_else(|| own.get("name")) else {
                continue;
            };
            let value = Value::new(value.clone());
            let fallback = own.get("default").map(|text| Value::new(text.clone()));
            params.extend(own);
            params.retain(|name, _| self.identity().any(|known| known == name));
            found.push(Held {
                slot: self.id.clone(),
                kind: form.kind,
                form: at,
                params,
                path,
                span: span.clone(),
                value,
                fallback,
                mixed: self.mixed,
            });
        }
        found
    }
}

/// The parameters that make a text of a template and agree with those of its place.
fn read(words: &Words, kind: FormKind, text: &str, params: &Params) -> Option<Params> {
    let own = words.matches(text)?;
    let agrees = own.iter().all(|(name, value)| params.get(name).is_none_or(|set| set == value));
    let named = own.get(kind.hole()).is_none_or(|name| match kind {
        FormKind::Variable | FormKind::Secret => is_name(name),
        FormKind::Literal => !name.trim().is_empty(),
        FormKind::File | FormKind::Asked => true,
    });
    (agrees && named).then_some(own)
}

/// Whether a text can be the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests;
