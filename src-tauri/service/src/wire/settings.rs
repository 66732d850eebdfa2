//! What crosses about settings.

use serde::{Deserialize, Serialize};

wire! {
/// The vault's own settings.
pub struct Settings {
    /// Days between rotations where a key sets none.
    rotation_days: u32,
    /// `system`, `light` or `dark`.
    theme: Theme,
    /// Remote calls are not made.
    work_offline: bool,
}

/// How strong a passphrase is.
pub struct Strength {
    /// zxcvbn's score, 0 to 4.
    score: u8,
    /// Whether it may be used: 3 or better.
    acceptable: bool,
    /// What would make it better.
    advice: Option<String>,
    /// How long guessing takes on one strong graphics card, in words.
    crack_words: String,
}
}

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}
