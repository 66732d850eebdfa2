//! A vault's life in numbered steps, what it must hold after each, and the worker that
//! lives it.

use std::{io::Write, path::Path};

use keywright_model::Secret;
use keywright_vault::{Access, Error, Sealed, StoredSettings, Vault, create, exists};

use crate::common::{event, fake_key, fake_secret, kdf, now, passphrase, text};

/// How many steps a life has.
pub(crate) const STEPS: u32 = 16;

/// What one step does.
enum Step {
    Make,
    Put(u32),
    PutMany,
    Edit(u32),
    Purge(u32),
    Secret(u32),
    Passphrase,
    Recovery,
    Settings,
    Reopen,
    Backup,
}

const fn step(n: u32) -> Step {
    match n {
        1 => Step::Make,
        2 => Step::Put(0),
        3 => Step::Put(1),
        4 => Step::Edit(0),
        5 => Step::Secret(0),
        6 => Step::Settings,
        7 => Step::PutMany,
        8 => Step::Purge(1),
        9 => Step::Passphrase,
        10 | 15 => Step::Reopen,
        11 => Step::Edit(30),
        12 => Step::Backup,
        13 => Step::Recovery,
        14 => Step::Put(2),
        _ => Step::Edit(2),
    }
}

fn second_passphrase() -> Secret {
    Secret::copy_of("another harbour quince lantern")
}

/// What a vault holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    keys: Vec<(String, String, Option<String>)>,
    theme: String,
    second: bool,
}

impl State {
    /// What must be there after so many steps.
    pub(crate) fn after(steps: u32) -> Self {
        let mut state = Self { theme: "system".into(), ..Self::default() };
        (1..=steps).for_each(|n| state.apply(n));
        state.keys.sort();
        state
    }

    fn apply(&mut self, n: u32) {
        let row = |n: u32, note: &str, secret: u32| {
            (fake_key(n).name, note.to_owned(), text(Some(fake_secret(secret))))
        };
        match step(n) {
            Step::Put(key) => self.keys.push(row(key, "", key)),
            Step::PutMany => self.keys.extend((20..60).map(|key| row(key, "", key))),
            Step::Edit(key) => self.key(key).1 = format!("step {n}"),
            Step::Secret(key) => self.key(key).2 = text(Some(fake_secret(1000 + key))),
            Step::Purge(key) => self.keys.retain(|(name, ..)| *name != fake_key(key).name),
            Step::Passphrase => self.second = true,
            Step::Settings => self.theme = "dark".into(),
            Step::Make | Step::Recovery | Step::Reopen | Step::Backup => {}
        }
    }

    fn key(&mut self, n: u32) -> &mut (String, String, Option<String>) {
        self.keys.iter_mut().find(|(name, ..)| *name == fake_key(n).name).unwrap()
    }

    fn read(vault: &Vault, second: bool) -> Result<Self, Error> {
        let index = vault.index();
        let mut keys = Vec::new();
        for key in index.keys() {
            keys.push((key.name.clone(), key.note.clone(), text(vault.key_secret(key.id)?)));
        }
        keys.sort();
        Ok(Self { keys, theme: index.settings().theme.clone(), second })
    }
}

/// Checks the vault that a crash left: it holds all that was acknowledged, at most one
/// step more, and can be written to. Tells what is wrong.
pub(crate) fn check(dir: &Path, acknowledged: u32) -> Result<(), String> {
    if acknowledged == 0 && !exists(dir) {
        return Ok(());
    }
    let sealed = Sealed::open(dir, Access::Write).map_err(|e| format!("does not open: {e:?}"))?;
    let (mut vault, second) = match sealed.unlock(&passphrase()) {
        Ok(vault) => (vault, false),
        Err(refused) => match refused.0.unlock(&second_passphrase()) {
            Ok(vault) => (vault, true),
            Err(again) => return Err(format!("does not unlock: {:?}, {:?}", refused.1, again.1)),
        },
    };
    vault.verify().map_err(|e| format!("does not verify: {e:?}"))?;
    let state = State::read(&vault, second).map_err(|e| format!("does not read: {e:?}"))?;
    if state != State::after(acknowledged) && state != State::after((acknowledged + 1).min(STEPS)) {
        return Err(format!(
            "after {acknowledged} acknowledged steps it holds {} keys",
            state.keys.len()
        ));
    }
    vault
        .write(|change| change.put_key(&fake_key(500)))
        .map_err(|e| format!("cannot be written: {e:?}"))
}

