//! The management credential is a key itself: sealed, watched for its end, replaced by another
//! one, and never ended by its own hand.

use keywright_model::{Connection, ConnectionId, EventKind, Expiry, Secret};

use crate::{
    Error, Service,
    wire::{ConnectionRow, FieldProblem},
};

impl Service {
    /// Puts another management credential in a connection's place. It is tried first; one that the
    /// platform refuses replaces nothing.
    pub async fn replace_credential(
        &self,
        id: ConnectionId,
        credential: Secret,
        expires: Expiry,
    ) -> Result<ConnectionRow, Error> {
        let mut connection = self.connection(id)?;
        let profile = self.profile(&connection.platform)?;
        let credential = credential.trimmed();
        if profile.credential.is_none() {
            return Err(Error::NotPossible {
                why: format!("{} has no management API, and so no credential", profile.name),
                advice: "Keys of it are made in its dashboard.".into(),
            });
        }
        if credential.is_empty() {
            let message = "there is nothing here".into();
            return Err(Error::Invalid(vec![FieldProblem { field: "credential".into(), message }]));
        }
        connection.trouble = self.try_credential(&connection, &credential).await?;
        connection.has_credential = true;
        connection.credential_expires = expires;
        connection.environment = profile.environment_of(&credential);
        self.keep_connection(&connection, Some(&credential), EventKind::CredentialReplaced)?;
        self.unmark_credential(&connection)?;
        if connection.trouble.is_empty() {
            self.refresh_one(id).await?;
        }
        self.connection_row(id)
    }

    /// The key that was the credential is an ordinary one again; the next list marks the new one.
    fn unmark_credential(&self, connection: &Connection) -> Result<(), Error> {
        let marked: Vec<keywright_model::Key> = self.read(|vault| {
            let keys = vault.index().keys();
            let here = keys.filter(|k| k.connection == connection.id && k.manages_connection);
            Ok(here.cloned().collect())
        })?;
        if marked.is_empty() {
            return Ok(());
        }
        self.write(|change| {
            marked.into_iter().try_for_each(|mut key| {
                key.manages_connection = false;
                change.put_key(&key)
            })
        })
    }
}
