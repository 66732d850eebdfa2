//! Where a platform has only a dashboard: the steps in its own words, the secret that a person
//! brings back, and a revocation that a person makes and the probe proves.

use keywright_model::{
    Connection, EventKind, Key, KeyId, Secret, Status, Verdict,
    key::{Origin, Owner, Proof},
};
use keywright_platforms::{Capability, GuidedAct, Profile};

use crate::{
    Error, Service,
    edit::tidy_tags,
    keys::find,
    settle::requested_at,
    wire::{CreateKey, FieldProblem, Guide, GuidedKey, RevokeKey, RevokeProgress, RevokeStage},
};

impl Service {
    /// What to do in the dashboard; none where the platform's API does it.
    pub(crate) fn guide(
        &self,
        connection: &Connection,
        act: GuidedAct,
    ) -> Result<Option<Guide>, Error> {
        let profile = self.profile(&connection.platform)?;
        let by_api = match act {
            GuidedAct::Create => Capability::Create,
            GuidedAct::Revoke => Capability::Revoke,
        };
        if profile.can(by_api) && connection.has_credential {
            return Ok(None);
        }
        let variables = profile.resolve_variables(&connection.variables)?;
        let guide = profile.guide(act, &connection.base_url, &variables);
        Ok(guide.map(|guide| Guide {
            origin: guide.page.as_ref().map(|page| page.origin().ascii_serialization()),
            page: guide.page.map(|page| page.to_string()),
            steps: guide.steps,
        }))
    }

    /// The page of a guide, for a front end that opens it. Never an address that it was told.
    pub fn guide_page(&self, request: &crate::wire::GuidePage) -> Result<String, Error> {
        let connection = self.connection(request.connection)?;
        let act = match request.act {
            crate::wire::GuidedStep::Create => GuidedAct::Create,
            crate::wire::GuidedStep::Revoke => GuidedAct::Revoke,
        };
        let page = self.guide(&connection, act)?.and_then(|guide| guide.page);
        page.ok_or_else(|| Error::NotPossible {
            why: "the page's address is not known".into(),
            advice: "Open the platform's dashboard yourself and follow the steps.".into(),
        })
    }

    /// Takes in the secret of a key that a person made in the dashboard: checked, sealed, and
    /// only then tried.
    ///
    /// A secret that looks wrong is refused, unless `insist`; one that is sealed here already is
    /// refused always.
    pub async fn finish_guided_create(
        &self,
        request: CreateKey,
        secret: Secret,
        insist: bool,
    ) -> Result<GuidedKey, Error> {
        self.take_in_guided(request, secret, insist, KeyId::make()).await
    }

    /// The same for a key whose id here is reserved.
    pub(crate) async fn take_in_guided(
        &self,
        request: CreateKey,
        secret: Secret,
        insist: bool,
        id: KeyId,
    ) -> Result<GuidedKey, Error> {
        let connection = self.connection(request.connection)?;
        let profile = self.profile(&connection.platform)?;
        let problems = self.problems(&request, &connection, &profile)?;
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let secret = secret.trimmed();
        self.check_brought(&profile, &secret, insist)?;
        let warning = profile.check_secret(&secret).unwrap_or_default();
        let key = Key { id, ..self.guided_key(request, &connection, &profile, &secret)? };
        let event = self.key_event(&key, EventKind::KeyAdded);
        self.write(|change| {
            change.put_key(&key)?;
            change.seal_key_secret(key.id, &secret)?;
            change.log(&event)
        })?;
        let verdict = self.first_verdict(&key).await;
        Ok(GuidedKey { key: key.id, warning, verdict })
    }

    /// A person says that the key is revoked in the dashboard. The probe has the last word.
    ///
    /// Must run inside a tokio runtime.
    pub fn revoke_in_dashboard(&self, request: RevokeKey) -> Result<RevokeProgress, Error> {
        let mut key = self.read(|vault| Ok(find(vault, request.key)?.clone()))?;
        let connection = self.connection(key.connection)?;
        if self.guide(&connection, GuidedAct::Revoke)?.is_none() {
            return Err(Error::NotPossible {
                why: "this platform's keys are not revoked in a dashboard here".into(),
                advice: "Revoke it from here instead.".into(),
            });
        }
        if matches!(key.status, Status::Revoking | Status::Revoked) {
            let why = "its revocation was told already".into();
            return Err(Error::NotPossible { why, advice: "Look at its proof.".into() });
        }
        crate::revoke::check_typed(&key, &request)?;
        self.check_no_run(key.id)?;
        let provable = self.read(|vault| Ok(self.can_probe(vault, &key)))?;
        let now = self.now();
        key.revocation = Some(requested_at(now));
        key.status = Status::Revoking;
        let mut events =
            vec![self.key_event(&key, EventKind::RevokeRequested { reason: request.reason })];
        if !provable {
            key.status = Status::Revoked;
            if let Some(revocation) = &mut key.revocation {
                revocation.proof = Proof::Told;
            }
            events.push(self.key_event(&key, EventKind::RevokeTold));
        }
        self.write(|change| {
            change.put_key(&key)?;
            events.iter().try_for_each(|event| change.log(event))
        })?;
        if !provable {
            return self.progress_of(key.id, RevokeStage::Told);
        }
        self.prove_in_background(key.id);
        self.progress_of(key.id, RevokeStage::Asked)
    }

