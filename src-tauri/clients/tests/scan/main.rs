//! A home with planted keys: every one is found, nothing else is, and memory stays bounded.
//!
//! `KEYWRIGHT_SCAN_FILES=100000 cargo test --release -p keywright-clients --test scan -- --nocapture`
//! runs it in full and prints its figures; by default there are fewer files.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its fixture has failed")]

mod home;
mod noise;
mod plant;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use home::Home;
use keywright_clients::{
    Machine, Os, Registry,
    scan::{Bound, Definitions, Found, Limits, Scan, ScanReport, What},
};
use plant::{Make, Planted};

/// What the vault and the platforms are to the scan.
struct Vault {
    key: [u8; 32],
    known: HashMap<[u8; 16], usize>,
    asked: AtomicU64,
    shaped: AtomicU64,
}

impl Vault {
    fn of(planted: &[Planted]) -> Self {
        let key = [7; 32];
        let own = planted.iter().enumerate().filter(|(_, one)| one.make == Make::Known);
        let known = own.map(|(number, one)| (print(&key, &one.value), number)).collect();
        Self { key, known, asked: AtomicU64::new(0), shaped: AtomicU64::new(0) }
    }

    fn known(&self, token: &str) -> Option<usize> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.known.get(&print(&self.key, token)).copied()
    }

    fn shape(&self, token: &str) -> Option<String> {
        self.shaped.fetch_add(1, Ordering::Relaxed);
        plant::SHAPES.iter().find(|(start, length)| {
            token.len() >= start.len() + length
                && token.starts_with(start)
                && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        })?;
        Some("ace".to_owned())
    }
}

/// As the vault does: the first half of a keyed hash.
fn print(key: &[u8; 32], text: &str) -> [u8; 16] {
    let hash = blake3::keyed_hash(key, text.as_bytes());
    *hash.as_bytes().first_chunk().unwrap()
}

fn machine(home: &Path) -> Machine {
    Machine {
        os: Os::Linux,
        home: home.to_owned(),
        environment: BTreeMap::new(),
        name: "desk".to_owned(),
    }
}

struct Run<'a> {
    home: &'a Path,
    vault: &'a Vault,
    limits: Limits,
    stop: &'a AtomicBool,
}

impl Run<'_> {
    fn scan(&self, progress: &(dyn Fn(usize) + Sync)) -> ScanReport {
        let registry = Registry::builtin();
        let machine = machine(self.home);
        let known = |token: &str| self.vault.known(token);
        let shape = |token: &str| self.vault.shape(token);
        Scan {
            places: &Definitions { registry: &registry, machine: &machine },
            folders: vec![self.home.to_owned()],
            apart: vec![self.home.join(".local/share/keywright")],
            known: &known,
            shape: &shape,
            limits: self.limits,
            stop: self.stop,
            progress: &|seen| progress(seen.files),
        }
        .run()
    }
}

fn files() -> usize {
    let asked = std::env::var_os("KEYWRIGHT_SCAN_FILES");
    asked.and_then(|text| text.to_str()?.parse().ok()).unwrap_or(3_000)
}

#[expect(clippy::disallowed_methods, reason = "the test compares fake secrets")]
fn value(found: &Found) -> &str {
    found.value().expose()
}

/// The most memory that this process ever had, in KiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// What this process has used of processors, in seconds (Linux counts hundredths).
fn used() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// A finding for each planted key; those that have none, or not the right one, in words.
fn missing(planted: &[Planted], report: &ScanReport) -> Vec<String> {
    let mut found: HashMap<(&Path, &str), Vec<&What>> = HashMap::new();
    for one in &report.found {
        found.entry((&one.file, value(one))).or_default().push(&one.what);
    }
    let mut missing = Vec::new();
    for (number, planted) in planted.iter().enumerate() {
        let whats = found.get(&(planted.file.as_path(), planted.value.as_str()));
        let right = match planted.make {
            Make::Known => What::Known(number),
            Make::Shaped => What::Shape("ace".to_owned()),
            Make::Slot => What::Slot,
        };
        if whats.is_none_or(|whats| whats.as_slice() != [&right]) {
            missing.push(format!("{} {} {whats:?}", planted.way, planted.file.display()));
        }
    }
    missing
}

