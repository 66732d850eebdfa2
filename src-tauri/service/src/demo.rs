//! The built-in demo platform's keys, to be handed back to it.
//!
//! The demo platform keeps hashes only and ends with the app, so after a restart it would
//! refuse its own keys. The vault has all that it needs to know them again.

use chrono::{DateTime, Utc};
use keywright_model::{Connection, ConnectionId, Environment, Key, Secret, Status};
use url::{Host, Url};

use crate::{Error, Service};

/// A key that the demo platform had.
#[derive(Debug)]
pub struct DemoKey {
    /// Its id there. None for the management credential when its record is not here any
    /// more: any id will do.
    pub remote_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its visible beginning.
    pub prefix: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// Production or sandbox.
    pub environment: Environment,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it ends; none means never.
    pub expires: Option<DateTime<Utc>>,
    /// When its revocation was asked for; none when nobody did.
    pub revoked: Option<DateTime<Utc>>,
    /// Its value, where the vault has it.
    pub secret: Option<Secret>,
}

impl Service {
    /// The connection to the demo platform, if there is one.
    pub fn demo_connection(&self) -> Result<Option<ConnectionId>, Error> {
        self.read(|vault| {
            let mut connections = vault.index().connections();
            let demo = connections.find(|c| c.demo && c.deleted.is_none());
            Ok(demo.map(|connection| connection.id))
        })
    }

    /// All keys of the demo platform as they stand here, the management credential among
    /// them. For a demo's connection only: it is its own platform that gets the values back,
    /// so no use of them is logged.
    pub fn demo_keys(&self, id: ConnectionId) -> Result<Vec<DemoKey>, Error> {
        let connection = self.demo(id)?;
        self.read(|vault| {
            let mut credential = vault.credential(id)?;
            let mut keys = Vec::new();
            for key in vault.index().keys().filter(|key| key.connection == id && is_there(key)) {
                let secret = vault.key_secret(key.id)?;
                let own = key.manages_connection && secret.is_none();
                let secret = if own { credential.take() } else { secret };
                keys.push(demo_key(key, secret));
            }
            // Its record may have been deleted, or never been told from others. When the
            // credential is also a key's secret, that key came first and this adds nothing.
            keys.extend(credential.map(|secret| credential_key(&connection, secret)));
            Ok(keys)
        })
    }

    /// Moves the demo's connection to where its platform listens now.
    pub fn move_demo(&self, id: ConnectionId, base_url: &str) -> Result<(), Error> {
        let mut connection = self.demo(id)?;
        base_url.trim_end_matches('/').clone_into(&mut connection.base_url);
        if !is_here(&connection.base_url) {
            return Err(Error::NotPossible {
                why: "the demo platform runs on this machine only".into(),
                advice: "Connect a platform elsewhere as a connection of its own.".into(),
            });
        }
        // Says so if no call could ever be made there.
        self.connector_for(&connection)?;
        connection.trouble.clear();
        self.write(|change| change.put_connection(&connection))
    }

    fn demo(&self, id: ConnectionId) -> Result<Connection, Error> {
        let connection = self.connection(id)?;
        if connection.demo {
            return Ok(connection);
        }
        Err(Error::NotPossible {
            why: format!("“{}” is not the demo platform", connection.name),
            advice: "Choose the demo's connection.".into(),
        })
    }
}

/// Whether the platform had it when it ended. What its list lacked before is gone for good.
fn is_there(key: &Key) -> bool {
    key.remote_id.as_ref().is_some_and(|id| !id.is_empty()) && key.gone_since.is_none()
}

fn demo_key(key: &Key, secret: Option<Secret>) -> DemoKey {
    let revoked = matches!(key.status, Status::Revoking | Status::Revoked);
    let requested = key.revocation.as_ref().map_or(key.added, |revocation| revocation.requested);
    DemoKey {
        remote_id: key.remote_id.clone(),
        name: key.name.clone(),
        prefix: key.hint.prefix.clone(),
        scopes: key.scopes.clone(),
        environment: key.environment,
        created: key.created.unwrap_or(key.added),
        expires: key.expires.at(),
        revoked: revoked.then_some(requested),
        secret,
    }
}

fn credential_key(connection: &Connection, secret: Secret) -> DemoKey {
    DemoKey {
        remote_id: None,
        name: connection.name.clone(),
        prefix: String::new(),
        scopes: Vec::new(),
        environment: connection.environment,
        created: connection.added,
        expires: None,
        revoked: None,
        secret: Some(secret),
    }
}

fn is_here(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn only_this_machine_is_here() {
        for address in ["http://127.0.0.1:49152", "http://[::1]:80", "http://localhost:8080"] {
            assert!(is_here(address), "{address}");
        }
        for address in ["https://agent.ceo", "http://127.0.0.1.example.com", "127.0.0.1", ""] {
            assert!(!is_here(address), "{address}");
        }
    }
}
