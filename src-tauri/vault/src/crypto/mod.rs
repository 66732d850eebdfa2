//! Keys, ciphers and hashes. Knows no file and no table.

pub(crate) mod chain;
pub(crate) mod kdf;
pub(crate) mod keys;
pub(crate) mod recovery;
pub(crate) mod seal;
pub(crate) mod selftest;
pub(crate) mod slot;
pub(crate) mod strength;
pub(crate) mod sum;
