//! A hasher for ids that are random already.

use std::hash::{BuildHasherDefault, Hasher};

/// Uses eight of an id's own bytes. Ids come out of the vault, sealed and counted, or
/// out of the random source: nobody chooses them to collide.
#[derive(Default)]
pub(crate) struct OwnBytes(u64);

/// Builds [`OwnBytes`].
pub(crate) type ById = BuildHasherDefault<OwnBytes>;

impl Hasher for OwnBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk::<8>() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _: usize) {}
}
