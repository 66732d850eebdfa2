//! A small vault with something of everything in it, and all that can be read out of one.

use std::{collections::BTreeMap, path::Path};

use keywright_model::{
    Connection, ConnectionId, Event, Key, Operation, OperationId, OperationState, PlatformId,
    Request,
};
use keywright_vault::{Access, Error, Notice, Sealed, StoredSettings, Vault};
use uuid::Uuid;

use crate::common::{event, fake_key, fake_secret, make, now, passphrase, text};

/// Keys in the sample vault.
pub(crate) const KEYS: u32 = 12;

pub(crate) fn connection() -> Connection {
    Connection {
        id: ConnectionId::from_uuid(Uuid::from_u128(7)),
        platform: PlatformId::new("agent.ceo"),
        name: "Acme".into(),
        base_url: "https://agent.ceo".into(),
        variables: BTreeMap::from([("org_id".into(), "acme".into())]),
        environment: keywright_model::Environment::Test,
        has_credential: true,
        credential_expires: keywright_model::Expiry::Unknown,
        demo: false,
        added: now(),
        refreshed: None,
        trouble: String::new(),
        deleted: None,
    }
}

pub(crate) fn operation(n: u32) -> Operation {
    let key = fake_key(n);
    let reason = "it leaked".into();
    let remote_id = format!("key_{n:012x}");
    Operation {
        id: OperationId::from_uuid(Uuid::from_u128(1_000_000 + u128::from(n))),
        connection: key.connection,
        request: Request::Revoke { key: key.id, remote_id, name: key.name, reason },
        state: OperationState::Intended,
        asked: now(),
        changed: now(),
    }
}

/// Makes a vault that has been in use for a while.
pub(crate) fn sample(dir: &Path) -> Vault {
    let (mut vault, _) = make(dir);
    fill(&mut vault).unwrap();
    vault
}

/// Uses a fresh vault for a while.
pub(crate) fn fill(vault: &mut Vault) -> Result<(), Error> {
    let connection = connection();
    vault.write(|change| {
        change.put_connection(&connection)?;
        change.seal_credential(connection.id, &fake_secret(999))?;
        change.put_settings(&StoredSettings { theme: "dark".into(), ..StoredSettings::default() })
    })?;
    for n in 0..KEYS {
        vault.write(|change| {
            let key = fake_key(n);
            change.put_key(&key)?;
            change.seal_key_secret(key.id, &fake_secret(n))?;
            change.put_operation(&operation(n))?;
            change.log(&event(&key))
        })?;
    }
    vault.write(|change| {
        change.remove_key(fake_key(3).id)?;
        change.remove_operation(operation(4).id)?;
        change.seal_key_secret(fake_key(5).id, &fake_secret(55))
    })
}

/// All that a vault's owner can read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Everything {
    keys: Vec<(Key, Option<String>)>,
    connections: Vec<(Connection, Option<String>)>,
    operations: Vec<Operation>,
    settings: StoredSettings,
    events: Vec<(u64, Event)>,
}

impl Everything {
    /// Reads it all, with every check that reading makes.
    pub(crate) fn of(vault: &Vault) -> Result<Self, Error> {
        let index = vault.index();
        let keys: Result<Vec<_>, Error> =
            index.keys().map(|key| Ok((key.clone(), text(vault.key_secret(key.id)?)))).collect();
        let connections: Result<Vec<_>, Error> = index
            .connections()
            .map(|it| Ok((it.clone(), text(vault.credential(it.id)?))))
            .collect();
        vault.verify_log()?;
        Ok(Self {
            keys: keys?,
            connections: connections?,
            operations: index.operations().cloned().collect(),
            settings: index.settings().clone(),
            events: vault.events(None, usize::MAX, None)?,
        })
    }
}

impl Everything {
    /// The same as a value that can be kept in a file.
    pub(crate) fn json(&self) -> serde_json::Value {
        let Self { keys, connections, operations, settings, events } = self;
        serde_json::json!({
            "keys": keys, "connections": connections, "operations": operations,
            "settings": settings, "events": events,
        })
    }
}

/// What became of a vault that somebody meddled with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An error, or a warning.
    Noticed,
    /// Nothing is different.
    Same,
    /// Something is different and nobody said so.
    Silent,
}

/// Opens a vault and compares all of it with what it held.
pub(crate) fn inspect(dir: &Path, access: Access, held: &Everything) -> Outcome {
    let Ok(sealed) = Sealed::open(dir, access) else { return Outcome::Noticed };
    let Ok(vault) = sealed.unlock(&passphrase()) else { return Outcome::Noticed };
    match Everything::of(&vault) {
        Err(_) => Outcome::Noticed,
        Ok(found) if found == *held => Outcome::Same,
        Ok(_) if matches!(vault.notice(), Some(Notice::RolledBack { .. })) => Outcome::Noticed,
        Ok(_) => Outcome::Silent,
    }
}
