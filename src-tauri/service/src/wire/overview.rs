//! What crosses about what needs somebody, and how things stand.

use chrono::{DateTime, Utc};
use keywright_model::{Finding, KeyId, Severity};
use serde::{Deserialize, Serialize};

use super::{ConnectionRow, KeyRow, OperationLine, RotationRow};

wire! {
/// The first screen.
pub struct Overview {
    /// What needs somebody, in order of urgency, 200 at the most.
    items: Vec<OverviewItem>,
    /// How many there are in all.
    needs_you: u32,
    /// Keys that may work.
    keys: u32,
    /// Keys with nothing to act on.
    fine: u32,
    /// Connections.
    connections: u32,
    /// The next expiries and due rotations, soonest first, 8 at the most.
    coming: Vec<Coming>,
}

/// A date ahead.
pub struct Coming {
    /// The key.
    key: KeyId,
    /// Its title.
    title: String,
    /// When.
    at: DateTime<Utc>,
    /// Whether the key ends then; otherwise its rotation is due.
    expires: bool,
}

/// One thing to act on, with its one next action.
pub struct OverviewItem {
    /// How pressing it is.
    severity: Severity,
    /// What it is about: the key's row, where there is a key.
    row: Option<KeyRow>,
    /// The finding on the key.
    finding: Option<Finding>,
    /// The open operation.
    operation: Option<OperationLine>,
    /// The replacement that goes on or waits.
    rotation: Option<RotationRow>,
    /// The connection in trouble.
    connection: Option<ConnectionRow>,
    /// What to do next.
    next: NextAction,
}

/// What the window shows at its edges.
pub struct AppStatus {
    /// Whether the vault is open.
    unlocked: bool,
    /// Whether remote calls are made, and answered.
    network: Network,
    /// Keys not in the bin.
    keys: u32,
    /// Things that need somebody.
    needs_you: u32,
    /// The most pressing of them.
    worst: Option<Severity>,
    /// Connections.
    connections: u32,
    /// Changes that are kept until they can be sent, those that are held among them.
    drafts: u32,
    /// A whole-file rollback or the like was noticed at opening.
    notice: Option<String>,
    /// The version.
    version: String,
}
}

/// The one next action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NextAction {
    /// Make a successor with the same scopes, put it in place, then revoke this one.
    Replace,
    /// Look at the revocation's proof.
    WatchRevocation,
    /// Look at the key.
    Open,
    /// Revoke the orphan.
    RevokeOrphan,
    /// Send the draft.
    SendDraft,
    /// Read the platform's list to settle it.
    Refresh,
    /// Put another management credential in the connection's place.
    ReplaceCredential,
    /// Look at the place where the key is, or should be.
    LookAtPlace,
    /// See how a replacement stands, and act on it.
    OpenRotation,
}

/// Whether the platforms can be reached, as far as the last calls tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// The last call was answered.
    Online,
    /// The last call could not be made.
    Offline,
    /// A person switched remote calls off.
    WorkOffline,
    /// No call was made yet.
    #[default]
    Untried,
}
