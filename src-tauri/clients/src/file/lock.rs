//! The lock that some clients take around a write: a directory named as the file with `.lock`
//! behind, as proper-lockfile 4 makes it
//! (<https://github.com/moxystudio/node-proper-lockfile>): whoever can make the directory has
//! the lock; one that has not been touched for ten seconds has lost its holder and may be
//! removed by anybody.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::{FileError, Rules, temporary::age};
use crate::definition::FileLock;

/// proper-lockfile's default.
const STALE: Duration = Duration::from_secs(10);
const TRY_AGAIN: Duration = Duration::from_millis(25);

/// A client's lock that is held; let go when dropped.
pub(super) struct Held(Option<PathBuf>);

impl Held {
    /// Takes the lock of a file, waiting as long as the rules say.
    pub(super) fn take(real: &Path, rules: &Rules) -> Result<Self, FileError> {
        if rules.lock == FileLock::None {
            return Ok(Self(None));
        }
        let lock = beside(real);
        let start = Instant::now();
        loop {
            match fs::create_dir(&lock) {
                Ok(()) => return Ok(Self(Some(lock))),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(FileError::write("lock", real, error)),
            }
            if clear_stale(real) {
                continue;
            }
            if start.elapsed() > rules.patience {
                return Err(FileError::Locked { path: real.to_owned(), by: None });
            }
            thread::sleep(TRY_AGAIN);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(lock) = &self.0 {
            // Left behind, it goes stale, and the client removes it.
            drop(fs::remove_dir(lock));
        }
    }
}

/// Removes the lock of a file where its holder is gone. Whether it did.
pub(super) fn clear_stale(real: &Path) -> bool {
    let lock = beside(real);
    age(&lock).is_some_and(|age| age > STALE) && fs::remove_dir(&lock).is_ok()
}

fn beside(real: &Path) -> PathBuf {
    let mut name = real.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
