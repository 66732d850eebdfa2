//! A platform's table of keys, whatever its keys may do. A key is found by the hash of
//! its value, so that validating one costs the same among a hundred and among a hundred
//! thousand; the value itself is kept nowhere.

mod records;
mod row;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use chrono::{DateTime, Utc};
use keywright_model::Secret;
use sha2::{Digest, Sha256};

pub use records::{Issued, KeyState, SimKey};
pub(crate) use row::{Draft, Row};

use crate::{Error, clock::after, random};

/// Characters of an id behind `key-`, as in agent.ceo's `key-abc123`.
const ID_CHARACTERS: usize = 6;

/// The SHA-256 of a value.
type Hash = [u8; 32];

/// What a platform holds. Rows of revoked keys stay, so that no id comes back.
pub(crate) struct Keys<S> {
    table: RwLock<Table<S>>,
}

struct Table<S> {
    by_hash: HashMap<Hash, Arc<Row<S>>>,
    by_id: HashMap<String, Arc<Row<S>>>,
    in_order: Vec<Arc<Row<S>>>,
}

impl<S> Default for Keys<S> {
    fn default() -> Self {
        let table = Table { by_hash: HashMap::new(), by_id: HashMap::new(), in_order: Vec::new() };
        Self { table: RwLock::new(table) }
    }
}

impl<S> Keys<S> {
    /// Adds a key of a value that was just drawn, and forgets the value.
    pub(crate) fn add(&self, value: &str, draft: Draft<S>) -> Result<Arc<Row<S>>, Error> {
        self.write().make(hash(value), draft)
    }

    /// Adds a key of a value that somebody kept; none when it is there already.
    pub(crate) fn add_kept(
        &self,
        value: &Secret,
        draft: Draft<S>,
    ) -> Result<Option<Arc<Row<S>>>, Error> {
        let hashed = hash(exposed(value));
        let mut table = self.write();
        if table.by_hash.contains_key(&hashed) {
            return Ok(None);
        }
        table.make(hashed, draft).map(Some)
    }

    /// Takes in a whole row; false when its id or its value is there already.
    pub(crate) fn take_in(&self, row: Row<S>, value: Option<&Secret>) -> bool {
        let hashed = value.map(|value| hash(exposed(value)));
        self.write().insert(Arc::new(row), hashed)
    }

    /// The key of this value, if a server takes it now. Notes the use.
    pub(crate) fn validate(
        &self,
        value: &str,
        now: DateTime<Utc>,
        flapping: bool,
    ) -> Option<Arc<Row<S>>> {
        let row = self.read().by_hash.get(&hash(value)).cloned()?;
        if !row.taken(now, flapping) {
            return None;
        }
        row.used(now);
        Some(row)
    }

    /// Whether the key of this value works, without a trace.
    pub(crate) fn accepts(&self, value: &str, now: DateTime<Utc>) -> bool {
        self.read().by_hash.get(&hash(value)).is_some_and(|row| row.taken(now, false))
    }

    /// Revokes; false when there is no such key, or none any more.
    pub(crate) fn revoke(&self, id: &str, now: DateTime<Utc>, delay: Duration) -> bool {
        self.find(id).is_some_and(|row| row.dies_at(after(now, delay)))
    }

    /// Gives another name, as the dashboard might; false when there is no such key.
    pub(crate) fn rename(&self, id: &str, name: &str) -> bool {
        self.find(id).is_some_and(|row| {
            row.rename(name);
            true
        })
    }

    /// The key of this id, alive or not.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Row<S>>> {
        self.read().by_id.get(id).cloned()
    }

    /// Every key, in the order of making.
    pub(crate) fn all(&self) -> Vec<Arc<Row<S>>> {
        self.read().in_order.clone()
    }

    /// Every key as it stands, in the order of making.
    pub(crate) fn seen(&self, now: DateTime<Utc>) -> Vec<SimKey> {
        self.all().iter().map(|row| row.seen(now)).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Table<S>> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Table<S>> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Table<S> {
    /// A row of a new id for a value that is not there yet.
    fn make(&mut self, hashed: Hash, draft: Draft<S>) -> Result<Arc<Row<S>>, Error> {
        let id = loop {
            let id = format!("key-{}", random::base36(ID_CHARACTERS)?);
            if !self.by_id.contains_key(&id) {
                break id;
            }
        };
        let row = Arc::new(Row::new(id, draft));
        self.insert(Arc::clone(&row), Some(hashed));
        Ok(row)
    }

    /// False, and nothing done, when the id or the value is there already.
    fn insert(&mut self, row: Arc<Row<S>>, hashed: Option<Hash>) -> bool {
        let there = self.by_id.contains_key(&row.id)
            || hashed.is_some_and(|hashed| self.by_hash.contains_key(&hashed));
        if there {
            return false;
        }
        if let Some(hashed) = hashed {
            self.by_hash.insert(hashed, Arc::clone(&row));
        }
        self.by_id.insert(row.id.clone(), Arc::clone(&row));
        self.in_order.push(row);
        true
    }
}

fn hash(value: &str) -> Hash {
    Sha256::digest(value.as_bytes()).into()
}

#[expect(clippy::disallowed_methods, reason = "the platform takes its own keys' values")]
pub(crate) fn exposed(secret: &Secret) -> &str {
    secret.expose()
}
