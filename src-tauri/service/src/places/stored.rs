//! Looking at the secrets that were put into a platform's store. Their values cannot be read; that
//! one is there, and when it was last written, can. What a lost answer left open is settled here.

use chrono::{DateTime, Utc};
use keywright_model::{
    Connection, ConnectionId, EventKind, Operation, OperationState, Placement, PlacementState,
    Request, Secret,
};
use keywright_platforms::{CallError, Connector};

use super::shelf::Shelf;
use crate::{
    Error, Service,
    keys::find,
    settle::{ON_ITS_WAY, SKEW},
    wire::RefreshReport,
};

/// What a look at one secret told.
enum Seen {
    /// It is there, last written then.
    There(DateTime<Utc>),
    /// The place can be seen, and it is not there.
    Gone,
    /// The platform does not let us look.
    Hidden,
}

/// What looking at all of them did.
#[derive(Default)]
pub(crate) struct Looked {
    changed: u32,
    gone: u32,
    settled: u32,
}

impl Service {
    /// Brings a connection up to date whose platform lists no keys: its credential, and the secrets
    /// that were put there.
    pub(crate) async fn refresh_stored(
        &self,
        mut connection: Connection,
        connector: &Connector,
        credential: &Secret,
    ) -> Result<RefreshReport, Error> {
        let tried = self.try_credential(&connection, credential).await;
        let trouble = match tried {
            Ok(trouble) => trouble,
            Err(error) => {
                self.note_trouble(connection, error.to_string())?;
                return Err(error);
            }
        };
        let looked = self.look_at_stored(connection.id, connector, credential).await?;
        if trouble.is_empty() {
            connection.refreshed = Some(self.now());
        }
        connection.trouble = trouble;
        self.write(|change| change.put_connection(&connection))?;
        Ok(RefreshReport {
            connection: connection.id,
            listed: 0,
            new: 0,
            changed: looked.changed,
            gone: looked.gone,
            settled: looked.settled,
            orphans: 0,
        })
    }

    /// Looks at each secret that this connection put into the platform's store, and notes what
    /// became of it.
    pub(crate) async fn look_at_stored(
        &self,
        id: ConnectionId,
        connector: &Connector,
        credential: &Secret,
    ) -> Result<Looked, Error> {
        let mut looked = Looked::default();
        if connector.profile().secret_store().is_none() {
            return Ok(looked);
        }
        looked.settled = self.settle_stored(id, connector, credential).await?;
        for placement in self.looked_after(id)? {
            let Ok(shelf) = self.shelf_of(&placement) else { continue };
            if shelf.connection.id != id {
                continue;
            }
            let seen = self.see(&shelf, connector, credential).await?;
            let ours = placement.stored.as_ref().and_then(|stored| stored.updated);
            let state = match (seen, ours) {
                (Seen::There(now), Some(then)) if now == then => PlacementState::InSync,
                (Seen::There(_), Some(_)) => PlacementState::Drifted,
                (Seen::There(_), None) => PlacementState::Unknown,
                (Seen::Gone, _) => PlacementState::Missing,
                (Seen::Hidden, _) => PlacementState::Unreadable,
            };
            if state != placement.state {
                looked.changed += 1;
                looked.gone += u32::from(state == PlacementState::Missing);
            }
            let checked = Some(self.now());
            let placement = Placement { state, checked, ..placement };
            self.write(|change| change.put_placement(&placement))?;
        }
        Ok(looked)
    }

    /// The secrets that this connection put there, or one that is gone.
    fn looked_after(&self, id: ConnectionId) -> Result<Vec<Placement>, Error> {
        self.read(|vault| {
            let gone =
                |other| vault.index().connection(other).is_none_or(|other| other.deleted.is_some());
            let own = vault.index().placements().filter(|placement| {
                placement
                    .stored
                    .as_ref()
                    .is_some_and(|stored| stored.connection == id || gone(stored.connection))
            });
            Ok(own.cloned().collect())
        })
    }

