//! All metadata of an unlocked vault, in memory: what lists, searches and forms read.
//!
//! It holds no secret. It changes only after a write is durable.

mod block;
mod ids;
mod search;
mod sieve;

use std::{
    collections::{BTreeMap, HashMap},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use keywright_model::{
    Connection, ConnectionId, Key, KeyId, Operation, OperationId, Placement, PlacementId, Rotation,
    RotationId, Writing, WritingId,
};
use uuid::Uuid;

use self::{block::Block, ids::ById};
use crate::{
    Error,
    crypto::{
        keys::Keys,
        sum::{RowMark, Sum},
    },
    error::damaged,
    record::{self, Record, StoredSettings},
    store::items::Batch,
};

/// Rows in a block.
pub(crate) const BLOCK: usize = 128;
/// Blocks from which on a second core is worth waking.
const MANY: usize = 8;

/// The metadata of everything in the vault.
#[derive(Default)]
pub struct Index {
    blocks: Vec<Block>,
    // What the manifest knows of each row, by its place; none where a row was removed.
    marks: Vec<Option<RowMark>>,
    places: HashMap<Uuid, u32, ById>,
    connections: BTreeMap<ConnectionId, Connection>,
    operations: BTreeMap<OperationId, Operation>,
    placements: BTreeMap<PlacementId, Placement>,
    writings: BTreeMap<WritingId, Writing>,
    rotations: BTreeMap<RotationId, Rotation>,
    settings: StoredSettings,
    settings_id: Option<Uuid>,
    live: usize,
    highest_row: u64,
    unreadable: AtomicUsize,
    searched: AtomicBool,
}

impl Index {
    /// Every key, those in the bin included, in the order in which they came.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.decode_all();
        self.blocks.iter().flat_map(|block| block.keys(&self.unreadable))
    }

    /// One key.
    pub fn key(&self, id: KeyId) -> Option<&Key> {
        let (block, at) = self.place(id.uuid())?;
        block.key(at, &self.unreadable)
    }

    /// How many keys there are, those in the bin included.
    pub const fn len(&self) -> usize {
        self.live
    }

    /// Whether there is no key at all.
    pub const fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Every connection, the removed ones included, in the order of their ids.
    pub fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.connections.values()
    }

    /// One connection.
    pub fn connection(&self, id: ConnectionId) -> Option<&Connection> {
        self.connections.get(&id)
    }

    /// Every operation, in the order of their ids.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }

    /// One operation.
    pub fn operation(&self, id: OperationId) -> Option<&Operation> {
        self.operations.get(&id)
    }

    /// Every placement, in the order of their ids.
    pub fn placements(&self) -> impl Iterator<Item = &Placement> {
        self.placements.values()
    }

    /// One placement.
    pub fn placement(&self, id: PlacementId) -> Option<&Placement> {
        self.placements.get(&id)
    }

    /// The journal of users' files, in the order of their ids.
    pub fn writings(&self) -> impl Iterator<Item = &Writing> {
        self.writings.values()
    }

    /// One line of the journal of users' files.
    pub fn writing(&self, id: WritingId) -> Option<&Writing> {
        self.writings.get(&id)
    }

    /// Every replacement of a key, in the order of their ids.
    pub fn rotations(&self) -> impl Iterator<Item = &Rotation> {
        self.rotations.values()
    }

    /// One replacement of a key.
    pub fn rotation(&self, id: RotationId) -> Option<&Rotation> {
        self.rotations.get(&id)
    }

    /// The settings.
    pub const fn settings(&self) -> &StoredSettings {
        &self.settings
    }

    /// Records that are authentic and cannot be read, as far as they were looked at.
    pub(crate) fn unreadable(&self) -> usize {
        self.unreadable.load(Ordering::Relaxed)
    }

    /// Decodes what is not decoded yet.
    pub(crate) fn decode_all(&self) {
        on_all_cores(self.blocks.iter().collect(), |block| block.decode(&self.unreadable));
    }

    fn place(&self, id: Uuid) -> Option<(&Block, usize)> {
        let place = usize::try_from(*self.places.get(&id)?).ok()?;
        self.blocks.get(place / BLOCK).map(|block| (block, place % BLOCK))
    }

    /// What the manifest knows of a record.
    pub(crate) fn mark(&self, id: Uuid) -> Option<&RowMark> {
        let place = usize::try_from(*self.places.get(&id)?).ok()?;
        self.marks.get(place)?.as_ref()
    }

    /// What the manifest knows of every record.
    pub(crate) fn marks(&self) -> impl Iterator<Item = &RowMark> {
        self.marks.iter().flatten()
    }

    /// The id of the one settings record, once there is one.
    pub(crate) const fn settings_id(&self) -> Option<Uuid> {
        self.settings_id
    }

    /// The highest row number that was ever seen.
    pub(crate) const fn highest_row(&self) -> u64 {
        self.highest_row
    }

    /// Opens all batches and builds the index of them, with their sum and count.
    pub(crate) fn build(batches: Vec<Batch>, keys: &Keys) -> Result<(Self, Sum, u64), Error> {
        let opened = on_all_cores(batches, |batch| Opened::of(batch, keys));
        let opened: Vec<(Batch, Opened)> = opened.into_iter().collect::<Result<_, _>>()?;
        let rows = opened.iter().map(|(batch, _)| batch.marks.len()).sum();
        let mut index = Self::default();
        index.marks.reserve_exact(rows);
        index.places.reserve(rows);
        let mut sum = Sum::default();
        for (batch, opened) in opened {
            sum.merge(&opened.sum);
            index.push_block(batch, opened)?;
        }
        Ok((index, sum, u64::try_from(rows).unwrap_or(u64::MAX)))
    }

    fn push_block(&mut self, batch: Batch, opened: Opened) -> Result<(), Error> {
        for mark in &batch.marks {
            let place = u32::try_from(self.marks.len()).map_err(|_| damaged("an item"))?;
            if self.places.insert(Uuid::from_bytes(mark.id), place).is_some() {
                return Err(damaged("an item is there twice"));
            }
            self.highest_row = self.highest_row.max(mark.n);
            self.marks.push(Some(*mark));
        }
        self.live += opened.keys;
        for (id, record) in opened.others {
            self.keep(id, record);
        }
        self.blocks.push(Block::packed(batch.bytes, opened.ranges));
        Ok(())
    }

    /// Keeps a record that is no key.
    fn keep(&mut self, id: Uuid, record: Record) {
        match record {
            Record::Connection(connection) => {
                self.connections.insert(connection.id, *connection);
                self.blocks.iter_mut().for_each(Block::forget_haystack);
            }
            Record::Operation(operation) => drop(self.operations.insert(operation.id, *operation)),
            Record::Placement(placement) => drop(self.placements.insert(placement.id, *placement)),
            Record::Writing(writing) => drop(self.writings.insert(writing.id, *writing)),
            Record::Rotation(rotation) => drop(self.rotations.insert(rotation.id, *rotation)),
            Record::Settings(settings) => {
                self.settings = settings;
                self.settings_id = Some(id);
            }
            Record::Key(_) => {}
        }
    }

    /// Takes over a row that was durably written.
    pub(crate) fn put(&mut self, mark: RowMark, record: Option<Record>) {
        let id = Uuid::from_bytes(mark.id);
        let place = self.places.get(&id).copied().and_then(|place| usize::try_from(place).ok());
        let place = place.unwrap_or(self.marks.len());
        self.highest_row = self.highest_row.max(mark.n);
        if place == self.marks.len() {
            let Ok(number) = u32::try_from(place) else { return };
            self.places.insert(id, number);
            self.marks.push(None);
            if self.blocks.len() <= place / BLOCK {
                self.blocks.push(Block::empty());
            }
        }
        if let Some(own) = self.marks.get_mut(place) {
            *own = Some(mark);
        }
        match record {
            Some(Record::Key(key)) => self.put_key(place, Some(*key)),
            Some(other) => self.keep(id, other),
            None => {}
        }
    }

    /// Forgets a row that was durably removed.
    pub(crate) fn remove(&mut self, mark: &RowMark) {
        let id = Uuid::from_bytes(mark.id);
        let Some(place) = self.places.remove(&id).and_then(|place| usize::try_from(place).ok())
        else {
            return;
        };
        if let Some(own) = self.marks.get_mut(place) {
            *own = None;
        }
        self.operations.remove(&OperationId::from_uuid(id));
        self.connections.remove(&ConnectionId::from_uuid(id));
        self.placements.remove(&PlacementId::from_uuid(id));
        self.writings.remove(&WritingId::from_uuid(id));
        self.rotations.remove(&RotationId::from_uuid(id));
        self.put_key(place, None);
    }

    fn put_key(&mut self, place: usize, key: Option<Key>) {
        let Some(block) = self.blocks.get_mut(place / BLOCK) else { return };
        let is = usize::from(key.is_some());
        let was = usize::from(block.put(place % BLOCK, key));
        self.live = (self.live + is).saturating_sub(was);
    }
}

