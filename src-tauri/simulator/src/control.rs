//! The levers: faults, delays, the clock, and a look behind the counter.

pub(crate) mod http;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use keywright_model::Secret;

use crate::{
    BivariantKey, Error, Fault, Issued, KeyState, Levers, ListShape, NewKey, Operation, Requests,
    RestoredKey, ServoAgentKey, SimKey, SpecivoKey, dashboard::Place, world::World,
};

/// The levers of a running simulator. Clones work the same one. Keys without the name of a
/// platform are agent.ceo's.
#[derive(Clone)]
pub struct Control {
    world: Arc<World>,
}

impl Control {
    pub(crate) const fn of(world: Arc<World>) -> Self {
        Self { world }
    }

    /// Specivo's own levers.
    pub fn specivo(&self) -> Levers<SpecivoKey> {
        Levers::of(Arc::clone(&self.world), Place::Specivo)
    }

    /// ServoAgent's own levers.
    pub fn servoagent(&self) -> Levers<ServoAgentKey> {
        Levers::of(Arc::clone(&self.world), Place::ServoAgent)
    }

    /// Bivariant's own levers.
    pub fn bivariant(&self) -> Levers<BivariantKey> {
        Levers::of(Arc::clone(&self.world), Place::Bivariant)
    }

    /// The next such request meets this fault, after those ordered before.
    pub fn fault_next(&self, operation: Operation, fault: Fault) {
        self.fault_times(operation, fault, 1);
    }

    /// So many such requests meet this fault.
    pub fn fault_times(&self, operation: Operation, fault: Fault, times: u32) {
        self.world.faults.order(operation, fault, times);
    }

    /// The next such request is carried out and its true answer, status and body, is
    /// changed by this on the way back, after changes ordered before.
    pub fn tamper_next(
        &self,
        operation: Operation,
        change: impl FnOnce(u16, Vec<u8>) -> (u16, Vec<u8>) + Send + 'static,
    ) {
        self.world.tampers.order(operation, Box::new(change));
    }

    /// Takes back every ordered fault and change.
    pub fn clear_faults(&self) {
        self.world.faults.clear();
        self.world.tampers.clear();
    }

    /// How long a key that is revoked from now on still works, on agent.ceo, and on
    /// ServoAgent where it has no delay of its own.
    pub fn set_revoke_delay(&self, delay: Duration) {
        self.world.change(|settings| settings.revoke_delay = delay);
    }

    /// How long every request waits first.
    pub fn set_latency(&self, latency: Duration) {
        self.world.change(|settings| settings.latency = latency);
    }

    /// How the list is wrapped.
    pub fn set_list_shape(&self, shape: ListShape) {
        self.world.change(|settings| settings.list_shape = shape);
    }

    /// Whether the list goes on to show revoked keys, as `revoked`.
    pub fn set_list_revoked(&self, shown: bool) {
        self.world.change(|settings| settings.list_revoked = shown);
    }

    /// Whether some servers know of a revocation before others do: while it spreads,
    /// every other try with the key is refused.
    pub fn set_flapping(&self, flapping: bool) {
        self.world.change(|settings| settings.flapping = flapping);
    }

    /// Moves the simulator's clock ahead: keys expire and revocations spread without waiting.
    pub fn advance(&self, by: Duration) {
        self.world.clock.advance(by);
    }

    /// Sets the simulator's clock so many milliseconds ahead of the system's, or behind it.
    pub fn set_clock_ahead(&self, milliseconds: i64) {
        self.world.clock.set_ahead(milliseconds);
    }

    /// The simulator's present.
    pub fn now(&self) -> DateTime<Utc> {
        self.world.clock.now()
    }

    /// Every key that was ever made, in the order of making.
    pub fn keys(&self) -> Vec<SimKey> {
        self.world.agent_ceo.keys.seen(self.now())
    }

    /// Keys that work and that nobody revoked.
    pub fn live_keys(&self) -> Vec<SimKey> {
        let live = |key: &SimKey| key.state == KeyState::Active;
        self.keys().into_iter().filter(live).collect()
    }

    /// Whether a key of this value works now. Leaves no trace, meets no fault.
    pub fn accepts(&self, value: &str) -> bool {
        self.world.agent_ceo.keys.accepts(value, self.now())
    }

    /// Makes a key, as somebody else would in the dashboard.
    pub fn issue(&self, new: NewKey) -> Result<Issued, Error> {
        self.world.agent_ceo.keys.issue(new, self.now())
    }

    /// Takes in a key that an earlier simulator made, so that a demo outlives its process;
    /// false when its id or its value is there already.
    pub fn restore(&self, old: RestoredKey<'_>) -> Result<bool, Error> {
        self.world.agent_ceo.keys.restore(old, self.world.settings().revoke_delay)
    }

    /// A management key of a value whose record nobody kept; false when it is there already.
    pub fn restore_management(&self, value: &Secret) -> Result<bool, Error> {
        self.world.agent_ceo.restore_management(value, self.now())
    }

    /// Revokes a key with the set delay, as somebody else would in the dashboard;
    /// false when there is no such key, or none any more.
    pub fn revoke(&self, key_id: &str) -> bool {
        let delay = self.world.settings().revoke_delay;
        self.world.agent_ceo.keys.revoke(key_id, self.now(), delay)
    }

    /// Gives a key another name, as somebody else would; false when there is no such key.
    pub fn rename(&self, key_id: &str, name: &str) -> bool {
        self.world.agent_ceo.keys.rename(key_id, name)
    }

    /// What was asked since the start.
    pub fn requests(&self) -> Requests {
        self.world.counters.read()
    }
}
