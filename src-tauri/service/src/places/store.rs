//! Putting a key into a platform's secret store, and out again. The platform keeps it for its own
//! runs: it is sealed for the platform, written, and never read.
//!
//! Journalled before it is sent. A put is the same however often it is sent, so one whose answer
//! was lost is looked at and sent once more; what stays unknown is settled by `refresh`.

use chrono::{DateTime, Utc};
use keywright_model::{
    EventKind, Key, KeyId, Operation, OperationState, Placement, PlacementForm, PlacementId,
    PlacementState, Request,
    placement::{Known, Stored},
};
use keywright_platforms::{CallError, Effect};

use super::{
    place::{drop_placement, put_placement},
    shelf::Shelf,
};
use crate::{
    Error, Service,
    session::InFlight,
    wire::{PlaceWarning, StorePreview, StoreReport, StoreSecret},
};

impl Service {
    /// What putting a key into a platform's store would send, and what is there now. Reads from the
    /// platform, and changes nothing there.
    pub async fn preview_store(&self, request: StoreSecret) -> Result<StorePreview, Error> {
        let (key, _) = self.key_and_secret(request.key)?;
        let shelf = self.shelf(&request)?;
        let calls = shelf.profile.store_calls(&shelf.place);
        let told = |call: &keywright_platforms::OutlinedCall| {
            let carries = call.carries.join("; ");
            format!("{} {}  ({}: {carries})", call.method, call.path, call.operation)
        };
        let mut preview = StorePreview {
            client_name: shelf.client.name.clone(),
            place: shelf.words(),
            connection_name: shelf.connection.name.clone(),
            address: shelf.connection.base_url.clone(),
            calls: calls.iter().map(told).collect(),
            warnings: Vec::new(),
            refused: String::new(),
            advice: String::new(),
            pickup: shelf.client.pickup.clone(),
        };
        match self.look_before(&key, &shelf).await {
            Ok(warning) => preview.warnings.extend(warning),
            Err(Error::WorkOffline | Error::NotStored { source: CallError::Offline, .. }) => {
                let words = "Not looked at what is there: there is no network.".to_owned();
                preview.warnings.push(PlaceWarning { words, stops: false });
            }
            Err(error) => {
                let failure = error.failure();
                (preview.refused, preview.advice) = (failure.what, failure.advice);
            }
        }
        Ok(preview)
    }

    /// Puts a key into a platform's store and notes its place. A secret that somebody else wrote
    /// there is replaced only when that is insisted on: it could not be brought back.
    pub async fn store_secret(&self, request: StoreSecret) -> Result<StoreReport, Error> {
        let (key, _) = self.key_and_secret(request.key)?;
        let shelf = self.shelf(&request)?;
        if !request.insist
            && let Some(warning) = self.look_before(&key, &shelf).await?.filter(|one| one.stops)
        {
            return Err(Error::NotPossible {
                why: warning.words,
                advice: "Choose another name, or insist if it is to be replaced.".into(),
            });
        }
        let place = self.note_of(&key, &shelf)?.placement;
        let placement = self.store_in(request.key, &place).await?;
        let rows = self.placement_rows(|other| other.id == placement.id)?;
        let placement = rows.into_iter().next().ok_or(Error::NotFound { what: "place" })?;
        Ok(StoreReport { placement })
    }

    /// Puts a key where a noted secret of a store is: another key's in a rotation, or the same one
    /// again. The place is noted for this key, and no longer for the other. Who wrote there last is
    /// not asked: look at the placement's state first.
    pub(crate) async fn store_in(
        &self,
        key: KeyId,
        placement: &Placement,
    ) -> Result<Placement, Error> {
        let shelf = self.shelf_of(placement)?;
        self.put_on(key, &shelf).await
    }

