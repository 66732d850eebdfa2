//! A process that replaces a key in ten clients' files is killed, or its disk fails, at each of
//! many system calls. Whatever the moment: each file is whole and holds a key that works, every
//! key at the platform is known or reported, and the next start brings the replacement to its end.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::matrix::told;
use journeys::{desk, ten, turning};
use keywright_model::{RotationState, rotation::Wait};
use keywright_service::{
    Clock, Error, Service, Use,
    wire::{ActOnRotation, ListRotations, Refresh, RotationAction, RotationRow},
};
use keywright_simulator::{Options, Running, Simulator};
use tempfile::TempDir;

const KILLS: usize = 150;
const FAILURES: usize = 52;
const AT_ONCE: usize = 4;

/// Calls that write files or talk to the platform.
const KILLING: [&str; 14] = [
    "openat",
    "pwrite64",
    "write",
    "fsync",
    "fdatasync",
    "ftruncate",
    "rename",
    "renameat2",
    "linkat",
    "unlink",
    "sendto",
    "writev",
    "recvfrom",
    "connect",
];
const FAILING: [&str; 8] =
    ["openat", "pwrite64", "write", "fsync", "fdatasync", "ftruncate", "rename", "linkat"];

type Point = (&'static str, usize);

/// A platform, and a vault that is connected to it.
struct Bench {
    runtime: tokio::runtime::Runtime,
    simulator: Running,
    template: TempDir,
}

impl Bench {
    fn set() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let template = TempDir::new().unwrap();
        ten::write_files(&template.path().join("user")).unwrap();
        let simulator = runtime.block_on(async {
            let simulator = Simulator::start(Options::default()).await.unwrap();
            let service = ten::open(template.path()).unwrap();
            let credential = simulator.agent_ceo_credential().unwrap();
            desk::connect(&service, simulator.base_url(), credential).await.unwrap();
            simulator
        });
        Self { runtime, simulator, template }
    }

    /// A vault with a key that stands in ten files.
    fn prepared(&self) -> TempDir {
        for (id, _) in self.live() {
            self.simulator.control().revoke(&id);
        }
        let home = TempDir::new().unwrap();
        let copied = Command::new("cp")
            .arg("-a")
            .arg(self.template.path().join("."))
            .arg(home.path())
            .status();
        assert!(copied.unwrap().success());
        let service = ten::open(home.path()).unwrap();
        self.runtime.block_on(async {
            let connection = service.find_connection(desk::CONNECTION).unwrap();
            let made = service.create_key(desk::wanted(connection, ten::NAME)).await.unwrap();
            service.place_key(ten::request(made.key.unwrap())).unwrap();
        });
        home
    }

    fn live(&self) -> Vec<(String, String)> {
        let live = self.simulator.control().live_keys().into_iter();
        live.filter(|key| key.name == ten::NAME).map(|key| (key.id, key.name)).collect()
    }

    fn strace(home: &Path, options: &[&str]) -> bool {
        // One that a failing call makes wait for ever is killed as well.
        let status = Command::new("timeout")
            .args(["-s", "KILL", "20", "strace", "-f", "-qq"])
            .args(options)
            .arg(env!("CARGO_BIN_EXE_rotator"))
            .arg(home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.unwrap().success()
    }

    /// Calls of a whole run on its own files and on the network, each as which one of its kind it
    /// is in its thread.
    fn points(&self, calls: &[&'static str], wanted: usize) -> Vec<Point> {
        let home = self.prepared();
        let log = TempDir::new().unwrap();
        let log = log.path().join("trace");
        let trace = format!("trace={}", calls.join(","));
        let whole = Self::strace(home.path(), &["-y", "-e", &trace, "-o", log.to_str().unwrap()]);
        assert!(whole, "the process does not replace the key even without a fault");
        assert_eq!(self.aftermath(home.path(), true), "done before");
        let text = fs::read_to_string(&log).unwrap();
        let folder = home.path().to_str().unwrap();
        let mut made: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut all: BTreeSet<(usize, &'static str)> = BTreeSet::new();
        for line in text.lines() {
            let thread = line.split_whitespace().next().unwrap_or_default();
            let Some(call) = calls.iter().find(|call| line.contains(&format!(" {call}("))) else {
                continue;
            };
            let nth = made.entry((thread, call)).or_default();
            *nth += 1;
            if line.contains(folder) || line.contains("TCP:") || line.contains("socket:") {
                all.insert((*nth, call));
            }
        }
        assert!(all.len() >= 100, "too few calls to mean anything: {}", all.len());
        let all: Vec<Point> = all.into_iter().map(|(nth, call)| (call, nth)).collect();
        // Each in its turn, with another start each round.
        let spread = (0..7).flat_map(|from| all.iter().skip(from).step_by(7));
        spread.copied().cycle().take(wanted).collect()
    }

    /// What is there after a process ended anyhow, and after the next start.
    fn aftermath(&self, home: &Path, whole: bool) -> &'static str {
        let ahead = Arc::new(AtomicI64::new(0));
        let service = opened(home, &ahead);
        let guard = self.runtime.enter();
        let begun = self.holds(&service, home);
        let state = self.runtime.block_on(self.finish(&service, home, &ahead));
        drop(guard);
        match (whole, begun, state) {
            (true, ..) => "done before",
            (_, _, false) => "never begun",
            (_, false, true) => "before the new key",
            (_, true, true) => "after the new key",
        }
    }

    /// The rules, as they hold at once after a start. Tells whether there is a second key.
    fn holds(&self, service: &Service, home: &Path) -> bool {
        let wrong = service.rotation_violations().unwrap();
        assert!(wrong.is_empty(), "{wrong:?}");
        let mut values = Vec::new();
        for (id, _) in service.find_keys(ten::NAME).unwrap() {
            if let Ok(secret) = service.secret(id, Use::Reveal) {
                values.push(secret.expose().to_owned());
            }
        }
        values.retain(|value| self.simulator.control().accepts(value));
        let user = home.join("user");
        let texts = |value: &str| ten::files(&user, value);
        for (n, (path, _)) in texts(ten::OLD).iter().enumerate() {
            let text = fs::read_to_string(path).unwrap();
            let whole = values.iter().any(|value| texts(value)[n].1 == text);
            assert!(
                whole,
                "{} is torn, or its key does not work: {text}\nworking: {values:?}\nkeys: {:?}\nruns: {:?}",
                path.display(),
                service.find_keys(ten::NAME).unwrap(),
                service
                    .list_rotations(ListRotations { ended: true, key: None, bulk: None })
                    .unwrap()
            );
        }
        let live = self.live().len();
        let reported = !service.list_operations().unwrap().is_empty();
        assert!(live <= values.len() || reported, "{live} keys live, {} are known", values.len());
        live > 1 || values.len() > 1
    }

    /// Brings the run to its end. Tells whether there was one.
    async fn finish(&self, service: &Service, home: &Path, ahead: &AtomicI64) -> bool {
        let all = ListRotations { ended: true, key: None, bulk: None };
        let id = service.list_rotations(all).unwrap().first().map(|row| row.id);
        if let Some(id) = id {
            let mut row = service.run_rotation(id).await.unwrap();
            for _ in 0..12 {
                if !is_open(&row) {
                    break;
                }
                go_on(service, &row, ahead).await;
                row = service.run_rotation(id).await.unwrap();
                self.holds(service, home);
            }
            let report = service.rotation_report(id).unwrap();
            assert!(!is_open(&row), "{report:#?}");
        }
        ahead.fetch_add(130, Ordering::Relaxed);
        service.refresh(Refresh { connection: None }).await.unwrap();
        self.holds(service, home);
        let open = service.list_operations().unwrap();
        assert!(open.is_empty(), "{open:?}");
        assert_eq!(self.live().len(), 1, "one key stays");
        id.is_some()
    }
}

fn clock(ahead: &Arc<AtomicI64>) -> Clock {
    let (hurried, ahead) = (turning::hurried(), Arc::clone(ahead));
    Clock::new(
        move || hurried.now() + chrono::Duration::seconds(ahead.load(Ordering::Relaxed)),
        |pause| {
            let pause = pause.min(Duration::from_millis(1));
            Box::pin(tokio::time::sleep(pause))
        },
    )
}

const fn is_open(row: &RotationRow) -> bool {
    !matches!(row.state, RotationState::Done | RotationState::TakenBack)
}

async fn go_on(service: &Service, row: &RotationRow, ahead: &AtomicI64) {
    match &row.state {
        RotationState::Waiting { wait: Wait::Person, why, .. } => {
            // A failing disk may have had the new key ended as soon as it was made.
            let back = why.contains("refuses the new key");
            let action = if back { RotationAction::TakeBack } else { RotationAction::Resume };
            service.act_on_rotation(ActOnRotation { rotation: row.id, action }).await.unwrap();
        }
        _ => drop(ahead.fetch_add(130, Ordering::Relaxed)),
    }
}

/// Runs a fault at each point, several at once.
fn at_each<T: Sync + std::fmt::Debug>(
    points: &[T],
    options: impl Fn(&T) -> Vec<String> + Sync,
) -> BTreeMap<&'static str, u32> {
    let next = AtomicUsize::new(0);
    let counts: Mutex<BTreeMap<&'static str, u32>> = Mutex::default();
    let failures: Mutex<Vec<String>> = Mutex::default();
    let work = || {
        let bench = Bench::set();
        while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
            let home = bench.prepared();
            let options = options(point);
            let options: Vec<&str> = options.iter().map(String::as_str).collect();
            let whole = Bench::strace(home.path(), &options);
            let after = AssertUnwindSafe(|| bench.aftermath(home.path(), whole));
            match catch_unwind(after) {
                Ok(end) => *counts.lock().unwrap().entry(end).or_default() += 1,
                Err(panic) => failures.lock().unwrap().push(told(point, &*panic)),
            }
        }
    };
    std::thread::scope(|scope| (0..AT_ONCE).for_each(|_| drop(scope.spawn(work))));
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n\n"));
    counts.into_inner().unwrap()
}

