//! One writer at a time: an advisory lock on a file of its own.
//!
//! The operating system frees it when the process ends, however it ends. The file
//! stays; its content means nothing.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use super::folder;
use crate::Error;

/// The right to write, for as long as it lives.
pub(crate) struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock, or tells that another has it.
    pub(crate) fn take(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(folder::LOCK);
        let file = folder::private().open(&path)?;
        match file.try_lock() {
            Ok(()) => {
                folder::restrict(&path, 0o600)?;
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => Err(Error::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
