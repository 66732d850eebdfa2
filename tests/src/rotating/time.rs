//! Time that passes only when somebody waits, for the service and the platform alike.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use keywright_service::Clock;
use keywright_simulator::Control;

struct State {
    now: DateTime<Utc>,
    control: Option<Control>,
    /// Waits that pass before the one that never ends.
    stops_in: Option<u32>,
    stopped: bool,
}

/// The time of one test.
#[derive(Clone)]
pub(crate) struct Time(Arc<Mutex<State>>);

impl Time {
    pub(crate) fn starting_now() -> Self {
        let state = State { now: Utc::now(), control: None, stops_in: None, stopped: false };
        Self(Arc::new(Mutex::new(state)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The simulator's clock follows.
    pub(crate) fn moves(&self, control: Control) {
        self.state().control = Some(control);
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.state().now
    }

    pub(crate) fn pass(&self, time: Duration) {
        let mut state = self.state();
        state.now += time;
        if let Some(control) = &state.control {
            control.advance(time);
        }
    }

    /// The wait after so many others never ends: there a program is stopped.
    pub(crate) fn stop_in(&self, waits: u32) {
        let mut state = self.state();
        (state.stops_in, state.stopped) = (Some(waits), false);
    }

    /// Waits end again. Tells whether one was held.
    pub(crate) fn let_go(&self) -> bool {
        let mut state = self.state();
        state.stops_in = None;
        std::mem::take(&mut state.stopped)
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    /// Whether this wait is the one that never ends.
    fn holds(&self) -> bool {
        let mut state = self.state();
        let held = state.stops_in == Some(0);
        if let Some(left) = &mut state.stops_in {
            *left = left.saturating_sub(1);
        }
        state.stopped |= held;
        held
    }

    pub(crate) fn clock(&self) -> Clock {
        let (telling, waiting) = (self.clone(), self.clone());
        Clock::new(
            move || telling.now(),
            move |pause| {
                let time = waiting.clone();
                Box::pin(async move {
                    if time.holds() {
                        std::future::pending::<()>().await;
                    }
                    time.pass(pause);
                    tokio::task::yield_now().await;
                })
            },
        )
    }
}
