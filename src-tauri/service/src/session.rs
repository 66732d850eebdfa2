//! The vault as it is right now: shut, locked or open, and what is in flight.

use keywright_vault::{Change, Sealed, Vault};

use crate::Error;

/// The vault, and the calls whose answers still have to be sealed in it.
#[derive(Default)]
pub(crate) struct Session {
    door: Door,
    in_flight: u32,
    lock_asked: bool,
    /// Counts changes, so that lists know when to be made anew.
    revision: u64,
    pub(crate) list: Option<crate::keys::Listed>,
    pub(crate) ranks: Option<crate::keys::Ranks>,
    pub(crate) log_checked: Option<(u64, bool)>,
    /// Keys whose revocation is being proved by a task of this process.
    pub(crate) proving: std::collections::HashSet<keywright_model::KeyId>,
    /// Replacements that a task of this process is at work on.
    pub(crate) rotating: std::collections::HashSet<keywright_model::RotationId>,
}

#[derive(Default)]
enum Door {
    /// Not looked at yet, or there is none.
    #[default]
    Shut,
    Locked(Sealed),
    Open(Box<Vault>),
}

impl Session {
    /// The open vault. While a lock waits for a last answer it counts as locked.
    pub(crate) fn vault(&self) -> Result<&Vault, Error> {
        match &self.door {
            Door::Open(vault) if !self.lock_asked => Ok(vault),
            _ => Err(Error::Locked),
        }
    }

    /// Writes; allowed to an answer in flight also when a lock waits for it.
    pub(crate) fn write<T>(
        &mut self,
        change: impl FnOnce(&mut Change<'_>) -> Result<T, keywright_vault::Error>,
    ) -> Result<T, Error> {
        let waits = self.lock_asked && self.in_flight == 0;
        match &mut self.door {
            Door::Open(vault) if !waits => {
                self.revision += 1;
                Ok(vault.write(change)?)
            }
            _ => Err(Error::Locked),
        }
    }

    /// The open vault for an answer in flight.
    pub(crate) fn vault_in_flight(&self) -> Result<&Vault, Error> {
        match &self.door {
            Door::Open(vault) => Ok(vault),
            _ => Err(Error::Locked),
        }
    }

    pub(crate) const fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.door, Door::Open(_)) && !self.lock_asked
    }

    pub(crate) const fn is_sealed(&self) -> bool {
        matches!(self.door, Door::Locked(_))
    }

    pub(crate) fn put_sealed(&mut self, sealed: Sealed) {
        self.forget();
        self.door = Door::Locked(sealed);
    }

    pub(crate) fn put_open(&mut self, vault: Vault) {
        self.forget();
        self.door = Door::Open(Box::new(vault));
    }

    pub(crate) fn take_sealed(&mut self) -> Option<Sealed> {
        match std::mem::take(&mut self.door) {
            Door::Locked(sealed) => Some(sealed),
            other => {
                self.door = other;
                None
            }
        }
    }

    /// Locks now, or as soon as the last answer in flight is sealed. True when locked now.
    pub(crate) fn lock(&mut self) -> bool {
        if self.in_flight > 0 {
            self.lock_asked = matches!(self.door, Door::Open(_));
            return false;
        }
        if let Door::Open(vault) = std::mem::take(&mut self.door) {
            self.door = Door::Locked(vault.lock());
        }
        self.forget();
        true
    }

    pub(crate) const fn begin(&mut self) {
        self.in_flight += 1;
    }

    /// Ends a call in flight; true when a waiting lock took effect.
    pub(crate) fn end(&mut self) -> bool {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.in_flight == 0 && self.lock_asked && self.lock()
    }

    fn forget(&mut self) {
        self.lock_asked = false;
        self.list = None;
        self.ranks = None;
        self.log_checked = None;
        self.revision += 1;
    }
}

/// A remote change in flight: keeps the vault open until its answer is sealed.
pub(crate) struct InFlight<'a>(&'a crate::Service);

impl<'a> InFlight<'a> {
    pub(crate) fn begin(service: &'a crate::Service) -> Self {
        service.session().begin();
        Self(service)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if self.0.session().end() {
            self.0.tell(crate::wire::Progress::Locked);
        }
    }
}