/// Findings that are no planted key, in words. References are none, and are not meant to be.
fn wrong(planted: &[Planted], report: &ScanReport) -> Vec<String> {
    let planted: HashSet<(&Path, &str)> =
        planted.iter().map(|one| (one.file.as_path(), one.value.as_str())).collect();
    let keys = report.found.iter().filter(|one| !matches!(one.what, What::Reference(_)));
    keys.filter(|one| !planted.contains(&(one.file.as_path(), value(one))))
        .map(|one| format!("{}:{}:{} {:?}", one.file.display(), one.line, one.column, one.what))
        .collect()
}

#[test]
fn every_planted_key_of_a_home_is_found_and_nothing_else() {
    let home = Home::make(files(), 300);
    let vault = Vault::of(&home.planted);
    let (before, stop) = (used(), AtomicBool::new(false));
    let run = Run { home: home.path(), vault: &vault, limits: Limits::default(), stop: &stop };
    let report = run.scan(&|_| {});
    let seconds = used().zip(before).map(|(after, before)| after - before);
    let (missing, wrong) = (missing(&home.planted, &report), wrong(&home.planted, &report));
    println!(
        "{} files, {} MiB, {:.2} s ({:.2} s of processors, {} of them); {} planted, {} missing, {} \
         false; {} placeholders, asked: known {}, shape {}; at most {} KiB",
        report.files,
        report.bytes / 1_048_576,
        report.took.as_secs_f64(),
        seconds.unwrap_or_default(),
        std::thread::available_parallelism().map_or(0, usize::from),
        home.planted.len(),
        missing.len(),
        wrong.len(),
        report.placeholders,
        vault.asked.load(Ordering::Relaxed),
        vault.shaped.load(Ordering::Relaxed),
        peak().unwrap_or_default(),
    );
    assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
    assert!(wrong.is_empty(), "wrong:\n{}", wrong.join("\n"));
    assert!(report.placeholders > 0, "the noise holds placeholders");
    assert!(!report.stopped && report.bound.is_none() && report.more == 0);
    assert!(peak().is_none_or(|peak| peak < 200 * 1_024), "{:?} KiB", peak());

    let debugged = format!("{report:?}");
    let printed = home.planted.iter().find(|one| debugged.contains(&one.value));
    assert!(printed.is_none(), "a report prints no key");
}

#[test]
fn a_stopped_scan_returns_with_what_it_has() {
    let home = Home::make(3_000, 30);
    let vault = Vault::of(&home.planted);
    let stop = AtomicBool::new(false);
    let limits = Limits { threads: 2, ..Limits::default() };
    let registry = Registry::builtin();
    let machine = machine(home.path());
    let asked = AtomicUsize::new(0);
    let stopped = Mutex::new(None);
    // Stops from the inside, so that the moment does not depend on a clock.
    let known = |_: &str| {
        if asked.fetch_add(1, Ordering::Relaxed) == 20_000 {
            *stopped.lock().unwrap() = Some(Instant::now());
            stop.store(true, Ordering::Relaxed);
        }
        None
    };
    let shape = |token: &str| vault.shape(token);
    let report = Scan {
        places: &Definitions { registry: &registry, machine: &machine },
        folders: vec![home.path().to_owned()],
        apart: Vec::new(),
        known: &known,
        shape: &shape,
        limits,
        stop: &stop,
        progress: &|_| {},
    }
    .run();
    let late = stopped.lock().unwrap().unwrap().elapsed();
    assert!(report.stopped && report.bound.is_none());
    assert!(report.files < 3_000, "{} files", report.files);
    assert!(late < Duration::from_secs(5), "{late:?}");
}

#[test]
fn bounds_end_a_scan_and_are_told() {
    let home = Home::make(500, 60);
    let vault = Vault::of(&home.planted);
    let stop = AtomicBool::new(false);
    let run = |limits| Run { home: home.path(), vault: &vault, limits, stop: &stop }.scan(&|_| {});
    let few = run(Limits { files: 100, threads: 1, ..Limits::default() });
    assert_eq!((few.bound, few.files), (Some(Bound::Files), 100));
    let short = run(Limits { time: Duration::ZERO, ..Limits::default() });
    assert_eq!((short.bound, short.files), (Some(Bound::Time), 0));
    let all = run(Limits::default());
    let ten = run(Limits { found: 10, ..Limits::default() });
    assert_eq!(ten.found.len(), 10);
    assert_eq!(ten.more + 10, all.found.len());
    assert_eq!(ten.bound, None, "it went on and counted");
}
