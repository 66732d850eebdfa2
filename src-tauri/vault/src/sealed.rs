//! A vault's file that is there but locked, and the ways to unlock it.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use keywright_model::Secret;
use rusqlite::{Connection as Database, Transaction, TransactionBehavior};

use crate::{
    Access, Error, Index, RecoveryCode, Vault,
    crypto::{
        keys::{Bytes32, Keys, VaultId},
        selftest,
        slot::{Kind, Slot},
    },
    error::{CodeProblem, damaged},
    index::BLOCK,
    store::{
        database, events,
        folder::{self, Identity},
        generation, items,
        lockfile::WriterLock,
        manifest::{self, Manifest},
        migrate,
    },
};

/// A vault that is locked.
pub struct Sealed {
    site: Site,
    database: Option<Database>,
}

/// Where a vault is, and by what right it is open.
pub(crate) struct Site {
    /// The folder, by its real name.
    pub(crate) dir: PathBuf,
    /// The vault's file in it.
    pub(crate) path: PathBuf,
    /// Whether it may be written to.
    pub(crate) access: Access,
    /// The file that was found at the path.
    pub(crate) identity: Identity,
    /// The right to write, held for as long as the vault is open.
    pub(crate) _lock: Option<WriterLock>,
}

/// Everything that a vault holds at one moment, checked against its manifest.
pub(crate) struct Loaded {
    pub(crate) index: Index,
    pub(crate) manifest: Manifest,
    pub(crate) body: Vec<u8>,
    pub(crate) slots: Vec<Slot>,
}

impl Sealed {
    /// Opens the vault's file without unlocking it. A file of a newer format, or one that
    /// is no vault, is left as it is.
    pub fn open(dir: &Path, access: Access) -> Result<Self, Error> {
        selftest::run()?;
        let dir = folder::real(dir)?;
        let path = dir.join(folder::VAULT);
        let identity = folder::identity(&path)?;
        folder::peek(&path)?;
        let lock = match access {
            Access::Write => Some(WriterLock::take(&dir)?),
            Access::Read => None,
        };
        if access == Access::Write {
            folder::restrict(&path, 0o600)?;
        }
        let site = Site { dir, path, access, identity, _lock: lock };
        let mut sealed = Self { site, database: None };
        sealed.connect()?;
        Ok(sealed)
    }

    /// A vault that was unlocked a moment ago.
    pub(crate) const fn again(site: Site, database: Option<Database>) -> Self {
        Self { site, database }
    }

    /// Unlocks with the passphrase. On failure the locked vault comes back with the reason.
    pub fn unlock(self, passphrase: &Secret) -> Result<Vault, Box<(Self, Error)>> {
        self.unlock_by(|vault, slots| {
            let slot = database::slot_of(slots, Kind::Passphrase);
            slot.ok_or_else(|| damaged("the key slots"))?.open_with(vault, passphrase)
        })
    }

    /// Unlocks with the recovery code. On failure the locked vault comes back with the reason.
    pub fn unlock_with_recovery(self, code: &Secret) -> Result<Vault, Box<(Self, Error)>> {
        self.unlock_by(|vault, slots| {
            let code = RecoveryCode::parse(code)?;
            let why = CodeProblem::NoSlot;
            let slot = database::slot_of(slots, Kind::Recovery);
            slot.ok_or(Error::WrongRecoveryCode { why })?.open_with_code(vault, &code)
        })
    }

    /// The vault's file.
    pub fn path(&self) -> &Path {
        &self.site.path
    }

    fn connect(&mut self) -> Result<&Database, Error> {
        let database = match self.database.take() {
            Some(database) => database,
            None => database::open(&self.site.path, self.site.access)?,
        };
        database::check_tables(&database)?;
        Ok(self.database.insert(database))
    }

    fn unlock_by(
        mut self,
        open: impl FnOnce(&VaultId, &[Slot]) -> Result<Bytes32, Error>,
    ) -> Result<Vault, Box<(Self, Error)>> {
        match self.load(open) {
            Ok((keys, loaded)) => match self.unlocked(keys, loaded) {
                Ok(vault) => Ok(vault),
                Err(refused) => Err(refused),
            },
            Err(error) => Err(Box::new((self, error))),
        }
    }

    fn load(
        &mut self,
        open: impl FnOnce(&VaultId, &[Slot]) -> Result<Bytes32, Error>,
    ) -> Result<(Keys, Loaded), Error> {
        let database = self.connect()?;
        let vault = database::vault_id(database)?;
        let slots = database::slots(database, &vault)?;
        let data = open(&vault, &slots)?;
        let keys = Keys::derive(&data, vault);
        drop(data);
        let database = self.database.as_mut().ok_or(Error::Closed)?;
        if self.site.access == Access::Write {
            migrate::run(database, &keys, &self.site.path)?;
        }
        let loaded = Loaded::read(database, &keys)?;
        Ok((keys, loaded))
    }

    /// The unlocked vault of what was loaded.
    pub(crate) fn unlocked(self, keys: Keys, loaded: Loaded) -> Result<Vault, Box<(Self, Error)>> {
        let seen = match generation::read(&self.site.dir, &keys) {
            Ok(seen) => seen,
            Err(error) => return Err(Box::new((self, error))),
        };
        let Self { site, database } = self;
        let Loaded { index, manifest, body, slots } = loaded;
        Ok(Vault { site, database, keys, index, manifest, body, slots, seen })
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sealed").field(&self.site.path).finish()
    }
}

impl Loaded {
    /// Reads everything in one snapshot and checks it against the manifest.
    pub(crate) fn read(database: &Database, keys: &Keys) -> Result<Self, Error> {
        let snapshot = Transaction::new_unchecked(database, TransactionBehavior::Deferred)?;
        Self::within(&snapshot, keys)
    }

    /// The same inside a transaction that is open already.
    pub(crate) fn within(snapshot: &Database, keys: &Keys) -> Result<Self, Error> {
        let body = database::manifest(snapshot)?;
        let manifest = Manifest::open(keys, &body)?;
        let slots = database::slots(snapshot, &keys.vault())?;
        if manifest::slots_hash(keys, &slots) != manifest.slots {
            return Err(damaged("the key slots are not the ones that were written"));
        }
        if events::newest(snapshot)? != manifest.events {
            return Err(damaged("the events: one is missing"));
        }
        let batches = items::read_all(snapshot, BLOCK)?;
        let (index, sum, count) = Index::build(batches, keys)?;
        if count != manifest.items || sum != manifest.sum {
            return Err(damaged("the items are not the ones that were written"));
        }
        Ok(Self { index, manifest, body, slots })
    }
}