    /// Settles what was put or removed with its answer lost. Tells how many are settled.
    async fn settle_stored(
        &self,
        id: ConnectionId,
        connector: &Connector,
        credential: &Secret,
    ) -> Result<u32, Error> {
        let open: Vec<Operation> = self.read(|vault| {
            let open = vault.index().operations().filter(|operation| {
                operation.connection == id
                    && matches!(operation.state, OperationState::Ambiguous { .. })
                    && matches!(operation.request, Request::Store { .. } | Request::Unstore { .. })
            });
            Ok(open.cloned().collect())
        })?;
        let mut settled = 0;
        for operation in open {
            let done = match &operation.request {
                Request::Store { .. } => self.settle_put(operation, connector, credential).await?,
                _ => self.settle_removal(operation, connector, credential).await?,
            };
            settled += u32::from(done);
        }
        Ok(settled)
    }

    /// A put took effect where the secret was written after it was asked for.
    async fn settle_put(
        &self,
        operation: Operation,
        connector: &Connector,
        credential: &Secret,
    ) -> Result<bool, Error> {
        let Request::Store { key, client, params, before, .. } = &operation.request else {
            return Ok(false);
        };
        let key = self.read(|vault| Ok(find(vault, *key).ok().cloned()))?;
        let (Some(key), Ok(client)) = (key, self.client(client)) else {
            return self.close_stored(operation, "its key is gone");
        };
        let shelf = self.shelf_at(client, operation.connection, params)?;
        match self.see(&shelf, connector, credential).await? {
            // So late that it cannot be ours.
            Seen::There(now) if now > operation.changed + ON_ITS_WAY + SKEW => {
                self.close_stored(operation, "somebody else has written there since")
            }
            Seen::There(now) if Some(now) != *before => {
                let note = self.note_of(&key, &shelf)?;
                self.stored(operation, note, &key, Some(now)).map(|_| true)
            }
            Seen::Hidden => Ok(false),
            Seen::There(_) | Seen::Gone => {
                self.close_later(operation, "the platform shows that nothing was written")
            }
        }
    }

    async fn settle_removal(
        &self,
        operation: Operation,
        connector: &Connector,
        credential: &Secret,
    ) -> Result<bool, Error> {
        let Request::Unstore { placement, .. } = &operation.request else { return Ok(false) };
        let placement = *placement;
        let known = self.read(|vault| {
            let placement = vault.index().placement(placement).cloned();
            let key = placement.as_ref().and_then(|own| find(vault, own.key).ok().cloned());
            Ok(placement.zip(key))
        })?;
        let Some((placement, key)) = known else {
            return self.close_stored(operation, "its place is forgotten");
        };
        let shelf = self.shelf_of(&placement)?;
        match self.see(&shelf, connector, credential).await? {
            Seen::Gone => self.unstored(operation, &placement, &key).map(|()| true),
            Seen::Hidden => Ok(false),
            Seen::There(_) => self.close_later(operation, "the platform still has the secret"),
        }
    }

    /// Closes what had no effect, once it can no longer be on its way.
    fn close_later(&self, operation: Operation, why: &str) -> Result<bool, Error> {
        if self.now() - operation.changed < ON_ITS_WAY {
            return Ok(false);
        }
        self.close_stored(operation, why)
    }

    fn close_stored(&self, mut operation: Operation, why: &str) -> Result<bool, Error> {
        let why = why.to_owned();
        let event =
            self.operation_event(&operation, EventKind::OperationClosed { why: why.clone() });
        operation.state = OperationState::Closed { why };
        operation.changed = self.now();
        self.write(|change| {
            change.put_operation(&operation)?;
            change.log(&event)
        })?;
        Ok(true)
    }

    /// Looks at one secret. What cannot be seen is not called gone: a platform may answer “no such
    /// thing” about what a credential must not see.
    async fn see(
        &self,
        shelf: &Shelf,
        connector: &Connector,
        credential: &Secret,
    ) -> Result<Seen, Error> {
        let refused = |error: CallError| match error {
            CallError::Refused { .. } | CallError::Unauthorized { .. } => Ok(Seen::Hidden),
            // Its pace, or the way to it: the caller waits or tells.
            error => Err(Error::Call(error)),
        };
        match self.noting(connector.stored(credential, &shelf.place).await) {
            Ok(Some(found)) => Ok(Seen::There(found.updated)),
            Ok(None) => match self.noting(connector.sealing_key(credential, &shelf.place).await) {
                Ok(_) => Ok(Seen::Gone),
                Err(error) => refused(error),
            },
            Err(error) => refused(error),
        }
    }
}
