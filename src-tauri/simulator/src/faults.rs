//! Faults on demand: what a platform or the way to it may do to one request.

pub(crate) mod apply;
pub(crate) mod tamper;

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
pub enum Operation {
    /// List the keys; a probe is this too.
    List,
    /// Make a key.
    #[serde(alias = "create")]
    Mint,
    /// Revoke a key.
    Revoke,
    /// Call a tool or use a service; any call of the other three platforms' APIs.
    Use,
}

/// What happens to a request. Without "after" in its word, a fault that hides the
/// answer comes before the effect; a fault that spoils the answer comes after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// 307 to another place, nothing done.
    Redirect {
        /// The place.
        location: String,
    },
    /// The true answer replaced by this one.
    Answer {
        /// Its status.
        status: u16,
        /// Its body, sent as JSON.
        body: String,
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

/// A fault and how many more requests it meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Ordered {
    pub(crate) operation: Operation,
    pub(crate) fault: Fault,
    pub(crate) times: u32,
}

/// Ordered faults; each kind of request meets its own in the order of ordering.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    queues: Mutex<HashMap<Operation, VecDeque<Ordered>>>,
}

impl Faults {
    pub(crate) fn order(&self, operation: Operation, fault: Fault, times: u32) {
        if times > 0 {
            let ordered = Ordered { operation, fault, times };
            self.queues().entry(operation).or_default().push_back(ordered);
        }
    }

    /// The fault that the next such request meets.
    pub(crate) fn take(&self, operation: Operation) -> Option<Fault> {
        let mut queues = self.queues();
        let queue = queues.get_mut(&operation)?;
        let next = queue.front_mut()?;
        next.times -= 1;
        if next.times > 0 {
            return Some(next.fault.clone());
        }
        queue.pop_front().map(|ordered| ordered.fault)
    }

    pub(crate) fn clear(&self) {
        self.queues().clear();
    }

    pub(crate) fn pending(&self) -> Vec<Ordered> {
        self.queues().values().flatten().cloned().collect()
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Operation, VecDeque<Ordered>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
