//! What the vault costs at 100 to 100,000 keys, key derivation apart.
//!
//! Each figure is of a process of its own: its whole processor time, the bytes that it
//! gave the disk, its peak memory. `cargo bench -p keywright-vault`.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "the figures are its product")]

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/vault/common.rs"]
mod common;

use std::{path::Path, process::Command, time::Instant};

use chrono::Duration;
use keywright_model::{Expiry, Query, finding::Rules, query::Facts};
use keywright_vault::Vault;

const SIZES: [u32; 4] = [100, 1_000, 10_000, 100_000];
/// What is measured, each with its budget in ms of processor time at 10,000 and 100,000 keys.
const WORKS: [(&str, &str, [f64; 2]); 6] = [
    ("get", "open and get one", [50.0, 300.0]),
    ("list", "open and list all", [60.0, 350.0]),
    ("expiry", "open and list by expiry", [60.0, 350.0]),
    ("search", "open and search words", [60.0, 350.0]),
    ("type", "search as you type, 1 key stroke, wall", [16.0, 16.0]),
    ("edit", "open, edit one, close", [50.0, 300.0]),
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.as_slice() {
        [_, verb, work, dir, n] if verb == "one" => one(work, Path::new(dir), n.parse().unwrap()),
        _ => all(),
    }
}

/// Runs every work at every size and prints the table.
fn all() {
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    println!(
        "{:<42} {:>8} {:>10} {:>10} {:>9} {:>9}",
        "work", "keys", "cpu ms", "budget", "KiB out", "peak MiB"
    );
    let mut slopes: Vec<(&str, Vec<f64>)> = Vec::new();
    let mut note =
        |what: &'static str, figures: &Figures| match slopes.iter_mut().find(|(w, _)| *w == what) {
            Some((_, list)) => list.push(figures.ms),
            None => slopes.push((what, vec![figures.ms])),
        };
    for n in SIZES {
        let dir = home.path().join(n.to_string());
        let made = child("import", &dir, n);
        let budget = if n == 10_000 { "1000" } else { "" };
        row("import (wall ms)", n, &made, budget);
        note("import (wall ms)", &made);
        let bytes = std::fs::metadata(dir.join("vault.keywright")).unwrap().len();
        println!("{:<42} {n:>8} {:>10} bytes a key, budget 1536", "on disk", bytes / u64::from(n));
        for (work, what, budgets) in WORKS {
            let mut runs: Vec<Figures> = (0..5).map(|_| child(work, &dir, n)).collect();
            runs.sort_by(|a, b| a.ms.total_cmp(&b.ms));
            let budget = match n {
                10_000 => budgets[0].to_string(),
                100_000 => budgets[1].to_string(),
                _ => String::new(),
            };
            row(what, n, &runs[2], &budget);
            note(what, &runs[2]);
        }
        let warm = child("edits", &dir, n);
        row("edit one in an open vault (of 20)", n, &warm, "12");
        note("edit one in an open vault (of 20)", &warm);
    }
    println!("\ngrowth of processor time for ten times the keys:");
    for (what, list) in slopes {
        let steps: Vec<String> = list.windows(2).map(|w| format!("×{:.1}", w[1] / w[0])).collect();
        println!("{what:<42} {}", steps.join("  "));
    }
}

struct Figures {
    ms: f64,
    kib: f64,
    mib: f64,
}

fn row(what: &str, n: u32, figures: &Figures, budget: &str) {
    let Figures { ms, kib, mib } = figures;
    println!("{what:<42} {n:>8} {ms:>10.1} {budget:>10} {kib:>9.0} {mib:>9.1}");
}

