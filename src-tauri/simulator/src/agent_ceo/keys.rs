//! The token authority's table. A key is found by the hash of its value, so that
//! validating one costs the same among a hundred and among a hundred thousand.

use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use keywright_model::{Environment, Secret};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::scopes::Scopes;
use crate::{Error, clock::after, random};

/// How keys begin.
const LIVE: &str = "ace_live_";
const TEST: &str = "ace_test_";
/// Characters of a key behind its environment prefix: 256 bits and a little.
const VALUE_CHARACTERS: usize = 43;
/// Characters of an id behind `key-`, as in the document's `key-abc123`.
const ID_CHARACTERS: usize = 6;
/// Characters behind the environment prefix that a key's `prefix` shows.
const SHOWN_CHARACTERS: usize = 2;

type Hash = [u8; 32];

/// A key to be made without a request, as the dashboard would.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// Its scopes, all three axes.
    pub scopes: Vec<String>,
    /// `ace_live_` or `ace_test_`; unknown counts as live.
    pub environment: Environment,
    /// When it ends; none means never.
    pub expires: Option<DateTime<Utc>>,
}

/// A key that was made, with the only copy of its value.
#[derive(Debug)]
pub struct Issued {
    /// Its id.
    pub key_id: String,
    /// Its value.
    pub secret: Secret,
}

/// A key of an earlier simulator, as somebody else kept it.
#[derive(Debug)]
pub struct RestoredKey<'a> {
    /// Its id.
    pub key_id: String,
    /// Its name.
    pub name: String,
    /// Its visible beginning. With a secret, the secret's own.
    pub prefix: String,
    /// Its scopes, all three axes.
    pub scopes: Vec<String>,
    /// Production or sandbox.
    pub environment: Environment,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it ends; none means never.
    pub expires: Option<DateTime<Utc>>,
    /// When it was revoked. The revoke delay counts from then.
    pub revoked: Option<DateTime<Utc>>,
    /// Its value, of which only the hash is kept. Without it the key is listed, and
    /// nobody can use it.
    pub secret: Option<&'a Secret>,
}

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// It works.
    Active,
    /// Its time is over.
    Expired,
    /// It was revoked, and some server still takes it.
    Revoking,
    /// It was revoked, and no server takes it.
    Revoked,
}

/// One key as the platform knows it, without its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimKey {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its visible beginning.
    pub prefix: String,
    /// Whose it is: the organization.
    pub owner: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// Production or sandbox.
    pub environment: Environment,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it ends.
    pub expires: Option<DateTime<Utc>>,
    /// When it was last taken.
    pub last_used: Option<DateTime<Utc>>,
    /// Where it is in its life.
    pub state: KeyState,
}

/// One row of the table.
pub(crate) struct Row {
    pub(crate) id: String,
    name: RwLock<String>,
    pub(crate) prefix: String,
    pub(crate) owner: String,
    pub(crate) scopes: Scopes,
    pub(crate) environment: Environment,
    created: DateTime<Utc>,
    expires: Option<DateTime<Utc>>,
    /// Unix milliseconds; [`NEVER_USED`] before the first use.
    last_used: AtomicI64,
    /// When the last server stops taking it, once it was revoked.
    dead_at: OnceLock<DateTime<Utc>>,
    /// Tries since it was revoked.
    tries: AtomicU64,
}

const NEVER_USED: i64 = i64::MIN;

impl Row {
    fn new(
        id: String,
        prefix: String,
        scopes: Scopes,
        new: NewKey,
        created: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            name: RwLock::new(new.name),
            prefix,
            owner: scopes.organization.clone(),
            scopes,
            environment: new.environment,
            created,
            expires: new.expires,
            last_used: AtomicI64::new(NEVER_USED),
            dead_at: OnceLock::new(),
            tries: AtomicU64::new(0),
        }
    }

    pub(crate) fn name(&self) -> String {
        self.name.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn state(&self, now: DateTime<Utc>) -> KeyState {
        match self.dead_at.get() {
            Some(dead_at) if *dead_at <= now => KeyState::Revoked,
            Some(_) => KeyState::Revoking,
            None if self.expires.is_some_and(|at| at <= now) => KeyState::Expired,
            None => KeyState::Active,
        }
    }

    /// Whether a server takes it now. While a revocation spreads and `flapping` is
    /// set, every other try meets a server that knows already.
    fn taken(&self, now: DateTime<Utc>, flapping: bool) -> bool {
        let expired = self.expires.is_some_and(|at| at <= now);
        match self.state(now) {
            KeyState::Active => true,
            KeyState::Revoking if expired => false,
            KeyState::Revoking => {
                !flapping || self.tries.fetch_add(1, Ordering::SeqCst).is_multiple_of(2)
            }
            KeyState::Expired | KeyState::Revoked => false,
        }
    }

    pub(crate) fn seen(&self, now: DateTime<Utc>) -> SimKey {
        let last_used = self.last_used.load(Ordering::Relaxed);
        SimKey {
            id: self.id.clone(),
            name: self.name(),
            prefix: self.prefix.clone(),
            owner: self.owner.clone(),
            scopes: self.scopes.written.clone(),
            environment: self.environment,
            created: self.created,
            expires: self.expires,
            last_used: DateTime::from_timestamp_millis(last_used)
                .filter(|_| last_used != NEVER_USED),
            state: self.state(now),
        }
    }
}

