//! `kw check`: what needs somebody, for people and for scheduled jobs.

use clap::{Args, ValueEnum};
use keywright_model::{OperationState, Severity};
use keywright_service::{
    Service,
    wire::{NextAction, OverviewItem},
};

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
    show::{
        out::Tone,
        rotation,
        table::{Cell, Column, Table},
        words,
    },
};

const COLUMNS: &[Column; 4] =
    &[Column::fixed(""), Column::text("what"), Column::text("why"), Column::text("next").rank(1)];

/// List what needs somebody; exit code 10 when there is anything
///
/// Keys near their end or ended, keys due for rotation, replacements that wait, revocations
/// without proof, open operations, connections in trouble.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Leave out what is less pressing than this
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = Least::Warning)]
    severity: Least,
}

/// How pressing a finding must be.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Least {
    /// △ everything, also what is only worth knowing
    Info,
    /// ▲ act soon
    Warning,
    /// ■ act now
    Critical,
}

impl From<Least> for Severity {
    fn from(least: Least) -> Self {
        match least {
            Least::Info => Self::Info,
            Least::Warning => Self::Warning,
            Least::Critical => Self::Critical,
        }
    }
}

impl Check {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.reading()?;
        let items = service.findings(self.severity.into())?;
        app.out.answer(&items, || {
            if items.is_empty() {
                return "✓ Nothing needs you.\n".into();
            }
            app.out.table(&Table::new(COLUMNS, items.iter().map(|item| cells(&service, item))))
        })?;
        Ok(if items.is_empty() { Exit::Done } else { Exit::Findings })
    }
}

fn cells(service: &Service, item: &OverviewItem) -> [Cell; 4] {
    let (mark, tone) = match (&item.finding, &item.rotation) {
        (Some(found), _) => words::finding_mark(Some(found)),
        (None, Some(run)) => rotation::mark(&run.state),
        (None, None) => words::mark(Some(item.severity)),
    };
    let (what, why, named) = told(service, item);
    let next = next(item, &named);
    [
        Cell::toned(mark, tone),
        Cell::toned(what, Tone::Strong),
        why.into(),
        Cell::toned(next, Tone::Faint),
    ]
}

/// The command that goes on.
fn next(item: &OverviewItem, named: &str) -> String {
    if let Some(run) = &item.rotation {
        return rotation::next(run);
    }
    match (&item.operation, item.next) {
        // What is open is settled by the list of its connection.
        (Some(operation), NextAction::Refresh) => {
            words::next(item.next, &words::quoted(&operation.connection_name))
        }
        (Some(operation), NextAction::SendDraft) if operation.state == OperationState::Draft => {
            "kw queue send".into()
        }
        _ => words::next(item.next, &words::quoted(named)),
    }
}

/// What it is about, why it is listed, and how a command names it.
fn told(service: &Service, item: &OverviewItem) -> (String, String, String) {
    if let Some(row) = &item.row {
        let why =
            item.finding.as_ref().map(|found| words::finding(&found.kind)).unwrap_or_default();
        return (row.title.clone(), why, find::name_of(service, row.id, &row.title));
    }
    if let Some(operation) = &item.operation {
        let id = operation.id.to_string().chars().take(8).collect();
        return (words::request(&operation.request), words::operation(&operation.state), id);
    }
    if let Some(run) = &item.rotation {
        let what = format!("replace “{}”", run.title);
        return (what, run.words.clone(), rotation::short(run.id));
    }
    let Some(row) = &item.connection else { return Default::default() };
    let why = match (item.next, row.credential_expires.at()) {
        (NextAction::ReplaceCredential, Some(at)) => {
            format!("Its management credential ends on {}.", words::day(at))
        }
        _ => row.trouble.clone(),
    };
    (row.name.clone(), why, row.name.clone())
}