    /// A person was wrong: the key is not revoked in the dashboard after all.
    pub fn withdraw_revocation(&self, id: KeyId) -> Result<(), Error> {
        let mut key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let connection = self.connection(key.connection)?;
        let told = key.revocation.as_ref().is_some_and(|r| r.proof == Proof::Told);
        let waits = key.status == Status::Revoking || (key.status == Status::Revoked && told);
        if !waits || self.guide(&connection, GuidedAct::Revoke)?.is_none() {
            return Err(Error::NotPossible {
                why: "only a revocation in a dashboard can be taken back, while nothing proves it"
                    .into(),
                advice: "Make a new key instead.".into(),
            });
        }
        key.status = Status::Active;
        key.revocation = None;
        let event = self.key_event(&key, EventKind::RevokeWithdrawn);
        self.write(|change| {
            change.put_key(&key)?;
            change.log(&event)
        })
    }

    /// Refuses a secret that cannot be the new key's.
    fn check_brought(&self, profile: &Profile, secret: &Secret, insist: bool) -> Result<(), Error> {
        let wrong = |message: String| {
            Err(Error::Invalid(vec![FieldProblem { field: "secret".into(), message }]))
        };
        if secret.is_empty() {
            return wrong("there is nothing here; copy the key where the platform shows it".into());
        }
        crate::add::check_length(Some(secret))?;
        if let Some(title) = self.sealed_as(secret)? {
            return wrong(format!(
                "this is the secret of “{title}”, which is sealed here already; copy the new one"
            ));
        }
        match profile.check_secret(secret) {
            Some(odd) if !insist => wrong(odd),
            _ => Ok(()),
        }
    }

    /// The title of the key whose secret this is, when it is sealed here.
    pub(crate) fn sealed_as(&self, secret: &Secret) -> Result<Option<String>, Error> {
        self.read(|vault| {
            let cuts = vault.bitting(secret);
            let mut keys = vault.index().keys();
            let same = |key: &&Key| key.bitting.as_ref() == Some(&cuts);
            let Some(key) = keys.find(same) else { return Ok(None) };
            // The drawn cuts are a short hash: only the secret itself tells.
            let is_it = vault.key_secret(key.id)?.is_some_and(|sealed| equal(&sealed, secret));
            Ok(is_it.then(|| key.title().to_owned()))
        })
    }

    fn guided_key(
        &self,
        request: CreateKey,
        connection: &Connection,
        profile: &Profile,
        secret: &Secret,
    ) -> Result<Key, Error> {
        let now = self.now();
        let name = request.name.trim().to_owned();
        let mut key = Key::blank(connection.id, connection.platform.clone(), name, now);
        request.label.trim().clone_into(&mut key.label);
        key.note = request.note;
        key.tags = tidy_tags(request.tags);
        key.scopes = request.scopes;
        key.owner = Owner { name: request.owner.trim().to_owned(), kind: request.owner_kind };
        key.hint = profile.hint_of(secret);
        key.environment = profile.environment_of(secret);
        key.status = Status::Active;
        key.created = Some(now);
        key.expires = profile.expiry_of(request.lifetime, now);
        key.origin = Origin::Added;
        key.bitting = Some(self.read(|vault| Ok(vault.bitting(secret)))?);
        Ok(key)
    }

    /// Tries the new key once. That it could not be tried is no fault of the key.
    async fn first_verdict(&self, key: &Key) -> Option<Verdict> {
        if !self.read(|vault| Ok(self.can_probe(vault, key))).unwrap_or_default() {
            return None;
        }
        match self.probe_key(key.id).await {
            Ok(report) => Some(report.verdict),
            Err(error) => Some(Verdict::Unknown { why: error.to_string() }),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "two secrets are compared in Rust")]
fn equal(one: &Secret, other: &Secret) -> bool {
    one.expose() == other.expose()
}
