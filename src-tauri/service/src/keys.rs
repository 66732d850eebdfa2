//! Finding and reading keys.

use std::{
    cmp::{Ordering, Reverse},
    collections::HashMap,
};

use keywright_model::{Key, KeyId, Query, Severity, Status, finding, key::Proof, query};
use keywright_platforms::{Capability, GuidedAct};
use keywright_vault::Vault;

use crate::{
    Error, Service,
    rows::{Facts, event_line},
    wire::{KeyActions, KeyDetail, KeyPage, ListKeys, QueryProblem},
};

/// Rows of a page at the most.
const MAX_PAGE: u32 = 500;
/// Events shown with a key.
const KEY_EVENTS: usize = 20;
/// Keys from which on they are ranked before somebody types.
const MANY: usize = 2_000;
/// Seconds for which an ordered list is served again.
const LIST_LIFE_S: i64 = 60;

/// An ordered list of keys, kept so that scrolling does not search and sort again.
pub(crate) struct Listed {
    query: String,
    revision: u64,
    made: chrono::DateTime<chrono::Utc>,
    needs_you: usize,
    ids: Vec<KeyId>,
    /// How many of the ids, from the first, stand in their order. The first page needs no more.
    ordered: usize,
}

impl Listed {
    /// Whether it still answers a query up to a row.
    fn serves(
        &self,
        query: &str,
        revision: u64,
        rows: usize,
        now: chrono::DateTime<chrono::Utc>,
    ) -> bool {
        self.query == query
            && self.revision == revision
            && (now - self.made).num_seconds().abs() < LIST_LIFE_S
            && rows.min(self.ids.len()) <= self.ordered
    }
}

/// The place of every key in the whole list: a key stroke then compares numbers, and does not ask
/// of a hundred thousand keys again what each of them needs.
pub(crate) struct Ranks {
    revision: u64,
    made: chrono::DateTime<chrono::Utc>,
    places: HashMap<KeyId, u32>,
    /// Places below this one need somebody.
    needing: u32,
}

impl Ranks {
    fn of(vault: &Vault, facts: &Facts<'_>, revision: u64) -> Self {
        let mut needing = Vec::new();
        let mut rest = Vec::new();
        for key in vault.index().keys() {
            match finding::findings(key, facts.rules, facts.now).into_iter().next() {
                Some(found) if found.severity > Severity::Info => {
                    needing.push((Reverse(found.severity), found.due, key));
                }
                _ => rest.push(key),
            }
        }
        needing
            .sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| by_title(a.2, b.2)));
        rest.sort_unstable_by(|a, b| by_title(a, b));
        let pressing = u32::try_from(needing.len()).unwrap_or(u32::MAX);
        let ids = needing.into_iter().map(|(_, _, key)| key).chain(rest).map(|key| key.id);
        let places = ids.zip(0..).collect();
        Self { revision, made: facts.now, places, needing: pressing }
    }

    fn serve(&self, revision: u64, now: chrono::DateTime<chrono::Utc>) -> bool {
        self.revision == revision && (now - self.made).num_seconds().abs() < LIST_LIFE_S
    }

    fn place(&self, key: &Key) -> u32 {
        self.places.get(&key.id).copied().unwrap_or(u32::MAX)
    }
}

