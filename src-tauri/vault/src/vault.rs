//! The unlocked vault: reads from the index, opens single secrets, and writes.

use std::{fmt, path::Path};

use keywright_model::{Bitting, ConnectionId, Event, KeyId, Secret, WritingId};
use rusqlite::{Connection as Database, Transaction, TransactionBehavior};
use uuid::Uuid;

use crate::{
    Change, Error, Index, Kdf, RecoveryCode, Sealed,
    change::Applied,
    crypto::{
        keys::{Keys, Purpose},
        slot::Slot,
        strength::strength,
    },
    error::damaged,
    record,
    sealed::{Loaded, Site},
    store::{
        backup,
        database::{self, Access},
        events, folder,
        generation::{self, Seen},
        items,
        manifest::{self, Manifest},
    },
};

/// Cuts of a drawn key.
const CUTS: usize = 8;

/// Something that the person should know, and that stops nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The file is older than the last one seen here: a backup was restored, or
    /// somebody put an old copy back.
    RolledBack {
        /// The file's generation.
        file: u64,
        /// The generation that was seen last.
        seen: u64,
    },
    /// The record of the last generation is missing or not this vault's, so that an old
    /// copy could not be told from the newest.
    NotWatched,
    /// Some records are whole and cannot be understood; another version wrote them.
    Unreadable {
        /// How many, so far.
        records: usize,
    },
}

/// An unlocked vault.
pub struct Vault {
    pub(crate) site: Site,
    pub(crate) database: Option<Database>,
    pub(crate) keys: Keys,
    pub(crate) index: Index,
    pub(crate) manifest: Manifest,
    pub(crate) body: Vec<u8>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) seen: Seen,
}

impl Vault {
    /// All metadata.
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// The vault's file.
    pub fn path(&self) -> &Path {
        &self.site.path
    }

    /// Opens a key's secret; none where there is none.
    pub fn key_secret(&self, key: KeyId) -> Result<Option<Secret>, Error> {
        self.secret(key.uuid())
    }

    /// Opens a connection's management credential; none where there is none.
    pub fn credential(&self, connection: ConnectionId) -> Result<Option<Secret>, Error> {
        self.secret(connection.uuid())
    }

    /// Opens what a file was before a write; none where nothing is kept, or was.
    pub fn backup(&self, writing: WritingId) -> Result<Option<Secret>, Error> {
        self.secret(writing.uuid())
    }

