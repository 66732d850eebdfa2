//! The documented platforms as a server on loopback: the first-run demo, `kw simulator`,
//! and the tests. Each platform is a module of its own: agent.ceo at the root, Specivo,
//! ServoAgent and Bivariant under their names, with their dashboards as web pages.
//!
//! They behave as their documents say. Where a document leaves something open, the
//! choice made here is told in `docs/simulator.md` and is not to be taken for the
//! platform's. It keeps no key's value, only SHA-256 hashes, and listens on
//! 127.0.0.1 alone. It knows nothing of the vault, the profiles or the window.

mod agent_ceo;
mod bivariant;
mod clock;
mod control;
mod dashboard;
mod faults;
mod keys;
mod options;
mod random;
mod requests;
mod server;
mod servoagent;
mod specivo;
mod wire;
mod world;

#[cfg(test)]
mod testing;

pub use agent_ceo::keys::{NewKey, RestoredKey};
pub use bivariant::BivariantKey;
pub use control::Control;
pub use dashboard::levers::Levers;
pub use faults::{Fault, Operation};
pub use keys::{Issued, KeyState, SimKey};
pub use options::{ListShape, Options};
pub use requests::Requests;
pub use server::{Address, Running, Simulator};
pub use servoagent::ServoAgentKey;
pub use specivo::SpecivoKey;

use thiserror::Error;

/// The platform that is at the root and has a management credential, by its profile's id.
pub const PLATFORM: &str = "agent.ceo";

/// Why the simulator could not start or go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The port is taken, or may not be used.
    #[error("127.0.0.1:{port} cannot be listened on")]
    Bind {
        /// The port asked for; 0 means any.
        port: u16,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
    /// A key was to be made with scopes that no key may have.
    #[error("{axis}: {message}")]
    Scopes {
        /// `org`, `agent`, `svc`, or `scope` when on none of them.
        axis: &'static str,
        /// What is wrong there.
        message: String,
    },
    /// A key was to be made as no dashboard would make it.
    #[error("{field}: {message}")]
    Form {
        /// The form's field.
        field: &'static str,
        /// What is wrong there.
        message: String,
    },
}

impl Error {
    pub(crate) fn form(field: &'static str, message: impl Into<String>) -> Self {
        Self::Form { field, message: message.into() }
    }
}

impl From<agent_ceo::scopes::Invalid> for Error {
    fn from(invalid: agent_ceo::scopes::Invalid) -> Self {
        Self::Scopes { axis: invalid.axis, message: invalid.message }
    }
}
