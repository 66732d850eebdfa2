//! Which key a client really uses: its files, the environment and what they refer to, in the
//! order of the client's documentation. Reads through an argument, prints nothing of a key.

mod entries;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use self::entries::{Entries, Entry};
use crate::{
    definition::{Definition, FormKind, Params, Slot, Source, Words},
    format::{Problem, Value},
    machine::Machine,
    path::NodePath,
};

/// Reads a file's content.
pub type Reader<'r> = dyn Fn(&Path) -> io::Result<Vec<u8>> + 'r;

/// Where the question is asked.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    /// The machine, with the environment that the client will have.
    pub machine: &'a Machine,
    /// The folder that the client is started in.
    pub project: Option<&'a Path>,
    /// What reads files.
    pub read: &'a Reader<'a>,
}

impl fmt::Debug for Here<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Here").field("project", &self.project).finish_non_exhaustive()
    }
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Which {
    /// Every place of a key, in the order of the definition.
    pub used: Vec<Used>,
    /// Files that are there and could not be read; the answer may be wrong for them.
    pub unread: Vec<Unread>,
}

/// One place of a key, over all the sources that can fill it.
#[derive(Debug, Clone)]
pub struct Used {
    /// The slot's id.
    pub slot: String,
    /// Which one of its kind: the server's name, the variable's name.
    pub params: Params,
    /// What the client takes. None where all that is there stands in files that it does not
    /// read here.
    pub effective: Option<Found>,
    /// What it would take if what is stronger were not there, the strongest first.
    pub shadowed: Vec<Found>,
    /// What stands in files of this client that it does not read here, or only in some modes.
    pub aside: Vec<Found>,
    /// What cannot be seen from here and would outrank the effective one if it held a key: a
    /// keyring, a sign-in.
    pub unless: Vec<String>,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where the client finds it.
    pub at: At,
    /// How the key stands there.
    pub form: FormKind,
    /// The key that it leads to.
    pub key: Key,
}

/// A place that a key or a reference stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// An environment variable.
    Environment(String),
    /// A file.
    File {
        /// The file rule's id; empty for a file that a reference names.
        rule: String,
        /// Its path.
        path: PathBuf,
        /// Where in it; empty for the whole of it.
        node: NodePath,
    },
}

/// What an entry leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The key. For comparing with others only.
    Here {
        /// The key.
        value: Value,
        /// Where it stands, if the entry is a reference.
        via: Option<At>,
    },
    /// The reference leads to nothing: the client gets no key, or an error.
    Unset {
        /// The name that it has.
        name: String,
    },
    /// It leads to something that cannot be seen from here.
    Elsewhere {
        /// What that is.
        what: String,
    },
}

/// A file that could not be read.
#[derive(Debug, Clone)]
pub struct Unread {
    /// The file rule's id.
    pub rule: String,
    /// Its path.
    pub path: PathBuf,
    /// Why.
    pub why: Trouble,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The operating system refused.
    #[error("it cannot be read: {0}")]
    Io(io::ErrorKind),
    /// It is not of its format.
    #[error(transparent)]
    Format(#[from] Problem),
}

/// Tells which keys a client uses here.
pub fn which(definition: &Definition, here: &Here<'_>) -> Which {
    let (entries, unread) = Entries::read(definition, here);
    let named = |slot: &Slot| {
        let is = |source: &Source| matches!(source, Source::Slot(id) if *id == slot.id);
        definition.slots.iter().any(|other| other.sources.iter().any(is))
    };
    let search = Search { definition, here, entries: &entries };
    let mut used = Vec::new();
    // A slot that is a source of another one is told of there.
    for slot in definition.slots.iter().filter(|slot| !named(slot)) {
        for params in entries.instances(slot) {
            used.extend(search.resolve(slot, params));
        }
    }
    Which { used, unread }
}

/// The definition, the place and what the files hold.
#[derive(Clone, Copy)]
struct Search<'a> {
    definition: &'a Definition,
    here: &'a Here<'a>,
    entries: &'a Entries,
}

