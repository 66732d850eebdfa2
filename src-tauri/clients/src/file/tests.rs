use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::*;

const OLD: &[u8] = b"{\"key\": \"sk-test-not-a-real-key-0001\"}\n";
const NEW: &[u8] = b"{\"key\": \"sk-test-not-a-real-key-0002\"}\n";

struct Place {
    home: TempDir,
    file: PathBuf,
}

impl Place {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("config.json");
        write(&file, OLD);
        Self { home, file }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Bytes, mode and time of change; they must be the same after a refusal.
    fn state(&self) -> (Vec<u8>, u32, i64, i64, u64) {
        let about = fs::metadata(&self.file).unwrap();
        let content = fs::read(&self.file).unwrap();
        (content, about.mode(), about.mtime(), about.mtime_nsec(), about.ino())
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.home.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Tries to write, holds that nothing came of it, and gives the reason.
    fn refused(&self, expected: Option<&[u8]>, rules: &Rules) -> FileError {
        let (before, names) = (self.state(), self.names());
        let error = replace(&self.file, expected.map(Digest::of).as_ref(), NEW, rules).unwrap_err();
        assert_eq!(self.state(), before);
        assert_eq!(self.names(), names);
        assert!(error.unchanged());
        error
    }
}

#[expect(clippy::disallowed_methods, reason = "the files that the tests begin with")]
fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn impatient() -> Rules {
    Rules { patience: Duration::from_millis(150), ..Rules::default() }
}

#[test]
fn a_file_is_replaced_and_keeps_its_mode() {
    for bits in [0o600, 0o644, 0o640, 0o755] {
        let place = Place::new();
        mode(&place.file, bits);
        let seen = look(&place.file).unwrap().unwrap();
        let written = replace(&place.file, Some(&seen.digest), NEW, &Rules::default()).unwrap();
        assert_eq!(fs::read(&place.file).unwrap(), NEW);
        assert_eq!(written.digest, Digest::of(NEW));
        assert_eq!(fs::metadata(&place.file).unwrap().mode() & 0o7777, bits);
        assert_eq!(place.names(), ["config.json"]);
    }
}

#[test]
fn the_same_content_is_not_written_again() {
    let place = Place::new();
    let before = place.state();
    replace(&place.file, Some(&Digest::of(OLD)), OLD, &Rules::default()).unwrap();
    assert_eq!(place.state(), before);
}

#[test]
fn links_stay_and_the_file_behind_them_is_replaced() {
    let place = Place::new();
    fs::create_dir(place.path("links")).unwrap();
    let (one, two) = (place.path("links/one"), place.path("two"));
    symlink("../two", &one).unwrap();
    symlink("config.json", &two).unwrap();
    let seen = look(&one).unwrap().unwrap();
    assert!(seen.facts.symlink && seen.facts.writable && !seen.facts.read_only_hop);
    assert_eq!(seen.real, fs::canonicalize(&place.file).unwrap());
    let written = replace(&one, Some(&seen.digest), NEW, &Rules::default()).unwrap();
    assert_eq!(written.real, seen.real);
    assert_eq!(fs::read(&place.file).unwrap(), NEW);
    assert!(fs::symlink_metadata(&one).unwrap().is_symlink());
    assert!(fs::symlink_metadata(&two).unwrap().is_symlink());
}

#[test]
fn a_link_to_nowhere_or_in_a_circle_is_told() {
    let place = Place::new();
    let (lost, circle) = (place.path("lost"), place.path("circle"));
    symlink("nowhere", &lost).unwrap();
    symlink("circle", &circle).unwrap();
    let target = place.path("nowhere");
    match look(&lost) {
        Err(FileError::Dangling { target: found, .. }) => assert_eq!(found, target),
        other => panic!("{other:?}"),
    }
    assert!(matches!(look(&circle), Err(FileError::Dangling { .. })));
    let rules = Rules { may_make: true, ..Rules::default() };
    let made = replace(&lost, None, NEW, &rules);
    assert!(matches!(made, Err(FileError::Dangling { .. })), "{made:?}");
    assert!(!target.exists());
}

#[test]
fn a_content_that_moved_on_is_not_overwritten() {
    let place = Place::new();
    let error = place.refused(Some(b"something else"), &Rules::default());
    assert!(matches!(error, FileError::Changed { .. }));
    let error = place.refused(None, &Rules { may_make: true, ..Rules::default() });
    assert!(matches!(error, FileError::Changed { .. }));
}

#[test]
fn a_read_only_file_is_refused_to_root_too() {
    let place = Place::new();
    mode(&place.file, 0o400);
    assert!(!look(&place.file).unwrap().unwrap().facts.writable);
    match place.refused(Some(OLD), &Rules::default()) {
        FileError::ReadOnly { hop, .. } => {
            assert_eq!(hop, fs::canonicalize(&place.file).unwrap());
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_hard_link_is_parted_only_when_that_is_wanted() {
    let place = Place::new();
    fs::hard_link(&place.file, place.path("other")).unwrap();
    assert_eq!(look(&place.file).unwrap().unwrap().facts.links, 2);
    let error = place.refused(Some(OLD), &Rules::default());
    assert!(matches!(error, FileError::HardLinks { links: 2, .. }));
    let rules = Rules { break_links: true, ..Rules::default() };
    replace(&place.file, Some(&Digest::of(OLD)), NEW, &rules).unwrap();
    assert_eq!(fs::read(place.path("other")).unwrap(), OLD);
    assert_eq!(fs::read(&place.file).unwrap(), NEW);
}

#[test]
fn what_is_no_plain_file_is_not_touched() {
    let place = Place::new();
    let pipe = place.path("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    for path in [&pipe, &place.home.path().to_owned()] {
        assert!(matches!(look(path), Err(FileError::NotAFile { .. })));
        let done = replace(path, Some(&Digest::of(OLD)), NEW, &Rules::default());
        assert!(matches!(done, Err(FileError::NotAFile { .. })), "{done:?}");
    }
}

#[test]
fn a_file_is_made_with_its_folders_and_taken_away_with_them() {
    let place = Place::new();
    let path = place.path("a/b/new.json");
    let error = replace(&path, None, NEW, &Rules::default()).unwrap_err();
    assert!(matches!(error, FileError::Missing { .. }) && !place.path("a").exists());
    let rules = Rules { may_make: true, mode: 0o640, ..Rules::default() };
    let written = replace(&path, None, NEW, &rules).unwrap();
    assert_eq!(written.made, [place.path("a"), place.path("a/b")]);
    assert_eq!(fs::metadata(place.path("a/b")).unwrap().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o640);
    assert_eq!(fs::read(&path).unwrap(), NEW);

    let kept = remove(&path, &Digest::of(OLD), &written.made, &rules);
    assert!(matches!(kept, Err(FileError::Changed { .. })));
    assert_eq!(fs::read(&path).unwrap(), NEW);
    write(&place.path("a/neighbour"), OLD);
    remove(&path, &written.digest, &written.made, &rules).unwrap();
    assert!(!place.path("a/b").exists(), "an empty folder that was made goes");
    assert_eq!(fs::read(place.path("a/neighbour")).unwrap(), OLD);
}

#[test]
fn a_folder_that_was_made_goes_again_when_the_file_cannot_be() {
    let place = Place::new();
    // There is room for this name, and none for that of a file beside it.
    let path = place.path("a/b").join("n".repeat(250));
    let rules = Rules { may_make: true, ..Rules::default() };
    let error = replace(&path, None, NEW, &rules).unwrap_err();
    assert!(matches!(error, FileError::Io { .. }), "{error}");
    assert!(!place.path("a").exists());
}

#[test]
fn a_parent_that_is_a_file_is_nothing_there() {
    let place = Place::new();
    assert!(look(&place.file.join("below")).unwrap().is_none());
    let rules = Rules { may_make: true, ..Rules::default() };
    assert!(replace(&place.file.join("below"), None, NEW, &rules).is_err());
    assert_eq!(fs::read(&place.file).unwrap(), OLD);
}

#[test]
fn the_clients_lock_is_waited_for_and_let_go() {
    let place = Place::new();
    let lock = place.path("config.json.lock");
    let rules = Rules { lock: FileLock::Directory, ..impatient() };
    fs::create_dir(&lock).unwrap();
    let error = place.refused(Some(OLD), &rules);
    assert!(matches!(error, FileError::Locked { by: None, .. }));
    assert!(lock.exists(), "a lock that others hold stays");
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(60));
            fs::remove_dir(&lock).unwrap();
        });
        let rules = Rules { lock: FileLock::Directory, ..Rules::default() };
        replace(&place.file, Some(&Digest::of(OLD)), NEW, &rules).unwrap();
    });
    assert_eq!(place.names(), ["config.json"]);
}

