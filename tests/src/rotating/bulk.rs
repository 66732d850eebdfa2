//! A thousand keys at once: told as it goes, stopped in the midst, taken up, all done. Its pace is
//! held against that of a plain client which makes the same calls.

use std::time::{Duration, Instant};

use keywright_model::{KeyId, RotationState, Status};
use keywright_service::wire::{
    BulkAct, BulkAsk, BulkProgress, ListKeys, ListRotations, Progress, Selection,
};

use super::{
    platform::Platform,
    stage::{Stage, Way},
};

const KEYS: u32 = 1000;
/// Resident memory that a thousand replacements may add.
const MOST_MIB: u64 = 160;

fn ask(keys: Vec<KeyId>) -> BulkAsk {
    BulkAsk {
        selection: Selection::Keys { keys },
        act: BulkAct::Rotate { revoke_first: false, grace_s: 0, lifetime: None },
        reason: "spring".into(),
        typed: String::new(),
    }
}

fn resident_mib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// What listeners were told.
#[derive(Default)]
struct Told {
    bulk: Vec<BulkProgress>,
    moves: u64,
}

async fn listen(
    mut news: tokio::sync::broadcast::Receiver<Progress>,
    mut ended: tokio::sync::oneshot::Receiver<()>,
) -> Told {
    let mut told = Told::default();
    loop {
        tokio::select! {
            _ = &mut ended => return told,
            news = news.recv() => match news {
                Ok(Progress::Bulk(progress)) => told.bulk.push(progress),
                Ok(Progress::Rotation(_)) => told.moves += 1,
                _ => {}
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_keys_are_replaced_stopped_and_taken_up() {
    let stage = Stage::bare(Way::Beside).await;
    let begun = Instant::now();
    let mut keys = Vec::new();
    for n in 0..KEYS {
        keys.push(stage.make(&format!("job-{n}")).await);
    }
    println!("{KEYS} keys made in {:?}", begun.elapsed());
    let before = resident_mib();
    let begun = Instant::now();
    let first = stage.service.start_bulk(&ask(keys.clone())).unwrap();
    assert_eq!((first.keys, first.left.len()), (KEYS, 0));
    println!("planned in {:?}", begun.elapsed());
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let told = tokio::spawn(listen(stage.service.subscribe(), stopped));
    let done = run_stopped(&stage, first.bulk).await;
    let half = begun.elapsed();
    assert!(done.done > 50 && done.ended > 50, "it was stopped in the midst: {done:?}");
    assert_eq!(done.done + done.ended, KEYS, "{done:?}");
    // Those that are left are asked for again.
    let second = stage.service.start_bulk(&ask(keys)).unwrap();
    assert_eq!(second.keys, KEYS - done.done);
    let end = stage.service.run_bulk(second.bulk).await.unwrap();
    let took = begun.elapsed();
    stop.send(()).unwrap();
    let told = told.await.unwrap();
    println!("{} replaced in {half:?}, all in {took:?}", done.done);
    all_done(&stage, &end);
    assert!(told.moves > u64::from(KEYS) && told.bulk.len() > 50, "{} moves", told.moves);
    let grown = resident_mib().saturating_sub(before);
    println!("{} moves and {} bulk messages; {grown} MiB more", told.moves, told.bulk.len());
    assert!(grown < MOST_MIB, "{grown} MiB");
    println!("{}", compare(&stage, took).await);
}

/// Runs until a part is done, then stops the rest.
async fn run_stopped(stage: &Stage, bulk: keywright_model::BulkId) -> BulkProgress {
    let service = stage.service.clone();
    let mut news = stage.service.subscribe();
    let run = tokio::spawn(async move { service.run_bulk(bulk).await.unwrap() });
    loop {
        if let Ok(Progress::Bulk(progress)) = news.recv().await
            && progress.done >= KEYS / 3
        {
            stage.service.cancel_bulk(bulk).unwrap();
            break;
        }
    }
    // Runs that have not begun are closed; the ones at work go on.
    run.await.unwrap()
}

fn all_done(stage: &Stage, end: &BulkProgress) {
    assert_eq!(end.done, end.total, "{end:?}");
    assert!(stage.service.rotation_violations().unwrap().is_empty());
    let query = |query: &str| ListKeys { query: query.into(), offset: 0, limit: 1 };
    let count = |text: &str| stage.service.list_keys(query(text)).unwrap().total;
    assert_eq!(count("job is:revoked"), KEYS);
    assert_eq!(count("job is:active"), KEYS);
    assert_eq!(stage.platform.live().len(), usize::try_from(KEYS).unwrap());
    let all = ListRotations { ended: true, key: None, bulk: Some(end.bulk) };
    let rows = stage.service.list_rotations(all).unwrap();
    assert!(rows.iter().all(|row| row.state == RotationState::Done));
    let old = stage.service.key_detail(rows[0].old).unwrap();
    assert_eq!(old.row.status, Status::Revoked);
}

/// The same calls by a plain client: create, a probe, revoke, three probes.
async fn compare(stage: &Stage, took: Duration) -> String {
    let Platform::Simulator(simulator, _) = &stage.platform else { unreachable!() };
    let credential = simulator.agent_ceo_credential().unwrap();
    let begun = Instant::now();
    for n in 0..100 {
        raw::replace(&simulator.base_url(), credential.expose(), n).await;
    }
    let plain = begun.elapsed() * (KEYS / 100);
    let share = took.as_secs_f64() / plain.as_secs_f64();
    let rate = |time: Duration| f64::from(KEYS) / time.as_secs_f64();
    format!(
        "{:.1} keys a second; a plain client could {:.1}: {share:.1} times as long",
        rate(took),
        rate(plain)
    )
}

/// A client without any journal.
mod raw {
    use serde_json::{Value, json};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    pub(super) async fn replace(base: &str, admin: &str, n: u32) {
        let mint = json!({
            "orgId": "acme",
            "name": format!("plain-{n}"),
            "scopes": ["org:acme", "agent:*", "svc:wiki:read"],
            "expires_days": 90,
        });
        let list = "/api/v1/customers/acme/api-keys";
        let made = call(base, "POST", "/api/v1/keys/mint", admin, mint.to_string()).await;
        let text = |names: &[&str]| {
            let found = names.iter().find_map(|name| made[*name].as_str());
            found.unwrap().to_owned()
        };
        let (id, key) = (text(&["keyId", "key_id", "id"]), text(&["key", "apiKey", "secret"]));
        call(base, "GET", list, &key, String::new()).await;
        call(base, "DELETE", &format!("{list}/{id}"), admin, String::new()).await;
        for _ in 0..3 {
            call(base, "GET", list, &key, String::new()).await;
        }
    }

    async fn call(base: &str, method: &str, path: &str, key: &str, body: String) -> Value {
        let host = base.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        serde_json::from_str(&body.unwrap_or_default()).unwrap_or_default()
    }
}
