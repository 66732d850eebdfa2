//! `kw scan`: what keys are on this machine?

use std::path::PathBuf;

use clap::{Args, ValueHint};
use keywright_service::{
    Service,
    wire::{ScanFind, ScanReport, ScanRequest, ScanWhat, TakeIn, TakenIn},
};

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
    show::{
        out::{Tone, note},
        table::{Cell, Column, Table},
        words::counted,
    },
};

const COLUMNS: &[Column; 6] = &[
    Column::fixed(""),
    Column::fixed("no"),
    Column::text("key"),
    Column::text("where"),
    Column::text("client").rank(1),
    Column::text("mind").rank(2),
];

/// Search clients' files, and folders that are named, for keys. Nothing leaves this machine
#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// Folders to search besides the files of the clients
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    folders: Vec<PathBuf>,
    /// Take these finds into the vault and note their places; once for each number, or `all`
    #[arg(long = "take-in", value_name = "NO")]
    take_in: Vec<String>,
    /// The connection that keys which are taken in belong to
    #[arg(long, value_name = "CONNECTION", requires = "take_in")]
    connection: Option<String>,
    /// The name of the key that is taken in
    #[arg(long, value_name = "NAME", requires = "take_in")]
    name: Option<String>,
}

impl Scan {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = if self.take_in.is_empty() { app.reading()? } else { app.writing()? };
        let folders = self.folders.iter().map(|path| super::whole(path));
        let folders = folders
            .map(|path| path.map(|path| path.display().to_string()))
            .collect::<Result<_, _>>()?;
        let report = scanned(&service, ScanRequest { folders }).await?;
        if !self.take_in.is_empty() {
            let taken = self.taken(&service, &report)?;
            app.out.answer(&taken, || told(&taken))?;
            return Ok(Exit::Done);
        }
        app.out.answer(&report, || {
            if report.found.is_empty() {
                return "✓ No key was found.\n".into();
            }
            app.out.table(&Table::new(COLUMNS, report.found.iter().map(cells)))
        })?;
        note(&summary(&report));
        Ok(Exit::Done)
    }

    fn taken(&self, service: &Service, report: &ScanReport) -> Result<TakenIn, Error> {
        let connection = self.connection.as_deref();
        let connection = connection.map(|text| find::connection(service, text)).transpose()?;
        let all = self.take_in.iter().any(|word| word == "all");
        let finds = if all {
            report.found.iter().map(|find| find.id).collect()
        } else {
            let number = |text: &String| text.parse().map_err(|_| super::no_number(text));
            self.take_in.iter().map(number).collect::<Result<_, _>>()?
        };
        let name = self.name.clone().unwrap_or_default();
        Ok(service.take_in(TakeIn { finds, connection, name })?)
    }
}

/// Scans on a thread of its own, so that Ctrl-C stops it and what was found is still told.
async fn scanned(service: &Service, request: ScanRequest) -> Result<ScanReport, Error> {
    let own = service.clone();
    let mut scan = tokio::task::spawn_blocking(move || own.scan(request));
    let done = tokio::select! {
        done = &mut scan => done,
        _ = crate::interrupt::interrupted() => {
            service.stop_scan();
            scan.await
        }
    };
    let done = done.map_err(|error| Error::System(error.into()))?;
    Ok(done?)
}

fn summary(report: &ScanReport) -> String {
    let mut text = format!("{} read", counted(report.files, "file"));
    if report.stopped {
        text.push_str(", stopped before the end");
    }
    for left in &report.left_out {
        text.push_str(", ");
        text.push_str(left);
    }
    text.push('.');
    text
}

fn told(taken: &TakenIn) -> String {
    let keys = counted(u64::try_from(taken.keys.len()).unwrap_or(u64::MAX), "key");
    format!("✓ {keys} taken in, {} noted.\n", counted(taken.placements, "place"))
}

fn cells(find: &ScanFind) -> [Cell; 6] {
    let (mark, tone) = match find.what {
        ScanWhat::Dead => ("▲", Tone::Warning),
        ScanWhat::Unknown => ("△", Tone::Strong),
        ScanWhat::Known => ("✓", Tone::Fine),
    };
    let mut mind = Vec::new();
    if find.tracked {
        mind.push("git tracks the file".to_owned());
    }
    if find.what == ScanWhat::Dead {
        mind.push("this key is dead".to_owned());
    }
    if find.places > 1 {
        mind.push(format!("in {} places", find.places));
    }
    if find.loose {
        mind.push("others can read the file".to_owned());
    }
    [
        Cell::toned(mark, tone),
        find.id.to_string().into(),
        Cell::toned(format!("{} {}", find.title, find.hint), Tone::Strong),
        format!("{}:{}", find.short, find.line).into(),
        find.client_name.as_str().into(),
        mind.join(", ").into(),
    ]
}
