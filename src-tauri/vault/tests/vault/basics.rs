//! A vault from making to reopening, and every clear refusal on the way.

use crate::common::{
    PASSPHRASE, code_of, event, fake_key, fake_secret, kdf, make, now, open, passphrase, text,
};
use keywright_model::{
    EventKind, Key, Query, Secret,
    finding::Rules,
    query::{Facts, haystack},
};
use keywright_vault::{Access, Error, Notice, Sealed, StoredSettings, create, exists};

#[test]
fn a_vault_keeps_what_is_put_in_it() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("deep/er");
    assert!(!exists(&dir));
    let (mut vault, _) = make(&dir);
    let key = fake_key(1);
    let bitting = vault.bitting(&fake_secret(1));
    let answer = vault
        .write(|change| {
            change.put_key(&key)?;
            change.seal_key_secret(key.id, &fake_secret(1))?;
            change
                .put_settings(&StoredSettings { rotation_days: 30, ..StoredSettings::default() })?;
            change.log(&event(&key))?;
            Ok(7)
        })
        .unwrap();
    assert_eq!(answer, 7);
    let vault = vault.lock().unlock(&passphrase()).unwrap();
    drop(vault);
    assert!(exists(&dir));
    let vault = open(&dir);
    assert_eq!(vault.index().len(), 1);
    assert_eq!(vault.index().key(key.id), Some(&key));
    assert_eq!(vault.index().keys().collect::<Vec<_>>(), [&key]);
    assert_eq!(text(vault.key_secret(key.id).unwrap()), text(Some(fake_secret(1))));
    assert_eq!(vault.index().settings().rotation_days, 30);
    assert_eq!(vault.bitting(&fake_secret(1)), bitting);
    assert_ne!(vault.bitting(&fake_secret(2)), bitting);
    let events = vault.events(None, 10, None).unwrap();
    assert_eq!(events.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(events[1].1.kind, EventKind::VaultCreated);
    assert_eq!(vault.events(Some(2), 10, None).unwrap().len(), 1);
    assert_eq!(vault.events(None, 10, Some(key.id)).unwrap().len(), 1);
    vault.verify_log().unwrap();
    vault.verify().unwrap();
    assert_eq!(vault.notice(), None);
}

#[test]
fn a_failed_change_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (mut vault, _) = make(home.path());
    let key = fake_key(1);
    vault.write(|change| change.put_key(&key)).unwrap();
    let mut other = key.clone();
    other.note = "changed".into();
    let refused = vault.write(|change| {
        change.put_key(&other)?;
        change.seal_key_secret(key.id, &fake_secret(2))?;
        change.log(&event(&key))?;
        Err::<(), _>(Error::NoRecord)
    });
    assert!(matches!(refused, Err(Error::NoRecord)));
    let orphan = vault.write(|change| change.seal_key_secret(fake_key(9).id, &fake_secret(1)));
    assert!(matches!(orphan, Err(Error::NoRecord)));
    let vault = vault.lock().unlock(&passphrase()).unwrap();
    assert_eq!(vault.index().key(key.id), Some(&key));
    assert!(vault.key_secret(key.id).unwrap().is_none());
    assert_eq!(vault.events(None, 9, None).unwrap().len(), 1);
}

#[test]
fn secrets_are_replaced_kept_and_purged() {
    let home = tempfile::tempdir().unwrap();
    let (mut vault, _) = make(home.path());
    let (one, two) = (fake_key(1), fake_key(2));
    vault
        .write(|change| {
            // In any order: the secret may come before its key.
            change.seal_key_secret(one.id, &fake_secret(1))?;
            change.put_key(&one)?;
            change.put_key(&two)?;
            change.seal_key_secret(two.id, &fake_secret(2))
        })
        .unwrap();
    vault.write(|change| change.seal_key_secret(one.id, &fake_secret(3))).unwrap();
    vault.write(|change| change.put_key(&one)).unwrap();
    vault.write(|change| change.remove_key(two.id)).unwrap();
    let vault = vault.lock().unlock(&passphrase()).unwrap();
    assert_eq!(text(vault.key_secret(one.id).unwrap()), text(Some(fake_secret(3))));
    assert!(vault.key_secret(two.id).unwrap().is_none());
    assert_eq!((vault.index().len(), vault.index().key(two.id)), (1, None));
    vault.verify().unwrap();
}

