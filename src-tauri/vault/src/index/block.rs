//! A run of rows whose keys are decoded when they are wanted, one by one or together.
//!
//! To find one key among 100,000 needs the plaintext of all and the fields of one;
//! to build every field of all would be two thirds of the work.

use std::{
    ops::Range,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use keywright_model::Key;
use zeroize::Zeroizing;

use super::{BLOCK, sieve::Sieve};
use crate::record;

/// Up to [`BLOCK`] rows.
pub(super) struct Block {
    // Locked before any of the keys is decoded, never the other way around.
    packed: Mutex<Option<Packed>>,
    keys: Vec<OnceLock<Option<Box<Key>>>>,
    haystacks: OnceLock<Haystacks>,
}

/// Plaintext, of which some rows may not be decoded yet. A row that is no key is empty.
struct Packed {
    bytes: Zeroizing<Vec<u8>>,
    ranges: Vec<Range<u32>>,
}

/// The text of each row that free words are looked for in, end to end.
pub(super) struct Haystacks {
    text: String,
    ends: Vec<usize>,
}

/// The plaintext of one row.
pub(super) fn part<'a>(bytes: &'a [u8], range: &Range<u32>) -> Option<&'a [u8]> {
    bytes.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
}

impl Block {
    /// A block of plaintext.
    pub(super) fn packed(bytes: Zeroizing<Vec<u8>>, ranges: Vec<Range<u32>>) -> Self {
        let keys = ranges.iter().map(|_| OnceLock::new()).collect();
        let packed = Mutex::new(Some(Packed { bytes, ranges }));
        Self { packed, keys, haystacks: OnceLock::new() }
    }

    /// A block without rows.
    pub(super) const fn empty() -> Self {
        Self { packed: Mutex::new(None), keys: Vec::new(), haystacks: OnceLock::new() }
    }

    /// The key at a place.
    pub(super) fn key(&self, at: usize, unreadable: &AtomicUsize) -> Option<&Key> {
        let place = self.keys.get(at)?;
        if place.get().is_none() {
            let packed = self.lock();
            place.get_or_init(|| packed.as_ref()?.decode(at, unreadable));
        }
        place.get()?.as_deref()
    }

    /// All its keys, which are all decoded now.
    pub(super) fn keys(&self, unreadable: &AtomicUsize) -> impl Iterator<Item = &Key> {
        self.decode(unreadable);
        self.keys.iter().filter_map(|place| place.get()?.as_deref())
    }

    /// Decodes what is not decoded yet, and lets the plaintext go.
    pub(super) fn decode(&self, unreadable: &AtomicUsize) {
        let mut packed = self.lock();
        if let Some(plain) = packed.take() {
            for (at, place) in self.keys.iter().enumerate() {
                place.get_or_init(|| plain.decode(at, unreadable));
            }
        }
    }

    /// The keys that are wanted. Those that are not decoded yet and not wanted stay so, and
    /// what was built to look at them is freed at once.
    pub(super) fn select(
        &self,
        sieve: &Sieve<'_>,
        wanted: impl Fn(&Key) -> bool,
        unreadable: &AtomicUsize,
    ) -> Vec<&Key> {
        let packed = self.lock();
        let mesh = packed.as_ref().map(|plain| sieve.over(&plain.bytes));
        let mut found = Vec::new();
        for (at, place) in self.keys.iter().enumerate() {
            if let (None, Some(plain), Some(mesh)) = (place.get(), packed.as_ref(), &mesh) {
                let range = plain.ranges.get(at).filter(|range| mesh.lets_through(range));
                if range.is_none() {
                    continue;
                }
                let key = plain.decode(at, unreadable);
                if key.as_ref().is_some_and(|key| !wanted(key)) {
                    continue;
                }
                place.get_or_init(|| key);
                found.extend(place.get().and_then(Option::as_deref));
            } else {
                let key = place.get().and_then(Option::as_deref);
                found.extend(key.filter(|key| wanted(key)));
            }
        }
        found
    }

    /// Puts a key in its place, or takes it out, and tells whether there was one.
    pub(super) fn put(&mut self, at: usize, key: Option<Key>) -> bool {
        self.forget_haystack();
        if at < BLOCK && self.keys.len() <= at {
            self.keys.resize_with(at + 1, || OnceLock::from(None));
        }
        let packed = self.packed.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = self.keys.get_mut(at) else { return false };
        let old = std::mem::replace(place, OnceLock::from(key.map(Box::new)));
        match (old.into_inner(), packed) {
            (Some(old), _) => old.is_some(),
            (None, Some(plain)) => plain.ranges.get(at).is_some_and(|range| !range.is_empty()),
            (None, None) => false,
        }
    }

    /// Forgets the search text, after something that it is made of changed.
    pub(super) fn forget_haystack(&mut self) {
        drop(self.haystacks.take());
    }

    /// Each key with its search text, made once by `make`.
    pub(super) fn with_haystacks(
        &self,
        unreadable: &AtomicUsize,
        make: impl Fn(&Key) -> String,
    ) -> impl Iterator<Item = (&Key, &str)> {
        let haystacks = self.haystacks.get_or_init(|| {
            let mut all = Haystacks { text: String::new(), ends: Vec::with_capacity(BLOCK) };
            for key in self.keys(unreadable) {
                all.text.push_str(&make(key));
                all.ends.push(all.text.len());
            }
            all.text.shrink_to_fit();
            all
        });
        self.keys(unreadable).zip(haystacks.iter())
    }

    fn lock(&self) -> MutexGuard<'_, Option<Packed>> {
        self.packed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Packed {
    /// A row's key. A record was read back before it was sealed, so one that cannot be
    /// read is of another program's making; it is counted, never just left out.
    fn decode(&self, at: usize, unreadable: &AtomicUsize) -> Option<Box<Key>> {
        let range = self.ranges.get(at).filter(|range| !range.is_empty())?;
        let key = part(&self.bytes, range).and_then(|plain| record::key(plain).ok());
        if key.is_none() {
            unreadable.fetch_add(1, Ordering::Relaxed);
        }
        key.map(Box::new)
    }
}

impl Haystacks {
    /// The text of each key.
    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(self.ends.iter().copied());
        ranges.map(|(start, end)| self.text.get(start..end).unwrap_or_default())
    }
}
