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
pub mod placement;
pub mod probe;
pub mod query;
pub mod remote;
pub mod rotation;
pub mod secret;
pub mod writing;

pub use connection::Connection;
pub use event::{Event, EventKind};
pub use expiry::Expiry;
pub use finding::{Finding, FindingKind, Severity};
pub use id::{
    BulkId, ClientId, ConnectionId, KeyId, OperationId, PlacementId, PlatformId, RotationId, RunId,
    WritingId,
};
pub use key::{Bitting, Environment, Hint, Key, Owner, OwnerKind, Status};
pub use operation::{Operation, OperationState, Request};
pub use placement::{Placement, PlacementForm, PlacementState};
pub use probe::Verdict;
pub use query::Query;
pub use remote::RemoteKey;
pub use rotation::{Rotation, RotationState};
pub use secret::Secret;
pub use writing::{Writing, WritingState};
