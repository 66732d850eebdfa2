//! `kw init`: making the vault.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use keywright_model::Secret;
use keywright_service::{Access, RecoveryCode, Service, VaultState};
use serde_json::json;

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    file::Private,
    show::out::{note, print_secret},
};

/// Make the vault, and print its recovery code once
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Write the recovery code to this new file, which only you can read, and do not print it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    recovery_file: Option<PathBuf>,
}

impl Init {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.service(Access::Write)?;
        if service.vault_state() != VaultState::Missing {
            return Err(Error::VaultThere { home: service.home().folder().to_owned() });
        }
        let passphrase = app.new_passphrase()?;
        let strength = service.strength(&passphrase);
        if !strength.acceptable {
            let (time, advice) = (strength.crack_words, strength.advice);
            return Err(Error::WeakPassphrase { time, advice });
        }
        let file = self.recovery_file.as_deref().map(Private::make).transpose()?;
        match (service.make_vault(&passphrase), file) {
            (Ok(code), file) => {
                hand_over(app, &service, &code, file)
                    .map_err(|error| Error::CodeLost(Box::new(error)))?;
                Ok(Exit::Done)
            }
            (Err(error), file) => {
                if let Some(file) = file {
                    file.discard();
                }
                Err(error.into())
            }
        }
    }
}

fn hand_over(
    app: &App,
    service: &Service,
    code: &RecoveryCode,
    file: Option<Private>,
) -> Result<(), Error> {
    let home = service.home().folder().display().to_string();
    let groups = code.expose_groups();
    if let Some(file) = file {
        fill(file, &groups)?;
        return app.out.answer(&json!({ "home": home, "recovery_code": null }), || {
            format!("The vault is made, in {home}. Its recovery code is in the file.\n")
        });
    }
    if app.out.is_json() {
        return print_json(app, &home, &groups);
    }
    note(&format!("The vault is made, in {home}."));
    note("This recovery code opens it without the passphrase. It is shown once: write it down.");
    print_secret(&groups)
}

#[expect(clippy::disallowed_methods, reason = "the code is handed over once, to this file")]
fn fill(file: Private, groups: &Secret) -> Result<(), Error> {
    file.fill(groups.expose())
}

#[expect(clippy::disallowed_methods, reason = "the code is handed over once, to this program")]
fn print_json(app: &App, home: &str, groups: &Secret) -> Result<(), Error> {
    app.out.value(&json!({ "home": home, "recovery_code": groups.expose() }))
}