#[test]
fn a_lock_whose_holder_died_is_taken_over() {
    let place = Place::new();
    let lock = place.path("config.json.lock");
    fs::create_dir(&lock).unwrap();
    make_old(&lock);
    let rules = Rules { lock: FileLock::Directory, ..impatient() };
    replace(&place.file, Some(&Digest::of(OLD)), NEW, &rules).unwrap();
    assert_eq!(place.names(), ["config.json"]);
}

/// Eleven seconds old.
fn make_old(lock: &Path) {
    #[expect(clippy::disallowed_methods, reason = "the clock of the file system")]
    let then = std::time::SystemTime::now() - Duration::from_secs(11);
    fs::File::open(lock).unwrap().set_modified(then).unwrap();
}

#[test]
fn what_a_crash_left_is_swept_and_nothing_else() {
    let place = Place::new();
    // No process has the largest number; this one lives.
    let dead = ".config.json.keywright-4194304-abc123";
    let own = format!(".config.json.keywright-{}-abc123", std::process::id());
    let stays = [
        own.as_str(),
        ".config.json.keywright-kept-4194304-abc123",
        ".other.json.keywright-4194304-abc123",
        "config.json.lock",
    ];
    write(&place.path(dead), OLD);
    stays.iter().take(3).for_each(|name| write(&place.path(name), OLD));
    fs::create_dir(place.path("config.json.lock")).unwrap();
    assert_eq!(sweep(&place.file, FileLock::Directory).unwrap(), 1);
    assert!(!place.path(dead).exists());
    for name in stays {
        assert!(place.path(name).exists(), "{name}");
    }
    make_old(&place.path("config.json.lock"));
    assert_eq!(sweep(&place.file, FileLock::Directory).unwrap(), 1);
    assert_eq!(sweep(&place.path("not/there"), FileLock::None).unwrap(), 0);
}

