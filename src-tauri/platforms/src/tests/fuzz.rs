//! Ten thousand spoilt answers for each operation, and spoilt profiles: nothing
//! panics, every outcome is typed, and trouble never reads as success.

use std::sync::{Arc, Mutex};

use keywright_model::{RemoteKey, Secret, Verdict, expiry::Lifetime};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::server::{Reply, SECRET, Server, connect, credential, reply};
use crate::{CallError, Created, NewKey, Profile, Registry};

const ROUNDS: u64 = 10_000;
const STATUSES: [u16; 12] = [200, 200, 200, 200, 201, 204, 206, 400, 401, 403, 404, 500];

/// A small generator: the same seed, the same spoilt answers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).expect("few")).expect("few")
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.roll(from.len())]
    }

    /// A value that may stand anywhere.
    fn odd(&mut self) -> Value {
        let odd = [
            json!(null),
            json!(true),
            json!(-1),
            json!(1e308),
            json!(u64::MAX),
            json!(""),
            json!("\u{0}\u{202e}\u{1f511}"),
            json!("x".repeat(3_000)),
            json!("0001-01-01T00:00:00Z"),
            json!("9999-99-99T99:99:99Z"),
            json!([]),
            json!([[[[[]]]]]),
            json!({}),
            json!({"key": {"key": 1}}),
            json!(SECRET),
            json!("../.."),
        ];
        self.pick(&odd).clone()
    }

    /// Replaces, removes or doubles something in a value.
    fn bend(&mut self, value: &mut Value) {
        if self.roll(4) == 0 {
            *value = self.odd();
            return;
        }
        match value {
            Value::Object(members) if !members.is_empty() => {
                let names: Vec<String> = members.keys().cloned().collect();
                let name = self.pick(&names).clone();
                match self.roll(4) {
                    0 => drop(members.remove(&name)),
                    1 => {
                        let moved = members.remove(&name).unwrap_or_default();
                        members.insert(self.pick(&names).clone(), moved);
                    }
                    _ => self.bend(members.get_mut(&name).expect("a member")),
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let at = self.roll(items.len());
                match self.roll(3) {
                    0 => drop(items.remove(at)),
                    1 => items.push(items[at].clone()),
                    _ => self.bend(&mut items[at]),
                }
            }
            other => *other = self.odd(),
        }
    }

    /// Spoils the bytes themselves.
    fn scratch(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.roll(3) {
            let at = self.roll(bytes.len());
            match self.roll(4) {
                0 => bytes.truncate(at),
                1 if at < bytes.len() => bytes[at] ^= 1 << self.roll(8),
                2 => bytes.insert(at.min(bytes.len()), *self.pick(b"{}[]\",:\\0\xff")),
                _ => {
                    let part =
                        bytes.get(at..(at + 9).min(bytes.len())).unwrap_or_default().to_vec();
                    bytes.extend(part);
                }
            }
        }
    }

    fn spoil(&mut self, good: &Value) -> Reply {
        let status = *self.pick(&STATUSES);
        let mut value = good.clone();
        for _ in 0..=self.roll(3) {
            self.bend(&mut value);
        }
        let mut bytes = value.to_string().into_bytes();
        if self.roll(3) == 0 {
            self.scratch(&mut bytes);
        }
        // A body after 204 would break the connection, not the reading.
        reply(status, if status == 204 { Vec::new() } else { bytes })
    }
}

/// A server that answers with one spoilt answer after another.
async fn spoiling(seed: u64, good: Value) -> (Server, Arc<Mutex<u16>>) {
    let dice = Mutex::new(Dice(seed));
    let last = Arc::new(Mutex::new(0));
    let status = Arc::clone(&last);
    let server = Server::start(move |_, _| {
        let answer = dice.lock().expect("not poisoned").spoil(&good);
        *status.lock().expect("not poisoned") = answer.status();
        answer
    })
    .await;
    (server, last)
}

fn good_list() -> Value {
    json!({"keys": [
        {"key_id": "key-1", "name": "ci", "prefix": "ace_live_aB", "owner": "acme",
         "scopes": ["org:acme", "agent:*", "svc:wiki:read"], "created_at": "2026-11-01T00:00:00Z",
         "expires_at": 1_797_933_600, "last_used_at": null, "status": "active"},
        {"id": 7, "label": "other", "revoked": true, "scopes": []},
    ]})
}

fn sound(key: &RemoteKey) {
    assert!(!key.remote_id.is_empty() && key.remote_id.len() <= 512);
    assert!(key.hint.prefix.chars().count() <= 24 && key.hint.suffix.chars().count() <= 8);
    for text in key.name.iter().chain(&key.scopes).chain([&key.owner.name]) {
        assert!(text.chars().count() <= 1_000 && !text.chars().any(char::is_control), "{text:?}");
    }
}

