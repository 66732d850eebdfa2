//! `kw connect`: a connection to a platform.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use keywright_model::{Expiry, PlatformId, Secret, expiry::Lifetime};
use keywright_service::{
    Service,
    wire::{self, ConnectionRow, CredentialForm, PlatformRow, Variable},
};

use crate::{
    app::App,
    commands::key::lifetime,
    error::Error,
    exit::Exit,
    find,
    input::Input,
    show::{
        out::note,
        words::{self, clean},
    },
};

/// Connect a platform, and read the list of its keys
///
/// Without a network the connection is kept and tried later. A credential that the platform
/// refuses is not kept.
#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// The platform's id; `kw platforms` lists them
    platform: String,
    /// A name for the connection; the platform's id when left out
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Another address of its API: a server of your own, or the simulator
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    base_url: Option<String>,
    /// A value that the platform asks for; `kw platforms show ID` tells which
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = variable)]
    variables: Vec<Variable>,
    /// Read the management credential from this file; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    credential_file: Option<PathBuf>,
    /// When that credential ends, to be warned in time: 90d, never, or a day
    #[arg(long, value_name = "WHEN", value_parser = lifetime)]
    credential_expires: Option<Lifetime>,
}

/// Put another management credential in a connection's place
///
/// It is tried first; one that the platform refuses replaces nothing. The old one is not ended:
/// revoke it once this one works.
#[derive(Debug, Args)]
pub(crate) struct Renew {
    /// The connection
    connection: String,
    /// Read the new credential from this file; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    credential_file: Option<PathBuf>,
    /// When it ends, to be warned in time: 90d, never, or a day
    #[arg(long, value_name = "WHEN", value_parser = lifetime)]
    credential_expires: Option<Lifetime>,
}

impl Renew {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let id = find::connection(&service, &self.connection)?;
        let row = service.list_connections()?.into_iter().find(|row| row.id == id);
        let row = row.ok_or(keywright_service::Error::NotFound { what: "connection" })?;
        let platform = platform(&service, row.platform.as_str())?;
        let secret = brought(app, self.credential_file.as_deref(), platform.credential.as_ref())?;
        let advice = "Its keys are made in its dashboard.";
        let secret = secret
            .ok_or_else(|| Error::usage("This platform has no management credential", advice))?;
        let row =
            service.replace_credential(id, secret, ends(app, self.credential_expires)).await?;
        app.out.answer(&row, || {
            clean(&format!("“{}” has another management credential now.\n", row.name))
        })?;
        if !row.trouble.is_empty() {
            note(&row.trouble);
        }
        Ok(Exit::Done)
    }
}

impl Connect {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let platform = platform(&service, &self.platform)?;
        // One that may be left out is not asked for.
        let form = platform.credential.as_ref().filter(|form| !form.optional);
        let credential = brought(app, self.credential_file.as_deref(), form)?;
        let request = wire::Connect {
            name: self.name.unwrap_or_else(|| platform.id.to_string()),
            platform: platform.id,
            base_url: self.base_url,
            variables: self.variables,
            credential_expires: ends(app, self.credential_expires),
        };
        let row = service.connect(request, credential).await?;
        app.out.answer(&row, || told(&row))?;
        if !row.trouble.is_empty() {
            note(&row.trouble);
        }
        Ok(Exit::Done)
    }
}

/// The credential from a file, or typed: each of its lines, where it has several.
fn brought(
    app: &App,
    file: Option<&Path>,
    form: Option<&CredentialForm>,
) -> Result<Option<Secret>, Error> {
    if let Some(file) = file {
        return app.input.secret_in(file).map(Some);
    }
    let Some(form) = form else { return Ok(None) };
    note(&form.help);
    let advice = "Give the credential by --credential-file FILE, or - for standard input.";
    let none = Error::NoTerminal { advice };
    if form.parts.is_empty() {
        return Input::typed_secret(&clean(&form.label)).map(Some).ok_or(none);
    }
    let typed = |part: &String| Input::typed_secret(&clean(&format!("{}, {part}", form.label)));
    let lines: Option<Vec<Secret>> = form.parts.iter().map(typed).collect();
    lines.map(|lines| Some(Secret::joined(&lines, "\n"))).ok_or(none)
}

fn ends(app: &App, lifetime: Option<Lifetime>) -> Expiry {
    lifetime.map_or(Expiry::Unknown, |life| life.expiry(app.clock.now()))
}

fn platform(service: &Service, id: &str) -> Result<PlatformRow, Error> {
    let wanted = PlatformId::new(id);
    let found = service.list_platforms().into_iter().find(|row| row.id == wanted);
    Ok(found.ok_or(keywright_service::Error::NotFound { what: "platform" })?)
}

pub(crate) fn variable(text: &str) -> Result<Variable, NoVariable> {
    let (name, value) = text.split_once('=').ok_or(NoVariable)?;
    Ok(Variable { name: name.trim().to_owned(), value: value.to_owned() })
}

/// The text sets no variable.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("write NAME=VALUE, such as org_id=acme")]
pub(crate) struct NoVariable;

fn told(row: &ConnectionRow) -> String {
    let keys = words::counted(row.keys, "key");
    clean(&format!(
        "Connected “{}” to {} at {}: {keys}.\n",
        row.name, row.platform_name, row.origin
    ))
}
