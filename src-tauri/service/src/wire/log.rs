//! What crosses about the log of events.

use chrono::{DateTime, Utc};
use keywright_model::{EventKind, KeyId};
use serde::{Deserialize, Serialize};

wire! {
/// One line of the log.
pub struct EventLine {
    /// Its place in the log.
    seq: u32,
    /// When.
    at: DateTime<Utc>,
    /// What.
    event: EventKind,
    /// The key.
    key: Option<KeyId>,
    /// The name at that time.
    subject: String,
}

/// What part of the log to read.
pub struct ListEvents {
    /// Only lines before this place; none starts at the newest.
    before: Option<u32>,
    /// Only this key's.
    key: Option<KeyId>,
    /// Lines at the most; 500 is the ceiling.
    limit: u32,
}

/// A page of the log, newest first.
pub struct EventPage {
    /// The lines.
    lines: Vec<EventLine>,
    /// Whether there are older ones.
    more: bool,
    /// Whether the chain of hashes holds from the first line to the last.
    intact: bool,
}
}
