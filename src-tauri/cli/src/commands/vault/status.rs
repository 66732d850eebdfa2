//! `kw status`: whether there is a vault, and what is in it.

use std::fmt::Write as _;

use clap::Args;
use keywright_service::{Access, VaultState, wire::AppStatus};
use serde_json::json;

use crate::{app::App, error::Error, exit::Exit, show::words};

/// Show whether there is a vault; with a passphrase file, also how it stands
///
/// It never asks for the passphrase, so that it can be used to find out whether one is needed.
#[derive(Debug, Args)]
pub(crate) struct Status {}

/// Shows it.
pub(crate) fn show(app: &App) -> Result<Exit, Error> {
    let opened = app.has_passphrase();
    let service = if opened { app.reading()? } else { app.service(Access::Read)? };
    let home = service.home().folder().display().to_string();
    let vault = match service.vault_state() {
        VaultState::Missing => "missing",
        VaultState::Locked => "locked",
        VaultState::Unlocked => "unlocked",
    };
    let status = opened.then(|| service.status()).transpose()?;
    let answer = json!({ "home": home, "vault": vault, "status": status });
    app.out.answer(&answer, || {
        let mut text = format!("vault        {vault}\nhome         {home}\n");
        if let Some(status) = &status {
            text.push_str(&inside(status));
        }
        text
    })?;
    Ok(Exit::Done)
}

fn inside(status: &AppStatus) -> String {
    let mut text = String::new();
    let (mark, _) = words::mark(status.worst);
    let lines = [
        ("keys", status.keys.to_string()),
        ("connections", status.connections.to_string()),
        ("drafts", status.drafts.to_string()),
        ("needs you", format!("{mark} {}", status.needs_you)),
        ("network", words::network(status.network).to_owned()),
        ("version", status.version.clone()),
    ];
    for (name, value) in lines {
        writeln!(text, "{name:<12} {value}").unwrap_or_default();
    }
    text
}
