//! `kw delete` and `kw restore`: the bin.

use clap::Args;
use keywright_model::KeyId;
use keywright_service::{Service, wire::KeyRow};

use crate::{
    app::App,
    commands::key::keys::list,
    error::{Candidate, Error},
    exit::Exit,
    find,
    show::words::{self, clean},
};

/// Move a key to the bin; it goes on working on its platform
///
/// After 30 days in the bin the record and the secret are removed.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// The key
    key: String,
}

/// Take a key out of the bin
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The key; `kw keys is:deleted` lists the bin
    key: String,
}

impl Delete {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let id = find::key(&service, &self.key)?;
        service.delete_key(id)?;
        tell(app, &service, id, "Moved to the bin for 30 days; it goes on working on its platform:")
    }
}

impl Restore {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let id = in_bin(&service, &self.key)?;
        service.restore_key(id)?;
        tell(app, &service, id, "Taken out of the bin:")
    }
}

fn tell(app: &App, service: &Service, id: KeyId, what: &str) -> Result<Exit, Error> {
    let detail = service.key_detail(id)?;
    app.out.answer(&detail, || clean(&format!("{what} “{}”.\n", detail.row.title)))?;
    Ok(Exit::Done)
}

/// The one key in the bin that is meant: by its id, its whole name, or a part of it.
fn in_bin(service: &Service, text: &str) -> Result<KeyId, Error> {
    let rows = list(service, "is:deleted", u32::MAX)?.rows;
    let wanted = text.to_lowercase();
    let whole = |row: &&KeyRow| {
        row.id.to_string() == wanted
            || [&row.title, &row.name].into_iter().any(|name| name.to_lowercase() == wanted)
    };
    let part = |row: &&KeyRow| {
        row.id.to_string().starts_with(&wanted)
            || [&row.title, &row.name].into_iter().any(|name| name.to_lowercase().contains(&wanted))
    };
    let mut found: Vec<&KeyRow> = rows.iter().filter(whole).collect();
    if found.is_empty() {
        found = rows.iter().filter(part).collect();
    }
    match found.as_slice() {
        [] => Err(keywright_service::Error::NotFound { what: "key in the bin" }.into()),
        [only] => Ok(only.id),
        several => {
            let candidates = several.iter().map(|row| Candidate {
                id: row.id,
                title: row.title.clone(),
                about: format!("{}, {}", row.connection_name, words::status(row.status)),
            });
            Err(Error::Ambiguous { text: text.to_owned(), candidates: candidates.collect() })
        }
    }
}
