//! `kw queue`: what was asked for offline, and waits to be sent.

use clap::{Args, Subcommand};
use keywright_model::{OperationState, expiry::Lifetime};
use keywright_service::wire::{
    EditDraft, OperationLine, QueueReport, SettleAction, SettleOperation,
};
use serde_json::json;

use crate::{
    app::App,
    commands::{key::lifetime, vault::operations},
    error::Error,
    exit::Exit,
    find,
    show::words::{self, clean},
};

/// List what was asked for offline and waits to be sent; send, change or cancel it
///
/// `kw operations` lists lost answers and orphans as well.
#[derive(Debug, Args)]
pub(crate) struct Queue {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Send all that can be sent: each is held against the platform's list first, and sent once
    Send,
    /// Cancel one; nothing is sent
    Cancel {
        /// Its id, or the beginning of it
        id: String,
    },
    /// Change one before it is sent; one that was stopped is to be sent again
    Edit(Edit),
}

#[derive(Debug, Args)]
struct Edit {
    /// Its id, or the beginning of it
    id: String,
    #[command(flatten)]
    what: What,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct What {
    /// Another name, for a key that is to be made or renamed
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Other scopes, for a key that is to be made; once for each
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<String>,
    /// Another end, for a key that is to be made: 30d, 12w, 1y, never, or a day
    #[arg(long, value_name = "WHEN", value_parser = lifetime)]
    expires: Option<Lifetime>,
    /// Another reason, for a revocation
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Queue {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        match self.action {
            None => list(app),
            Some(Action::Send) => send(app).await,
            Some(Action::Cancel { id }) => cancel(app, &id).await,
            Some(Action::Edit(edit)) => edit.run(app),
        }
    }
}

impl Edit {
    fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let operation = find::operation(&service, &self.id)?.id;
        let What { name, scopes, expires, reason } = self.what;
        let scopes = (!scopes.is_empty()).then_some(scopes);
        let edit = EditDraft { operation, name, scopes, lifetime: expires, reason };
        let line = service.edit_draft(edit)?;
        app.out.answer(&line, || {
            clean(&format!("To be sent: {}. kw queue send\n", words::request(&line.request)))
        })?;
        Ok(Exit::Done)
    }
}

const fn waits(line: &OperationLine) -> bool {
    matches!(line.state, OperationState::Draft | OperationState::Held { .. })
}

fn list(app: &App) -> Result<Exit, Error> {
    let mut lines = app.reading()?.list_operations()?;
    lines.retain(waits);
    app.out.answer(&lines, || {
        if lines.is_empty() {
            return "✓ Nothing waits to be sent.\n".into();
        }
        operations::table(app, &lines)
    })?;
    Ok(Exit::Done)
}

async fn send(app: &App) -> Result<Exit, Error> {
    let report = app.writing()?.run_queue().await?;
    app.out.answer(&report, || told(&report))?;
    Ok(match report {
        QueueReport { stopped: 1.., .. } => Exit::Failed,
        QueueReport { left: 1.., .. } => Exit::Offline,
        _ => Exit::Done,
    })
}

fn told(report: &QueueReport) -> String {
    let mut lines = Vec::new();
    let QueueReport { sent, stopped, left } = report;
    if *sent > 0 {
        lines.push(format!("✓ {} sent.", words::counted(*sent, "change")));
    }
    if *stopped > 0 {
        let stopped = words::counted(*stopped, "change");
        lines.push(format!("■ {stopped} stopped; kw queue and kw operations say why."));
    }
    if *left > 0 {
        let left = words::counted(*left, "change");
        lines.push(format!("◌ {left} left: the platform could not be reached."));
    }
    if lines.is_empty() {
        lines.push("✓ Nothing waits to be sent.".into());
    }
    lines.join("\n") + "\n"
}

async fn cancel(app: &App, id: &str) -> Result<Exit, Error> {
    let service = app.writing()?;
    let line = find::operation(&service, id)?;
    if !waits(&line) {
        return Err(keywright_service::Error::NotPossible {
            why: "it was sent already".into(),
            advice: "kw operations shows what became of it.".into(),
        }
        .into());
    }
    let action = SettleAction::Close;
    service.settle_operation(SettleOperation { operation: line.id, action }).await?;
    app.out.answer(&json!({ "cancelled": line.id }), || "Cancelled; nothing was sent.\n".into())?;
    Ok(Exit::Done)
}
