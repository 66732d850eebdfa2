//! Why a file was not written, in words that somebody can act on.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

/// Why a file was not read or not written. It never holds a part of the file.
///
/// The file has the bytes that it had, unless [`FileError::unchanged`] says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It holds something else than it did when it was looked at. Look again and decide again.
    #[error("{} has changed meanwhile, so it was not touched", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// It is not there.
    #[error("{} is not there", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A folder, a device or a pipe.
    #[error("{} is no plain file, so it is not touched", path.display())]
    NotAFile {
        /// What is there.
        path: PathBuf,
    },
    /// A symbolic link that leads nowhere, or in a circle.
    #[error("{} is a link to {}, which is not there; nothing was made", path.display(), target.display())]
    Dangling {
        /// The link.
        path: PathBuf,
        /// What it names.
        target: PathBuf,
    },
    /// The file, its folder or its file system may not be written.
    #[error("{} may not be written; {} is as it was", hop.display(), path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What may not be written: the file itself, or its folder.
        hop: PathBuf,
    },
    /// It belongs to somebody else, and a new file could not be given back to them.
    #[error("{} belongs to another user or group, and that could not be kept; it is as it was", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The disk or the quota is full.
    #[error("no space is left for {}; it is as it was", path.display())]
    NoSpace {
        /// The file.
        path: PathBuf,
    },
    /// Another program holds it.
    #[error("{} is held by {}; it is as it was", path.display(), by.as_deref().unwrap_or("another program"))]
    Locked {
        /// The file.
        path: PathBuf,
        /// The program, where it can be told.
        by: Option<String>,
    },
    /// It has other names, which would keep the old content.
    #[error("{} has {links} names (hard links), and writing it would part them; it is as it was", path.display())]
    HardLinks {
        /// The file.
        path: PathBuf,
        /// How many names it has.
        links: u64,
    },
    /// Larger than any client's file.
    #[error("{} is larger than {limit} MiB and is not read", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound.
        limit: usize,
    },
    /// It was written without pause while it was being read.
    #[error("{} is being written all the time and cannot be read", path.display())]
    Unsettled {
        /// The file.
        path: PathBuf,
    },
    /// Others wrote it in the same instant, and what one of them wrote could not be put back
    /// into the file: it stands in a file of its own. Or the disk failed twice.
    #[error("{} was written by others in the same instant; one content is kept as {}", path.display(), kept.display())]
    Kept {
        /// The file.
        path: PathBuf,
        /// Where the other content is.
        kept: PathBuf,
    },
    /// The new content is there, and the disk could not be made to promise that it stays.
    #[error("{} was written, and may be as before after a loss of power: {source}", path.display())]
    NotDurable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The operating system refused; the file is as it was.
    #[error("cannot {what} {}: {source}; the file is as it was", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it did not work.
        source: io::Error,
    },
}

impl FileError {
    /// Whether the file has the bytes that it had, or those that others gave it.
    pub const fn unchanged(&self) -> bool {
        !matches!(self, Self::Kept { .. } | Self::NotDurable { .. })
    }

    /// Sorts a failed write.
    pub(super) fn write(what: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::NoSpace { path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                let hop = path.parent().unwrap_or(&path).to_owned();
                Self::ReadOnly { path, hop }
            }
            _ => Self::Io { what, path, source },
        }
    }

    /// Any other failure.
    pub(super) fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { what, path: path.to_owned(), source }
    }

    pub(super) fn changed(path: &Path) -> Self {
        Self::Changed { path: path.to_owned() }
    }
}
