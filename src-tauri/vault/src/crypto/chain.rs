//! The events' hash chain: each link covers the one before and the sealed event.

use super::keys::{Keys, Purpose};

/// The chain's value after some event; all zeros before the first.
pub(crate) type Link = [u8; 32];

/// The value after event `n`, whose sealed form is `blob`.
pub(crate) fn next(keys: &Keys, before: &Link, n: u64, blob: &[u8]) -> Link {
    let mut hasher = blake3::Hasher::new_keyed(keys.of(Purpose::Chain));
    hasher.update(before).update(&n.to_le_bytes()).update(blob);
    *hasher.finalize().as_bytes()
}
