//! A key's life on the platform: made, looked at, ended.

use keywright_model::RemoteKey;

use super::{
    Clock, Outcome, Run,
    compare::{self, Asked},
    ending::Made,
    is_open,
    report::{failed, skipped},
};
use crate::{
    CallError, Capability, Created, RevokeAnswer, extract::Extract,
    profile::operation::OperationKind,
};

/// How often a platform that needs a moment is asked again.
const TRIES: usize = 4;

/// One place that tells of a key.
pub(super) struct Told<'a> {
    pub(super) place: &'static str,
    pub(super) key: RemoteKey,
    pub(super) extract: &'a Extract,
}

impl<'a, C: Clock> Run<'a, C> {
    pub(super) async fn create(&mut self) -> Result<(), Outcome> {
        let credential = self.credential(Capability::Create)?;
        if !self.can(Capability::Revoke) {
            return Err(skipped("a key that is made could not be ended by API"));
        }
        let now = self.clock.now();
        match self.connector().create(credential, &self.plan.new, now).await {
            Ok(created) => {
                let ends = self.connector().profile().expiry_of(self.plan.new.lifetime, now);
                self.created = Some((created.remote.clone(), ends));
                self.take(created).await
            }
            Err(error) => {
                if let CallError::SecretLost { remote_id } = &error {
                    self.suspect(remote_id.clone(), self.plan.new.name.clone());
                } else if is_open(&error) {
                    self.suspect(None, self.plan.new.name.clone());
                }
                Err(error.into())
            }
        }
    }

    /// Takes over what a create or a rotation gave: an id, and a secret of the known shape.
    pub(super) async fn take(&mut self, created: Created) -> Result<(), Outcome> {
        let Created { remote, secret } = created;
        let odd = compare::looks(self.connector(), &secret);
        let told = remote.remote_id;
        let id = if told.is_empty() { self.id_by_name().await } else { told.clone() };
        self.note(Made::new(id, self.plan.new.name.clone(), Some(secret)));
        if told.is_empty() {
            return Err(failed("the answer does not tell the key's id"));
        }
        odd.map_or(Ok(()), |odd| Err(failed(odd)))
    }

    /// The id that the list has for our name; empty where it has none or several.
    async fn id_by_name(&self) -> String {
        let Some(credential) = self.subject.credential else { return String::new() };
        let listed = self.connector().list(credential).await.unwrap_or_default();
        let known = |id: &String| self.made.iter().any(|made| made.id == *id);
        let mut ours = listed
            .into_iter()
            .filter(|key| key.name.as_ref() == Some(&self.plan.new.name) && !known(&key.remote_id));
        match (ours.next(), ours.next()) {
            (Some(key), None) => key.remote_id,
            _ => String::new(),
        }
    }

    /// The key that is looked at, where the platform told its id.
    pub(super) fn key(&self) -> Result<&Made, Outcome> {
        let made = self.newest.and_then(|at| self.made.get(at));
        made.filter(|made| !made.id.is_empty()).ok_or_else(|| skipped("no key was made here"))
    }

    pub(super) fn key_mut(&mut self) -> Option<&mut Made> {
        self.newest.and_then(|at| self.made.get_mut(at))
    }

    /// What every place tells of the key that is looked at. A place that lacks it
    /// is asked again for a while.
    pub(super) async fn told(&self) -> Result<Vec<Told<'a>>, Outcome> {
        let id = self.key()?.id.clone();
        if !self.can(Capability::List) && !self.can(Capability::Get) {
            return Err(skipped("there is no call that tells of a key"));
        }
        let mut told = Vec::new();
        if self.can(Capability::List) {
            told.push(self.listed(&id).await?);
        }
        if self.can(Capability::Get) {
            told.push(self.got(&id).await?);
        }
        Ok(told)
    }

    async fn listed(&self, id: &str) -> Result<Told<'a>, Outcome> {
        let credential = self.credential(Capability::List)?;
        for pause in 0..TRIES {
            let listed = self.connector().list(credential).await?;
            if let Some(key) = listed.into_iter().find(|key| key.remote_id == id) {
                return self.at("the list", OperationKind::List, key);
            }
            self.pause(pause).await;
        }
        Err(failed("the list does not have the key"))
    }

    async fn got(&self, id: &str) -> Result<Told<'a>, Outcome> {
        let credential = self.credential(Capability::Get)?;
        for pause in 1..TRIES {
            match self.connector().get(credential, id).await {
                Ok(key) => return self.at("the call for one key", OperationKind::Get, key),
                Err(CallError::Refused { status: 404, .. }) => self.pause(pause).await,
                Err(error) => return Err(error.into()),
            }
        }
        let key = self.connector().get(credential, id).await?;
        self.at("the call for one key", OperationKind::Get, key)
    }

    fn at(
        &self,
        place: &'static str,
        kind: OperationKind,
        key: RemoteKey,
    ) -> Result<Told<'a>, Outcome> {
        // A list of ids has its keys from the call for one.
        let operations = &self.connector().profile().operations;
        let ids_only = operations.get(&kind).is_some_and(|operation| {
            matches!(operation.page.kind, crate::profile::paging::PageKind::IdsThenGet)
        });
        let kind = if ids_only { OperationKind::Get } else { kind };
        let operation = operations.get(&kind);
        let operation = operation.ok_or_else(|| skipped("there is no such call"))?;
        Ok(Told { place, key, extract: &operation.extract })
    }

    pub(super) async fn pause(&self, number: usize) {
        self.clock.sleep(self.connector().profile().poll_delay(number)).await;
    }

    pub(super) async fn read_back(&mut self) -> Result<(), Outcome> {
        let mut told = self.told().await?;
        let Some((remote, expires)) = self.created.clone() else {
            return Err(skipped("no key was made here"));
        };
        told.push(self.at("the answer to the create", OperationKind::Create, remote)?);
        let (name, scopes) = (self.plan.new.name.as_str(), self.plan.new.scopes.as_slice());
        let asked = Asked { name, scopes, expires };
        for Told { place, key, extract } in &told {
            let odd = compare::differences(self.connector(), &asked, key, extract);
            if !odd.is_empty() {
                return Err(failed(format!("{place}: {}", odd.join("; "))));
            }
        }
        Ok(())
    }

    pub(super) async fn revoke(&mut self) -> Result<(), Outcome> {
        let credential = self.credential(Capability::Revoke)?;
        let answer = self.connector().revoke(credential, &self.key()?.id).await?;
        if let Some(made) = self.key_mut() {
            made.revoked = true;
        }
        match answer {
            RevokeAnswer::Accepted => Ok(()),
            RevokeAnswer::AlreadyGone => Err(failed("the platform says that it was gone already")),
        }
    }

    /// A second revocation may be taken, answered with "gone" or refused; anything
    /// else would look like trouble to whoever asks.
    pub(super) async fn revoke_again(&mut self) -> Result<(), Outcome> {
        let credential = self.credential(Capability::Revoke)?;
        let made = self.key()?;
        if !made.revoked {
            return Err(skipped("the key was not revoked"));
        }
        match self.connector().revoke(credential, &made.id).await {
            Ok(_) | Err(CallError::Refused { .. }) => Ok(()),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}
