//! Somebody meddles with the file: nothing that differs may pass for genuine.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use keywright_vault::Access;
use rusqlite::{Connection as Database, types::Value};

use crate::{
    common::{Dice, fake_key, fake_secret, open, overwrite},
    world::{Everything, Outcome, inspect, sample},
};

const VAULT: &str = "vault.keywright";
const WAL: &str = "vault.keywright-wal";
const GENERATION: &str = "vault.generation";

/// A vault at rest, as files, and what it holds.
struct Sample {
    files: Vec<(&'static str, Vec<u8>)>,
    held: Everything,
}

impl Sample {
    /// A vault that was closed well: one file and the generation's mirror.
    fn closed() -> Self {
        let home = tempfile::tempdir().unwrap();
        let vault = sample(home.path());
        let held = Everything::of(&vault).unwrap();
        drop(vault);
        Self { files: read(home.path()), held }
    }

    /// A vault whose last writes are in the log only.
    fn with_log() -> Self {
        let home = tempfile::tempdir().unwrap();
        drop(sample(home.path()));
        let mut vault = open(home.path());
        for n in 20..24 {
            vault.write(|change| change.put_key(&fake_key(n))).unwrap();
        }
        let held = Everything::of(&vault).unwrap();
        let files = read(home.path());
        assert!(files.iter().any(|(name, bytes)| *name == WAL && !bytes.is_empty()));
        Self { files, held }
    }

    fn put(&self, dir: &Path) {
        drop(fs::remove_dir_all(dir));
        fs::create_dir_all(dir).unwrap();
        for (name, bytes) in &self.files {
            overwrite(&dir.join(name), bytes);
        }
    }

    fn file(&self, name: &str) -> &[u8] {
        &self.files.iter().find(|(known, _)| *known == name).unwrap().1
    }
}

fn read(dir: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let names = [VAULT, WAL, GENERATION];
    names.into_iter().filter_map(|name| Some((name, fs::read(dir.join(name)).ok()?))).collect()
}

/// Runs trials on all cores, each in its own folder, and counts the outcomes.
fn trials(
    count: usize,
    sample: &Sample,
    trial: impl Fn(usize, &Path) -> Outcome + Sync,
) -> (usize, usize) {
    let (noticed, same, next) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let home = tempfile::tempdir().unwrap();
    let work = |dir: PathBuf| {
        sample.put(&dir);
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count {
                return;
            }
            match trial(n, &dir) {
                Outcome::Noticed => noticed.fetch_add(1, Ordering::Relaxed),
                Outcome::Same => same.fetch_add(1, Ordering::Relaxed),
                Outcome::Silent => panic!("trial {n}: a changed vault passed for genuine"),
            };
        }
    };
    std::thread::scope(|scope| {
        for core in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            let dir = home.path().join(core.to_string());
            scope.spawn(|| work(dir));
        }
    });
    (noticed.into_inner(), same.into_inner())
}

/// Puts one changed file in place, and the others as they were.
fn with_file(sample: &Sample, dir: &Path, name: &str, bytes: &[u8], access: Access) -> Outcome {
    for (known, good) in &sample.files {
        overwrite(&dir.join(known), if *known == name { bytes } else { good });
    }
    drop(fs::remove_file(dir.join("vault.keywright-shm")));
    let outcome = inspect(dir, access, &sample.held);
    if !sample.files.iter().any(|(known, _)| *known == WAL) {
        drop(fs::remove_file(dir.join(WAL)));
    }
    outcome
}

#[test]
fn the_inspection_sees_a_difference_that_nothing_warns_of() {
    let sample = Sample::closed();
    let home = tempfile::tempdir().unwrap();
    sample.put(home.path());
    assert_eq!(inspect(home.path(), Access::Write, &sample.held), Outcome::Same);
    // A genuine write by the program itself stands for a perfect forgery.
    open(home.path())
        .write(|change| change.seal_key_secret(fake_key(1).id, &fake_secret(2)))
        .unwrap();
    assert_eq!(inspect(home.path(), Access::Write, &sample.held), Outcome::Silent);
}

#[test]
fn no_flipped_bit_passes_for_genuine() {
    let sample = Sample::closed();
    let good = sample.file(VAULT);
    let (noticed, same) = trials(8_500, &sample, |n, dir| {
        let mut bytes = good.to_vec();
        let mut dice = Dice::new(n);
        // Every bit of the first 100 bytes, then bits from everywhere, half of them where
        // something is written.
        let mut bit = if n < 800 { n } else { dice.below(bytes.len() * 8) };
        while n >= 800 && n % 2 == 0 && bytes[bit / 8] == 0 {
            bit = dice.below(bytes.len() * 8);
        }
        bytes[bit / 8] ^= 1 << (bit % 8);
        let access = if n % 4 == 0 { Access::Write } else { Access::Read };
        with_file(&sample, dir, VAULT, &bytes, access)
    });
    println!("flips in the file: {noticed} noticed, {same} without effect");
    assert!(
        noticed > 3_000,
        "only {noticed} flips were noticed: the trial does not reach the data"
    );
}

