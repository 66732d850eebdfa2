//! Ten writes of every kind, and what must be there after any part of them.

use std::{
    fs,
    io::Write,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use keywright_clients::{
    definition::FileLock,
    file::{Digest, FileError, Rules, look, remove, replace, sweep},
};

/// How many writes there are.
pub(crate) const WRITES: usize = 10;

/// What one write is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Replaces a file.
    Plain,
    /// Replaces the one behind two links.
    Linked,
    /// With the client's lock.
    Locked,
    /// Makes a file and its folders.
    Made,
    /// Removes one.
    Removed,
}

const fn kind(n: usize) -> Kind {
    match n {
        3 => Kind::Linked,
        4 => Kind::Locked,
        5 => Kind::Made,
        7 => Kind::Removed,
        _ => Kind::Plain,
    }
}

/// Larger than one page, and of another length before and after.
fn content(n: usize, new: bool) -> Vec<u8> {
    let line =
        format!("{n} {} sk-test-not-a-real-key-0001\n", if new { "after" } else { "before" });
    line.repeat(300 + n).into_bytes()
}

fn mode(n: usize) -> u32 {
    if n.is_multiple_of(2) { 0o640 } else { 0o600 }
}

fn folder(home: &Path, n: usize) -> PathBuf {
    home.join(n.to_string())
}

/// The file itself.
fn file(home: &Path, n: usize) -> PathBuf {
    let folder = folder(home, n);
    if kind(n) == Kind::Made { folder.join("made/for/it/config") } else { folder.join("config") }
}

/// As a client names it.
fn path(home: &Path, n: usize) -> PathBuf {
    if kind(n) == Kind::Linked { folder(home, n).join("link") } else { file(home, n) }
}

fn rules(n: usize) -> Rules {
    let lock = if kind(n) == Kind::Locked { FileLock::Directory } else { FileLock::None };
    let patience = Duration::from_millis(500);
    Rules { lock, may_make: true, mode: mode(n), patience, ..Rules::default() }
}

/// Makes what the worker finds.
pub(crate) fn prepare(home: &Path) {
    for n in 0..WRITES {
        fs::create_dir_all(folder(home, n)).unwrap();
        if kind(n) == Kind::Linked {
            symlink("second", folder(home, n).join("link")).unwrap();
            symlink("config", folder(home, n).join("second")).unwrap();
        }
        if kind(n) != Kind::Made {
            #[expect(clippy::disallowed_methods, reason = "the files that the worker finds")]
            fs::write(file(home, n), content(n, false)).unwrap();
            fs::set_permissions(file(home, n), fs::Permissions::from_mode(mode(n))).unwrap();
        }
    }
}

/// Writes all, whatever becomes of each; says `done N`, or `kept N` where it was refused and
/// the file is said to be unchanged.
pub(crate) fn work(home: &Path) {
    for n in 0..WRITES {
        let said = match write(home, n) {
            Ok(()) => format!("done {n}\n"),
            Err(error) if error.unchanged() => format!("kept {n} {error}\n"),
            Err(error) => format!("open {n} {error}\n"),
        };
        // Who cannot say it must not go on.
        let mut out = std::io::stdout();
        if out.write_all(said.as_bytes()).and_then(|()| out.flush()).is_err() {
            std::process::exit(4);
        }
    }
}

fn write(home: &Path, n: usize) -> Result<(), FileError> {
    let (path, rules) = (path(home, n), rules(n));
    let seen = look(&path)?;
    let missing = || FileError::Missing { path: path.clone() };
    if kind(n) == Kind::Removed {
        return remove(&path, &seen.ok_or_else(missing)?.digest, &[], &rules);
    }
    let expected = seen.map(|seen| seen.digest);
    replace(&path, expected.as_ref(), &content(n, true), &rules).map(drop)
}

/// Checks what the worker left. `said` is all that it said.
pub(crate) fn check(home: &Path, said: &str) -> Result<(), String> {
    for n in 0..WRITES {
        let line = said.lines().find(|line| line.split(' ').nth(1) == Some(&n.to_string()));
        let line = line.unwrap_or_default();
        let wrong = |why: &str| Err(format!("write {n} (said `{line}`): {why}"));
        let now = fs::read(file(home, n)).ok();
        let is =
            |new| now.as_ref().map(|now| Digest::of(now)) == wanted(n, new).map(|w| Digest::of(&w));
        match line.split(' ').next() {
            Some("done") if !is(true) => return wrong("not there"),
            Some("kept") if !is(false) => return wrong("not as it was"),
            _ if !is(true) && !is(false) => return wrong("neither old nor new"),
            _ => {}
        }
        if let Ok(about) = fs::metadata(file(home, n))
            && about.permissions().mode() & 0o7777 != mode(n)
        {
            return wrong("another mode");
        }
        swept(home, n).or_else(|why| wrong(&why))?;
    }
    Ok(())
}

fn wanted(n: usize, new: bool) -> Option<Vec<u8>> {
    match kind(n) {
        Kind::Made if !new => None,
        Kind::Removed if new => None,
        _ => Some(content(n, new)),
    }
}

/// After sweeping nothing is left but what belongs there.
fn swept(home: &Path, n: usize) -> Result<(), String> {
    let lock = folder(home, n).join("config.lock");
    if lock.exists() {
        // Eleven seconds later.
        #[expect(clippy::disallowed_methods, reason = "the clock of the file system")]
        let then = SystemTime::now() - Duration::from_secs(11);
        fs::File::open(&lock).unwrap().set_modified(then).unwrap();
    }
    sweep(&path(home, n), rules(n).lock).map_err(|error| error.to_string())?;
    let folder = file(home, n).parent().unwrap().to_owned();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !["config", "link", "second"].contains(&name.as_str()) {
            return Err(format!("left {name}"));
        }
    }
    Ok(())
}
