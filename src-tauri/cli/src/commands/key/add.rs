//! `kw add`: a key that was made elsewhere.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use keywright_model::{Expiry, Secret, expiry::Lifetime};
use keywright_service::wire::AddKey;

use crate::{
    app::App, commands::key::lifetime, error::Error, exit::Exit, find, input::Input,
    show::words::clean,
};

/// Add a key that was made in a dashboard
///
/// The platform is not asked. A key of that name that the platform's list brought, and that fits
/// the secret, is completed instead of doubled.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The connection it belongs to
    connection: String,
    /// Its name on the platform
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Read the secret from this file; `-` is the standard input; asked for when left out
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    secret_file: Option<PathBuf>,
    /// Only note the key; its secret stays where it is
    #[arg(long, conflicts_with = "secret_file")]
    no_secret: bool,
    /// A scope that it has; once for each
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<String>,
    /// When it ends: 30d, never, or a day; not known when left out
    #[arg(long, value_name = "WHEN", value_parser = lifetime)]
    expires: Option<Lifetime>,
    /// Your own label for it
    #[arg(long, value_name = "TEXT", default_value = "")]
    label: String,
    /// A note, Markdown
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Whose it is
    #[arg(long, value_name = "NAME", default_value = "")]
    owner: String,
    /// A tag; once for each
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
}

impl Add {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let connection = find::connection(&service, &self.connection)?;
        let secret = self.secret(app)?;
        let now = app.clock.now();
        let request = AddKey {
            connection,
            name: self.name,
            label: self.label,
            note: self.note,
            owner: self.owner,
            tags: self.tags,
            scopes: self.scopes,
            expires: self.expires.map_or(Expiry::Unknown, |life| life.expiry(now)),
        };
        let detail = service.add_key(request, secret)?;
        app.out.answer(&detail, || {
            let sealed = if detail.has_secret { " Its secret is sealed." } else { "" };
            clean(&format!("Added “{}”, {}.{sealed}\n", detail.row.title, detail.row.id))
        })?;
        Ok(Exit::Done)
    }

    fn secret(&self, app: &App) -> Result<Option<Secret>, Error> {
        if self.no_secret {
            return Ok(None);
        }
        if let Some(file) = &self.secret_file {
            return app.input.secret_in(file).map(Some);
        }
        let advice = "Give the secret by --secret-file FILE (- is standard input), or --no-secret.";
        let typed = Input::typed_secret("Secret").filter(|secret| !secret.is_empty());
        typed.map(Some).ok_or(Error::NoTerminal { advice })
    }
}
