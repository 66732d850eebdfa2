//! A change of many keys carried out, and what became of each.

use std::collections::HashSet;

use keywright_model::{
    BulkId, KeyId, OperationId, OperationState, Request, RotationId, RotationState, Status,
    rotation::Wait,
};
use keywright_service::{
    Service,
    wire::{
        BulkAct, BulkAsk, BulkBegun, BulkLine, BulkPlan, ListRotations, RevokeStage, RotationRow,
        SettleAction, SettleOperation,
    },
};
use serde::Serialize;

use crate::{
    app::App,
    commands::rotate::{
        follow::{End, Watch},
        through::worse,
    },
    error::Error,
    exit::Exit,
    show::{
        out::{Tone, note},
        rotation,
        table::{Cell, Column, Table},
        words::{self, clean},
    },
};

const COLUMNS: &[Column; 4] = &[
    Column::fixed(""),
    Column::text("name"),
    Column::text("what became of it"),
    Column::text("next").rank(1),
];

/// What became of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fate {
    /// Changed.
    Done,
    /// It goes on by itself when its time has come.
    Waits,
    /// The platform could not be reached: it is kept.
    Offline,
    /// Somebody has to do something.
    NeedsYou,
    /// It could not be changed.
    Failed,
    /// It was left as it is: the plan said why.
    Left,
    /// Its replacement was taken back, closed, or stopped before it began.
    Ended,
}

/// One key of the table.
#[derive(Debug, Serialize)]
struct Line {
    key: KeyId,
    title: String,
    fate: Fate,
    words: String,
    /// The run that replaces it.
    rotation: Option<RotationId>,
    #[serde(skip)]
    next: String,
}

/// What became of all.
#[derive(Debug, Serialize)]
pub(super) struct Ended {
    /// What names it to `kw bulk resume`; none where nothing can be resumed.
    bulk: Option<BulkId>,
    keys: Vec<Line>,
}

impl Ended {
    /// Where no key of a plan can be changed.
    pub(super) fn nothing(plan: &BulkPlan) -> Self {
        Self { bulk: None, keys: plan.lines.iter().map(Line::left).collect() }
    }

    /// How the runs of a selection stand, and the keys that were left.
    pub(super) fn of_runs(
        service: &Service,
        bulk: BulkId,
        left: Vec<BulkLine>,
    ) -> Result<Self, Error> {
        let all = ListRotations { ended: true, key: None, bulk: Some(bulk) };
        let rows = service.list_rotations(all)?;
        let keys = rows.iter().map(Line::of_run).chain(left.iter().map(Line::left));
        Ok(Self { bulk: Some(bulk), keys: keys.collect() })
    }

    fn exit(&self) -> Exit {
        self.keys.iter().map(|line| line.fate.exit()).fold(Exit::Done, worse)
    }
}

impl Fate {
    const fn exit(self) -> Exit {
        match self {
            Self::Done | Self::Waits | Self::Ended => Exit::Done,
            Self::Offline => Exit::Offline,
            Self::NeedsYou | Self::Failed | Self::Left => Exit::Failed,
        }
    }

    const fn mark(self) -> (&'static str, Tone) {
        match self {
            Self::Done => ("✓", Tone::Fine),
            Self::Waits | Self::Offline => ("◌", Tone::Plain),
            Self::NeedsYou | Self::Failed => ("■", Tone::Critical),
            Self::Left => ("▲", Tone::Warning),
            Self::Ended => ("–", Tone::Faint),
        }
    }
}

