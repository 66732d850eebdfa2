//! What can be seen of a file without reading it.

use std::{
    fs::Metadata,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::plan::names;

/// A file at one moment: two that are the same need no second reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    about: Option<About>,
    /// The file itself and, where it is a link, where it leads.
    names: Vec<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct About {
    length: u64,
    modified: Option<SystemTime>,
    /// Device, number and permission bits, and when one of these was changed.
    own: (u64, u64, u32, i64, i64),
}

impl Look {
    /// The names by which the system speaks of it.
    pub(super) fn names(&self) -> &[PathBuf] {
        &self.names
    }

    /// Whether the same path is another folder by now.
    pub(super) fn is_other(&self, before: &Self) -> bool {
        let number = |look: &Self| look.about.as_ref().map(|about| (about.own.0, about.own.1));
        number(self) != number(before) || self.names != before.names
    }
}

/// Looks at a path.
pub(super) fn look(path: &Path) -> Look {
    let about = path.metadata().ok().map(|metadata| About {
        length: metadata.len(),
        modified: metadata.modified().ok(),
        own: own(&metadata),
    });
    Look { about, names: names(path) }
}

#[cfg(unix)]
fn own(metadata: &Metadata) -> (u64, u64, u32, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino(), metadata.mode(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn own(metadata: &Metadata) -> (u64, u64, u32, i64, i64) {
    (0, 0, u32::from(metadata.permissions().readonly()), 0, 0)
}
