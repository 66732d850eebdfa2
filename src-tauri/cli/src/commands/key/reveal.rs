//! `kw reveal`: the only command that prints a key's secret.

use clap::Args;
use keywright_model::{KeyId, Secret};
use keywright_service::Use;
use serde_json::json;

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
    show::out::{note, print_secret},
};

/// Print a key's secret on standard output
#[derive(Debug, Args)]
pub(crate) struct Reveal {
    /// The key
    key: String,
}

impl Reveal {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let id = find::key(&service, &self.key)?;
        let secret = service.secret(id, Use::Reveal)?;
        if app.out.is_json() {
            print_json(app, id, &secret)?;
        } else {
            print_secret(&secret)?;
        }
        if app.out.at_terminal() {
            note("It stays in this terminal's memory until you clear it.");
        }
        Ok(Exit::Done)
    }
}

#[expect(clippy::disallowed_methods, reason = "the person asked to see it")]
fn print_json(app: &App, key: KeyId, secret: &Secret) -> Result<(), Error> {
    app.out.value(&json!({ "key": key, "secret": secret.expose() }))
}