    /// Removes a key from a platform's store and forgets the place. Refused where somebody else
    /// wrote it since.
    pub async fn remove_stored(&self, id: PlacementId) -> Result<(), Error> {
        let placement = self.placement(id)?;
        let shelf = self.shelf_of(&placement)?;
        let key = self.read(|vault| Ok(crate::keys::find(vault, placement.key)?.clone()))?;
        let (connector, credential) = self.way_to(&shelf)?;
        let there = self.noting(connector.stored(&credential, &shelf.place).await);
        let there = there.map_err(|error| shelf.not_stored(error))?.map(|found| found.updated);
        let ours = placement.stored.as_ref().and_then(|stored| stored.updated);
        if there.is_some() && there != ours {
            return Err(Error::NotPossible {
                why: format!("{} was written by somebody else since", shelf.words()),
                advice: "Remove it on the platform by hand, then forget the place here.".into(),
            });
        }
        let request = Request::Unstore {
            key: key.id,
            name: key.title().to_owned(),
            place: shelf.words(),
            placement: id,
        };
        let mut operation = self.new_operation(&shelf.connection, request);
        let _in_flight = InFlight::begin(self);
        self.advance(&mut operation, OperationState::Intended)?;
        match self.noting(connector.remove_stored(&credential, &shelf.place).await) {
            Ok(_) => self.unstored(operation, &placement, &key),
            Err(error) => Err(self.store_failed(operation, &shelf, error)?),
        }
    }

    /// The place is empty: its note goes.
    pub(super) fn unstored(
        &self,
        mut operation: Operation,
        placement: &Placement,
        key: &Key,
    ) -> Result<(), Error> {
        operation.state = OperationState::Done;
        operation.changed = self.now();
        let client = self.place_name(placement);
        let kind = EventKind::PlacingUndone { client, file: placement.words.clone() };
        let event = self.key_event(key, kind);
        self.write(|change| {
            change.put_operation(&operation)?;
            drop_placement(change, placement)?;
            change.log(&event)
        })
    }

    /// What is there already, when there is something to know about it.
    async fn look_before(&self, key: &Key, shelf: &Shelf) -> Result<Option<PlaceWarning>, Error> {
        let (connector, credential) = self.way_to(shelf)?;
        let found = self.noting(connector.stored(&credential, &shelf.place).await);
        let Some(found) = found.map_err(|error| shelf.not_stored(error))? else {
            // It looks so too where the credential may not see the place at all.
            let seen = self.noting(connector.sealing_key(&credential, &shelf.place).await);
            return seen.map(|_| None).map_err(|error| shelf.not_stored(error));
        };
        let known = self.known_at(shelf)?;
        let ours = |own: &&Placement| {
            own.stored.as_ref().is_some_and(|stored| stored.updated == Some(found.updated))
        };
        let since = found.updated.format("%-d %B %Y, %H:%M UTC");
        let name = shelf.place.name();
        let (words, stops) = match known.iter().find(ours) {
            Some(own) if own.key == key.id => {
                (format!("The key is there already, since {since}; it is written again."), false)
            }
            Some(own) => {
                let title =
                    self.read(|vault| Ok(crate::keys::find(vault, own.key)?.title().to_owned()));
                let title = title.unwrap_or_else(|_| "another key".to_owned());
                (format!("“{title}” is there now, and is replaced."), false)
            }
            None => (
                format!(
                    "{name} is there already, written {since} by somebody else. Its value cannot be \
                     read, so it could not be brought back."
                ),
                true,
            ),
        };
        Ok(Some(PlaceWarning { words, stops }))
    }

    /// Seals, journals, sends, and notes what came of it.
    async fn put_on(&self, key: KeyId, shelf: &Shelf) -> Result<Placement, Error> {
        let (key, secret) = self.key_and_secret(key)?;
        let (connector, credential) = self.way_to(shelf)?;
        let before = self.noting(connector.stored(&credential, &shelf.place).await);
        let before = before.map_err(|error| shelf.not_stored(error))?.map(|found| found.updated);
        let sealing = self.noting(connector.sealing_key(&credential, &shelf.place).await);
        let sealing = sealing.map_err(|error| shelf.not_stored(error))?;
        let note = self.note_of(&key, shelf)?;
        let request = Request::Store {
            key: key.id,
            name: key.title().to_owned(),
            place: shelf.words(),
            placement: note.placement.id,
            client: shelf.client.id.clone(),
            params: shelf.place.to_map(),
            before,
        };
        let mut operation = self.new_operation(&shelf.connection, request);
        let _in_flight = InFlight::begin(self);
        self.advance(&mut operation, OperationState::Intended)?;
        let put = || connector.store(&credential, &shelf.place, &sealing, &secret);
        let mut sent = self.noting(put().await);
        if sent.as_ref().is_err_and(|error| error.effect() == Effect::Unknown) {
            let now = self.noting(connector.stored(&credential, &shelf.place).await);
            sent = match (sent, now.map(|found| found.map(|found| found.updated))) {
                (_, Ok(Some(now))) if Some(now) != before => Ok(()),
                (_, Ok(_)) => self.noting(put().await),
                (lost, Err(_)) => lost,
            };
        }
        if let Err(error) = sent {
            return Err(self.store_failed(operation, shelf, error)?);
        }
        let updated = connector.stored(&credential, &shelf.place).await.ok().flatten();
        self.stored(operation, note, &key, updated.map(|found| found.updated))
    }

