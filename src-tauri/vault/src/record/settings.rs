//! The settings that live in the vault.

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
}

impl Default for StoredSettings {
    fn default() -> Self {
        Self {
            rotation_days: DEFAULT_ROTATION_DAYS,
            theme: "system".to_owned(),
            work_offline: false,
        }
    }
}
