//! The local record of who did what.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ConnectionId, KeyId, Verdict};

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, by the wall clock. Order is the log's own, not this.
    pub at: DateTime<Utc>,
    /// What happened.
    pub kind: EventKind,
    /// The key it happened to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
    /// The connection it happened on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionId>,
    /// The key's or connection's name at that time.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// The vault was made.
    VaultCreated,
    /// The vault was opened.
    Unlocked {
        /// `passphrase` or `recovery code`.
        by: String,
    },
    /// The vault was closed.
    Locked,
    /// A platform was connected.
    Connected,
    /// A connection was removed.
    Disconnected,
    /// A connection got another management credential.
    CredentialReplaced,
    /// A platform was added by its profile.
    PlatformAdded,
    /// An added platform was removed.
    PlatformRemoved,
    /// The platform's list was read.
    Refreshed {
        /// Keys seen for the first time.
        new: u32,
        /// Keys that changed.
        changed: u32,
        /// Keys that the list no longer has.
        gone: u32,
    },
    /// A key was made and its secret sealed.
    KeyCreated,
    /// A key made elsewhere was added.
    KeyAdded,
    /// A person changed label, note, tags, owner or interval.
    KeyEdited {
        /// The fields' names.
        fields: Vec<String>,
    },
    /// The secret went to the clipboard.
    SecretCopied,
    /// The secret was shown in its own window.
    SecretRevealed,
    /// The key was probed.
    Probed {
        /// The answer.
        verdict: Verdict,
    },
    /// The platform accepted a revocation.
    RevokeRequested {
        /// Why, in a person's words.
        reason: String,
    },
    /// A person says that they revoked the key in the dashboard, and nothing here can prove it.
    RevokeTold,
    /// A person took back that they had revoked the key in the dashboard.
    RevokeWithdrawn,
    /// The key got another name on the platform.
    Relabelled {
        /// Its name before.
        from: String,
        /// Its name now.
        to: String,
    },
    /// The platform holds the key back.
    Disabled,
    /// The key works again.
    Enabled,
    /// The revocation was proved.
    RevokeProved {
        /// Milliseconds from the request to the first refusal.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        window_ms: u64,
        /// Probes made.
        probes: u32,
    },
    /// The key still works after the platform's promise.
    RevokeOverdue {
        /// Seconds since the request.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        after_s: u64,
    },
    /// The platform refused a change.
    Refused {
        /// Its words.
        why: String,
    },
    /// A change was sent and its outcome is not known.
    OutcomeUnknown {
        /// What went wrong.
        why: String,
    },
    /// A key was found on the platform whose secret was lost here.
    OrphanFound,
    /// An open operation was closed.
    OperationClosed {
        /// Why.
        why: String,
    },
    /// A key went to the bin.
    KeyDeleted,
    /// A key came back from the bin.
    KeyRestored,
    /// A change of the vault's settings.
    SettingsChanged,
    /// The key was written into a client's file.
    KeyPlaced {
        /// The client.
        client: String,
        /// The file.
        file: String,
    },
    /// A write of a client's file was taken back.
    PlacingUndone {
        /// The client.
        client: String,
        /// The file.
        file: String,
    },
    /// A write of several files was cut short or failed, and was taken back.
    PlacingRolledBack {
        /// Files that were taken back.
        files: u32,
    },
    /// A place of the key was noted; nothing was written.
    PlaceNoted {
        /// Where.
        place: String,
    },
    /// A noted place was forgotten; nothing was written.
    PlaceForgotten {
        /// Where.
        place: String,
    },
    /// A key that a scan found was taken into the vault.
    KeyTakenIn {
        /// The file in which it was found.
        file: String,
    },
    /// Files were searched for keys.
    Scanned {
        /// Files that were read.
        files: u32,
        /// Keys that were found.
        found: u32,
    },
    /// A replacement of the key began.
    RotationStarted {
        /// Why, in a person's words.
        reason: String,
    },
    /// A person overrode what a replacement waited for.
    RotationOverridden {
        /// What was overridden.
        what: String,
        /// Why, in their words.
        reason: String,
    },
    /// The key was replaced: every place has the new one, and the old one is at its end.
    RotationDone,
    /// A replacement was taken back: the old key stays.
    RotationTakenBack,
    /// A person finished a replacement by hand.
    RotationClosed {
        /// What was left.
        why: String,
    },
    /// The key got a new secret, and the old one dies as its platform says.
    SecretReplaced,
    /// The secret was given to a program in its environment.
    SecretGiven {
        /// The program.
        program: String,
    },
}
