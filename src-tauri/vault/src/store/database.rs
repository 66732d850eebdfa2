//! SQLite: how it is opened, which tables there are, and the statements on them.
//! Every value in the tables is an id, a count or a sealed blob.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension, config::DbConfig};

use super::folder;
use crate::{
    Error, FORMAT,
    crypto::{
        keys::VaultId,
        slot::{Kind, Slot},
    },
    error::damaged,
};

/// The tables of format 1, in the very words that the file keeps. A file with other
/// words is refused: a changed declaration could make SQLite read rows differently.
pub(crate) const TABLES: [(&str, &str); 5] = [
    ("vault", "CREATE TABLE vault(n INTEGER PRIMARY KEY CHECK(n=1),id BLOB NOT NULL)STRICT"),
    ("slot", "CREATE TABLE slot(kind INTEGER PRIMARY KEY,body BLOB NOT NULL)STRICT"),
    (
        "item",
        "CREATE TABLE item(n INTEGER PRIMARY KEY,id BLOB NOT NULL,rev INTEGER NOT NULL,\
         secret_rev INTEGER NOT NULL,meta BLOB NOT NULL,secret BLOB)STRICT",
    ),
    ("event", "CREATE TABLE event(n INTEGER PRIMARY KEY,body BLOB NOT NULL)STRICT"),
    (
        "manifest",
        "CREATE TABLE manifest(n INTEGER PRIMARY KEY CHECK(n=1),body BLOB NOT NULL)STRICT",
    ),
];

/// Pages in the log before they are copied home. Small, so that no single edit pays
/// for hundreds of earlier ones; a large import is one transaction and pays once.
const CHECKPOINT_PAGES: u32 = 16;

/// Who opens the file, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reads and writes; takes the one-writer lock for as long as the value lives.
    Write,
    /// Reads only; needs no lock and sees the vault as it was when it was opened.
    Read,
}

/// Makes the database of a new vault at a path where nothing is, with an open
/// transaction that holds the empty tables.
///
/// It has no write-ahead log yet: closing a database that has one hides whether the log
/// was copied home, and this one is given its name right after it is closed.
pub(crate) fn make(path: &Path) -> Result<Connection, Error> {
    drop(folder::private().create_new(true).open(path)?);
    folder::restrict(path, 0o600)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let connection = Connection::open_with_flags(path, flags | common())?;
    configure(&connection)?;
    connection.execute_batch(
        "PRAGMA page_size=4096; PRAGMA auto_vacuum=NONE; PRAGMA synchronous=EXTRA; BEGIN IMMEDIATE;",
    )?;
    for (_, words) in TABLES {
        connection.execute_batch(words)?;
    }
    connection.pragma_update(None, "application_id", folder::APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", FORMAT)?;
    Ok(connection)
}

/// Opens an existing vault's database.
pub(crate) fn open(path: &Path, access: Access) -> Result<Connection, Error> {
    let connection = match access {
        Access::Write => {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
            Connection::open_with_flags(path, flags | common())?
        }
        Access::Read => open_to_read(path)?,
    };
    configure(&connection)?;
    // The log may hold a newer first page than the file: look before anything is written.
    if let Err(error) = check_format(&connection) {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        return Err(error);
    }
    if access == Access::Write {
        if connection.is_readonly("main")? {
            return Err(Error::ReadOnly);
        }
        write_ahead(&connection)?;
    }
    Ok(connection)
}

/// Flags for every connection. The path is real by now, so that the only link that
/// could be refused is the vault itself.
fn common() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW
}

/// A reader in a folder that it may not write to cannot use the log's index; where no
/// log is left over, the file alone is the whole vault.
fn open_to_read(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | common();
    let connection = Connection::open_with_flags(path, flags)?;
    let first = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    let log = std::fs::metadata(folder::companion(path, "-wal")).map_or(0, |data| data.len());
    match first {
        Ok(()) => Ok(connection),
        Err(error) if cannot_open(&error) && log == 0 => open_still(path),
        Err(error) if cannot_open(&error) => Err(Error::ReadOnly),
        Err(error) => Err(error.into()),
    }
}

/// Opens a file that nobody writes to and that has no log, without any file beside it.
pub(crate) fn open_still(path: &Path) -> Result<Connection, Error> {
    let address = immutable(path).ok_or(Error::ReadOnly)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | common();
    let connection = Connection::open_with_flags(address, flags)?;
    configure(&connection)?;
    Ok(connection)
}

fn cannot_open(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly))
}

/// The path as a `file:` address with the characters escaped that mean something there.
fn immutable(path: &Path) -> Option<String> {
    let mut address = "file:".to_owned();
    for character in path.to_str()?.chars() {
        match character {
            '%' => address.push_str("%25"),
            '?' => address.push_str("%3f"),
            '#' => address.push_str("%23"),
            other => address.push(other),
        }
    }
    address.push_str("?immutable=1");
    Some(address)
}

