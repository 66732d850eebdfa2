//! `kw place`: a key into clients' files, or into a platform's secret store; `kw undo`: out again.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{Args, ValueHint};
use keywright_model::ClientId;
use keywright_service::{
    Service,
    wire::{FormChoice, NotePlace, PlaceKey, PlacePreview, PlaceReport, PlaceTarget, StoreSecret},
};

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
    show::{
        change,
        out::{Out, note},
        words::clean,
    },
};

/// Put a key into clients' files, changing no other byte; into all that are named, or into none
///
/// Shows what would change and asks first. Each file is backed up in the vault: kw undo takes a
/// write back to the identical bytes.
///
/// Where a platform keeps the client's secrets (github-actions), the key is sealed for that platform
/// and sent to it through a connection: kw place KEY --client github-actions --set repo=OWNER/NAME
/// --set name=NAME. What is there is looked at first, also with --dry-run.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The key
    key: String,
    /// The client; once for each
    #[arg(long = "client", value_name = "CLIENT", required_unless_present = "told")]
    clients: Vec<String>,
    /// The kind of place in the client's file, as kw clients CLIENT lists them
    #[arg(long, value_name = "PLACE")]
    slot: Option<String>,
    /// The file: its path, or one of the names that kw clients CLIENT lists
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<String>,
    /// The project's folder, for files that are a project's
    #[arg(long = "in", value_name = "DIR", value_hint = ValueHint::DirPath)]
    project: Option<PathBuf>,
    /// The MCP server's name; the same as --set server=NAME
    #[arg(long, value_name = "NAME")]
    server: Option<String>,
    /// Tell what the place needs to know; once for each
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// The connection by which a platform's secret is written; the only one that can when left out
    #[arg(long, value_name = "NAME", conflicts_with = "told")]
    connection: Option<String>,
    /// Write the name of an environment variable that holds the key, not the key itself
    #[arg(long)]
    reference: bool,
    /// Only note the place, in your own words: another machine, a CI secret. Nothing is written
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["clients", "reference", "dry_run"])]
    told: Option<String>,
    /// The machine, with --told
    #[arg(long, value_name = "NAME", requires = "told")]
    machine: Option<String>,
    /// A note on the place, with --told
    #[arg(long, value_name = "TEXT", requires = "told")]
    note: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do it although a warning stops it: a file that git tracks, a file with several names, a
    /// secret that somebody else wrote
    #[arg(long)]
    insist: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// Take a write back: the file gets the very bytes that it had before
#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The place: its id or the beginning of it, as kw placements --json prints it
    placement: String,
    /// Only forget the place; the file, or the platform's secret, is not touched
    #[arg(long)]
    forget: bool,
    /// Do not ask before a platform's secret is removed
    #[arg(long, short)]
    yes: bool,
}

/// How far it may go without being asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) dry_run: bool,
    pub(super) yes: bool,
}

impl Place {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        if self.told.is_some() {
            return self.note_only(app);
        }
        let service = if self.dry_run { app.reading()? } else { app.writing()? };
        if super::store::is_meant(&service, &self.clients, self.connection.as_deref())? {
            let asked = Asked { dry_run: self.dry_run, yes: self.yes };
            return super::store::put(app, &service, self.store_request(&service)?, asked).await;
        }
        let request = self.request(&service)?;
        let preview = service.preview_place(request.clone())?;
        if self.dry_run {
            app.out.answer(&preview, || shown(&app.out, &preview))?;
            return Ok(if refused(&preview) { Exit::Failed } else { Exit::Done });
        }
        if !app.out.is_json() {
            note(shown(&app.out, &preview).trim_end());
        }
        if !self.yes && !refused(&preview) && preview.changes.iter().any(|c| !c.unchanged) {
            app.input.confirm("Write this?", "Write --yes to write it without being asked.")?;
        }
        let report = service.place_key(request)?;
        app.out.answer(&report, || told(&report, &preview))?;
        Ok(Exit::Done)
    }

    fn store_request(&self, service: &Service) -> Result<StoreSecret, Error> {
        let [client] = self.clients.as_slice() else {
            return Err(super::store::several());
        };
        let connection = self.connection.as_deref();
        Ok(StoreSecret {
            key: find::key(service, &self.key)?,
            client: ClientId::new(client.as_str()),
            connection: connection.map(|text| find::connection(service, text)).transpose()?,
            params: self.params()?,
            insist: self.insist,
        })
    }

    fn params(&self) -> Result<BTreeMap<String, String>, Error> {
        let told = self.settings.iter().map(|setting| {
            let (name, value) =
                setting.split_once('=').ok_or_else(|| super::no_setting(setting))?;
            Ok((name.to_owned(), value.to_owned()))
        });
        told.collect()
    }

    fn request(&self, service: &Service) -> Result<PlaceKey, Error> {
        let key = find::key(service, &self.key)?;
        let mut params = self.params()?;
        if let Some(server) = &self.server {
            params.insert("server".to_owned(), server.clone());
        }
        let project = self.project.as_deref().map(super::whole).transpose()?;
        let file = self.file.clone().unwrap_or_default();
        let file = if file.contains(['/', '\\', '.']) {
            super::whole(file.as_ref())?.display().to_string()
        } else {
            file
        };
        let target = |client: &String| PlaceTarget {
            client: ClientId::new(client.as_str()),
            slot: self.slot.clone().unwrap_or_default(),
            file: file.clone(),
            project: project.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
            form: if self.reference { FormChoice::Variable } else { FormChoice::Literal },
            params: params.clone(),
        };
        Ok(PlaceKey {
            key,
            targets: self.clients.iter().map(target).collect(),
            insist: self.insist,
        })
    }

    fn note_only(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let project = self.project.map(|path| path.display().to_string());
        let row = service.note_place(NotePlace {
            key: find::key(&service, &self.key)?,
            client: None,
            words: self.told.unwrap_or_default(),
            machine: self.machine.unwrap_or_default(),
            project: project.unwrap_or_default(),
            note: self.note.unwrap_or_default(),
        })?;
        app.out.answer(&row, || clean(&format!("Noted for “{}”.\n", row.key_title)))?;
        Ok(Exit::Done)
    }
}

impl Undo {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let row = super::placements::one(&service, &self.placement)?;
        if self.forget {
            service.forget_place(row.id)?;
            app.out.answer(&row, || "Forgotten; what is there was not touched.\n".into())?;
        } else if row.stored {
            super::store::remove(app, &service, &row, self.yes).await?;
        } else {
            service.undo_placing(row.id)?;
            app.out.answer(&row, || clean(&format!("{} is as it was before.\n", row.short)))?;
        }
        Ok(Exit::Done)
    }
}

fn refused(preview: &PlacePreview) -> bool {
    preview.changes.iter().any(|change| !change.refused.is_empty())
}

fn shown(out: &Out, preview: &PlacePreview) -> String {
    preview.changes.iter().map(|each| change::told(out, each)).collect()
}

fn told(report: &PlaceReport, preview: &PlacePreview) -> String {
    let mut text = String::new();
    for row in &report.placements {
        text.push_str(&clean(&format!("✓ {} in {}\n", row.client_name, row.short)));
    }
    let mut pickups: Vec<&str> =
        preview.changes.iter().map(|change| change.pickup.as_str()).collect();
    pickups.dedup();
    for pickup in pickups.into_iter().filter(|pickup| !pickup.is_empty()) {
        text.push_str(pickup);
        text.push('\n');
    }
    if text.is_empty() {
        text.push_str("✓ The key was there already; the place is noted.\n");
    }
    text
}