#[tokio::test]
async fn ten_thousand_spoilt_lists() {
    let (server, _) = spoiling(11, good_list()).await;
    let connector = connect(&server);
    let (mut whole, mut malformed) = (0, 0);
    for _ in 0..ROUNDS {
        match connector.list(&credential()).await {
            Ok(keys) => {
                keys.iter().for_each(sound);
                whole += 1;
            }
            Err(CallError::Malformed { .. }) => malformed += 1,
            Err(_) => {}
        }
    }
    assert!(whole > 500 && malformed > 500, "both were met: {whole} {malformed}");
}

#[tokio::test]
async fn ten_thousand_spoilt_mints() {
    let good = json!({"key": SECRET, "key_id": "key-1", "prefix": "ace_test_fa", "owner": "acme",
        "scopes": ["org:acme", "agent:*", "svc:mcp:write"]});
    let (server, status) = spoiling(22, good).await;
    let connector = connect(&server);
    let scopes = ["org:acme", "agent:*", "svc:mcp:write"].map(str::to_owned).to_vec();
    let new = NewKey { name: "ci".into(), scopes, lifetime: Lifetime::Days(90) };
    let now = "2026-11-22T10:00:00Z".parse().expect("an instant");
    let (mut made, mut lost) = (0, 0);
    for _ in 0..ROUNDS {
        let outcome = connector.create(&credential(), &new, now).await;
        let status = *status.lock().expect("not poisoned");
        assert!(!format!("{outcome:?}").contains(SECRET), "{status}: {outcome:?}");
        match outcome {
            Ok(Created { secret, .. }) => {
                assert!(!secret.is_empty() && (status == 200 || status == 201));
                made += 1;
            }
            Err(CallError::SecretLost { .. }) => {
                assert!(status == 200 || status == 201);
                lost += 1;
            }
            Err(_) => {}
        }
    }
    assert!(made > 500 && lost > 200, "both were met: {made} {lost}");
}

#[tokio::test]
async fn ten_thousand_spoilt_revocations() {
    let (server, status) = spoiling(33, json!({"deleted": true, "id": "key-1"})).await;
    let connector = connect(&server);
    for _ in 0..ROUNDS {
        let outcome = connector.revoke(&credential(), "key-1").await;
        let status = *status.lock().expect("not poisoned");
        assert_eq!(outcome.is_ok(), [200, 204, 404].contains(&status), "{status}: {outcome:?}");
    }
}

#[tokio::test]
async fn ten_thousand_spoilt_probes() {
    let (server, status) = spoiling(44, good_list()).await;
    let connector = connect(&server);
    let secret = Secret::copy_of(SECRET);
    for _ in 0..ROUNDS {
        let probe = connector.probe(&secret).await;
        let status = *status.lock().expect("not poisoned");
        let dead = probe.verdict == Verdict::Dead;
        assert_eq!(dead, status == 401, "{status}: {probe:?}");
        assert_eq!(probe.verdict.works(), status == 200 || status == 403, "{status}: {probe:?}");
    }
}

/// A real profile with some of its text cut out, doubled, moved or overwritten.
fn spoilt_profile() -> impl Strategy<Value = String> {
    let texts = Registry::builtin_texts();
    let cut = (any::<prop::sample::Index>(), 0_usize..200, 0_usize..4, ".{0,12}");
    (0..texts.len(), prop::collection::vec(cut, 1..6)).prop_map(move |(which, cuts)| {
        let mut letters: Vec<char> = texts[which].1.chars().collect();
        for (at, length, kind, new) in cuts {
            if letters.is_empty() {
                break;
            }
            let from = at.index(letters.len());
            let to = (from + length).min(letters.len());
            let part: Vec<char> = match kind {
                0 => Vec::new(),
                1 => [&letters[from..to], &letters[from..to]].concat(),
                2 => letters[from..to].iter().rev().copied().collect(),
                _ => new.chars().collect(),
            };
            drop(letters.splice(from..to, part));
        }
        letters.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spoilt_profile_is_read_or_refused_with_its_place(text in spoilt_profile()) {
        if let Err(error) = Profile::parse("spoilt.toml", &text) {
            let lines = text.split('\n').count();
            prop_assert!(error.line >= 1 && error.line <= lines, "{error}");
            prop_assert!(error.column >= 1 && !error.found.is_empty() && !error.expected.is_empty());
        }
    }

    #[test]
    fn any_text_at_all_is_read_or_refused(text in "\\PC{0,300}") {
        prop_assert!(Profile::parse("any.toml", &text).is_err());
    }

    #[test]
    fn any_scopes_at_all_are_described_checked_and_refused(
        scopes in prop::collection::vec("(org|agent|svc|):[a-z*:{}-]{0,12}|\\PC{0,20}", 0..6),
    ) {
        let profile = super::server::agent_ceo();
        let variables = super::server::acme();
        let problems = profile.check_scopes(&variables, &scopes);
        let said = profile.describe(&variables, &scopes, keywright_model::Expiry::Never);
        prop_assert!(!said.sentence.is_empty());
        let complete = ["org:acme"].iter().all(|one| scopes.iter().any(|scope| scope == one))
            && scopes.iter().any(|scope| scope.starts_with("agent:"))
            && scopes.iter().any(|scope| scope.starts_with("svc:"));
        prop_assert!(complete || !problems.is_empty(), "{scopes:?}");
    }
}
