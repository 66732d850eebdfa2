//! One vault, one platform, and somebody between them who damages every answer.

use std::{
    collections::{BTreeMap, HashSet},
    fmt, mem,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, Utc};
use keywright_model::{ConnectionId, KeyId, Secret, Status};
use keywright_service::{
    Access, Clock, Error, Home, Kdf, Service, Setup, Use,
    wire::{Failure, KeyRow, ListKeys, Refresh, RevokeKey, RevokeStage},
};
use keywright_simulator::{Control, Operation, Options, Running, Simulator};
use keywright_vault::{KdfParams, Sealed};
use serde_json::Value;
use tempfile::TempDir;

use super::mutate::{Rng, mutated};
use crate::desk;

/// Keys that are there from the start and that nobody revokes.
const CORE: usize = 3;
/// Rows of a page.
const PAGE: u32 = 500;

/// What is asked of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Create,
    Revoke,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::List, Self::Create, Self::Revoke];
}

/// What came of the damaged answers.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) answers: u32,
    counts: [(u32, u32); 3],
}

impl Tally {
    pub(super) fn and(mut self, other: Self) -> Self {
        self.answers += other.answers;
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            *mine = (mine.0 + theirs.0, mine.1 + theirs.1);
        }
        self
    }

    /// How many were taken and how many refused.
    pub(super) fn of(&self, kind: Kind) -> (u32, u32) {
        Kind::ALL.into_iter().zip(self.counts).find(|(k, _)| *k == kind).unwrap().1
    }

    fn count(&mut self, kind: Kind, taken: bool) {
        self.answers += 1;
        let place = Kind::ALL.iter().position(|k| *k == kind).unwrap();
        let (yes, no) = &mut self.counts[place];
        *(if taken { yes } else { no }) += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for kind in Kind::ALL {
            let (taken, refused) = self.of(kind);
            write!(f, "{kind:?} {taken} taken {refused} refused; ")?;
        }
        Ok(())
    }
}

/// An answer as it was and as it arrived.
struct Sent {
    truth: Vec<u8>,
    status: u16,
    body: Vec<u8>,
}

pub(super) struct Stage {
    rng: Rng,
    service: Service,
    simulator: Running,
    time: Time,
    home: TempDir,
    connection: ConnectionId,
    core: HashSet<KeyId>,
    rows: BTreeMap<KeyId, KeyRow>,
    secrets: BTreeMap<KeyId, String>,
    unproved: HashSet<KeyId>,
    made: u32,
    tally: Tally,
    at: String,
}

impl Stage {
    pub(super) async fn set_up(rng: Rng) -> Self {
        let simulator =
            Simulator::start(Options { preload: 4, ..Options::default() }).await.unwrap();
        let home = folder();
        let kdf = Kdf::Fixed(KdfParams::for_tests());
        let setup = Setup { access: Access::Write, kdf };
        let vault = home.path().join("vault");
        let time = Time::of(simulator.control());
        let service = Service::new(Home::at(vault), time.clock(), setup).unwrap();
        service.make_vault(&Secret::copy_of(desk::PASSPHRASE)).unwrap();
        let credential = simulator.agent_ceo_credential().unwrap();
        let connection = desk::connect(&service, simulator.base_url(), credential).await.unwrap();
        let mut stage = Self {
            rng,
            service,
            simulator,
            time,
            home,
            connection,
            core: HashSet::new(),
            rows: BTreeMap::new(),
            secrets: BTreeMap::new(),
            unproved: HashSet::new(),
            made: 0,
            tally: Tally::default(),
            at: String::new(),
        };
        for _ in 0..CORE {
            let id = stage.key().await;
            stage.core.insert(id);
        }
        stage.rows = stage.listed();
        stage
    }

    /// One request whose answer is damaged, and everything that must hold after it.
    pub(super) async fn act(&mut self, at: String) {
        self.at = at;
        self.time.pass(Duration::from_secs(1));
        match self.rng.below(20) {
            0..12 => self.refresh().await,
            12..16 => self.create().await,
            _ => self.revoke().await,
        }
        self.simulator.control().clear_faults();
        self.finish_proofs().await;
        let rows = self.listed();
        let before = mem::replace(&mut self.rows, rows);
        for (id, row) in &before {
            self.still_there(*id, row);
        }
    }

    /// Damaged answers so far.
    pub(super) const fn answers(&self) -> u32 {
        self.tally.answers
    }

