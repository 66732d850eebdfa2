//! The vault's folder and the first look at its file, before SQLite sees it.
//!
//! Nothing here follows a symbolic link to a vault, and nothing changes a file
//! that this program does not know how to read.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{Error, FORMAT, error::damaged};

/// The vault's file.
pub(crate) const VAULT: &str = "vault.keywright";
/// A vault that is being made; a crash may leave it, and the next try removes it.
pub(crate) const DRAFT: &str = "vault.keywright.new";
/// The one writer's lock.
pub(crate) const LOCK: &str = "vault.lock";
/// The generation's mirror.
pub(crate) const GENERATION: &str = "vault.generation";
/// What SQLite puts beside a database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// `KWvt` in the file's header: tells a vault from any other SQLite file.
pub(crate) const APPLICATION_ID: u32 = u32::from_be_bytes(*b"KWvt");

/// Whether there is a vault in the folder.
pub fn exists(dir: &Path) -> bool {
    fs::symlink_metadata(dir.join(VAULT)).is_ok()
}

/// The folder by its real name, so that links above it do not matter.
pub(crate) fn real(dir: &Path) -> Result<PathBuf, Error> {
    fs::canonicalize(dir).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::Missing,
        _ => error.into(),
    })
}

/// Makes the folder where it is missing, for its owner alone.
pub(crate) fn make(dir: &Path) -> Result<PathBuf, Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)?;
    let dir = real(dir)?;
    restrict(&dir, 0o700)?;
    if let Some(parent) = dir.parent() {
        // The folder's own entry; not every parent can be opened, and then it is not ours.
        drop(sync(parent));
    }
    Ok(dir)
}

/// Takes the mode of a file or folder down to its owner, whatever the umask was.
pub(crate) fn restrict(path: &Path, mode: u32) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let now = fs::symlink_metadata(path)?.permissions().mode() & 0o7777;
        if now != mode {
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}

/// Options for a file of the owner's alone, never through a link.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let nofollow = rustix::fs::OFlags::NOFOLLOW.bits();
        options.mode(0o600).custom_flags(i32::try_from(nofollow).unwrap_or(0));
    }
    options
}

/// Makes directory entries durable.
pub(crate) fn sync(dir: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    File::open(dir)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

/// Removes a database that never became a vault or backup, with all that SQLite put beside it.
pub(crate) fn remove_database(path: &Path) {
    drop(fs::remove_file(path));
    for suffix in COMPANIONS {
        drop(fs::remove_file(companion(path, suffix)));
    }
}

/// The path of a file that SQLite keeps beside a database.
pub(crate) fn companion(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The file's identity: tells whether the path still leads to the file that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity(u64, u64);

/// Looks whether the path is a regular file, and which.
pub(crate) fn identity(path: &Path) -> Result<Identity, Error> {
    let data = fs::symlink_metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::Missing,
        _ => error.into(),
    })?;
    if !data.is_file() {
        return Err(Error::NotAFile);
    }
    #[cfg(unix)]
    return {
        use std::os::unix::fs::MetadataExt;
        Ok(Identity(data.dev(), data.ino()))
    };
    #[cfg(not(unix))]
    Ok(Identity(0, 0))
}

/// Reads the database header's plain part: is it a vault, and of which format?
///
/// Runs before SQLite opens the file, so that a newer format's file stays untouched.
pub(crate) fn peek(path: &Path) -> Result<u32, Error> {
    let mut head = [0; 100];
    match File::open(path)?.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(damaged("the file is too short"));
        }
        done => done?,
    }
    let number = |at: usize| {
        let bytes = head.get(at..).and_then(|rest| rest.first_chunk::<4>());
        bytes.copied().map_or(0, u32::from_be_bytes)
    };
    if !head.starts_with(b"SQLite format 3\0") || number(68) != APPLICATION_ID {
        return Err(damaged("the file is no vault"));
    }
    known(number(60))
}

/// Lets through the formats that this program reads.
pub(crate) fn known(format: u32) -> Result<u32, Error> {
    match format {
        0 => Err(damaged("the format version")),
        found if found > FORMAT => Err(Error::NewerFormat { found }),
        found => Ok(found),
    }
}
