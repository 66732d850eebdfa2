//! What crosses about remote changes and what became of them.

use chrono::{DateTime, Utc};
use keywright_model::{ConnectionId, KeyId, OperationId, OperationState, Request};
use serde::{Deserialize, Serialize};

wire! {
/// An open operation.
pub struct OperationLine {
    /// Its id.
    id: OperationId,
    /// Its connection.
    connection: ConnectionId,
    /// The connection's name.
    connection_name: String,
    /// What was asked.
    request: Request,
    /// How far it got.
    state: OperationState,
    /// When it was asked.
    asked: DateTime<Utc>,
}

/// Another name for a key, on its platform.
pub struct RelabelKey {
    /// The key.
    key: KeyId,
    /// The new name.
    name: String,
}

/// What became of a change on the platform.
pub struct RemoteChange {
    /// The operation.
    operation: OperationId,
    /// Whether it is done; otherwise it is kept as a draft.
    done: bool,
}

/// What to do with an open operation.
pub struct SettleOperation {
    /// The operation.
    operation: OperationId,
    /// What to do.
    action: SettleAction,
}
}

/// What to do with an open operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SettleAction {
    /// Revoke the orphaned keys on the platform.
    RevokeOrphans,
    /// Send the draft now.
    Send,
    /// Give it up; nothing is sent.
    Close,
}