#[test]
fn every_refusal_is_clear_and_harmless() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    assert!(matches!(Sealed::open(dir, Access::Write), Err(Error::Missing)));
    assert!(matches!(Sealed::open(&dir.join("none"), Access::Read), Err(Error::Missing)));
    let weak = create(dir, &Secret::copy_of("hunter2"), kdf(), now());
    assert!(matches!(weak, Err(Error::TooWeak)));
    assert!(!exists(dir));
    let (mut vault, _) = make(dir);
    let key = fake_key(1);
    vault.write(|change| change.put_key(&key)).unwrap();
    assert!(matches!(Sealed::open(dir, Access::Write), Err(Error::InUse)));
    let again = create(dir, &passphrase(), kdf(), now());
    assert!(matches!(again, Err(Error::AlreadyThere)));
    drop(vault);
    let sealed = Sealed::open(dir, Access::Write).unwrap();
    let refused = sealed.unlock(&Secret::copy_of("not the passphrase")).map(drop).unwrap_err();
    assert!(matches!(refused.1, Error::WrongPassphrase));
    // The same value unlocks with the right one.
    let vault = refused.0.unlock(&passphrase()).unwrap();
    assert_eq!(vault.index().key(key.id), Some(&key));
}

#[test]
fn a_reader_reads_beside_the_writer_and_cannot_write() {
    let home = tempfile::tempdir().unwrap();
    let (mut writer, _) = make(home.path());
    let key = fake_key(1);
    writer
        .write(|change| {
            change.put_key(&key)?;
            change.seal_key_secret(key.id, &fake_secret(1))
        })
        .unwrap();
    let sealed = Sealed::open(home.path(), Access::Read).unwrap();
    let mut reader = sealed.unlock(&passphrase()).unwrap();
    assert_eq!(reader.index().key(key.id), Some(&key));
    assert_eq!(text(reader.key_secret(key.id).unwrap()), text(Some(fake_secret(1))));
    assert!(matches!(reader.write(|change| change.put_key(&key)), Err(Error::ReadOnly)));
    writer.write(|change| change.seal_key_secret(key.id, &fake_secret(2))).unwrap();
    assert!(matches!(reader.key_secret(key.id), Err(Error::Conflict)));
    let reader = reader.lock().unlock(&passphrase()).unwrap();
    assert_eq!(text(reader.key_secret(key.id).unwrap()), text(Some(fake_secret(2))));
}

#[test]
fn the_recovery_code_opens_until_it_is_replaced() {
    let home = tempfile::tempdir().unwrap();
    let (vault, first) = make(home.path());
    let mut vault = vault.lock().unlock_with_recovery(&first.expose_groups()).unwrap();
    let second = vault.make_recovery_code().unwrap();
    assert_ne!(code_of(&first), code_of(&second));
    let refused = vault.lock().unlock_with_recovery(&first.expose_groups()).map(drop).unwrap_err();
    assert!(matches!(refused.1, Error::WrongRecoveryCode { .. }));
    let mistyped = refused.0.unlock_with_recovery(&Secret::copy_of("7777")).map(drop).unwrap_err();
    assert!(matches!(mistyped.1, Error::WrongRecoveryCode { .. }));
    let mut vault = mistyped.0.unlock_with_recovery(&second.expose_groups()).unwrap();
    let new = Secret::copy_of("another harbour quince lantern");
    assert!(matches!(vault.change_passphrase(&Secret::copy_of("abc"), kdf()), Err(Error::TooWeak)));
    vault.change_passphrase(&new, kdf()).unwrap();
    let refused = vault.lock().unlock(&passphrase()).map(drop).unwrap_err();
    assert!(matches!(refused.1, Error::WrongPassphrase));
    let vault = refused.0.unlock(&new).unwrap();
    drop(vault.lock().unlock_with_recovery(&second.expose_groups()).unwrap());
    assert_ne!(PASSPHRASE, "");
}

#[test]
fn an_old_copy_of_the_whole_file_is_told_and_opens() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    let (mut vault, _) = make(dir);
    vault.write(|change| change.put_key(&fake_key(1))).unwrap();
    let path = vault.path().to_owned();
    drop(vault);
    let old = std::fs::read(&path).unwrap();
    let mut vault = open(dir);
    vault.write(|change| change.put_key(&fake_key(2))).unwrap();
    vault.write(|change| change.put_key(&fake_key(3))).unwrap();
    drop(vault);
    crate::common::overwrite(&path, &old);
    let mut vault = open(dir);
    assert_eq!(vault.notice(), Some(Notice::RolledBack { file: 2, seen: 4 }));
    assert_eq!(vault.index().len(), 1);
    vault.write(|change| change.put_key(&fake_key(4))).unwrap();
    drop(vault);
    // Going on from the restored copy is past what was seen: no more warning.
    assert_eq!(open(dir).notice(), None);
    std::fs::remove_file(dir.join("vault.generation")).unwrap();
    assert_eq!(open(dir).notice(), Some(Notice::NotWatched));
}

