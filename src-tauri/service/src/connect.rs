//! Connecting to platforms.

use keywright_model::{Connection, ConnectionId, Environment, Event, EventKind, Secret, Verdict};
use keywright_platforms::{CallError, Capability, Profile};

use crate::{
    Error, Service,
    rows::{Facts, Tally},
    wire::{Connect, ConnectionRow, FieldProblem},
};

impl Service {
    /// The connections.
    pub fn list_connections(&self) -> Result<Vec<ConnectionRow>, Error> {
        let now = self.now();
        self.read(|vault| {
            let facts = Facts::of(vault, self.registry(), now);
            let tally = Tally::of(vault);
            let mut rows: Vec<ConnectionRow> = vault
                .index()
                .connections()
                .filter(|connection| connection.deleted.is_none())
                .map(|connection| facts.connection_row(connection, &tally))
                .collect();
            rows.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(rows)
        })
    }

    /// Connects a platform: tries the credential by reading the list, seals it, and notes the keys.
    ///
    /// Without a network the connection is kept and marked as untried; a refused credential keeps
    /// nothing.
    pub async fn connect(
        &self,
        request: Connect,
        credential: Option<Secret>,
    ) -> Result<ConnectionRow, Error> {
        let credential = credential.map(|secret| secret.trimmed()).filter(|s| !s.is_empty());
        let mut connection = self.connection_of(&request, credential.as_ref())?;
        let trouble = match &credential {
            Some(secret) => self.try_credential(&connection, secret).await?,
            None => String::new(),
        };
        connection.trouble = trouble;
        self.keep_connection(&connection, credential.as_ref(), EventKind::Connected)?;
        if connection.has_credential && connection.trouble.is_empty() {
            self.refresh_one(connection.id).await?;
        }
        self.connection_row(connection.id)
    }

    /// A connection of a platform of which nothing but the platform is known: its keys are kept
    /// here, and nothing is asked of it.
    pub(crate) fn bare_connection(
        &self,
        platform: &keywright_model::PlatformId,
    ) -> Result<Connection, Error> {
        let profile = self.profile(platform)?;
        let request = Connect {
            platform: platform.clone(),
            name: profile.name.clone(),
            base_url: None,
            variables: Vec::new(),
            credential_expires: keywright_model::Expiry::Unknown,
        };
        let mut connection = self.new_connection(&request, None)?;
        if self.connector_for(&connection).is_err() {
            return Err(Error::NotPossible {
                why: format!("{} has to be told more before a key of it is kept", profile.name),
                advice: "Connect it first, then take the key in.".into(),
            });
        }
        // A name that is taken already gets the day behind it.
        if self.find_connection(&connection.name).is_ok() {
            connection.name = format!("{} {}", connection.name, self.now().format("%Y-%m-%d"));
        }
        self.keep_connection(&connection, None, EventKind::Connected)?;
        Ok(connection)
    }

    /// Marks the demo's connection, so that front ends can tell it from a real one.
    pub fn mark_demo(&self, id: ConnectionId) -> Result<ConnectionRow, Error> {
        let mut connection = self.connection(id)?;
        connection.demo = true;
        self.write(|change| change.put_connection(&connection))?;
        self.connection_row(id)
    }

    /// Removes a connection and its credential. Its keys stay, and stay readable.
    pub fn disconnect(&self, id: ConnectionId) -> Result<(), Error> {
        let mut connection = self.connection(id)?;
        connection.deleted = Some(self.now());
        connection.has_credential = false;
        let event = self.connection_event(&connection, EventKind::Disconnected);
        self.write(|change| {
            change.put_connection(&connection)?;
            change.remove_credential(id)?;
            change.log(&event)
        })
    }

    /// The connection a person means by a name or an id.
    pub fn find_connection(&self, text: &str) -> Result<ConnectionId, Error> {
        self.read(|vault| {
            let by_name = |connection: &&Connection| {
                connection.deleted.is_none()
                    && (connection.name.eq_ignore_ascii_case(text)
                        || connection.id.to_string() == text)
            };
            let found = vault.index().connections().find(by_name).map(|c| c.id);
            found.ok_or(Error::NotFound { what: "connection" })
        })
    }

    pub(crate) fn connection(&self, id: ConnectionId) -> Result<Connection, Error> {
        self.read(|vault| {
            vault
                .index()
                .connection(id)
                .filter(|connection| connection.deleted.is_none())
                .cloned()
                .ok_or(Error::NotFound { what: "connection" })
        })
    }

