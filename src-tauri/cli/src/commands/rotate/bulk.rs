//! `kw bulk`: many keys at once, with one plan and one table of what became of each.

use clap::{Args, Subcommand};
use keywright_model::{KeyId, expiry::Lifetime};
use keywright_service::{
    Service,
    wire::{BulkAct, BulkAsk, BulkPlan, Selection},
};

use crate::{
    app::App,
    commands::{
        key::lifetime,
        rotate::{
            bulk_end::{self, Ended},
            follow::{End, Watch, bulk_words},
            span,
            start::typed,
        },
    },
    error::Error,
    exit::Exit,
    find,
    show::{
        out::{Tone, note},
        table::{Cell, Column, Table},
        words::clean,
    },
};

const COLUMNS: &[Column; 4] = &[
    Column::fixed(""),
    Column::text("name"),
    Column::text("connection").rank(1),
    Column::text("what"),
];

/// Change many keys at once: by their names, a query, their owner, or the machine they are on
///
/// Shows the plan and asks first. What fails for one key stops that key only; a table tells what
/// became of each, and the exit code is 1 when not all were changed.
#[derive(Debug, Args)]
pub(crate) struct Bulk {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Replace each, some at a time
    Rotate(Rotate),
    /// Revoke each, and prove it dead; asks for a typed word
    Revoke(Revoke),
    /// Give each another name on its platform
    Relabel(Relabel),
    /// Set each one's days between rotations
    Policy(Policy),
    /// Take up replacements that were stopped
    Resume {
        /// Its id or the beginning of it, as kw bulk told it
        id: String,
    },
    /// Stop what has not begun; what is at work goes on
    Cancel {
        /// Its id or the beginning of it, as kw bulk told it
        id: String,
    },
}

/// Which keys.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The keys
    #[arg(value_name = "KEY")]
    keys: Vec<String>,
    /// All that a query finds
    #[arg(long, value_name = "Q")]
    query: Option<String>,
    /// All of somebody: they left the team
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// All that are placed on a machine: it is lost
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
}

/// How it is asked for.
#[derive(Debug, Args)]
struct How {
    /// Show what would happen to each, and change nothing
    #[arg(long, conflicts_with_all = ["yes", "word"])]
    plan: bool,
    /// Do not ask; what has to be typed still has to be
    #[arg(long, short)]
    yes: bool,
    /// What has to be typed where keys end: the plan names it
    #[arg(long = "type", value_name = "WORD")]
    word: Option<String>,
}

#[derive(Debug, Args)]
struct Rotate {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    how: How,
    /// When the new keys end; as long as the old ones when left out
    #[arg(long, value_name = "WHEN", value_parser = lifetime)]
    expires: Option<Lifetime>,
    /// Keep the old keys for so long after all is verified: 30m, 1h, 7d
    #[arg(long, value_name = "TIME", value_parser = span, conflicts_with = "revoke_first")]
    grace: Option<u32>,
    /// The old keys end first; what uses them stops until it has the new ones
    #[arg(long)]
    revoke_first: bool,
    /// Why, for the reports
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

#[derive(Debug, Args)]
struct Revoke {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    how: How,
    /// Why, for the log
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// Do not wait for the proofs
    #[arg(long)]
    no_wait: bool,
}

#[derive(Debug, Args)]
struct Relabel {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    how: How,
    /// What in the names is replaced
    #[arg(long, value_name = "TEXT")]
    find: String,
    /// With what
    #[arg(long, value_name = "TEXT")]
    with: String,
}

#[derive(Debug, Args)]
struct Policy {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    how: How,
    /// Days between rotations; 0 takes the vault's default
    #[arg(long, value_name = "DAYS")]
    days: u32,
}

/// A change of many keys as it was written on the command line.
struct Asked {
    which: Which,
    how: How,
    act: BulkAct,
    reason: String,
    no_wait: bool,
}

impl Bulk {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let asked = match self.action {
            Action::Rotate(rotate) => rotate.asked(),
            Action::Revoke(Revoke { which, how, reason, no_wait }) => {
                Asked { which, how, act: BulkAct::Revoke, reason, no_wait }
            }
            Action::Relabel(Relabel { which, how, find, with }) => {
                let act = BulkAct::Relabel { find, with };
                Asked { which, how, act, reason: String::new(), no_wait: false }
            }
            Action::Policy(Policy { which, how, days }) => {
                let act = BulkAct::Policy { days };
                Asked { which, how, act, reason: String::new(), no_wait: false }
            }
            Action::Resume { id } => return resume(app, &id).await,
            Action::Cancel { id } => return cancel(app, &id),
        };
        asked.run(app).await
    }
}

