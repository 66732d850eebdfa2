//! Sealing: XChaCha20-Poly1305 over padded plaintext, bound to its place.
//!
//! A blob is `nonce (24) ‖ ciphertext ‖ tag (16)`. Nonces are random, never
//! counted: a restored backup would repeat a counter. Nothing here may hand out
//! plaintext whose tag does not fit.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use zeroize::{Zeroize, Zeroizing};

use super::keys::Keys;
use crate::Error;

/// The version of sealing itself. A later file format that seals in the same way keeps it,
/// so that moving to that format need not seal everything anew.
pub(crate) const SEALING: u32 = 1;
/// Bytes of nonce before the ciphertext.
pub(crate) const NONCE: usize = 24;
/// Bytes of tag after it.
pub(crate) const TAG: usize = 16;
/// Largest plaintext: a note may be long, but not without end.
const LIMIT: usize = 4 * 1024 * 1024;

/// Where a blob belongs. A blob opens nowhere else.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The table.
    pub(crate) table: &'a str,
    /// The record.
    pub(crate) id: [u8; 16],
    /// The record's revision.
    pub(crate) rev: u32,
    /// The column.
    pub(crate) field: &'a str,
}

/// Associated data: length-prefixed parts, so that no two places look alike.
pub(crate) struct Associated {
    bytes: [u8; 160],
    len: usize,
}

impl Associated {
    /// The associated data of a place in the vault of these keys.
    pub(crate) fn of(keys: &Keys, place: &Place<'_>) -> Self {
        let mut data = Self { bytes: [0; 160], len: 0 };
        data.part(&SEALING.to_le_bytes());
        data.part(&keys.vault());
        data.part(place.table.as_bytes());
        data.part(&place.id);
        data.part(&place.rev.to_le_bytes());
        data.part(place.field.as_bytes());
        data.part(&keys.id());
        data
    }

    fn part(&mut self, part: &[u8]) {
        let prefix = u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes();
        for piece in [&prefix[..], part] {
            let end = self.len + piece.len();
            // All parts together are 90 bytes; the names of tables and fields are ours.
            if let Some(room) = self.bytes.get_mut(self.len..end) {
                room.copy_from_slice(piece);
                self.len = end;
            }
        }
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// A buffer that will not move while `len` bytes and their padding are put in.
pub(crate) fn buffer(len: usize, bucket: usize) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(len + bucket + 1))
}

/// Pads in the manner of ISO 7816-4 to a multiple of `bucket`: hides the exact length.
pub(crate) fn pad(plain: &mut Vec<u8>, bucket: usize) {
    plain.push(0x80);
    plain.resize(plain.len().next_multiple_of(bucket), 0);
}

/// The plaintext without its padding.
pub(crate) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    (padded.get(end) == Some(&0x80)).then(|| padded.get(..end)).flatten()
}

/// Seals bytes under a key, with a fresh random nonce.
pub(crate) fn seal(key: &[u8; 32], data: &[u8], plain: &[u8]) -> Result<Vec<u8>, Error> {
    if plain.len() > LIMIT {
        return Err(Error::Unstorable);
    }
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload { msg: plain, aad: data };
    let sealed = cipher.encrypt(&nonce.into(), payload).map_err(|_| Error::Unstorable)?;
    let mut blob = Vec::with_capacity(NONCE + sealed.len());
    blob.extend_from_slice(&nonce);
    blob.extend_from_slice(&sealed);
    Ok(blob)
}

/// Opens a blob; none if anything about it does not fit.
pub(crate) fn open(key: &[u8; 32], data: &[u8], blob: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = blob.split_first_chunk::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(nonce.into(), Payload { msg: sealed, aad: data }).ok().map(Zeroizing::new)
}

