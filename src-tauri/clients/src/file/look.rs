//! Reading a file, and all that decides whether and how it may be written.

use std::{
    fmt,
    fs::{self, Metadata},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

use super::{Digest, FileError, known::Known, system};

/// Between two reads that must agree.
const APART: Duration = Duration::from_millis(2);
/// How long an empty file is believed to be one that is just being written.
const EMPTY: Duration = Duration::from_millis(60);
/// When a file that never comes to rest is given up.
const RESTLESS: Duration = Duration::from_secs(3);
/// As many links as Linux follows.
const HOPS: usize = 40;

/// A file as it was at one instant.
#[derive(Clone)]
pub struct Seen {
    /// The path that was asked for.
    pub path: PathBuf,
    /// The file itself, behind all links.
    pub real: PathBuf,
    /// Its content. It may hold secrets; it does not print.
    pub bytes: Vec<u8>,
    /// The content's digest: what [`super::replace`] expects.
    pub digest: Digest,
    /// The rest.
    pub facts: Facts,
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen")
            .field("path", &self.path)
            .field("real", &self.real)
            .field("bytes", &self.bytes.len())
            .field("digest", &self.digest)
            .field("facts", &self.facts)
            .finish()
    }
}

/// What is known of a file besides its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Permission bits, `0o600`; 0 where the system has none.
    pub mode: u32,
    /// Whether it belongs to the user of this process.
    pub owner_is_me: bool,
    /// How many names it has. With more than one, [`super::replace`] wants `break_links`.
    pub links: u64,
    /// Whether the path that was asked for is a symbolic link.
    pub symlink: bool,
    /// Whether one of the links stands in a folder that cannot be written (a Nix store). The
    /// file itself may be writable all the same.
    pub read_only_hop: bool,
    /// Whether it can be replaced: it and its folder may be written, and its owner be kept.
    pub writable: bool,
    /// When its content was last changed, where that is known.
    pub modified: Option<SystemTime>,
}

/// Reads a file. None where nothing is there.
///
/// A program that truncates a file and then writes it may be caught between the two; see
/// [`look_settled`].
///
/// # Errors
///
/// [`FileError::Dangling`], [`FileError::NotAFile`], [`FileError::TooLarge`], or what the
/// operating system says.
pub fn look(path: &Path) -> Result<Option<Seen>, FileError> {
    let Some(way) = Way::to(path)? else { return Ok(None) };
    let Some(known) = Known::open(&way.real)? else { return Ok(None) };
    let bytes = known.read()?;
    Ok(Some(Seen {
        path: path.to_owned(),
        digest: Digest::of(&bytes),
        facts: facts(&way, &known.about),
        bytes,
        real: way.real,
    }))
}

/// Reads a file once it has come to rest: until two reads some milliseconds apart agree, and
/// for longer where it is empty, since many programs truncate first.
///
/// # Errors
///
/// Those of [`look`], and [`FileError::Unsettled`] after three seconds.
pub fn look_settled(path: &Path) -> Result<Option<Seen>, FileError> {
    let start = Instant::now();
    let mut before = look(path)?;
    loop {
        thread::sleep(APART);
        let now = look(path)?;
        let same = match (&before, &now) {
            (None, None) => true,
            (Some(a), Some(b)) => {
                a.digest == b.digest && a.real == b.real && a.facts.modified == b.facts.modified
            }
            _ => false,
        };
        let empty = now.as_ref().is_some_and(|seen| seen.bytes.is_empty());
        if same && (!empty || start.elapsed() > EMPTY) {
            return Ok(now);
        }
        if start.elapsed() > RESTLESS {
            return Err(FileError::Unsettled { path: path.to_owned() });
        }
        before = now;
    }
}

fn facts(way: &Way, about: &Metadata) -> Facts {
    let folder = way.real.parent().unwrap_or(&way.real);
    let owner_is_me = system::is_mine(about);
    Facts {
        mode: system::mode(about),
        owner_is_me,
        links: system::links(about),
        symlink: way.symlink,
        read_only_hop: way.read_only_hop,
        writable: system::may_be_written(about)
            && system::may_write_into(folder)
            && (owner_is_me || system::may_give_away()),
        modified: about.modified().ok(),
    }
}

/// The way from a path to the file itself.
pub(super) struct Way {
    pub(super) real: PathBuf,
    pub(super) symlink: bool,
    read_only_hop: bool,
}

impl Way {
    /// Follows all links. None where nothing is there.
    pub(super) fn to(path: &Path) -> Result<Option<Self>, FileError> {
        let mut hop = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let (mut symlink, mut read_only_hop) = (false, false);
        for _ in 0..HOPS {
            let link = match fs::symlink_metadata(&hop) {
                Ok(about) => about.is_symlink(),
                Err(error) if is_absent(&error) && symlink => return Err(dangling(path, hop)),
                Err(error) if is_absent(&error) => return Ok(None),
                Err(error) => return Err(FileError::io("look at", path, error)),
            };
            if !link {
                return match fs::canonicalize(&hop) {
                    Ok(real) => Ok(Some(Self { real, symlink, read_only_hop })),
                    Err(error) if is_absent(&error) => Ok(None),
                    Err(error) => Err(FileError::io("look at", path, error)),
                };
            }
            symlink = true;
            let folder = hop.parent().unwrap_or(Path::new("/")).to_owned();
            read_only_hop |= folder.starts_with("/nix/store") || !system::may_write_into(&folder);
            let target = fs::read_link(&hop)
                .map_err(|error| FileError::io("follow the link", path, error))?;
            hop = folder.join(target);
        }
        Err(dangling(path, hop))
    }
}

fn dangling(path: &Path, target: PathBuf) -> FileError {
    FileError::Dangling { path: path.to_owned(), target }
}

pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
