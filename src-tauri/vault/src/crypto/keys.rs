//! The data key and the keys derived from it, on one page of locked memory.
//!
//! Nothing here may be printed, cloned or written; the bytes leave only as
//! borrowed arrays handed to a cipher in this room.

use std::ops::{Deref, DerefMut};

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

/// A vault's random id.
pub(crate) type VaultId = [u8; 16];

/// What a derived key is for. The order is the place on the page, not part of the format.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// Seals items' metadata.
    Meta,
    /// Seals items' secrets.
    Secret,
    /// Seals the manifest.
    Manifest,
    /// Hashes rows for the manifest's sum.
    Rows,
    /// Seals events.
    Events,
    /// Chains events.
    Chain,
    /// Hashes the key slots for the manifest.
    Slots,
    /// Authenticates the generation's mirror.
    Generation,
    /// Draws keys.
    Bitting,
    /// Reserved for backups that leave this machine.
    Backup,
    /// Recognises secrets in files.
    Fingerprint,
}

/// Each purpose with the label that makes its key.
pub(crate) const LABELS: [(Purpose, &str); 11] = [
    (Purpose::Meta, "keywright/1/meta"),
    (Purpose::Secret, "keywright/1/secret"),
    (Purpose::Manifest, "keywright/1/manifest"),
    (Purpose::Rows, "keywright/1/rows"),
    (Purpose::Events, "keywright/1/events"),
    (Purpose::Chain, "keywright/1/chain"),
    (Purpose::Slots, "keywright/1/slots"),
    (Purpose::Generation, "keywright/1/generation"),
    (Purpose::Bitting, "keywright/1/bitting"),
    (Purpose::Backup, "keywright/1/backup"),
    (Purpose::Fingerprint, "keywright/1/fingerprint"),
];

impl Purpose {
    const fn place(self) -> usize {
        match self {
            Self::Meta => 0,
            Self::Secret => 1,
            Self::Manifest => 2,
            Self::Rows => 3,
            Self::Events => 4,
            Self::Chain => 5,
            Self::Slots => 6,
            Self::Generation => 7,
            Self::Bitting => 8,
            Self::Backup => 9,
            Self::Fingerprint => 10,
        }
    }
}

/// 32 secret bytes on the heap, where moves leave no copies, wiped when dropped.
pub(crate) struct Bytes32(Box<Zeroizing<[u8; 32]>>);

impl Deref for Bytes32 {
    type Target = [u8; 32];

    fn deref(&self) -> &[u8; 32] {
        &self.0
    }
}

impl DerefMut for Bytes32 {
    fn deref_mut(&mut self) -> &mut [u8; 32] {
        &mut self.0
    }
}

/// 32 zero bytes to be filled in place.
pub(crate) fn blank() -> Bytes32 {
    Bytes32(Box::new(Zeroizing::new([0; 32])))
}

/// 32 bytes from the system's random source.
pub(crate) fn random() -> Result<Bytes32, Error> {
    let mut bytes = blank();
    getrandom::fill(bytes.as_mut_slice())?;
    Ok(bytes)
}

/// HKDF-SHA256 into 32 bytes.
pub(crate) fn hkdf(salt: &[u8], input: &[u8], label: &str) -> Bytes32 {
    let mut output = blank();
    // 32 bytes are far under the limit of 255 × 32, the only error there is.
    let expanded =
        Hkdf::<Sha256>::new(Some(salt), input).expand(label.as_bytes(), output.as_mut_slice());
    debug_assert!(expanded.is_ok());
    output
}

/// One page that holds nothing else, so that locking it locks only keys.
#[repr(C, align(4096))]
struct Page {
    data: [u8; 32],
    derived: [[u8; 32]; LABELS.len()],
    rest: [u8; 4096 - 32 * (LABELS.len() + 1)],
}

/// All keys of one unlocked vault.
pub(crate) struct Keys {
    // Dropped before the page, while its memory is still ours.
    _lock: Option<region::LockGuard>,
    page: Box<Page>,
    vault: VaultId,
    id: [u8; 8],
}

impl Keys {
    /// Derives all keys of the vault from its data key.
    pub(crate) fn derive(data: &[u8; 32], vault: VaultId) -> Self {
        let mut page = Box::new(Page {
            data: [0; 32],
            derived: [[0; 32]; LABELS.len()],
            rest: [0; 4096 - 32 * (LABELS.len() + 1)],
        });
        // Best effort: a system that refuses to lock memory still gets its keys.
        let lock = region::lock(&raw const *page, 4096).ok();
        page.data.copy_from_slice(data);
        for (target, (_, label)) in page.derived.iter_mut().zip(LABELS) {
            target.copy_from_slice(hkdf(&vault, data, label).as_slice());
        }
        let mut id = [0; 8];
        let named = hkdf(&vault, data, "keywright/1/key id");
        id.iter_mut().zip(named.iter()).for_each(|(to, from)| *to = *from);
        wipe_stack();
        Self { _lock: lock, page, vault, id }
    }

    /// The key for a purpose.
    pub(crate) fn of(&self, purpose: Purpose) -> &[u8; 32] {
        self.page.derived.get(purpose.place()).unwrap_or(&self.page.data)
    }

    /// The data key itself, to wrap it for a slot.
    pub(crate) const fn data(&self) -> &[u8; 32] {
        &self.page.data
    }

    /// The vault that the keys belong to.
    pub(crate) const fn vault(&self) -> VaultId {
        self.vault
    }

    /// Names the data key without telling it; bound into every sealed blob.
    pub(crate) const fn id(&self) -> [u8; 8] {
        self.id
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.page.data.zeroize();
        self.page.derived.zeroize();
        self.page.rest.zeroize();
    }
}

/// Overwrites what key derivation left behind on this thread's stack.
#[inline(never)]
#[expect(clippy::large_stack_arrays, reason = "the stack is what is to be overwritten")]
pub(crate) fn wipe_stack() {
    let mut room = [0_u8; 128 * 1024];
    room.zeroize();
    std::hint::black_box(&room);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_has_its_own_key_in_its_own_place() {
        let keys = Keys::derive(&[7; 32], [1; 16]);
        let mut seen = vec![*keys.data()];
        for (place, (purpose, label)) in LABELS.into_iter().enumerate() {
            assert_eq!(purpose.place(), place, "{label}");
            seen.push(*keys.of(purpose));
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), LABELS.len() + 1);
    }

    #[test]
    fn another_vault_with_the_same_data_key_has_other_keys() {
        let (one, two) = (Keys::derive(&[7; 32], [1; 16]), Keys::derive(&[7; 32], [2; 16]));
        assert_ne!(one.of(Purpose::Meta), two.of(Purpose::Meta));
        assert_ne!(one.id(), two.id());
    }
}