fn configure(connection: &Connection) -> Result<(), Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.execute_batch(
        "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; \
         PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-2048;",
    )?;
    Ok(())
}

/// Settings that matter to a writer: a write is durable when it returns, and what is
/// deleted is overwritten.
fn write_ahead(connection: &Connection) -> Result<(), Error> {
    let mode: String = connection.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(damaged("the database's journal mode"));
    }
    connection.execute_batch(
        "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA journal_size_limit=1048576;",
    )?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    Ok(())
}

fn check_format(connection: &Connection) -> Result<(), Error> {
    let id: u32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if id != folder::APPLICATION_ID {
        return Err(damaged("the file is no vault"));
    }
    let format: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    folder::known(format).map(drop)
}

/// Checks that the tables are declared as this format declares them, and nothing else is.
pub(crate) fn check_tables(connection: &Connection) -> Result<(), Error> {
    let mut statement = connection.prepare("SELECT type,name,tbl_name,sql FROM sqlite_schema")?;
    let mut rows = statement.query([])?;
    let mut found = 0;
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        let (name, table): (String, String) = (row.get(1)?, row.get(2)?);
        let words: Option<String> = row.get(3)?;
        let known = TABLES.iter().any(|(known, text)| {
            name == *known && table == *known && words.as_deref() == Some(*text)
        });
        if kind != "table" || !known {
            return Err(damaged("the database's tables"));
        }
        found += 1;
    }
    if found == TABLES.len() { Ok(()) } else { Err(damaged("the database's tables")) }
}

/// The vault's id.
pub(crate) fn vault_id(connection: &Connection) -> Result<VaultId, Error> {
    let id: Vec<u8> =
        connection.query_row("SELECT id FROM vault WHERE n=1", [], |row| row.get(0))?;
    id.try_into().map_err(|_| damaged("the vault's id"))
}

/// All key slots, in the order of their kinds.
pub(crate) fn slots(connection: &Connection, vault: &VaultId) -> Result<Vec<Slot>, Error> {
    let mut statement = connection.prepare("SELECT kind,body FROM slot ORDER BY kind")?;
    let mut rows = statement.query([])?;
    let mut slots = Vec::new();
    while let Some(row) = rows.next()? {
        slots.push(Slot::parse(vault, row.get(0)?, row.get_ref(1)?.as_blob().map_err(odd)?)?);
    }
    Ok(slots)
}

/// Puts a slot in the place of the one of its kind.
pub(crate) fn put_slot(connection: &Connection, slot: &Slot) -> Result<(), Error> {
    let words = "INSERT INTO slot VALUES(?1,?2) ON CONFLICT(kind) DO UPDATE SET body=?2";
    connection.execute(words, (slot.kind.code(), slot.bytes().as_slice()))?;
    Ok(())
}

/// The slot of a kind.
pub(crate) fn slot_of(slots: &[Slot], kind: Kind) -> Option<&Slot> {
    slots.iter().find(|slot| slot.kind == kind)
}

/// The sealed manifest.
pub(crate) fn manifest(connection: &Connection) -> Result<Vec<u8>, Error> {
    let mut statement = connection.prepare_cached("SELECT body FROM manifest WHERE n=1")?;
    let body = statement.query_row([], |row| row.get(0)).optional()?;
    body.ok_or_else(|| damaged("the manifest"))
}

/// Replaces the sealed manifest.
pub(crate) fn put_manifest(connection: &Connection, body: &[u8]) -> Result<(), Error> {
    let mut statement = connection.prepare_cached("UPDATE manifest SET body=?1 WHERE n=1")?;
    if statement.execute([body])? == 1 { Ok(()) } else { Err(damaged("the manifest")) }
}

/// What a value of another type in a column means.
pub(crate) fn odd(_: rusqlite::types::FromSqlError) -> Error {
    damaged("the database's rows")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::keys::LABELS;

    #[test]
    fn the_documented_format_is_this_one() {
        let page = include_str!("../../../../docs/vault-format.md");
        for (_, words) in TABLES {
            assert!(page.contains(&format!("\n{words}\n")), "{words}");
        }
        for (_, label) in LABELS {
            assert!(page.contains(&format!("`{label}`")), "{label}");
        }
        assert!(page.contains(&format!("0x{:08X}", folder::APPLICATION_ID)));
        assert!(page.contains(&format!("version {FORMAT}\n")));
    }

    #[test]
    fn a_path_means_the_same_as_an_address() {
        let address = immutable(Path::new("/home/a b/50%?#/vault")).unwrap();
        assert_eq!(address, "file:/home/a b/50%25%3f%23/vault?immutable=1");
    }
}
