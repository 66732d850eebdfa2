//! What the cheap call says about a secret.

use serde::{Deserialize, Serialize};

/// A probe's answer. Network trouble, 429 and 5xx are `Unknown`, never `Dead`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Verdict {
    /// It works.
    Alive,
    /// It is recognised, but may not make this call.
    Limited {
        /// The scope that the platform said is missing.
        missing: Option<String>,
    },
    /// The platform refuses it as no key of its own.
    Dead,
    /// No verdict.
    Unknown {
        /// Why: `offline`, `timeout`, `status 503`… Never holds a secret or an address's query.
        why: String,
    },
}

impl Verdict {
    /// Whether the platform still recognises the secret.
    pub const fn works(&self) -> bool {
        matches!(self, Self::Alive | Self::Limited { .. })
    }
}
