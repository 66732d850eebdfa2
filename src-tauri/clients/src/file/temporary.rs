//! The private file beside a user's file that becomes it, and clearing away what a crash left
//! of such files.

use std::{
    fs::{self, File, Metadata},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use tempfile::TempPath;

use super::{
    Digest, FileError, lock,
    look::{Way, is_absent},
    system,
};
use crate::definition::FileLock;

const MARK: &str = ".keywright-";

/// A file of ours beside the real one, named `.config.toml.keywright-PID-XXXXXX`. It goes when
/// this is dropped.
pub(super) struct Temporary {
    pub(super) file: File,
    pub(super) path: TempPath,
    pub(super) about: Metadata,
    real: PathBuf,
}

impl Temporary {
    /// Makes it: mode 0600, and never a file that is there.
    pub(super) fn beside(real: &Path) -> Result<Self, FileError> {
        let failed = |error| FileError::write("make a file beside", real, error);
        let (folder, prefix) = names(real)?;
        let made = tempfile::Builder::new()
            .prefix(&format!("{prefix}{}-", std::process::id()))
            .rand_bytes(6)
            .tempfile_in(folder)
            .map_err(failed)?;
        let (file, path) = made.into_parts();
        let about = file.metadata().map_err(failed)?;
        Ok(Self { file, path, about, real: real.to_owned() })
    }

    /// Writes the whole content.
    pub(super) fn write(&self, content: &[u8]) -> Result<(), FileError> {
        (&self.file)
            .write_all(content)
            .map_err(|error| FileError::write("write beside", &self.real, error))
    }

    /// Makes content, mode and owner durable.
    pub(super) fn sync(&self) -> Result<(), FileError> {
        self.file.sync_all().map_err(|error| FileError::write("write beside", &self.real, error))
    }

    /// Whether it stands at its own path and still holds what was written. Where it cannot be
    /// read, it is taken to.
    #[cfg(target_os = "linux")]
    pub(super) fn is_untouched(&self, digest: &Digest) -> bool {
        let here = fs::symlink_metadata(&self.path);
        here.is_ok_and(|now| system::is_same(&now, &self.about))
            && self.read().is_none_or(|bytes| Digest::of(&bytes) == *digest)
    }

    #[cfg(target_os = "linux")]
    fn read(&self) -> Option<Vec<u8>> {
        use std::io::{Read, Seek};
        let mut bytes = Vec::new();
        (&self.file).rewind().ok()?;
        (&self.file).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Leaves what now stands at the path of this file there for good, under a name that
    /// [`sweep`] does not touch.
    pub(super) fn keep_content(mut self) -> FileError {
        self.path.disable_cleanup(true);
        let old = self.path.to_path_buf();
        let name = old.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default().replace(MARK, ".keywright-kept-");
        let new = old.with_file_name(name);
        let kept = if fs::rename(&old, &new).is_ok() { new } else { old };
        FileError::Kept { path: self.real, kept }
    }
}

/// The folder of a file, and how the names of its temporary files begin.
fn names(real: &Path) -> Result<(&Path, String), FileError> {
    match (real.parent(), real.file_name()) {
        (Some(folder), Some(name)) => Ok((folder, format!(".{}{MARK}", name.to_string_lossy()))),
        _ => Err(FileError::NotAFile { path: real.to_owned() }),
    }
}

/// Removes the temporary files that a crash left beside a file, and the lock that it left
/// where that has gone stale. Those of a process that lives are left alone. Returns how many
/// were removed.
///
/// # Errors
///
/// [`FileError::Io`] where the folder cannot be read or a file cannot be removed.
pub fn sweep(path: &Path, held: FileLock) -> Result<usize, FileError> {
    let real = match Way::to(path) {
        Ok(Some(way)) => way.real,
        Ok(None) | Err(FileError::Dangling { .. }) => {
            std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
        }
        Err(error) => return Err(error),
    };
    let failed = |error| FileError::io("clear what is left beside", &real, error);
    let (folder, prefix) = names(&real)?;
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(0),
        Err(error) => return Err(failed(error)),
    };
    let mut removed = 0;
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(&prefix)?.split_once('-'));
        let Some(Ok(owner)) = owner.map(|(pid, _)| pid.parse::<u32>()) else { continue };
        if !lives(owner, &entry.path()) {
            fs::remove_file(entry.path()).map_err(failed)?;
            removed += 1;
        }
    }
    if held == FileLock::Directory && lock::clear_stale(&real) {
        removed += 1;
    }
    Ok(removed)
}

/// Whether the process that made a temporary file may still be at work on it.
#[cfg(unix)]
fn lives(pid: u32, _: &Path) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

/// Whether the process that made a temporary file may still be at work on it.
#[cfg(not(unix))]
fn lives(_: u32, file: &Path) -> bool {
    age(file).is_none_or(|age| age < Duration::from_secs(3_600))
}

/// How long ago something was changed.
pub(super) fn age(path: &Path) -> Option<Duration> {
    let changed = fs::symlink_metadata(path).and_then(|about| about.modified()).ok()?;
    #[expect(clippy::disallowed_methods, reason = "compared with the file system's own clock")]
    SystemTime::now().duration_since(changed).ok()
}

/// Makes the names in a file's folder durable.
pub(super) fn sync_names(real: &Path) -> io::Result<()> {
    real.parent().map_or(Ok(()), system::sync_folder)
}
