//! A foreign writer: reads, counts up its own member, writes; under a lock of the writers'
//! own, so that they do not lose one another's edits. Half of them write a new file and rename
//! it, half truncate the file and write it in pieces.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::Path,
    thread,
    time::Duration,
};

use rustix::fs::{FlockOperation, flock};
use serde_json::Value;

/// The members that all writers and we share.
pub(crate) const FILE: &str = "claude.json";
/// There when the writers are to end.
pub(crate) const STOP: &str = "stop";

fn read(home: &Path) -> Value {
    let bytes = fs::read(home.join(FILE)).unwrap();
    serde_json::from_slice(&bytes)
        .unwrap_or_else(|error| panic!("INVALID: {} bytes, {error}", bytes.len()))
}

/// Writes until it is told to stop, at most `pause` milliseconds between two edits. Says how
/// many it made.
pub(crate) fn write(home: &Path, number: u64, pause: u64) {
    let lock = OpenOptions::new().read(true).write(true).open(home.join("lock")).unwrap();
    let name = format!("writer{number}");
    let mut mine = 0;
    let mut dice = number * 7_919 + 1;
    while !home.join(STOP).exists() {
        flock(&lock, FlockOperation::LockExclusive).unwrap();
        let mut content = read(home);
        let counter = content.pointer_mut(&format!("/counters/{name}")).unwrap();
        assert_eq!(counter.as_u64(), Some(mine), "LOST: {name}");
        mine += 1;
        *counter = mine.into();
        let bytes = serde_json::to_vec_pretty(&content).unwrap();
        if number.is_multiple_of(2) {
            renamed(home, &name, &bytes);
        } else {
            in_place(home, &bytes);
        }
        flock(&lock, FlockOperation::Unlock).unwrap();
        dice = (dice * 1_103_515_245 + 12_345) % 2_147_483_648;
        thread::sleep(Duration::from_micros(dice % (pause * 1_000 + 1)));
    }
    // The last one, too, is there.
    flock(&lock, FlockOperation::LockExclusive).unwrap();
    let content = read(home);
    let counter = content.pointer(&format!("/counters/{name}")).unwrap();
    assert_eq!(counter.as_u64(), Some(mine), "LOST: {name} at the end");
    println!("{mine}");
}

fn renamed(home: &Path, name: &str, bytes: &[u8]) {
    let new = home.join(format!("{FILE}.tmp.{name}"));
    let mut file = create(&new);
    file.write_all(bytes).unwrap();
    drop(file);
    fs::rename(new, home.join(FILE)).unwrap();
}

fn in_place(home: &Path, bytes: &[u8]) {
    let mut file = create(&home.join(FILE));
    for piece in bytes.chunks(4_096) {
        file.write_all(piece).unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "what careless programs do")]
fn create(path: &Path) -> File {
    File::create(path).unwrap()
}
