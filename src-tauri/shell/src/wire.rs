//! What crosses to the windows and is the shell's own: the service knows nothing of it.

use keywright_model::{ConnectionId, Expiry, RotationId, Secret};
use keywright_service::wire::{AddKey, Connect, CreateKey, SecretSource};
use serde::{Deserialize, Deserializer, Serialize};

/// A connection to make, and where its credential is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub(crate) struct ConnectWith {
    /// The connection.
    pub(crate) connect: Connect,
    /// Where the credential is read, in Rust.
    pub(crate) source: SecretSource,
}

/// A key made elsewhere, and where its secret is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub(crate) struct AddKeyWith {
    /// The key.
    pub(crate) key: AddKey,
    /// Where the secret is read, in Rust.
    pub(crate) source: SecretSource,
}

/// A key that a person made in a dashboard, and where its secret is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub(crate) struct GuidedWith {
    /// The key.
    pub(crate) key: CreateKey,
    /// Where the secret is read, in Rust.
    pub(crate) source: SecretSource,
    /// Take it although it does not look like one of the platform's.
    pub(crate) insist: bool,
}

/// The key that a person made in a dashboard for a run, and where its secret is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub(crate) struct BringKey {
    /// The run.
    pub(crate) rotation: RotationId,
    /// Where the secret is read, in Rust.
    pub(crate) source: SecretSource,
    /// Take it although it does not look like one of the platform's.
    pub(crate) insist: bool,
}

/// Another management credential for a connection, and where it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub(crate) struct CredentialWith {
    /// The connection.
    pub(crate) connection: ConnectionId,
    /// Where the credential is read, in Rust.
    pub(crate) source: SecretSource,
    /// When it ends, where that is known.
    pub(crate) expires: Expiry,
}

/// What the throw-away window is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum DoorMode {
    /// There is no vault yet: make one.
    Create,
    /// There is one: open it.
    Unlock,
}

/// What the throw-away window starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub(crate) struct DoorState {
    /// What it is for.
    pub(crate) mode: DoorMode,
    /// Why unlocking cannot work right now; none when it can.
    pub(crate) notice: Option<String>,
}

/// A passphrase. It is read into a secret at once and cannot be written out again.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub(crate) struct Passphrase {
    /// What was typed.
    #[serde(deserialize_with = "secret")]
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub(crate) passphrase: Secret,
}

/// A recovery code as it was typed.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub(crate) struct RecoveryEntry {
    /// What was typed.
    #[serde(deserialize_with = "secret")]
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub(crate) code: Secret,
}

/// The recovery code, shown once, and which two groups are asked back.
#[derive(Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub(crate) struct RecoveryGroups {
    /// The groups, in order.
    pub(crate) groups: Vec<String>,
    /// Which two are asked back, counted from 0.
    pub(crate) ask: [u8; 2],
}

/// The two groups that were asked back, in the order asked.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub(crate) struct ConfirmRecovery {
    /// What was typed.
    #[serde(deserialize_with = "two_secrets")]
    #[cfg_attr(feature = "bindings", ts(type = "[string, string]"))]
    pub(crate) groups: [Secret; 2],
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    String::deserialize(from).map(Secret::new)
}

fn two_secrets<'de, D: Deserializer<'de>>(from: D) -> Result<[Secret; 2], D::Error> {
    <[String; 2]>::deserialize(from).map(|groups| groups.map(Secret::new))
}
