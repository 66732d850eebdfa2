//! Taking away a file that was made here.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{
    Digest, FileError, Rules,
    known::Known,
    lock::Held,
    look::Way,
    system,
    temporary::{Temporary, sync_names},
};

/// Removes a file that holds `expected`, and those of the folders in `made`
/// ([`super::Written::made`]) that are empty then.
///
/// # Errors
///
/// [`FileError::Changed`] where it holds something else, or is reached through a link, which
/// nothing that was made here is. The file is there, as it was.
pub fn remove(
    path: &Path,
    expected: &Digest,
    made: &[PathBuf],
    rules: &Rules,
) -> Result<(), FileError> {
    let missing = || FileError::Missing { path: path.to_owned() };
    let way = Way::to(path)?.ok_or_else(missing)?;
    let old = Known::open(&way.real)?.ok_or_else(missing)?;
    if way.symlink || old.digest()? != *expected {
        return Err(FileError::changed(path));
    }
    old.check(rules)?;
    let real = &old.real;
    let aside = Temporary::beside(real)?;
    let held = Held::take(real, rules)?;
    fs::rename(real, &aside.path).map_err(|error| FileError::write("remove", real, error))?;
    let aside = still(&old, expected, aside)?;
    if let Err(error) = sync_names(real) {
        return Err(put_back(real, aside, FileError::write("remove", real, error)));
    }
    // The old file goes.
    drop(aside);
    drop(held);
    for folder in made.iter().rev() {
        // One that holds something else by now stays.
        drop(fs::remove_dir(folder));
    }
    Ok(())
}

/// Holds that what was moved aside is what was meant.
fn still(old: &Known, expected: &Digest, aside: Temporary) -> Result<Temporary, FileError> {
    let written = old.digest();
    if old.is_at(&aside.path) && written.is_ok_and(|digest| digest == *expected) {
        return Ok(aside);
    }
    Err(put_back(&old.real, aside, FileError::changed(&old.real)))
}

fn put_back(real: &Path, mut aside: Temporary, reason: FileError) -> FileError {
    aside.path.disable_cleanup(true);
    let once = || system::name_new(&aside.path, real);
    let again = |error: io::Error| match error.kind() {
        // Others have made a new one.
        ErrorKind::AlreadyExists => Err(error),
        _ => once(),
    };
    if once().or_else(again).is_err() {
        return aside.keep_content();
    }
    aside.path.disable_cleanup(false);
    reason
}
