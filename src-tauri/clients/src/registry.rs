//! The definitions at hand: those that come with the program, and added ones.

use std::sync::Arc;

use crate::{ClientId, Definition};

/// Definitions by id.
#[derive(Debug, Clone, Default)]
pub struct Registry(Vec<Arc<Definition>>);

impl Registry {
    /// The definition of a client.
    pub fn get(&self, id: &ClientId) -> Option<Arc<Definition>> {
        self.0.iter().find(|known| known.id == *id).cloned()
    }

    /// All of them, by name.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.0.iter()
    }

    /// Adds a definition; it takes the place of one with the same id.
    pub fn add(&mut self, definition: Definition) {
        self.0.retain(|known| known.id != definition.id);
        self.0.push(Arc::new(definition));
    }
}
