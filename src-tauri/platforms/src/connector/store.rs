//! Secrets in a platform's store: sealed for the platform, put there, looked at, removed. Their
//! values cannot be read back; what tells of a change is when they were last written.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use crypto_box::{PublicKey, aead::OsRng};
use keywright_model::Secret;

use super::{Connector, answer::Read};
use crate::{
    CallError, StorePlace,
    profile::{operation::Operation, secret_store::Calls},
    template::{Sealed, Values},
};

/// The longest id of a sealing key.
const LONGEST_ID: usize = 200;

/// What a platform says of a secret in its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// When it was last written.
    pub updated: DateTime<Utc>,
}

/// The key that secrets are sealed for; only the platform has the other half.
pub struct SealingKey {
    id: String,
    key: PublicKey,
}

/// What the platform says of removing a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreAnswer {
    /// It was removed.
    Removed,
    /// There was none.
    AlreadyGone,
}

impl Connector {
    /// What the store has in a place; none where nothing is. A place that the credential cannot
    /// see looks empty too: [`Connector::sealing_key`] tells the two apart.
    pub async fn stored(
        &self,
        credential: &Secret,
        place: &StorePlace,
    ) -> Result<Option<Stored>, CallError> {
        let calls = self.calls_of(place)?;
        match self.send_to_store(&calls.stat, "look", place.values(), &[credential]).await {
            Ok(read) => {
                let root = read.json()?;
                let updated = calls.updated_field.time(&root);
                let lacks = || CallError::malformed("it does not tell when the secret was written");
                Ok(Some(Stored { updated: updated.ok_or_else(lacks)? }))
            }
            Err(error) => gone(&calls.stat, error).map(|()| None),
        }
    }

    /// The key that secrets of a place are sealed for.
    pub async fn sealing_key(
        &self,
        credential: &Secret,
        place: &StorePlace,
    ) -> Result<SealingKey, CallError> {
        let calls = self.calls_of(place)?;
        let operation = &calls.public_key;
        let read =
            self.send_to_store(operation, "give its key", place.values(), &[credential]).await?;
        let root = read.json()?;
        let id = operation.extract.id(&root).filter(|id| id.len() <= LONGEST_ID);
        let id = id.ok_or_else(|| CallError::malformed("the store's key has no id"))?;
        let text = calls.key_field.text(&root).unwrap_or_default();
        let bytes = STANDARD
            .decode(&text)
            .map_err(|_| CallError::malformed("the store's key is not Base64"))?;
        let key = PublicKey::from_slice(&bytes).map_err(|_| {
            CallError::malformed(format!("the store's key has {} bytes, not 32", bytes.len()))
        })?;
        Ok(SealingKey { id, key })
    }

    /// Seals a secret and puts it in a place, over what is there. Sent once: after an error whose
    /// effect is unknown, look at the place first. Putting the same again does no harm.
    pub async fn store(
        &self,
        credential: &Secret,
        place: &StorePlace,
        key: &SealingKey,
        secret: &Secret,
    ) -> Result<(), CallError> {
        let calls = self.calls_of(place)?;
        let text = self.sealed(place, key, secret)?;
        let sealed = Some(Sealed { key_id: &key.id, text: &text });
        let values = Values { sealed, ..place.values() };
        self.send_to_store(&calls.put, "store it", values, &[credential, secret]).await.map(drop)
    }

    /// Removes a secret from its place.
    pub async fn remove_stored(
        &self,
        credential: &Secret,
        place: &StorePlace,
    ) -> Result<StoreAnswer, CallError> {
        let calls = self.calls_of(place)?;
        match self.send_to_store(&calls.delete, "remove it", place.values(), &[credential]).await {
            Ok(_) => Ok(StoreAnswer::Removed),
            Err(error) => gone(&calls.delete, error).map(|()| StoreAnswer::AlreadyGone),
        }
    }

    /// What is put: a sealed box, which nobody but the platform can open, in Base64.
    #[expect(clippy::disallowed_methods, reason = "the secret is sealed for the platform")]
    fn sealed(
        &self,
        place: &StorePlace,
        key: &SealingKey,
        secret: &Secret,
    ) -> Result<String, CallError> {
        let bytes = secret.expose().as_bytes();
        let most = self.profile.secret_store().map_or(0, |store| store.max_bytes);
        if bytes.is_empty() || bytes.len() > most {
            let name = place.name();
            let what =
                format!("the secret for {name} has {} bytes, of at most {most}", bytes.len());
            return Err(CallError::Unsendable { what });
        }
        let sealed = key
            .key
            .seal(&mut OsRng, bytes)
            .map_err(|_| CallError::Unsendable { what: "the secret could not be sealed".into() })?;
        Ok(STANDARD.encode(sealed))
    }

    fn calls_of(&self, place: &StorePlace) -> Result<&Calls, CallError> {
        let calls = self.profile.secret_store().and_then(|store| store.calls(place));
        calls.ok_or(CallError::Unsupported { operation: "store secrets" })
    }

    /// Sends a call that the first of these secrets authenticates; none of them is repeated in
    /// what the platform says.
    async fn send_to_store(
        &self,
        operation: &Operation,
        what: &'static str,
        values: Values<'_>,
        secrets: &[&Secret],
    ) -> Result<Read, CallError> {
        let unsendable = || CallError::Unsendable { what: "there is no credential".into() };
        let credential = secrets.first().ok_or_else(unsendable)?;
        let answer = self.exchange(operation, values, credential).await?;
        self.read(what, &operation.call, answer, secrets)
    }
}

/// Whether an error says that nothing is there.
fn gone(operation: &Operation, error: CallError) -> Result<(), CallError> {
    match error {
        CallError::Refused { status, .. } if operation.gone_status.contains(&status) => Ok(()),
        other => Err(other),
    }
}
