//! Running the worker under `strace`, and reading what it traced.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::life::STEPS;

/// System calls that change files.
pub(crate) const CALLS: [&str; 11] = [
    "openat",
    "pwrite64",
    "write",
    "fsync",
    "fdatasync",
    "ftruncate",
    "rename",
    "unlink",
    "unlinkat",
    "mkdir",
    "fchmod",
];

/// Runs the worker in `dir` with these options for strace. Returns the number of the last
/// step that it acknowledged.
pub(crate) fn run(dir: &Path, durability: &str, options: &[&str]) -> u32 {
    let mut command = Command::new("strace");
    // Not with --seccomp-bpf: this strace then injects no signals.
    command.arg("-f").args(options);
    command.arg(std::env::current_exe().unwrap()).arg("work").arg(dir).arg(durability);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let panicked = String::from_utf8_lossy(&output.stderr).contains("panicked");
    assert!(!panicked, "the worker panicked: {}", String::from_utf8_lossy(&output.stderr));
    text.lines().filter_map(|line| line.strip_prefix("ack ")?.parse().ok()).max().unwrap_or(0)
}

/// One traced call that succeeded.
#[derive(Debug, Clone)]
pub(crate) enum Call {
    Create(PathBuf),
    Write { path: PathBuf, at: Option<u64>, bytes: Vec<u8> },
    Truncate { path: PathBuf, len: u64 },
    Sync(PathBuf),
    Rename { from: PathBuf, to: PathBuf },
    Unlink(PathBuf),
    Acknowledge(u32),
}

/// Runs the worker to its end and gives every call of interest in order.
pub(crate) fn record(dir: &Path, durability: &str) -> Vec<Call> {
    let log = dir.with_extension("trace");
    let calls = format!("trace={}", CALLS.join(","));
    let file = log.to_str().unwrap();
    let done = run(dir, durability, &["-y", "-xx", "-s", "2000000", "-e", &calls, "-o", file]);
    assert_eq!(done, STEPS, "the worker does not live to its end even without a fault");
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(!text.contains("unfinished"), "the worker used two threads at once");
    text.lines().filter_map(parse).collect()
}

/// `26476 pwrite64(3<\x2f…>, "\x61…", 6, 10) = 6`
fn parse(line: &str) -> Option<Call> {
    let (_, rest) = line.split_once(' ')?;
    let (call, result) = rest.rsplit_once(" = ")?;
    if result.starts_with('-') {
        return None;
    }
    let (name, arguments) = call.trim().strip_suffix(')')?.split_once('(')?;
    let parts: Vec<&str> = arguments.split(", ").collect();
    let number = |at: usize| parts.get(at)?.parse().ok();
    match name {
        "openat" if parts.get(2)?.contains("O_CREAT") => Some(Call::Create(quoted(parts.get(1)?)?)),
        "pwrite64" => {
            let bytes = bytes(parts.get(1)?)?;
            Some(Call::Write { path: descriptor(parts.first()?)?, at: Some(number(3)?), bytes })
        }
        "write" => write(parts.first()?, bytes(parts.get(1)?)?),
        "ftruncate" => Some(Call::Truncate { path: descriptor(parts.first()?)?, len: number(1)? }),
        "fsync" | "fdatasync" => Some(Call::Sync(descriptor(parts.first()?)?)),
        "rename" => {
            Some(Call::Rename { from: quoted(parts.first()?)?, to: quoted(parts.get(1)?)? })
        }
        "unlink" => Some(Call::Unlink(quoted(parts.first()?)?)),
        "unlinkat" => Some(Call::Unlink(quoted(parts.get(1)?)?)),
        _ => None,
    }
}

fn write(to: &str, bytes: Vec<u8>) -> Option<Call> {
    if to.starts_with("1<") {
        let text = String::from_utf8(bytes).ok()?;
        return Some(Call::Acknowledge(text.trim().strip_prefix("ack ")?.parse().ok()?));
    }
    Some(Call::Write { path: descriptor(to)?, at: None, bytes })
}

fn descriptor(text: &str) -> Option<PathBuf> {
    let (_, path) = text.split_once('<')?;
    path_of(path.strip_suffix('>')?)
}

fn quoted(text: &str) -> Option<PathBuf> {
    path_of(text.strip_prefix('"')?.strip_suffix('"')?)
}

fn path_of(hex: &str) -> Option<PathBuf> {
    Some(PathBuf::from(String::from_utf8(bytes(&format!("\"{hex}\""))?).ok()?))
}

/// The bytes of `"\x61\x62"`.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let digits = inner.split("\\x").skip(1);
    digits.map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}
