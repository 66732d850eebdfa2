//! Files that hold a secret: only their owner can read them, and they are on the disk when it says so.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::error::Error;

/// A file of our own that is still empty. Made first, so that nothing is lost when it cannot be.
pub(crate) struct Private {
    path: PathBuf,
    file: File,
}

impl Private {
    /// Makes the file; one that is there already is left alone and refused.
    pub(crate) fn make(path: &Path) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|source| unwritable(path, source))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Writes one line and waits until the disk has it.
    pub(crate) fn fill(mut self, line: &str) -> Result<(), Error> {
        self.write(line).map_err(|source| unwritable(&self.path, source))
    }

    /// Takes the file away again, because there is nothing to put into it.
    pub(crate) fn discard(self) {
        drop(std::fs::remove_file(&self.path));
    }

    fn write(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(line.as_bytes())?;
        self.file.write_all(b"\n")?;
        self.file.sync_all()
    }
}

/// Puts one line into the file at `path`, at once and whole, in place of what was there.
pub(crate) fn replace(path: &Path, line: &str) -> Result<(), Error> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let draft = path.with_file_name(name);
    Private::make(&draft)?.fill(line)?;
    std::fs::rename(&draft, path).map_err(|source| unwritable(path, source))
}

fn unwritable(path: &Path, source: io::Error) -> Error {
    Error::Unwritable { file: path.to_owned(), source }
}
