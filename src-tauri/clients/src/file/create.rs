//! Making a file that is not there.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{
    Digest, FileError, Rules, Written,
    lock::Held,
    look::Way,
    system,
    temporary::{Temporary, sync_names},
};

pub(super) fn create(path: &Path, new: &[u8], rules: &Rules) -> Result<Written, FileError> {
    let path = &std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if Way::to(path)?.is_some() {
        return Err(FileError::changed(path));
    }
    if !rules.may_make {
        return Err(FileError::Missing { path: path.to_owned() });
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(FileError::NotAFile { path: path.to_owned() });
    };
    let folders = Folders::make(folder, path)?;
    let folder = fs::canonicalize(folder)
        .map_err(|error| FileError::io("find the folder of", path, error))?;
    let real = folder.join(name);
    let temporary = Temporary::beside(&real)?;
    temporary.write(new)?;
    system::set_mode(&temporary.file, rules.mode)
        .map_err(|error| FileError::write("set the mode of", &real, error))?;
    temporary.sync()?;
    let held = Held::take(&real, rules)?;
    name_it(&temporary, &real)?;
    drop(held);
    Ok(Written { real, digest: Digest::of(new), made: folders.keep() })
}

/// The last step: from here on the file is there.
fn name_it(temporary: &Temporary, real: &Path) -> Result<(), FileError> {
    match system::name_new(&temporary.path, real) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(FileError::changed(real));
        }
        Err(error) => return Err(FileError::write("name", real, error)),
    }
    sync_names(real).map_err(|error| {
        // Not known to last: as if it had not been.
        let ours =
            fs::symlink_metadata(real).is_ok_and(|now| system::is_same(&now, &temporary.about));
        if ours {
            drop(fs::remove_file(real));
        }
        FileError::write("make durable", real, error)
    })
}

/// Folders that were made for a file, outermost first. Removed again unless kept.
struct Folders(Vec<PathBuf>);

impl Folders {
    fn make(folder: &Path, path: &Path) -> Result<Self, FileError> {
        let missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .collect();
        let mut made = Self(Vec::new());
        for folder in missing.into_iter().rev() {
            match system::make_folder(folder) {
                Ok(()) => made.0.push(folder.to_owned()),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(FileError::write("make the folder of", path, error)),
            }
        }
        made.sync().map_err(|error| FileError::write("make the folder of", path, error))?;
        Ok(made)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.iter().filter_map(|folder| folder.parent()).try_for_each(system::sync_folder)
    }

    fn keep(mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.0)
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            drop(fs::remove_dir(folder));
        }
    }
}
