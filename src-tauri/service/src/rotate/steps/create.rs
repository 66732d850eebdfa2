//! Making the new key: by the platform's API, in place, or brought by a person.

use keywright_model::{
    EventKind, Key, OperationState, Request, Rotation, RotationId, Secret, Status,
    rotation::{Outcome, PlanKind, Step},
};
use keywright_platforms::{CallError, Capability, Created, NewKey};

use crate::rotate::{plan::as_create, run::Came};
use crate::{
    Error, Service,
    create::as_request,
    keys::find,
    session::InFlight,
    settle::requested_at,
    wire::{CreateKey, GuidedKey},
};

impl Service {
    pub(in crate::rotate) async fn create_step(&self, run: Rotation) -> Result<Came, Error> {
        match run.plan {
            PlanKind::CreateThenRevoke => self.make_beside(run).await,
            PlanKind::InPlace | PlanKind::Overlap => self.replace_secret(run).await,
            PlanKind::Guided => Ok(Came::person(
                format!("the new key “{}” has to be made in the dashboard", run.wish.name),
                "Follow the steps there, copy the new key, and bring it here.",
            )),
        }
    }

    /// A new key beside the old one.
    async fn make_beside(&self, run: Rotation) -> Result<Came, Error> {
        let connection = self.connection(run.connection)?;
        let draft = self.read(|vault| {
            let operation = run.create.and_then(|id| vault.index().operation(id));
            Ok(operation.filter(|o| o.state == OperationState::Draft).cloned())
        })?;
        let operation = match draft {
            Some(draft) => draft,
            None => self.new_operation(&connection, as_request(self.successor(&run)?, run.new)),
        };
        let id = operation.id;
        self.update_run(run.id, |run| run.create = Some(id))?;
        let made = self.carry_out_create(operation, Vec::new()).await;
        self.made(&run, made.map(|made| made.key.is_some()))
    }

    /// The request for the new key: what only the old one's record has goes over to it.
    fn successor(&self, run: &Rotation) -> Result<CreateKey, Error> {
        self.read(|vault| Ok(as_create(find(vault, run.old)?, &run.wish)))
    }

    /// The platform gives the same key a new secret.
    async fn replace_secret(&self, run: Rotation) -> Result<Came, Error> {
        let connection = self.connection(run.connection)?;
        let old = self.read(|vault| Ok(find(vault, run.old)?.clone()))?;
        let Some(remote_id) = run.by_id.clone().or_else(|| old.remote_id.clone()) else {
            return Ok(Came::person(
                "the old key's id on the platform is not known",
                "Refresh the connection, then go on.",
            ));
        };
        if let Some(came) = self.at_its_end(&connection, &remote_id).await? {
            return Ok(came);
        }
        let connector = self.connector(&connection)?;
        let credential = self.credential(&connection)?;
        let wish = &run.wish;
        let like = NewKey {
            name: wish.name.clone(),
            scopes: wish.scopes.clone(),
            lifetime: wish.lifetime,
        };
        let mut operation = self.new_operation(
            &connection,
            Request::Rotate {
                key: run.new,
                old: run.old,
                remote_id: remote_id.clone(),
                name: old.title().to_owned(),
                scopes: like.scopes.clone(),
                lifetime: like.lifetime,
            },
        );
        let id = operation.id;
        self.update_run(run.id, |run| run.create = Some(id))?;
        self.advance(&mut operation, OperationState::Intended)?;
        let _in_flight = InFlight::begin(self);
        let sent = connector.rotate(&credential, &remote_id, &like, self.now()).await;
        let made = match self.noting(sent) {
            Ok(created) => self.seal_replaced(&run, operation, old, &created).map(|()| true),
            Err(error) => Err(self.not_replaced(operation, error)?),
        };
        self.made(&run, made)
    }

    /// The new secret is sealed, and the old one is at its end by the platform's own doing: both
    /// in one transaction.
    fn seal_replaced(
        &self,
        run: &Rotation,
        mut operation: keywright_model::Operation,
        old: Key,
        created: &Created,
    ) -> Result<(), Error> {
        let now = self.now();
        let profile = self.profile(&old.platform)?;
        let mut new = Key { id: run.new, uses: Vec::new(), revocation: None, ..old.clone() };
        let remote = &created.remote;
        // An id that should have been told and was not is another one: the list tells it.
        new.remote_id = Some(remote.remote_id.clone()).filter(|id| !id.is_empty());
        new.hint = profile.hint_of(&created.secret);
        new.environment = profile.environment_of(&created.secret);
        new.status = Status::Active;
        new.added = now;
        new.created = remote.created.or(Some(now));
        if remote.expires != keywright_model::Expiry::Unknown {
            new.expires = remote.expires;
        } else if run.plan == PlanKind::Overlap {
            new.expires = profile.expiry_of(run.wish.lifetime, now);
        }
        new.gone_since = None;
        new.bitting = Some(self.session().vault_in_flight()?.bitting(&created.secret));
        let mut gone = old;
        if gone.remote_id == new.remote_id {
            gone.remote_id = None;
        }
        let overlap = if run.plan == PlanKind::Overlap { profile.facts.overlap_s } else { 0 };
        let overlap = i64::try_from(overlap).unwrap_or(i64::MAX / 1000);
        gone.status = Status::Revoking;
        gone.revocation = Some(requested_at(now + chrono::Duration::seconds(overlap)));
        operation.state = OperationState::Done;
        operation.changed = now;
        let event = self.key_event(&new, EventKind::SecretReplaced);
        let lost = self.lost_before(run, &new, gone.revocation.as_ref())?;
        self.write(|change| {
            change.put_key(&new)?;
            change.seal_key_secret(new.id, &created.secret)?;
            change.put_key(&gone)?;
            lost.iter().try_for_each(|lost| change.put_key(lost))?;
            change.put_operation(&operation)?;
            change.log(&event)
        })
    }

