//! "What keys are on this machine?" The files of clients and the files of chosen folders are
//! read; what is found is told, and nothing else is kept.
//!
//! 1. Every file that a definition names and that is here is read, whatever its size.
//! 2. Chosen folders are walked by several threads. What git ignores is read all the same,
//!    because that is where keys are; folders of installed packages, caches and browsers are
//!    left out, links are not followed, other file systems not entered.
//! 3. Parts of each text are shown to the caller ([`Scan::known`], then [`Scan::shape`]): the
//!    vault's keyed fingerprints and the platforms' shapes are not this room's business.
//! 4. In clients' files, what stands in a slot is a key whatever it looks like, unless it is a
//!    reference or a placeholder.
//!
//! A string that only looks random is nobody's key: it is not reported.

mod document;
mod folders;
mod hits;
mod looks;
mod places;
mod report;
mod text;
mod tokens;
mod walk;
mod wrap;

#[cfg(test)]
mod tests;

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

pub use places::{Definitions, Owner, Places};
pub use report::{Bound, Found, Place, ScanProgress, ScanReport, Skipped, What, Within};

/// Tells whether a text is a key of the vault, and which.
pub type Known<'a> = &'a (dyn Fn(&str) -> Option<usize> + Sync);
/// Tells which platform's key a text looks like.
pub type Shape<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// One scan.
pub struct Scan<'a> {
    /// The definitions on this machine.
    pub places: &'a dyn Places,
    /// Folders to walk: chosen projects, the home.
    pub folders: Vec<PathBuf>,
    /// Folders to leave out: this program's own data.
    pub apart: Vec<PathBuf>,
    /// Asked of every part of a text of 16 to 4,096 bytes, so it has to be quick; and of
    /// whatever stands in a slot.
    pub known: Known<'a>,
    /// Asked of parts of `[A-Za-z0-9_~./+=-]` that are no known key, and of what stands in a
    /// slot. It answers for what is likely a whole key; a bare row of hexadecimal digits is
    /// not, since it is far more often the hash of something.
    pub shape: Shape<'a>,
    /// The bounds.
    pub limits: Limits,
    /// Stops the scan once it is true.
    pub stop: &'a AtomicBool,
    /// Called by the threads of the scan, at most ten times a second.
    pub progress: &'a (dyn Fn(ScanProgress<'_>) + Sync),
}

/// The bounds of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest file of a folder that is read, in bytes. Files that definitions name are
    /// read up to [`crate::edit::LARGEST`].
    pub file: u64,
    /// Files to look at.
    pub files: usize,
    /// Folders within folders.
    pub depth: usize,
    /// How long it may take.
    pub time: Duration,
    /// Findings to keep.
    pub found: usize,
    /// Threads; 0 for as many as the machine has processors, up to eight.
    pub threads: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 1_024 * 1_024,
            files: 5_000_000,
            depth: 64,
            time: Duration::from_mins(30),
            found: 20_000,
            threads: 0,
        }
    }
}

impl Scan<'_> {
    /// Runs it on threads of its own and returns when they are done.
    pub fn run(&self) -> ScanReport {
        walk::Walk::new(self).run()
    }
}

fn count(number: &AtomicUsize) {
    number.fetch_add(1, Ordering::Relaxed);
}