/// Opens a blob where it lies and gives the range of its plaintext, for the many
/// blobs of a vault's metadata: the same cipher, built of HChaCha20 and ring's
/// ChaCha20-Poly1305 as in draft-irtf-cfrg-xchacha, four times as fast on small
/// blobs. ring's one-message key is not wiped from the stack, so key slots and
/// secrets are opened by [`open`].
pub(crate) fn open_in_place(key: &[u8; 32], data: &[u8], blob: &mut [u8]) -> Option<usize> {
    let (nonce, sealed) = blob.split_first_chunk_mut::<NONCE>()?;
    let (subkey_part, rest) = nonce.split_first_chunk::<16>()?;
    let mut subkey = chacha20::hchacha::<chacha20::R20>(key.into(), subkey_part.into());
    let mut short = [0; 12];
    short.iter_mut().skip(4).zip(rest).for_each(|(to, from)| *to = *from);
    let algorithm = &ring::aead::CHACHA20_POLY1305;
    let once =
        ring::aead::UnboundKey::new(algorithm, &subkey).ok().map(ring::aead::LessSafeKey::new);
    subkey.as_mut_slice().zeroize();
    let nonce = ring::aead::Nonce::assume_unique_for_key(short);
    let opened = once?.open_in_place(nonce, ring::aead::Aad::from(data), sealed).ok()?;
    Some(opened.len())
}

/// The tag of a blob, which stands for the whole of it in the manifest.
pub(crate) fn tag(blob: &[u8]) -> Option<[u8; TAG]> {
    if blob.len() < NONCE + TAG {
        return None;
    }
    blob.last_chunk::<TAG>().copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys() -> Keys {
        Keys::derive(&[3; 32], [9; 16])
    }

    const PLACE: Place<'static> = Place { table: "item", id: [5; 16], rev: 7, field: "meta" };

    proptest! {
        #[test]
        fn what_is_sealed_opens_again_both_ways(
            plain in proptest::collection::vec(any::<u8>(), 0..700),
            key in any::<[u8; 32]>(),
            bucket in prop::sample::select(vec![64_usize, 128]),
        ) {
            let data = Associated::of(&keys(), &PLACE);
            let mut padded = plain.clone();
            pad(&mut padded, bucket);
            prop_assert_eq!(padded.len() % bucket, 0);
            let mut blob = seal(&key, data.bytes(), &padded).unwrap();
            prop_assert_eq!(blob.len(), padded.len() + NONCE + TAG);
            let opened = open(&key, data.bytes(), &blob).unwrap();
            prop_assert_eq!(unpad(&opened).unwrap(), plain.as_slice());
            let len = open_in_place(&key, data.bytes(), &mut blob).unwrap();
            prop_assert_eq!(&blob[NONCE..NONCE + len], padded.as_slice());
        }

        #[test]
        fn any_flipped_bit_is_refused_both_ways(at in 0_usize..168, bit in 0_u8..8) {
            let data = Associated::of(&keys(), &PLACE);
            let mut blob = seal(&[1; 32], data.bytes(), &[0; 128]).unwrap();
            blob[at] ^= 1 << bit;
            prop_assert!(open(&[1; 32], data.bytes(), &blob).is_none());
            prop_assert!(open_in_place(&[1; 32], data.bytes(), &mut blob).is_none());
        }

        #[test]
        fn no_bytes_make_the_opener_panic(mut blob in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(open(&[1; 32], b"", &blob).is_none());
            prop_assert!(open_in_place(&[1; 32], b"", &mut blob).is_none());
        }
    }

    #[test]
    fn a_blob_opens_in_no_other_place() {
        let keys = keys();
        let home = Associated::of(&keys, &PLACE);
        let blob = seal(&[1; 32], home.bytes(), b"text").unwrap();
        assert!(open(&[1; 32], home.bytes(), &blob).is_some());
        let others = [
            Place { table: "event", ..PLACE },
            Place { id: [6; 16], ..PLACE },
            Place { rev: 8, ..PLACE },
            Place { field: "secret", ..PLACE },
        ];
        for other in others {
            let data = Associated::of(&keys, &other);
            assert!(open(&[1; 32], data.bytes(), &blob).is_none());
        }
        for other in [Keys::derive(&[3; 32], [8; 16]), Keys::derive(&[4; 32], [9; 16])] {
            let data = Associated::of(&other, &PLACE);
            assert!(open(&[1; 32], data.bytes(), &blob).is_none());
        }
    }

    #[test]
    fn two_seals_of_one_text_differ() {
        assert_ne!(seal(&[1; 32], b"", b"text").unwrap(), seal(&[1; 32], b"", b"text").unwrap());
    }

    #[test]
    fn padding_that_is_none_is_refused() {
        for bytes in [&b""[..], &[0; 64], &[1; 64]] {
            assert!(unpad(bytes).is_none());
        }
    }
}
