//! A process that makes a key is killed at each of its system calls in turn. Whatever the moment:
//! every key that then lives on the platform is either sealed in the vault or reported.

use std::{
    fs, io,
    path::Path,
    process::{Command, Stdio},
};

use keywright_model::{OperationState, Secret};
use keywright_service::{
    Service, Use,
    wire::{ListKeys, Refresh},
};
use keywright_simulator::{Options, Running, Simulator};
use tempfile::TempDir;

use journeys::desk;

/// Kills, spread over the system calls that matter here.
const KILLS: usize = 200;

/// Where a process is killed: at the n-th call of a kind.
struct Point {
    call: &'static str,
    nth: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_key_lives_on_the_platform_that_is_not_reported() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let template = TempDir::new().unwrap();
    let service = desk::open(&template.path().join("vault")).unwrap();
    let credential = simulator.agent_ceo_credential().unwrap();
    desk::connect(&service, simulator.base_url(), credential).await.unwrap();
    drop(service);
    let points = points(&template, &simulator);
    let (mut unsealed, mut sealed, mut never_made) = (0, 0, 0);
    for (round, point) in points.iter().cycle().take(KILLS).enumerate() {
        let home = copy_of(template.path()).unwrap();
        let name = format!("cut-{round}");
        run_killed(&home.path().join("vault"), &name, point);
        match aftermath(&home, &simulator, &name).await {
            Aftermath::Sealed => sealed += 1,
            Aftermath::Reported => unsealed += 1,
            Aftermath::NeverMade => never_made += 1,
        }
    }
    println!(
        "{KILLS} kills: {never_made} before the platform made the key, {unsealed} between its answer and the seal, {sealed} after"
    );
    assert!(unsealed > 0, "no kill hit the gap: the test would prove nothing");
    assert!(never_made > 0 && sealed > 0, "kills must reach both sides of the gap");
}

enum Aftermath {
    NeverMade,
    Reported,
    Sealed,
}

/// Starts the program anew after a kill and checks what it knows.
async fn aftermath(home: &TempDir, simulator: &Running, name: &str) -> Aftermath {
    let service = desk::open(&home.path().join("vault")).expect("the vault opens after any kill");
    let open_before = service.list_operations().unwrap();
    service.refresh(Refresh { connection: None }).await.unwrap();
    let lives = simulator.control().live_keys().into_iter().any(|key| key.name == name);
    let rows = service
        .list_keys(ListKeys { query: format!("name:{name}"), offset: 0, limit: 10 })
        .unwrap()
        .rows;
    if !lives {
        assert!(rows.is_empty(), "a key is listed that the platform never made");
        return Aftermath::NeverMade;
    }
    assert_eq!(rows.len(), 1, "{name} lives on the platform and is not listed once: {rows:?}");
    if let Ok(secret) = service.secret(rows[0].id, Use::Reveal) {
        assert!(works(simulator, &secret), "the sealed secret is not the key's");
        return Aftermath::Sealed;
    }
    assert_reported(&service, name, open_before.len());
    Aftermath::Reported
}

fn assert_reported(service: &Service, name: &str, open_before: usize) {
    assert_eq!(open_before, 1, "{name}: not reported before the list was read");
    let open = service.list_operations().unwrap();
    let orphaned = |state: &OperationState| matches!(state, OperationState::Orphaned { .. });
    assert!(open.iter().any(|line| orphaned(&line.state)), "{name}: not reported as an orphan");
    assert!(service.overview().unwrap().items.iter().any(|item| item.operation.is_some()));
}

#[expect(clippy::disallowed_methods, reason = "the simulator is asked whether the secret works")]
fn works(simulator: &Running, secret: &Secret) -> bool {
    simulator.control().accepts(secret.expose())
}

/// The calls of a whole run between opening the vault and the end, counted by one traced run.
fn points(template: &TempDir, simulator: &Running) -> Vec<Point> {
    const CALLS: [&str; 6] =
        ["pwrite64", "fdatasync", "recvfrom", "sendto", "writev", "epoll_wait"];
    let home = copy_of(template.path()).unwrap();
    let log = home.path().join("trace");
    let vault = home.path().join("vault");
    let traced = Command::new("strace")
        .args(["-f", "-qq", "-e", &format!("trace={}", CALLS.join(",")), "-o"])
        .arg(&log)
        .arg(env!("CARGO_BIN_EXE_creator"))
        .arg(&vault)
        .arg("counted")
        .stdout(Stdio::null())
        .status()
        .expect("strace runs; `cargo xtask test` installs it");
    assert!(traced.success(), "the uncut run must make its key");
    assert!(simulator.control().live_keys().iter().any(|key| key.name == "counted"));
    let trace = fs::read_to_string(log).unwrap();
    let mut points = Vec::new();
    for call in CALLS {
        let made = trace.lines().filter(|line| line.contains(&format!(" {call}("))).count();
        points.extend((1..=made).map(|nth| Point { call, nth }));
    }
    assert!(points.len() >= 20, "too few points to cut at: {}", points.len());
    points
}

fn run_killed(vault: &Path, name: &str, point: &Point) {
    let inject = format!("inject={}:signal=SIGKILL:when={}", point.call, point.nth);
    Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", &inject])
        .arg(env!("CARGO_BIN_EXE_creator"))
        .arg(vault)
        .arg(name)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("strace runs");
}

fn copy_of(folder: &Path) -> io::Result<TempDir> {
    let copy = TempDir::new()?;
    fs::create_dir(copy.path().join("vault"))?;
    for entry in fs::read_dir(folder.join("vault"))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), copy.path().join("vault").join(entry.file_name()))?;
        }
    }
    Ok(copy)
}
