//! Making a key: what is put into the call, and what is taken from its answer.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use keywright_model::{Expiry, RemoteKey, Secret, Status};
use zeroize::{Zeroize, Zeroizing};

use super::{Connector, Created, NewKey, answer::Read};
use crate::{
    CallError,
    profile::operation::Operation,
    template::{Making, Var},
};

impl Connector {
    pub(super) fn making<'a>(
        &self,
        new: &'a NewKey,
        expires: Expiry,
        now: DateTime<Utc>,
    ) -> Result<Making<'a>, CallError> {
        let scopes = self.profile.encode_scopes(&self.variables, &new.scopes);
        let secret = self.profile.new_secret.as_deref().map(random_secret).transpose()?;
        Ok(Making { name: &new.name, scopes, expires, now, secret })
    }

    /// Takes the secret out of the answer, then everything else. What the answer
    /// lacks are the scopes that were sent, and the id that a rotation keeps.
    pub(super) fn created(
        &self,
        operation: &Operation,
        read: Read,
        making: &mut Making<'_>,
        (scopes, kept): (&[String], Option<&str>),
    ) -> Result<Created, CallError> {
        let mut root = read.json()?;
        let made_here = operation.call.mentions(&Var::NewSecret);
        let told = operation.extract.take_secret(&mut root).filter(|secret| !is_masked(secret));
        let secret = told.or_else(|| making.secret.take().filter(|_| made_here));
        // An id that looks like a key is one that stands in the wrong place.
        let id = operation.extract.id(&root).filter(|id| self.profile.redact_keys(id) == *id);
        let id = id.or_else(|| kept.map(str::to_owned));
        let Some(secret) = secret else { return Err(CallError::SecretLost { remote_id: id }) };
        let told = operation.extract.rest(&root);
        let mut remote = RemoteKey { remote_id: id.unwrap_or_default(), ..told };
        hide(&mut remote, &secret);
        remote.hint = self.profile.hint_for(&secret, &remote.hint);
        remote.name.get_or_insert_with(|| making.name.to_owned());
        if remote.scopes.is_empty() {
            remote.scopes = scopes.to_vec();
        }
        if remote.status == Status::Unknown {
            remote.status = Status::Active;
        }
        remote.created.get_or_insert(making.now);
        if remote.expires == Expiry::Unknown {
            remote.expires = making.expires;
        }
        if remote.environment == keywright_model::Environment::Unknown {
            remote.environment = self.profile.environment_of(&secret);
        }
        Ok(Created { remote: self.complete(remote), secret })
    }
}

/// A secret of our own: the beginning that the platform wants, and 256 random bits.
fn random_secret(prefix: &str) -> Result<Secret, CallError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes)
        .map_err(|_| CallError::Unsendable { what: "the system gave no random bits".into() })?;
    let random = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()));
    Ok(Secret::new([prefix, random.as_str()].concat()))
}

/// Whether this is a secret with its middle cut out, as lists show it: it would be sealed for the
/// real one, which is lost.
#[expect(clippy::disallowed_methods, reason = "looks for what no key has in it")]
fn is_masked(secret: &Secret) -> bool {
    ["…", "...", "***", "•••"].iter().any(|cut| secret.expose().contains(cut))
}

/// Empties every field that repeats the secret: fields are shown, stored and searched.
#[expect(clippy::disallowed_methods, reason = "looks for the secret where it must not be")]
fn hide(key: &mut RemoteKey, secret: &Secret) {
    let tells = |text: &str| text.contains(secret.expose());
    if tells(&key.remote_id) {
        key.remote_id.zeroize();
    }
    if tells(&key.owner.name) {
        key.owner.name.zeroize();
    }
    if key.name.as_deref().is_some_and(tells) {
        key.name.zeroize();
    }
    key.scopes.retain(|scope| !tells(scope));
}
