//! `kw operations`: what was cut short, and settling it.

use clap::{Args, Subcommand};
use keywright_service::wire::{OperationLine, SettleAction, SettleOperation};
use serde_json::json;

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
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
        let operation = find::operation(&service, &self.id)?.id;
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
        table(app, &lines)
    })?;
    Ok(Exit::Done)
}

/// Operations in a table.
pub(super) fn table(app: &App, lines: &[OperationLine]) -> String {
    app.out.table(&Table::new(COLUMNS, lines.iter().map(cells)))
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