/// Runs one work in a process of its own and reads its figures.
fn child(work: &str, dir: &Path, n: u32) -> Figures {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.arg("one").arg(work).arg(dir).arg(n.to_string()).output().unwrap();
    assert!(output.status.success(), "{work}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = text.split_whitespace().map(|word| word.parse().unwrap()).collect();
    Figures { ms: numbers[0], kib: numbers[1], mib: numbers[2] }
}

/// One work; prints milliseconds, KiB and MiB.
fn one(work: &str, dir: &Path, n: u32) {
    let ms = match work {
        "import" => wall(|| import(dir, n)),
        "type" => strokes(&common::open(dir)),
        "edits" => edits(dir),
        other => {
            cold(other, dir, n);
            cpu_ms()
        }
    };
    println!("{ms} {} {}", written_kib(), peak_mib());
    // As `kw` does: the process is over, and taking apart what it held is no work of the vault's.
    std::process::exit(0);
}

fn cold(work: &str, dir: &Path, n: u32) {
    let mut vault = common::open(dir);
    let wanted = common::fake_key(n / 2);
    match work {
        "get" => {
            let found = vault
                .index()
                .mentioning(&wanted.name)
                .into_iter()
                .find(|key| key.name == wanted.name);
            assert!(vault.key_secret(found.unwrap().id).unwrap().is_some());
            std::mem::forget(vault);
        }
        "list" => {
            assert_eq!(vault.index().keys().count(), usize::try_from(n).unwrap());
            std::mem::forget(vault);
        }
        "expiry" => {
            assert!(find(&vault, "expires:<30d") > 0);
            std::mem::forget(vault);
        }
        "search" => {
            assert!(find(&vault, &wanted.label) > 0);
            std::mem::forget(vault);
        }
        _ => {
            edit(&mut vault, n / 2, 1);
            drop(vault);
        }
    }
}

fn import(dir: &Path, n: u32) {
    let (mut vault, _) = common::make(dir);
    for start in (0..n).step_by(10_000) {
        let end = n.min(start + 10_000);
        let done = vault.write(|change| {
            (start..end).try_for_each(|n| {
                let key = common::fake_key(n);
                change.put_key(&key)?;
                change.seal_key_secret(key.id, &common::fake_secret(n))
            })
        });
        done.unwrap();
    }
}

fn edit(vault: &mut Vault, n: u32, turn: u32) {
    let mut key = common::fake_key(n);
    key.note = format!("edited {turn} times");
    key.expires = Expiry::At(common::now() + Duration::days(7));
    let event = common::event(&key);
    let done = vault.write(|change| {
        change.put_key(&key)?;
        change.log(&event)
    });
    done.unwrap();
}

/// Processor time of one edit among twenty in an open vault.
fn edits(dir: &Path) -> f64 {
    let mut vault = common::open(dir);
    let before = cpu_ms();
    (0..20).for_each(|turn| edit(&mut vault, turn * 4, turn));
    let took = (cpu_ms() - before) / 20.0;
    drop(vault);
    took
}

/// The slowest of the strokes by which a person types a word, the best of five times.
fn strokes(vault: &Vault) -> f64 {
    find(vault, "");
    (0..5).map(|_| slowest_stroke(vault)).fold(f64::MAX, f64::min)
}

fn slowest_stroke(vault: &Vault) -> f64 {
    let word = "service 4321";
    let texts = (1..=word.len()).filter_map(|end| word.get(..end));
    texts
        .map(|text| {
            wall(|| {
                find(vault, text);
            })
        })
        .fold(0.0, f64::max)
}

fn find(vault: &Vault, text: &str) -> usize {
    let name = |_| "";
    let facts =
        Facts { now: common::now(), rules: Rules::default(), connection_name: &name, me: "" };
    vault.index().search(&Query::parse(text).unwrap(), &facts).len()
}

fn wall(f: impl FnOnce()) -> f64 {
    let start = Instant::now();
    f();
    start.elapsed().as_secs_f64() * 1000.0
}

fn cpu_ms() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    std::time::Duration::try_from(time).unwrap().as_secs_f64() * 1000.0
}

fn field(file: &str, name: &str) -> f64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0.0)
}

fn written_kib() -> f64 {
    field("/proc/self/io", "write_bytes:") / 1024.0
}

fn peak_mib() -> f64 {
    field("/proc/self/status", "VmHWM:") / 1024.0
}
