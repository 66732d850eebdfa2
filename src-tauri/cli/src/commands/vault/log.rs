//! `kw log`: who did what.

use clap::Args;
use keywright_service::{
    Service,
    wire::{EventLine, EventPage, ListEvents},
};
use serde_json::json;

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
    show::{
        events,
        out::{Tone, note},
        table::{Cell, Column, Table},
        words,
    },
};

/// Lines asked for at once.
const PAGE: u32 = 500;

const COLUMNS: &[Column; 4] = &[
    Column::fixed("when (UTC)"),
    Column::text("what"),
    Column::text("subject"),
    Column::fixed("line").rank(1),
];

/// Show the log, newest first
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Only lines about this key
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Lines at the most; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    /// Check the chain of hashes from the first line to the last, and show no lines
    #[arg(long, conflicts_with_all = ["key", "limit"])]
    verify: bool,
}

impl Log {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.reading()?;
        if self.verify {
            return verify(app, &service);
        }
        let page = self.read(&service)?;
        app.out
            .answer(&page, || app.out.table(&Table::new(COLUMNS, page.lines.iter().map(cells))))?;
        if page.intact {
            return Ok(Exit::Done);
        }
        note("■ The log is not whole: something else than Keywright wrote to it.");
        Ok(Exit::Failed)
    }

    fn read(&self, service: &Service) -> Result<EventPage, Error> {
        let key = self.key.as_deref().map(|text| find::key(service, text)).transpose()?;
        let most = if self.limit == 0 { u32::MAX } else { self.limit };
        let mut all =
            service.list_events(ListEvents { before: None, key, limit: most.min(PAGE) })?;
        while all.more
            && let Some(before) = all.lines.last().map(|line| line.seq)
            && let Some(left) = left(most, &all.lines)
        {
            let limit = left.min(PAGE);
            let next = service.list_events(ListEvents { before: Some(before), key, limit })?;
            all.more = next.more;
            all.lines.extend(next.lines);
        }
        Ok(all)
    }
}

/// How many lines are still wanted; none when there are enough.
fn left(most: u32, lines: &[EventLine]) -> Option<u32> {
    let have = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    most.checked_sub(have).filter(|left| *left > 0)
}

fn verify(app: &App, service: &Service) -> Result<Exit, Error> {
    service.verify_log().map_err(Error::BrokenLog)?;
    let newest = service.list_events(ListEvents { before: None, key: None, limit: 1 })?;
    let lines = newest.lines.first().map_or(0, |line| line.seq);
    app.out.answer(&json!({ "intact": true, "last": lines }), || {
        format!("✓ The log is whole, from the first line to line {lines}.\n")
    })?;
    Ok(Exit::Done)
}

fn cells(line: &EventLine) -> [Cell; 4] {
    [
        words::instant(line.at).into(),
        events::sentence(&line.event).into(),
        Cell::toned(line.subject.clone(), Tone::Strong),
        Cell::toned(line.seq.to_string(), Tone::Faint),
    ]
}
