//! Collections: what the API is about. Ours, like their fields.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::directory::ORGANIZATIONS;
use crate::{Error, random};

/// Collections kept; the oldest make room.
const MOST: usize = 1000;
/// Characters of an id behind `col_`.
const ID_CHARACTERS: usize = 8;

/// One collection.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Collection {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) organization: &'static str,
    pub(super) space: &'static str,
}

/// All collections of all organizations.
pub(super) struct Collections(Mutex<Vec<Collection>>);

impl Default for Collections {
    /// One in each space.
    fn default() -> Self {
        let first = ORGANIZATIONS.iter().flat_map(|organization| {
            organization.spaces.iter().map(|space| Collection {
                id: format!("col_{space}"),
                name: format!("Notes of {space}"),
                organization: organization.name,
                space,
            })
        });
        Self(Mutex::new(first.collect()))
    }
}

impl Collections {
    /// Those of an organization, or of one space in it.
    pub(super) fn within(&self, organization: &str, space: Option<&str>) -> Vec<Collection> {
        let fits = |collection: &&Collection| {
            collection.organization == organization
                && space.is_none_or(|space| collection.space == space)
        };
        self.lock().iter().filter(fits).cloned().collect()
    }

    pub(super) fn find(&self, id: &str) -> Option<Collection> {
        self.lock().iter().find(|collection| collection.id == id).cloned()
    }

    pub(super) fn add(
        &self,
        name: String,
        organization: &'static str,
        space: &'static str,
    ) -> Result<Collection, Error> {
        let id = format!("col_{}", random::base36(ID_CHARACTERS)?);
        let collection = Collection { id, name, organization, space };
        let mut all = self.lock();
        if all.len() == MOST {
            all.remove(0);
        }
        all.push(collection.clone());
        Ok(collection)
    }

    pub(super) fn delete(&self, id: &str) {
        self.lock().retain(|collection| collection.id != id);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Collection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
