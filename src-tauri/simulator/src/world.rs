//! Everything one simulator holds.

use std::sync::{PoisonError, RwLock};

use crate::{
    Error, Options, agent_ceo, bivariant,
    clock::Clock,
    faults::{Faults, tamper::Tampers},
    options::Settings,
    requests::Counters,
    servoagent, specivo,
};

/// Shared by the routes, the control and the server.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) tampers: Tampers,
    pub(crate) counters: Counters,
    pub(crate) agent_ceo: agent_ceo::Platform,
    pub(crate) specivo: specivo::Platform,
    pub(crate) servoagent: servoagent::Platform,
    pub(crate) bivariant: bivariant::Platform,
    settings: RwLock<Settings>,
}

impl World {
    pub(crate) fn new(options: &Options) -> Result<Self, Error> {
        let clock = Clock::default();
        let agent_ceo = agent_ceo::Platform::new(options, clock.now())?;
        Ok(Self {
            clock,
            faults: Faults::default(),
            tampers: Tampers::default(),
            counters: Counters::default(),
            agent_ceo,
            specivo: specivo::Platform::default(),
            servoagent: servoagent::Platform::default(),
            bivariant: bivariant::Platform::default(),
            settings: RwLock::new(Settings::of(options)),
        })
    }

    pub(crate) fn settings(&self) -> Settings {
        *self.settings.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings.write().unwrap_or_else(PoisonError::into_inner));
    }
}
