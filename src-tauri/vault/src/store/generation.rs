//! The last generation seen, mirrored outside the vault's file.
//!
//! An old copy of the whole file is authentic, so nothing inside it can tell. The
//! mirror can: when it has seen more than the file knows, the person is warned.
//! It never blocks, and a write that it misses does no harm: it is written after
//! the commit, so it is never ahead of what is durable.

use std::{
    fs::File,
    io::{ErrorKind, Read, Seek, Write},
    path::Path,
};

use subtle::ConstantTimeEq;

use super::folder;
use crate::{
    Error,
    crypto::keys::{Keys, Purpose},
};

const MAGIC: &[u8; 8] = b"KWgen1\0\0";
const LEN: usize = 8 + 16 + 8 + 32;

/// What the mirror says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The last generation that was written here.
    Generation(u64),
    /// There is no mirror, or it is not this vault's.
    Nothing,
}

/// Reads the mirror.
pub(crate) fn read(dir: &Path, keys: &Keys) -> Result<Seen, Error> {
    let mut bytes = Vec::with_capacity(LEN + 1);
    match File::open(dir.join(folder::GENERATION)) {
        Ok(file) => drop(file.take(256).read_to_end(&mut bytes)?),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let number = bytes.get(24..).and_then(|rest| rest.first_chunk::<8>()).copied();
    let Some(generation) = number.map(u64::from_le_bytes) else { return Ok(Seen::Nothing) };
    let genuine = bool::from(bytes.ct_eq(&encode(keys, generation)));
    Ok(if genuine { Seen::Generation(generation) } else { Seen::Nothing })
}

/// Writes the mirror in place: one sector, and a torn one reads as none.
pub(crate) fn write(dir: &Path, keys: &Keys, generation: u64) -> Result<(), Error> {
    let path = dir.join(folder::GENERATION);
    let mut file = folder::private().open(&path)?;
    file.rewind()?;
    file.write_all(&encode(keys, generation))?;
    folder::restrict(&path, 0o600)
}

fn encode(keys: &Keys, generation: u64) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(keys.vault());
    bytes.extend(generation.to_le_bytes());
    let seal = blake3::keyed_hash(keys.of(Purpose::Generation), &bytes);
    bytes.extend(seal.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_is_believed_only_when_it_is_ours_and_whole() {
        let dir = tempfile::tempdir().unwrap();
        let keys = Keys::derive(&[1; 32], [1; 16]);
        assert_eq!(read(dir.path(), &keys).unwrap(), Seen::Nothing);
        write(dir.path(), &keys, 41).unwrap();
        write(dir.path(), &keys, 42).unwrap();
        assert_eq!(read(dir.path(), &keys).unwrap(), Seen::Generation(42));
        assert_eq!(read(dir.path(), &Keys::derive(&[2; 32], [1; 16])).unwrap(), Seen::Nothing);
        let path = dir.path().join(folder::GENERATION);
        let good = std::fs::read(&path).unwrap();
        assert_eq!(good.len(), LEN);
        for at in 0..LEN {
            let mut bad = good.clone();
            bad[at] ^= 1;
            folder::private().open(&path).unwrap().write_all(&bad).unwrap();
            assert_eq!(read(dir.path(), &keys).unwrap(), Seen::Nothing, "byte {at}");
        }
    }
}