    /// The key whose secret a lost answer held: it was replaced in its turn.
    fn lost_before(
        &self,
        run: &Rotation,
        new: &Key,
        revocation: Option<&keywright_model::key::Revocation>,
    ) -> Result<Option<Key>, Error> {
        let session = self.session();
        let mut keys = session.vault_in_flight()?.index().keys();
        let is_it = |key: &&Key| {
            key.connection == run.connection
                && key.id != run.old
                && !key.has_secret()
                && key.remote_id.is_some()
                && key.remote_id == run.by_id
                && key.remote_id != new.remote_id
        };
        Ok(keys.find(is_it).map(|key| Key {
            status: Status::Revoking,
            revocation: revocation.cloned(),
            ..key.clone()
        }))
    }

    /// Whether the key that is to be replaced is at its end already: the list says so, which is
    /// read again where it is not fresh. Replacing such a key makes some platforms end every key
    /// that came from it.
    async fn at_its_end(
        &self,
        connection: &keywright_model::Connection,
        remote_id: &str,
    ) -> Result<Option<Came>, Error> {
        if !self.profile(&connection.platform)?.can(Capability::List) {
            return Ok(None);
        }
        self.refresh_stale(connection).await?;
        let there = self.read(|vault| {
            let mut keys = vault.index().keys();
            Ok(keys.any(|key| {
                key.connection == connection.id
                    && key.remote_id.as_deref() == Some(remote_id)
                    && key.gone_since.is_none()
                    && !matches!(key.status, Status::Revoking | Status::Revoked)
            }))
        })?;
        Ok((!there).then(|| {
            Came::person(
                "the platform no longer lists the key as one that works: somebody ended or \
                 replaced it",
                "Nothing was sent. Finish this run by hand, and make a new key.",
            )
        }))
    }

    /// What became of a replacement that did not come back well.
    fn not_replaced(
        &self,
        mut operation: keywright_model::Operation,
        error: CallError,
    ) -> Result<Error, Error> {
        let why = error.to_string();
        // Without an id the list has to tell which key it is: the old id may be at its end.
        if let CallError::SecretLost { remote_id: Some(remote_id) } = &error {
            let remote_ids = vec![remote_id.clone()];
            self.advance(&mut operation, OperationState::Orphaned { remote_ids })?;
            return Ok(Error::OutcomeUnknown { why, orphan: true });
        }
        self.not_done(operation, error)
    }

    /// What a request for the new key came to.
    fn made(&self, run: &Rotation, made: Result<bool, Error>) -> Result<Came, Error> {
        match made {
            Ok(true) => {
                self.inherit(run)?;
                Ok(Came::Done("The new key is made, and its secret is sealed.".into()))
            }
            Ok(false) => Err(Error::Drafted),
            // What became of it is found out next.
            Err(Error::OutcomeUnknown { why, .. }) => {
                Ok(Came::Again(format!("The answer was lost: {why}.")))
            }
            Err(error) => Err(error),
        }
    }

    /// What only Keywright keeps of a key goes over to the new one.
    fn inherit(&self, run: &Rotation) -> Result<(), Error> {
        let (old, mut new) =
            self.read(|vault| Ok((find(vault, run.old)?.clone(), find(vault, run.new)?.clone())))?;
        if new.rotation_days == old.rotation_days {
            return Ok(());
        }
        new.rotation_days = old.rotation_days;
        self.write(|change| change.put_key(&new))
    }

    /// Takes in the secret of the new key that a person made in the dashboard. The run goes on
    /// with [`Service::run_rotation`].
    pub async fn bring_new_key(
        &self,
        id: RotationId,
        secret: Secret,
        insist: bool,
    ) -> Result<GuidedKey, Error> {
        let run = self.rotation(id)?;
        let waits = run.is_open() && run.plan == PlanKind::Guided && !self.shown(&run)?.made;
        if !waits {
            return Err(Error::NotPossible {
                why: "this run waits for no new key".into(),
                advice: "Look at what it waits for.".into(),
            });
        }
        let brought = self.take_in_guided(self.successor(&run)?, secret, insist, run.new).await?;
        self.inherit(&run)?;
        let now = self.now();
        self.update_run(id, |run| {
            let words = "The new key was brought from the dashboard and sealed.".to_owned();
            run.note(Step::Create, Outcome::Done, words, now);
        })?;
        Ok(brought)
    }
}
