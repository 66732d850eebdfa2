//! One file that is held open, so that it is the same one whatever its name comes to mean.

use std::{
    fs::{File, Metadata},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{Digest, FileError, Rules, look::is_absent, system};
use crate::edit::LARGEST;

/// An open file, and what was known of it when it was opened.
pub(super) struct Known {
    pub(super) file: File,
    pub(super) about: Metadata,
    pub(super) real: PathBuf,
}

impl Known {
    /// Opens a plain file for reading. None where nothing is there any more.
    pub(super) fn open(real: &Path) -> Result<Option<Self>, FileError> {
        let file = match system::open(real) {
            Ok(file) => file,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(_) if real.exists() && !real.is_file() => {
                return Err(FileError::NotAFile { path: real.to_owned() });
            }
            Err(error) => return Err(FileError::io("open", real, error)),
        };
        let about = file.metadata().map_err(|error| FileError::io("look at", real, error))?;
        if !about.is_file() {
            return Err(FileError::NotAFile { path: real.to_owned() });
        }
        Ok(Some(Self { file, about, real: real.to_owned() }))
    }

    /// The whole content.
    pub(super) fn read(&self) -> Result<Vec<u8>, FileError> {
        let too_large =
            || FileError::TooLarge { path: self.real.clone(), limit: LARGEST / 1_024 / 1_024 };
        let bound = u64::try_from(LARGEST).unwrap_or(u64::MAX);
        let mut bytes = Vec::new();
        let mut read = || -> io::Result<()> {
            (&self.file).seek(SeekFrom::Start(0))?;
            (&self.file).take(bound + 1).read_to_end(&mut bytes)?;
            Ok(())
        };
        read().map_err(|error| FileError::io("read", &self.real, error))?;
        if bytes.len() > LARGEST { Err(too_large()) } else { Ok(bytes) }
    }

    /// The digest of the content that it has now.
    pub(super) fn digest(&self) -> Result<Digest, FileError> {
        Ok(Digest::of(&self.read()?))
    }

    /// Whether its path still leads to it.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        std::fs::symlink_metadata(path).is_ok_and(|now| system::is_same(&now, &self.about))
    }

    /// Whether it may be replaced.
    pub(super) fn check(&self, rules: &Rules) -> Result<(), FileError> {
        let path = self.real.clone();
        let folder = self.real.parent().unwrap_or(&self.real);
        if !system::may_be_written(&self.about) {
            return Err(FileError::ReadOnly { hop: path.clone(), path });
        }
        if !system::may_write_into(folder) {
            return Err(FileError::ReadOnly { hop: folder.to_owned(), path });
        }
        if !system::is_mine(&self.about) && !system::may_give_away() {
            return Err(FileError::NotOurs { path });
        }
        let links = system::links(&self.about);
        if links > 1 && !rules.break_links {
            return Err(FileError::HardLinks { path, links });
        }
        Ok(())
    }
}
