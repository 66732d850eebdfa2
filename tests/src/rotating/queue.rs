//! What is asked for offline is done once or not at all, exactly as the journal says, whatever
//! happens on both sides meanwhile.

use std::collections::BTreeMap;

use keywright_model::{KeyId, Operation, OperationId, OperationState, Request, Secret};
use keywright_service::wire::{
    EditDraft, Refresh, RelabelKey, RevokeKey, Settings, SettleAction, SettleOperation,
};
use keywright_vault::{Access, Sealed};
use proptest::{
    prelude::any,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::{
    platform::Platform,
    roller::{Call, Fault, Roller},
    stage::{Stage, Way},
};
use journeys::desk::PASSPHRASE;

const SEQUENCES: u64 = 200;
const KEYS: usize = 5;

/// One thing that happens; numbers pick what it happens to.
#[derive(Debug, Clone, Copy)]
enum Act {
    Offline(bool),
    Create,
    Revoke(u8),
    Relabel(u8),
    HoldBack(u8, bool),
    Edit(u8),
    Cancel(u8),
    Send(u8),
    Queue,
    Restart,
    Refresh,
    Pass,
    TheyRevoke(u8),
    TheyRename(u8),
    TheyMake,
    TheyHoldBack(u8),
    Fault(u8),
}

fn act() -> impl Strategy<Value = Act> {
    any::<(u8, u8)>().prop_map(|(kind, n)| match kind % 22 {
        0 | 1 => Act::Offline(true),
        2 => Act::Offline(false),
        3 | 4 => Act::Create,
        5 | 6 => Act::Revoke(n),
        7 | 8 => Act::Relabel(n),
        9 | 10 => Act::HoldBack(n, n % 2 == 0),
        11 => Act::Edit(n),
        12 => Act::Cancel(n),
        13 => Act::Send(n),
        14 => Act::Queue,
        15 => Act::Restart,
        16 => Act::Refresh,
        17 => Act::Pass,
        18 => Act::TheyRevoke(n),
        19 => {
            if n % 2 == 0 {
                Act::TheyRename(n)
            } else {
                Act::TheyHoldBack(n)
            }
        }
        20 => Act::TheyMake,
        _ => Act::Fault(n),
    })
}

struct World {
    stage: Stage,
    keys: Vec<(KeyId, String)>,
    names: u32,
    /// Names of keys that somebody else made.
    theirs: Vec<String>,
}

impl World {
    async fn set() -> Self {
        let stage = Stage::bare(Way::HeldBack).await;
        let mut keys = Vec::new();
        for n in 0..KEYS {
            let key = stage.make(&format!("key-{n}")).await;
            let remote_id = stage.service.key_detail(key).unwrap().remote_id.unwrap();
            keys.push((key, remote_id));
        }
        Self { stage, keys, names: 0, theirs: Vec::new() }
    }

    fn roller(&self) -> &Roller {
        let Platform::Roller(roller) = &self.stage.platform else { unreachable!() };
        roller
    }

    fn key(&self, n: u8) -> &(KeyId, String) {
        &self.keys[usize::from(n) % KEYS]
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("name-{}", self.names)
    }

    fn offline(&self, work_offline: bool) {
        let service = &self.stage.service;
        let settings = Settings { work_offline, ..service.settings().unwrap() };
        service.set_settings(settings).unwrap();
    }

    /// What is refused is refused: the journal and the platform are compared in the end.
    async fn does(&mut self, act: Act) {
        let service = self.stage.service.clone();
        match act {
            Act::Offline(offline) => self.offline(offline),
            Act::Create => {
                let name = self.name();
                drop(service.create_key(self.stage.wanted(&name)).await);
            }
            Act::Revoke(n) => {
                let key = self.key(n).0;
                let request = RevokeKey { key, reason: "test".into(), typed: String::new() };
                drop(service.revoke_key(request).await);
            }
            Act::Relabel(n) => {
                let (key, name) = (self.key(n).0, self.name());
                drop(service.relabel_key(RelabelKey { key, name }).await);
            }
            Act::HoldBack(n, true) => drop(service.disable_key(self.key(n).0).await),
            Act::HoldBack(n, false) => drop(service.enable_key(self.key(n).0).await),
            Act::Edit(n) => self.edit(n),
            Act::Cancel(n) => self.settle(n, SettleAction::Close).await,
            Act::Send(n) => self.settle(n, SettleAction::Send).await,
            Act::Queue => drop(service.run_queue().await),
            Act::Restart => {
                drop(service);
                self.stage.restart().await;
            }
            Act::Refresh => drop(service.refresh(Refresh { connection: None }).await),
            Act::Pass => self.stage.time.pass(std::time::Duration::from_secs(130)),
            _ => self.they(act),
        }
    }

    fn they(&mut self, act: Act) {
        match act {
            Act::TheyRevoke(n) => drop(self.roller().revoke(&self.key(n).1)),
            Act::TheyRename(n) => {
                let name = self.name();
                self.roller().rename(&self.key(n).1, &name);
            }
            Act::TheyMake => {
                // The name that is asked for next.
                let name = format!("name-{}", self.names + 1);
                self.roller().issue(&name);
                self.theirs.push(name);
            }
            Act::TheyHoldBack(n) => self.roller().hold_back(&self.key(n).1, n % 4 < 2),
            Act::Fault(n) => {
                let faults =
                    [Fault::Lost, Fault::Cut, Fault::Error, Fault::ErrorAfter, Fault::TooMany];
                let calls = [Call::List, Call::Make, Call::Revoke, Call::Change];
                let fault = faults[usize::from(n) % faults.len()];
                self.roller().order(calls[usize::from(n / 8) % calls.len()], 0, fault);
            }
            _ => {}
        }
    }

    fn open(&self, n: u8) -> Option<OperationId> {
        let open = self.stage.service.list_operations().unwrap();
        open.get(usize::from(n) % open.len().max(1)).map(|line| line.id)
    }

    fn edit(&mut self, n: u8) {
        let name = Some(self.name());
        let Some(operation) = self.open(n) else { return };
        let edit = EditDraft { operation, name, scopes: None, lifetime: None, reason: None };
        drop(self.stage.service.edit_draft(edit));
    }

    async fn settle(&self, n: u8, action: SettleAction) {
        let Some(operation) = self.open(n) else { return };
        drop(self.stage.service.settle_operation(SettleOperation { operation, action }).await);
    }

    /// The whole journal, read from disk.
    fn journal(&self) -> Vec<Operation> {
        self.stage.service.lock();
        let folder = self.stage.home.path().join("vault");
        let sealed = Sealed::open(&folder, Access::Read).unwrap();
        let vault = sealed.unlock(&Secret::copy_of(PASSPHRASE)).unwrap();
        vault.index().operations().cloned().collect()
    }
}

/// The change that an operation asks the platform for.
fn effect(request: &Request) -> String {
    match request {
        Request::Create { name, .. } => format!("make {name}"),
        Request::Revoke { remote_id, .. } => format!("end {remote_id}"),
        Request::Relabel { remote_id, to, .. } => format!("name {remote_id} {to}"),
        Request::Disable { remote_id, .. } => format!("off {remote_id} true"),
        Request::Enable { remote_id, .. } => format!("off {remote_id} false"),
        other => format!("never asked for here: {other:?}"),
    }
}

/// At least and at most so often an operation took effect, as its journal's line says.
fn says(operation: &Operation, theirs: &[String]) -> (u32, u32) {
    // A key of that name may be somebody else's: a person decides whether it is an orphan.
    let sure = !theirs.iter().any(|name| name == operation.request.name());
    match &operation.state {
        OperationState::Done => {
            // A list that shows a change tells not who made it.
            let certain =
                matches!(operation.request, Request::Create { .. } | Request::Relabel { .. });
            (u32::from(certain), 1)
        }
        OperationState::Orphaned { .. } => (u32::from(sure), 1),
        // A person may close what is in doubt.
        OperationState::Ambiguous { .. } | OperationState::Intended => (0, 1),
        OperationState::Closed { why } if why == "closed by hand" => (0, 1),
        OperationState::Closed { why } if why.contains("orphan") => (u32::from(sure), 1),
        OperationState::Closed { .. }
        | OperationState::Draft
        | OperationState::Held { .. }
        | OperationState::Refused { .. } => (0, 0),
    }
}

fn compare(journal: &[Operation], effects: &[String], theirs: &[String], acts: &[Act]) {
    let mut bounds: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for operation in journal {
        let (least, most) = says(operation, theirs);
        let bound = bounds.entry(effect(&operation.request)).or_default();
        *bound = (bound.0 + least, bound.1 + most);
    }
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for effect in effects {
        *seen.entry(effect).or_default() += 1;
    }
    for (effect, count) in &seen {
        let (_, most) = bounds.get(*effect).copied().unwrap_or_default();
        assert!(*count <= most, "{effect}: {count} times, {most} asked\n{journal:#?}\n{acts:?}");
    }
    for (effect, (least, _)) in &bounds {
        let count = seen.get(effect.as_str()).copied().unwrap_or_default();
        assert!(count >= *least, "{effect}: {count} times, {least} said\n{journal:#?}\n{acts:?}");
    }
}

async fn play(seed: u64) -> (usize, usize) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = proptest::collection::vec(act(), 8..28);
    let acts = strategy.new_tree(&mut runner).unwrap().current();
    let mut world = World::set().await;
    for act in &acts {
        world.does(*act).await;
    }
    // All is calm again: what can be sent is sent.
    world.stage.platform.clear();
    world.offline(false);
    for _ in 0..2 {
        drop(world.stage.service.run_queue().await);
        world.stage.time.pass(std::time::Duration::from_secs(130));
        drop(world.stage.service.refresh(Refresh { connection: None }).await);
    }
    let left = world.stage.service.list_operations().unwrap();
    let waits = |state: &OperationState| matches!(state, OperationState::Draft);
    assert!(!left.iter().any(|line| waits(&line.state)), "{left:#?}\n{acts:?}");
    let effects = world.roller().effects();
    let own = effects.get(KEYS..).unwrap_or_default();
    let journal = world.journal();
    let later: Vec<Operation> = journal
        .into_iter()
        .filter(|operation| !effect(&operation.request).starts_with("make key-"))
        .collect();
    compare(&later, own, &world.theirs, &acts);
    (later.len(), own.len())
}

#[test]
fn what_is_asked_for_is_done_once_or_not_at_all_as_the_journal_says() {
    let (mut asked, mut done) = (0, 0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let begun = std::time::Instant::now();
    for seed in 0..SEQUENCES {
        let (own, effects) = runtime.block_on(play(seed));
        (asked, done) = (asked + own, done + effects);
    }
    println!("{SEQUENCES} sequences in {:?}: {asked} asked, {done} done", begun.elapsed());
    assert!(asked > 400 && done > 200, "{asked} {done}");
}
