//! The journal of changes to users' files: intent first, then outcome.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{KeyId, Placement, RunId, WritingId};

/// One write of one file. What the file was before is sealed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writing {
    /// Its id.
    pub id: WritingId,
    /// The run it belongs to: all of its writes are made, or none.
    pub run: RunId,
    /// Its place among the run's writes, counted from 0.
    pub order: u32,
    /// The key that was written.
    pub key: KeyId,
    /// The placement that it makes, as it is to be noted.
    pub placement: Placement,
    /// The placement as it was noted before; none where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Placement>,
    /// The file, as its client names it.
    pub file: String,
    /// BLAKE3 of the content before, in hexadecimal; none where there was no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// BLAKE3 of the content after, in hexadecimal.
    pub after: String,
    /// The file's mode before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<u32>,
    /// Folders that had to be made for it, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<String>,
    /// How far it got.
    pub state: WritingState,
    /// When it was asked for.
    pub asked: DateTime<Utc>,
    /// When the state last changed.
    pub changed: DateTime<Utc>,
    /// What is sealed with it, to take it back.
    #[serde(default)]
    pub backup: Backup,
}

/// What is sealed with a write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Backup {
    /// Nothing: there was no file, or the backup was pruned.
    #[default]
    None,
    /// The whole content before.
    Whole,
    /// Of a large file only the bytes that went.
    Part {
        /// Where they were.
        start: u64,
        /// How many bytes came in their place.
        len: u64,
    },
}

/// How far a write got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WritingState {
    /// Written before the file is touched. Found at a start, it was cut short.
    Intended,
    /// The file is written and was read again.
    Done,
    /// The run failed or was cut short; the file is as it was before.
    RolledBack,
    /// Written before a person's undoing touches the file.
    Undoing,
    /// A person took it back; the file is as it was before.
    Undone,
    /// It could not be taken back, because the file was changed by somebody else since.
    Stuck {
        /// What stands in the way.
        why: String,
    },
}
