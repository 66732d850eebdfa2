//! What a test does behind a platform's counter, whichever platform it is.

use keywright_model::{Environment, Secret};
use keywright_simulator::{
    BivariantKey, Fault as SimFault, NewKey, Operation, Options, Running, Simulator, SpecivoKey,
};

use super::{
    roller::{Call, Fault, Mode, Roller},
    stage::Way,
    time::Time,
};

pub(crate) enum Platform {
    Roller(Roller),
    Simulator(Running, Way),
}

impl Platform {
    pub(crate) async fn roller(mode: Mode, time: &Time) -> Self {
        Self::Roller(Roller::start(mode, time.clone()).await)
    }

    pub(crate) async fn simulator(way: Way, time: &Time) -> Self {
        let simulator = Simulator::start(Options::default()).await.unwrap();
        time.moves(simulator.control());
        Self::Simulator(simulator, way)
    }

    pub(crate) fn address(&self, way: Way) -> String {
        match self {
            Self::Roller(roller) => roller.address.clone(),
            Self::Simulator(simulator, _) => match way {
                Way::Bivariant => simulator.bivariant_url(),
                Way::Specivo => simulator.specivo_url(),
                _ => simulator.base_url(),
            },
        }
    }

    pub(crate) fn management(&self) -> Secret {
        match self {
            Self::Simulator(simulator, _) => simulator.agent_ceo_credential().unwrap(),
            Self::Roller(_) => Secret::copy_of(super::roller::CREDENTIAL),
        }
    }

    /// Makes a key as somebody would in the dashboard.
    pub(crate) fn mint(&self, name: &str) -> Secret {
        let Self::Simulator(simulator, way) = self else {
            let Self::Roller(roller) = self else { unreachable!() };
            let id = roller.issue(name);
            let made = roller.live().into_iter().find(|key| key.id == id).unwrap();
            return Secret::copy_of(&made.secret);
        };
        let control = simulator.control();
        match way {
            Way::Bivariant => {
                let new = BivariantKey {
                    name: name.into(),
                    creator: "mira".into(),
                    organization: "acme".into(),
                    space: None,
                    permissions: vec!["collections:read".into()],
                    expiration: None,
                };
                control.bivariant().issue(new).unwrap().secret
            }
            Way::Specivo => {
                let new = SpecivoKey {
                    name: name.into(),
                    account: "agent".into(),
                    scopes: vec!["mcp".into()],
                };
                control.specivo().issue(new).unwrap().secret
            }
            _ => {
                let scopes = ["org:acme", "agent:*", "svc:wiki:read"].map(String::from).to_vec();
                let environment = Environment::Live;
                let new = NewKey { name: name.into(), scopes, environment, expires: None };
                control.issue(new).unwrap().secret
            }
        }
    }

    /// Id and name of each key that is not at its end, but for the management credential.
    pub(crate) fn live(&self) -> Vec<(String, String)> {
        match self {
            Self::Roller(roller) => {
                roller.live().into_iter().map(|key| (key.id, key.name)).collect()
            }
            Self::Simulator(simulator, way) => {
                let control = simulator.control();
                let live = match way {
                    Way::Bivariant => control.bivariant().live_keys(),
                    Way::Specivo => control.specivo().live_keys(),
                    _ => control.live_keys(),
                };
                let own = live.into_iter().filter(|key| key.name != "keywright-management");
                own.map(|key| (key.id, key.name)).collect()
            }
        }
    }

    pub(crate) fn accepts(&self, value: &str) -> bool {
        match self {
            Self::Roller(roller) => roller.accepts(value),
            Self::Simulator(simulator, Way::Bivariant) => {
                simulator.control().bivariant().accepts(value)
            }
            Self::Simulator(simulator, Way::Specivo) => {
                simulator.control().specivo().accepts(value)
            }
            Self::Simulator(simulator, _) => simulator.control().accepts(value),
        }
    }

    /// Somebody ends a key in the dashboard.
    pub(crate) fn revoke(&self, id: &str) -> bool {
        match self {
            Self::Roller(roller) => roller.revoke(id),
            Self::Simulator(simulator, Way::Bivariant) => {
                simulator.control().bivariant().revoke(id)
            }
            Self::Simulator(simulator, Way::Specivo) => simulator.control().specivo().revoke(id),
            Self::Simulator(simulator, _) => simulator.control().revoke(id),
        }
    }

    /// Values that the platform itself still knows.
    pub(crate) fn secrets(&self) -> Vec<String> {
        match self {
            Self::Roller(roller) => roller.secrets(),
            Self::Simulator(..) => Vec::new(),
        }
    }

    /// The `nth` such call from now on, counted from 0, meets this fault.
    pub(crate) fn order(&self, call: Call, nth: usize, fault: Fault) {
        match self {
            Self::Roller(roller) => roller.order(call, nth, fault),
            Self::Simulator(simulator, way) => {
                let guided = matches!(way, Way::Bivariant | Way::Specivo);
                let operation = match call {
                    Call::Make => Operation::Mint,
                    Call::Revoke => Operation::Revoke,
                    _ if guided => Operation::Use,
                    _ => Operation::List,
                };
                let control = simulator.control();
                // Slow by nothing is no fault.
                let pass = u32::try_from(nth).unwrap();
                control.fault_times(operation, SimFault::SlowDrip { pause_ms: 0 }, pass);
                control.fault_next(operation, simulated(fault));
            }
        }
    }

    pub(crate) fn clear(&self) {
        match self {
            Self::Roller(roller) => roller.clear(),
            Self::Simulator(simulator, _) => simulator.control().clear_faults(),
        }
    }

    /// Calls that met a fault, or for the roller those that hang.
    pub(crate) fn met(&self) -> u64 {
        match self {
            Self::Roller(roller) => u64::from(roller.hanging()),
            Self::Simulator(simulator, _) => simulator.control().requests().faulty,
        }
    }

    /// So often a replacement by an id at its end ended a whole family.
    pub(crate) fn sprung(&self) -> u32 {
        match self {
            Self::Roller(roller) => roller.sprung(),
            Self::Simulator(..) => 0,
        }
    }
}

fn simulated(fault: Fault) -> SimFault {
    match fault {
        // The simulator always tells the id.
        Fault::Pass | Fault::NoId => SimFault::SlowDrip { pause_ms: 0 },
        Fault::Lost => SimFault::CutAfterEffect,
        Fault::Cut => SimFault::CutConnection,
        Fault::TooMany => SimFault::RateLimited { retry_after_s: 7 },
        Fault::Error => SimFault::ServerError,
        Fault::ErrorAfter => SimFault::ServerErrorAfterEffect,
        Fault::Malformed => SimFault::MalformedJson,
        Fault::NoSecret => SimFault::OmitSecret,
        Fault::Nothing => SimFault::Answer { status: 201, body: "{}".into() },
        Fault::Hang => SimFault::Timeout,
        Fault::HangAfter => SimFault::TimeoutAfterEffect,
    }
}