impl Service {
    /// A page of the keys that match a query: those that need somebody first.
    pub fn list_keys(&self, request: ListKeys) -> Result<KeyPage, Error> {
        let query = match Query::parse(&request.query) {
            Ok(query) => query,
            Err(problem) => {
                self.read(|_| Ok(()))?;
                return Ok(page_with(problem));
            }
        };
        let now = self.now();
        let rows = usize::try_from(request.offset.saturating_add(request.limit.min(MAX_PAGE)));
        let rows = rows.unwrap_or(usize::MAX);
        let mut session = self.session();
        let revision = session.revision();
        let kept = session.list.take();
        let ranks = session.ranks.take().filter(|ranks| ranks.serve(revision, now));
        let vault = session.vault()?;
        let facts = Facts::of(vault, self.registry(), now);
        // Another query on the same keys: somebody types, and will go on typing.
        let types = kept
            .as_ref()
            .is_some_and(|list| list.revision == revision && list.query != request.query);
        let ranks = ranks.or_else(|| types.then(|| Ranks::of(vault, &facts, revision)));
        let search = |rows| match &ranks {
            Some(ranks) => ranked(vault, &query, &facts, ranks, rows),
            None => search(vault, &query, &facts, rows),
        };
        let list = match kept {
            Some(list) if list.serves(&request.query, revision, rows, now) => list,
            Some(list) if list.query == request.query && list.revision == revision => {
                // Somebody scrolls: order all of it, once.
                search(usize::MAX).named(request.query, revision, now)
            }
            _ => search(rows).named(request.query, revision, now),
        };
        let page = page(&list, vault, &facts, request.offset, request.limit);
        let many = vault.index().len() >= MANY && ranks.is_none();
        session.list = Some(list);
        session.ranks = ranks;
        drop(session);
        // Who listens is a window: somebody may type next.
        if many && self.inner.progress.receiver_count() > 0 {
            let service = self.clone();
            std::thread::spawn(move || service.rank());
        }
        Ok(page)
    }

    /// Ranks all keys before somebody types.
    fn rank(&self) {
        let now = self.now();
        let mut session = self.session();
        let revision = session.revision();
        if session.ranks.as_ref().is_some_and(|ranks| ranks.serve(revision, now)) {
            return;
        }
        let Ok(vault) = session.vault() else { return };
        let facts = Facts::of(vault, self.registry(), now);
        let ranks = Ranks::of(vault, &facts, revision);
        // Makes the texts in which words are looked for, which the next search keeps.
        if let Ok(query) = Query::parse("a") {
            drop(matching(vault, &query, &facts));
        }
        session.ranks = Some(ranks);
    }

    /// Everything on one key but its secret.
    pub fn key_detail(&self, id: KeyId) -> Result<KeyDetail, Error> {
        let now = self.now();
        self.read(|vault| {
            let key = find(vault, id)?;
            let facts = Facts::of(vault, self.registry(), now);
            let events = vault.events(None, KEY_EVENTS, Some(id))?;
            Ok(KeyDetail {
                row: facts.key_row(key),
                connection: key.connection,
                remote_id: key.remote_id.clone(),
                label: key.label.clone(),
                note: key.note.clone(),
                scopes: key.scopes.clone(),
                blast: facts.blast(key),
                owner: key.owner.clone(),
                last_used: key.last_used,
                uses: key.uses.clone(),
                rotation_days: key.rotation_days,
                effective_rotation_days: key.rotation_days.unwrap_or(facts.rules.rotation_days),
                origin: key.origin,
                added: key.added,
                gone_since: key.gone_since,
                revocation: key.revocation.clone(),
                deleted: key.deleted,
                has_secret: key.has_secret(),
                rotation: vault
                    .index()
                    .rotations()
                    .filter(|run| run.old == id || run.new == id)
                    .max_by_key(|run| run.asked)
                    .map(|run| Self::row_of(vault, run)),
                findings: finding::findings(key, facts.rules, now)
                    .into_iter()
                    .chain(finding::shared(key, now))
                    .collect(),
                events: events.into_iter().map(|(seq, event)| event_line(seq, event)).collect(),
                env_name: self.env_name(&key.platform),
                can: self.actions(vault, key),
            })
        })
    }

