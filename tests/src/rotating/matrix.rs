//! Every way of replacing a key × every call × every fault, and programs that are stopped, locked
//! or disturbed at many moments. Whatever comes in between: the rules hold each time that anybody
//! looks, and a sensible person brings it to an end.

use std::{
    collections::BTreeMap,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use keywright_model::RotationState;
use keywright_service::wire::Progress;

use super::{
    person::{Person, bring},
    roller::{Call, Fault},
    stage::{Stage, Way},
};

/// Scenarios at once.
const AT_ONCE: usize = 4;

/// What comes in between.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// The nth such call meets a fault.
    Meets(Call, usize, Fault),
    /// The program is stopped while the nth such call hangs.
    StopsIn(Call, usize, Fault),
    /// It is stopped in the nth wait.
    StopsAtWait(u32),
    /// It is stopped when the run has moved so often.
    StopsAtMove(usize),
    /// It is locked when the run has moved so often.
    LocksAtMove(usize),
    /// A file is no longer what its client reads.
    Garbage(usize),
    /// A file is gone.
    Gone(usize),
    /// A client writes its file anew with other settings when the run has moved so often.
    Rewrites(usize, usize),
}

#[derive(Debug, Clone, Copy)]
struct Scenario {
    way: Way,
    trouble: Trouble,
    backs_out: bool,
}

const BEFORE: [Fault; 3] = [Fault::Cut, Fault::TooMany, Fault::Error];

fn troubles(way: Way) -> Vec<Trouble> {
    let mut all = Vec::new();
    let mut meets = |call, nths: &[usize], faults: &[Fault]| {
        for nth in nths {
            all.extend(faults.iter().map(|fault| Trouble::Meets(call, *nth, *fault)));
        }
    };
    let broken = [Fault::Cut, Fault::TooMany, Fault::Error, Fault::Malformed];
    let made = [
        Fault::Cut,
        Fault::TooMany,
        Fault::Error,
        Fault::Lost,
        Fault::ErrorAfter,
        Fault::Malformed,
        Fault::NoSecret,
        Fault::Nothing,
    ];
    let ended = [Fault::Cut, Fault::TooMany, Fault::Error, Fault::Lost, Fault::ErrorAfter];
    meets(Call::Probe, &[0, 1], &BEFORE);
    if !way.is_guided() {
        meets(Call::List, &[0, 1], &broken);
        meets(Call::Make, &[0], &made);
        meets(Call::Revoke, &[0], &ended);
    }
    if way.is_rolled() {
        meets(Call::Make, &[0], &[Fault::NoId]);
    }
    if way == Way::HeldBack {
        meets(Call::Change, &[0, 1], &ended);
    }
    let calls: &[(Call, &[usize])] = if way.is_guided() {
        &[(Call::Probe, &[0, 1])]
    } else {
        &[(Call::List, &[0]), (Call::Make, &[0]), (Call::Probe, &[0, 1, 2]), (Call::Revoke, &[0])]
    };
    for (call, nths) in calls {
        for nth in *nths {
            let hangs = [Fault::Hang, Fault::HangAfter];
            all.extend(hangs.map(|hang| Trouble::StopsIn(*call, *nth, hang)));
        }
    }
    all.extend((0..3).map(Trouble::StopsAtWait));
    all.extend([1, 2, 3, 4, 5, 7, 9, 11].map(Trouble::StopsAtMove));
    all.extend([1, 2, 3, 5, 6, 8, 9, 12].map(Trouble::LocksAtMove));
    all.extend([Trouble::Garbage(0), Trouble::Garbage(1), Trouble::Gone(0), Trouble::Gone(2)]);
    all.extend([(0, 3), (1, 5), (2, 7)].map(|(n, at)| Trouble::Rewrites(n, at)));
    all
}

fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    for way in Way::ALL {
        for (n, trouble) in troubles(way).into_iter().enumerate() {
            // Where the old key ends first there is mostly no way back.
            let both = match trouble {
                Trouble::Meets(Call::Make, ..) => true,
                Trouble::Meets(..) | Trouble::Garbage(_) => !way.ends_old_first(),
                _ => false,
            };
            let minds: &[bool] = match (both, n % 3 == 0) {
                (true, _) => &[false, true],
                (false, true) => &[true],
                (false, false) => &[false],
            };
            all.extend(minds.iter().map(|backs_out| Scenario {
                way,
                trouble,
                backs_out: *backs_out,
            }));
        }
    }
    all
}

/// Plays one and tells how it ended.
async fn play(scenario: Scenario) -> String {
    let mut stage = Stage::set(scenario.way).await;
    let id = stage.start();
    let mut person = Person { backs_out: scenario.backs_out, ..Person::default() };
    trouble(&mut stage, id, scenario.trouble, &mut person).await;
    let row = person.drive(&mut stage, id).await;
    stage.platform.clear();
    if row.state == RotationState::TakenBack {
        person.mend(&stage);
    }
    let outcome = match &row.state {
        RotationState::Done => "done".to_owned(),
        RotationState::TakenBack => "taken back".to_owned(),
        RotationState::Waiting { why, .. } => {
            panic!("it never ends: {why}\n{}", stage.story(id))
        }
        other => panic!("{other:?}\n{}", stage.story(id)),
    };
    stage.is_over(id, &row, &[]).await;
    outcome
}

