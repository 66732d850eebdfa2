//! The definitions at hand: those that come with the program, and added ones.

use std::sync::{Arc, OnceLock};

use crate::{ClientId, Definition, DefinitionError};

// `BUILTIN`: name and text of every definition, listed by build.rs.
include!(concat!(env!("OUT_DIR"), "/definitions.rs"));

/// Definitions by id. One that comes with the program is read when it is first asked for.
#[derive(Debug, Clone, Default)]
pub struct Registry(Vec<Entry>);

/// A definition, or the text of one that nobody asked for yet.
#[derive(Debug, Clone)]
struct Entry {
    id: ClientId,
    origin: &'static str,
    text: &'static str,
    read: OnceLock<Option<Arc<Definition>>>,
}

impl Entry {
    /// A definition that comes with the program. Its file is named after its id.
    fn builtin(origin: &'static str, text: &'static str) -> Self {
        let name = origin.rsplit('/').next().unwrap_or(origin);
        let id = ClientId::new(name.strip_suffix(".toml").unwrap_or(name));
        Self { id, origin, text, read: OnceLock::new() }
    }

    fn definition(&self) -> Option<&Arc<Definition>> {
        let read = || Definition::parse(self.origin, self.text).ok().map(Arc::new);
        self.read.get_or_init(read).as_ref()
    }
}

impl Registry {
    /// The definitions that come with the program. One that cannot be read is not there;
    /// [`Registry::check_builtin`] says why, and a test holds that all can.
    pub fn builtin() -> Self {
        Self(BUILTIN.iter().map(|(origin, text)| Entry::builtin(origin, text)).collect())
    }

    /// Reads every definition that comes with the program.
    pub fn check_builtin() -> Result<(), DefinitionError> {
        BUILTIN.iter().try_for_each(|(origin, text)| Definition::parse(origin, text).map(drop))
    }

    /// Names and texts of the definitions that come with the program.
    pub const fn builtin_texts() -> &'static [(&'static str, &'static str)] {
        BUILTIN
    }

    /// The definition of a client.
    pub fn get(&self, id: &ClientId) -> Option<Arc<Definition>> {
        self.0.iter().find(|entry| entry.id == *id)?.definition().cloned()
    }

    /// All of them, in the order of their ids, added ones last.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.0.iter().filter_map(Entry::definition)
    }

    /// Whether a definition of this id comes with the program.
    pub fn is_builtin(id: &ClientId) -> bool {
        BUILTIN.iter().any(|(origin, _)| {
            origin.strip_prefix("definitions/").and_then(|name| name.strip_suffix(".toml"))
                == Some(id.as_str())
        })
    }

    /// Adds a definition; it takes the place of one with the same id.
    pub fn add(&mut self, definition: Definition) {
        let id = definition.id.clone();
        let read = OnceLock::from(Some(Arc::new(definition)));
        let added = Entry { id, origin: "", text: "", read };
        match self.0.iter_mut().find(|known| known.id == added.id) {
            Some(known) => *known = added,
            None => self.0.push(added),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_that_comes_with_the_program_can_be_read() {
        Registry::check_builtin().unwrap();
        let mut ids = Vec::new();
        for (origin, text) in BUILTIN {
            let definition = Definition::parse(origin, text).unwrap();
            assert_eq!(*origin, format!("definitions/{}.toml", definition.id));
            ids.push(definition.id);
        }
        assert!(ids.len() >= 44, "{} definitions", ids.len());
        let registry = Registry::builtin();
        assert!(ids.iter().all(|id| registry.get(id).is_some() && Registry::is_builtin(id)));
        assert_eq!(registry.all().count(), ids.len());
    }

    #[test]
    fn an_added_definition_takes_the_place_of_one_with_its_id() {
        let (origin, text) = BUILTIN.iter().find(|(origin, _)| origin.contains("cursor")).unwrap();
        let mut own = Definition::parse(origin, text).unwrap();
        own.name = "Mine".to_owned();
        let mut registry = Registry::builtin();
        let before = registry.all().count();
        let id = own.id.clone();
        registry.add(own);
        assert_eq!(registry.get(&id).unwrap().name, "Mine");
        assert_eq!(registry.all().count(), before);
    }
}
