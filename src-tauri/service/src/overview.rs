//! What needs somebody, in order of urgency, each with its one next action.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use keywright_model::{
    Finding, FindingKind, KeyId, Operation, OperationState, Rotation, RotationState, Severity,
    Status, finding, key::Key, rotation::Wait,
};
use keywright_vault::{Notice, Vault};

use crate::{
    Error, Service, VaultState,
    rotate::violations_in,
    rows::{Facts, Tally, may_work},
    wire::{AppStatus, Coming, Network, NextAction, Overview, OverviewItem},
};

/// Items shown at the most.
const MAX_ITEMS: usize = 200;
/// Coming dates shown at the most.
const MAX_COMING: usize = 8;

impl Service {
    /// The first screen.
    pub fn overview(&self) -> Result<Overview, Error> {
        let now = self.now();
        self.read(|vault| {
            let facts = Facts::of(vault, self.registry(), now);
            let mut items = items_from(vault, &facts, Severity::Warning);
            let needs_you = items.len();
            items.truncate(MAX_ITEMS);
            let live: Vec<&Key> = vault.index().keys().filter(|k| may_work(k, now)).collect();
            let fine = live.iter().filter(|k| pressing(k, &facts).is_none()).count();
            Ok(Overview {
                items,
                needs_you: number(needs_you),
                keys: number(live.len()),
                fine: number(fine),
                connections: number(connections(vault).count()),
                coming: coming(&live, &facts),
            })
        })
    }

    /// What the window shows at its edges.
    pub fn status(&self) -> Result<AppStatus, Error> {
        let network = *self.inner.network.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let version = env!("CARGO_PKG_VERSION").to_owned();
        if self.vault_state() != VaultState::Unlocked {
            return Ok(AppStatus {
                unlocked: false,
                network,
                keys: 0,
                needs_you: 0,
                worst: None,
                connections: 0,
                drafts: 0,
                notice: None,
                version,
            });
        }
        let now = self.now();
        self.read(|vault| {
            let facts = Facts::of(vault, self.registry(), now);
            let (needs_you, worst) = counts(vault, &facts);
            let drafts = open_operations(vault).filter(|operation| {
                matches!(operation.state, OperationState::Draft | OperationState::Held { .. })
            });
            let drafts = drafts.count();
            let offline = vault.index().settings().work_offline;
            Ok(AppStatus {
                unlocked: true,
                network: if offline { Network::WorkOffline } else { network },
                keys: number(vault.index().keys().filter(|k| k.deleted.is_none()).count()),
                needs_you: number(needs_you),
                worst,
                connections: number(connections(vault).count()),
                drafts: number(drafts),
                notice: vault.notice().map(notice_words),
                version,
            })
        })
    }

    /// What was noticed when the vault was opened, such as a rolled-back file; none when all is well.
    pub fn notice(&self) -> Result<Option<String>, Error> {
        self.read(|vault| Ok(vault.notice().map(notice_words)))
    }

    /// All findings at or above a severity, most pressing first.
    pub fn findings(&self, least: Severity) -> Result<Vec<OverviewItem>, Error> {
        let now = self.now();
        self.read(|vault| {
            let facts = Facts::of(vault, self.registry(), now);
            Ok(items_from(vault, &facts, least))
        })
    }
}

