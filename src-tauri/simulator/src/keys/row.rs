//! One key of the table, and its life.

use std::sync::{
    OnceLock, PoisonError, RwLock,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use chrono::{DateTime, Utc};
use keywright_model::Environment;

use super::{KeyState, SimKey};

/// A key about to be made. `S` is what its platform checks it against.
pub(crate) struct Draft<S> {
    pub(crate) name: String,
    /// The beginning of its value, which everybody may see.
    pub(crate) prefix: String,
    pub(crate) owner: String,
    pub(crate) scopes: S,
    /// The scopes as lists show them.
    pub(crate) written: Vec<String>,
    pub(crate) environment: Environment,
    pub(crate) created: DateTime<Utc>,
    pub(crate) expires: Option<DateTime<Utc>>,
}

/// One row of the table.
pub(crate) struct Row<S> {
    pub(crate) id: String,
    name: RwLock<String>,
    pub(crate) prefix: String,
    pub(crate) owner: String,
    pub(crate) scopes: S,
    pub(crate) written: Vec<String>,
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

impl<S> Row<S> {
    pub(crate) fn new(id: String, draft: Draft<S>) -> Self {
        Self {
            id,
            name: RwLock::new(draft.name),
            prefix: draft.prefix,
            owner: draft.owner,
            scopes: draft.scopes,
            written: draft.written,
            environment: draft.environment,
            created: draft.created,
            expires: draft.expires,
            last_used: AtomicI64::new(NEVER_USED),
            dead_at: OnceLock::new(),
            tries: AtomicU64::new(0),
        }
    }

    pub(crate) fn name(&self) -> String {
        self.name.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn rename(&self, name: &str) {
        name.clone_into(&mut self.name.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Revoked: no server takes it from then on. False when it was revoked before.
    pub(crate) fn dies_at(&self, at: DateTime<Utc>) -> bool {
        self.dead_at.set(at).is_ok()
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
    pub(super) fn taken(&self, now: DateTime<Utc>, flapping: bool) -> bool {
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

    pub(super) fn used(&self, now: DateTime<Utc>) {
        self.last_used.store(now.timestamp_millis(), Ordering::Relaxed);
    }

    pub(crate) fn seen(&self, now: DateTime<Utc>) -> SimKey {
        let last_used = self.last_used.load(Ordering::Relaxed);
        SimKey {
            id: self.id.clone(),
            name: self.name(),
            prefix: self.prefix.clone(),
            owner: self.owner.clone(),
            scopes: self.written.clone(),
            environment: self.environment,
            created: self.created,
            expires: self.expires,
            last_used: DateTime::from_timestamp_millis(last_used)
                .filter(|_| last_used != NEVER_USED),
            state: self.state(now),
        }
    }
}