    /// Notes that a key is in a store, since when the platform says so.
    pub(super) fn stored(
        &self,
        mut operation: Operation,
        note: Note,
        key: &Key,
        updated: Option<DateTime<Utc>>,
    ) -> Result<Placement, Error> {
        let now = self.now();
        operation.state = OperationState::Done;
        operation.changed = now;
        let Note { mut placement, replaces, older } = note;
        placement.checked = Some(now);
        placement.state = PlacementState::InSync;
        if let Some(stored) = &mut placement.stored {
            stored.updated = updated;
        }
        let line = self.use_line(&placement);
        let client = self.place_name(&placement);
        let kind = EventKind::KeyPlaced { client, file: placement.words.clone() };
        let event = self.key_event(key, kind);
        let closed = OperationState::Closed { why: "it was put there again".into() };
        self.write(|change| {
            change.put_operation(&operation)?;
            for older in older.into_iter().filter(|older| older.id != operation.id) {
                change.put_operation(&Operation {
                    state: closed.clone(),
                    changed: now,
                    ..older
                })?;
            }
            replaces.iter().try_for_each(|other| drop_placement(change, other))?;
            put_placement(change, &placement, line, None)?;
            change.log(&event)
        })?;
        Ok(placement)
    }

    /// Journals a failure; the answer is the error to be told.
    fn store_failed(
        &self,
        mut operation: Operation,
        shelf: &Shelf,
        error: CallError,
    ) -> Result<Error, Error> {
        let why = error.to_string();
        let unknown = error.effect() == Effect::Unknown;
        let (state, kind) = if unknown {
            let kind = EventKind::OutcomeUnknown { why: why.clone() };
            (OperationState::Ambiguous { why: why.clone() }, kind)
        } else {
            (OperationState::Refused { why: why.clone() }, EventKind::Refused { why: why.clone() })
        };
        let event = self.operation_event(&operation, kind);
        operation.state = state;
        operation.changed = self.now();
        self.write(|change| {
            change.put_operation(&operation)?;
            change.log(&event)
        })?;
        Ok(if unknown {
            Error::OutcomeUnknown { why: format!("{}: {why}", shelf.words()), orphan: false }
        } else {
            shelf.not_stored(error)
        })
    }

    /// The note that a key is to be in a place, made before anything is sent.
    pub(super) fn note_of(&self, key: &Key, shelf: &Shelf) -> Result<Note, Error> {
        let now = self.now();
        let (own, replaces): (Vec<_>, Vec<_>) =
            self.known_at(shelf)?.into_iter().partition(|known| known.key == key.id);
        let own = own.into_iter().next();
        let older = self.read(|vault| {
            let open = vault.index().operations().filter(|operation| operation.state.is_open());
            let same = open.filter(|operation| match &operation.request {
                Request::Store { params, client, .. } => {
                    operation.connection == shelf.connection.id
                        && *client == shelf.client.id
                        && *params == shelf.place.to_map()
                }
                _ => false,
            });
            Ok(same.cloned().collect())
        })?;
        let placement = Placement {
            id: own.as_ref().map_or_else(PlacementId::make, |own| own.id),
            key: key.id,
            client: Some(shelf.client.id.clone()),
            slot: String::new(),
            params: shelf.place.to_map(),
            file: String::new(),
            node: String::new(),
            form: PlacementForm::Literal,
            machine: String::new(),
            project: String::new(),
            words: shelf.words(),
            note: own.as_ref().map(|own| own.note.clone()).unwrap_or_default(),
            by: Known::Written,
            noted: own.as_ref().map_or(now, |own| own.noted),
            state: PlacementState::Unknown,
            checked: None,
            loose: false,
            tracked: false,
            stored: Some(Stored { connection: shelf.connection.id, updated: None }),
        };
        Ok(Note { placement, replaces, older })
    }
}

/// What is noted once a key is in its place.
pub(super) struct Note {
    pub(super) placement: Placement,
    /// Other keys' notes of the same place.
    replaces: Vec<Placement>,
    /// Earlier puts there whose outcome is not known.
    older: Vec<Operation>,
}
