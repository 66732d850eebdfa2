//! Anything in any order: what a person, the network, the disk and other people do to a run. After
//! each step the rules hold, and at the end a sensible person brings it to its end.

use std::{collections::BTreeMap, fs, time::Duration};

use keywright_model::{RotationId, RotationState};
use keywright_service::{
    VaultState,
    wire::{ActOnRotation, Refresh, RotationAction},
};
use proptest::{prelude::*, test_runner::Config};

use super::{
    person::{Person, bring, revoke_in_dashboard},
    platform::Platform,
    roller::{Call, Fault},
    stage::{NAME, Stage, Way},
};

#[derive(Debug, Clone, Copy)]
enum Op {
    Run,
    RunMeets(Call, Fault),
    /// Stopped when the run has moved so often.
    RunStops(usize),
    Lock,
    Unlock,
    Restart,
    Pass(u64),
    Break(usize),
    Mend,
    Resume,
    TakeBack,
    Confirm(u32),
    LeaveOut(u32),
    Override,
    EndGrace,
    Close,
    Bring,
    Revoked,
    Refresh,
    KeepGoing,
    TheyRevokeOld,
    TheyRevokeNew,
    TheyReplaceOld,
    TheyMake,
}

fn faults() -> impl Strategy<Value = (Call, Fault)> {
    let calls = prop::sample::select(vec![Call::List, Call::Make, Call::Probe, Call::Revoke]);
    let faults = prop::sample::select(vec![
        Fault::Cut,
        Fault::TooMany,
        Fault::Error,
        Fault::Lost,
        Fault::ErrorAfter,
        Fault::Malformed,
        Fault::NoSecret,
        Fault::Nothing,
        Fault::NoId,
    ]);
    (calls, faults)
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => Just(Op::Run),
        8 => faults().prop_map(|(call, fault)| Op::RunMeets(call, fault)),
        5 => (1_usize..14).prop_map(Op::RunStops),
        2 => Just(Op::Lock),
        2 => Just(Op::Unlock),
        2 => Just(Op::Restart),
        4 => prop::sample::select(vec![1, 30, 61, 130, 700]).prop_map(Op::Pass),
        2 => (0_usize..3).prop_map(Op::Break),
        2 => Just(Op::Mend),
        5 => Just(Op::Resume),
        2 => Just(Op::TakeBack),
        1 => (0_u32..4).prop_map(Op::Confirm),
        1 => (0_u32..4).prop_map(Op::LeaveOut),
        1 => Just(Op::Override),
        2 => Just(Op::EndGrace),
        1 => Just(Op::Close),
        3 => Just(Op::Bring),
        2 => Just(Op::Revoked),
        2 => Just(Op::Refresh),
        2 => Just(Op::KeepGoing),
        1 => Just(Op::TheyRevokeOld),
        1 => Just(Op::TheyRevokeNew),
        1 => Just(Op::TheyReplaceOld),
        1 => Just(Op::TheyMake),
    ]
}

struct Machine {
    stage: Stage,
    id: RotationId,
    spoiled: BTreeMap<usize, Vec<u8>>,
    strangers: Vec<String>,
}

impl Machine {
    async fn set(way: Way) -> Self {
        let stage = Stage::set(way).await;
        let id = stage.start();
        Self { stage, id, spoiled: BTreeMap::new(), strangers: Vec::new() }
    }

    async fn does(&mut self, op: Op) {
        match op {
            Op::Run => self.run().await,
            Op::RunMeets(call, fault) => {
                self.stage.platform.order(call, 0, fault);
                self.run().await;
                self.stage.platform.clear();
            }
            Op::RunStops(moves) => self.run_stops(moves).await,
            Op::Lock => self.stage.service.lock(),
            Op::Unlock => self.stage.unlock().await,
            Op::Restart => self.stage.restart().await,
            Op::Pass(seconds) => self.stage.time.pass(Duration::from_secs(seconds)),
            Op::Break(n) => self.spoil(n),
            Op::Mend => self.mend(),
            Op::Refresh => {
                drop(self.stage.service.refresh(Refresh { connection: None }).await);
            }
            Op::KeepGoing => drop(self.stage.service.keep_going().await),
            Op::Bring if self.stage.way.is_guided() && self.is_open() => {
                bring(&mut self.stage, self.id).await;
            }
            Op::TheyRevokeOld | Op::TheyRevokeNew | Op::TheyReplaceOld | Op::TheyMake => {
                self.they(op);
            }
            other => self.acts(other).await,
        }
    }

    fn is_open(&self) -> bool {
        self.stage.service.vault_state() == VaultState::Unlocked
    }

    async fn run(&self) {
        if let Err(error) = self.stage.service.run_rotation(self.id).await {
            self.stage.tells_no_secret(&format!("{error:?} {:?}", error.failure()));
        }
    }

    async fn run_stops(&mut self, moves: usize) {
        if !self.is_open() {
            return;
        }
        super::matrix::at_move(&mut self.stage, self.id, moves, super::matrix::Act::Stop).await;
    }

