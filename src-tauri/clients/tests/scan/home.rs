//! A home folder: noise, and keys in it.

use std::path::{Path, PathBuf};

use crate::{noise, plant};

/// Numbers that are the same in every run.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    /// Characters of an alphabet.
    pub(crate) fn text(&mut self, alphabet: &str, length: usize) -> String {
        let letters = alphabet.as_bytes();
        (0..length).map(|_| char::from(letters[self.below(letters.len())])).collect()
    }
}

/// A home folder in a temporary one.
pub(crate) struct Home {
    folder: tempfile::TempDir,
    pub(crate) planted: Vec<plant::Planted>,
}

impl Home {
    /// Makes one of so many files and keys.
    pub(crate) fn make(files: usize, keys: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let mut numbers = Numbers::new(0x6b65_7977_7269_6768);
        let planted = plant::plant(&root, keys, &mut numbers);
        let mine = planted.len();
        for number in mine..files {
            let (name, text) = noise::file(number, &mut numbers);
            put(&project(&root, number).join(name), text.as_bytes());
        }
        Self { folder, planted }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Folders of 50 files, in projects of 20 folders.
fn project(root: &Path, number: usize) -> PathBuf {
    let folder = number / 50;
    root.join(format!("work/project-{}/src/part-{}", folder / 20, folder % 20))
}

/// Writes a file of the test.
#[expect(clippy::disallowed_methods, reason = "a fixture in a temporary folder")]
pub(crate) fn put(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(!path.exists(), "{}", path.display());
    std::fs::write(path, bytes).unwrap();
}
