//! The power goes: what was written and not synced is lost, kept or torn.
//!
//! The worker's writes are recorded once and replayed up to each point.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    common::{Dice, overwrite},
    life::check,
    trace::{Call, record},
};

/// How many states at least are looked at.
const STATES: usize = 1_000;

/// A change of a file's content.
#[derive(Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

/// A file: what is surely on the disk, and what may be.
#[derive(Clone, Default)]
struct File {
    synced: Vec<u8>,
    pending: Vec<Change>,
}

/// A disk. Names are durable once their folder was synced; until then the old and the new
/// names are both possible.
#[derive(Clone, Default)]
struct Disk {
    files: Vec<File>,
    names: BTreeMap<PathBuf, usize>,
    durable: BTreeMap<PathBuf, usize>,
}

/// What becomes of that which was not synced.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Lost,
    Kept,
    Torn,
}

impl File {
    fn apply(bytes: &mut Vec<u8>, change: &Change) {
        match change {
            Change::Truncate(len) => bytes.resize(usize::try_from(*len).unwrap(), 0),
            Change::Write(at, new) => {
                let at = usize::try_from(*at).unwrap();
                if bytes.len() < at + new.len() {
                    bytes.resize(at + new.len(), 0);
                }
                bytes[at..at + new.len()].copy_from_slice(new);
            }
        }
    }

    fn sync(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            Self::apply(&mut self.synced, &change);
        }
    }

    fn after(&self, fate: Fate, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        for change in &self.pending {
            match (fate, change) {
                (Fate::Lost, _) => {}
                (Fate::Torn, _) if dice.below(2) == 0 => {}
                (Fate::Torn, Change::Write(at, new)) if new.len() > 512 => {
                    // Whole sectors reach the disk, or do not.
                    let sectors = dice.below(new.len() / 512 + 2);
                    let part = new[..new.len().min(sectors * 512)].to_vec();
                    Self::apply(&mut bytes, &Change::Write(*at, part));
                }
                (Fate::Kept | Fate::Torn, change) => Self::apply(&mut bytes, change),
            }
        }
        bytes
    }
}

impl Disk {
    fn file(&mut self, path: &Path) -> &mut File {
        let at = *self.names.entry(path.to_owned()).or_insert_with(|| {
            self.files.push(File::default());
            self.files.len() - 1
        });
        &mut self.files[at]
    }

    fn play(&mut self, call: &Call) {
        match call {
            Call::Create(path) => {
                self.file(path);
            }
            Call::Write { path, at, bytes } => {
                let file = self.file(path);
                // The mirror is rewritten from its start through a fresh descriptor each time.
                let at = at.unwrap_or(0);
                file.pending.push(Change::Write(at, bytes.clone()));
            }
            Call::Truncate { path, len } => self.file(path).pending.push(Change::Truncate(*len)),
            Call::Sync(path) if self.names.contains_key(path) => self.file(path).sync(),
            Call::Sync(folder) => self.sync_names(folder),
            Call::Rename { from, to } => {
                if let Some(file) = self.names.remove(from) {
                    self.names.insert(to.clone(), file);
                }
            }
            Call::Unlink(path) => drop(self.names.remove(path)),
            Call::Acknowledge(_) => {}
        }
    }

    fn sync_names(&mut self, folder: &Path) {
        let inside = |path: &Path| path.parent() == Some(folder);
        self.durable.retain(|path, _| !inside(path));
        let now = self.names.iter().filter(|(path, _)| inside(path));
        self.durable.extend(now.map(|(path, file)| (path.clone(), *file)));
    }

    /// Puts the vault's files as the power left them into a folder.
    fn write_out(&self, vault: &Path, target: &Path, fate: Fate, dice: &mut Dice) {
        drop(fs::remove_dir_all(target));
        fs::create_dir_all(target).unwrap();
        let names = match fate {
            Fate::Lost => &self.durable,
            Fate::Torn if dice.below(2) == 0 => &self.durable,
            Fate::Kept | Fate::Torn => &self.names,
        };
        for (path, file) in names.iter().filter(|(path, _)| path.parent() == Some(vault)) {
            let name = path.file_name().unwrap().to_str().unwrap();
            // SQLite makes its index of the log anew after a crash; it is never synced.
            if !name.ends_with("-shm") {
                overwrite(&target.join(name), &self.files[*file].after(fate, dice));
            }
        }
    }
}

/// What a replay found.
#[derive(Default)]
struct Found {
    states: usize,
    bad: usize,
    first: String,
}

/// Replays a recorded life and looks at every state that a power loss could leave, each
/// core at its share of the points.
fn replay(durability: &str, least: usize) -> Found {
    let home = tempfile::tempdir().unwrap();
    let vault = fs::canonicalize(home.path()).unwrap().join("vault");
    let calls = record(&vault, durability);
    let inside = |call: &&Call| match call {
        Call::Create(path)
        | Call::Sync(path)
        | Call::Unlink(path)
        | Call::Write { path, .. }
        | Call::Truncate { path, .. }
        | Call::Rename { from: path, .. } => path.starts_with(&vault),
        Call::Acknowledge(_) => true,
    };
    let calls: Vec<&Call> = calls.iter().filter(inside).collect();
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let mut all = Found::default();
    std::thread::scope(|scope| {
        let share = |core| {
            let target = home.path().join(format!("after-{core}"));
            let (calls, vault) = (&calls, &vault);
            let torn = least / calls.len();
            scope.spawn(move || look(calls, vault, &target, (core, cores, torn)))
        };
        let threads: Vec<_> = (0..cores).map(share).collect();
        for found in threads.into_iter().map(|thread| thread.join().unwrap()) {
            all.states += found.states;
            all.bad += found.bad;
            all.first = std::mem::take(&mut all.first) + &found.first;
        }
    });
    all
}

fn look(
    calls: &[&Call],
    vault: &Path,
    target: &Path,
    (core, cores, torn): (usize, usize, usize),
) -> Found {
    let (mut disk, mut acknowledged, mut found) = (Disk::default(), 0, Found::default());
    for (at, call) in calls.iter().enumerate() {
        disk.play(call);
        if let Call::Acknowledge(n) = call {
            acknowledged = *n;
        }
        if at % cores != core {
            continue;
        }
        let fates =
            [Fate::Lost, Fate::Kept].into_iter().chain(std::iter::repeat_n(Fate::Torn, torn));
        for (turn, fate) in fates.enumerate() {
            disk.write_out(vault, target, fate, &mut Dice::new(at * 97 + turn));
            found.states += 1;
            if let Err(why) = check(target, acknowledged) {
                found.bad += 1;
                found.first =
                    format!("after call {at} of {}, variant {turn}: {why}. ", calls.len());
            }
        }
    }
    found
}

/// As the vault is.
pub(crate) fn full() {
    let Found { states, bad, first } = replay("full", STATES);
    println!("{states} power losses, {bad} lost or broken");
    assert!(states >= STATES, "only {states} states");
    assert_eq!(bad, 0, "{first}");
}

/// With `synchronous=NORMAL`, which must lose: it shows that the replay can see it.
pub(crate) fn normal() {
    let Found { states, bad, .. } = replay("normal", 0);
    println!(
        "{states} power losses with synchronous=NORMAL, {bad} lost or broken, as they must be"
    );
    assert!(
        bad > states / 10,
        "the control lost only {bad} of {states}: the replay sees too little"
    );
}
