//! `kw refresh`: reading the platforms' lists.

use clap::Args;
use keywright_service::{
    Service,
    wire::{self, ConnectionRow, RefreshReport},
};

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
    show::{
        out::{Tone, note},
        table::{Cell, Column, Table},
    },
};

const COLUMNS: &[Column; 7] = &[
    Column::text("connection"),
    Column::fixed("listed"),
    Column::fixed("new"),
    Column::fixed("changed"),
    Column::fixed("gone"),
    Column::fixed("settled").rank(1),
    Column::fixed("orphans"),
];

/// Read the list of one connection, or of all
///
/// What was cut short before is settled by what the list shows.
#[derive(Debug, Args)]
pub(crate) struct Refresh {
    /// The connection; all when left out
    connection: Option<String>,
}

impl Refresh {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let connection =
            self.connection.as_deref().map(|text| find::connection(&service, text)).transpose()?;
        let reports = service.refresh(wire::Refresh { connection }).await?;
        let connections = service.list_connections()?;
        app.out.answer(&reports, || {
            let rows = reports.iter().map(|report| cells(report, &connections));
            app.out.table(&Table::new(COLUMNS, rows))
        })?;
        if reports.iter().any(|report| report.orphans > 0) {
            note("A key was made whose secret was lost: kw operations shows it.");
        }
        Ok(if connection.is_none() { rest(&service)? } else { Exit::Done })
    }
}

/// Of several lists, those that could not be read.
fn rest(service: &Service) -> Result<Exit, Error> {
    let connections = service.list_connections()?;
    let mut troubled = connections.iter().filter(|row| !row.trouble.is_empty()).peekable();
    let exit = if troubled.peek().is_some() { Exit::Failed } else { Exit::Done };
    for row in troubled {
        note(&format!("▲ {}: {}", row.name, row.trouble));
    }
    Ok(exit)
}

fn cells(report: &RefreshReport, connections: &[ConnectionRow]) -> [Cell; 7] {
    let name = connections.iter().find(|row| row.id == report.connection);
    let orphans = if report.orphans > 0 { Tone::Critical } else { Tone::Plain };
    [
        Cell::toned(name.map_or("", |row| row.name.as_str()), Tone::Strong),
        report.listed.to_string().into(),
        report.new.to_string().into(),
        report.changed.to_string().into(),
        report.gone.to_string().into(),
        report.settled.to_string().into(),
        Cell::toned(report.orphans.to_string(), orphans),
    ]
}