impl Line {
    fn of_run(row: &RotationRow) -> Self {
        let fate = match &row.state {
            RotationState::Done => Fate::Done,
            RotationState::Waiting { wait: Wait::Person, .. } => Fate::NeedsYou,
            RotationState::Waiting { wait: Wait::Network, .. } => Fate::Offline,
            RotationState::Waiting { wait: Wait::Until(_), .. } => Fate::Waits,
            RotationState::Queued | RotationState::Running => Fate::Failed,
            RotationState::TakenBack | RotationState::Closed { .. } => Fate::Ended,
        };
        let next = if matches!(fate, Fate::Done | Fate::Ended) {
            String::new()
        } else {
            rotation::next(row)
        };
        let (title, words) = (row.title.clone(), row.words.clone());
        Self { key: row.old, title, fate, words, rotation: Some(row.id), next }
    }

    fn left(line: &BulkLine) -> Self {
        Self::new(line, Fate::Left, &line.blocked)
    }

    fn new(line: &BulkLine, fate: Fate, words: &str) -> Self {
        Self {
            key: line.key,
            title: line.title.clone(),
            fate,
            words: words.to_owned(),
            rotation: None,
            next: String::new(),
        }
    }
}

/// Does it, tells of it, and prints the table.
pub(super) async fn carry_out(
    app: &App,
    service: &Service,
    ask: BulkAsk,
    no_wait: bool,
) -> Result<Exit, Error> {
    let planned = service.plan_bulk(ask.clone())?.lines;
    let before: HashSet<OperationId> =
        service.list_operations()?.iter().map(|line| line.id).collect();
    let begun = service.start_bulk(&ask)?;
    match ask.act {
        BulkAct::Rotate { .. } => replace(app, service, begun).await,
        BulkAct::Policy { .. } => tell(app, &changed(&planned, &begun)),
        BulkAct::Revoke | BulkAct::Relabel { .. } => {
            let mut drafts = drafts(service, &before)?;
            drafts.retain(|(_, key)| planned.iter().any(|line| line.key == *key));
            send(app, service, &planned, drafts, no_wait).await
        }
    }
}

async fn replace(app: &App, service: &Service, begun: BulkBegun) -> Result<Exit, Error> {
    let mut watch = Watch::new(service, None, false);
    match watch.during(Box::pin(service.run_bulk(begun.bulk))).await? {
        End::Interrupted | End::Enough => Ok(stopped(begun.bulk)),
        End::Came(_) => tell(app, &Ended::of_runs(service, begun.bulk, begun.left)?),
    }
}

/// Keys that were changed here and now.
fn changed(planned: &[BulkLine], begun: &BulkBegun) -> Ended {
    let done = planned.iter().filter(|line| line.blocked.is_empty());
    let done = done.map(|line| Line::new(line, Fate::Done, &line.words));
    Ended { bulk: None, keys: done.chain(begun.left.iter().map(Line::left)).collect() }
}

/// What was written down just now to be sent, with its key.
fn drafts(
    service: &Service,
    before: &HashSet<OperationId>,
) -> Result<Vec<(OperationId, KeyId)>, Error> {
    let lines = service.list_operations()?;
    let new = lines
        .into_iter()
        .filter(|line| line.state == OperationState::Draft && !before.contains(&line.id));
    Ok(new
        .filter_map(|line| match line.request {
            Request::Revoke { key, .. } | Request::Relabel { key, .. } => Some((line.id, key)),
            _ => None,
        })
        .collect())
}

/// Sends what was written down, one after another, and waits for the proofs.
async fn send(
    app: &App,
    service: &Service,
    planned: &[BulkLine],
    drafts: Vec<(OperationId, KeyId)>,
    no_wait: bool,
) -> Result<Exit, Error> {
    let mut watch = Watch::new(service, None, false);
    watch.name(planned.iter().map(|line| (line.key, line.title.clone())));
    let work = Box::pin(async {
        let mut keys = Vec::new();
        for line in planned.iter().filter(|line| line.blocked.is_empty()) {
            let Some((id, _)) = drafts.iter().find(|(_, key)| *key == line.key) else { continue };
            keys.push(sent(service, line, *id).await?);
        }
        if !no_wait {
            for line in keys.iter_mut().filter(|line| line.fate == Fate::Done) {
                prove(service, line).await?;
            }
        }
        Ok(keys)
    });
    match watch.during(work).await? {
        End::Interrupted | End::Enough => {
            note("What was not sent is kept: kw queue lists it, kw queue send sends it.");
            Ok(Exit::Failed)
        }
        End::Came(mut keys) => {
            let blocked = planned.iter().filter(|line| !line.blocked.is_empty());
            keys.extend(blocked.map(Line::left));
            tell(app, &Ended { bulk: None, keys })
        }
    }
}

