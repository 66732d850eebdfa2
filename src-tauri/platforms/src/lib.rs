//! Remote platforms: the language in which they are described, and the connector
//! that runs a description. The only room that speaks HTTP; it knows no disk and
//! no vault. `now` is an argument.
//!
//! ```
//! use keywright_model::PlatformId;
//! use keywright_platforms::Registry;
//!
//! let registry = Registry::builtin();
//! let profile = registry.get(&PlatformId::new("agent.ceo")).expect("it comes with the program");
//! assert_eq!(profile.env_name, "AGENT_CEO_API_KEY");
//! ```

pub mod conformance;
mod connector;
mod convert;
mod detect;
mod error;
mod extract;
mod http;
mod outline;
mod paginate;
mod probe;
mod profile;
mod registry;
mod sniff;
mod table;
mod template;
#[cfg(test)]
mod tests;

pub use connector::{Connector, Created, NewKey, RevokeAnswer, SealingKey, StoreAnswer, Stored};
pub use detect::{Candidate, Likeness};
pub use error::{
    CallError, Effect, ProfileError, SetupError, StorePlaceError, TlsProblem, VariableError,
};
pub use http::{Http, Limits};
pub use outline::OutlinedCall;
pub use probe::Probe;
pub use profile::{
    Axis, AxisKind, Capability, Choice, CredentialForm, Description, Facts, FreeScope, Guide,
    GuidedAct, Kind, OwnerRequired, Profile, ScopeProblem, SecretMadeBy, SecretShown, SecretStore,
    StorePlace, VariableForm, Variables, Verified, VerifiedBy,
};
pub use registry::Registry;
pub use sniff::Sniffer;
