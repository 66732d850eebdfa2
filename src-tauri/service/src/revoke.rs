//! Revoking a key: what will happen, the request, and the start of the proof.

use keywright_model::{
    Connection, EventKind, Key, KeyId, OperationState, Request, Status, Verdict,
};
use keywright_platforms::{CallError, Capability, Effect, GuidedAct, Profile};
use keywright_vault::Vault;

use crate::{
    Error, Service,
    keys::find,
    session::InFlight,
    settle::requested_at,
    wire::{FieldProblem, RevokeKey, RevokePreview, RevokeProgress, RevokeStage},
};

impl Service {
    /// What revoking a key would do.
    pub fn revoke_preview(&self, id: KeyId) -> Result<RevokePreview, Error> {
        self.read(|vault| {
            let key = find(vault, id)?;
            let profile = self.profile(&key.platform)?;
            let connection = vault.index().connection(key.connection).cloned();
            let guide = match connection.filter(|connection| connection.deleted.is_none()) {
                Some(connection) => self.guide(&connection, GuidedAct::Revoke)?,
                None => None,
            };
            let guided = guide.is_some();
            Ok(RevokePreview {
                key: id,
                title: key.title().to_owned(),
                sentences: sentences(key, &profile, self.can_probe(vault, key)),
                uses: key.uses.clone(),
                promise_s: profile.revoke_latency_s,
                type_to_override: override_word(key),
                blocked: self.why_not_revoke(vault, key).filter(|_| !guided || is_at_end(key)),
                provable: self.can_probe(vault, key),
                guide,
            })
        })
    }

    /// Asks the platform to revoke a key and starts the proof, which goes on in the background.
    ///
    /// Must run inside a tokio runtime.
    pub async fn revoke_key(&self, request: RevokeKey) -> Result<RevokeProgress, Error> {
        let (key, connection) = self.revocable(&request)?;
        let operation = self.new_operation(
            &connection,
            Request::Revoke {
                key: key.id,
                remote_id: key.remote_id.clone().unwrap_or_default(),
                name: key.title().to_owned(),
                reason: request.reason,
            },
        );
        self.carry_out_revoke(operation).await
    }

    /// Sends a revocation that is journalled as intended first. Used for drafts too.
    pub(crate) async fn carry_out_revoke(
        &self,
        mut operation: keywright_model::Operation,
    ) -> Result<RevokeProgress, Error> {
        let Request::Revoke { key: id, remote_id, reason, .. } = operation.request.clone() else {
            return Err(Error::NotFound { what: "operation" });
        };
        let key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let connection = self.connection(operation.connection)?;
        let connector = match self.connector(&connection) {
            Err(Error::WorkOffline) => return self.draft_revoke(operation, id),
            other => other?,
        };
        let credential = self.credential(&connection)?;
        self.advance(&mut operation, OperationState::Intended)?;
        let in_flight = InFlight::begin(self);
        match self.noting(connector.revoke(&credential, &remote_id).await) {
            Ok(_) => {
                self.accepted(operation, key, reason)?;
                drop(in_flight);
                self.prove_in_background(id);
                self.progress_of(id, RevokeStage::Asked)
            }
            Err(error) if matches!(error.effect(), Effect::None) && error.is_network() => {
                self.draft_revoke(operation, id)
            }
            Err(error) => self.revoke_failed(operation, &key, error),
        }
    }

    /// Why a key cannot be revoked from here; none when it can.
    pub(crate) fn why_not_revoke(&self, vault: &Vault, key: &Key) -> Option<String> {
        let connection = vault.index().connection(key.connection);
        let connected = connection.filter(|c| c.deleted.is_none() && c.has_credential);
        if matches!(key.status, Status::Revoked) {
            return Some("It is revoked already, and proved dead.".into());
        }
        if matches!(key.status, Status::Revoking) {
            return Some("Its revocation was accepted; the proof is going on.".into());
        }
        if connected.is_none() {
            return Some("Its connection has no management credential here.".into());
        }
        if !self.profile(&key.platform).is_ok_and(|profile| profile.can(Capability::Revoke)) {
            return Some("Its platform has no API for it: revoke it in the dashboard.".into());
        }
        if let Some(why) = why_not_end(vault, key) {
            return Some(why);
        }
        key.remote_id.is_none().then(|| {
            "Its id on the platform is not known yet. Refresh the connection first.".into()
        })
    }

    fn revocable(&self, request: &RevokeKey) -> Result<(Key, Connection), Error> {
        let (key, blocked) = self.read(|vault| {
            let key = find(vault, request.key)?;
            Ok((key.clone(), self.why_not_revoke(vault, key)))
        })?;
        if let Some(why) = blocked {
            let advice = "Nothing was sent to the platform.".into();
            return Err(Error::NotPossible { why, advice });
        }
        check_typed(&key, request)?;
        self.check_no_run(key.id)?;
        let connection = self.connection(key.connection)?;
        Ok((key, connection))
    }

    /// A key that is being replaced is ended by its run, which knows when.
    pub(crate) fn check_no_run(&self, key: KeyId) -> Result<(), Error> {
        match self.open_run_of(key)? {
            None => Ok(()),
            Some(_) => Err(Error::NotPossible {
                why: "the key is being replaced, and that run ends it when all is verified".into(),
                advice: "Have the replacement go on, take it back, or finish it by hand first."
                    .into(),
            }),
        }
    }

