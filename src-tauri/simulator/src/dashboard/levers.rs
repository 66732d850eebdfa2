//! The levers of one platform with a dashboard: a look behind the counter, and what
//! somebody else might do there.

use std::{marker::PhantomData, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};

use super::Place;
use crate::{
    BivariantKey, Error, Issued, KeyState, ServoAgentKey, SimKey, SpecivoKey, keys::Keys,
    world::World,
};

/// The levers of one platform; `N` is what its keys are made of.
pub struct Levers<N> {
    world: Arc<World>,
    place: Place,
    new: PhantomData<fn(N)>,
}

/// A platform's table, whatever its keys may do.
pub(crate) trait Table {
    fn seen(&self, now: DateTime<Utc>) -> Vec<SimKey>;
    fn accepts(&self, value: &str, now: DateTime<Utc>) -> bool;
    fn revoke(&self, id: &str, now: DateTime<Utc>, delay: Duration) -> bool;
    fn rename(&self, id: &str, name: &str) -> bool;
}

impl<S> Table for Keys<S> {
    fn seen(&self, now: DateTime<Utc>) -> Vec<SimKey> {
        self.seen(now)
    }

    fn accepts(&self, value: &str, now: DateTime<Utc>) -> bool {
        self.accepts(value, now)
    }

    fn revoke(&self, id: &str, now: DateTime<Utc>, delay: Duration) -> bool {
        self.revoke(id, now, delay)
    }

    fn rename(&self, id: &str, name: &str) -> bool {
        self.rename(id, name)
    }
}

impl<N> Levers<N> {
    pub(crate) const fn of(world: Arc<World>, place: Place) -> Self {
        Self { world, place, new: PhantomData }
    }

    fn table(&self) -> &dyn Table {
        match self.place {
            Place::Specivo => &self.world.specivo.keys,
            Place::ServoAgent => &self.world.servoagent.keys,
            Place::Bivariant => &self.world.bivariant.keys,
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.world.clock.now()
    }

    /// Every key that was ever made, in the order of making.
    pub fn keys(&self) -> Vec<SimKey> {
        self.table().seen(self.now())
    }

    /// Keys that work and that nobody revoked.
    pub fn live_keys(&self) -> Vec<SimKey> {
        let live = |key: &SimKey| key.state == KeyState::Active;
        self.keys().into_iter().filter(live).collect()
    }

    /// Whether a key of this value works now. Leaves no trace, meets no fault.
    pub fn accepts(&self, value: &str) -> bool {
        self.table().accepts(value, self.now())
    }

    /// Revokes a key, as somebody else would in the dashboard; false when there is no such
    /// key, or none any more.
    pub fn revoke(&self, key_id: &str) -> bool {
        let delay = self.world.settings().delay_of(self.place);
        self.table().revoke(key_id, self.now(), delay)
    }

    /// Gives a key another name, as somebody else would; false when there is no such key.
    pub fn rename(&self, key_id: &str, name: &str) -> bool {
        self.table().rename(key_id, name)
    }

    /// How long a key that is revoked from now on still works, on this platform alone.
    pub fn set_revoke_delay(&self, delay: Duration) {
        self.world.change(|settings| settings.set_delay_of(self.place, delay));
    }
}

impl Levers<SpecivoKey> {
    /// Makes a key, as its owner would in the dashboard.
    pub fn issue(&self, new: SpecivoKey) -> Result<Issued, Error> {
        self.world.specivo.issue(new, self.now()).map(Into::into)
    }

    /// Adds an account to the projects, or takes it out of them; false when there is no
    /// such account.
    pub fn set_member(&self, account: &str, member: bool) -> bool {
        self.world.specivo.set_member(account, member)
    }
}

impl Levers<ServoAgentKey> {
    /// Makes a key, as somebody would in the dashboard.
    pub fn issue(&self, new: ServoAgentKey) -> Result<Issued, Error> {
        self.world.servoagent.issue(new, self.now()).map(Into::into)
    }
}

impl Levers<BivariantKey> {
    /// Makes a key, as its creator would in the dashboard.
    pub fn issue(&self, new: BivariantKey) -> Result<Issued, Error> {
        self.world.bivariant.issue(new, self.now()).map(Into::into)
    }

    /// What an account may do from now on, and its keys with it; false when there is no
    /// such account.
    pub fn set_permissions(&self, account: &str, permissions: &[&str]) -> bool {
        self.world.bivariant.set_permissions(account, permissions)
    }
}
