//! A key's stored form: short names, times as numbers, defaults left out.
//!
//! A vault of 100,000 keys is decoded at once, and field names and dates in words
//! are most of that work; this form is read in half the time and takes half the
//! room of the derived one. Names are never reused. A new field of [`Key`] fails
//! to compile here until it has one.

use chrono::{DateTime, Utc};
use keywright_model::{
    Bitting, ConnectionId, Environment, Expiry, Hint, Key, KeyId, Owner, OwnerKind, PlacementId,
    PlatformId, Status,
    key::{NotedUse, Origin, Revocation},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Error, error::damaged};

/// Seconds since 1970 and nanoseconds.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Stamp(i64, u32);

impl Stamp {
    fn of(at: DateTime<Utc>) -> Self {
        Self(at.timestamp(), at.timestamp_subsec_nanos())
    }

    fn time(self) -> Result<DateTime<Utc>, Error> {
        DateTime::from_timestamp(self.0, self.1).ok_or_else(|| damaged("a record"))
    }
}

/// `S` is `&str` to write and `String` to read: each text is copied once.
#[derive(Serialize, Deserialize)]
struct StoredUse<S> {
    #[serde(rename = "c")]
    client: S,
    #[serde(rename = "p")]
    place: S,
    #[serde(rename = "n")]
    noted: Stamp,
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    placement: Option<Uuid>,
}

#[derive(Serialize, Deserialize)]
#[serde(bound(
    serialize = "S: AsRef<str> + Serialize",
    deserialize = "S: Default + Deserialize<'de>"
))]
struct Stored<S> {
    #[serde(rename = "i")]
    id: Uuid,
    #[serde(rename = "c")]
    connection: Uuid,
    #[serde(rename = "p")]
    platform: S,
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    remote_id: Option<S>,
    #[serde(rename = "n", default, skip_serializing_if = "is_empty")]
    name: S,
    #[serde(rename = "l", default, skip_serializing_if = "is_empty")]
    label: S,
    #[serde(rename = "t", default, skip_serializing_if = "is_empty")]
    note: S,
    #[serde(rename = "hp", default, skip_serializing_if = "is_empty")]
    hint_prefix: S,
    #[serde(rename = "hs", default, skip_serializing_if = "is_empty")]
    hint_suffix: S,
    #[serde(rename = "s", default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<S>,
    #[serde(rename = "o", default, skip_serializing_if = "is_empty")]
    owner: S,
    #[serde(rename = "ok", default, skip_serializing_if = "is_default")]
    owner_kind: OwnerKind,
    #[serde(rename = "e", default, skip_serializing_if = "is_default")]
    environment: Environment,
    #[serde(rename = "st", default, skip_serializing_if = "is_default")]
    status: Status,
    #[serde(rename = "C", default, skip_serializing_if = "Option::is_none")]
    created: Option<Stamp>,
    #[serde(rename = "E", default, skip_serializing_if = "Option::is_none")]
    expires: Option<Stamp>,
    #[serde(rename = "En", default, skip_serializing_if = "is_default")]
    never_expires: bool,
    #[serde(rename = "U", default, skip_serializing_if = "Option::is_none")]
    last_used: Option<Stamp>,
    #[serde(rename = "g", default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    tags: Vec<S>,
    #[serde(rename = "u", default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    uses: Vec<StoredUse<S>>,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    rotation_days: Option<u32>,
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    bitting: Option<Vec<u8>>,
    #[serde(rename = "f", default, skip_serializing_if = "is_default")]
    origin: Origin,
    #[serde(rename = "A")]
    added: Stamp,
    #[serde(rename = "G", default, skip_serializing_if = "Option::is_none")]
    gone_since: Option<Stamp>,
    #[serde(rename = "R", default, skip_serializing_if = "Option::is_none")]
    revocation: Option<Revocation>,
    #[serde(rename = "D", default, skip_serializing_if = "Option::is_none")]
    deleted: Option<Stamp>,
    #[serde(rename = "m", default, skip_serializing_if = "is_default")]
    manages_connection: bool,
}

/// How the field `D` begins: its name and an array of two. A key in the bin has these bytes.
pub(crate) const IN_BIN: &[u8] = &[0xa1, b'D', 0x92];

