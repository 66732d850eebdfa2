//! Which key will this client really use here?

use std::path::Path;

use keywright_clients::which::{self, Answer, Origin};
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
        let answers = which::resolve(&client, machine, &folder);
        self.read(|vault| {
            let uses = answers.iter().map(|answer| self.which_use(vault, answer));
            Ok(WhichReport {
                client_name: client.name.clone(),
                uses: uses.collect::<Result<_, _>>()?,
            })
        })
    }

    fn which_use(&self, vault: &Vault, answer: &Answer) -> Result<WhichUse, Error> {
        let source = |origin: &Origin| self.which_source(vault, origin);
        Ok(WhichUse {
            what: answer.what.clone(),
            effective: answer.effective.as_ref().map(source).transpose()?,
            shadowed: answer.shadowed.iter().map(source).collect::<Result<_, _>>()?,
            unseen: answer.unseen.clone(),
        })
    }

    fn which_source(&self, vault: &Vault, origin: &Origin) -> Result<WhichSource, Error> {
        let secret = origin.value.as_ref().map(|value| Secret::copy_of(value.text()));
        let key = match &secret {
            Some(secret) => vault.keys_with(secret)?.into_iter().next(),
            None => None,
        };
        let key = key.and_then(|id| vault.index().key(id));
        let now = self.now();
        let trouble = match (&origin.trouble, key) {
            (Some(trouble), _) => trouble.clone(),
            (None, Some(key)) if !key.status_at(now).may_work() => "This key is dead".to_owned(),
            _ => String::new(),
        };
        Ok(WhichSource {
            words: origin.words(self.machine()?),
            key: key.map(|key| key.id),
            title: key.map(|key| key.title().to_owned()).unwrap_or_default(),
            bitting: secret.as_ref().map(|secret| vault.bitting(secret)),
            trouble,
        })
    }
}
