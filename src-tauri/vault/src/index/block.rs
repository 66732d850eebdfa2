//! A run of rows whose keys are decoded together, when the first of them is wanted.
//!
//! To find one key among 100,000 needs the plaintext of all and the fields of one;
//! to build every field of all would be two thirds of the work.

use std::{
    ops::Range,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use keywright_model::Key;
use zeroize::Zeroizing;

use super::BLOCK;
use crate::record;

/// Up to [`BLOCK`] rows.
pub(super) struct Block {
    packed: Mutex<Option<Packed>>,
    keys: OnceLock<Vec<Option<Key>>>,
    haystacks: OnceLock<Haystacks>,
}

/// Plaintext that nobody asked for yet. A row that is no key has an empty range.
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
        let packed = Mutex::new(Some(Packed { bytes, ranges }));
        Self { packed, keys: OnceLock::new(), haystacks: OnceLock::new() }
    }

    /// A block without rows.
    pub(super) fn empty() -> Self {
        let keys = OnceLock::from(Vec::new());
        Self { packed: Mutex::new(None), keys, haystacks: OnceLock::new() }
    }

    /// Whether its keys are still plaintext.
    pub(super) fn is_packed(&self) -> bool {
        self.keys.get().is_none()
    }

    /// Its keys by their places. A record was read back before it was sealed, so one that
    /// cannot be read is of another program's making; it is counted, never just left out.
    pub(super) fn keys(&self, unreadable: &AtomicUsize) -> &[Option<Key>] {
        self.keys.get_or_init(|| {
            let packed = self.packed.lock().unwrap_or_else(PoisonError::into_inner).take();
            packed.map_or_else(Vec::new, |packed| packed.decode(unreadable))
        })
    }

    /// Whether the plaintext of a packed block holds the bytes; a decoded one may always.
    pub(super) fn may_hold(&self, finder: &memchr::memmem::Finder<'_>) -> bool {
        let packed = self.packed.lock().unwrap_or_else(PoisonError::into_inner);
        packed.as_ref().is_none_or(|packed| finder.find(&packed.bytes).is_some())
    }

    /// Puts a key in its place, or takes it out, and tells whether there was one.
    pub(super) fn put(&mut self, at: usize, key: Option<Key>, unreadable: &AtomicUsize) -> bool {
        self.keys(unreadable);
        self.forget_haystack();
        let Some(keys) = self.keys.get_mut() else { return false };
        if at < BLOCK && keys.len() <= at {
            keys.resize_with(at + 1, || None);
        }
        keys.get_mut(at).is_some_and(|place| std::mem::replace(place, key).is_some())
    }

    /// Forgets the search text, after something that it is made of changed.
    pub(super) fn forget_haystack(&mut self) {
        drop(self.haystacks.take());
    }

    /// The search text of every key, made once by `make`.
    pub(super) fn haystacks(
        &self,
        unreadable: &AtomicUsize,
        make: impl Fn(&Key) -> String,
    ) -> &Haystacks {
        self.haystacks.get_or_init(|| {
            let mut all = Haystacks { text: String::new(), ends: Vec::with_capacity(BLOCK) };
            for key in self.keys(unreadable) {
                if let Some(key) = key {
                    all.text.push_str(&make(key));
                }
                all.ends.push(all.text.len());
            }
            all.text.shrink_to_fit();
            all
        })
    }
}

impl Packed {
    fn decode(&self, unreadable: &AtomicUsize) -> Vec<Option<Key>> {
        let read = |range: &Range<u32>| {
            let plain = part(&self.bytes, range).filter(|plain| !plain.is_empty())?;
            let key = record::key(plain).ok();
            if key.is_none() {
                unreadable.fetch_add(1, Ordering::Relaxed);
            }
            key
        };
        self.ranges.iter().map(read).collect()
    }
}

impl Haystacks {
    /// The text of each row.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(self.ends.iter().copied());
        ranges.map(|(start, end)| self.text.get(start..end).unwrap_or_default())
    }
}
