//! What the workspace holds, in production and in the sandbox apart.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;

use crate::{Error, random};

/// Things kept on each shelf; the oldest make room.
const MOST_ITEMS: usize = 1000;
/// Characters of an id behind `agents_`.
const ID_CHARACTERS: usize = 8;

/// An agent, a contact, a webhook.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Item {
    pub(super) id: String,
    name: String,
}

/// A shelf's name, and whether it is the sandbox's.
type Place = (&'static str, bool);

/// Everything that was added.
pub(super) struct Shelves(Mutex<BTreeMap<Place, VecDeque<Item>>>);

impl Default for Shelves {
    /// One agent on each side, so that there is something to run.
    fn default() -> Self {
        let first =
            |name: &str| VecDeque::from([Item { id: "agents_first".into(), name: name.into() }]);
        let agents = [
            (("agents", false), first("Receptionist")),
            (("agents", true), first("Receptionist, in the sandbox")),
        ];
        Self(Mutex::new(BTreeMap::from(agents)))
    }
}

impl Shelves {
    pub(super) fn all(&self, shelf: &'static str, sandbox: bool) -> Vec<Item> {
        self.lock()
            .get(&(shelf, sandbox))
            .map(|items| items.iter().cloned().collect())
            .unwrap_or_default()
    }

    pub(super) fn has(&self, shelf: &'static str, sandbox: bool, id: &str) -> bool {
        self.lock()
            .get(&(shelf, sandbox))
            .is_some_and(|items| items.iter().any(|item| item.id == id))
    }

    pub(super) fn add(
        &self,
        shelf: &'static str,
        sandbox: bool,
        name: String,
    ) -> Result<Item, Error> {
        let item = Item { id: format!("{shelf}_{}", random::base36(ID_CHARACTERS)?), name };
        let mut shelves = self.lock();
        let items = shelves.entry((shelf, sandbox)).or_default();
        if items.len() == MOST_ITEMS {
            items.pop_front();
        }
        items.push_back(item.clone());
        Ok(item)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Place, VecDeque<Item>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
