//! The words of Keywright as types: key, connection, status, verdict, finding…
//!
//! Pure: no disk, no network, no clock, no randomness but fresh ids. Every
//! other room may use this one; it uses none. Meanings are those of the table
//! in `ARCHITECTURE.md`.

pub mod connection;
pub mod event;
pub mod expiry;
pub mod finding;
pub mod id;
pub mod key;
pub mod operation;
pub mod probe;
pub mod query;
pub mod remote;
pub mod secret;

pub use connection::Connection;
pub use event::{Event, EventKind};
pub use expiry::Expiry;
pub use finding::{Finding, FindingKind, Severity};
pub use id::{ConnectionId, KeyId, OperationId, PlatformId};
pub use key::{Bitting, Environment, Hint, Key, Owner, OwnerKind, Status};
pub use operation::{Operation, OperationState, Request};
pub use probe::Verdict;
pub use query::Query;
pub use remote::RemoteKey;
pub use secret::Secret;
