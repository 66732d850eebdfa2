//! From what a person asks for to the one change of a document that does it.

use super::{Beside, Definition, Dollar, Form, FormKind, Params, Scope, Slot, held::is_name};
use crate::{
    edit::Wanted,
    format::{Fresh, Node, Value},
    path::NodePath,
};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The slot's id.
    pub slot: &'a str,
    /// The id of the file that gets it.
    pub file: &'a str,
    /// How it is to stand there.
    pub form: FormKind,
    /// The slot's parameters.
    pub params: &'a Params,
    /// The key, or the name of where it is: a variable, a secret, a file's path.
    pub held: &'a Value,
    /// Whether the file begins with a byte order mark.
    pub bom: bool,
    /// Whether the key holds `$`; not to be seen where `held` is a name.
    pub dollar: bool,
}

/// Why it cannot be done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The definition has no such slot.
    #[error("{client} has no place `{slot}`; it has {known}")]
    Slot {
        /// The client's name.
        client: String,
        /// What was asked for.
        slot: String,
        /// The slots there are.
        known: String,
    },
    /// The slot does not stand in that file.
    #[error("{slot} does not stand in `{file}`; it stands in {known}")]
    File {
        /// The slot's name.
        slot: String,
        /// What was asked for.
        file: String,
        /// The files there are.
        known: String,
    },
    /// The slot cannot hold a key in that way.
    #[error("{slot} cannot hold a key as `{form}`; it can as {known}")]
    Form {
        /// The slot's name.
        slot: String,
        /// What was asked for.
        form: &'static str,
        /// The forms there are.
        known: String,
    },
    /// Something must be told.
    #[error("{label} is not told; tell it with `{name}=…`")]
    Missing {
        /// The parameter.
        name: String,
        /// What people call it.
        label: String,
    },
    /// A name was told that the slot does not know.
    #[error("{slot} asks for no `{name}`; it asks for {known}")]
    Unknown {
        /// The slot's name.
        slot: String,
        /// What was told.
        name: String,
        /// What it asks for.
        known: String,
    },
    /// A value holds a control character, which none of these files carry unharmed.
    #[error("`{name}` holds a line break or another control character")]
    Control {
        /// The parameter, or what is held.
        name: String,
    },
    /// There is nothing to write.
    #[error("`{name}` is empty")]
    Empty {
        /// What is held.
        name: &'static str,
    },
    /// No program reads such a variable.
    #[error("`{name}` is not the name of a variable: letters, digits and `_` only")]
    Name {
        /// What was told.
        name: String,
    },
    /// The client damages a key with `$`.
    #[error(
        "{client} replaces `$…` in its settings, so that this key would arrive damaged; \
         let it stand in a variable and refer to it"
    )]
    Dollar {
        /// The client's name.
        client: String,
    },
    /// The client damages a key with `$`, wherever it stands.
    #[error(
        "{client} replaces `$…` in its settings, and again in the variables that these name, so \
         that this key would arrive damaged either way; have one made without `$`"
    )]
    DollarAnywhere {
        /// The client's name.
        client: String,
    },
    /// The file begins with a byte order mark.
    #[error(
        "the file begins with a byte order mark, with which {client} does not read it; \
         save it without one and try again"
    )]
    Bom {
        /// The client's name.
        client: String,
    },
    /// Keywright does not write this file.
    #[error("Keywright does not write {file}: {why}")]
    ReadOnly {
        /// The file's name.
        file: String,
        /// Why.
        why: String,
    },
}

/// What a person should know before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caution {
    /// The key holds `$`, and the client replaces what looks like a variable that is set.
    Dollar,
    /// The file is a project's and usually shared through git, and the key itself goes in.
    Shared,
    /// The place already holds a key in another form, which stays.
    AlsoThere {
        /// What stands there too.
        form: FormKind,
        /// Where.
        path: NodePath,
    },
}

impl Definition {
    /// The change of a document that does what is asked for, and what to know before.
    pub fn ask(&self, ask: &Ask<'_>, tree: &Node) -> Result<(Wanted, Vec<Caution>), AskError> {
        let slot = self.slot(ask.slot).ok_or_else(|| AskError::Slot {
            client: self.name.clone(),
            slot: ask.slot.to_owned(),
            known: list(self.slots.iter().map(|slot| slot.id.as_str())),
        })?;
        let file = self.file(ask.file).filter(|_| slot.files.iter().any(|own| own == ask.file));
        let file = file.ok_or_else(|| AskError::File {
            slot: slot.name.clone(),
            file: ask.file.to_owned(),
            known: list(slot.files.iter().map(String::as_str)),
        })?;
        if let Some(why) = &file.read_only {
            return Err(AskError::ReadOnly { file: file.name.clone(), why: why.clone() });
        }
        if ask.bom && file.bom_breaks {
            return Err(AskError::Bom { client: self.name.clone() });
        }
        let mut cautions = Vec::new();
        let literal = ask.form == FormKind::Literal;
        if ask.dollar {
            let client = self.name.clone();
            match self.dollar {
                Dollar::WhenSet if literal => cautions.push(Caution::Dollar),
                Dollar::Breaks if literal => return Err(AskError::Dollar { client }),
                Dollar::BreaksReferences => return Err(AskError::DollarAnywhere { client }),
                Dollar::Exact | Dollar::WhenSet | Dollar::Breaks => {}
            }
        }
        if literal && file.scope == Scope::Project {
            cautions.push(Caution::Shared);
        }
        let wanted = slot.wanted(ask.form, ask.params, ask.held, tree)?;
        cautions.extend(self.also_there(ask, &wanted.path, tree));
        Ok((wanted, cautions))
    }

