//! Which key will this client really use here?

use std::path::Path;

use keywright_clients::{
    Machine,
    definition::Params,
    file,
    which::{At, Found, Here, Key, Used, which},
};
use keywright_model::Secret;
use keywright_vault::Vault;

use crate::{
    Error, Service,
    wire::{WhichReport, WhichRequest, WhichSource, WhichUse},
};

impl Service {
    /// Resolves a client's sources as it documents them, and tells which key wins.
    pub fn which_key(&self, request: WhichRequest) -> Result<WhichReport, Error> {
        let machine = self.machine()?;
        let client = self.client(&request.client)?;
        let folder = if request.folder.is_empty() {
            machine.home.clone()
        } else {
            Path::new(&request.folder).to_owned()
        };
        let read = |path: &Path| match file::look(path) {
            Ok(Some(seen)) => Ok(seen.bytes),
            Ok(None) => Err(std::io::ErrorKind::NotFound.into()),
            Err(error) => Err(std::io::Error::other(error)),
        };
        let answer = which(&client, &Here { machine, project: Some(&folder), read: &read });
        let unread = answer
            .unread
            .iter()
            .map(|file| format!("{} ({})", machine.short(&file.path), file.why));
        let unread: Vec<String> = unread.collect();
        self.read(|vault| {
            let uses = answer.used.iter().map(|used| {
                let slot = client.slot(&used.slot).map_or(&used.slot, |slot| &slot.name);
                let mut told = self.which_use(vault, machine, used)?;
                told.what = what(slot, &used.params);
                told.unseen.extend(unread.iter().cloned());
                Ok(told)
            });
            let uses = uses.collect::<Result<_, Error>>()?;
            Ok(WhichReport { client_name: client.name.clone(), uses })
        })
    }

    fn which_use(&self, vault: &Vault, machine: &Machine, used: &Used) -> Result<WhichUse, Error> {
        let source = |found: &Found| self.which_source(vault, machine, found);
        let aside = used.aside.iter().map(|found| {
            let mut told = source(found)?;
            "Not read here, or only in some modes".clone_into(&mut told.trouble);
            Ok(told)
        });
        let shadowed = used.shadowed.iter().map(source).chain(aside);
        Ok(WhichUse {
            what: String::new(),
            effective: used.effective.as_ref().map(source).transpose()?,
            shadowed: shadowed.collect::<Result<_, Error>>()?,
            unseen: used.unless.clone(),
        })
    }

    fn which_source(
        &self,
        vault: &Vault,
        machine: &Machine,
        found: &Found,
    ) -> Result<WhichSource, Error> {
        let mut words = at_words(machine, &found.at);
        let mut trouble = String::new();
        let secret = match &found.key {
            Key::Here { value, via } => {
                if let Some(via) = via {
                    words = format!("{words}, which names {}", at_words(machine, via));
                }
                Some(Secret::copy_of(value.text()))
            }
            Key::Unset { name } => {
                trouble = format!("It names {name}, which is not set");
                None
            }
            Key::Elsewhere { what } => {
                trouble = format!("It leads to {what}, which cannot be seen from here");
                None
            }
        };
        let key = match &secret {
            Some(secret) => vault.keys_with(secret)?.into_iter().next(),
            None => None,
        };
        let key = key.and_then(|id| vault.index().key(id));
        if key.is_some_and(|key| !key.status_at(self.now()).may_work()) {
            "This key is dead".clone_into(&mut trouble);
        }
        Ok(WhichSource {
            words,
            key: key.map(|key| key.id),
            title: key.map(|key| key.title().to_owned()).unwrap_or_default(),
            bitting: secret.as_ref().map(|secret| vault.bitting(secret)),
            trouble,
        })
    }
}

fn what(slot: &str, params: &Params) -> String {
    let told: Vec<&str> = params.values().map(String::as_str).collect();
    if told.is_empty() { slot.to_owned() } else { format!("{slot}: {}", told.join(", ")) }
}

fn at_words(machine: &Machine, at: &At) -> String {
    match at {
        At::Environment(name) => format!("the environment variable {name}"),
        At::File { path, node, .. } if node.steps().is_empty() => machine.short(path),
        At::File { path, node, .. } => format!("{} {node}", machine.short(path)),
    }
}
