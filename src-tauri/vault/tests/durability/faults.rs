//! The process dies, or the disk fails, at each system call of the worker's life.

use std::{
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::{
    life::{STEPS, check},
    trace::{CALLS, run},
};

/// Points where the process is killed.
const KILLS: usize = 260;
/// Points where a call fails, once or from then on.
const FAILURES: usize = 260;

/// How often the worker makes each of the calls.
fn counts() -> Vec<(&'static str, usize)> {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("trace");
    let calls = format!("trace={}", CALLS.join(","));
    let done =
        run(&home.path().join("vault"), "full", &["-e", &calls, "-o", log.to_str().unwrap()]);
    assert_eq!(done, STEPS, "the worker does not live to its end even without a fault");
    let text = std::fs::read_to_string(&log).unwrap();
    let count =
        |call: &str| text.lines().filter(|line| line.contains(&format!(" {call}("))).count();
    CALLS.iter().map(|call| (*call, count(call))).filter(|(_, n)| *n > 0).collect()
}

/// Spreads `wanted` points over all calls, each call's share by its number.
fn points(wanted: usize) -> Vec<(&'static str, usize)> {
    let all: Vec<(&str, usize)> =
        counts().into_iter().flat_map(|(call, n)| (1..=n).map(move |at| (call, at))).collect();
    assert!(all.len() >= 100, "the worker makes too few calls to mean anything");
    let step = all.len().div_ceil(wanted).max(1);
    // Rounds with another start each, until there are enough of them.
    (0..step).flat_map(|start| all.iter().copied().skip(start).step_by(step)).take(wanted).collect()
}

/// Runs a fault at each point, on all cores; every vault must be whole afterwards.
fn at_each<T: Sync>(points: &[T], fault: impl Fn(&T, &Path) -> (String, u32) + Sync) -> usize {
    let home = tempfile::tempdir().unwrap();
    let (next, early) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(point) = points.get(n) else { return };
            let dir = home.path().join(n.to_string());
            let (what, acknowledged) = fault(point, &dir);
            if acknowledged < STEPS {
                early.fetch_add(1, Ordering::Relaxed);
            }
            if let Err(why) = check(&dir, acknowledged) {
                panic!("{what}: {why}");
            }
            drop(std::fs::remove_dir_all(&dir));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    early.into_inner()
}

/// `kill -9` at each of many points.
pub(crate) fn killed() {
    let points = points(KILLS);
    let early = at_each(&points, |(call, at), dir| {
        let inject = format!("inject={call}:signal=SIGKILL:when={at}");
        (
            inject.clone(),
            run(dir, "full", &["-e", &format!("trace={call}"), "-e", &inject, "-o", "/dev/null"]),
        )
    });
    println!(
        "{} kills, {early} before the end of the worker's life, 0 acknowledged writes lost",
        points.len()
    );
    assert!(early * 10 > points.len() * 8, "most kills must hit the worker alive");
}

/// EIO and ENOSPC, once and for good.
pub(crate) fn failing() {
    let modes = [("EIO", ""), ("ENOSPC", ""), ("EIO", "+"), ("ENOSPC", "+")];
    let points: Vec<_> = points(FAILURES).into_iter().zip(modes.into_iter().cycle()).collect();
    let early = at_each(&points, |((call, at), (error, on)), dir| {
        let inject = format!("inject={call}:error={error}:when={at}{on}");
        (
            inject.clone(),
            run(dir, "full", &["-e", &format!("trace={call}"), "-e", &inject, "-o", "/dev/null"]),
        )
    });
    println!(
        "{} failing calls, {early} stopped the worker, 0 acknowledged writes lost",
        points.len()
    );
    assert!(
        early > points.len() / 10 && early < points.len(),
        "some faults stop a life, some are outlived"
    );
}
