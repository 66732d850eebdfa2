//! `kw connect`: a connection to a platform.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use keywright_model::{PlatformId, Secret};
use keywright_service::{
    Service,
    wire::{self, ConnectionRow, PlatformRow, Variable},
};

use crate::{
    app::App,
    error::Error,
    exit::Exit,
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
}

impl Connect {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let platform = platform(&service, &self.platform)?;
        let credential = self.credential(app, &platform)?;
        let request = wire::Connect {
            name: self.name.unwrap_or_else(|| platform.id.to_string()),
            platform: platform.id,
            base_url: self.base_url,
            variables: self.variables,
        };
        let row = service.connect(request, credential).await?;
        app.out.answer(&row, || told(&row))?;
        if !row.trouble.is_empty() {
            note(&row.trouble);
        }
        Ok(Exit::Done)
    }

    fn credential(&self, app: &App, platform: &PlatformRow) -> Result<Option<Secret>, Error> {
        if let Some(file) = &self.credential_file {
            return app.input.secret_in(file).map(Some);
        }
        let Some(form) = &platform.credential else { return Ok(None) };
        note(&form.help);
        let typed = Input::typed_secret(&clean(&form.label));
        let advice = "Give the credential by --credential-file FILE, or - for standard input.";
        typed.map(Some).ok_or(Error::NoTerminal { advice })
    }
}

fn platform(service: &Service, id: &str) -> Result<PlatformRow, Error> {
    let wanted = PlatformId::new(id);
    let found = service.list_platforms().into_iter().find(|row| row.id == wanted);
    Ok(found.ok_or(keywright_service::Error::NotFound { what: "platform" })?)
}

fn variable(text: &str) -> Result<Variable, NoVariable> {
    let (name, value) = text.split_once('=').ok_or(NoVariable)?;
    Ok(Variable { name: name.trim().to_owned(), value: value.to_owned() })
}

/// The text sets no variable.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("write NAME=VALUE, such as org_id=acme")]
struct NoVariable;

fn told(row: &ConnectionRow) -> String {
    let keys = words::counted(row.keys, "key");
    clean(&format!(
        "Connected “{}” to {} at {}: {keys}.\n",
        row.name, row.platform_name, row.origin
    ))
}
