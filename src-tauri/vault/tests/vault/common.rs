//! What the vault's tests share: an obviously fake world, and quick ways into a vault.
#![expect(clippy::disallowed_methods, reason = "tests look at their own fake secrets and files")]

use std::path::Path;

use chrono::{DateTime, Duration, Utc};
use keywright_model::{
    Bitting, ConnectionId, Environment, Event, EventKind, Expiry, Hint, Key, KeyId, Owner,
    OwnerKind, PlatformId, Secret, Status, key::NotedUse,
};
use keywright_vault::{Access, Kdf, KdfParams, RecoveryCode, Sealed, Vault, create};
use uuid::Uuid;

/// The passphrase of every vault made here.
pub(crate) const PASSPHRASE: &str = "velvet harbour quince lantern oboe";

pub(crate) fn passphrase() -> Secret {
    Secret::copy_of(PASSPHRASE)
}

/// A fixed present.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_000)
}

pub(crate) const fn kdf() -> Kdf {
    Kdf::Fixed(KdfParams::for_tests())
}

pub(crate) fn make(dir: &Path) -> (Vault, RecoveryCode) {
    create(dir, &passphrase(), kdf(), now()).unwrap()
}

pub(crate) fn open(dir: &Path) -> Vault {
    Sealed::open(dir, Access::Write).unwrap().unlock(&passphrase()).unwrap()
}

/// Key number `n`: the same every time, as full as a real one.
pub(crate) fn fake_key(n: u32) -> Key {
    let connection = ConnectionId::from_uuid(Uuid::from_u128(7));
    let platform = PlatformId::new("agent.ceo");
    let mut key = Key::blank(connection, platform, format!("ci-deploy-{n}"), now());
    key.id = KeyId::from_uuid(id(n));
    key.remote_id = Some(format!("key_{n:012x}"));
    key.label = format!("Deploy of service {n}");
    key.note = "Used by the nightly importer on build-7".into();
    key.hint = Hint { prefix: "ace_test_fa".into(), suffix: format!("{n:04}") };
    key.scopes = vec!["svc:deploy:write".into(), "org:acme:read".into(), "agents:cto:*".into()];
    key.owner = Owner { name: "dana@acme.example".into(), kind: OwnerKind::Person };
    key.environment = Environment::Test;
    key.status = Status::Active;
    key.created = Some(now() - Duration::days(i64::from(n % 60)));
    key.expires = Expiry::At(now() + Duration::days(i64::from(n % 400)));
    key.last_used = Some(now() - Duration::seconds(i64::from(n)));
    key.tags = vec!["ci".into(), "prod".into()];
    let place = "~/.codex/config.toml".into();
    key.uses = vec![NotedUse { client: "Codex".into(), place, noted: now(), placement: None }];
    key.bitting = Some(Bitting(vec![1, 2, 3, 4, 5, 6, 7, 0]));
    key
}

/// A well-spread id for a number, of the shape of a random one.
fn id(n: u32) -> Uuid {
    let wide = u128::from(n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    uuid::Builder::from_random_bytes(wide.to_le_bytes()).into_uuid()
}

pub(crate) fn fake_secret(n: u32) -> Secret {
    Secret::new(format!("ace_test_fake_{n:06}_0123456789abcdefghijklmnop"))
}

pub(crate) fn text(secret: Option<Secret>) -> Option<String> {
    secret.map(|secret| secret.expose().to_owned())
}

pub(crate) fn code_of(code: &RecoveryCode) -> String {
    code.expose_groups().expose().to_owned()
}

/// Puts other bytes in a file's place.
pub(crate) fn overwrite(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

/// A line of the log about a key.
pub(crate) fn event(key: &Key) -> Event {
    let subject = key.name.clone();
    Event { at: now(), kind: EventKind::KeyCreated, key: Some(key.id), connection: None, subject }
}

/// Numbers that look thrown and are the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: usize) -> Self {
        let mut dice =
            Self(u64::try_from(seed).unwrap().wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number under `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        u8::try_from(self.next() >> 56).unwrap()
    }
}
