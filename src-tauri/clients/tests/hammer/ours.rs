//! Placing keys while others write.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use keywright_clients::file::{FileError, Rules, look_settled, replace};
use serde_json::Value;

use crate::foreign::{FILE, STOP};

const WRITERS: u64 = 8;
const PLACEMENTS: usize = 200;
const START: &str = "\"placements\": {";

#[derive(Default)]
struct Tally {
    changed: usize,
    held: usize,
    unfinished: usize,
    again: usize,
    kept: Vec<PathBuf>,
    slowest: Duration,
}

/// Runs the writers, places all keys over the given time, and looks at what is there.
pub(crate) fn place_all(seconds: u64, pause: u64) {
    let home = tempfile::tempdir().unwrap();
    begin(home.path());
    let writers: Vec<Child> = (0..WRITERS).map(|n| writer(home.path(), n, pause)).collect();
    let start = Instant::now();
    let share = Duration::from_secs(seconds) / u32::try_from(PLACEMENTS).unwrap();
    let mut tally = Tally::default();
    for n in 0..PLACEMENTS {
        place(home.path(), n, &mut tally);
        // Spread over the time.
        let due = share * u32::try_from(n + 1).unwrap();
        std::thread::sleep(due.saturating_sub(start.elapsed()));
    }
    place_lost(home.path(), &mut tally);
    make(&home.path().join(STOP), b"");
    let edits: u64 = writers.into_iter().map(edits).sum();
    // A writer that had read before our last placement may have undone it with its last edit.
    place_lost(home.path(), &mut tally);
    assert!(lost(home.path()).is_empty());
    println!(
        "{edits} foreign edits in {:.0} s, {PLACEMENTS} placements (the slowest took {} ms): 0 \
         edits lost, 0 broken files. Tried again because the file had changed: {}, because it \
         was held: {}, because it was half written: {}; placed again after a writer undid it: {}",
        start.elapsed().as_secs_f64(),
        tally.slowest.as_millis(),
        tally.changed,
        tally.held,
        tally.unfinished,
        tally.again,
    );
    assert!(tally.kept.is_empty(), "two contents at once");
    assert!(edits > seconds * 25, "too few edits to mean anything");
    let left = names(home.path());
    assert_eq!(left, [FILE, "lock", STOP], "nothing is left");
}

/// Places keys as most programs do, by reading, writing a file beside and renaming it: the
/// writers must notice, or this test could not see a lost edit.
pub(crate) fn control() {
    let home = tempfile::tempdir().unwrap();
    begin(home.path());
    let mut writers: Vec<Child> = (0..WRITERS).map(|n| writer(home.path(), n, 30)).collect();
    let (start, path) = (Instant::now(), home.path().join(FILE));
    let mut placed = 0;
    while start.elapsed() < Duration::from_secs(30) {
        let text = std::fs::read_to_string(&path).unwrap();
        if text.ends_with('}') {
            let new = home.path().join("new");
            make(&new, with_key(&text, placed).as_bytes());
            std::fs::rename(new, &path).unwrap();
            placed += 1;
        }
        if writers.iter_mut().any(|writer| writer.try_wait().unwrap().is_some()) {
            break;
        }
    }
    make(&home.path().join(STOP), b"");
    let failed = |writer: Child| !writer.wait_with_output().unwrap().status.success();
    let failed = writers.into_iter().map(failed).filter(|failed| *failed).count();
    println!("the control lost edits of {failed} writers within {placed} placements, as it must");
    assert!(failed > 0, "the control lost nothing: the writers see too little");
}

fn with_key(text: &str, n: usize) -> String {
    let (name, value) = key(n);
    let at = text.find(START).unwrap() + START.len();
    let (before, behind) = text.split_at(at);
    format!("{before}\n    \"{name}\": \"{value}\",{behind}")
}

fn names(home: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(home).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn begin(home: &Path) {
    let mut text = String::from("{\n  \"counters\": {");
    for n in 0..WRITERS {
        let comma = if n == 0 { "" } else { "," };
        write!(text, "{comma}\n    \"writer{n}\": 0").unwrap();
    }
    // As much history as makes a write in place take several steps.
    let line = "what somebody once asked ".repeat(8);
    let history: Vec<String> = (0..120).map(|n| format!("    \"{n} {line}\"")).collect();
    write!(text, "\n  }},\n  \"history\": [\n{}\n  ],\n", history.join(",\n")).unwrap();
    write!(text, "  {START}\n    \"none\": \"yet\"\n  }}\n}}").unwrap();
    make(&home.join(FILE), text.as_bytes());
    make(&home.join("lock"), b"");
}

#[expect(clippy::disallowed_methods, reason = "the files that the test begins with")]
fn make(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

fn writer(home: &Path, number: u64, pause: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .arg("write")
        .arg(home)
        .args([number.to_string(), pause.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// How many edits a writer made. One that lost an edit, or read a broken file, has panicked.
fn edits(writer: Child) -> u64 {
    let output = writer.wait_with_output().unwrap();
    assert!(output.status.success(), "a writer found an edit of its own lost, or a broken file");
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

fn key(n: usize) -> (String, String) {
    (format!("key{n}"), format!("sk-test-not-a-real-key-{n:04}"))
}

/// Puts one key into the file: look, edit, replace, and again where others were faster.
fn place(home: &Path, n: usize, tally: &mut Tally) {
    let (start, path) = (Instant::now(), home.join(FILE));
    loop {
        assert!(start.elapsed() < Duration::from_mins(1), "no way to place key {n}");
        let seen = match look_settled(&path) {
            Ok(seen) => seen.unwrap(),
            Err(FileError::Unsettled { .. }) => continue,
            Err(error) => panic!("{error}"),
        };
        let text = String::from_utf8(seen.bytes).unwrap();
        if serde_json::from_str::<Value>(&text).is_err() {
            tally.unfinished += 1;
            continue;
        }
        let edited = with_key(&text, n);
        match replace(&path, Some(&seen.digest), edited.as_bytes(), &Rules::default()) {
            Ok(_) => break,
            Err(FileError::Changed { .. }) => tally.changed += 1,
            Err(FileError::Locked { .. }) => tally.held += 1,
            Err(FileError::Kept { kept, .. }) => tally.kept.push(kept),
            Err(error) => panic!("{error}"),
        }
    }
    tally.slowest = tally.slowest.max(start.elapsed());
}

/// The keys that are not in the file.
fn lost(home: &Path) -> Vec<usize> {
    let content = loop {
        let seen = look_settled(&home.join(FILE)).unwrap().unwrap();
        if let Ok(content) = serde_json::from_slice::<Value>(&seen.bytes) {
            break content;
        }
    };
    let is_lost = |n: &usize| {
        let (name, value) = key(*n);
        let found = content.pointer(&format!("/placements/{name}")).and_then(Value::as_str);
        found != Some(value.as_str())
    };
    (0..PLACEMENTS).filter(is_lost).collect()
}

fn place_lost(home: &Path, tally: &mut Tally) {
    loop {
        let lost = lost(home);
        if lost.is_empty() {
            return;
        }
        for n in lost {
            tally.again += 1;
            place(home, n, tally);
        }
    }
}
