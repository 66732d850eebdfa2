//! `kw connections` and `kw disconnect`.

use clap::Args;
use keywright_service::wire::ConnectionRow;
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

const COLUMNS: &[Column; 7] = &[
    Column::fixed(""),
    Column::text("name"),
    Column::fixed("platform"),
    Column::fixed("keys"),
    Column::fixed("refreshed").rank(1),
    Column::text("address").rank(2),
    Column::text("trouble").rank(1),
];

/// List the connections
#[derive(Debug, Args)]
pub(crate) struct Connections {}

/// Remove a connection and its credential; its keys stay, and stay readable
#[derive(Debug, Args)]
pub(crate) struct Disconnect {
    /// The connection
    connection: String,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// Lists them.
pub(crate) fn list(app: &App) -> Result<Exit, Error> {
    let rows = app.reading()?.list_connections()?;
    app.out.answer(&rows, || {
        if rows.is_empty() {
            return "No connection yet: kw connect makes one.\n".into();
        }
        app.out.table(&Table::new(COLUMNS, rows.iter().map(|row| cells(app, row))))
    })?;
    Ok(Exit::Done)
}

impl Disconnect {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let id = find::connection(&service, &self.connection)?;
        if !self.yes {
            let question = format!(
                "Remove “{}” and its credential? Its keys stay readable, and go on working.",
                self.connection
            );
            app.input.confirm(&question, "Write --yes to remove it without being asked.")?;
        }
        service.disconnect(id)?;
        app.out.answer(&json!({ "disconnected": id }), || {
            "Disconnected. Its keys stay readable here, and go on working there.\n".into()
        })?;
        Ok(Exit::Done)
    }
}

fn cells(app: &App, row: &ConnectionRow) -> [Cell; 7] {
    let (mark, tone) =
        if row.trouble.is_empty() { ("✓", Tone::Fine) } else { ("▲", Tone::Warning) };
    let now = app.clock.now();
    let refreshed = row.refreshed.map_or_else(|| "never".into(), |at| words::distance(at, now));
    [
        Cell::toned(mark, tone),
        Cell::toned(row.name.clone(), Tone::Strong),
        row.platform.as_str().into(),
        row.keys.to_string().into(),
        refreshed.into(),
        row.origin.clone().into(),
        row.trouble.clone().into(),
    ]
}
