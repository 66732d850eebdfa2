//! The wall clock, as a value: tests set it, and nothing else reads the time or waits.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

type Tell = dyn Fn() -> DateTime<Utc> + Send + Sync;
type Wait = dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync;

/// Tells the time, and waits.
#[derive(Clone)]
pub struct Clock {
    tell: Arc<Tell>,
    wait: Arc<Wait>,
}

impl Clock {
    /// The system's clock.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn system() -> Self {
        Self::new(Utc::now, |pause| Box::pin(tokio::time::sleep(pause)))
    }

    /// A clock that tells and waits as it is told to.
    pub fn new(
        tell: impl Fn() -> DateTime<Utc> + Send + Sync + 'static,
        wait: impl Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        Self { tell: Arc::new(tell), wait: Arc::new(wait) }
    }

    /// A clock that stands still; waiting takes real time.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::new(move || at, |pause| Box::pin(tokio::time::sleep(pause)))
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        (self.tell)()
    }

    /// Waits.
    pub(crate) async fn sleep(&self, pause: Duration) {
        (self.wait)(pause).await;
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
