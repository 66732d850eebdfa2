//! What crosses about ending keys, and the proof.

use keywright_model::{KeyId, Verdict, key::NotedUse};
use serde::{Deserialize, Serialize};

use super::Guide;

wire! {
/// What a revocation would do.
pub struct RevokePreview {
    /// The key.
    key: KeyId,
    /// Its title.
    title: String,
    /// Sentences, in order.
    sentences: Vec<String>,
    /// Where it is noted to be used.
    uses: Vec<NotedUse>,
    /// Seconds within which the platform promises it dead; 0 is at once.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    promise_s: u64,
    /// What must be typed to override a warning; none when nothing stands against it.
    type_to_override: Option<String>,
    /// Why it cannot be done; none when it can.
    blocked: Option<String>,
    /// Whether the key can be tried, so that its end can be proved.
    provable: bool,
    /// What to do in the dashboard; none where the platform's API revokes it.
    guide: Option<Guide>,
}

/// A revocation to carry out.
pub struct RevokeKey {
    /// The key.
    key: KeyId,
    /// Why; may be empty.
    reason: String,
    /// What was typed to override.
    typed: String,
}

/// Where a revocation stands. Sent as progress too.
pub struct RevokeProgress {
    /// The key.
    key: KeyId,
    /// Where it stands.
    stage: RevokeStage,
    /// Milliseconds since the platform accepted it.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    elapsed_ms: u64,
    /// The promise, in milliseconds.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    promise_ms: u64,
    /// Probes made.
    probes: u32,
    /// The last probe's answer.
    last: Option<Verdict>,
    /// Refusals in a row, and how many are asked for.
    refusals: u32,
    /// How many in a row prove it.
    refusals_needed: u32,
}
}

/// Where a revocation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RevokeStage {
    /// Kept as a draft: there is no network.
    Drafted,
    /// The platform was asked.
    Asked,
    /// It accepted; probing until the key is refused.
    Proving,
    /// Proved dead.
    Proved {
        /// Milliseconds from request to the first refusal; none when proved by the list.
        #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
        window_ms: Option<u64>,
    },
    /// A person said so, and nothing here can prove it.
    Told,
    /// Still works after the promise; probing goes on, slower.
    Overdue,
    /// No verdict could be had; the key stays "revoking".
    Unproved {
        /// Why.
        why: String,
    },
    /// The platform refused; nothing was changed.
    Refused {
        /// Its words.
        why: String,
    },
}