#[test]
fn extended_attributes_and_owner_stay() {
    let place = Place::new();
    let flags = rustix::fs::XattrFlags::empty();
    if rustix::fs::setxattr(&place.file, "user.origin", b"here", flags).is_err() {
        return;
    }
    let root = rustix::process::geteuid().is_root();
    if root {
        std::os::unix::fs::chown(&place.file, Some(12_345), Some(54_321)).unwrap();
    }
    replace(&place.file, Some(&Digest::of(OLD)), NEW, &Rules::default()).unwrap();
    let mut value = [0_u8; 16];
    let length = rustix::fs::getxattr(&place.file, "user.origin", &mut value).unwrap();
    assert_eq!(value.get(..length), Some(b"here".as_slice()));
    if root {
        let about = fs::metadata(&place.file).unwrap();
        assert_eq!((about.uid(), about.gid()), (12_345, 54_321));
    }
}

#[test]
fn a_digest_reads_back_and_a_content_does_not_print() {
    let digest = Digest::of(OLD);
    assert_eq!(digest.to_string().parse(), Ok(digest));
    assert_eq!("abc".parse::<Digest>(), Err(NoDigest));
    let place = Place::new();
    let printed = format!("{:?}", look(&place.file).unwrap().unwrap());
    assert!(!printed.contains("sk-test"), "{printed}");
}

#[test]
fn a_file_that_is_being_written_is_read_when_it_is_whole() {
    let place = Place::new();
    thread::scope(|scope| {
        let mut file = OpenOptions::new().write(true).truncate(true).open(&place.file).unwrap();
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(30));
            file.write_all(NEW).unwrap();
        });
        assert_eq!(look(&place.file).unwrap().unwrap().bytes, b"");
        assert_eq!(look_settled(&place.file).unwrap().unwrap().bytes, NEW);
    });
    assert!(look_settled(&place.path("none")).unwrap().is_none());
    write(&place.file, b"");
    assert_eq!(look_settled(&place.file).unwrap().unwrap().bytes, b"", "empty for good");
}

/// The races that only the exchange sees. The foreign program is another process where it must
/// be found in `/proc`.
#[cfg(target_os = "linux")]
mod races;
