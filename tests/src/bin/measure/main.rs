//! What `cargo xtask bench` asks: makes vaults, runs one process and tells what it cost.
//!
//! Answers are one JSON object on standard output. No part of the product.

#![expect(clippy::print_stdout, reason = "answers stand on standard output")]
#![expect(clippy::disallowed_methods, reason = "a tool that is started by hand, not the product")]
#![expect(clippy::unwrap_used, reason = "a figure that cannot be taken ends the run")]
#![expect(clippy::as_conversions, reason = "figures for people")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod places;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use chrono::{DateTime, Duration, Utc};
use keywright_model::{
    Connection, ConnectionId, Environment, Expiry, Hint, Key, Owner, PlatformId, Secret, Status,
    key::{NotedUse, Origin, OwnerKind},
};
use keywright_service::{
    Clock, Home, Service, Setup,
    wire::{KeyPage, ListKeys},
};
use keywright_vault::{Access, Kdf, KdfParams, Vault};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};
use serde_json::{Value, json};

const PASSPHRASE: &str = "seven brass keys on a quiet wall";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let answer = match words.as_slice() {
        ["vault", home, keys] => vault(Path::new(home), keys.parse().unwrap()),
        ["run", program, arguments @ ..] => run(program, arguments),
        ["inside", home] => inside(Path::new(home)),
        ["derivation"] => derivation(),
        ["places"] => places::ten_places(),
        _ => panic!("measure vault HOME KEYS | run PROGRAM … | inside HOME | derivation | places"),
    };
    println!("{answer}");
}

/// Makes a vault of so many keys, each with a note, two tags, a use and a secret.
fn vault(home: &Path, keys: u32) -> Value {
    let passphrase = Secret::copy_of(PASSPHRASE);
    let kdf = Kdf::Fixed(KdfParams::for_tests());
    let now = Utc::now();
    let (mut vault, _) = keywright_vault::create(home, &passphrase, kdf, now).unwrap();
    fs::write(home.join("passphrase"), PASSPHRASE).unwrap();
    let started = Instant::now();
    fill(&mut vault, keys, now);
    let seconds = started.elapsed().as_secs_f64();
    drop(vault);
    json!({ "seconds": seconds, "bytes": size(home) })
}

fn fill(vault: &mut Vault, keys: u32, now: DateTime<Utc>) {
    let connection = connection(now);
    let all: Vec<(Key, Secret)> = (0..keys)
        .map(|number| {
            let secret = format!("ace_test_fake{number:06}q7Lw2Zt9Kd4Rm8XcVb3Nf6Hj");
            (key(&connection, number, now), Secret::new(secret))
        })
        .map(|(mut key, secret)| {
            key.bitting = Some(vault.bitting(&secret));
            (key, secret)
        })
        .collect();
    vault
        .write(|change| {
            change.put_connection(&connection)?;
            for (key, secret) in &all {
                change.put_key(key)?;
                change.seal_key_secret(key.id, secret)?;
            }
            Ok(())
        })
        .unwrap();
}

fn connection(now: DateTime<Utc>) -> Connection {
    Connection {
        id: ConnectionId::make(),
        platform: PlatformId::new("agent.ceo"),
        name: "acme".into(),
        base_url: "https://agent.ceo".into(),
        variables: [("org_id".to_owned(), "acme".to_owned())].into(),
        environment: Environment::Test,
        has_credential: false,
        credential_expires: Expiry::Unknown,
        demo: false,
        added: now,
        refreshed: Some(now),
        trouble: String::new(),
        deleted: None,
    }
}

fn key(connection: &Connection, number: u32, now: DateTime<Utc>) -> Key {
    let name = format!("key-{number:06}");
    let mut key = Key::blank(connection.id, connection.platform.clone(), name, now);
    key.remote_id = Some(format!("key_{number:06}"));
    key.note =
        format!("Used by import {number} on build-{}. Ask Finance before it goes.", number % 40);
    key.hint = Hint { prefix: "ace_test_fa".into(), suffix: String::new() };
    key.scopes = ["org:acme", "agent:cto", "svc:wiki:read"].map(str::to_owned).to_vec();
    key.owner = Owner { name: format!("bot-{}", number % 100), kind: OwnerKind::ServiceAccount };
    key.environment = Environment::Test;
    key.status = Status::Active;
    key.created = Some(now - Duration::days(i64::from(number % 120)));
    // One in ten ends within thirty days.
    key.expires = Expiry::At(now + Duration::days(i64::from(number % 300) + 1));
    key.tags = vec![format!("team-{}", number % 25), "nightly".into()];
    key.uses = vec![NotedUse {
        client: "Codex".into(),
        place: "~/.codex/config.toml".into(),
        noted: now,
        placement: None,
    }];
    key.origin = Origin::Created;
    key
}

