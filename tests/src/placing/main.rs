//! A process that puts a key into ten clients' files is killed, or its disk fails, at each of many
//! system calls. Whatever the moment: each file is the old or the new one, never torn; nothing is
//! left lying about; and after the next start all ten have the key, or none has.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use journeys::ten;
use keywright_model::{PlacementState, WritingState};
use keywright_service::wire::ListPlacements;
use tempfile::TempDir;

/// Points where the process is killed.
const KILLS: usize = 260;
/// Points where a call fails, once or from then on.
const FAILURES: usize = 260;

/// Processes at once.
const RUNS_AT_ONCE: usize = 8;

/// System calls that change files.
const CALLS: [&str; 14] = [
    "openat",
    "pwrite64",
    "write",
    "fsync",
    "fdatasync",
    "ftruncate",
    "rename",
    "renameat2",
    "linkat",
    "unlink",
    "unlinkat",
    "mkdir",
    "fchmod",
    "fchown",
];

fn strace(folder: &Path, options: &[&str]) -> bool {
    let status = Command::new("strace")
        .arg("-f")
        .args(options)
        .arg(env!("CARGO_BIN_EXE_placer"))
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    status.success()
}

/// A folder with the vault and the ten files, ready to be copied.
fn template() -> TempDir {
    let folder = TempDir::new().unwrap();
    ten::write_files(&folder.path().join("user")).unwrap();
    let service = ten::open(folder.path()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(ten::key(&service)).unwrap();
    drop(service);
    folder
}

/// Calls of the process on the files of its own folder, vault and home alike: the kind of the call,
/// and which one of its kind it is.
fn points(template: &Path, wanted: usize) -> Vec<(&'static str, usize)> {
    let home = copy(template);
    let log = TempDir::new().unwrap();
    let log = log.path().join("trace");
    let calls = format!("trace={}", CALLS.join(","));
    let whole = strace(home.path(), &["-y", "-e", &calls, "-o", log.to_str().unwrap()]);
    assert!(whole, "the process does not place all ten even without a fault");
    assert_eq!(aftermath(home.path()), Aftermath::Placed);
    let text = fs::read_to_string(&log).unwrap();
    let folder = home.path().to_str().unwrap();
    let mut all = Vec::new();
    let mut made: BTreeMap<&str, usize> = BTreeMap::new();
    // Injections are counted for each thread; nothing but the first one touches a file.
    let first = text.split_whitespace().next().unwrap();
    for line in text.lines().filter(|line| line.starts_with(first)) {
        let Some(call) = CALLS.iter().find(|call| line.contains(&format!(" {call}("))) else {
            continue;
        };
        let nth = made.entry(call).or_default();
        *nth += 1;
        if line.contains(folder) {
            all.push((*call, *nth));
        }
    }
    assert!(all.len() >= 100, "the process makes too few calls to mean anything: {}", all.len());
    // Each in its turn, with another start each round.
    let step = 7;
    let spread = (0..step).flat_map(|from| all.iter().skip(from).step_by(step));
    spread.copied().cycle().take(wanted).collect()
}

fn copy(from: &Path) -> TempDir {
    let to = TempDir::new().unwrap();
    let done = Command::new("cp").arg("-a").arg(from.join(".")).arg(to.path()).status().unwrap();
    assert!(done.success());
    to
}

#[derive(Debug, PartialEq, Eq)]
enum Aftermath {
    Placed,
    AsBefore,
}

/// What the files are, and what they are after the next start.
fn aftermath(folder: &Path) -> Aftermath {
    let user = folder.join("user");
    let (old, new) = (ten::files(&user, ten::OLD), ten::files(&user, ten::NEW));
    for ((path, before), (_, after)) in old.iter().zip(&new) {
        let text = fs::read_to_string(path).unwrap();
        assert!(text == *before || text == *after, "{} is torn", path.display());
    }
    let service = ten::open(folder).unwrap();
    let all = ListPlacements { key: None, client: None, check: true };
    let rows = service.list_placements(all).unwrap();
    let writings = service.list_writings().unwrap();
    let open =
        |state: &WritingState| matches!(state, WritingState::Intended | WritingState::Undoing);
    assert!(!writings.iter().any(|row| open(&row.state)), "a write is still open: {writings:?}");
    let texts: Vec<String> =
        old.iter().map(|(path, _)| fs::read_to_string(path).unwrap()).collect();
    let is = |files: &[(PathBuf, String)]| files.iter().zip(&texts).all(|((_, a), b)| a == b);
    let placed = is(&new);
    assert!(placed || is(&old), "some clients have the key and some have not");
    for (path, _) in &old {
        let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o640, "{}", path.display());
    }
    assert_eq!(names(&user), expected(&user), "something was left lying about");
    if placed {
        assert_eq!(rows.len(), 10, "every place is known");
        assert!(rows.iter().all(|row| row.state == PlacementState::InSync));
        Aftermath::Placed
    } else {
        assert!(rows.is_empty(), "a place is noted where the key is not");
        Aftermath::AsBefore
    }
}

fn names(user: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![user.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn expected(user: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = ten::files(user, "").into_iter().map(|(path, _)| path).collect();
    paths.sort();
    paths
}

/// Runs a fault at each point, several at once.
fn at_each<T: Sync>(
    template: &Path,
    points: &[T],
    fault: impl Fn(&T, &Path) -> bool + Sync,
) -> BTreeMap<&'static str, usize> {
    let next = AtomicUsize::new(0);
    let counts = [const { AtomicUsize::new(0) }; 3];
    let work = || {
        loop {
            let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let home = copy(template);
            let whole = fault(point, home.path());
            let at = match (whole, aftermath(home.path())) {
                (true, Aftermath::Placed) => 0,
                (true, Aftermath::AsBefore) => panic!("it said that it was done, and it is not"),
                (false, Aftermath::Placed) => 1,
                (false, Aftermath::AsBefore) => 2,
            };
            counts[at].fetch_add(1, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        // Most of a run is waiting for the disk.
        for _ in 0..RUNS_AT_ONCE {
            scope.spawn(work);
        }
    });
    let [whole, finished, back] = counts.map(AtomicUsize::into_inner);
    BTreeMap::from([("outlived", whole), ("finished", finished), ("taken back", back)])
}

#[test]
fn a_kill_leaves_each_file_old_or_new_and_the_next_start_makes_it_all_or_none() {
    let template = template();
    let points = points(template.path(), KILLS);
    let counts = at_each(template.path(), &points, |(call, nth), folder| {
        let inject = format!("inject={call}:signal=SIGKILL:when={nth}");
        strace(folder, &["-e", &format!("trace={call}"), "-e", &inject, "-o", "/dev/null"])
    });
    println!("{} kills: {counts:?}", points.len());
    assert!(counts["taken back"] > points.len() / 10, "some kills must hit it in the midst");
}

#[test]
fn a_failing_disk_leaves_each_file_old_or_new_and_all_or_none() {
    let template = template();
    let modes = [("EIO", ""), ("ENOSPC", ""), ("EIO", "+"), ("ENOSPC", "+")];
    let points: Vec<_> =
        points(template.path(), FAILURES).into_iter().zip(modes.into_iter().cycle()).collect();
    let counts = at_each(template.path(), &points, |((call, nth), (error, on)), folder| {
        let inject = format!("inject={call}:error={error}:when={nth}{on}");
        strace(folder, &["-e", &format!("trace={call}"), "-e", &inject, "-o", "/dev/null"])
    });
    println!("{} failing calls: {counts:?}", points.len());
    assert!(counts["taken back"] > 0, "{counts:?}");
}
