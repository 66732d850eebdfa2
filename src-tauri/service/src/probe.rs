//! Asking the platform whether a secret works.

use keywright_model::{EventKind, Key, KeyId, Secret, Status, Verdict};
use keywright_platforms::{Capability, Probe};
use keywright_vault::Vault;

use crate::{
    Error, Service,
    keys::find,
    wire::{Network, ProbeReport},
};

impl Service {
    /// Probes a key with its own secret. Changes no status but by the profile's rules.
    pub async fn probe_key(&self, id: KeyId) -> Result<ProbeReport, Error> {
        let probe = self.probe(id).await?;
        let mut key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let event = self.key_event(&key, EventKind::Probed { verdict: probe.verdict.clone() });
        let status = match (&probe.verdict, key.status) {
            (Verdict::Alive | Verdict::Limited { .. }, Status::Unknown) => Some(Status::Active),
            _ => None,
        };
        if let Some(status) = status {
            key.status = status;
        }
        if self.writes() {
            self.write(|change| {
                if status.is_some() {
                    change.put_key(&key)?;
                }
                change.log(&event)
            })?;
        }
        let took_ms = u64::try_from(probe.took.as_millis()).unwrap_or(u64::MAX);
        Ok(ProbeReport { verdict: probe.verdict, took_ms })
    }

    pub(crate) async fn probe(&self, id: KeyId) -> Result<Probe, Error> {
        let (connection, secret) = self.probe_needs(id)?;
        let probe = self.connector(&connection)?.probe(&secret).await;
        match &probe.verdict {
            Verdict::Unknown { .. } => {}
            _ => self.set_network(Network::Online),
        }
        Ok(probe)
    }

    /// Whether a key can be tried here: its secret is sealed, its platform has a call for it, and
    /// the connection has the settings that this call needs.
    pub(crate) fn can_probe(&self, vault: &Vault, key: &Key) -> bool {
        let Some(connection) = vault.index().connection(key.connection) else { return false };
        let Ok(profile) = self.profile(&key.platform) else { return false };
        let variables = profile.resolve_variables(&connection.variables);
        key.has_secret()
            && variables.is_ok_and(|variables| profile.can_on(Capability::Probe, &variables))
    }

    fn probe_needs(&self, id: KeyId) -> Result<(keywright_model::Connection, Secret), Error> {
        self.read(|vault| {
            let key = find(vault, id)?;
            let connection = vault.index().connection(key.connection);
            let connection = connection.ok_or(Error::NotFound { what: "connection" })?.clone();
            let secret = vault.key_secret(id)?.ok_or(Error::NoSecret)?;
            Ok((connection, secret))
        })
    }
}
