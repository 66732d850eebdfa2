//! The vault at rest: key slots, sealed records, the manifest, the log of events.
//!
//! It knows no network, no client file, no clock and no async runtime. A write is
//! durable when it returns; a secret is opened only when it is asked for; nothing
//! that can be read in the file tells more than how much there is of it.
//! `docs/vault-format.md` has every byte.

mod change;
mod create;
mod crypto;
mod error;
mod fingerprints;
mod index;
mod record;
mod sealed;
mod store;
mod vault;

pub use change::Change;
pub use create::create;
pub use crypto::{
    kdf::{Kdf, KdfParams},
    recovery::RecoveryCode,
    strength::{Strength, strength},
};
pub use error::{CodeProblem, Error, KdfProblem};
pub use fingerprints::Fingerprints;
pub use index::Index;
pub use record::{AddedPlatform, StoredSettings};
pub use sealed::Sealed;
pub use store::{database::Access, folder::exists};
pub use vault::{Notice, Vault};

/// The format version that this program writes, and the newest that it reads.
pub(crate) const FORMAT: u32 = 1;