#[test]
fn no_flipped_bit_in_the_log_passes_for_genuine() {
    let sample = Sample::with_log();
    let good = sample.file(WAL);
    let (noticed, same) = trials(1_500, &sample, |n, dir| {
        let mut bytes = good.to_vec();
        let bit = Dice::new(n).below(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        with_file(&sample, dir, WAL, &bytes, Access::Read)
    });
    println!("flips in the log: {noticed} noticed, {same} without effect");
    assert!(noticed > 100);
}

#[test]
fn no_truncated_file_passes_for_genuine() {
    let sample = Sample::closed();
    let good = sample.file(VAULT);
    let (noticed, same) = trials(1_000, &sample, |n, dir| {
        let len = n * good.len() / 1_000;
        with_file(&sample, dir, VAULT, &good[..len], Access::Read)
    });
    assert_eq!((noticed, same), (1_000, 0));
}

/// Every value in the file, by table, column and row.
fn cells(database: &Database) -> Vec<(&'static str, &'static str, i64)> {
    let columns = [
        ("vault", "n", &["id"][..]),
        ("slot", "kind", &["kind", "body"]),
        ("item", "n", &["n", "id", "rev", "secret_rev", "meta", "secret"]),
        ("event", "n", &["n", "body"]),
        ("manifest", "n", &["body"]),
    ];
    let mut all = Vec::new();
    for (table, key, columns) in columns {
        let mut statement = database.prepare(&format!("SELECT {key} FROM {table}")).unwrap();
        let rows: Vec<i64> = statement.query_map([], |row| row.get(0)).unwrap().flatten().collect();
        all.extend(
            rows.iter().flat_map(|row| columns.iter().map(move |column| (table, *column, *row))),
        );
    }
    all
}

const fn key_of(table: &str) -> &str {
    if table.len() == 4 && table.as_bytes()[0] == b's' { "kind" } else { "n" }
}

fn changed(value: Value, dice: &mut Dice) -> Value {
    match value {
        Value::Integer(n) => Value::Integer(n + 1 + i64::try_from(dice.below(90)).unwrap()),
        Value::Blob(mut bytes) => {
            match dice.below(4) {
                0 => {
                    bytes.pop();
                }
                1 => bytes.push(0),
                2 => bytes.fill(0),
                _ => {
                    let at = dice.below(bytes.len());
                    bytes[at] = bytes[at].wrapping_add(1 + u8::try_from(dice.below(255)).unwrap());
                }
            }
            Value::Blob(bytes)
        }
        _ => Value::Blob(vec![7; 200]),
    }
}

fn edit(dir: &Path, n: usize) {
    let database = Database::open(dir.join(VAULT)).unwrap();
    let cells = cells(&database);
    let mut dice = Dice::new(n);
    let (table, column, row) = cells[n % cells.len()];
    let key = key_of(table);
    let read = format!("SELECT {column} FROM {table} WHERE {key}=?1");
    let value: Value = database.query_row(&read, [row], |row| row.get(0)).unwrap();
    let value = changed(value, &mut dice);
    let write = format!("UPDATE OR REPLACE {table} SET {column}=?1 WHERE {key}=?2");
    assert_eq!(database.execute(&write, (value, row)).unwrap(), 1);
}

#[test]
fn no_edited_row_passes_for_genuine() {
    let sample = Sample::closed();
    let (noticed, same) = trials(1_000, &sample, |n, dir| {
        sample.put(dir);
        edit(dir, n);
        inspect(dir, Access::Read, &sample.held)
    });
    assert_eq!((noticed, same), (1_000, 0));
}

/// Statements that delete, copy, swap and replay. `old` is the same vault earlier on,
/// `other` another vault with the same keys and passphrase.
const REPLAYS: [&str; 20] = [
    "DELETE FROM item WHERE n=?1",
    "DELETE FROM event WHERE n=?1",
    "DELETE FROM slot WHERE kind=1+?1%2",
    "DELETE FROM manifest WHERE ?1",
    "DELETE FROM event WHERE n=(SELECT max(n) FROM event) AND ?1",
    "UPDATE item SET secret=NULL WHERE n=?1",
    "INSERT INTO item SELECT n+1000,id,rev,secret_rev,meta,secret FROM item WHERE n=?1",
    "INSERT INTO event SELECT (SELECT max(n)+1 FROM event),body FROM event WHERE n=?1",
    "UPDATE item SET (rev,meta)=(SELECT rev,meta FROM item WHERE n=?2) WHERE n=?1",
    "UPDATE item SET (secret_rev,secret)=(SELECT secret_rev,secret FROM item WHERE n=?2) WHERE n=?1",
    "UPDATE item SET secret=meta WHERE n=?1",
    "UPDATE item SET n=CASE n WHEN ?1 THEN -1 ELSE n END WHERE n=?1",
    "UPDATE event SET body=(SELECT body FROM event WHERE n=?2) WHERE n=?1",
    "UPDATE manifest SET body=(SELECT body FROM old.manifest) WHERE ?1",
    "UPDATE slot SET body=(SELECT s.body FROM old.slot s WHERE s.kind=slot.kind) WHERE kind=1 AND ?1",
    "INSERT OR REPLACE INTO item SELECT * FROM old.item WHERE n=?1",
    "INSERT OR REPLACE INTO item SELECT * FROM other.item WHERE n=?1",
    "UPDATE manifest SET body=(SELECT body FROM other.manifest) WHERE ?1",
    "UPDATE event SET body=(SELECT o.body FROM other.event o WHERE o.n=event.n) WHERE n=?1",
    "UPDATE slot SET body=(SELECT s.body FROM other.slot s WHERE s.kind=slot.kind) WHERE kind=1+?1%2",
];

#[test]
fn no_deleted_swapped_or_replayed_row_passes_for_genuine() {
    let home = tempfile::tempdir().unwrap();
    let (old, other) = (home.path().join("old"), home.path().join("other"));
    drop(sample(&other));
    // The same vault before each of its records was written once more.
    let (dir, mut vault) = (home.path().join("now"), sample(&home.path().join("now")));
    fs::create_dir_all(&old).unwrap();
    vault.backup_to(&old.join(VAULT)).unwrap();
    let again = vault.write(|change| {
        for n in (0..crate::world::KEYS).filter(|n| *n != 3) {
            change.put_key(&fake_key(n))?;
            change.seal_key_secret(fake_key(n).id, &fake_secret(n + 100))?;
        }
        change.put_connection(&crate::world::connection())
    });
    again.unwrap();
    vault.change_passphrase(&crate::common::passphrase(), crate::common::kdf()).unwrap();
    let held = Everything::of(&vault).unwrap();
    drop(vault);
    let sample = Sample { files: read(&dir), held };
    let (noticed, same) = trials(200, &sample, |n, dir| {
        sample.put(dir);
        let database = Database::open(dir.join(VAULT)).unwrap();
        for (name, path) in [("old", &old), ("other", &other)] {
            database
                .execute(&format!("ATTACH ?1 AS {name}"), [path.join(VAULT).to_str().unwrap()])
                .unwrap();
        }
        // Keys stand on these rows in each of the three vaults, events on half as many.
        let rows = [3, 5, 7, 13, 15, 17, 19, 21, 23, 25];
        let at = n / REPLAYS.len();
        let (row, next) = (rows[at], rows[(at + 1) % rows.len()]);
        let words = REPLAYS[n % REPLAYS.len()];
        let share = if words.contains("event") { 2 } else { 1 };
        let done = if words.contains("?2") {
            database.execute(words, (row / share, next / share))
        } else {
            database.execute(words, [row / share])
        };
        assert_eq!(done.unwrap(), 1, "trial {n} changed nothing: {words}");
        drop(database);
        inspect(dir, Access::Read, &sample.held)
    });
    assert_eq!((noticed, same), (200, 0));
}

#[test]
fn bytes_that_are_no_vault_are_an_error_and_never_a_panic() {
    let sample = Sample::closed();
    let good = sample.file(VAULT);
    let (noticed, same) = trials(600, &sample, |n, dir| {
        let mut dice = Dice::new(n);
        let mut bytes: Vec<u8> = (0..dice.below(20_000)).map(|_| dice.byte()).collect();
        // A third with a good header, a third with a good first page, then noise.
        let keep = [0, 100, 4096][n % 3];
        if n % 3 > 0 {
            bytes.splice(..keep.min(bytes.len()), good[..keep].iter().copied());
        }
        with_file(&sample, dir, VAULT, &bytes, Access::Write)
    });
    assert_eq!((noticed, same), (600, 0));
}