/// Opens the vault. A process that was killed a moment ago may still be on its way out.
fn opened(home: &Path, ahead: &Arc<AtomicI64>) -> Service {
    for _ in 0..100 {
        match ten::open_by(home, clock(ahead)) {
            Err(Error::Vault(keywright_vault::Error::InUse)) => {
                std::thread::sleep(Duration::from_millis(100));
            }
            opened => return opened.unwrap(),
        }
    }
    panic!("the vault stays in use");
}

fn injected(call: &str, how: &str) -> Vec<String> {
    let texts = ["-e", &format!("trace={call}"), "-e", how, "-o", "/dev/null"];
    texts.map(str::to_owned).to_vec()
}

#[test]
fn a_killed_replacement_is_brought_to_its_end_by_the_next_start() {
    let begun = std::time::Instant::now();
    let points = Bench::set().points(&KILLING, KILLS);
    let counts = at_each(&points, |(call, nth)| {
        injected(call, &format!("inject={call}:signal=SIGKILL:when={nth}"))
    });
    println!("{} kills in {:?}: {counts:?}", points.len(), begun.elapsed());
    assert!(counts["before the new key"] > 5 && counts["after the new key"] > 20, "{counts:?}");
}

#[test]
fn a_failing_disk_leaves_a_replacement_that_the_next_start_brings_to_its_end() {
    let begun = std::time::Instant::now();
    let modes = [("EIO", ""), ("ENOSPC", ""), ("EIO", "+"), ("ENOSPC", "+")];
    let points = Bench::set().points(&FAILING, FAILURES);
    let points: Vec<_> = points.into_iter().zip(modes.into_iter().cycle()).collect();
    let counts = at_each(&points, |((call, nth), (error, on))| {
        injected(call, &format!("inject={call}:error={error}:when={nth}{on}"))
    });
    println!("{} failing calls in {:?}: {counts:?}", points.len(), begun.elapsed());
    assert!(counts.len() > 1, "{counts:?}");
}
