//! `kw which`: which key will this client really use here?

use std::path::PathBuf;

use clap::{Args, ValueHint};
use keywright_model::ClientId;
use keywright_service::wire::{WhichReport, WhichRequest, WhichSource};

use crate::{app::App, error::Error, exit::Exit, show::words::clean};

/// Tell which key a client uses, and which ones it would use without that
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The client
    client: String,
    /// The folder that it is started in; the current one when left out
    #[arg(long = "in", value_name = "DIR", value_hint = ValueHint::DirPath)]
    folder: Option<PathBuf>,
}

impl Which {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let folder = super::whole(self.folder.as_deref().unwrap_or(".".as_ref()))?;
        let report = app.reading()?.which_key(WhichRequest {
            client: ClientId::new(self.client),
            folder: folder.display().to_string(),
        })?;
        app.out.answer(&report, || told(&report))?;
        Ok(Exit::Done)
    }
}

fn told(report: &WhichReport) -> String {
    let mut lines = Vec::new();
    for used in &report.uses {
        lines.push(used.what.clone());
        let effective = used.effective.as_ref().map_or_else(|| "no key".to_owned(), source);
        lines.push(format!("  → {effective}"));
        lines.extend(used.shadowed.iter().map(|one| format!("    shadowed: {}", source(one))));
        lines.extend(used.unseen.iter().map(|one| format!("    not seen from here: {one}")));
    }
    if lines.is_empty() {
        lines.push(format!("{} has no key here.", report.client_name));
    }
    clean(&(lines.join("\n") + "\n"))
}

fn source(source: &WhichSource) -> String {
    let key = if source.title.is_empty() {
        "a key that is not in this vault".to_owned()
    } else {
        format!("“{}”", source.title)
    };
    let trouble =
        if source.trouble.is_empty() { String::new() } else { format!(" — {}", source.trouble) };
    format!("{key}, from {}{trouble}", source.words)
}
