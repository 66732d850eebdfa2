//! Changing a key on its platform without ending it: its name, and whether it is held back.

use keywright_model::{
    Connection, EventKind, Key, KeyId, Operation, OperationState, Request, Status,
};
use keywright_platforms::{CallError, Capability, Connector, Effect};

use crate::{
    Error, Service,
    keys::find,
    session::InFlight,
    wire::{FieldProblem, RelabelKey, RemoteChange},
};

impl Service {
    /// Gives a key another name on its platform.
    pub async fn relabel_key(&self, request: RelabelKey) -> Result<RemoteChange, Error> {
        let (key, connection, remote_id) = self.changeable(request.key, Capability::Relabel)?;
        let to = request.name.trim().to_owned();
        self.check_new_name(&key, &connection, &to)?;
        let (id, name) = (key.id, key.name);
        let request = Request::Relabel { key: id, remote_id, name, to };
        self.carry_out_change(self.new_operation(&connection, request)).await
    }

    /// Has the platform hold a key back. It can be enabled again.
    pub async fn disable_key(&self, id: KeyId) -> Result<RemoteChange, Error> {
        let (key, connection, remote_id) = self.changeable(id, Capability::Disable)?;
        if let Some(why) = self.read(|vault| Ok(crate::revoke::why_not_end(vault, &key)))? {
            let advice = "Nothing was sent to the platform.".into();
            return Err(Error::NotPossible { why, advice });
        }
        let request = Request::Disable { key: id, remote_id, name: key.title().to_owned() };
        self.carry_out_change(self.new_operation(&connection, request)).await
    }

    /// Has the platform let a key work again.
    pub async fn enable_key(&self, id: KeyId) -> Result<RemoteChange, Error> {
        let (key, connection, remote_id) = self.changeable(id, Capability::Enable)?;
        let request = Request::Enable { key: id, remote_id, name: key.title().to_owned() };
        self.carry_out_change(self.new_operation(&connection, request)).await
    }

    /// Sends a change that is journalled as intended first. Used for drafts too.
    pub(crate) async fn carry_out_change(
        &self,
        mut operation: Operation,
    ) -> Result<RemoteChange, Error> {
        let connection = self.connection(operation.connection)?;
        let connector = match self.connector(&connection) {
            Err(Error::WorkOffline) => return self.draft_change(operation),
            other => other?,
        };
        let credential = self.credential(&connection)?;
        self.advance(&mut operation, OperationState::Intended)?;
        let _in_flight = InFlight::begin(self);
        let sent = send(&connector, &credential, &operation.request).await;
        match self.noting(sent) {
            Ok(()) => self.changed(operation),
            Err(error) if matches!(error.effect(), Effect::None) && error.is_network() => {
                self.draft_change(operation)
            }
            Err(error) => self.change_failed(operation, error),
        }
    }

    /// The key, its connection and the platform's id, when the platform can do it and it makes sense.
    fn changeable(
        &self,
        id: KeyId,
        capability: Capability,
    ) -> Result<(Key, Connection, String), Error> {
        let key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let connection = self.connection(key.connection)?;
        let refuse = |why: String| {
            let advice = "Nothing was sent to the platform.".into();
            Err(Error::NotPossible { why, advice })
        };
        let profile = self.profile(&key.platform)?;
        if !profile.can(capability) {
            return refuse(format!(
                "{} has no way to {} keys by API",
                profile.name,
                capability.words()
            ));
        }
        if matches!(key.status_at(self.now()), Status::Revoking | Status::Revoked | Status::Expired)
        {
            return refuse("the key is at its end already".into());
        }
        match key.remote_id.clone() {
            Some(remote_id) => Ok((key, connection, remote_id)),
            None => refuse(
                "its id on the platform is not known yet; refresh the connection first".into(),
            ),
        }
    }

