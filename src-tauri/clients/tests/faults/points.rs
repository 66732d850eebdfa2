//! The points at which something fails.

use std::{
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::worker::{WRITES, check, prepare};

/// System calls that change files, or that tell what others do to them; each fails at every
/// time it is made.
const RARE: [&str; 17] = [
    "write",
    "fsync",
    "renameat2",
    "rename",
    "link",
    "unlink",
    "unlinkat",
    "mkdir",
    "rmdir",
    "chmod",
    "fchmod",
    "fchown",
    "flistxattr",
    "fsetxattr",
    "inotify_init1",
    "inotify_add_watch",
    "getrandom",
];
/// Calls that are made hundreds of times, most of them in `/proc`; at so many of those.
const FREQUENT: [&str; 4] = ["openat", "statx", "read", "lseek"];
const SAMPLES: usize = 30;

/// How the process or the disk fails.
const FAULTS: [&str; 5] =
    ["signal=SIGKILL", "error=EIO", "error=ENOSPC", "error=EIO+", "error=ENOSPC+"];

struct Point {
    call: &'static str,
    at: usize,
    fault: &'static str,
}

impl Point {
    fn inject(&self) -> String {
        let (fault, on) = match self.fault.strip_suffix('+') {
            Some(fault) => (fault, "+"),
            None => (self.fault, ""),
        };
        format!("inject={}:{fault}:when={}{on}", self.call, self.at)
    }
}

/// Runs the worker under strace and gives what it said.
fn run(home: &Path, options: &[&str]) -> String {
    let mut command = Command::new("strace");
    command.arg("-f").args(options);
    // Stops at the traced calls only, which takes a third of the time; it injects no signals.
    if !options.iter().any(|option| option.contains("signal=")) {
        command.arg("--seccomp-bpf");
    }
    command.arg(std::env::current_exe().unwrap()).arg("work").arg(home);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(!complaint.contains("panicked"), "the worker panicked: {complaint}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn done(said: &str) -> usize {
    said.lines().filter(|line| line.starts_with("done ")).count()
}

/// How often the worker makes each call in an undisturbed life.
fn counts() -> Vec<(&'static str, usize)> {
    let folder = tempfile::tempdir().unwrap();
    let (home, log) = (folder.path().join("home"), folder.path().join("trace"));
    prepare(&home);
    let calls: Vec<&str> = RARE.into_iter().chain(FREQUENT).collect();
    let trace = format!("trace={}", calls.join(","));
    let said = run(&home, &["-e", &trace, "-o", log.to_str().unwrap()]);
    assert_eq!(done(&said), WRITES, "the worker fails even without a fault: {said}");
    check(&home, &said).unwrap();
    let text = std::fs::read_to_string(&log).unwrap();
    let count =
        |call: &str| text.lines().filter(|line| line.contains(&format!(" {call}("))).count();
    calls.into_iter().map(|call| (call, count(call))).collect()
}

fn points() -> Vec<Point> {
    let mut points = Vec::new();
    for (call, count) in counts() {
        let step = if FREQUENT.contains(&call) { count.div_ceil(SAMPLES).max(1) } else { 1 };
        for (turn, at) in (1..=count).step_by(step).enumerate() {
            let turns = if step > 1 {
                turn % FAULTS.len()..turn % FAULTS.len() + 1
            } else {
                0..FAULTS.len()
            };
            let faults = FAULTS.get(turns).unwrap_or_default();
            points.extend(faults.iter().map(|fault| Point { call, at, fault }));
        }
    }
    points
}

/// At each point: every file is the old or the new one, and nothing else is left.
pub(crate) fn all() {
    let strace = Command::new("strace").arg("--version").output();
    assert!(
        strace.is_ok_and(|output| output.status.success()),
        "strace is needed and was not found; `cargo xtask test` installs it"
    );
    let points = points();
    let folder = tempfile::tempdir().unwrap();
    let (next, hit, kills) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(point) = points.get(n) else { return };
            let home = folder.path().join(n.to_string());
            prepare(&home);
            let inject = point.inject();
            let trace = format!("trace={}", point.call);
            let said = run(&home, &["-e", &trace, "-e", &inject, "-o", "/dev/null"]);
            if done(&said) < WRITES {
                hit.fetch_add(1, Ordering::Relaxed);
            }
            if point.fault.starts_with("signal") {
                kills.fetch_add(1, Ordering::Relaxed);
            }
            if let Err(why) = check(&home, &said) {
                panic!("{inject}: {why}");
            }
            drop(std::fs::remove_dir_all(&home));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let (points, hit, kills) = (points.len(), hit.into_inner(), kills.into_inner());
    println!(
        "{points} points ({kills} kills, {} failing calls), {hit} of them stopped a write: every \
         file old or new, none torn, nothing left",
        points - kills
    );
    assert!(points >= 500, "only {points} points");
    assert!(hit * 2 > points, "most points must stop a write");
}