impl Rotate {
    fn asked(self) -> Asked {
        let act = BulkAct::Rotate {
            revoke_first: self.revoke_first,
            grace_s: self.grace.unwrap_or_default(),
            lifetime: self.expires,
        };
        Asked { which: self.which, how: self.how, act, reason: self.reason, no_wait: false }
    }
}

impl Which {
    fn selection(self, service: &Service) -> Result<Selection, Error> {
        Ok(match self {
            Self { query: Some(query), .. } => Selection::Query { query },
            Self { owner: Some(name), .. } => Selection::Owner { name },
            Self { machine: Some(name), .. } => Selection::Machine { name },
            Self { keys, .. } => {
                let mut ids: Vec<KeyId> = Vec::new();
                for text in &keys {
                    let id = find::key(service, text)?;
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
                Selection::Keys { keys: ids }
            }
        })
    }
}

impl Asked {
    async fn run(self, app: &App) -> Result<Exit, Error> {
        let only_plan = self.how.plan;
        let service = if only_plan { app.reading()? } else { app.writing()? };
        let selection = self.which.selection(&service)?;
        let mut ask =
            BulkAsk { selection, act: self.act, reason: self.reason, typed: String::new() };
        let plan = service.plan_bulk(ask.clone())?;
        if plan.lines.is_empty() {
            return Err(keywright_service::Error::NotFound { what: "key" }.into());
        }
        if only_plan {
            app.out.answer(&plan, || plan_words(app, &plan))?;
            return Ok(if plan.left == 0 { Exit::Done } else { Exit::Failed });
        }
        if !app.out.is_json() {
            note(plan_words(app, &plan).trim_end());
        }
        if plan.ready == 0 {
            return bulk_end::tell(app, &Ended::nothing(&plan));
        }
        ask.typed = self.how.ask(app, &plan)?;
        bulk_end::carry_out(app, &service, ask, self.no_wait).await
    }
}

impl How {
    fn ask(&self, app: &App, plan: &BulkPlan) -> Result<String, Error> {
        if let Some(word) = &plan.type_to_confirm {
            return typed(app, self.word.as_ref(), word);
        }
        if !self.yes {
            app.input.confirm("Go on?", "Write --yes to do it without being asked.")?;
        }
        Ok(String::new())
    }
}

fn plan_words(app: &App, plan: &BulkPlan) -> String {
    let mut text = clean(&(plan.sentences.join("\n") + "\n"));
    if let Some(word) = &plan.type_to_confirm {
        text.push_str(&clean(&format!("To confirm it, “{word}” has to be typed.\n")));
    }
    let rows = plan.lines.iter().map(|line| {
        let (mark, tone, what) = match line.blocked.as_str() {
            "" => ("◌", Tone::Plain, &line.words),
            _ => ("■", Tone::Critical, &line.blocked),
        };
        [
            Cell::toned(mark, tone),
            Cell::toned(line.title.as_str(), Tone::Strong),
            line.connection_name.as_str().into(),
            what.as_str().into(),
        ]
    });
    text.push('\n');
    text.push_str(&app.out.table(&Table::new(COLUMNS, rows)));
    text
}

async fn resume(app: &App, text: &str) -> Result<Exit, Error> {
    let service = app.writing()?;
    let bulk = find::bulk(&service, text)?;
    let mut watch = Watch::new(&service, None, false);
    match watch.during(Box::pin(service.run_bulk(bulk))).await? {
        End::Interrupted | End::Enough => Ok(bulk_end::stopped(bulk)),
        End::Came(_) => bulk_end::tell(app, &Ended::of_runs(&service, bulk, Vec::new())?),
    }
}

fn cancel(app: &App, text: &str) -> Result<Exit, Error> {
    let service = app.writing()?;
    let progress = service.cancel_bulk(find::bulk(&service, text)?)?;
    app.out.answer(&progress, || bulk_words(&progress) + "\n")?;
    Ok(Exit::Done)
}
