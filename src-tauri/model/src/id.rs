//! Identifiers. Local ones are random UUIDs; a platform's is its short name.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a fresh random id.
            pub fn make() -> Self {
                Self(Uuid::new_v4())
            }

            /// The id as a UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// An id from a stored UUID.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

random_id!(
    /// One key in this vault.
    KeyId
);
random_id!(
    /// One user's access to one platform.
    ConnectionId
);
random_id!(
    /// One journalled remote change.
    OperationId
);

random_id!(
    /// One place in which a key is.
    PlacementId
);
random_id!(
    /// One journalled write of one file.
    WritingId
);
random_id!(
    /// Writes that are made all together or not at all.
    RunId
);
random_id!(
    /// One replacement of one key.
    RotationId
);
random_id!(
    /// One change that was asked for of many keys at once.
    BulkId
);

/// The short, stable name of a platform: `agent.ceo`, `servoagent`…
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PlatformId(String);

impl PlatformId {
    /// A platform's id from its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlatformId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The short, stable name of a client: `codex`, `claude-code`, `dotenv`…
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ClientId(String);

impl ClientId {
    /// A client's id from its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