fn is_empty<S: AsRef<str>>(text: &S) -> bool {
    text.as_ref().is_empty()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Appends a key.
pub(super) fn write(plain: &mut Vec<u8>, key: &Key) -> Result<(), Error> {
    rmp_serde::encode::write_named(plain, &stored(key)).map_err(|_| Error::Unstorable)
}

/// Reads a key.
pub(super) fn read(body: &[u8]) -> Result<Key, Error> {
    let stored: Stored<String> = rmp_serde::from_slice(body).map_err(|_| damaged("a record"))?;
    stored.key()
}

fn stored(key: &Key) -> Stored<&str> {
    let Key {
        id,
        connection,
        platform,
        remote_id,
        name,
        label,
        note,
        hint: Hint { prefix: hint_prefix, suffix: hint_suffix },
        scopes,
        owner: Owner { name: owner, kind: owner_kind },
        environment,
        status,
        created,
        expires,
        last_used,
        tags,
        uses,
        rotation_days,
        bitting,
        origin,
        added,
        gone_since,
        revocation,
        deleted,
        manages_connection,
    } = key;
    Stored {
        id: id.uuid(),
        connection: connection.uuid(),
        platform: platform.as_str(),
        remote_id: remote_id.as_deref(),
        name,
        label,
        note,
        hint_prefix,
        hint_suffix,
        scopes: scopes.iter().map(String::as_str).collect(),
        owner,
        owner_kind: *owner_kind,
        environment: *environment,
        status: *status,
        created: created.map(Stamp::of),
        expires: expires.at().map(Stamp::of),
        never_expires: *expires == Expiry::Never,
        last_used: last_used.map(Stamp::of),
        tags: tags.iter().map(String::as_str).collect(),
        uses: uses.iter().map(stored_use).collect(),
        rotation_days: *rotation_days,
        bitting: bitting.as_ref().map(|bitting| bitting.0.clone()),
        origin: *origin,
        added: Stamp::of(*added),
        gone_since: gone_since.map(Stamp::of),
        revocation: revocation.clone(),
        deleted: deleted.map(Stamp::of),
        manages_connection: *manages_connection,
    }
}

fn stored_use(noted: &NotedUse) -> StoredUse<&str> {
    let NotedUse { client, place, noted, placement } = noted;
    let placement = placement.map(PlacementId::uuid);
    StoredUse { client, place, noted: Stamp::of(*noted), placement }
}

impl Stored<String> {
    fn key(self) -> Result<Key, Error> {
        let time = |stamp: Option<Stamp>| stamp.map(Stamp::time).transpose();
        Ok(Key {
            id: KeyId::from_uuid(self.id),
            connection: ConnectionId::from_uuid(self.connection),
            platform: PlatformId::new(self.platform),
            remote_id: self.remote_id,
            name: self.name,
            label: self.label,
            note: self.note,
            hint: Hint { prefix: self.hint_prefix, suffix: self.hint_suffix },
            scopes: self.scopes,
            owner: Owner { name: self.owner, kind: self.owner_kind },
            environment: self.environment,
            status: self.status,
            created: time(self.created)?,
            expires: match (time(self.expires)?, self.never_expires) {
                (Some(at), _) => Expiry::At(at),
                (None, true) => Expiry::Never,
                (None, false) => Expiry::Unknown,
            },
            last_used: time(self.last_used)?,
            tags: self.tags,
            uses: self.uses.into_iter().map(StoredUse::noted_use).collect::<Result<_, _>>()?,
            rotation_days: self.rotation_days,
            bitting: self.bitting.map(Bitting),
            origin: self.origin,
            added: self.added.time()?,
            gone_since: time(self.gone_since)?,
            revocation: self.revocation,
            deleted: time(self.deleted)?,
            manages_connection: self.manages_connection,
        })
    }
}

impl StoredUse<String> {
    fn noted_use(self) -> Result<NotedUse, Error> {
        Ok(NotedUse {
            client: self.client,
            place: self.place,
            noted: self.noted.time()?,
            placement: self.placement.map(PlacementId::from_uuid),
        })
    }
}

#[cfg(test)]
mod tests;