    /// Other forms of the same place.
    fn also_there(&self, ask: &Ask<'_>, path: &NodePath, tree: &Node) -> Vec<Caution> {
        let same = |params: &Params| {
            params.iter().all(|(name, value)| ask.params.get(name).is_none_or(|told| told == value))
        };
        self.slots_in(tree, ask.file)
            .into_iter()
            .filter(|held| held.slot == ask.slot && held.path != *path && same(&held.params))
            .map(|held| Caution::AlsoThere { form: held.kind, path: held.path })
            .collect()
    }
}

impl Slot {
    /// The change of a document that lets this slot hold a key. `held` is the key, or the name
    /// of where it is.
    pub fn wanted(
        &self,
        kind: FormKind,
        params: &Params,
        held: &Value,
        tree: &Node,
    ) -> Result<Wanted, AskError> {
        let form = self.form(kind).ok_or_else(|| AskError::Form {
            slot: self.name.clone(),
            form: kind.word(),
            known: list(self.forms.iter().filter(|form| form.write).map(|form| form.kind.word())),
        })?;
        let mut params = self.told(params)?;
        let text = held.text();
        check(kind.hole(), text)?;
        if text.trim().is_empty() {
            return Err(AskError::Empty { name: kind.hole() });
        }
        if matches!(kind, FormKind::Variable | FormKind::Secret) && !is_name(text) {
            return Err(AskError::Name { name: text.to_owned() });
        }
        // A list of names holds the slot's own parameter.
        let hole = if form.names_itself() { "name" } else { kind.hole() };
        if params.get(hole).is_some_and(|told| told != text) {
            return Err(AskError::Name { name: text.to_owned() });
        }
        params.insert(hole.to_owned(), text.to_owned());
        let missing = |name: super::Untold| self.missing(name.0);
        let value = form.value.fill(&params).map_err(missing)?;
        let path = self.place(form, &params, tree)?;
        let beside = self.beside(form, &params, &path, tree)?;
        Ok(Wanted { path, value: Value::new(value), beside })
    }

    /// The parameters that were told, and the defaults of the others.
    fn told(&self, told: &Params) -> Result<Params, AskError> {
        let mut params = Params::new();
        for (name, value) in told {
            if !self.params.iter().any(|param| param.name == *name) {
                return Err(AskError::Unknown {
                    slot: self.name.clone(),
                    name: name.clone(),
                    known: list(self.params.iter().map(|param| param.name.as_str())),
                });
            }
            check(name, value)?;
            if !value.is_empty() {
                params.insert(name.clone(), value.clone());
            }
        }
        for param in self.params.iter().filter(|param| !param.default.is_empty()) {
            params.entry(param.name.clone()).or_insert_with(|| param.default.clone());
        }
        Ok(params)
    }

    fn place(&self, form: &Form, params: &Params, tree: &Node) -> Result<NodePath, AskError> {
        let next = form.node.path(params, tree).map_err(|name| self.missing(name.0))?;
        if !matches!(tree.at(next.steps()), Ok(None)) {
            return Ok(next);
        }
        // An item of a list of texts that is this one already, or holds its key.
        let same = form.node.find(tree).into_iter().find(|(path, own)| {
            let Ok(Some(Node::Text(text, _))) = tree.at(path.steps()) else { return false };
            let Some(said) = form.value.matches(text.text()) else { return false };
            let agrees = |name: &str| {
                let here = own.get(name).or_else(|| said.get(name));
                here.is_none_or(|here| params.get(name) == Some(here))
            };
            self.identity().all(agrees)
        });
        Ok(same.map_or(next, |(path, _)| path))
    }

    /// What the tables that are to be made hold besides; what goes into others is left out, so
    /// that nothing is asked for that is not used.
    fn beside(
        &self,
        form: &Form,
        params: &Params,
        path: &NodePath,
        tree: &Node,
    ) -> Result<Vec<(NodePath, Fresh)>, AskError> {
        let steps = path.steps();
        let there =
            |upto: &usize| matches!(tree.at(steps.get(..*upto).unwrap_or_default()), Ok(Some(_)));
        let first = (1..=steps.len()).find(|upto| !there(upto));
        let Some(made) = first.and_then(|upto| steps.get(..upto)) else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        for (node, beside) in &form.beside {
            let path = node.path(params, tree).map_err(|name| self.missing(name.0))?;
            let below = path.steps().len() > made.len() && path.steps().starts_with(made);
            if below {
                out.push((path, beside.fresh(params).map_err(|name| self.missing(name.0))?));
            }
        }
        Ok(out)
    }

    fn missing(&self, name: String) -> AskError {
        let param = self.params.iter().find(|param| param.name == name);
        let label = param.map_or_else(|| name.clone(), |param| param.label.clone());
        AskError::Missing { name, label }
    }
}

impl Beside {
    fn fresh(&self, params: &Params) -> Result<Fresh, super::Untold> {
        let text =
            |words: &super::Words| words.fill(params).map(|text| Fresh::Text(Value::new(text)));
        Ok(match self {
            Self::Text(words) => text(words)?,
            Self::Flag(yes) => Fresh::Flag(*yes),
            Self::List(items) => Fresh::List(items.iter().map(text).collect::<Result<_, _>>()?),
        })
    }
}

/// A text that a file of any of these formats can carry on one line.
fn check(name: &str, text: &str) -> Result<(), AskError> {
    if text.chars().any(char::is_control) {
        return Err(AskError::Control { name: name.to_owned() });
    }
    Ok(())
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
