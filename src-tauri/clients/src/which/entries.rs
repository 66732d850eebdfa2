//! What a client's files hold, read once.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{At, Here, Trouble, Unread};
use crate::{
    definition::{Definition, FormKind, Held, Params, Slot, Source},
    edit,
    format::Node,
};

/// Everything that the client's files hold here.
pub(super) struct Entries(Vec<Entry>);

/// One place that holds something.
pub(super) struct Entry {
    /// The file rule's id.
    pub(super) rule: String,
    /// The file.
    pub(super) path: PathBuf,
    /// What it holds.
    pub(super) held: Held,
    /// Whether the client does not read this file because of another one.
    hidden: bool,
}

impl Entries {
    /// Reads them all, of one rule the strongest file first.
    pub(super) fn read(definition: &Definition, here: &Here<'_>) -> (Self, Vec<Unread>) {
        let mut all: Vec<Entry> = Vec::new();
        let mut unread = Vec::new();
        let mut hidden: Vec<&str> = Vec::new();
        for rule in &definition.files {
            for file in rule.locate(here.machine, here.project) {
                let bytes = match (here.read)(&file.path) {
                    Ok(bytes) => bytes,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => {
                        let why = Trouble::Io(error.kind());
                        unread.push(Unread { rule: rule.id.clone(), path: file.path, why });
                        continue;
                    }
                };
                hidden.extend(rule.hides.iter().map(String::as_str));
                let tree = match edit::read(rule.format, &bytes) {
                    Ok(tree) => tree,
                    Err(problem) => {
                        let why = Trouble::Format(problem);
                        unread.push(Unread { rule: rule.id.clone(), path: file.path, why });
                        continue;
                    }
                };
                let mut held = definition.slots_in(&tree, &rule.id);
                held.retain(|held| of_here(held, here));
                held.sort_by_key(|held| !wins(definition, held));
                all.extend(held.into_iter().map(|held| {
                    let (rule, path) = (rule.id.clone(), file.path.clone());
                    Entry { rule, path, held, hidden: false }
                }));
            }
        }
        for entry in &mut all {
            entry.hidden = hidden.contains(&entry.rule.as_str());
        }
        (Self(all), unread)
    }

    /// The places of a slot's kind: each set of its parameters that something holds, here or in
    /// a slot that is a source of it. Where nothing must be told there is always one.
    pub(super) fn instances(&self, slot: &Slot) -> Vec<Params> {
        let mut found: Vec<Params> = Vec::new();
        if slot.identity().next().is_none() {
            found.push(Params::new());
        }
        let is_source = |id: &str| {
            slot.sources.iter().any(|source| matches!(source, Source::Slot(own) if own == id))
        };
        for entry in &self.0 {
            if entry.held.slot != slot.id && !is_source(&entry.held.slot) {
                continue;
            }
            let mut params = entry.held.params.clone();
            params.retain(|name, _| slot.identity().any(|own| own == name));
            if !found.contains(&params) {
                found.push(params);
            }
        }
        found
    }

    /// What one of the slot's files holds for these parameters.
    pub(super) fn of<'a>(
        &'a self,
        slot: &'a Slot,
        file: &'a str,
        params: &'a Params,
    ) -> impl Iterator<Item = &'a Entry> {
        self.0
            .iter()
            .filter(move |entry| entry.rule == file && !entry.hidden && entry.is_of(slot, params))
    }

    /// What stands in files that the client does not read here, or only in some modes.
    pub(super) fn aside<'a>(
        &'a self,
        slot: &'a Slot,
        params: &'a Params,
    ) -> impl Iterator<Item = &'a Entry> {
        self.0.iter().filter(move |entry| {
            let read = slot.sources.is_empty()
                || slot.sources.iter().any(|s| matches!(s, Source::File(id) if *id == entry.rule));
            (entry.hidden || !read) && entry.is_of(slot, params)
        })
    }

    /// The strongest key in the files of a slot that stands under a name, whichever slot it
    /// belongs to by itself.
    pub(super) fn literal(&self, slot: &Slot, name: &str) -> Option<&Entry> {
        let params = Params::from([("name".to_owned(), name.to_owned())]);
        let nothing = Node::Map(Vec::new(), 0..0);
        let path = slot.forms.first()?.node.path(&params, &nothing).ok()?;
        super::order(slot).iter().find_map(|source| match source {
            Source::File(id) => self.0.iter().find(|entry| {
                entry.rule == *id
                    && !entry.hidden
                    && entry.held.kind == FormKind::Literal
                    && entry.held.path == path
            }),
            _ => None,
        })
    }
}

impl Entry {
    /// Where it stands.
    pub(super) fn at(&self) -> At {
        At::File { rule: self.rule.clone(), path: self.path.clone(), node: self.held.path.clone() }
    }

    /// Whether it is of a slot, and its parameters agree with these as far as both have them.
    fn is_of(&self, slot: &Slot, params: &Params) -> bool {
        let own = &self.held.params;
        self.held.slot == slot.id
            && own.iter().all(|(name, value)| params.get(name).is_none_or(|told| told == value))
    }
}

/// Whether it counts before other forms in the same file.
fn wins(definition: &Definition, held: &Held) -> bool {
    let form = definition.slot(&held.slot).and_then(|slot| slot.forms.get(held.form));
    form.is_some_and(|form| form.wins)
}

/// Whether a place belongs to this project: those of other projects stand in the same file.
fn of_here(held: &Held, here: &Here<'_>) -> bool {
    match (held.params.get("project"), here.project) {
        (None, _) => true,
        (Some(named), Some(project)) => Path::new(named) == project,
        (Some(_), None) => false,
    }
}
