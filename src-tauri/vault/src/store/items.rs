//! The item table: a sealed `meta` and perhaps a sealed `secret` in each row.

use rusqlite::Connection;
use zeroize::Zeroizing;

use super::database::odd;
use crate::{
    Error,
    crypto::{
        keys::{Keys, Purpose},
        seal::{self, Associated, Place, TAG},
        sum::RowMark,
    },
    error::damaged,
};

/// Secrets are padded to a multiple of this.
const SECRET_BUCKET: usize = 128;

/// Rows as they came from the file, their sealed metadata end to end in one buffer.
pub(crate) struct Batch {
    /// What the manifest knows of each row.
    pub(crate) marks: Vec<RowMark>,
    /// Where each row's blob ends in the buffer.
    pub(crate) ends: Vec<usize>,
    /// The blobs; after [`open_batch`] each holds its plaintext.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// Reads all rows in batches, in the order of their numbers.
pub(crate) fn read_all(connection: &Connection, batch: usize) -> Result<Vec<Batch>, Error> {
    let words = "SELECT n,id,rev,secret_rev,meta,secret FROM item ORDER BY n";
    let mut statement = connection.prepare(words)?;
    let mut rows = statement.query([])?;
    let mut batches: Vec<Batch> = Vec::new();
    while let Some(row) = rows.next()? {
        if batches.last().is_none_or(|last| last.marks.len() >= batch) {
            batches.push(Batch::with_room(batch));
        }
        let meta = row.get_ref(4)?.as_blob().map_err(odd)?;
        let secret = row.get_ref(5)?.as_blob_or_null().map_err(odd)?;
        let torn = || damaged("an item");
        let mark = RowMark {
            n: row.get(0)?,
            id: row.get_ref(1)?.as_blob().map_err(odd)?.try_into().map_err(|_| torn())?,
            rev: row.get(2)?,
            secret_rev: row.get(3)?,
            meta_tag: seal::tag(meta).ok_or_else(torn)?,
            secret_tag: match secret {
                Some(blob) => seal::tag(blob).ok_or_else(torn)?,
                None => [0; TAG],
            },
        };
        if let Some(last) = batches.last_mut() {
            last.push(mark, meta);
        }
    }
    Ok(batches)
}

impl Batch {
    fn with_room(rows: usize) -> Self {
        let bytes = Zeroizing::new(Vec::with_capacity(rows * 512));
        Self { marks: Vec::with_capacity(rows), ends: Vec::with_capacity(rows), bytes }
    }

    fn push(&mut self, mark: RowMark, meta: &[u8]) {
        self.bytes.extend_from_slice(meta);
        self.marks.push(mark);
        self.ends.push(self.bytes.len());
    }

    /// The part of the buffer that belongs to each row.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends.iter().copied()).map(|(start, end)| start..end)
    }

    /// Opens every blob where it lies. Afterwards the range of a row's plaintext,
    /// without nonce, tag and padding, is given in the returned list.
    pub(crate) fn open(&mut self, keys: &Keys) -> Result<Vec<std::ops::Range<u32>>, Error> {
        let torn = || damaged("an item");
        let ranges: Vec<_> = self.ranges().collect();
        let mut plain = Vec::with_capacity(ranges.len());
        for (mark, range) in self.marks.iter().zip(ranges) {
            let data = meta_place(keys, mark);
            let start = range.start + seal::NONCE;
            let blob = self.bytes.get_mut(range).ok_or_else(torn)?;
            let len = seal::open_in_place(keys.of(Purpose::Meta), data.bytes(), blob);
            let padded = blob.get(seal::NONCE..seal::NONCE + len.ok_or_else(torn)?);
            let text = padded.and_then(seal::unpad).ok_or_else(torn)?;
            let from = u32::try_from(start).map_err(|_| torn())?;
            let to = u32::try_from(start + text.len()).map_err(|_| torn())?;
            plain.push(from..to);
        }
        Ok(plain)
    }
}

fn meta_place(keys: &Keys, mark: &RowMark) -> Associated {
    Associated::of(keys, &Place { table: "item", id: mark.id, rev: mark.rev, field: "meta" })
}

fn secret_place(keys: &Keys, mark: &RowMark) -> Associated {
    let place = Place { table: "item", id: mark.id, rev: mark.secret_rev, field: "secret" };
    Associated::of(keys, &place)
}

/// Seals padded metadata for a row and notes its tag.
pub(crate) fn seal_meta(keys: &Keys, mark: &mut RowMark, padded: &[u8]) -> Result<Vec<u8>, Error> {
    let blob = seal::seal(keys.of(Purpose::Meta), meta_place(keys, mark).bytes(), padded)?;
    mark.meta_tag = seal::tag(&blob).ok_or(Error::Unstorable)?;
    Ok(blob)
}