    pub(crate) fn credential(&self, connection: &Connection) -> Result<Secret, Error> {
        let sealed = self.read(|vault| Ok(vault.credential(connection.id)?))?;
        sealed.ok_or_else(|| Error::NotPossible {
            why: format!("the connection “{}” has no management credential", connection.name),
            advice: "Remove it and connect again with a credential.".into(),
        })
    }

    pub(crate) fn connection_event(&self, connection: &Connection, kind: EventKind) -> Event {
        Event {
            at: self.now(),
            kind,
            key: None,
            connection: Some(connection.id),
            subject: connection.name.clone(),
        }
    }

    pub(crate) fn connection_row(&self, id: ConnectionId) -> Result<ConnectionRow, Error> {
        self.list_connections()?
            .into_iter()
            .find(|row| row.id == id)
            .ok_or(Error::NotFound { what: "connection" })
    }

    fn connection_of(
        &self,
        request: &Connect,
        secret: Option<&Secret>,
    ) -> Result<Connection, Error> {
        let connection = self.new_connection(request, secret)?;
        let profile = self.profile(&request.platform)?;
        self.check_new(&connection, &profile)?;
        // Builds the address and the variables, and so finds what is wrong with them.
        self.connector_for(&connection)?;
        Ok(connection)
    }

    /// A connection as it was asked for, not checked yet.
    fn new_connection(
        &self,
        request: &Connect,
        secret: Option<&Secret>,
    ) -> Result<Connection, Error> {
        let profile = self.profile(&request.platform)?;
        let given = request.variables.iter();
        let variables = given
            .filter(|variable| !variable.value.trim().is_empty())
            .map(|variable| (variable.name.clone(), variable.value.trim().to_owned()))
            .collect();
        Ok(Connection {
            id: ConnectionId::make(),
            platform: profile.id.clone(),
            name: request.name.trim().to_owned(),
            base_url: base_url(request, &profile),
            variables,
            environment: secret.map_or(Environment::Unknown, |s| profile.environment_of(s)),
            has_credential: secret.is_some(),
            credential_expires: request.credential_expires,
            demo: false,
            added: self.now(),
            refreshed: None,
            trouble: String::new(),
            deleted: None,
        })
    }

    fn check_new(&self, connection: &Connection, profile: &Profile) -> Result<(), Error> {
        let mut problems = Vec::new();
        let mut problem = |field: &str, message: String| {
            problems.push(FieldProblem { field: field.to_owned(), message });
        };
        if connection.name.is_empty() {
            problem("name", "give the connection a name".into());
        } else if self.find_connection(&connection.name).is_ok() {
            problem("name", format!("there is a connection named “{}” already", connection.name));
        }
        if profile.is_managed() && !connection.has_credential {
            problem("credential", format!("{} needs a management credential", profile.name));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }

    /// Empty when the platform accepted it; the trouble in words when it could not be tried.
    pub(crate) async fn try_credential(
        &self,
        connection: &Connection,
        secret: &Secret,
    ) -> Result<String, Error> {
        let connector = match self.connector(connection) {
            Err(Error::WorkOffline) => return Ok("Not tried yet: working offline.".into()),
            other => other?,
        };
        if !connector.profile().can(Capability::List) {
            return by_probe(connector.probe(secret).await.verdict);
        }
        match self.noting(connector.list(secret).await) {
            Ok(_) => Ok(String::new()),
            Err(CallError::Offline) => Ok("Not tried yet: there was no network.".into()),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn keep_connection(
        &self,
        connection: &Connection,
        secret: Option<&Secret>,
        kind: EventKind,
    ) -> Result<(), Error> {
        let event = self.connection_event(connection, kind);
        self.write(|change| {
            change.put_connection(connection)?;
            if let Some(secret) = secret {
                change.seal_credential(connection.id, secret)?;
            }
            change.log(&event)
        })
    }
}

/// What the probe says of a credential that is a key of the platform itself.
fn by_probe(verdict: Verdict) -> Result<String, Error> {
    match verdict {
        Verdict::Alive | Verdict::Limited { .. } => Ok(String::new()),
        Verdict::Dead => {
            Err(CallError::Unauthorized { message: "it says that it is none".into() }.into())
        }
        Verdict::Unknown { why } => Ok(format!("Not tried yet: {why}.")),
    }
}

fn base_url(request: &Connect, profile: &Profile) -> String {
    request
        .base_url
        .as_deref()
        .map(str::trim)
        .filter(|url| !url.is_empty())
        .unwrap_or(&profile.base_url)
        .trim_end_matches('/')
        .to_owned()
}