    fn draft_revoke(
        &self,
        mut operation: keywright_model::Operation,
        key: KeyId,
    ) -> Result<RevokeProgress, Error> {
        self.advance(&mut operation, OperationState::Draft)?;
        self.progress_of(key, RevokeStage::Drafted)
    }

    /// The platform accepted: written down before anything is said.
    pub(crate) fn accepted(
        &self,
        mut operation: keywright_model::Operation,
        mut key: Key,
        reason: String,
    ) -> Result<(), Error> {
        key.status = Status::Revoking;
        key.revocation = Some(requested_at(self.now()));
        operation.state = OperationState::Done;
        operation.changed = self.now();
        let event = self.key_event(&key, EventKind::RevokeRequested { reason });
        self.write(|change| {
            change.put_key(&key)?;
            change.put_operation(&operation)?;
            change.log(&event)
        })
    }

    fn revoke_failed(
        &self,
        mut operation: keywright_model::Operation,
        key: &Key,
        error: CallError,
    ) -> Result<RevokeProgress, Error> {
        let why = error.to_string();
        let (state, kind) = match error.effect() {
            Effect::None => (
                OperationState::Refused { why: why.clone() },
                EventKind::Refused { why: why.clone() },
            ),
            Effect::Unknown => (
                OperationState::Ambiguous { why: why.clone() },
                EventKind::OutcomeUnknown { why: why.clone() },
            ),
        };
        let unknown = state.is_open();
        let event = self.key_event(key, kind);
        self.advance(&mut operation, state)?;
        self.write(|change| change.log(&event))?;
        Err(if unknown { Error::OutcomeUnknown { why, orphan: false } } else { error.into() })
    }

    pub(crate) fn progress_of(
        &self,
        id: KeyId,
        stage: RevokeStage,
    ) -> Result<RevokeProgress, Error> {
        let now = self.now();
        self.read(|vault| {
            let key = find(vault, id)?;
            let profile = self.profile(&key.platform)?;
            let since = key.revocation.as_ref().map(|revocation| now - revocation.requested);
            let elapsed = since.and_then(|since| u64::try_from(since.num_milliseconds()).ok());
            Ok(RevokeProgress {
                key: id,
                stage,
                elapsed_ms: elapsed.unwrap_or_default(),
                promise_ms: profile.revoke_latency_s.saturating_mul(1000),
                probes: 0,
                last: None::<Verdict>,
                refusals: 0,
                refusals_needed: profile.refusals_needed,
            })
        })
    }
}

/// A connection's own credential never ends itself: nothing could manage the keys after it.
pub(crate) fn why_not_end(vault: &Vault, key: &Key) -> Option<String> {
    let connection = vault.index().connection(key.connection)?;
    (key.manages_connection || is_credential(vault, connection, key)).then(|| {
        "It is this connection's own management credential. Replace that with another one first."
            .into()
    })
}

const fn is_at_end(key: &Key) -> bool {
    matches!(key.status, Status::Revoking | Status::Revoked)
}

/// A key that is noted as used is revoked only by somebody who typed its name.
pub(crate) fn check_typed(key: &Key, request: &RevokeKey) -> Result<(), Error> {
    match override_word(key) {
        Some(word) if request.typed.trim() != word => Err(Error::Invalid(vec![FieldProblem {
            field: "typed".into(),
            message: format!(
                "it is noted as used in {}: type “{word}” to revoke it all the same",
                clients(key)
            ),
        }])),
        _ => Ok(()),
    }
}

/// A key that is noted as used is not revoked by one click.
fn override_word(key: &Key) -> Option<String> {
    (!key.uses.is_empty()).then(|| key.title().to_owned())
}

#[expect(clippy::disallowed_methods, reason = "the key is compared with the credential")]
fn is_credential(vault: &Vault, connection: &Connection, key: &Key) -> bool {
    let Ok(Some(credential)) = vault.credential(connection.id) else { return false };
    match vault.key_secret(key.id) {
        Ok(Some(secret)) => secret.expose() == credential.expose(),
        _ => false,
    }
}

fn clients(key: &Key) -> String {
    let names: Vec<&str> = key.uses.iter().map(|used| used.client.as_str()).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn sentences(key: &Key, profile: &Profile, provable: bool) -> Vec<String> {
    let mut sentences =
        vec![format!("{} makes the key permanently invalid. This cannot be undone.", profile.name)];
    sentences.push(if profile.revoke_latency_s == 0 {
        "It takes effect at once: the next call with it fails.".into()
    } else {
        format!(
            "It may go on working for up to {} seconds, until the platform has told all its servers.",
            profile.revoke_latency_s
        )
    });
    sentences.push(if provable {
        format!(
            "Keywright tries it until it is refused {} times in a row. Only then it says “revoked”.",
            profile.refusals_needed
        )
    } else if profile.can(Capability::List) {
        "There is no secret here to try, so the platform's list is the proof.".into()
    } else {
        "Nothing here can prove it: the revocation rests on what the dashboard shows.".into()
    });
    if !key.uses.is_empty() {
        sentences.push(format!("It is noted as used in {}. These stop working.", clients(key)));
    }
    sentences
}
