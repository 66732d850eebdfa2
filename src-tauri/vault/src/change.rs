//! One write under way: what is to change, sealed and held until all of it is known.
//!
//! Nothing reaches the file before the closure given to [`Vault::write`](crate::Vault::write)
//! has returned well.

use std::collections::HashMap;

use keywright_model::{
    Connection, ConnectionId, Event, Key, KeyId, Operation, OperationId, Placement, PlacementId,
    Rotation, RotationId, Secret, Writing, WritingId,
};
use rusqlite::Connection as Database;
use uuid::Uuid;

use crate::{
    Error,
    crypto::{chain, keys::Keys, seal::TAG, sum::RowMark},
    index::Index,
    record::{self, Record, StoredSettings},
    store::{
        database, events,
        items::{self, RowChange, SecretChange},
        manifest::Manifest,
    },
};

/// What one write is to change.
pub struct Change<'v> {
    keys: &'v Keys,
    index: &'v Index,
    manifest: Manifest,
    rows: Vec<Row>,
    places: HashMap<Uuid, usize>,
    events: Vec<(u64, Vec<u8>)>,
    next_row: u64,
}

/// A row to change, and what the index is to hold of it.
struct Row {
    change: RowChange,
    record: Option<Record>,
}

/// A change that was brought to the tables, waiting for its commit.
pub(crate) struct Applied {
    /// The new manifest.
    pub(crate) manifest: Manifest,
    /// Its stored form.
    pub(crate) body: Vec<u8>,
    /// Whether anything was deleted.
    pub(crate) purged: bool,
    rows: Vec<Row>,
}

impl<'v> Change<'v> {
    pub(crate) fn new(keys: &'v Keys, index: &'v Index, manifest: Manifest) -> Self {
        let next_row = index.highest_row() + 1;
        let places = HashMap::new();
        Self { keys, index, manifest, rows: Vec::new(), places, events: Vec::new(), next_row }
    }

    /// A key as this change would leave it.
    pub fn key(&self, id: KeyId) -> Option<&Key> {
        match self.staged(id.uuid()) {
            Some(Row { record: Some(Record::Key(key)), .. }) => Some(key),
            Some(Row { change: RowChange { after: None, .. }, .. }) => None,
            _ => self.index.key(id),
        }
    }

    /// The replacement of a key as this change would leave it.
    pub fn rotation(&self, id: RotationId) -> Option<&Rotation> {
        match self.staged(id.uuid()) {
            Some(Row { record: Some(Record::Rotation(rotation)), .. }) => Some(rotation),
            Some(Row { change: RowChange { after: None, .. }, .. }) => None,
            _ => self.index.rotation(id),
        }
    }

    /// Writes a key's metadata, new or in the place of the old.
    pub fn put_key(&mut self, key: &Key) -> Result<(), Error> {
        self.put(key.id.uuid(), Record::Key(Box::new(key.clone())))
    }

    /// Writes a connection.
    pub fn put_connection(&mut self, connection: &Connection) -> Result<(), Error> {
        self.put(connection.id.uuid(), Record::Connection(Box::new(connection.clone())))
    }

    /// Writes an operation.
    pub fn put_operation(&mut self, operation: &Operation) -> Result<(), Error> {
        self.put(operation.id.uuid(), Record::Operation(Box::new(operation.clone())))
    }

    /// Writes a placement.
    pub fn put_placement(&mut self, placement: &Placement) -> Result<(), Error> {
        self.put(placement.id.uuid(), Record::Placement(Box::new(placement.clone())))
    }

    /// Writes a line of the journal of users' files.
    pub fn put_writing(&mut self, writing: &Writing) -> Result<(), Error> {
        self.put(writing.id.uuid(), Record::Writing(Box::new(writing.clone())))
    }

    /// Writes the replacement of a key.
    pub fn put_rotation(&mut self, rotation: &Rotation) -> Result<(), Error> {
        self.put(rotation.id.uuid(), Record::Rotation(Box::new(rotation.clone())))
    }

    /// Writes the settings.
    pub fn put_settings(&mut self, settings: &StoredSettings) -> Result<(), Error> {
        let id = match self.index.settings_id().or_else(|| self.staged_settings()) {
            Some(id) => id,
            None => fresh_id()?,
        };
        self.put(id, Record::Settings(settings.clone()))
    }

    /// Seals a key's secret. The key itself must be there or be put in this same change.
    pub fn seal_key_secret(&mut self, key: KeyId, secret: &Secret) -> Result<(), Error> {
        self.seal(key.uuid(), secret)
    }

    /// Seals a connection's management credential, like a key's secret.
    pub fn seal_credential(
        &mut self,
        connection: ConnectionId,
        secret: &Secret,
    ) -> Result<(), Error> {
        self.seal(connection.uuid(), secret)
    }

    /// Removes a connection's management credential for good.
    pub fn remove_credential(&mut self, connection: ConnectionId) -> Result<(), Error> {
        let row = self.existing(connection.uuid())?;
        let Some(after) = &mut row.change.after else { return Err(Error::NoRecord) };
        after.secret_rev = next(row.change.before.as_ref().map(|before| before.secret_rev))?;
        after.secret_tag = [0; TAG];
        row.change.secret = SecretChange::Remove;
        Ok(())
    }

    /// Seals what a file was before a write. The write must be put in this same change.
    pub fn seal_backup(&mut self, writing: WritingId, content: &Secret) -> Result<(), Error> {
        self.seal(writing.uuid(), content)
    }

    /// Removes a placement for good; the file is not touched.
    pub fn remove_placement(&mut self, placement: PlacementId) -> Result<(), Error> {
        self.remove(placement.uuid())
    }

