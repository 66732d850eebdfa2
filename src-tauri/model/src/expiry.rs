//! When a key ends, and the choices offered for it.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// When a key stops working by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", content = "at", rename_all = "snake_case")]
pub enum Expiry {
    /// The platform said that it never ends.
    Never,
    /// It ends at this instant.
    At(DateTime<Utc>),
    /// The platform did not say.
    #[default]
    Unknown,
}

impl Expiry {
    /// The instant, where there is one.
    pub const fn at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::At(at) => Some(at),
            Self::Never | Self::Unknown => None,
        }
    }

    /// Whether the instant has passed.
    pub fn is_past(self, now: DateTime<Utc>) -> bool {
        self.at().is_some_and(|at| at <= now)
    }
}

/// What a person asks for when a key is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Lifetime {
    /// As long as nobody revokes it.
    Never,
    /// This many days from now.
    Days(u32),
    /// Until this instant.
    Until(DateTime<Utc>),
}

impl Lifetime {
    /// The expiry that results when the key is made at `now`.
    pub fn expiry(self, now: DateTime<Utc>) -> Expiry {
        match self {
            Self::Never => Expiry::Never,
            Self::Days(days) => now
                .checked_add_signed(Duration::days(i64::from(days)))
                .map_or(Expiry::Never, Expiry::At),
            Self::Until(at) => Expiry::At(at),
        }
    }
}