/// Sends one. What the vault itself refuses ends all.
async fn sent(
    service: &Service,
    line: &BulkLine,
    operation: OperationId,
) -> Result<Line, keywright_service::Error> {
    use keywright_service::Error as E;
    let action = SettleAction::Send;
    let settled = service.settle_operation(SettleOperation { operation, action }).await;
    let mut ended = match settled {
        Ok(()) => Line::new(line, Fate::Done, &line.words),
        Err(error @ (E::Locked | E::Vault(_))) => return Err(error),
        Err(E::Drafted | E::WorkOffline) => {
            Line::new(line, Fate::Offline, "There is no network; it is kept to be sent")
        }
        Err(error) => Line::new(line, Fate::Failed, &error.failure().what),
    };
    ended.next = match ended.fate {
        Fate::Offline => "kw queue send".into(),
        Fate::Failed => format!("kw show {}", short(line.key)),
        _ => String::new(),
    };
    note(&clean(&format!("{} {}: {}", ended.fate.mark().0, line.title, ended.words)));
    Ok(ended)
}

/// Waits until a revoked key is proved dead; one that was only renamed needs no proof.
async fn prove(service: &Service, line: &mut Line) -> Result<(), keywright_service::Error> {
    if service.key_detail(line.key)?.row.status != Status::Revoking {
        return Ok(());
    }
    let progress = service.prove_revocation(line.key).await?;
    line.words = match progress.stage {
        RevokeStage::Proved { window_ms: Some(window) } => {
            format!("Revoked, proved dead after {}", words::seconds(window))
        }
        RevokeStage::Proved { window_ms: None } => {
            "Revoked: the platform no longer lists it".into()
        }
        RevokeStage::Overdue => "It still works although it was revoked".into(),
        RevokeStage::Unproved { ref why } => format!("Revoked, not proved: {why}"),
        _ => "Revoked, not proved yet".into(),
    };
    if !matches!(progress.stage, RevokeStage::Proved { .. }) {
        line.fate = Fate::Failed;
        line.next = format!("kw revoke {}", short(line.key));
    }
    Ok(())
}

/// The beginning of a key's id: its title may be another's too.
fn short(key: KeyId) -> String {
    key.to_string().chars().take(8).collect()
}

/// Says how to go on with replacements that were stopped.
pub(super) fn stopped(bulk: BulkId) -> Exit {
    note("Nothing is lost: each run is written down as far as it got.");
    note(&format!("    kw bulk resume {bulk}    takes them up"));
    note(&format!("    kw bulk cancel {bulk}    stops what has not begun"));
    Exit::Failed
}

/// The table of what became of each.
pub(super) fn tell(app: &App, ended: &Ended) -> Result<Exit, Error> {
    app.out.answer(ended, || {
        let rows = ended.keys.iter().map(|line| {
            let (mark, tone) = line.fate.mark();
            [
                Cell::toned(mark, tone),
                Cell::toned(line.title.as_str(), Tone::Strong),
                line.words.trim_end_matches('.').into(),
                Cell::toned(line.next.as_str(), Tone::Faint),
            ]
        });
        app.out.table(&Table::new(COLUMNS, rows))
    })?;
    let exit = ended.exit();
    if let (Some(bulk), false) = (ended.bulk, exit == Exit::Done) {
        note(&format!("kw bulk resume {bulk} takes up what can go on."));
    }
    Ok(exit)
}
