//! Records as the bytes that are sealed: one byte for the kind, then MessagePack
//! with field names, so that a record may grow fields.
//!
//! What is encoded is read back and compared before it is sealed; a record that
//! would not come back as it went in is refused.

mod key;
mod settings;

use keywright_model::{Connection, Event, Key, Operation, Placement, Rotation, Writing};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

pub(crate) use key::IN_BIN;
pub use settings::{AddedPlatform, StoredSettings};

use crate::{Error, crypto::seal, error::damaged};

/// Metadata is padded to a multiple of this.
pub(crate) const META_BUCKET: usize = 64;

/// One record of any kind.
pub(crate) enum Record {
    /// A key.
    Key(Box<Key>),
    /// A connection.
    Connection(Box<Connection>),
    /// An operation.
    Operation(Box<Operation>),
    /// The settings; there is one record.
    Settings(StoredSettings),
    /// A key in a place.
    Placement(Box<Placement>),
    /// A write of a user's file; the content before is its secret.
    Writing(Box<Writing>),
    /// The replacement of a key.
    Rotation(Box<Rotation>),
}

const KEY: u8 = 1;
const CONNECTION: u8 = 2;
const OPERATION: u8 = 3;
const SETTINGS: u8 = 4;
const PLACEMENT: u8 = 5;
const WRITING: u8 = 6;
const ROTATION: u8 = 7;

/// Whether these bytes are a key's, which may be decoded later.
pub(crate) fn is_key(plain: &[u8]) -> bool {
    plain.first() == Some(&KEY)
}

impl Record {
    /// Whether two records are of one kind.
    pub(crate) const fn kind(&self) -> u8 {
        match self {
            Self::Key(_) => KEY,
            Self::Connection(_) => CONNECTION,
            Self::Operation(_) => OPERATION,
            Self::Settings(_) => SETTINGS,
            Self::Placement(_) => PLACEMENT,
            Self::Writing(_) => WRITING,
            Self::Rotation(_) => ROTATION,
        }
    }

    /// The padded plaintext.
    pub(crate) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut plain = seal::buffer(1024, META_BUCKET);
        plain.push(self.kind());
        let same = match self {
            Self::Key(key) => {
                key::write(&mut plain, key)?;
                self::key(&plain)? == **key
            }
            Self::Connection(connection) => write(&mut plain, &**connection)?,
            Self::Operation(operation) => write(&mut plain, &**operation)?,
            Self::Settings(settings) => write(&mut plain, settings)?,
            Self::Placement(placement) => write(&mut plain, &**placement)?,
            Self::Writing(writing) => write(&mut plain, &**writing)?,
            Self::Rotation(rotation) => write(&mut plain, &**rotation)?,
        };
        if !same {
            return Err(Error::Unstorable);
        }
        seal::pad(&mut plain, META_BUCKET);
        Ok(plain)
    }

    /// Reads an unpadded plaintext.
    pub(crate) fn decode(plain: &[u8]) -> Result<Self, Error> {
        let (kind, body) = plain.split_first().ok_or_else(|| damaged("a record"))?;
        match *kind {
            KEY => key(plain).map(Box::new).map(Self::Key),
            CONNECTION => read(body).map(Box::new).map(Self::Connection),
            OPERATION => read(body).map(Box::new).map(Self::Operation),
            SETTINGS => read(body).map(Self::Settings),
            PLACEMENT => read(body).map(Box::new).map(Self::Placement),
            WRITING => read(body).map(Box::new).map(Self::Writing),
            ROTATION => read(body).map(Box::new).map(Self::Rotation),
            _ => Err(damaged("a record")),
        }
    }
}

/// Reads a key's unpadded plaintext.
pub(crate) fn key(plain: &[u8]) -> Result<Key, Error> {
    let body = plain.split_first().filter(|(kind, _)| **kind == KEY).map(|(_, body)| body);
    key::read(body.ok_or_else(|| damaged("a record"))?)
}

/// Encodes an event.
pub(crate) fn event_bytes(event: &Event) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut plain = seal::buffer(512, 0);
    plain.push(0);
    if !write(&mut plain, event)? {
        return Err(Error::Unstorable);
    }
    Ok(plain)
}

/// Reads an event.
pub(crate) fn event(plain: &[u8]) -> Result<Event, Error> {
    read(plain.get(1..).unwrap_or_default())
}

/// Appends a record and tells whether it reads back as it is.
fn write<T: Serialize + DeserializeOwned + PartialEq>(
    plain: &mut Vec<u8>,
    record: &T,
) -> Result<bool, Error> {
    rmp_serde::encode::write_named(plain, record).map_err(|_| Error::Unstorable)?;
    let body = plain.get(1..).unwrap_or_default();
    Ok(read::<T>(body).is_ok_and(|back| back == *record))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    rmp_serde::from_slice(body).map_err(|_| damaged("a record"))
}