/// What the token authority holds. Rows of revoked keys stay, so that no id comes back.
#[derive(Default)]
pub(crate) struct Keys {
    table: RwLock<Table>,
}

#[derive(Default)]
struct Table {
    by_hash: HashMap<Hash, Arc<Row>>,
    by_id: HashMap<String, Arc<Row>>,
    in_order: Vec<Arc<Row>>,
}

impl Keys {
    /// Makes a key whose scopes were checked before, and forgets its value.
    pub(crate) fn make(
        &self,
        scopes: Scopes,
        new: NewKey,
        now: DateTime<Utc>,
    ) -> Result<(Arc<Row>, String), Error> {
        let beginning = match new.environment {
            Environment::Test => TEST,
            Environment::Live | Environment::Unknown => LIVE,
        };
        let value = format!("{beginning}{}", random::base62(VALUE_CHARACTERS)?);
        let row = self.write().make(&value, scopes, new, now)?;
        Ok((row, value))
    }

    /// Takes in a key that an earlier simulator made; false when its id or its value is
    /// there already.
    pub(crate) fn restore(&self, old: RestoredKey<'_>, delay: Duration) -> Result<bool, Error> {
        let scopes = Scopes::parse(old.scopes.clone())?;
        let hashed = old.secret.map(hash_of);
        let prefix = old.secret.map_or(old.prefix, shown_of);
        let new = NewKey {
            name: old.name,
            scopes: old.scopes,
            environment: old.environment,
            expires: old.expires,
        };
        let row = Row::new(old.key_id, prefix, scopes, new, old.created);
        if let Some(revoked) = old.revoked {
            row.dead_at.get_or_init(|| after(revoked, delay));
        }
        Ok(self.write().insert(Arc::new(row), hashed))
    }

    /// Makes a new key of a value that somebody kept; none when it is there already.
    pub(crate) fn make_of(
        &self,
        value: &Secret,
        new: NewKey,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Row>>, Error> {
        let scopes = Scopes::parse(new.scopes.clone())?;
        let mut table = self.write();
        if table.by_hash.contains_key(&hash_of(value)) {
            return Ok(None);
        }
        table.make(exposed(value), scopes, new, now).map(Some)
    }

    /// Makes a key as the dashboard would.
    pub(crate) fn issue(&self, new: NewKey, now: DateTime<Utc>) -> Result<Issued, Error> {
        let scopes = Scopes::parse(new.scopes.clone())?;
        let (row, value) = self.make(scopes, new, now)?;
        Ok(Issued { key_id: row.id.clone(), secret: Secret::new(value) })
    }

    /// The key of this value, if a server takes it now. Notes the use.
    pub(crate) fn validate(
        &self,
        value: &str,
        now: DateTime<Utc>,
        flapping: bool,
    ) -> Option<Arc<Row>> {
        let row = self.read().by_hash.get(&hash(value)).cloned()?;
        if !row.taken(now, flapping) {
            return None;
        }
        row.last_used.store(now.timestamp_millis(), Ordering::Relaxed);
        Some(row)
    }

    /// Whether the key of this value works, without a trace.
    pub(crate) fn accepts(&self, value: &str, now: DateTime<Utc>) -> bool {
        self.read().by_hash.get(&hash(value)).is_some_and(|row| row.taken(now, false))
    }

    /// Revokes; false when there is no such key, or none any more.
    pub(crate) fn revoke(&self, id: &str, now: DateTime<Utc>, delay: Duration) -> bool {
        let row = self.read().by_id.get(id).cloned();
        row.is_some_and(|row| row.dead_at.set(after(now, delay)).is_ok())
    }

    /// Gives another name, as the dashboard might; false when there is no such key.
    pub(crate) fn rename(&self, id: &str, name: &str) -> bool {
        let row = self.read().by_id.get(id).cloned();
        row.is_some_and(|row| {
            name.clone_into(&mut row.name.write().unwrap_or_else(PoisonError::into_inner));
            true
        })
    }

    /// Every key, in the order of making.
    pub(crate) fn all(&self) -> Vec<Arc<Row>> {
        self.read().in_order.clone()
    }

    fn read(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// A row of a new id for a value that is not there yet.
    fn make(
        &mut self,
        value: &str,
        scopes: Scopes,
        new: NewKey,
        now: DateTime<Utc>,
    ) -> Result<Arc<Row>, Error> {
        let id = loop {
            let id = format!("key-{}", random::base36(ID_CHARACTERS)?);
            if !self.by_id.contains_key(&id) {
                break id;
            }
        };
        let row = Arc::new(Row::new(id, shown(value), scopes, new, now));
        self.insert(Arc::clone(&row), Some(hash(value)));
        Ok(row)
    }

    /// False, and nothing done, when the id or the value is there already.
    fn insert(&mut self, row: Arc<Row>, hashed: Option<Hash>) -> bool {
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

/// The beginning of a value that everybody may see.
fn shown(value: &str) -> String {
    let beginning = if value.starts_with(TEST) { TEST } else { LIVE };
    value.chars().take(beginning.len() + SHOWN_CHARACTERS).collect()
}

#[expect(clippy::disallowed_methods, reason = "the platform takes its own keys' values")]
fn exposed(secret: &Secret) -> &str {
    secret.expose()
}

fn hash_of(secret: &Secret) -> Hash {
    hash(exposed(secret))
}

fn shown_of(secret: &Secret) -> String {
    shown(exposed(secret))
}
