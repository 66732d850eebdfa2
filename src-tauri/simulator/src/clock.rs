//! The simulator's time: the system's, moved ahead on demand so that no test waits.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

/// The one place that reads the time.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead_ms: AtomicI64,
}

impl Clock {
    /// The simulator's present.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the simulator is a server of its own; this is its clock"
        )]
        let now = Utc::now();
        now.checked_add_signed(TimeDelta::milliseconds(self.ahead_ms.load(Ordering::SeqCst)))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves the present ahead, on top of earlier moves.
    pub(crate) fn advance(&self, by: Duration) {
        self.ahead_ms.fetch_add(millis(by), Ordering::SeqCst);
    }

    /// Sets how far the present is from the system's; 0 follows it again.
    pub(crate) fn set_ahead(&self, milliseconds: i64) {
        self.ahead_ms.store(milliseconds, Ordering::SeqCst);
    }

    /// How far the present is ahead of the system's.
    pub(crate) fn ahead_ms(&self) -> i64 {
        self.ahead_ms.load(Ordering::SeqCst)
    }
}

/// Whole milliseconds; what does not fit is the largest number.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The instant so long after another; the calendar's end where it does not reach.
pub(crate) fn after(at: DateTime<Utc>, duration: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(duration)
        .ok()
        .and_then(|delta| at.checked_add_signed(delta))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