/// Lives through all steps; says `ack N` once step N is durable. A step that fails is
/// tried once more, in the same process, and the vault must not have changed meanwhile.
pub(crate) fn work(dir: &Path, normal: bool) {
    let mut worker = Worker { vault: None, normal, unsettled: false };
    for n in 1..=STEPS {
        if worker.run(dir, n).is_err() && worker.run(dir, n).is_err() {
            std::process::exit(3);
        }
        // One write each, so that the trace has it whole. Who cannot say it must not go on.
        let mut out = std::io::stdout();
        if out.write_all(format!("ack {n}\n").as_bytes()).and_then(|()| out.flush()).is_err() {
            std::process::exit(4);
        }
    }
}

struct Worker {
    vault: Option<Vault>,
    normal: bool,
    // The last failure left open what the file holds, so the next try may find it changed.
    unsettled: bool,
}

impl Worker {
    fn run(&mut self, dir: &Path, n: u32) -> Result<(), Error> {
        let before =
            self.vault.as_ref().map(|vault| vault.index().keys().cloned().collect::<Vec<_>>());
        let done = self.step(dir, n);
        if let (Err(_), Some(before), Some(vault), false) =
            (&done, before, &self.vault, self.unsettled)
        {
            assert!(
                vault.index().keys().eq(before.iter()),
                "step {n} failed and changed the index"
            );
        }
        self.unsettled =
            matches!(done, Err(Error::Unsettled(_))) || (self.unsettled && done.is_err());
        done
    }

    fn step(&mut self, dir: &Path, n: u32) -> Result<(), Error> {
        match step(n) {
            Step::Make => self.make(dir),
            Step::Reopen => self.reopen(dir),
            Step::Backup => self.vault()?.backup_to(&dir.join("copy.backup")),
            Step::Passphrase => self.vault()?.change_passphrase(&second_passphrase(), kdf()),
            Step::Recovery => self.vault()?.make_recovery_code().map(drop),
            Step::Put(key) => self.put(key..key + 1),
            Step::PutMany => self.put(20..60),
            Step::Settings => self.vault()?.write(|change| {
                change.put_settings(&StoredSettings {
                    theme: "dark".into(),
                    ..StoredSettings::default()
                })
            }),
            Step::Purge(key) => {
                match self.vault()?.write(|change| change.remove_key(fake_key(key).id)) {
                    // The try before did it after all.
                    Err(Error::NoRecord) => Ok(()),
                    done => done,
                }
            }
            Step::Secret(key) => self
                .vault()?
                .write(|change| change.seal_key_secret(fake_key(key).id, &fake_secret(1000 + key))),
            Step::Edit(key) => self.vault()?.write(|change| {
                let mut key = fake_key(key);
                key.note = format!("step {n}");
                change.put_key(&key)?;
                change.log(&event(&key))
            }),
        }
    }

    fn vault(&mut self) -> Result<&mut Vault, Error> {
        self.vault.as_mut().ok_or(Error::Closed)
    }

    fn make(&mut self, dir: &Path) -> Result<(), Error> {
        match create(dir, &passphrase(), kdf(), now()) {
            Ok((vault, _)) => self.keep(vault),
            // The first try made it, and failed after that.
            Err(Error::AlreadyThere) => self.unlock(dir, &passphrase()),
            Err(error) => Err(error),
        }
    }

    fn reopen(&mut self, dir: &Path) -> Result<(), Error> {
        drop(self.vault.take());
        self.unlock(dir, &second_passphrase())
    }

    fn unlock(&mut self, dir: &Path, passphrase: &Secret) -> Result<(), Error> {
        let vault =
            Sealed::open(dir, Access::Write)?.unlock(passphrase).map_err(|refused| refused.1)?;
        self.keep(vault)
    }

    fn keep(&mut self, vault: Vault) -> Result<(), Error> {
        if self.normal {
            vault.sync_less_for_tests()?;
        }
        self.vault = Some(vault);
        Ok(())
    }

    fn put(&mut self, keys: std::ops::Range<u32>) -> Result<(), Error> {
        self.vault()?.write(|change| {
            for n in keys {
                let mut key = fake_key(n);
                key.note = String::new();
                change.put_key(&key)?;
                change.seal_key_secret(key.id, &fake_secret(n))?;
                change.log(&event(&key))?;
            }
            Ok(())
        })
    }
}