/// Open operations, then connections in trouble and keys with findings, by severity and due date.
fn items_from(vault: &Vault, facts: &Facts<'_>, least: Severity) -> Vec<OverviewItem> {
    let mut items: Vec<(DateTime<Utc>, OverviewItem)> = Vec::new();
    for operation in open_operations(vault) {
        items.push((operation.asked, operation_item(operation, facts)));
    }
    for run in open_runs(vault) {
        items.push((run.asked, run_item(vault, run)));
    }
    let replaced = replaced(vault);
    let tally = Tally::of(vault);
    for connection in connections(vault).filter(|c| !c.trouble.is_empty()) {
        let item = OverviewItem {
            severity: Severity::Warning,
            row: None,
            finding: None,
            operation: None,
            rotation: None,
            connection: Some(facts.connection_row(connection, &tally)),
            next: NextAction::Refresh,
        };
        items.push((connection.refreshed.unwrap_or(connection.added), item));
    }
    for connection in connections(vault) {
        if let Some((severity, due)) = credential_end(connection, facts.now) {
            let item = OverviewItem {
                severity,
                row: None,
                finding: None,
                operation: None,
                rotation: None,
                connection: Some(facts.connection_row(connection, &tally)),
                next: NextAction::ReplaceCredential,
            };
            items.push((due, item));
        }
    }
    for key in vault.index().keys() {
        let mut found = finding::findings(key, facts.rules, facts.now).into_iter();
        let found = found.find(|found| !seen_to(found, &replaced));
        if let Some(found) = found.filter(|found| found.severity >= least) {
            items.push((found.due, key_item(key, found, facts)));
        }
    }
    let shared = vault.index().keys().filter_map(|key| {
        let found = finding::shared(key, facts.now).filter(|found| found.severity >= least);
        found.map(|found| (key, found))
    });
    for (key, found) in misplaced(vault, facts).chain(shared) {
        items.push((found.due, key_item(key, found, facts)));
    }
    items.retain(|(_, item)| item.severity >= least);
    items.sort_by(|a, b| b.1.severity.cmp(&a.1.severity).then(a.0.cmp(&b.0)));
    items.into_iter().map(|(_, item)| item).collect()
}

