//! Making, opening and closing the vault.

use keywright_model::{Event, EventKind, Secret};
use keywright_vault::{Error as VaultError, RecoveryCode, Sealed, Vault};

use crate::{
    Error, Service,
    wire::{Progress, Strength},
};

/// Whether there is a vault, and whether it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultState {
    /// None yet.
    Missing,
    /// There, and locked.
    Locked,
    /// Open.
    Unlocked,
}

impl Service {
    /// Whether there is a vault, and whether it is open.
    pub fn vault_state(&self) -> VaultState {
        if self.session().is_open() {
            VaultState::Unlocked
        } else if keywright_vault::exists(self.inner.home.folder()) {
            VaultState::Locked
        } else {
            VaultState::Missing
        }
    }

    /// How strong a passphrase is.
    pub fn strength(&self, passphrase: &Secret) -> Strength {
        let strength = keywright_vault::strength(passphrase);
        Strength {
            score: strength.score,
            acceptable: strength.acceptable,
            advice: strength.advice,
            crack_words: crack_words(strength.guesses_log10),
        }
    }

    /// Takes the writer's place (or opens for reading) before anything is asked of a person.
    /// An error here means that unlocking would fail whatever the passphrase.
    pub fn open_locked(&self) -> Result<(), Error> {
        let mut session = self.session();
        if session.is_open() || session.is_sealed() {
            return Ok(());
        }
        session.put_sealed(Sealed::open(self.inner.home.folder(), self.inner.setup.access)?);
        Ok(())
    }

    /// Makes the vault and leaves it open. The recovery code is shown once and kept nowhere.
    pub fn make_vault(&self, passphrase: &Secret) -> Result<RecoveryCode, Error> {
        let (vault, code) = keywright_vault::create(
            self.inner.home.folder(),
            passphrase,
            self.inner.setup.kdf,
            self.now(),
        )?;
        self.session().put_open(vault);
        self.tell(Progress::Changed);
        Ok(code)
    }

    /// Opens the vault with the passphrase.
    pub fn unlock(&self, passphrase: &Secret) -> Result<(), Error> {
        self.unlock_by("passphrase", |sealed| sealed.unlock(passphrase))
    }

    /// Opens the vault with the recovery code.
    pub fn unlock_with_recovery(&self, code: &Secret) -> Result<(), Error> {
        self.unlock_by("recovery code", |sealed| sealed.unlock_with_recovery(code))
    }

    /// Locks the vault; a remote change in flight is sealed first. Safe to call twice.
    pub fn lock(&self) {
        let mut session = self.session();
        if session.is_open() {
            let event = self.event(EventKind::Locked);
            // A log line is not worth keeping a vault open for.
            if self.writes() {
                drop(session.write(|change| change.log(&event)));
            }
        }
        let locked = session.lock();
        drop(session);
        self.stop_watching();
        self.inner.scans.forget();
        if locked {
            self.tell(Progress::Locked);
        }
    }

    fn unlock_by(
        &self,
        by: &str,
        open: impl FnOnce(Sealed) -> Result<Vault, Box<(Sealed, VaultError)>>,
    ) -> Result<(), Error> {
        if self.session().is_open() {
            return Ok(());
        }
        if !keywright_vault::exists(self.inner.home.folder()) {
            return Err(Error::NoVault);
        }
        self.open_locked()?;
        // Key derivation takes a second: not while holding the session.
        let sealed = self.session().take_sealed().ok_or(Error::Locked)?;
        match open(sealed) {
            Ok(vault) => self.opened(vault, by),
            Err(failed) => {
                let (sealed, error) = *failed;
                self.session().put_sealed(sealed);
                Err(error.into())
            }
        }
    }

    fn opened(&self, vault: Vault, by: &str) -> Result<(), Error> {
        self.load_platforms(&vault);
        self.session().put_open(vault);
        if self.writes() {
            let event = self.event(EventKind::Unlocked { by: by.to_owned() });
            self.write(|change| change.log(&event))?;
            self.note_cut_short()?;
            self.settle_writings()?;
            self.purge_bin()?;
        }
        self.tell(Progress::Changed);
        Ok(())
    }

    pub(crate) const fn writes_access(access: keywright_vault::Access) -> bool {
        matches!(access, keywright_vault::Access::Write)
    }

    pub(crate) fn writes(&self) -> bool {
        Self::writes_access(self.inner.setup.access)
    }

    /// An event about the vault itself.
    pub(crate) fn event(&self, kind: EventKind) -> Event {
        Event { at: self.now(), kind, key: None, connection: None, subject: String::new() }
    }
}

/// Guessing time at 470 guesses a second: one RTX 4090 against Argon2id 256 MiB, t=3 (an estimate).
fn crack_words(guesses_log10: f64) -> String {
    const GUESSES_A_SECOND_LOG10: f64 = 2.67;
    const STEPS: [(f64, &str); 7] = [
        (0.0, "less than a second"),
        (1.78, "less than a minute"),
        (3.56, "less than an hour"),
        (4.94, "less than a day"),
        (6.42, "less than a month"),
        (7.5, "less than a year"),
        (9.5, "less than a century"),
    ];
    let seconds = guesses_log10 - GUESSES_A_SECOND_LOG10;
    STEPS
        .iter()
        .find(|(limit, _)| seconds < *limit)
        .map_or("centuries", |(_, words)| words)
        .to_owned()
}
