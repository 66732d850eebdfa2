//! From older formats to this one, step by step, after a verified backup.

use std::path::{Path, PathBuf};

use rusqlite::{Connection as Database, Transaction, TransactionBehavior};

use super::{backup, folder};
use crate::{Error, FORMAT, crypto::keys::Keys, error::damaged, sealed::Loaded};

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
        let step = step.ok_or_else(|| damaged("the format version"))?;
        (step.run)(&transaction, keys)?;
    }
    // What does not verify is not kept; the file stays as it was.
    Loaded::within(&transaction, keys)?;
    transaction.pragma_update(None, "user_version", target)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use keywright_model::{ConnectionId, Key, PlatformId, Secret};

    use super::*;
    use crate::{Access, Kdf, KdfParams, Sealed, Vault, create};

    fn passphrase() -> Secret {
        Secret::copy_of("velvet harbour quince lantern oboe")
    }

    fn vault(dir: &Path) -> Vault {
        let kdf = Kdf::Fixed(KdfParams::for_tests());
        let (mut vault, _) = create(dir, &passphrase(), kdf, DateTime::<Utc>::UNIX_EPOCH).unwrap();
        let platform = PlatformId::new("agent.ceo");
        let key = Key::blank(ConnectionId::make(), platform, "ci".into(), DateTime::UNIX_EPOCH);
        vault.write(|change| change.put_key(&key)).unwrap();
        vault
    }

    fn format(path: &Path) -> u32 {
        let database = Database::open(path).unwrap();
        database.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
    }

    fn add_a_table(database: &Database, _: &Keys) -> Result<(), Error> {
        Ok(database.execute_batch("CREATE TABLE more(n INTEGER PRIMARY KEY) STRICT")?)
    }

    fn lose_a_row(database: &Database, _: &Keys) -> Result<(), Error> {
        Ok(database.execute_batch("DELETE FROM item")?)
    }

    /// Runs steps up to format 3 and tells the result and the format that the file then has.
    fn migrated(
        dir: &Path,
        second: fn(&Database, &Keys) -> Result<(), Error>,
    ) -> (Result<(), Error>, u32) {
        let mut vault = vault(dir);
        let mut database = vault.database.take().unwrap();
        let steps = [Step { from: 1, run: add_a_table }, Step { from: 2, run: second }];
        let done = migrate(&mut database, &vault.keys, &vault.site.path, (&steps, 3));
        (done, format(&vault.site.path))
    }

    #[test]
    fn an_older_vault_goes_through_every_step_after_a_verified_backup() {
        let home = tempfile::tempdir().unwrap();
        let (done, format) = migrated(home.path(), |_, _| Ok(()));
        done.unwrap();
        assert_eq!(format, 3);
        let copies = home.path().join("copies");
        std::fs::create_dir(&copies).unwrap();
        let backup = backup_path(&home.path().join(folder::VAULT), 1);
        std::fs::rename(backup, copies.join(folder::VAULT)).unwrap();
        let old = Sealed::open(&copies, Access::Write).unwrap().unlock(&passphrase()).unwrap();
        assert_eq!(old.index().len(), 1);
    }

    #[test]
    fn a_step_that_fails_or_loses_something_leaves_the_file_as_it_was() {
        for bad in [lose_a_row, |_: &Database, _: &Keys| Err(Error::Full)] {
            let home = tempfile::tempdir().unwrap();
            let (done, format) = migrated(home.path(), bad);
            assert!(done.is_err());
            assert_eq!(format, 1);
            let vault =
                Sealed::open(home.path(), Access::Write).unwrap().unlock(&passphrase()).unwrap();
            assert_eq!(vault.index().len(), 1);
        }
    }

    #[test]
    fn a_vault_of_this_format_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let mut vault = vault(home.path());
        let mut database = vault.database.take().unwrap();
        run(&mut database, &vault.keys, &vault.site.path).unwrap();
        assert!(!backup_path(&vault.site.path, 1).exists());
    }
}