    /// Locks, opens the file anew and looks at all of it.
    pub(super) fn end(self) -> Tally {
        self.service.lock();
        let vault = Sealed::open(&self.home.path().join("vault"), Access::Read).unwrap();
        let vault = vault.unlock(&Secret::copy_of(desk::PASSPHRASE)).unwrap();
        vault.verify().unwrap();
        vault.verify_log().unwrap();
        assert_eq!(vault.notice(), None);
        assert!(vault.credential(self.connection).unwrap().is_some());
        for id in self.rows.keys() {
            let sealed = vault.key_secret(*id).unwrap().map(|secret| text(&secret));
            assert_eq!(sealed.as_ref(), self.secrets.get(id), "{}: the secret of {id}", self.at);
        }
        self.tally
    }

    async fn refresh(&mut self) {
        let sent = self.damage(Operation::List, &[204, 301, 400, 401, 403, 404, 418], 25);
        let result = self.service.refresh(Refresh { connection: Some(self.connection) }).await;
        let sent = sent.lock().unwrap().take().expect("the list was asked for");
        self.tally.count(Kind::List, result.is_ok());
        match result {
            Ok(_) => assert!(is_list(&sent), "{}: taken: {}", self.at, shown(&sent)),
            Err(error) => {
                self.is_clear(&error, &sent);
                let rows = self.listed();
                assert!(rows == self.rows, "{}: changed by {}", self.at, shown(&sent));
            }
        }
    }

    async fn create(&mut self) {
        let name = self.next_name();
        let sent = self.damage(Operation::Mint, &STATUSES, 6);
        let result = self.service.create_key(desk::wanted(self.connection, &name)).await;
        let sent = sent.lock().unwrap().take().expect("the key was asked for");
        self.tally.count(Kind::Create, result.is_ok());
        match result {
            Ok(made) => {
                let id = made.key.expect("sealed, and no draft");
                let sealed = text(&self.service.secret(id, Use::Reveal).unwrap());
                let said = serde_json::from_slice::<Value>(&sent.body).unwrap();
                assert_eq!(Some(sealed.as_str()), said["key"].as_str(), "{}", self.at);
                self.secrets.insert(id, sealed);
            }
            Err(error) => self.is_clear(&error, &sent),
        }
        // It was made, whatever the answer said: the next true list has it if nothing else has.
        self.true_refresh().await;
        let known = self.listed().into_values().any(|row| row.name == name);
        assert!(known, "{}: {name} lives and is not listed: {}", self.at, shown(&sent));
    }

    async fn revoke(&mut self) {
        let usable = |row: &&KeyRow| {
            row.status == Status::Active && row.bitting.is_some() && !self.core.contains(&row.id)
        };
        let victims: Vec<KeyId> = self.rows.values().filter(usable).map(|row| row.id).collect();
        let victim = match victims.get(self.rng.below(victims.len() + 1)) {
            Some(victim) => *victim,
            None => self.key().await,
        };
        let sent = self.damage(Operation::Revoke, &STATUSES, 3);
        let request = RevokeKey { key: victim, reason: String::new(), typed: String::new() };
        let result = self.service.revoke_key(request).await;
        // A key whose id no address can carry is refused here: there is no answer to damage.
        let Some(sent) = sent.lock().unwrap().take() else {
            assert!(result.is_err(), "{}: accepted without asking", self.at);
            return;
        };
        self.tally.count(Kind::Revoke, result.is_ok());
        match result {
            Ok(progress) => assert_eq!(progress.stage, RevokeStage::Asked, "{}", self.at),
            Err(error) => self.is_clear(&error, &sent),
        }
        self.finish_proofs().await;
        self.true_refresh().await;
    }

    /// The next answer of this kind is damaged, and noted.
    fn damage(
        &mut self,
        operation: Operation,
        statuses: &'static [u16],
        rarely: usize,
    ) -> Arc<Mutex<Option<Sent>>> {
        let sent = Arc::new(Mutex::new(None));
        let note = Arc::clone(&sent);
        let mut rng = Rng::seeded(self.rng.next());
        self.simulator.control().tamper_next(operation, move |status, truth| {
            let lies = rng.one_in(rarely);
            let status = if lies { statuses[rng.below(statuses.len())] } else { status };
            let body = mutated(&mut rng, truth.clone());
            *note.lock().unwrap() = Some(Sent { truth, status, body: body.clone() });
            (status, body)
        });
        sent
    }

    /// A key made while nobody interferes.
    async fn key(&mut self) -> KeyId {
        let name = self.next_name();
        let made = self.service.create_key(desk::wanted(self.connection, &name)).await;
        let id = made.unwrap().key.unwrap();
        let secret = text(&self.service.secret(id, Use::Reveal).unwrap());
        self.secrets.insert(id, secret);
        id
    }

    fn next_name(&mut self) -> String {
        self.made += 1;
        format!("made-{}", self.made)
    }

    async fn true_refresh(&self) {
        self.simulator.control().clear_faults();
        let request = Refresh { connection: Some(self.connection) };
        self.service.refresh(request).await.unwrap();
    }