    /// The keys a person may mean by a name, a part of it, or an id. Exact matches win.
    pub fn find_keys(&self, text: &str) -> Result<Vec<(KeyId, String)>, Error> {
        self.read(|vault| {
            if let Ok(id) = text.parse::<KeyId>() {
                return find(vault, id).map(|key| vec![(id, key.title().to_owned())]);
            }
            let wanted = text.to_lowercase();
            let mentioned = vault.index().mentioning(&wanted);
            let live = || mentioned.iter().copied().filter(|key| key.deleted.is_none());
            let named = |key: &&Key| {
                [&key.name, &key.label].into_iter().any(|name| name.to_lowercase() == wanted)
            };
            let mut exact: Vec<&Key> = live().filter(named).collect();
            // A key that replaced another has its name: the one that works is meant.
            let works = |key: &&Key| !matches!(key.status, Status::Revoking | Status::Revoked);
            if exact.iter().any(works) {
                exact.retain(works);
            }
            let found = if exact.is_empty() {
                live().filter(|key| has_part(key, &wanted)).collect()
            } else {
                exact
            };
            Ok(found.into_iter().map(|key| (key.id, key.title().to_owned())).collect())
        })
    }

    /// The variable in which the platform's keys are best handed over.
    pub(crate) fn env_name(&self, platform: &keywright_model::PlatformId) -> Option<String> {
        let profile = self.profile(platform).ok()?;
        (!profile.env_name.is_empty()).then(|| profile.env_name.clone())
    }

    fn actions(&self, vault: &Vault, key: &Key) -> KeyActions {
        let why_no_revoke = self.why_not_revoke(vault, key);
        let (_, why_no_rotate) = self.way_of(vault, key, false);
        let profile = self.profile(&key.platform).ok();
        let can = |what| profile.as_ref().is_some_and(|profile| profile.can(what));
        let connection = vault.index().connection(key.connection);
        let connection = connection.filter(|connection| connection.deleted.is_none());
        let changes = connection.is_some_and(|connection| connection.has_credential)
            && key.remote_id.is_some()
            && key.status_at(self.now()).may_work()
            && key.status != Status::Revoking;
        let guided = connection
            .is_some_and(|c| self.guide(c, GuidedAct::Revoke).is_ok_and(|guide| guide.is_some()));
        let told = key.revocation.as_ref().is_some_and(|told| told.proof == Proof::Told);
        KeyActions {
            copy: key.has_secret(),
            probe: self.can_probe(vault, key),
            revoke: why_no_revoke.is_none(),
            why_no_revoke: why_no_revoke.unwrap_or_default(),
            revoke_in_dashboard: guided
                && !matches!(key.status, Status::Revoking | Status::Revoked),
            withdraw: guided && (key.status == Status::Revoking || told),
            relabel: changes && can(Capability::Relabel),
            disable: changes && key.status != Status::Disabled && can(Capability::Disable),
            enable: changes && key.status == Status::Disabled && can(Capability::Enable),
            rotate: why_no_rotate.is_empty(),
            why_no_rotate,
        }
    }
}

/// The key, or why there is none.
pub(crate) fn find(vault: &Vault, id: KeyId) -> Result<&Key, Error> {
    vault.index().key(id).ok_or(Error::NotFound { what: "key" })
}

fn has_part(key: &Key, wanted: &str) -> bool {
    key.name.to_lowercase().contains(wanted)
        || key.label.to_lowercase().contains(wanted)
        || key.id.to_string().starts_with(wanted)
        || key.remote_id.as_deref() == Some(wanted)
}

/// What a search found, before it is kept.
struct Found {
    needs_you: usize,
    ids: Vec<KeyId>,
    ordered: usize,
}

impl Found {
    fn named(self, query: String, revision: u64, made: chrono::DateTime<chrono::Utc>) -> Listed {
        let Self { needs_you, ids, ordered } = self;
        Listed { query, revision, made, needs_you, ids, ordered }
    }
}

