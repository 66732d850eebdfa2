//! Copies of a whole vault, each opened and verified before it counts.

use std::path::Path;

use rusqlite::{Connection as Database, OpenFlags, backup::Backup};

use super::{database, events, folder, items};
use crate::{Error, crypto::keys::Keys, error::damaged, sealed::Loaded};

/// Copies the database to `path`: beside it first, made durable, opened, verified, and
/// only then under its name. An existing file there is replaced.
pub(crate) fn make(from: &Database, keys: &Keys, path: &Path) -> Result<(), Error> {
    let draft = folder::companion(path, ".new");
    folder::remove_database(&draft);
    let done = copy(from, &draft).and_then(|()| check(&draft, keys));
    if let Err(error) = done.and_then(|()| Ok(std::fs::rename(&draft, path)?)) {
        folder::remove_database(&draft);
        return Err(error);
    }
    path.parent().map_or(Ok(()), folder::sync)
}

fn copy(from: &Database, draft: &Path) -> Result<(), Error> {
    drop(folder::private().create_new(true).open(draft)?);
    folder::restrict(draft, 0o600)?;
    let mut to = Database::open_with_flags(draft, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let copying = Backup::new(from, &mut to)?;
    copying.run_to_completion(1024, std::time::Duration::from_millis(1), None)?;
    drop(copying);
    to.close().map_err(|(_, error)| Error::from(error))?;
    std::fs::File::open(draft)?.sync_all()?;
    Ok(())
}

fn check(draft: &Path, keys: &Keys) -> Result<(), Error> {
    folder::peek(draft)?;
    let copy = database::open_still(draft)?;
    database::check_tables(&copy)?;
    verify(&copy, keys)?;
    copy.close().map_err(|(_, error)| Error::from(error))
}

/// Opens everything: the manifest, each record, each secret, each event.
pub(crate) fn verify(database: &Database, keys: &Keys) -> Result<(), Error> {
    let loaded = Loaded::read(database, keys)?;
    loaded.index.decode_all();
    if loaded.index.unreadable() > 0 {
        return Err(damaged("a record"));
    }
    for mark in loaded.index.marks().filter(|mark| mark.secret_tag != [0; 16]) {
        items::secret(database, keys, mark)?.ok_or_else(|| damaged("a secret"))?;
    }
    events::verify(database, keys, loaded.manifest.events, &loaded.manifest.link)
}
