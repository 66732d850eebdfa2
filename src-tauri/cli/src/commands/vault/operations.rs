//! `kw operations`: what was cut short, and settling it.

use clap::{Args, Subcommand};
use keywright_model::OperationId;
use keywright_service::{
    Service,
    wire::{OperationLine, SettleAction, SettleOperation},
};
use serde_json::json;

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    show::{
        out::Tone,
        table::{Cell, Column, Table},
        words,
    },
};

const COLUMNS: &[Column; 5] = &[
    Column::fixed("id"),
    Column::text("what"),
    Column::text("state"),
    Column::text("connection").rank(1),
    Column::fixed("asked").rank(2),
];

/// List drafts, lost answers and orphans; or settle one
#[derive(Debug, Args)]
pub(crate) struct Operations {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Settle one
    Settle(Settle),
}

#[derive(Debug, Args)]
struct Settle {
    /// Its id, or the beginning of it
    id: String,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct How {
    /// Revoke the keys that were made and whose secrets were lost
    #[arg(long)]
    revoke_orphans: bool,
    /// Send the draft now
    #[arg(long)]
    send: bool,
    /// Give it up; nothing is sent
    #[arg(long)]
    close: bool,
}

impl How {
    const fn action(&self) -> SettleAction {
        if self.revoke_orphans {
            SettleAction::RevokeOrphans
        } else if self.send {
            SettleAction::Send
        } else {
            SettleAction::Close
        }
    }
}

impl Operations {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        match self.action {
            None => list(app),
            Some(Action::Settle(settle)) => settle.run(app).await,
        }
    }
}

impl Settle {
    async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let operation = find(&service, &self.id)?;
        let action = self.how.action();
        service.settle_operation(SettleOperation { operation, action }).await?;
        app.out.answer(&json!({ "settled": operation }), || {
            match action {
                SettleAction::RevokeOrphans => "The platform was asked to revoke the orphan.\n",
                SettleAction::Send => "Sent.\n",
                SettleAction::Close => "Closed; nothing was sent.\n",
            }
            .into()
        })?;
        Ok(Exit::Done)
    }
}

fn list(app: &App) -> Result<Exit, Error> {
    let lines = app.reading()?.list_operations()?;
    app.out.answer(&lines, || {
        if lines.is_empty() {
            return "✓ Nothing is open.\n".into();
        }
        app.out.table(&Table::new(COLUMNS, lines.iter().map(cells)))
    })?;
    Ok(Exit::Done)
}

fn cells(line: &OperationLine) -> [Cell; 5] {
    let id: String = line.id.to_string().chars().take(8).collect();
    [
        Cell::toned(id, Tone::Faint),
        Cell::toned(words::request(&line.request), Tone::Strong),
        words::operation(&line.state).into(),
        line.connection_name.clone().into(),
        words::instant(line.asked).into(),
    ]
}

/// The one open operation whose id begins so.
fn find(service: &Service, text: &str) -> Result<OperationId, Error> {
    let text = text.to_ascii_lowercase();
    let lines = service.list_operations()?;
    let mut found = lines.iter().filter(|line| line.id.to_string().starts_with(&text));
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only.id),
        (Some(_), Some(_)) => Err(Error::usage(
            "More than one operation begins like this",
            "Write more of its id: kw operations lists them.",
        )),
        (None, _) => Err(keywright_service::Error::NotFound { what: "operation" }.into()),
    }
}
