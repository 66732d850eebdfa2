//! The settings that live in the vault.

use chrono::{DateTime, Utc};
use keywright_model::finding::DEFAULT_ROTATION_DAYS;
use serde::{Deserialize, Serialize};

/// What a person set for this vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredSettings {
    /// Days between rotations where a key sets none.
    pub rotation_days: u32,
    /// The look: `system`, `light` or `dark`.
    pub theme: String,
    /// Never use the network.
    pub work_offline: bool,
    /// Platforms that were added by their profiles. They stand in the vault, so that nobody can
    /// change what a trusted one sends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<AddedPlatform>,
}

/// A platform that a person added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedPlatform {
    /// The file that it was read from, for messages.
    pub origin: String,
    /// The profile's text.
    pub text: String,
    /// When it was added.
    pub added: DateTime<Utc>,
}

impl Default for StoredSettings {
    fn default() -> Self {
        Self {
            rotation_days: DEFAULT_ROTATION_DAYS,
            theme: "system".to_owned(),
            work_offline: false,
            platforms: Vec::new(),
        }
    }
}