fn size(folder: &Path) -> u64 {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_name() != "passphrase")
        .map(|entry| entry.metadata().unwrap())
        .filter(fs::Metadata::is_file)
        .map(|metadata| metadata.len())
        .sum()
}

/// Runs one program to its end. This process has no other child, so what its
/// children cost is what that program cost.
fn run(program: &str, arguments: &[&str]) -> Value {
    let started = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let wall = started.elapsed();
    assert!(output.status.success(), "{program} {arguments:?} failed");
    assert!(!output.stdout.is_empty(), "{program} {arguments:?} said nothing");
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let cpu = (usage.user_time() + usage.system_time()).num_microseconds();
    json!({
        "cpu_ms": cpu as f64 / 1000.0,
        "wall_ms": wall.as_secs_f64() * 1000.0,
        "peak_kib": usage.max_rss(),
        // The kernel counts blocks of 512 bytes sent to the disk.
        "written_kib": usage.block_writes() as f64 / 2.0,
    })
}

/// What the window's process does: unlocks once, then searches and edits.
fn inside(home: &Path) -> Value {
    let setup = Setup { access: Access::Write, kdf: Kdf::Fixed(KdfParams::for_tests()) };
    let service = Service::new(Home::at(home), Clock::system(), setup).unwrap();
    let started = Instant::now();
    service.unlock(&Secret::copy_of(PASSPHRASE)).unwrap();
    // As the window does; a person takes a moment before the first letter.
    let _listener = service.subscribe();
    let page = list(&service, "");
    let unlock_ms = millis(started);
    let total = page.total;
    let row = page.rows.first().unwrap().id;
    std::thread::sleep(std::time::Duration::from_millis(500));
    let typed = ["k", "ke", "key-0000", "nightly", "tag:team-7", "expires:<30d", "build-12"];
    let search_ms = worst(&typed.map(|query| {
        let started = Instant::now();
        // What crosses to the web view is part of the cost.
        serde_json::to_string(&list(&service, query)).unwrap();
        millis(started)
    }));
    let edits: Vec<f64> = (0..9)
        .map(|number| {
            let edit =
                serde_json::from_value(json!({ "key": row, "note": format!("edit {number}") }));
            let started = Instant::now();
            service.edit_key(edit.unwrap()).unwrap();
            millis(started)
        })
        .collect();
    json!({ "unlock_ms": unlock_ms, "search_ms": search_ms, "edit_ms": median(edits), "keys": total })
}

fn list(service: &Service, query: &str) -> KeyPage {
    service.list_keys(ListKeys { query: query.into(), offset: 0, limit: 100 }).unwrap()
}

/// What one unlocking with a calibrated derivation costs on this machine.
fn derivation() -> Value {
    let folder = tempfile::tempdir().unwrap();
    let passphrase = Secret::copy_of(PASSPHRASE);
    let home = folder.path().join("vault");
    drop(keywright_vault::create(&home, &passphrase, Kdf::Calibrated, Utc::now()).unwrap());
    let sealed = keywright_vault::Sealed::open(&home, Access::Read).unwrap();
    let before = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    let started = Instant::now();
    let unlocked = sealed.unlock(&passphrase);
    let wall_ms = millis(started);
    assert!(unlocked.is_ok(), "the vault did not open");
    let after = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    let cpu =
        (after.user_time() + after.system_time()) - (before.user_time() + before.system_time());
    json!({
        "wall_ms": wall_ms,
        "cpu_ms": cpu.num_microseconds() as f64 / 1000.0,
        "memory_mib": after.max_rss() / 1024,
    })
}

fn millis(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1000.0
}

fn worst(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