    async fn acts(&mut self, op: Op) {
        let reason = String::from("test");
        let action = match op {
            Op::Resume => RotationAction::Resume,
            Op::TakeBack => RotationAction::TakeBack,
            Op::Confirm(stop) => RotationAction::Confirm { stop },
            Op::LeaveOut(stop) => RotationAction::LeaveOut { stop, reason },
            Op::Override => RotationAction::Override { typed: NAME.into(), reason },
            Op::EndGrace => RotationAction::EndGrace,
            Op::Close => RotationAction::Close { reason },
            Op::Revoked => RotationAction::Revoked,
            _ => return,
        };
        if op_is_a_claim(op) && self.is_open() && self.stage.way.is_guided() {
            let row = self.stage.row(self.id);
            revoke_in_dashboard(&self.stage, &row);
            self.stage.meddled = true;
        }
        let request = ActOnRotation { rotation: self.id, action };
        if let Err(error) = self.stage.service.act_on_rotation(request).await {
            self.stage.tells_no_secret(&format!("{error:?} {:?}", error.failure()));
        }
    }

    fn spoil(&mut self, n: usize) {
        let file = &self.stage.files[n];
        let before = fs::read(file).unwrap();
        self.spoiled.entry(n).or_insert(before);
        fs::write(file, "{ not = [ what it was").unwrap();
    }

    fn mend(&mut self) {
        for (n, before) in std::mem::take(&mut self.spoiled) {
            fs::write(&self.stage.files[n], before).unwrap();
        }
    }

    fn they(&mut self, op: Op) {
        if !self.is_open() {
            return;
        }
        let row = self.stage.row(self.id);
        let of = |key| self.stage.service.key_detail(key).ok().and_then(|key| key.remote_id);
        let (old, new) = (of(row.old), row.new.and_then(of));
        self.stage.meddled |= !matches!(op, Op::TheyMake);
        let id = if matches!(op, Op::TheyRevokeNew) { new } else { old };
        match (op, id, &self.stage.platform) {
            (Op::TheyMake, ..) => {
                let before = self.stage.platform.live();
                drop(self.stage.platform.mint("a-strangers-key"));
                let now = self.stage.platform.live();
                let new = now.into_iter().filter(|key| !before.contains(key));
                self.strangers.extend(new.map(|(id, _)| id));
                // Until the next list nobody here can know it.
                self.stage.strangers.clone_from(&self.strangers);
            }
            (Op::TheyReplaceOld, Some(id), Platform::Roller(roller)) => roller.replace(&id),
            (_, Some(id), platform) => drop(platform.revoke(&id)),
            _ => {}
        }
    }
}

const fn op_is_a_claim(op: Op) -> bool {
    matches!(op, Op::Revoked)
}

async fn play(way: Way, ops: Vec<Op>) -> &'static str {
    let mut machine = Machine::set(way).await;
    let mut left_out = false;
    for op in ops {
        left_out |= matches!(op, Op::LeaveOut(_) | Op::Override | Op::Confirm(_));
        machine.does(op).await;
        let broken: Vec<usize> = machine.spoiled.keys().copied().collect();
        machine.stage.holds(machine.id, &broken);
    }
    if !machine.is_open() {
        machine.stage.unlock().await;
    }
    machine.mend();
    let mut person = Person::default();
    let row = person.drive(&mut machine.stage, machine.id).await;
    let strict = !machine.stage.meddled && !left_out;
    match &row.state {
        RotationState::Waiting { why, .. } => {
            assert!(!strict, "it never ends: {why}\n{}", machine.stage.story(machine.id));
            "waits"
        }
        RotationState::Closed { .. } => "closed",
        state => {
            let end = if *state == RotationState::Done { "done" } else { "taken back" };
            if strict {
                let strangers = machine.strangers.clone();
                machine.stage.is_over(machine.id, &row, &strangers).await;
            }
            end
        }
    }
}

/// Sequences in all.
const CASES: u32 = 160;

#[test]
fn anything_in_any_order_keeps_the_rules_and_comes_to_an_end() {
    let counts = std::sync::Mutex::new(BTreeMap::<(Way, &str), u32>::new());
    let run = &|way: Way| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let cases = CASES / u32::try_from(Way::ALL.len()).unwrap() + 1;
        let config =
            Config { cases, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
        let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, seed(way));
        let strategy = prop::collection::vec(op(), 4..26);
        let ran = runner.run(&strategy, |ops| {
            let end = runtime.block_on(play(way, ops));
            *counts.lock().unwrap().entry((way, end)).or_default() += 1;
            Ok(())
        });
        ran.map_err(|error| format!("{way:?}: {error}"))
    };
    let begun = std::time::Instant::now();
    let failed: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = Way::ALL.into_iter().map(|way| scope.spawn(move || run(way))).collect();
        all.into_iter().filter_map(|one| one.join().unwrap().err()).collect()
    });
    let counts = counts.into_inner().unwrap();
    println!("{} sequences in {:?}", counts.values().sum::<u32>(), begun.elapsed());
    for ((way, end), count) in counts {
        println!("  {way:?}: {count} {end}");
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

fn seed(way: Way) -> proptest::test_runner::TestRng {
    let byte = u8::try_from(Way::ALL.iter().position(|other| *other == way).unwrap()).unwrap();
    let base: u8 = std::env::var("ROTATING_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(7);
    let bytes = std::array::from_fn::<u8, 32, _>(|n| if n == 0 { byte } else { base });
    proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &bytes)
}
