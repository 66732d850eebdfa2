//! Records turned into what front ends show.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use keywright_model::{
    Connection, ConnectionId, Event, Key, Operation, Status,
    finding::{self, Rules},
};
use keywright_platforms::{Capability, Registry};
use keywright_vault::Vault;

use crate::wire::{Blast, ConnectionRow, EventLine, KeyRow, OperationLine, Variable};

/// What rows need besides their record.
pub(crate) struct Facts<'a> {
    pub(crate) now: DateTime<Utc>,
    pub(crate) rules: Rules,
    vault: &'a Vault,
    registry: Arc<Registry>,
}

impl<'a> Facts<'a> {
    pub(crate) fn of(vault: &'a Vault, registry: Arc<Registry>, now: DateTime<Utc>) -> Self {
        let rules = Rules { rotation_days: vault.index().settings().rotation_days };
        Self { now, rules, vault, registry }
    }

    pub(crate) fn connection_name(&self, id: ConnectionId) -> &'a str {
        self.vault.index().connection(id).map_or("", |connection| connection.name.as_str())
    }

    fn platform_name(&self, id: &keywright_model::PlatformId) -> String {
        self.registry.get(id).map_or_else(|| id.to_string(), |profile| profile.name.clone())
    }

    pub(crate) fn key_row(&self, key: &Key) -> KeyRow {
        KeyRow {
            id: key.id,
            title: key.title().to_owned(),
            name: key.name.clone(),
            platform: key.platform.clone(),
            platform_name: self.platform_name(&key.platform),
            connection_name: self.connection_name(key.connection).to_owned(),
            environment: key.environment,
            hint: key.hint.clone(),
            status: key.status_at(self.now),
            created: key.created,
            expires: key.expires,
            rotation_due: finding::rotation_due(key, self.rules),
            finding: finding::findings(key, self.rules, self.now).into_iter().next(),
            tags: key.tags.clone(),
            uses: u32::try_from(key.uses.len()).unwrap_or(u32::MAX),
            bitting: key.bitting.clone(),
            manages_connection: key.manages_connection,
            revoking_since: key
                .revocation
                .as_ref()
                .filter(|revocation| revocation.proved.is_none())
                .map(|revocation| revocation.requested),
        }
    }

    /// What a key's scopes reach, in words.
    pub(crate) fn blast(&self, key: &Key) -> Blast {
        let described = self.registry.get(&key.platform).and_then(|profile| {
            let connection = self.vault.index().connection(key.connection)?;
            let variables = profile.resolve_variables(&connection.variables).ok()?;
            Some(profile.describe(&variables, &key.scopes, key.expires))
        });
        match described {
            Some(words) => Blast { sentence: words.sentence, dangers: words.dangers },
            None if key.scopes.is_empty() => {
                Blast { sentence: "What it can do is not known.".into(), dangers: Vec::new() }
            }
            None => Blast { sentence: key.scopes.join(", "), dangers: Vec::new() },
        }
    }

    pub(crate) fn connection_row(&self, connection: &Connection, tally: &Tally) -> ConnectionRow {
        let profile = self.registry.get(&connection.platform);
        let profile = profile.as_deref();
        ConnectionRow {
            id: connection.id,
            name: connection.name.clone(),
            platform: connection.platform.clone(),
            platform_name: self.platform_name(&connection.platform),
            origin: origin(&connection.base_url),
            variables: connection
                .variables
                .iter()
                .map(|(name, value)| Variable { name: name.clone(), value: value.clone() })
                .collect(),
            environment: connection.environment,
            demo: connection.demo,
            keys: tally.keys(connection.id),
            refreshed: connection.refreshed,
            trouble: connection.trouble.clone(),
            can_create: profile.is_some_and(|profile| profile.can(Capability::Create))
                && connection.has_credential,
            guided: profile.is_some_and(|profile| {
                profile.can(Capability::ManualCreate)
                    && !(profile.can(Capability::Create) && connection.has_credential)
            }),
            has_credential: connection.has_credential,
            credential_expires: connection.credential_expires,
            revoke_window_ms: tally.median_window(connection.id),
            revoke_windows: u32::try_from(tally.last_windows(connection.id).len()).unwrap_or(0),
        }
    }

    pub(crate) fn operation_line(&self, operation: &Operation) -> OperationLine {
        OperationLine {
            id: operation.id,
            connection: operation.connection,
            connection_name: self.connection_name(operation.connection).to_owned(),
            request: operation.request.clone(),
            state: operation.state.clone(),
            asked: operation.asked,
        }
    }
}

/// Counts over all keys, by connection, in one pass.
pub(crate) struct Tally {
    keys: HashMap<ConnectionId, u32>,
    windows: HashMap<ConnectionId, Vec<(DateTime<Utc>, u64)>>,
}

impl Tally {
    /// Measured windows that the median is taken over.
    const WINDOWS: usize = 20;

    pub(crate) fn of(vault: &Vault) -> Self {
        let mut tally = Self { keys: HashMap::new(), windows: HashMap::new() };
        for key in vault.index().keys() {
            if key.deleted.is_none() {
                *tally.keys.entry(key.connection).or_default() += 1;
            }
            if let Some(revocation) = &key.revocation
                && let (Some(window), Some(proved)) = (revocation.window_ms, revocation.proved)
            {
                tally.windows.entry(key.connection).or_default().push((proved, window));
            }
        }
        tally
    }

    fn keys(&self, connection: ConnectionId) -> u32 {
        self.keys.get(&connection).copied().unwrap_or_default()
    }

    fn median_window(&self, connection: ConnectionId) -> Option<u64> {
        let mut windows = self.last_windows(connection);
        windows.sort_unstable();
        windows.get(windows.len() / 2).copied()
    }

    /// The last measured windows, in milliseconds.
    fn last_windows(&self, connection: ConnectionId) -> Vec<u64> {
        let mut last = self.windows.get(&connection).cloned().unwrap_or_default();
        last.sort_unstable_by(|a, b| b.cmp(a));
        last.truncate(Self::WINDOWS);
        last.into_iter().map(|(_, window)| window).collect()
    }
}

pub(crate) fn event_line(seq: u64, event: Event) -> EventLine {
    EventLine {
        seq: u32::try_from(seq).unwrap_or(u32::MAX),
        at: event.at,
        event: event.kind,
        key: event.key,
        subject: event.subject,
    }
}

/// Scheme, host and port of an address; the text itself where it is none.
fn origin(address: &str) -> String {
    url::Url::parse(address)
        .map_or_else(|_| address.to_owned(), |url| url.origin().ascii_serialization())
}

/// Whether a key still counts among those that may work.
pub(crate) fn may_work(key: &Key, now: DateTime<Utc>) -> bool {
    key.deleted.is_none() && !matches!(key.status_at(now), Status::Revoked | Status::Expired)
}
