//! Where a key is: one key in one place of one client's configuration.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ClientId, ConnectionId, KeyId, PlacementId};

/// One key in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// Its id.
    pub id: PlacementId,
    /// The key.
    pub key: KeyId,
    /// Whose configuration it is; none where a person noted a place in their own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// The kind of place within the client's definition; empty where none fits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub slot: String,
    /// What was told to find it: the server's name, the variable's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// The file's path; empty where it is in no file of this machine.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Where in the file; empty where the file has no format that is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub node: String,
    /// What stands there.
    #[serde(default)]
    pub form: PlacementForm,
    /// The machine's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub machine: String,
    /// The project's folder or name; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub project: String,
    /// The place in a person's own words: "the ERP importer's box".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// A person's note, Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How it came to be known.
    #[serde(default)]
    pub by: Known,
    /// When it was noted.
    pub noted: DateTime<Utc>,
    /// How it was when it was last looked at.
    #[serde(default)]
    pub state: PlacementState,
    /// When it was last looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<DateTime<Utc>>,
    /// The file's mode is looser than its client needs: others on this machine can read it.
    #[serde(default)]
    pub loose: bool,
    /// The key itself stands in a file that git tracks.
    #[serde(default)]
    pub tracked: bool,
    /// Where it is no file but a secret that a platform keeps; its name and place are in `params`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<Stored>,
}

/// A key as a secret in a platform's store, which can be written and never read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The connection by which it was written.
    pub connection: ConnectionId,
    /// When the platform says that it was written, as we wrote it; another instant means that
    /// somebody else did since. None where the platform could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<DateTime<Utc>>,
}

impl Placement {
    /// Whether it can be looked at from the machine of this name.
    pub fn is_here(&self, machine: &str) -> bool {
        !self.file.is_empty() && self.machine == machine
    }
}

/// What stands in a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PlacementForm {
    /// The key itself.
    #[default]
    Literal,
    /// The name of an environment variable that holds it.
    Variable {
        /// The variable.
        name: String,
    },
    /// The path of a file that holds it.
    File {
        /// The path.
        path: String,
    },
    /// The name of a secret that the client keeps elsewhere.
    Secret {
        /// The name.
        name: String,
    },
}

/// How a placement came to be known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// Keywright wrote it.
    Written,
    /// A scan found it.
    Found,
    /// A person told of it.
    #[default]
    Told,
}

/// How a place is, compared with the key that is to be in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PlacementState {
    /// The key is there.
    InSync,
    /// Something else is there, and no key of this vault.
    Drifted,
    /// Another key of this vault is there: the one before a rotation, or one that is dead.
    Stale,
    /// The file, or the place in it, is gone.
    Missing,
    /// The file cannot be read, or not be understood.
    Unreadable,
    /// Nobody looked, or nobody here can.
    #[default]
    Unknown,
}