    fn check_new_name(&self, key: &Key, connection: &Connection, to: &str) -> Result<(), Error> {
        let profile = self.profile(&connection.platform)?;
        let taken = || {
            let same = |other: &Key| {
                other.id != key.id
                    && other.connection == key.connection
                    && other.name == to
                    && crate::rows::may_work(other, self.now())
            };
            self.read(|vault| Ok(vault.index().keys().any(same)))
        };
        let wrong = match profile.check_name(to) {
            Some(wrong) => Some(wrong),
            None if to == key.name => Some("it has this name already".into()),
            None if profile.facts.name_unique && taken()? => {
                Some(format!("{} refuses the same name twice", profile.name))
            }
            None => None,
        };
        wrong.map_or(Ok(()), |message| {
            Err(Error::Invalid(vec![FieldProblem { field: "name".into(), message }]))
        })
    }

    fn draft_change(&self, mut operation: Operation) -> Result<RemoteChange, Error> {
        self.advance(&mut operation, OperationState::Draft)?;
        Ok(RemoteChange { operation: operation.id, done: false })
    }

    /// The platform did it: the record follows.
    fn changed(&self, mut operation: Operation) -> Result<RemoteChange, Error> {
        let (id, kind) = match &operation.request {
            Request::Relabel { key, name, to, .. } => {
                (*key, EventKind::Relabelled { from: name.clone(), to: to.clone() })
            }
            Request::Disable { key, .. } => (*key, EventKind::Disabled),
            Request::Enable { key, .. } => (*key, EventKind::Enabled),
            Request::Create { .. }
            | Request::Revoke { .. }
            | Request::Rotate { .. }
            | Request::Store { .. }
            | Request::Unstore { .. } => {
                return Err(Error::NotFound { what: "operation" });
            }
        };
        let key = {
            let session = self.session();
            find(session.vault_in_flight()?, id)?.clone()
        };
        let key = after(key, &operation.request);
        let event = self.key_event(&key, kind);
        operation.state = OperationState::Done;
        operation.changed = self.now();
        self.write(|change| {
            change.put_key(&key)?;
            change.put_operation(&operation)?;
            change.log(&event)
        })?;
        Ok(RemoteChange { operation: operation.id, done: true })
    }

    fn change_failed(
        &self,
        mut operation: Operation,
        error: CallError,
    ) -> Result<RemoteChange, Error> {
        let why = error.to_string();
        let unknown = matches!(error.effect(), Effect::Unknown);
        let (state, kind) = if unknown {
            let kind = EventKind::OutcomeUnknown { why: why.clone() };
            (OperationState::Ambiguous { why: why.clone() }, kind)
        } else {
            (OperationState::Refused { why: why.clone() }, EventKind::Refused { why: why.clone() })
        };
        let event = self.operation_event(&operation, kind);
        self.advance(&mut operation, state)?;
        self.write(|change| change.log(&event))?;
        Err(if unknown { Error::OutcomeUnknown { why, orphan: false } } else { error.into() })
    }
}

async fn send(
    connector: &Connector,
    credential: &keywright_model::Secret,
    request: &Request,
) -> Result<(), CallError> {
    match request {
        Request::Relabel { remote_id, to, .. } => {
            connector.relabel(credential, remote_id, to).await
        }
        Request::Disable { remote_id, .. } => connector.disable(credential, remote_id).await,
        Request::Enable { remote_id, .. } => connector.enable(credential, remote_id).await,
        Request::Create { .. }
        | Request::Revoke { .. }
        | Request::Rotate { .. }
        | Request::Store { .. }
        | Request::Unstore { .. } => Err(CallError::Unsupported { operation: "change" }),
    }
}

/// The record after the change.
fn after(mut key: Key, request: &Request) -> Key {
    match request {
        Request::Relabel { to, .. } => key.name.clone_from(to),
        Request::Disable { .. } => key.status = Status::Disabled,
        Request::Enable { .. } => key.status = Status::Active,
        Request::Create { .. }
        | Request::Revoke { .. }
        | Request::Rotate { .. }
        | Request::Store { .. }
        | Request::Unstore { .. } => {}
    }
    key
}