/// Does the same work on every item, on all cores where there is much of it, and gives the
/// results in order. This thread takes its part of it, because only it gets the memory
/// again that it freed before; a pool's threads would each ask for fresh memory.
fn on_all_cores<T: Send, R: Send>(mut items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if items.len() < MANY || cores == 1 {
        return items.into_iter().map(work).collect();
    }
    let share = items.len().div_ceil(cores);
    let mut shares = Vec::new();
    while items.len() > share {
        shares.push(items.split_off(items.len() - share));
    }
    let run = |share: Vec<T>| share.into_iter().map(&work).collect::<Vec<R>>();
    let run = &run;
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            shares.into_iter().rev().map(|share| scope.spawn(move || run(share))).collect();
        let mut results = run(items);
        for thread in threads {
            results.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        results
    })
}

/// What opening one batch gave besides its plaintext.
struct Opened {
    sum: Sum,
    ranges: Vec<std::ops::Range<u32>>,
    others: Vec<(Uuid, Record)>,
    keys: usize,
}

impl Opened {
    fn of(mut batch: Batch, keys: &Keys) -> Result<(Batch, Self), Error> {
        let ranges = batch.open(keys)?;
        let mut opened = Self { sum: Sum::default(), ranges, others: Vec::new(), keys: 0 };
        for (mark, range) in batch.marks.iter().zip(&mut opened.ranges) {
            opened.sum.add(keys, mark);
            let plain = block::part(&batch.bytes, range).ok_or_else(|| damaged("a record"))?;
            if record::is_key(plain) {
                opened.keys += 1;
            } else {
                opened.others.push((Uuid::from_bytes(mark.id), Record::decode(plain)?));
                *range = 0..0;
            }
        }
        Ok((batch, opened))
    }
}
