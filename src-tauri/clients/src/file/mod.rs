//! The one writer of a user's files.
//!
//! | to | use |
//! |---|---|
//! | read a file and know it again | [`look`], [`look_settled`] |
//! | put a new content in the place of a known one, or make a file | [`replace`] |
//! | take a file away again that was made here | [`remove`] |
//! | clear what a crash left | [`sweep`] |
//!
//! A file has at every instant the whole old or the whole new content, also after a crash or a
//! full disk, and it is replaced only while it holds the content that the new one was made
//! from. Links are followed to the file that they name, and stay. Mode, owner, group and
//! extended attributes (access lists among them) are kept.
//!
//! On Linux old and new are *exchanged*, so that what was really taken out can be looked at,
//! and put back if it is not what it should be. What a plain rename would silently destroy is
//! seen: a program that renamed its own new file in between, and one that had the old file
//! open and wrote into it afterwards. Two races remain, both with writers that are in the
//! midst of their own read, change and write: a program that read the file before the exchange
//! and writes it after it undoes our edit (so callers look again later), and one that reads our
//! content in the microseconds before it is taken back. Replacing waits for a moment in which
//! nobody has opened the file lately, which makes both rare, and what cannot be put back is
//! never thrown away ([`FileError::Kept`]). Memory maps of the old file are not seen.
//!
//! On other systems, and on file systems that cannot exchange, the content is compared just
//! before the rename. Nothing but Linux has been tested.

mod create;
mod error;
mod known;
mod lock;
mod look;
#[cfg(target_os = "linux")]
mod open;
mod remove;
mod swap;
mod system;
mod temporary;
#[cfg(target_os = "linux")]
mod watch;

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use serde::{Deserialize, Serialize};

pub use self::{
    error::FileError,
    look::{Facts, Seen, look, look_settled},
    remove::remove,
    temporary::sweep,
};
use crate::definition::FileLock;

/// What a content is known by: its BLAKE3 hash. Written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(blake3::Hash);

impl Digest {
    /// The digest of a content.
    pub fn of(bytes: &[u8]) -> Self {
        Self(blake3::hash(bytes))
    }

    /// Its 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// The text is no digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct NoDigest;

impl FromStr for Digest {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        blake3::Hash::from_hex(text).map(Self).map_err(|_| NoDigest)
    }
}

impl TryFrom<String> for Digest {
    type Error = NoDigest;

    fn try_from(text: String) -> Result<Self, NoDigest> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

/// How one file is written.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The mode of a file that is made; one that is there keeps its own.
    pub mode: u32,
    /// The client's own lock, taken around the write.
    pub lock: FileLock,
    /// Whether a missing file may be made, and the folders above it (mode 0700).
    pub may_make: bool,
    /// Whether a file with more names than one may be written. Its other names then keep the
    /// old content.
    pub break_links: bool,
    /// How long others are waited for: the holder of the lock, a program that has the file open
    /// for writing. The default of 12 s outlasts a lock whose holder died.
    pub patience: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            mode: 0o600,
            lock: FileLock::None,
            may_make: false,
            break_links: false,
            patience: Duration::from_secs(12),
        }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file itself, behind all links.
    pub real: PathBuf,
    /// The digest of its content now.
    pub digest: Digest,
    /// The folders that were made for it, outermost first; what [`remove`] wants to know.
    pub made: Vec<PathBuf>,
}

/// Puts `new` into a file that holds `expected`, or makes the file where `expected` is none.
///
/// Durable when it returns. On every failure but those of which
/// [`FileError::unchanged`] says otherwise the file has the bytes,
/// the mode and the time of change that it had, and nothing is left beside it.
///
/// Waits for others as long as [`Rules::patience`] says, and blocks the thread meanwhile.
///
/// # Errors
///
/// [`FileError::Changed`] where the file holds something else, also where it was written in the
/// same instant: look again and make the edit again. Else what stands in the way.
pub fn replace(
    path: &Path,
    expected: Option<&Digest>,
    new: &[u8],
    rules: &Rules,
) -> Result<Written, FileError> {
    match expected {
        Some(expected) => swap::replace(path, expected, new, rules),
        None => create::create(path, new, rules),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
