//! Any sequence of writes, failures and reopenings leaves what a plain map would hold.

use std::collections::BTreeMap;

use keywright_model::Key;
use keywright_vault::{Error, Vault};
use proptest::prelude::*;

use crate::common::{event, fake_key, fake_secret, make, open, passphrase, text};

/// One thing that somebody does.
#[derive(Debug, Clone)]
enum Act {
    Put(u32, String),
    Seal(u32, u32),
    PutAndSeal(u32, u32),
    Remove(u32),
    RemoveAndPut(u32),
    Log(u32),
    Fail(u32),
    Lock,
    Reopen,
    Backup,
}

fn act() -> impl Strategy<Value = Act> {
    let key = 0_u32..9;
    prop_oneof![
        4 => (key.clone(), ".{0,200}").prop_map(|(key, note)| Act::Put(key, note)),
        2 => (key.clone(), 0_u32..99).prop_map(|(key, secret)| Act::Seal(key, secret)),
        4 => (key.clone(), 0_u32..99).prop_map(|(key, secret)| Act::PutAndSeal(key, secret)),
        2 => key.clone().prop_map(Act::Remove),
        1 => key.clone().prop_map(Act::RemoveAndPut),
        2 => key.clone().prop_map(Act::Log),
        2 => key.prop_map(Act::Fail),
        1 => Just(Act::Lock),
        1 => Just(Act::Reopen),
        1 => Just(Act::Backup),
    ]
}

/// What the vault must hold.
#[derive(Default)]
struct Model {
    keys: BTreeMap<u32, (Key, Option<u32>)>,
    events: usize,
}

impl Model {
    fn put(&mut self, n: u32, key: &Key) {
        let secret = self.keys.get(&n).and_then(|(_, secret)| *secret);
        self.keys.insert(n, (key.clone(), secret));
    }

    fn check(&self, vault: &Vault) {
        assert_eq!(vault.index().len(), self.keys.len());
        for (n, (key, secret)) in &self.keys {
            assert_eq!(vault.index().key(key.id), Some(key), "key {n}");
            assert_eq!(text(vault.key_secret(key.id).unwrap()), text(secret.map(fake_secret)));
        }
        assert_eq!(vault.index().keys().count(), self.keys.len());
        // The making of the vault is the first event.
        assert_eq!(vault.events(None, usize::MAX, None).unwrap().len(), self.events + 1);
        assert_eq!(vault.notice(), None);
    }
}

fn run(vault: &mut Vault, model: &mut Model, act: &Act) {
    match act {
        Act::Put(n, note) => {
            let mut key = fake_key(*n);
            key.note.clone_from(note);
            vault.write(|change| change.put_key(&key)).unwrap();
            model.put(*n, &key);
        }
        Act::Seal(n, secret) => {
            let done = vault
                .write(|change| change.seal_key_secret(fake_key(*n).id, &fake_secret(*secret)));
            match model.keys.get_mut(n) {
                Some((_, kept)) => {
                    done.unwrap();
                    *kept = Some(*secret);
                }
                None => assert!(matches!(done, Err(Error::NoRecord))),
            }
        }
        Act::PutAndSeal(n, secret) => {
            let key = fake_key(*n);
            let done = vault.write(|change| {
                change.seal_key_secret(key.id, &fake_secret(*secret))?;
                change.put_key(&key)?;
                assert_eq!(change.key(key.id), Some(&key));
                Ok(())
            });
            done.unwrap();
            model.keys.insert(*n, (key, Some(*secret)));
        }
        Act::Remove(n) => {
            let done = vault.write(|change| change.remove_key(fake_key(*n).id));
            assert_eq!(done.is_ok(), model.keys.remove(n).is_some());
        }
        Act::RemoveAndPut(n) => {
            // A purge forgets the secret even when the key comes back in the same breath.
            let key = fake_key(*n);
            let done = vault.write(|change| {
                change.put_key(&key)?;
                change.remove_key(key.id)?;
                assert_eq!(change.key(key.id), None);
                Ok(())
            });
            done.unwrap();
            model.keys.remove(n);
        }
        Act::Log(n) => {
            vault.write(|change| change.log(&event(&fake_key(*n)))).unwrap();
            model.events += 1;
        }
        Act::Fail(n) => {
            let failed: Result<(), Error> = vault.write(|change| {
                change.put_key(&fake_key(*n + 20))?;
                change.log(&event(&fake_key(*n)))?;
                Err(Error::NoRecord)
            });
            assert!(failed.is_err());
        }
        Act::Lock | Act::Reopen | Act::Backup => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_vault_is_a_map_that_lasts(acts in proptest::collection::vec(act(), 1..40)) {
        let home = tempfile::tempdir().unwrap();
        let (mut vault, _) = make(home.path());
        let mut model = Model::default();
        for act in &acts {
            run(&mut vault, &mut model, act);
            match act {
                Act::Lock => vault = vault.lock().unlock(&passphrase()).unwrap(),
                Act::Reopen => {
                    drop(vault);
                    vault = open(home.path());
                }
                Act::Backup => vault.backup_to(&home.path().join("copy.backup")).unwrap(),
                _ => {}
            }
            model.check(&vault);
        }
        vault.verify().unwrap();
        drop(vault);
        model.check(&open(home.path()));
    }
}