    /// Makes all changes of `f` durable together, or none. When this returns well the
    /// change is on the disk; when it fails, neither the file nor the index has changed.
    pub fn write<T>(
        &mut self,
        f: impl FnOnce(&mut Change<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.ready_to_write()?;
        let generation = self.next_generation()?;
        let database = self.database.as_ref().ok_or(Error::Closed)?;
        let transaction = Transaction::new_unchecked(database, TransactionBehavior::Immediate)?;
        if database::manifest(&transaction)? != self.body {
            return Err(Error::Conflict);
        }
        let mut change = Change::new(&self.keys, &self.index, self.manifest);
        let value = f(&mut change)?;
        if change.is_empty() {
            return Ok(value);
        }
        let applied = change.apply(&transaction, generation)?;
        match transaction.commit() {
            Ok(()) => self.adopt(applied),
            Err(error) => self.settle(applied, error.into())?,
        }
        Ok(value)
    }

    /// The drawn shape of a secret: the same in this vault for the same secret, and
    /// telling nothing of it.
    #[expect(
        clippy::disallowed_methods,
        reason = "the secret's text is hashed under the vault's key"
    )]
    pub fn bitting(&self, secret: &Secret) -> Bitting {
        let hash = blake3::keyed_hash(self.keys.of(Purpose::Bitting), secret.expose().as_bytes());
        Bitting(hash.as_bytes().iter().take(CUTS).map(|byte| byte & 7).collect())
    }

    /// Up to `limit` events with their numbers, newest first, those before number
    /// `before`, those of one key.
    pub fn events(
        &self,
        before: Option<u64>,
        limit: usize,
        key: Option<KeyId>,
    ) -> Result<Vec<(u64, Event)>, Error> {
        let end = self.manifest.events.saturating_add(1);
        let before = before.map_or(end, |before| before.min(end));
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        events::newest_first(self.open_database()?, &self.keys, before, |n, plain| {
            let event = record::event(plain)?;
            if key.is_none() || event.key == key {
                found.push((n, event));
            }
            Ok(found.len() < limit)
        })?;
        Ok(found)
    }

    /// Follows the log's whole chain and opens each event.
    pub fn verify_log(&self) -> Result<(), Error> {
        let (count, link) = (self.manifest.events, &self.manifest.link);
        events::verify(self.open_database()?, &self.keys, count, link)
    }

    /// Opens everything that the vault holds: records, secrets, events.
    pub fn verify(&self) -> Result<(), Error> {
        backup::verify(self.open_database()?, &self.keys)
    }

    /// What the person should know.
    pub fn notice(&self) -> Option<Notice> {
        let file = self.manifest.generation;
        match self.seen {
            Seen::Generation(seen) if seen > file => {
                return Some(Notice::RolledBack { file, seen });
            }
            Seen::Nothing => return Some(Notice::NotWatched),
            Seen::Generation(_) => {}
        }
        let records = self.index.unreadable();
        (records > 0).then_some(Notice::Unreadable { records })
    }

    /// Changes the passphrase. Backups made before still open with the old one.
    pub fn change_passphrase(&mut self, new: &Secret, kdf: Kdf) -> Result<(), Error> {
        if !strength(new).acceptable {
            return Err(Error::TooWeak);
        }
        self.put_slot(Slot::passphrase(&self.keys.vault(), self.keys.data(), new, kdf)?)
    }

    /// Makes a new recovery code; the one before opens the vault no more.
    pub fn make_recovery_code(&mut self) -> Result<RecoveryCode, Error> {
        let code = RecoveryCode::make()?;
        self.put_slot(Slot::recovery(&self.keys.vault(), self.keys.data(), &code)?)?;
        Ok(code)
    }

    /// Writes a copy of the whole vault that was opened and verified before it counts.
    pub fn backup_to(&self, path: &Path) -> Result<(), Error> {
        backup::make(self.open_database()?, &self.keys, path)
    }

    /// Syncs less than a vault must. Exists only to show that the power-loss test sees it.
    #[cfg(any(test, feature = "test-durability"))]
    pub fn sync_less_for_tests(&self) -> Result<(), Error> {
        Ok(self.open_database()?.execute_batch("PRAGMA synchronous=NORMAL")?)
    }

    /// Forgets all keys and plaintext.
    pub fn lock(self) -> Sealed {
        let Self { site, database, .. } = self;
        Sealed::again(site, database)
    }

    pub(crate) fn open_database(&self) -> Result<&Database, Error> {
        self.database.as_ref().ok_or(Error::Closed)
    }

    fn secret(&self, id: Uuid) -> Result<Option<Secret>, Error> {
        let Some(mark) = self.index.mark(id) else { return Ok(None) };
        if mark.secret_tag == [0; 16] {
            return Ok(None);
        }
        match items::secret(self.open_database()?, &self.keys, mark)? {
            Some(plain) => {
                // Of its very size, so that making text of it moves nothing.
                let mut text = Vec::with_capacity(plain.len());
                text.extend_from_slice(&plain);
                Secret::from_utf8(text).map(Some).ok_or_else(|| damaged("a secret"))
            }
            None if self.site.access == Access::Read => Err(Error::Conflict),
            None => Err(damaged("a secret")),
        }
    }

    /// Looks whether this vault may write, and whether the path still leads to its file.
    fn ready_to_write(&mut self) -> Result<(), Error> {
        if self.site.access == Access::Read {
            return Err(Error::ReadOnly);
        }
        match folder::identity(&self.site.path) {
            Ok(identity) if identity == self.site.identity => {}
            Ok(_) | Err(Error::Missing | Error::NotAFile) => return Err(Error::Conflict),
            Err(error) => return Err(error),
        }
        if self.database.is_none() {
            self.revive()?;
        }
        Ok(())
    }

    fn next_generation(&self) -> Result<u64, Error> {
        let last = match self.seen {
            Seen::Generation(seen) => seen.max(self.manifest.generation),
            Seen::Nothing => self.manifest.generation,
        };
        last.checked_add(1).ok_or(Error::Unstorable)
    }

    /// Takes over what is durable by now.
    fn adopt(&mut self, mut applied: Applied) {
        self.manifest = applied.manifest;
        self.body = std::mem::take(&mut applied.body);
        let purged = applied.purged;
        applied.publish(&mut self.index);
        self.after_commit(purged);
    }

    /// What may fail without harm once the commit is durable.
    fn after_commit(&mut self, purged: bool) {
        let number = self.manifest.generation;
        if generation::write(&self.site.dir, &self.keys, number).is_ok() {
            self.seen = Seen::Generation(number);
        }
        if let Some(database) = self.database.as_ref().filter(|_| purged) {
            // The log still holds what was deleted, sealed; take it out at once.
            drop(checkpoint(database));
        }
    }

    /// Finds out what became of a commit that failed: opens the file anew and looks.
    fn settle(&mut self, applied: Applied, error: Error) -> Result<(), Error> {
        // Closed first: only a fresh look at the file is worth anything now.
        self.database = None;
        let again = database::open(&self.site.path, self.site.access);
        let found = again.and_then(|database| Ok((database::manifest(&database)?, database)));
        match found {
            Ok((body, database)) if body == self.body => {
                self.database = Some(database);
                Err(error)
            }
            Ok((body, database)) if body == applied.body && checkpoint(&database).is_ok() => {
                self.database = Some(database);
                self.adopt(applied);
                Ok(())
            }
            Ok(_) | Err(_) => Err(Error::Unsettled(Box::new(error))),
        }
    }

    /// Opens the file again after a failure closed it, and takes what it holds.
    fn revive(&mut self) -> Result<(), Error> {
        let database = database::open(&self.site.path, self.site.access)?;
        let loaded = Loaded::read(&database, &self.keys)?;
        self.index = loaded.index;
        self.manifest = loaded.manifest;
        self.body = loaded.body;
        self.slots = loaded.slots;
        self.database = Some(database);
        Ok(())
    }

    fn put_slot(&mut self, slot: Slot) -> Result<(), Error> {
        self.ready_to_write()?;
        let mut slots: Vec<Slot> =
            self.slots.iter().filter(|old| old.kind != slot.kind).cloned().collect();
        slots.push(slot.clone());
        slots.sort_by_key(|slot| slot.kind.code());
        let new = Manifest {
            generation: self.next_generation()?,
            slots: manifest::slots_hash(&self.keys, &slots),
            ..self.manifest
        };
        let body = new.seal(&self.keys)?;
        let database = self.database.as_ref().ok_or(Error::Closed)?;
        let transaction = Transaction::new_unchecked(database, TransactionBehavior::Immediate)?;
        if database::manifest(&transaction)? != self.body {
            return Err(Error::Conflict);
        }
        database::put_slot(&transaction, &slot)?;
        database::put_manifest(&transaction, &body)?;
        if let Err(error) = transaction.commit() {
            // The next use reads from the file which of the two slots it holds.
            self.database = None;
            return Err(Error::Unsettled(Box::new(error.into())));
        }
        (self.manifest, self.body, self.slots) = (new, body, slots);
        self.after_commit(true);
        Ok(())
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Vault").field(&self.site.path).finish()
    }
}

/// Copies the log home and empties it; durable when it returns.
fn checkpoint(database: &Database) -> Result<(), Error> {
    let busy: i64 = database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(Error::InUse) }
}