async fn trouble(
    stage: &mut Stage,
    id: keywright_model::RotationId,
    trouble: Trouble,
    person: &mut Person,
) {
    match trouble {
        Trouble::Meets(call, nth, fault) => stage.platform.order(call, nth, fault),
        Trouble::Garbage(n) => spoil(stage, person, n, Some("{ not = [ what it was")),
        Trouble::Gone(n) => spoil(stage, person, n, None),
        Trouble::StopsIn(call, nth, fault) => {
            begin_guided(stage, id).await;
            stage.platform.order(call, nth, fault);
            let wanted = match (&stage.platform, nth) {
                (super::platform::Platform::Roller(_), _) => 1,
                (_, nth) => u64::try_from(nth).unwrap() + 1,
            };
            let wanted = stage.platform.met() + wanted;
            run_until(stage, id, |stage| stage.platform.met() >= wanted).await;
            stage.platform.clear();
        }
        Trouble::StopsAtWait(nth) => {
            begin_guided(stage, id).await;
            stage.time.stop_in(nth);
            run_until(stage, id, |stage| stage.time.is_stopped()).await;
            stage.time.let_go();
        }
        Trouble::StopsAtMove(moves) => at_move(stage, id, moves, Act::Stop).await,
        Trouble::LocksAtMove(moves) => at_move(stage, id, moves, Act::Lock).await,
        Trouble::Rewrites(n, moves) => at_move(stage, id, moves, Act::Rewrite(n)).await,
    }
}

/// Until the new key is brought there is nothing to stop.
async fn begin_guided(stage: &mut Stage, id: keywright_model::RotationId) {
    if stage.way.is_guided() {
        stage.service.run_rotation(id).await.unwrap();
        bring(stage, id).await;
    }
}

fn spoil(stage: &Stage, person: &mut Person, n: usize, text: Option<&str>) {
    let file = &stage.files[n];
    person.spoiled.insert(n, fs::read(file).unwrap());
    match text {
        Some(text) => fs::write(file, text).unwrap(),
        None => fs::remove_file(file).unwrap(),
    }
}

/// Runs, and stops the program as soon as something holds, or when the run waits or has ended.
async fn run_until(
    stage: &mut Stage,
    id: keywright_model::RotationId,
    holds: impl Fn(&Stage) -> bool,
) {
    let service = stage.service.clone();
    let task = tokio::spawn(async move { drop(service.run_rotation(id).await) });
    for _ in 0..4000 {
        if holds(stage) || task.is_finished() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    task.abort();
    drop(task.await);
    stage.time.let_go();
    stage.restart().await;
}

#[derive(Clone, Copy)]
pub(crate) enum Act {
    Stop,
    Lock,
    Rewrite(usize),
}

/// Runs, and does something when the run has moved so often.
pub(crate) async fn at_move(
    stage: &mut Stage,
    id: keywright_model::RotationId,
    moves: usize,
    act: Act,
) {
    begin_guided(stage, id).await;
    let mut news = stage.service.subscribe();
    let service = stage.service.clone();
    let task = tokio::spawn(async move { drop(service.run_rotation(id).await) });
    let mut seen = 0;
    while seen < moves && !task.is_finished() {
        match tokio::time::timeout(Duration::from_millis(20), news.recv()).await {
            Ok(Ok(Progress::Rotation(_))) => seen += 1,
            Ok(Err(tokio::sync::broadcast::error::RecvError::Closed)) => break,
            _ => {}
        }
    }
    match act {
        Act::Stop => {
            task.abort();
            drop(task.await);
            stage.restart().await;
        }
        Act::Lock => {
            stage.service.lock();
            drop(task.await);
        }
        Act::Rewrite(n) => {
            let text = fs::read_to_string(&stage.files[n]).unwrap();
            let other = match n {
                0 => text.replace("\"numStartups\": 12", "\"numStartups\": 13"),
                1 => text.replace("# mine", "# my own"),
                _ => format!("{text}OTHER=1\n"),
            };
            fs::write(&stage.files[n], other).unwrap();
            drop(task.await);
        }
    }
}

#[test]
fn whatever_comes_in_between_the_rules_hold_and_it_comes_to_an_end() {
    let only = std::env::var_os("ROTATING_ONLY").map(|only| only.into_string().unwrap());
    let mut all = scenarios();
    if let Some(only) = &only {
        all.retain(|scenario| format!("{scenario:?}").contains(only.as_str()));
    }
    assert!(only.is_some() || all.len() >= 400, "{}", all.len());
    let next = AtomicUsize::new(0);
    let counts: Mutex<BTreeMap<(Way, String), u32>> = Mutex::default();
    let failures: Mutex<Vec<String>> = Mutex::default();
    let begun = std::time::Instant::now();
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        while let Some(scenario) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            match catch_unwind(AssertUnwindSafe(|| runtime.block_on(play(*scenario)))) {
                Ok(outcome) => {
                    *counts.lock().unwrap().entry((scenario.way, outcome)).or_default() += 1;
                }
                Err(panic) => failures.lock().unwrap().push(told(scenario, &*panic)),
            }
        }
    };
    std::thread::scope(|scope| (0..AT_ONCE).for_each(|_| drop(scope.spawn(work))));
    let counts = counts.into_inner().unwrap();
    println!("{} scenarios in {:?}", all.len(), begun.elapsed());
    for ((way, outcome), count) in &counts {
        println!("  {way:?}: {count} {outcome}");
    }
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), all.len(), failures.join("\n\n"));
}

/// What failed at which point.
pub(crate) fn told(scenario: &impl std::fmt::Debug, panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    format!("{scenario:?}: {}", text.unwrap_or_default())
}
