//! The manifest: one sealed row that says what the vault must hold, written in the
//! same transaction as every change.

use crate::{
    Error,
    crypto::{
        chain::Link,
        keys::{Keys, Purpose},
        seal::{self, Associated, Place},
        slot::Slot,
        sum::Sum,
    },
    error::damaged,
};

/// What the vault holds at one generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// Counts the writes.
    pub(crate) generation: u64,
    /// How many items there are.
    pub(crate) items: u64,
    /// Their sum.
    pub(crate) sum: Sum,
    /// How many events there are; they are numbered from 1 without gaps.
    pub(crate) events: u64,
    /// The events' chain after the last of them.
    pub(crate) link: Link,
    /// The hash of all key slots.
    pub(crate) slots: [u8; 32],
}

const LEN: usize = 8 + 8 + 64 + 8 + 32 + 32;
const PLACE: Place<'static> = Place { table: "manifest", id: [0; 16], rev: 0, field: "body" };

impl Manifest {
    /// The manifest of a vault without items and events.
    pub(crate) fn empty(slots: [u8; 32]) -> Self {
        let sum = Sum::default();
        Self { generation: 1, items: 0, sum, events: 0, link: [0; 32], slots }
    }

    /// The stored form.
    pub(crate) fn seal(&self, keys: &Keys) -> Result<Vec<u8>, Error> {
        let mut plain = Vec::with_capacity(LEN);
        plain.extend(self.generation.to_le_bytes());
        plain.extend(self.items.to_le_bytes());
        plain.extend(self.sum.to_bytes());
        plain.extend(self.events.to_le_bytes());
        plain.extend(self.link);
        plain.extend(self.slots);
        seal::seal(keys.of(Purpose::Manifest), Associated::of(keys, &PLACE).bytes(), &plain)
    }

    /// Opens a stored manifest.
    pub(crate) fn open(keys: &Keys, blob: &[u8]) -> Result<Self, Error> {
        let data = Associated::of(keys, &PLACE);
        let plain = seal::open(keys.of(Purpose::Manifest), data.bytes(), blob);
        plain.and_then(|plain| Self::parse(&plain)).ok_or_else(|| damaged("the manifest"))
    }

    fn parse(plain: &[u8]) -> Option<Self> {
        let (generation, rest) = plain.split_first_chunk::<8>()?;
        let (items, rest) = rest.split_first_chunk::<8>()?;
        let (sum, rest) = rest.split_first_chunk::<64>()?;
        let (events, rest) = rest.split_first_chunk::<8>()?;
        let (link, rest) = rest.split_first_chunk::<32>()?;
        Some(Self {
            generation: u64::from_le_bytes(*generation),
            items: u64::from_le_bytes(*items),
            sum: Sum::from_bytes(sum),
            events: u64::from_le_bytes(*events),
            link: *link,
            slots: rest.try_into().ok()?,
        })
    }
}

/// The hash of all slots in their stored order.
pub(crate) fn slots_hash(keys: &Keys, slots: &[Slot]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(keys.of(Purpose::Slots));
    for slot in slots {
        hasher.update(slot.bytes());
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back_and_belongs_to_one_vault() {
        let keys = Keys::derive(&[1; 32], [1; 16]);
        let manifest = Manifest { items: 3, events: 9, link: [7; 32], ..Manifest::empty([5; 32]) };
        let blob = manifest.seal(&keys).unwrap();
        assert_eq!(Manifest::open(&keys, &blob).unwrap(), manifest);
        assert!(Manifest::open(&Keys::derive(&[1; 32], [2; 16]), &blob).is_err());
        assert!(
            Manifest::parse(&[0; LEN - 1]).is_none() && Manifest::parse(&[0; LEN + 1]).is_none()
        );
    }
}