impl Search<'_> {
    /// One place of a key over all its sources; none where nothing is there.
    fn resolve(self, slot: &Slot, params: Params) -> Option<Used> {
        let mut found = Vec::new();
        let mut unless = Vec::new();
        for source in order(slot) {
            match &source {
                // What outranks the first thing that is found.
                Source::Elsewhere(what) if found.is_empty() => unless.push(what.clone()),
                Source::Slot(id) => {
                    for (other, source) in self.sources_of(id) {
                        found.extend(self.at(other, &source, &params));
                    }
                }
                source => found.extend(self.at(slot, source, &params)),
            }
        }
        let aside = self.entries.aside(slot, &params);
        let aside: Vec<Found> = aside.map(|entry| self.follow(entry)).collect();
        if found.is_empty() && aside.is_empty() {
            return None;
        }
        let mut found = found.into_iter();
        let effective = found.next();
        let shadowed = found.collect();
        Some(Used { slot: slot.id.clone(), params, effective, shadowed, aside, unless })
    }

    /// A slot that is a source of another, with each of its own sources.
    fn sources_of(&self, id: &str) -> Vec<(&Slot, Source)> {
        let slot = self.definition.slot(id);
        slot.into_iter()
            .flat_map(|slot| order(slot).into_iter().map(move |own| (slot, own)))
            .collect()
    }

    /// What an environment variable or a file gives for a slot.
    fn at(self, slot: &Slot, source: &Source, params: &Params) -> Vec<Found> {
        match source {
            Source::Environment(words) => {
                environment(self.here, words, params).into_iter().collect()
            }
            Source::File(id) => {
                self.entries.of(slot, id, params).map(|entry| self.follow(entry)).collect()
            }
            Source::Slot(_) | Source::Elsewhere(_) => Vec::new(),
        }
    }

    /// Where an entry leads.
    fn follow(self, entry: &Entry) -> Found {
        let held = &entry.held;
        let key = match held.kind {
            FormKind::Literal => Key::Here { value: held.value.clone(), via: None },
            FormKind::Asked => Key::Elsewhere { what: "the client's own store".to_owned() },
            FormKind::File => from_file(self.here, &entry.path, held.value.text()),
            FormKind::Variable | FormKind::Secret => self.referred(entry),
        };
        let key = match (key, &held.fallback) {
            (Key::Unset { .. }, Some(value)) => Key::Here { value: value.clone(), via: None },
            (key, _) => key,
        };
        Found { at: entry.at(), form: held.kind, key }
    }

    /// What a named variable or secret is.
    fn referred(self, entry: &Entry) -> Key {
        let held = &entry.held;
        let name = held.value.text();
        let form = self.definition.slot(&held.slot).and_then(|slot| slot.forms.get(held.form));
        let from = form.map(|form| form.from.as_slice()).unwrap_or_default();
        let mut params = held.params.clone();
        params.insert(held.kind.hole().to_owned(), name.to_owned());
        if from.is_empty() {
            return self.variable(name).unwrap_or_else(|| Key::Unset { name: name.to_owned() });
        }
        let mut elsewhere = None;
        for source in from {
            let key = match source {
                Source::Environment(words) => {
                    words.fill(&params).ok().and_then(|name| self.variable(&name))
                }
                Source::Slot(id) => self.secret(id, name),
                Source::Elsewhere(what) => {
                    elsewhere = elsewhere.or_else(|| Some(what.clone()));
                    None
                }
                Source::File(_) => None,
            };
            if let Some(key) = key {
                return key;
            }
        }
        match elsewhere {
            Some(what) => Key::Elsewhere { what },
            None => Key::Unset { name: name.to_owned() },
        }
    }

    fn variable(self, name: &str) -> Option<Key> {
        let value = Value::new(self.here.machine.variable(name)?);
        Some(Key::Here { value, via: Some(At::Environment(name.to_owned())) })
    }

    /// The key that stands under a name in the files of another slot.
    fn secret(self, slot: &str, name: &str) -> Option<Key> {
        let found = self.entries.literal(self.definition.slot(slot)?, name)?;
        Some(Key::Here { value: found.held.value.clone(), via: Some(found.at()) })
    }
}

/// The sources of a slot, strongest first.
fn order(slot: &Slot) -> Vec<Source> {
    if slot.sources.is_empty() {
        return slot.files.iter().rev().cloned().map(Source::File).collect();
    }
    slot.sources.clone()
}

fn environment(here: &Here<'_>, words: &Words, params: &Params) -> Option<Found> {
    let name = words.fill(params).ok()?;
    let value = Value::new(here.machine.variable(&name)?);
    let key = Key::Here { value, via: None };
    Some(Found { at: At::Environment(name), form: FormKind::Literal, key })
}

/// The key that is the whole of a file. A relative path counts from the folder of the file
/// that names it.
fn from_file(here: &Here<'_>, config: &Path, named: &str) -> Key {
    let path = match named.strip_prefix("~/") {
        Some(below) => here.machine.home.join(below),
        None => config.parent().unwrap_or(config).join(named),
    };
    let unset = || Key::Unset { name: named.to_owned() };
    let Ok(bytes) = (here.read)(&path) else { return unset() };
    let Ok((text, _)) = crate::edit::text(&bytes) else { return unset() };
    let value = Value::new(text.trim());
    let via = Some(At::File { rule: String::new(), path, node: NodePath::default() });
    if value.text().is_empty() { unset() } else { Key::Here { value, via } }
}

#[cfg(test)]
mod tests;