    /// Waits for proofs, so that their probes never meet an answer damaged for others.
    async fn finish_proofs(&mut self) {
        for row in self.listed().into_values() {
            if row.status == Status::Revoking && !self.unproved.contains(&row.id) {
                let end = self.service.prove_revocation(row.id).await.unwrap();
                if !matches!(end.stage, RevokeStage::Proved { .. }) {
                    self.unproved.insert(row.id);
                }
            }
        }
    }

    fn listed(&self) -> BTreeMap<KeyId, KeyRow> {
        let mut rows = BTreeMap::new();
        loop {
            let offset = u32::try_from(rows.len()).unwrap();
            let page =
                self.service.list_keys(ListKeys { query: String::new(), offset, limit: PAGE });
            let page = page.unwrap();
            rows.extend(page.rows.into_iter().map(|row| (row.id, row)));
            if rows.len() >= usize::try_from(page.total).unwrap() {
                return rows;
            }
        }
    }

    fn still_there(&self, id: KeyId, before: &KeyRow) {
        let Some(now) = self.rows.get(&id) else {
            panic!("{}: {} is not there any more", self.at, before.name);
        };
        // The drawn shape is made of the secret; that it is the same secret is seen at the end.
        if before.bitting.is_some() {
            assert_eq!(now.bitting, before.bitting, "{}: {} lost its secret", self.at, now.name);
        }
        if now.status == Status::Revoked && before.status != Status::Revoked {
            let asked = self.service.key_detail(id).unwrap().revocation.is_some();
            let works = self.secrets.get(&id).is_some_and(|s| self.simulator.control().accepts(s));
            assert!(asked && !works, "{}: {} is called revoked", self.at, now.name);
        }
    }

    /// Words for a person: short, printable, and without a piece of any secret.
    fn is_clear(&self, error: &Error, sent: &Sent) {
        let failure = Failure::from(error);
        let words = format!("{}\n{}\n{}", failure.what, failure.kept, failure.advice);
        let said = format!("{}: {words:?} for {}", self.at, shown(sent));
        assert!(!failure.what.is_empty() && !failure.advice.is_empty(), "{said}");
        assert!(words.chars().count() < 1_000, "{said}");
        assert!(!words.chars().any(|c| c.is_control() && c != '\n'), "{said}");
        let truth = serde_json::from_slice::<Value>(&sent.truth).unwrap_or_default();
        if let Some(secret) = truth["key"].as_str() {
            assert!(!words.contains(secret.get(9..).unwrap()), "{said}");
        }
    }
}

/// What a change may be answered with. Answers after which a call is tried again cost time
/// and are another test's matter.
const STATUSES: [u16; 16] =
    [200, 201, 202, 204, 206, 301, 307, 400, 401, 403, 404, 408, 409, 422, 500, 503];

/// Time that stands still until somebody waits, here and on the platform.
#[derive(Clone)]
struct Time {
    now: Arc<Mutex<DateTime<Utc>>>,
    platform: Control,
}

impl Time {
    #[expect(clippy::disallowed_methods, reason = "a test's clock begins somewhere")]
    fn of(platform: Control) -> Self {
        Self { now: Arc::new(Mutex::new(Utc::now())), platform }
    }

    fn pass(&self, time: Duration) {
        *self.now.lock().unwrap() += time;
        self.platform.advance(time);
    }

    fn clock(&self) -> Clock {
        let (telling, waiting) = (self.clone(), self.clone());
        Clock::new(
            move || *telling.now.lock().unwrap(),
            move |pause| {
                waiting.pass(pause);
                Box::pin(tokio::task::yield_now())
            },
        )
    }
}

/// In memory where that is possible: thousands of durable writes are another test's matter.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let here = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    TempDir::new_in(here).unwrap()
}

/// Whether this is a list of keys with ids, in one of the shapes that the profile knows.
fn is_list(sent: &Sent) -> bool {
    let Ok(root) = serde_json::from_slice::<Value>(&sent.body) else { return false };
    let lists = ["", "/keys", "/api_keys", "/data"];
    let Some(items) = lists.iter().find_map(|at| root.pointer(at)?.as_array()) else {
        return false;
    };
    let is_id = |id: &Value| id.is_string() || id.is_number() || id.is_boolean();
    let ids = ["key_id", "id", "keyId"];
    sent.status == 200
        && items.iter().all(|item| ids.iter().any(|id| item.get(id).is_some_and(is_id)))
}

fn shown(sent: &Sent) -> String {
    let body = String::from_utf8_lossy(&sent.body);
    format!("{} {}", sent.status, body.chars().take(3_000).collect::<String>())
}

#[expect(clippy::disallowed_methods, reason = "tests compare secrets")]
fn text(secret: &Secret) -> String {
    secret.expose().to_owned()
}
