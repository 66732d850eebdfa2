//! The keyed multiset hash behind the manifest: adding, changing or removing a
//! row costs one hash, whatever the size of the vault.
//!
//! Each row is hashed by keyed BLAKE3 to 512 bits, read as eight words of 64 bits,
//! and the rows' words are added, each lane modulo 2^64 (the group (Z/2^64)^8).
//! This is MSet-Add-Hash of Clarke, Devadas, van Dijk, Gassend and Suh (2003) with
//! BLAKE3 as the pseudo-random function. Why a forger cannot match a sum:
//!
//! - Rows' hashes are pseudo-random to whoever lacks the key, and the sum itself is
//!   sealed, so a forger sees neither summands nor totals. Wagner's generalised
//!   birthday attack on additive hashes needs the summands; without them a set of
//!   rows other than the true one has the true sum with probability 2^-512 a try.
//! - Rows are distinct (a row's id occurs once, checked at loading), so the known
//!   weakness of combining by XOR — a row counted twice vanishes — has no place, and
//!   addition would not have it anyway.
//! - Whoever has the key can write any vault; no hash of any kind helps there.
//!
//! A row's hash covers both tags, which cover the row's content: to change content
//! under an unchanged tag is to forge Poly1305 without its key.

use super::{
    keys::{Keys, Purpose},
    seal::TAG,
};

/// What the manifest knows of one row: everything that must not change unnoticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowMark {
    /// The row's number in the table.
    pub(crate) n: u64,
    /// The record's id.
    pub(crate) id: [u8; 16],
    /// Revision of the metadata.
    pub(crate) rev: u32,
    /// Revision of the secret; grows when one is put or removed.
    pub(crate) secret_rev: u32,
    /// Tag of the sealed metadata.
    pub(crate) meta_tag: [u8; TAG],
    /// Tag of the sealed secret; zeros where there is none.
    pub(crate) secret_tag: [u8; TAG],
}

impl RowMark {
    /// Exactly one BLAKE3 block.
    fn bytes(&self) -> [u8; 64] {
        let mut bytes = [0; 64];
        let (blocks, _) = bytes.as_chunks_mut::<16>();
        if let [id, meta, secret, numbers] = blocks {
            *id = self.id;
            *meta = self.meta_tag;
            *secret = self.secret_tag;
            let revs = u64::from(self.rev) | u64::from(self.secret_rev) << 32;
            *numbers = (u128::from(self.n) | u128::from(revs) << 64).to_le_bytes();
        }
        bytes
    }
}

/// The sum over all rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum([u64; 8]);

impl Sum {
    fn of(keys: &Keys, row: &RowMark) -> Self {
        let mut wide = [0; 64];
        let mut hasher = blake3::Hasher::new_keyed(keys.of(Purpose::Rows));
        hasher.update(&row.bytes());
        hasher.finalize_xof().fill(&mut wide);
        Self::from_bytes(&wide)
    }

    /// Counts a row in.
    pub(crate) fn add(&mut self, keys: &Keys, row: &RowMark) {
        self.merge(&Self::of(keys, row));
    }

    /// Counts a row out.
    pub(crate) fn remove(&mut self, keys: &Keys, row: &RowMark) {
        let other = Self::of(keys, row);
        self.0.iter_mut().zip(other.0).for_each(|(lane, word)| *lane = lane.wrapping_sub(word));
    }

    /// Counts in all rows of another sum.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(lane, word)| *lane = lane.wrapping_add(word));
    }

    /// The sum as it stands in the manifest: eight little-endian words.
    pub(crate) fn to_bytes(self) -> [u8; 64] {
        let mut bytes = [0; 64];
        for (chunk, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(self.0) {
            *chunk = word.to_le_bytes();
        }
        bytes
    }

    /// A sum out of a manifest.
    pub(crate) fn from_bytes(bytes: &[u8; 64]) -> Self {
        let mut words = [0; 8];
        for (word, chunk) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*chunk);
        }
        Self(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u64) -> RowMark {
        let id = [u8::try_from(n % 251).unwrap(); 16];
        RowMark { n, id, rev: 1, secret_rev: 1, meta_tag: [1; 16], secret_tag: [2; 16] }
    }

    #[test]
    fn order_does_not_matter_and_removal_undoes() {
        let keys = Keys::derive(&[1; 32], [2; 16]);
        let (mut up, mut down) = (Sum::default(), Sum::default());
        (0..50).for_each(|n| up.add(&keys, &row(n)));
        (0..50).rev().for_each(|n| down.add(&keys, &row(n)));
        assert_eq!(up, down);
        assert_eq!(Sum::from_bytes(&up.to_bytes()), up);
        (0..50).for_each(|n| up.remove(&keys, &row(n)));
        assert_eq!(up, Sum::default());
    }

    #[test]
    fn every_part_of_a_row_counts() {
        let keys = Keys::derive(&[1; 32], [2; 16]);
        let base = row(1);
        let changed = [
            RowMark { n: 2, ..base },
            RowMark { id: [9; 16], ..base },
            RowMark { rev: 2, ..base },
            RowMark { secret_rev: 2, ..base },
            RowMark { meta_tag: [9; 16], ..base },
            RowMark { secret_tag: [9; 16], ..base },
            RowMark { meta_tag: base.secret_tag, secret_tag: base.meta_tag, ..base },
        ];
        for other in changed {
            assert_ne!(Sum::of(&keys, &base), Sum::of(&keys, &other));
        }
    }
}
