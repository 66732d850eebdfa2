//! Faults on demand: what a platform or the way to it may do to one request.

pub(crate) mod apply;

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

/// What was asked of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// List the keys; a probe is this too.
    List,
    /// Make a key.
    #[serde(alias = "create")]
    Mint,
    /// Revoke a key.
    Revoke,
    /// Call a tool or use a service.
    Use,
}

/// What happens to a request. Without "after" in its word, a fault that hides the
/// answer comes before the effect; a fault that spoils the answer comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// 429 with `Retry-After`, nothing done.
    RateLimited {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// 500, nothing done.
    ServerError,
    /// 500, and yet it was done.
    ServerErrorAfterEffect,
    /// The connection ends without an answer, nothing done.
    CutConnection,
    /// The connection ends without an answer, and yet it was done.
    CutAfterEffect,
    /// The connection ends in the middle of the true answer.
    CutMidBody,
    /// No answer ever, nothing done.
    Timeout,
    /// No answer ever, and yet it was done.
    TimeoutAfterEffect,
    /// The first half of the true answer, as if it were whole.
    MalformedJson,
    /// The true answer without the key's value.
    OmitSecret,
    /// An answer that never ends.
    EndlessBody,
    /// The true answer, byte by byte.
    SlowDrip {
        /// Milliseconds between two bytes.
        pause_ms: u64,
    },
    /// 307 to the same path on another port of this machine, nothing done.
    Redirect {
        /// The port.
        port: u16,
    },
}

impl Fault {
    /// Whether the request is carried out all the same.
    pub const fn takes_effect(&self) -> bool {
        !matches!(
            self,
            Self::RateLimited { .. }
                | Self::ServerError
                | Self::CutConnection
                | Self::Timeout
                | Self::Redirect { .. }
        )
    }
}

/// What a request meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Spoil {
    Fault(Fault),
    /// It is carried out, and this is sent in place of the true answer.
    Answer {
        status: u16,
        body: String,
    },
}

/// That, and how many more requests meet it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Ordered {
    pub(crate) endpoint: Endpoint,
    pub(crate) spoil: Spoil,
    pub(crate) times: u32,
}

/// Ordered faults; each kind of request meets its own in the order of ordering.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    queues: Mutex<HashMap<Endpoint, VecDeque<Ordered>>>,
}

impl Faults {
    pub(crate) fn order(&self, endpoint: Endpoint, spoil: Spoil, times: u32) {
        if times > 0 {
            let ordered = Ordered { endpoint, spoil, times };
            self.queues().entry(endpoint).or_default().push_back(ordered);
        }
    }

    /// What the next such request meets.
    pub(crate) fn take(&self, endpoint: Endpoint) -> Option<Spoil> {
        let mut queues = self.queues();
        let queue = queues.get_mut(&endpoint)?;
        let next = queue.front_mut()?;
        next.times -= 1;
        if next.times > 0 {
            return Some(next.spoil.clone());
        }
        queue.pop_front().map(|ordered| ordered.spoil)
    }

    pub(crate) fn clear(&self) {
        self.queues().clear();
    }

    pub(crate) fn pending(&self) -> Vec<Ordered> {
        self.queues().values().flatten().cloned().collect()
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Endpoint, VecDeque<Ordered>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
