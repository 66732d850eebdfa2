//! True answers changed by a function of this process, byte by byte if it likes: what no
//! list of faults can name.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::Operation;

/// Makes another status and body of the true ones.
pub(crate) type Change = Box<dyn FnOnce(u16, Vec<u8>) -> (u16, Vec<u8>) + Send>;

/// Ordered changes; each kind of request meets its own in the order of ordering.
#[derive(Default)]
pub(crate) struct Tampers {
    queues: Mutex<HashMap<Operation, VecDeque<Change>>>,
}

impl Tampers {
    pub(crate) fn order(&self, operation: Operation, change: Change) {
        self.queues().entry(operation).or_default().push_back(change);
    }

    /// The change that the next such answer meets.
    pub(crate) fn take(&self, operation: Operation) -> Option<Change> {
        self.queues().get_mut(&operation)?.pop_front()
    }

    pub(crate) fn clear(&self) {
        self.queues().clear();
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Operation, VecDeque<Change>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
