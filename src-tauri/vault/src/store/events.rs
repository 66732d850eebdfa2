//! The event table: append-only, sealed, chained.

use rusqlite::Connection;

use crate::{
    Error,
    crypto::{
        chain::{self, Link},
        keys::{Keys, Purpose},
        seal::{self, Associated, Place},
    },
    error::damaged,
};

const BUCKET: usize = 64;

/// An event's place: its number is its id.
fn associated(keys: &Keys, n: u64) -> Associated {
    let mut id = [0; 16];
    id.iter_mut().zip(n.to_le_bytes()).for_each(|(to, from)| *to = from);
    Associated::of(keys, &Place { table: "event", id, rev: 0, field: "body" })
}

/// Seals event `n`.
pub(crate) fn seal(keys: &Keys, n: u64, event: &[u8]) -> Result<Vec<u8>, Error> {
    let mut plain = seal::buffer(event.len(), BUCKET);
    plain.extend_from_slice(event);
    seal::pad(&mut plain, BUCKET);
    seal::seal(keys.of(Purpose::Events), associated(keys, n).bytes(), &plain)
}

/// Opens event `n` and hands its plaintext on.
fn open<T>(
    keys: &Keys,
    n: u64,
    blob: &[u8],
    read: impl FnOnce(&[u8]) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut blob = zeroize::Zeroizing::new(blob.to_vec());
    let data = associated(keys, n);
    let torn = || damaged("an event");
    let len =
        seal::open_in_place(keys.of(Purpose::Events), data.bytes(), &mut blob).ok_or_else(torn)?;
    let padded = blob.get(seal::NONCE..seal::NONCE + len).ok_or_else(torn)?;
    read(seal::unpad(padded).ok_or_else(torn)?)
}

/// Appends a sealed event.
pub(crate) fn append(connection: &Connection, n: u64, blob: &[u8]) -> Result<(), Error> {
    let mut statement = connection.prepare_cached("INSERT INTO event VALUES(?1,?2)")?;
    statement.execute((n, blob))?;
    Ok(())
}

/// Reads events downwards from the one before `before`, until `read` has had enough.
/// A missing one is damage.
pub(crate) fn newest_first(
    connection: &Connection,
    keys: &Keys,
    before: u64,
    mut read: impl FnMut(u64, &[u8]) -> Result<bool, Error>,
) -> Result<(), Error> {
    let words = "SELECT n,body FROM event WHERE n<?1 ORDER BY n DESC";
    let mut statement = connection.prepare_cached(words)?;
    let mut rows = statement.query([before])?;
    let mut expected = before;
    while let Some(row) = rows.next()? {
        let n: u64 = row.get(0)?;
        expected = expected.saturating_sub(1);
        if n == 0 || n != expected {
            return Err(damaged("the events: one is missing"));
        }
        let blob = row.get_ref(1)?.as_blob().map_err(super::database::odd)?;
        if !open(keys, n, blob, |event| read(n, event))? {
            return Ok(());
        }
    }
    if expected > 1 { Err(damaged("the events: one is missing")) } else { Ok(()) }
}

/// Follows the whole chain and opens every event.
pub(crate) fn verify(
    connection: &Connection,
    keys: &Keys,
    count: u64,
    last: &Link,
) -> Result<(), Error> {
    let mut statement = connection.prepare("SELECT n,body FROM event ORDER BY n")?;
    let mut rows = statement.query([])?;
    let (mut link, mut expected): (Link, u64) = ([0; 32], 0);
    while let Some(row) = rows.next()? {
        let n: u64 = row.get(0)?;
        let blob = row.get_ref(1)?.as_blob().map_err(super::database::odd)?;
        expected += 1;
        if n != expected {
            return Err(damaged("the events: one is missing"));
        }
        open(keys, n, blob, |_| Ok(()))?;
        link = chain::next(keys, &link, n, blob);
    }
    if expected == count && link == *last {
        Ok(())
    } else {
        Err(damaged("the events: their chain is broken"))
    }
}

/// The newest event's number; 0 without any.
pub(crate) fn newest(connection: &Connection) -> Result<u64, Error> {
    let n: Option<u64> = connection.query_row("SELECT max(n) FROM event", [], |row| row.get(0))?;
    Ok(n.unwrap_or(0))
}