#[test]
fn a_search_finds_by_words_and_fields() {
    let home = tempfile::tempdir().unwrap();
    let (mut vault, _) = make(home.path());
    let keys: Vec<Key> = (0..2000).map(fake_key).collect();
    vault.write(|change| keys.iter().try_for_each(|key| change.put_key(key))).unwrap();
    let mut vault = vault.lock().unlock(&passphrase()).unwrap();
    let find = |vault: &keywright_vault::Vault, text: &str| {
        let name = |_| "";
        let facts = Facts { now: now(), rules: Rules::default(), connection_name: &name, me: "" };
        let found = vault.index().search(&Query::parse(text).unwrap(), &facts);
        found.into_iter().map(|key| key.id).collect::<Vec<_>>()
    };
    assert_eq!(vault.index().mentioning("dePLoy-1234"), [&keys[1234]]);
    let id = keys[77].id.to_string();
    assert!(vault.index().mentioning(id.get(..10).unwrap()).contains(&&keys[77]));
    assert!(vault.index().in_bin().is_empty());
    assert_eq!(find(&vault, "DEPLOY-1234"), [keys[1234].id]);
    assert_eq!(find(&vault, "").len(), 2000);
    assert_eq!(find(&vault, "tag:ci").len(), 2000);
    let mut key = keys[7].clone();
    key.note = "Zanzibar".into();
    vault.write(|change| change.put_key(&key)).unwrap();
    assert_eq!(find(&vault, "zanzibar"), [key.id]);
    assert_eq!(vault.index().mentioning("Zanzibar"), [&key]);
}

/// The first search sifts plaintext, later ones look at decoded keys: both must agree.
#[test]
fn the_first_search_finds_what_the_second_finds() {
    let home = tempfile::tempdir().unwrap();
    let (mut vault, _) = make(home.path());
    let mut keys: Vec<Key> = (0..1500).map(fake_key).collect();
    keys[3].note = "Kelvin \u{212a}ELVIN".into();
    keys[4].note = "Stra\u{df}e \u{130}stanbul".into();
    keys[5].deleted = Some(now());
    keys[6].tags = vec!["PROD".into()];
    vault
        .write(|change| {
            change.put_connection(&crate::world::connection())?;
            keys.iter().try_for_each(|key| change.put_key(key))
        })
        .unwrap();
    let texts = [
        "",
        "deploy-12",
        "DEPLOY-7 ci",
        "acme",
        "name:deploy-3",
        "kelvin kelvin",
        "\u{212a}elvin",
        "istanbul",
        "stra\u{df}e",
        "tag:prod",
        "-tag:ci",
        "is:deleted",
        "expires:<30d",
        "ci,prod",
        "nothing-of-that",
        "key_00000000000a",
        "agent",
        "is:deleted deploy",
    ];
    for text in texts {
        vault = vault.lock().unlock(&passphrase()).unwrap();
        let find = |vault: &keywright_vault::Vault| {
            let name = |_| "Acme";
            let facts =
                Facts { now: now(), rules: Rules::default(), connection_name: &name, me: "" };
            let query = Query::parse(text).unwrap();
            vault.index().search(&query, &facts).into_iter().map(|key| key.id).collect::<Vec<_>>()
        };
        let first = find(&vault);
        assert_eq!(first, find(&vault), "{text:?}");
        let slow: Vec<_> = keys
            .iter()
            .filter(|key| {
                let name = |_| "Acme";
                let facts =
                    Facts { now: now(), rules: Rules::default(), connection_name: &name, me: "" };
                Query::parse(text).unwrap().matches(key, &haystack(key, "Acme"), &facts)
            })
            .map(|key| key.id)
            .collect();
        assert_eq!(first, slow, "{text:?}");
    }
    let vault = vault.lock().unlock(&passphrase()).unwrap();
    assert_eq!(vault.index().in_bin(), [&keys[5]]);
}
