//! Files that must not be opened, or not be written to, and what is said of them.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::Path,
};

use keywright_vault::{Access, Error, Sealed, create};
use rusqlite::{Connection as Database, config::DbConfig};

use crate::{
    common::{fake_key, kdf, make, now, open, overwrite, passphrase},
    world::sample,
};

const VAULT: &str = "vault.keywright";

/// Changes some bytes of a closed vault's file.
fn with_bytes(dir: &Path, at: usize, bytes: &[u8]) -> Vec<u8> {
    let path = dir.join(VAULT);
    let mut all = fs::read(&path).unwrap();
    all[at..at + bytes.len()].copy_from_slice(bytes);
    overwrite(&path, &all);
    all
}

#[test]
fn a_newer_format_is_told_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    drop(sample(home.path()));
    let bytes = with_bytes(home.path(), 60, &7_u32.to_be_bytes());
    for access in [Access::Read, Access::Write] {
        let refused = Sealed::open(home.path(), access);
        assert!(matches!(refused, Err(Error::NewerFormat { found: 7 })), "{refused:?}");
    }
    assert!(fs::read(home.path().join(VAULT)).unwrap() == bytes, "the file was touched");
    assert!(matches!(create(home.path(), &passphrase(), kdf(), now()), Err(Error::AlreadyThere)));
}

#[test]
fn a_newer_format_that_is_in_the_log_only_is_told_too() {
    let home = tempfile::tempdir().unwrap();
    drop(sample(home.path()));
    let path = home.path().join(VAULT);
    let database = Database::open(&path).unwrap();
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    database.execute_batch("PRAGMA wal_autocheckpoint=0; PRAGMA user_version=3;").unwrap();
    drop(database);
    let (file, log) =
        (fs::read(&path).unwrap(), fs::read(home.path().join("vault.keywright-wal")).unwrap());
    assert_eq!(file[63], 1, "the newer version must stand in the log only");
    for access in [Access::Write, Access::Read] {
        assert!(matches!(Sealed::open(home.path(), access), Err(Error::NewerFormat { found: 3 })));
    }
    assert!(fs::read(&path).unwrap() == file);
    assert!(fs::read(home.path().join("vault.keywright-wal")).unwrap() == log);
}

#[test]
fn what_is_no_vault_is_damage() {
    let home = tempfile::tempdir().unwrap();
    drop(sample(home.path()));
    with_bytes(home.path(), 68, b"none");
    assert!(matches!(Sealed::open(home.path(), Access::Write), Err(Error::Damaged { .. })));
    overwrite(&home.path().join(VAULT), b"");
    assert!(matches!(Sealed::open(home.path(), Access::Write), Err(Error::Damaged { .. })));
}

#[test]
fn a_table_or_trigger_that_somebody_added_is_damage() {
    for words in [
        "CREATE TABLE more(n)",
        "CREATE TRIGGER t AFTER INSERT ON item BEGIN DELETE FROM event; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE INDEX i ON item(id)",
        "DROP TABLE event",
    ] {
        let home = tempfile::tempdir().unwrap();
        drop(sample(home.path()));
        Database::open(home.path().join(VAULT)).unwrap().execute_batch(words).unwrap();
        let refused = Sealed::open(home.path(), Access::Write);
        assert!(matches!(refused, Err(Error::Damaged { .. })), "{words}: {refused:?}");
    }
}

#[test]
fn a_link_in_the_vaults_place_is_refused_and_a_link_above_it_is_not() {
    let home = tempfile::tempdir().unwrap();
    let (real, linked) = (home.path().join("real"), home.path().join("linked"));
    drop(sample(&real));
    fs::create_dir(&linked).unwrap();
    symlink(real.join(VAULT), linked.join(VAULT)).unwrap();
    assert!(matches!(Sealed::open(&linked, Access::Write), Err(Error::NotAFile)));
    assert!(matches!(create(&linked, &passphrase(), kdf(), now()), Err(Error::AlreadyThere)));
    let way = home.path().join("way");
    symlink(&real, &way).unwrap();
    assert_eq!(open(&way).index().len(), 11);
    fs::remove_file(linked.join(VAULT)).unwrap();
    fs::create_dir(linked.join(VAULT)).unwrap();
    assert!(matches!(Sealed::open(&linked, Access::Read), Err(Error::NotAFile)));
}

#[test]
fn a_file_that_was_replaced_beneath_an_open_vault_is_a_conflict() {
    let home = tempfile::tempdir().unwrap();
    let mut vault = sample(home.path());
    let path = vault.path().to_owned();
    fs::copy(&path, home.path().join("other")).unwrap();
    fs::rename(home.path().join("other"), &path).unwrap();
    assert!(matches!(vault.write(|change| change.put_key(&fake_key(1))), Err(Error::Conflict)));
}

#[test]
fn a_write_by_somebody_else_is_a_conflict() {
    let home = tempfile::tempdir().unwrap();
    let mut vault = sample(home.path());
    let other = Database::open(vault.path()).unwrap();
    other.execute("UPDATE manifest SET body=zeroblob(192)", []).unwrap();
    assert!(matches!(vault.write(|change| change.put_key(&fake_key(1))), Err(Error::Conflict)));
}

#[test]
fn files_are_the_owners_alone_whatever_the_umask() {
    let before = rustix::process::umask(rustix::fs::Mode::empty());
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("vault");
    let (mut vault, _) = make(&dir);
    vault.write(|change| change.put_key(&fake_key(1))).unwrap();
    vault.backup_to(&dir.join("copy.backup")).unwrap();
    rustix::process::umask(before);
    assert_eq!(fs::metadata(&dir).unwrap().mode() & 0o7777, 0o700);
    let mut names = Vec::new();
    for entry in fs::read_dir(&dir).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().mode() & 0o7777, 0o600, "{entry:?}");
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    let wanted = [
        "copy.backup",
        "vault.generation",
        VAULT,
        "vault.keywright-shm",
        "vault.keywright-wal",
        "vault.lock",
    ];
    assert_eq!(names, wanted);
    drop(vault);
    // Somebody opened it up; the next writer closes it again.
    fs::set_permissions(dir.join(VAULT), fs::Permissions::from_mode(0o644)).unwrap();
    drop(open(&dir));
    assert_eq!(fs::metadata(dir.join(VAULT)).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn a_backup_opens_like_the_vault_and_a_failed_one_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (there, copies) = (home.path().join("vault"), home.path().join("copies"));
    let vault = sample(&there);
    fs::create_dir(&copies).unwrap();
    vault.backup_to(&copies.join(VAULT)).unwrap();
    assert_eq!(fs::read_dir(&copies).unwrap().count(), 1, "something was left beside the backup");
    let held = crate::world::Everything::of(&vault).unwrap();
    assert_eq!(crate::world::Everything::of(&open(&copies)).unwrap(), held);
    let missing = home.path().join("none/copy");
    assert!(matches!(vault.backup_to(&missing), Err(Error::Io(_))));
    // A damaged secret is found by the backup's own check, before the copy counts.
    let meddler = Database::open(vault.path()).unwrap();
    let words = "UPDATE item SET secret=CAST(zeroblob(24)||substr(secret,25) AS BLOB) WHERE n=3";
    assert_eq!(meddler.execute(words, []).unwrap(), 1);
    let target = home.path().join("bad.backup");
    assert!(matches!(vault.backup_to(&target), Err(Error::Damaged { .. })));
    assert!(!target.exists() && fs::read_dir(home.path()).unwrap().count() == 2);
}
