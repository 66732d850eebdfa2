//! What every command stands on: the options, the vault, the way out.

use keywright_model::Secret;
use keywright_service::{Access, Clock, Home, Kdf, Service, Setup, VaultState, wire::ErrorCode};

use crate::{
    args::Global,
    error::Error,
    input::Input,
    show::out::{Out, note},
};

/// Times that a wrong passphrase may be typed.
const TRIES: usize = 3;

/// One run of `kw`.
pub(crate) struct App {
    global: Global,
    /// Where answers go.
    pub(crate) out: Out,
    /// Where secrets and answers come from.
    pub(crate) input: Input,
    /// The time.
    pub(crate) clock: Clock,
}

impl App {
    /// A run with these options. Opens nothing.
    pub(crate) fn new(global: Global) -> Self {
        let out = Out::new(global.json);
        Self { global, out, input: Input::default(), clock: Clock::system() }
    }

    /// The vault's folder.
    pub(crate) fn home(&self) -> Result<Home, Error> {
        let named = self.global.home.as_ref().map(|folder| Home::at(folder).on_this_machine());
        named.or_else(Home::discover).ok_or(Error::NoHome)
    }

    /// The use cases, over a vault that is not opened.
    pub(crate) fn service(&self, access: Access) -> Result<Service, Error> {
        let setup = Setup { access, kdf: Kdf::Calibrated };
        Ok(Service::new(self.home()?, self.clock.clone(), setup)?)
    }

    /// The use cases over the open vault, for reading: works while another Keywright has it open.
    pub(crate) fn reading(&self) -> Result<Service, Error> {
        self.opened(Access::Read)
    }

    /// The use cases over the open vault, for changing it.
    pub(crate) fn writing(&self) -> Result<Service, Error> {
        self.opened(Access::Write)
    }

    /// The use cases, with the platforms of the vault where it can be opened without asking.
    pub(crate) fn maybe_opened(&self) -> Result<Service, Error> {
        if self.has_passphrase() { self.reading() } else { self.service(Access::Read) }
    }

    /// Whether a passphrase or a recovery code was given on the command line.
    pub(crate) fn has_passphrase(&self) -> bool {
        self.global.passphrase_file.is_some() || self.global.recovery_code_file.is_some()
    }

    /// The passphrase of a vault to be made.
    pub(crate) fn new_passphrase(&self) -> Result<Secret, Error> {
        if let Some(file) = &self.global.passphrase_file {
            return self.input.secret_in(file);
        }
        let first = Input::typed_secret("New passphrase").ok_or(Error::NoPassphrase)?;
        let second = Input::typed_secret("The same again").ok_or(Error::NoPassphrase)?;
        if same(&first, &second) { Ok(first) } else { Err(Error::PassphrasesDiffer) }
    }

    fn opened(&self, access: Access) -> Result<Service, Error> {
        let service = self.service(access)?;
        if service.vault_state() == VaultState::Missing {
            return Err(keywright_service::Error::NoVault.into());
        }
        // What stands against opening is told before anything is asked.
        service.open_locked()?;
        self.unlock(&service)?;
        if let Some(notice) = service.notice()? {
            note(&notice);
        }
        Ok(service)
    }

    fn unlock(&self, service: &Service) -> Result<(), Error> {
        if let Some(file) = &self.global.recovery_code_file {
            return Ok(service.unlock_with_recovery(&self.input.secret_in(file)?)?);
        }
        if let Some(file) = &self.global.passphrase_file {
            return Ok(service.unlock(&self.input.secret_in(file)?)?);
        }
        for _ in 1..TRIES {
            let passphrase = Input::typed_secret("Passphrase").ok_or(Error::NoPassphrase)?;
            match service.unlock(&passphrase) {
                Err(error) if error.failure().code == ErrorCode::WrongPassphrase => {
                    note(&error.failure().what);
                }
                other => return Ok(other?),
            }
        }
        let passphrase = Input::typed_secret("Passphrase").ok_or(Error::NoPassphrase)?;
        Ok(service.unlock(&passphrase)?)
    }
}

#[expect(clippy::disallowed_methods, reason = "the two typed passphrases are compared")]
fn same(first: &Secret, second: &Secret) -> bool {
    first.expose() == second.expose()
}