/// Keys with a place that needs somebody.
fn misplaced<'v>(
    vault: &'v Vault,
    facts: &Facts<'_>,
) -> impl Iterator<Item = (&'v Key, Finding)> + use<'v> {
    let now = facts.now;
    vault.index().placements().filter_map(move |placement| {
        let key = vault.index().key(placement.key)?;
        finding::of_placement(key, placement, now).map(|found| (key, found))
    })
}

fn counts(vault: &Vault, facts: &Facts<'_>) -> (usize, Option<Severity>) {
    let operations = open_operations(vault).map(|operation| operation_severity(&operation.state));
    let runs = open_runs(vault).map(|run| run_severity(vault, run));
    let replaced = replaced(vault);
    let ending = connections(vault).filter_map(|connection| {
        credential_end(connection, facts.now).map(|(severity, _)| severity)
    });
    let troubled = connections(vault).filter(|c| !c.trouble.is_empty()).map(|_| Severity::Warning);
    let keys = vault.index().keys().filter_map(|key| {
        pressing(key, facts).filter(|found| !seen_to(found, &replaced)).map(|found| found.severity)
    });
    let places = misplaced(vault, facts).map(|(_, found)| found.severity);
    let mut count = 0;
    let worst = operations
        .chain(runs)
        .chain(places)
        .chain(troubled)
        .chain(ending)
        .chain(keys)
        .filter(|severity| *severity >= Severity::Warning)
        .inspect(|_| count += 1)
        .max();
    (count, worst)
}

/// How pressing the end of a connection's management credential is, and when it is.
fn credential_end(
    connection: &keywright_model::Connection,
    now: DateTime<Utc>,
) -> Option<(Severity, DateTime<Utc>)> {
    let at = connection.credential_expires.at().filter(|_| connection.has_credential)?;
    finding::expiry_severity(at, now).map(|severity| (severity, at))
}

fn pressing(key: &Key, facts: &Facts<'_>) -> Option<Finding> {
    finding::findings(key, facts.rules, facts.now)
        .into_iter()
        .next()
        .filter(|found| found.severity >= Severity::Warning)
}

fn key_item(key: &Key, found: Finding, facts: &Facts<'_>) -> OverviewItem {
    let next = match found.kind {
        FindingKind::RevokeOverdue | FindingKind::RevokeUnproved => NextAction::WatchRevocation,
        FindingKind::Gone => NextAction::Open,
        FindingKind::Misplaced { .. }
        | FindingKind::DeadButPlaced { .. }
        | FindingKind::Shared { .. }
        | FindingKind::TrackedFile { .. }
        | FindingKind::LooseFile { .. } => NextAction::LookAtPlace,
        FindingKind::NearExpiry { .. }
        | FindingKind::Expired { .. }
        | FindingKind::RotationDue { .. } => NextAction::Replace,
    };
    OverviewItem {
        severity: found.severity,
        row: Some(facts.key_row(key)),
        finding: Some(found),
        operation: None,
        rotation: None,
        connection: None,
        next,
    }
}

/// Operations on which somebody still has to act; those of a run are the run's.
fn open_operations(vault: &Vault) -> impl Iterator<Item = &Operation> {
    let open = vault.index().operations().filter(|operation| operation.state.is_open());
    open.filter(|operation| !crate::queue::belongs_to_run(vault, operation.id))
}

/// Replacements that go on or wait; of a selection's, those that began.
fn open_runs(vault: &Vault) -> impl Iterator<Item = &Rotation> {
    let queued = |run: &Rotation| run.bulk.is_some() && run.state == RotationState::Queued;
    vault.index().rotations().filter(move |run| run.is_open() && !queued(run))
}

/// Keys that are being replaced.
fn replaced(vault: &Vault) -> HashSet<KeyId> {
    vault.index().rotations().filter(|run| run.is_open()).map(|run| run.old).collect()
}

/// What a replacement that goes on sees to already.
fn seen_to(found: &Finding, replaced: &HashSet<KeyId>) -> bool {
    let ends = matches!(
        found.kind,
        FindingKind::NearExpiry { .. }
            | FindingKind::Expired { .. }
            | FindingKind::RotationDue { .. }
            | FindingKind::RevokeUnproved
    );
    ends && replaced.contains(&found.key)
}

fn run_severity(vault: &Vault, run: &Rotation) -> Severity {
    match &run.state {
        RotationState::Waiting { wait: Wait::Person, .. } => Severity::Critical,
        RotationState::Queued => Severity::Warning,
        _ if !violations_in(vault, run).is_empty() => Severity::Critical,
        _ => Severity::Warning,
    }
}

fn run_item(vault: &Vault, run: &Rotation) -> OverviewItem {
    OverviewItem {
        severity: run_severity(vault, run),
        row: None,
        finding: None,
        operation: None,
        rotation: Some(Service::row_of(vault, run)),
        connection: None,
        next: NextAction::OpenRotation,
    }
}

fn operation_item(operation: &Operation, facts: &Facts<'_>) -> OverviewItem {
    let next = match operation.state {
        OperationState::Orphaned { .. } => NextAction::RevokeOrphan,
        OperationState::Draft | OperationState::Held { .. } => NextAction::SendDraft,
        _ => NextAction::Refresh,
    };
    OverviewItem {
        severity: operation_severity(&operation.state),
        row: None,
        finding: None,
        operation: Some(facts.operation_line(operation)),
        rotation: None,
        connection: None,
        next,
    }
}

const fn operation_severity(state: &OperationState) -> Severity {
    match state {
        OperationState::Orphaned { .. } | OperationState::Ambiguous { .. } => Severity::Critical,
        _ => Severity::Warning,
    }
}

/// The next dates of keys that are not pressing yet, soonest first.
fn coming(live: &[&Key], facts: &Facts<'_>) -> Vec<Coming> {
    let mut dates: Vec<Coming> = live
        .iter()
        .filter(|key| key.status != Status::Revoking)
        .flat_map(|key| {
            let ends = key.expires.at().map(|at| (at, true));
            let due = finding::rotation_due(key, facts.rules).map(|at| (at, false));
            [ends, due].into_iter().flatten().filter(|(at, _)| *at > facts.now).map(
                |(at, expires)| Coming { key: key.id, title: key.title().to_owned(), at, expires },
            )
        })
        .collect();
    dates.sort_by_key(|coming| coming.at);
    dates.truncate(MAX_COMING);
    dates
}

fn connections(vault: &Vault) -> impl Iterator<Item = &keywright_model::Connection> {
    vault.index().connections().filter(|connection| connection.deleted.is_none())
}

fn notice_words(notice: Notice) -> String {
    match notice {
        Notice::RolledBack { .. } => "This vault is older than the one seen here last. If you did \
             not restore a backup, somebody put an old copy back: refresh your connections and look \
             for keys that came back to life."
            .into(),
        Notice::NotWatched => "The record of this vault's last state is missing, so an old copy \
             could not be told from the newest. It is written anew with the next change."
            .into(),
        Notice::Unreadable { records } => format!(
            "{records} records are whole but were written by another version of Keywright, and are \
             not shown. Update Keywright to see them."
        ),
        _ => "Something about this vault needs a newer Keywright to be told.".into(),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
