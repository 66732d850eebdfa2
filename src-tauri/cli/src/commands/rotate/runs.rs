//! `kw rotations`: the runs that replace keys, and one run's report.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use keywright_service::{
    Service,
    wire::{ExportReport, ListRotations, ReportFormat, RotationRow},
};
use serde_json::json;

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    file, find,
    show::{
        out::Tone,
        rotation,
        table::{Cell, Column, Table},
        words::clean,
    },
};

const COLUMNS: &[Column; 7] = &[
    Column::fixed(""),
    Column::text("key"),
    Column::text("how it stands"),
    Column::fixed("steps").rank(3),
    Column::fixed("places").rank(2),
    Column::text("next").rank(1),
    Column::fixed("change").rank(4),
];

/// List the runs that replace keys, those that need somebody first; or show one
#[derive(Debug, Args)]
pub(crate) struct Rotations {
    /// The run: its id or the beginning of it, or its key
    run: Option<String>,
    /// Those that ended as well
    #[arg(long, conflicts_with = "run")]
    all: bool,
    /// Those of one change of many keys only
    #[arg(long, value_name = "ID", conflicts_with = "run")]
    bulk: Option<String>,
    /// The report of the run as a text to give away; it holds no secret
    #[arg(long, value_name = "FORMAT", requires = "run")]
    report: Option<Format>,
    /// Write the report to this file, which must not be there yet
    #[arg(long, value_name = "FILE", requires = "report", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Markdown, for people
    Md,
    /// JSON, for programs
    Json,
}

impl From<Format> for ReportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Md => Self::Markdown,
            Format::Json => Self::Json,
        }
    }
}

impl Rotations {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.reading()?;
        let Some(text) = &self.run else { return self.list(app, &service) };
        let row = find::rotation(&service, text)?;
        if let Some(format) = self.report {
            return export(app, &service, &row, format, self.out);
        }
        let report = service.rotation_report(row.id)?;
        app.out.answer(&report, || {
            let summary = rotation::summary(&app.out, &report, app.clock.now());
            summary + &rotation::record(&app.out, &report)
        })?;
        Ok(Exit::Done)
    }

    fn list(&self, app: &App, service: &Service) -> Result<Exit, Error> {
        let bulk = self.bulk.as_deref().map(|text| find::bulk(service, text)).transpose()?;
        let ended = self.all || bulk.is_some();
        let rows = service.list_rotations(ListRotations { ended, key: None, bulk })?;
        let none = if ended {
            "No key was ever replaced here. kw rotate KEY does it.\n"
        } else {
            "✓ No key is being replaced. kw rotations --all shows those that were.\n"
        };
        app.out.answer(&rows, || table(app, &rows, none))?;
        Ok(Exit::Done)
    }
}

fn export(
    app: &App,
    service: &Service,
    row: &RotationRow,
    format: Format,
    out: Option<PathBuf>,
) -> Result<Exit, Error> {
    let text = service.export_report(ExportReport { rotation: row.id, format: format.into() })?;
    let Some(path) = out else {
        app.out.answer(&text, || clean(&text.text))?;
        return Ok(Exit::Done);
    };
    file::Private::make(&path)?.fill(text.text.trim_end())?;
    let name = path.display().to_string();
    app.out.answer(&json!({ "file": name }), || clean(&format!("Written to {name}.\n")))?;
    Ok(Exit::Done)
}

/// Runs in a table; words when there is none.
pub(super) fn table(app: &App, rows: &[RotationRow], none: &str) -> String {
    if rows.is_empty() {
        return none.to_owned();
    }
    app.out.table(&Table::new(COLUMNS, rows.iter().map(cells)))
}

fn cells(row: &RotationRow) -> [Cell; 7] {
    let (mark, tone) = rotation::mark(&row.state);
    let places = match row.places {
        0 => String::new(),
        places => format!("{} of {places}", row.placed),
    };
    let bulk = row.bulk.map(|id| id.to_string().chars().take(8).collect::<String>());
    [
        Cell::toned(mark, tone),
        Cell::toned(row.title.as_str(), Tone::Strong),
        row.words.as_str().into(),
        format!("{} of {}", row.done, row.total).into(),
        places.into(),
        Cell::toned(rotation::next(row), Tone::Faint),
        Cell::toned(bulk.unwrap_or_default(), Tone::Faint),
    ]
}
