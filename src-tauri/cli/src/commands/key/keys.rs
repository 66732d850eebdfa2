//! `kw keys`: finding keys.

use clap::Args;
use keywright_service::{
    Service,
    wire::{KeyPage, KeyRow, ListKeys, QueryProblem},
};

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    show::{
        out::{Tone, note},
        table::{Cell, Column, Table},
        words,
    },
};

/// Rows asked for at once.
const PAGE: u32 = 500;

const COLUMNS: &[Column; 9] = &[
    Column::fixed(""),
    Column::text("name"),
    Column::text("connection").rank(3),
    Column::fixed("status"),
    Column::fixed("ends"),
    Column::fixed("rotate by").rank(4),
    Column::text("tags").rank(5),
    Column::fixed("hint").rank(2),
    Column::fixed("id").rank(6),
];

/// List the keys, those that need somebody first
///
/// QUERY is what the window's search field reads: words, and filters such as `expires:<30d`,
/// `tag:ci`, `is:revoking`, `platform:…`. Write `--` before a query that begins with `-`.
#[derive(Debug, Args)]
pub(crate) struct Keys {
    /// What to look for; all keys when left out
    query: Vec<String>,
    /// Keys at the most; 0 lists all
    #[arg(long, value_name = "N", default_value_t = 0)]
    limit: u32,
}

impl Keys {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.reading()?;
        let query = self.query.join(" ");
        let most = if self.limit == 0 { u32::MAX } else { self.limit };
        let page = list(&service, &query, most)?;
        app.out.answer(&page, || {
            app.out.table(&Table::new(COLUMNS, page.rows.iter().map(|row| cells(app, row))))
        })?;
        if app.out.at_terminal() && !app.out.is_json() {
            note(&summary(&page));
        }
        Ok(Exit::Done)
    }
}

/// All rows that a query finds, up to so many.
pub(crate) fn list(service: &Service, query: &str, most: u32) -> Result<KeyPage, Error> {
    let ask = |offset: u32| {
        let limit = PAGE.min(most.saturating_sub(offset));
        service.list_keys(ListKeys { query: query.to_owned(), offset, limit })
    };
    let mut page = ask(0)?;
    if let Some(problem) = page.problem.take() {
        return Err(wrong(query, &problem));
    }
    loop {
        let have = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
        if have >= page.total.min(most) {
            return Ok(page);
        }
        let next = ask(have)?;
        if next.rows.is_empty() {
            return Ok(page);
        }
        page.rows.extend(next.rows);
    }
}

/// What is wrong with the query, and where.
fn wrong(query: &str, problem: &QueryProblem) -> Error {
    let at = usize::try_from(problem.at).unwrap_or_default();
    let len = usize::try_from(problem.len).unwrap_or_default();
    let part = query.get(at..at.saturating_add(len)).unwrap_or(query);
    Error::usage(
        format!("In the query, “{part}”: {}", problem.message),
        "The query language is told in docs/query.md.",
    )
}

fn cells(app: &App, row: &KeyRow) -> [Cell; 9] {
    let (mark, tone) = words::key_mark(row.status, row.finding.as_ref());
    [
        Cell::toned(mark, tone),
        Cell::toned(row.title.clone(), Tone::Strong),
        row.connection_name.clone().into(),
        words::status(row.status).into(),
        words::expiry(row.expires, app.clock.now()).into(),
        row.rotation_due.map(words::day).unwrap_or_default().into(),
        row.tags.join(", ").into(),
        words::hint(&row.hint).into(),
        Cell::toned(row.id.to_string().chars().take(8).collect::<String>(), Tone::Faint),
    ]
}

fn summary(page: &KeyPage) -> String {
    let keys = words::counted(page.total, "key");
    match page.needs_you {
        0 => format!("{keys}, none needs you."),
        1 => format!("{keys}, 1 needs you."),
        several => format!("{keys}, {several} need you."),
    }
}