/// The matching keys by their places in the whole list, the first `rows` of them in order.
fn ranked(vault: &Vault, query: &Query, facts: &Facts<'_>, ranks: &Ranks, rows: usize) -> Found {
    let found = matching(vault, query, facts);
    let mut placed: Vec<(u32, KeyId)> =
        found.into_iter().map(|key| (ranks.place(key), key.id)).collect();
    let needs_you = placed.iter().filter(|(place, _)| *place < ranks.needing).count();
    order_first(&mut placed, rows, Ord::cmp);
    let ids: Vec<KeyId> = placed.into_iter().map(|(_, id)| id).collect();
    Found { needs_you, ordered: rows.min(ids.len()), ids }
}

pub(crate) fn matching<'v>(vault: &'v Vault, query: &Query, facts: &Facts<'_>) -> Vec<&'v Key> {
    let connections = vault.index().connections();
    let names: HashMap<_, _> = connections.map(|c| (c.id, c.name.as_str())).collect();
    let name_of = |id| names.get(&id).copied().unwrap_or_default();
    let asked =
        query::Facts { now: facts.now, rules: facts.rules, connection_name: &name_of, me: "" };
    vault.index().search(query, &asked)
}

/// The matching keys, the first `rows` of them in their order: pressing ones first, then by title.
fn search(vault: &Vault, query: &Query, facts: &Facts<'_>, rows: usize) -> Found {
    let mut needing = Vec::new();
    let mut rest = Vec::new();
    for key in matching(vault, query, facts) {
        match finding::findings(key, facts.rules, facts.now).into_iter().next() {
            Some(found) if found.severity > Severity::Info => {
                needing.push((Reverse(found.severity), found.due, key));
            }
            _ => rest.push(key),
        }
    }
    let pressing = |a: &(_, _, &Key), b: &(_, _, &Key)| {
        (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| by_title(a.2, b.2))
    };
    order_first(&mut needing, rows, pressing);
    let needs_you = needing.len();
    order_first(&mut rest, rows.saturating_sub(needs_you), |a, b| by_title(a, b));
    let ids: Vec<KeyId> = needing
        .into_iter()
        .map(|(_, _, key)| key.id)
        .chain(rest.into_iter().map(|k| k.id))
        .collect();
    Found { needs_you, ordered: rows.min(ids.len()), ids }
}

/// Puts the first `count` items in order; the others stand behind them in any order.
fn order_first<T>(items: &mut [T], count: usize, by: impl Fn(&T, &T) -> Ordering) {
    if count == 0 {
        return;
    }
    if count < items.len() {
        items.select_nth_unstable_by(count, &by);
    }
    let end = count.min(items.len());
    if let Some(first) = items.get_mut(..end) {
        first.sort_unstable_by(&by);
    }
}

fn letters(key: &Key) -> impl Iterator<Item = u8> {
    key.title().bytes().map(|byte| byte.to_ascii_lowercase())
}

/// By title without regard to ASCII case, then by id so that the order is total.
fn by_title(a: &Key, b: &Key) -> Ordering {
    letters(a).cmp(letters(b)).then_with(|| a.id.cmp(&b.id))
}

fn page(list: &Listed, vault: &Vault, facts: &Facts<'_>, offset: u32, limit: u32) -> KeyPage {
    let skip = usize::try_from(offset).unwrap_or(usize::MAX);
    let take = usize::try_from(limit.min(MAX_PAGE)).unwrap_or(usize::MAX);
    let keys = list.ids.iter().skip(skip).take(take).filter_map(|id| vault.index().key(*id));
    KeyPage {
        total: u32::try_from(list.ids.len()).unwrap_or(u32::MAX),
        needs_you: u32::try_from(list.needs_you).unwrap_or(u32::MAX),
        rows: keys.map(|key| facts.key_row(key)).collect(),
        problem: None,
    }
}

fn page_with(problem: query::Problem) -> KeyPage {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    KeyPage {
        total: 0,
        needs_you: 0,
        rows: Vec::new(),
        problem: Some(QueryProblem {
            at: number(problem.at),
            len: number(problem.len),
            message: problem.message,
        }),
    }
}
