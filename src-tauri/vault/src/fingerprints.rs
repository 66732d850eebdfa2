//! Recognising this vault's secrets in other places, by keyed hashes that live in memory only.

use std::collections::{BTreeSet, HashMap};

use keywright_model::{KeyId, Secret};

use crate::{
    Error, Vault,
    crypto::keys::{Bytes32, Purpose, blank},
};

/// 128 bits: no two of any number of secrets that fit on a disk share one by chance.
type Print = [u8; 16];

/// Keyed hashes of all secrets of a vault. It holds no secret, and outlives a lock harmlessly;
/// drop it with the work that it was made for.
pub struct Fingerprints {
    key: Bytes32,
    known: HashMap<Print, KeyId>,
    /// Lengths of the secrets, in bytes: most words of a text have another and need no hash.
    lengths: BTreeSet<usize>,
}

impl Fingerprints {
    /// The key whose secret this text is.
    pub fn find(&self, text: &str) -> Option<KeyId> {
        if !self.lengths.contains(&text.len()) {
            return None;
        }
        self.known.get(&print(&self.key, text)).copied()
    }

    /// How many secrets it knows.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

impl Vault {
    /// Fingerprints of the secrets of all keys, those in the bin left out. Opens each secret once.
    /// Where two keys have one secret, the one that came last is told.
    pub fn fingerprints(&self) -> Result<Fingerprints, Error> {
        let mut key = blank();
        key.copy_from_slice(self.keys.of(Purpose::Fingerprint));
        let mut known = HashMap::new();
        let mut lengths = BTreeSet::new();
        let with_secret = self.index.keys().filter(|key| key.has_secret() && key.deleted.is_none());
        for id in with_secret.map(|key| key.id) {
            if let Some(secret) = self.key_secret(id)? {
                lengths.insert(secret.len());
                known.insert(print_of(&key, &secret), id);
            }
        }
        Ok(Fingerprints { key, known, lengths })
    }

    /// The keys whose secret this text is, those in the bin left out.
    pub fn keys_with(&self, text: &Secret) -> Result<Vec<KeyId>, Error> {
        let wanted = Some(self.bitting(text));
        let mut found = Vec::new();
        let drawn = self.index.keys().filter(|key| key.deleted.is_none() && key.bitting == wanted);
        let print_key = self.keys.of(Purpose::Fingerprint);
        for id in drawn.map(|key| key.id) {
            if let Some(secret) = self.key_secret(id)?
                && print_of(print_key, &secret) == print_of(print_key, text)
            {
                found.push(id);
            }
        }
        Ok(found)
    }
}

#[expect(clippy::disallowed_methods, reason = "the secret's text is hashed under the vault's key")]
fn print_of(key: &[u8; 32], secret: &Secret) -> Print {
    print(key, secret.expose())
}

fn print(key: &[u8; 32], text: &str) -> Print {
    let hash = blake3::keyed_hash(key, text.as_bytes());
    let mut print = Print::default();
    print.iter_mut().zip(hash.as_bytes()).for_each(|(own, byte)| *own = *byte);
    print
}