/// Seals a secret for a row and notes its tag.
pub(crate) fn seal_secret(
    keys: &Keys,
    mark: &mut RowMark,
    secret: &[u8],
) -> Result<Vec<u8>, Error> {
    let mut plain = seal::buffer(secret.len(), SECRET_BUCKET);
    plain.extend_from_slice(secret);
    seal::pad(&mut plain, SECRET_BUCKET);
    let blob = seal::seal(keys.of(Purpose::Secret), secret_place(keys, mark).bytes(), &plain)?;
    mark.secret_tag = seal::tag(&blob).ok_or(Error::Unstorable)?;
    Ok(blob)
}

/// Reads and opens a row's secret. The row must be the very one that the mark tells of;
/// none means that it is another.
pub(crate) fn secret(
    connection: &Connection,
    keys: &Keys,
    mark: &RowMark,
) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let words = "SELECT secret FROM item WHERE n=?1 AND id=?2 AND rev=?3 AND secret_rev=?4";
    let mut statement = connection.prepare_cached(words)?;
    let mut rows = statement.query((mark.n, mark.id.as_slice(), mark.rev, mark.secret_rev))?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let Some(blob) = row.get_ref(0)?.as_blob_or_null().map_err(odd)? else { return Ok(None) };
    if seal::tag(blob) != Some(mark.secret_tag) {
        return Ok(None);
    }
    let data = secret_place(keys, mark);
    let mut padded = seal::open(keys.of(Purpose::Secret), data.bytes(), blob)
        .ok_or_else(|| damaged("a secret"))?;
    let len = seal::unpad(&padded).ok_or_else(|| damaged("a secret"))?.len();
    padded.truncate(len);
    Ok(Some(padded))
}

/// What a change does to one row.
pub(crate) struct RowChange {
    /// The row before; none when it is new.
    pub(crate) before: Option<RowMark>,
    /// The row after; none when it is removed.
    pub(crate) after: Option<RowMark>,
    /// New sealed metadata, where it changes.
    pub(crate) meta: Option<Vec<u8>>,
    /// What becomes of the secret.
    pub(crate) secret: SecretChange,
}

/// What a change does to a row's secret.
pub(crate) enum SecretChange {
    /// Leaves it.
    Keep,
    /// Puts this sealed one.
    Put(Vec<u8>),
    /// Takes it out.
    Remove,
}

impl SecretChange {
    fn blob(&self) -> Option<&Vec<u8>> {
        match self {
            Self::Put(blob) => Some(blob),
            Self::Keep | Self::Remove => None,
        }
    }
}

/// Brings a change to the table. A row that is not as expected is damage.
pub(crate) fn apply(connection: &Connection, change: &RowChange) -> Result<(), Error> {
    let touched = match (&change.before, &change.after) {
        (None, None) => return Ok(()),
        (None, Some(after)) => insert(connection, change, after)?,
        (Some(before), None) => {
            let words = "DELETE FROM item WHERE n=?1 AND id=?2 AND rev=?3";
            let mut statement = connection.prepare_cached(words)?;
            statement.execute((before.n, before.id.as_slice(), before.rev))?
        }
        (Some(before), Some(after)) => update(connection, change, before, after)?,
    };
    if touched == 1 { Ok(()) } else { Err(damaged("an item")) }
}

fn insert(connection: &Connection, change: &RowChange, after: &RowMark) -> Result<usize, Error> {
    let mut statement = connection.prepare_cached("INSERT INTO item VALUES(?1,?2,?3,?4,?5,?6)")?;
    let secret = change.secret.blob();
    let id = after.id.as_slice();
    Ok(statement.execute((after.n, id, after.rev, after.secret_rev, &change.meta, secret))?)
}

fn update(
    connection: &Connection,
    change: &RowChange,
    before: &RowMark,
    after: &RowMark,
) -> Result<usize, Error> {
    let words = "UPDATE item SET rev=?4,secret_rev=?5,meta=coalesce(?6,meta),\
                 secret=CASE WHEN ?7 THEN ?8 ELSE secret END WHERE n=?1 AND id=?2 AND rev=?3";
    let mut statement = connection.prepare_cached(words)?;
    let changes = !matches!(change.secret, SecretChange::Keep);
    Ok(statement.execute(rusqlite::params![
        before.n,
        before.id.as_slice(),
        before.rev,
        after.rev,
        after.secret_rev,
        change.meta,
        changes,
        change.secret.blob()
    ])?)
}
