//! From older formats to this one, step by step, after a verified backup.

use std::path::{Path, PathBuf};

use rusqlite::{Connection as Database, Transaction, TransactionBehavior};

use super::{backup, folder};
use crate::{Error, FORMAT, crypto::keys::Keys};

/// One step, from a format to the next, inside a transaction. It must leave a manifest
/// that fits what it left.
pub(crate) struct Step {
    /// The format that it starts from.
    pub(crate) from: u32,
    /// What it does.
    pub(crate) run: fn(&Database, &Keys) -> Result<(), Error>,
}

/// Every step there is. Format 1 is the first, so there is none yet.
const STEPS: [Step; 0] = [];

/// Brings the vault at `path` to this format, if it is older.
pub(crate) fn run(database: &mut Database, keys: &Keys, path: &Path) -> Result<(), Error> {
    migrate(database, keys, path, (&STEPS, FORMAT))
}

/// Where the backup before a migration goes: beside the vault, named after its format.
fn backup_path(path: &Path, format: u32) -> PathBuf {
    folder::companion(path, &format!(".format-{format}.backup"))
}

fn migrate(
    database: &mut Database,
    keys: &Keys,
    path: &Path,
    (steps, target): (&[Step], u32),
) -> Result<(), Error> {
    let found: u32 = database.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found >= target {
        return Ok(());
    }
    backup::make(database, keys, &backup_path(path, found))?;
    let transaction = Transaction::new(database, TransactionBehavior::Immediate)?;
    for format in found..target {
        let step = steps.iter().find(|step| step.from == format);
        let step = step.ok_or(crate::error::damaged("the format version"))?;
        (step.run)(&transaction, keys)?;
    }
    transaction.pragma_update(None, "user_version", target)?;
    transaction.commit()?;
    Ok(())
}
