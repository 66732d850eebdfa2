//! Making a new vault.

use std::path::Path;

use chrono::{DateTime, Utc};
use keywright_model::{Event, EventKind, Secret};
use rusqlite::Connection as Database;

use crate::{
    Access, Change, Error, Index, Kdf, RecoveryCode, Sealed, Vault,
    crypto::{
        keys::{self, Keys, VaultId},
        selftest,
        slot::Slot,
        strength::strength,
    },
    sealed::{Loaded, Site},
    store::{
        database, folder,
        generation::{self, Seen},
        lockfile::WriterLock,
        manifest::{self, Manifest},
    },
};

/// Makes a vault in the folder, which is made too where it is missing, and unlocks it.
///
/// The vault is whole and durable before it has its name: a crash leaves either all of it
/// or nothing that counts. The making is the first line of its log.
pub fn create(
    dir: &Path,
    passphrase: &Secret,
    kdf: Kdf,
    now: DateTime<Utc>,
) -> Result<(Vault, RecoveryCode), Error> {
    selftest::run()?;
    if folder::exists(dir) {
        return Err(Error::AlreadyThere);
    }
    if !strength(passphrase).acceptable {
        return Err(Error::TooWeak);
    }
    let dir = folder::make(dir)?;
    let lock = WriterLock::take(&dir)?;
    let (path, draft) = (dir.join(folder::VAULT), dir.join(folder::DRAFT));
    if folder::exists(&dir) {
        return Err(Error::AlreadyThere);
    }
    let mut id = VaultId::default();
    getrandom::fill(&mut id)?;
    let keys = Keys::derive(&*keys::random()?, id);
    let code = RecoveryCode::make()?;
    let slots = vec![
        Slot::passphrase(&id, keys.data(), passphrase, kdf)?,
        Slot::recovery(&id, keys.data(), &code)?,
    ];
    folder::remove_database(&draft);
    let made = fill(&draft, &keys, &slots, now).and_then(|()| Ok(std::fs::rename(&draft, &path)?));
    if let Err(error) = made {
        folder::remove_database(&draft);
        return Err(error);
    }
    folder::sync(&dir)?;
    drop(generation::write(&dir, &keys, 1));
    let identity = folder::identity(&path)?;
    let database = database::open(&path, Access::Write)?;
    let loaded = Loaded::read(&database, &keys)?;
    let site = Site { dir, path, access: Access::Write, identity, _lock: Some(lock) };
    let sealed = Sealed::again(site, Some(database));
    let mut vault = sealed.unlocked(keys, loaded).map_err(|refused| refused.1)?;
    vault.seen = Seen::Generation(vault.manifest.generation);
    Ok((vault, code))
}

/// Writes a whole new vault to a path that does not count yet, durably.
fn fill(draft: &Path, keys: &Keys, slots: &[Slot], now: DateTime<Utc>) -> Result<(), Error> {
    let database = database::make(draft)?;
    let id = keys.vault();
    database.execute("INSERT INTO vault VALUES(1,?1)", [id.as_slice()])?;
    for slot in slots {
        database::put_slot(&database, slot)?;
    }
    first_event(&database, keys, slots, now)?;
    database.execute_batch("COMMIT")?;
    database.close().map_err(|(_, error)| Error::from(error))?;
    std::fs::File::open(draft)?.sync_all()?;
    Ok(())
}

fn first_event(
    database: &Database,
    keys: &Keys,
    slots: &[Slot],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let empty = Manifest::empty(manifest::slots_hash(keys, slots));
    let body = empty.seal(keys)?;
    database.execute("INSERT INTO manifest VALUES(1,?1)", [body])?;
    let index = Index::default();
    let mut change = Change::new(keys, &index, empty);
    change.log(&Event {
        at: now,
        kind: EventKind::VaultCreated,
        key: None,
        connection: None,
        subject: String::new(),
    })?;
    change.apply(database, 1).map(drop)
}