    /// Removes a line of the journal of users' files, and the content sealed with it.
    pub fn remove_writing(&mut self, writing: WritingId) -> Result<(), Error> {
        self.remove(writing.uuid())
    }

    /// Removes a key and its secret for good.
    pub fn remove_key(&mut self, key: KeyId) -> Result<(), Error> {
        self.remove(key.uuid())
    }

    /// Removes an operation for good.
    pub fn remove_operation(&mut self, operation: OperationId) -> Result<(), Error> {
        self.remove(operation.uuid())
    }

    /// Appends a line to the log of events.
    pub fn log(&mut self, event: &Event) -> Result<(), Error> {
        let n = self.manifest.events.checked_add(1).ok_or(Error::Unstorable)?;
        let blob = events::seal(self.keys, n, &record::event_bytes(event)?)?;
        self.manifest.link = chain::next(self.keys, &self.manifest.link, n, &blob);
        self.manifest.events = n;
        self.events.push((n, blob));
        Ok(())
    }

    /// Whether nothing was asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.events.is_empty()
    }

    /// Brings everything to the tables, the manifest last.
    pub(crate) fn apply(mut self, database: &Database, generation: u64) -> Result<Applied, Error> {
        let mut purged = false;
        for Row { change, .. } in &self.rows {
            if let Some(before) = &change.before {
                self.manifest.sum.remove(self.keys, before);
                self.manifest.items = self.manifest.items.saturating_sub(1);
            }
            if let Some(after) = &change.after {
                if change.before.is_none() && change.meta.is_none() {
                    return Err(Error::NoRecord);
                }
                self.manifest.sum.add(self.keys, after);
                self.manifest.items += 1;
            }
            purged |= change.after.is_none() || matches!(change.secret, SecretChange::Remove);
            items::apply(database, change)?;
        }
        for (n, blob) in &self.events {
            events::append(database, *n, blob)?;
        }
        self.manifest.generation = generation;
        let body = self.manifest.seal(self.keys)?;
        database::put_manifest(database, &body)?;
        Ok(Applied { manifest: self.manifest, body, purged, rows: self.rows })
    }

    fn put(&mut self, id: Uuid, record: Record) -> Result<(), Error> {
        let padded = record.encode()?;
        let keys = self.keys;
        let row = self.stage(id)?;
        let before = row.change.before;
        let fresh = row.change.after.is_none();
        if row.record.as_ref().is_some_and(|old| old.kind() != record.kind()) {
            return Err(Error::Unstorable);
        }
        let Some(after) = row.change.after.as_mut().filter(|_| !fresh) else {
            return Err(Error::NoRecord);
        };
        after.rev = next(before.as_ref().map(|mark| mark.rev))?;
        row.change.meta = Some(items::seal_meta(keys, after, &padded)?);
        row.record = Some(record);
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "the secret's text is what is sealed")]
    fn seal(&mut self, id: Uuid, secret: &Secret) -> Result<(), Error> {
        let keys = self.keys;
        let row = self.stage(id)?;
        let before = row.change.before.as_ref().map(|before| before.secret_rev);
        let Some(after) = &mut row.change.after else { return Err(Error::NoRecord) };
        after.secret_rev = next(before)?;
        row.change.secret =
            SecretChange::Put(items::seal_secret(keys, after, secret.expose().as_bytes())?);
        Ok(())
    }

    fn remove(&mut self, id: Uuid) -> Result<(), Error> {
        let row = self.existing(id)?;
        row.change.after = None;
        row.change.meta = None;
        row.change.secret = SecretChange::Keep;
        row.record = None;
        Ok(())
    }

    fn staged(&self, id: Uuid) -> Option<&Row> {
        self.rows.get(*self.places.get(&id)?)
    }

    fn staged_settings(&self) -> Option<Uuid> {
        let is = |row: &&Row| matches!(row.record, Some(Record::Settings(_)));
        let mark = self.rows.iter().find(is)?.change.after?;
        Some(Uuid::from_bytes(mark.id))
    }

    /// The row of a record that must be there.
    fn existing(&mut self, id: Uuid) -> Result<&mut Row, Error> {
        if self.staged(id).is_none() && self.index.mark(id).is_none() {
            return Err(Error::NoRecord);
        }
        self.stage(id)
    }

    /// The row of a record, staged with what it is now; a new record gets the next number.
    fn stage(&mut self, id: Uuid) -> Result<&mut Row, Error> {
        let at = if let Some(at) = self.places.get(&id) {
            *at
        } else {
            let before = self.index.mark(id).copied();
            let n = self.next_row;
            let new = RowMark {
                n,
                id: id.into_bytes(),
                rev: 0,
                secret_rev: 0,
                meta_tag: [0; TAG],
                secret_tag: [0; TAG],
            };
            if before.is_none() {
                self.next_row = n.checked_add(1).ok_or(Error::Unstorable)?;
            }
            let after = Some(before.unwrap_or(new));
            let change = RowChange { before, after, meta: None, secret: SecretChange::Keep };
            self.rows.push(Row { change, record: None });
            self.places.insert(id, self.rows.len() - 1);
            self.rows.len() - 1
        };
        self.rows.get_mut(at).ok_or(Error::NoRecord)
    }
}

impl Applied {
    /// Brings the change to the index, once it is durable.
    pub(crate) fn publish(self, index: &mut Index) {
        for Row { change, record } in self.rows {
            match (change.before, change.after) {
                (_, Some(after)) => index.put(after, record),
                (Some(before), None) => index.remove(&before),
                (None, None) => {}
            }
        }
    }
}

fn next(rev: Option<u32>) -> Result<u32, Error> {
    rev.unwrap_or(0).checked_add(1).ok_or(Error::Unstorable)
}

fn fresh_id() -> Result<Uuid, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
