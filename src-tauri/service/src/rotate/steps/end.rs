//! The end of a key: the time of grace before it, the revocation, the proof.

use keywright_model::{
    EventKind, KeyId, OperationState, Request, Rotation, Status,
    rotation::{Step, Wait},
};
use keywright_platforms::{Capability, GuidedAct};

use crate::rotate::run::Came;
use crate::{Error, Service, keys::find, session::InFlight, wire::RevokeStage};

impl Service {
    /// Waits before the old key ends; holds it back meanwhile, where that was asked for.
    pub(in crate::rotate) async fn grace_step(&self, run: Rotation) -> Result<Came, Error> {
        if let Some(until) = run.grace_until {
            return Ok(Came::waits(
                Wait::Until(until),
                "the new key is in use, and the old one is kept for the time of grace",
                "It goes on by itself. End the time of grace when all is well, or take it back.",
            ));
        }
        let old = self.read(|vault| Ok(find(vault, run.old)?.clone()))?;
        let profile = self.profile(&old.platform)?;
        if run.hold_back && old.status != Status::Disabled && profile.can(Capability::Disable) {
            let held = self.disable_key(run.old).await?;
            if !held.done {
                return Err(Error::Drafted);
            }
        }
        let grace =
            chrono::Duration::seconds(i64::try_from(run.grace_s).unwrap_or(i64::MAX / 1000));
        let until = self.now() + grace;
        self.update_run(run.id, |run| run.grace_until = Some(until))?;
        Ok(Came::Again("The time of grace begins.".into()))
    }

    /// Has the platform end one of the run's keys. Sent at most once a time; a lost answer is found
    /// out before anything else.
    pub(in crate::rotate) async fn end_step(
        &self,
        run: &Rotation,
        id: KeyId,
    ) -> Result<Came, Error> {
        if let Some(wrong) = self.violations_of(run)?.first() {
            return Ok(Came::person(
                format!("nothing more is ended, because {wrong}"),
                "Look at the record and the places, then finish by hand.",
            ));
        }
        let key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let connection = self.connection(key.connection)?;
        if self.guide(&connection, GuidedAct::Revoke)?.is_some() {
            return Ok(Came::person(
                format!("“{}” has to be revoked in the dashboard", key.name),
                "Follow the steps there, then say that it is done. Keywright tries it until it is \
                 refused.",
            ));
        }
        if let Some(why) = self.read(|vault| Ok(self.why_not_revoke(vault, &key)))? {
            return Ok(Came::person(why, "Mend that, then go on, or finish by hand."));
        }
        let remote_id = key.remote_id.clone().unwrap_or_default();
        let connector = self.connector(&connection)?;
        let credential = self.credential(&connection)?;
        let reason = if run.reason.is_empty() { "replaced".to_owned() } else { run.reason.clone() };
        let mut operation = self.new_operation(
            &connection,
            Request::Revoke {
                key: id,
                remote_id: remote_id.clone(),
                name: key.title().to_owned(),
                reason: reason.clone(),
            },
        );
        let asked = operation.id;
        self.update_run(run.id, |run| run.revoke = Some(asked))?;
        self.advance(&mut operation, OperationState::Intended)?;
        let _in_flight = InFlight::begin(self);
        match self.noting(connector.revoke(&credential, &remote_id).await) {
            Ok(_) => {
                self.accepted(operation, key, reason)?;
                Ok(Came::Done("The platform accepted the revocation.".into()))
            }
            Err(error) => match self.not_done(operation, error)? {
                Error::OutcomeUnknown { why, .. } => {
                    Ok(Came::Again(format!("The answer was lost: {why}.")))
                }
                error => Err(error),
            },
        }
    }

    /// Tries a key until it is refused several times in a row.
    pub(in crate::rotate) async fn prove_step(&self, id: KeyId) -> Result<Came, Error> {
        let key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let requested = key.revocation.as_ref().map(|revocation| revocation.requested);
        if let Some(at) = requested.filter(|at| *at > self.now()) {
            return Ok(Came::waits(
                Wait::Until(at),
                "the platform lets the old key work on until then",
                "It goes on by itself, and proves the old key dead.",
            ));
        }
        let progress = self.prove_revocation(id).await?;
        Ok(match progress.stage {
            RevokeStage::Proved { window_ms: Some(window) } => Came::Done(format!(
                "It was refused {} times in a row; the first refusal came after {}.",
                progress.refusals.max(progress.refusals_needed),
                seconds(window)
            )),
            RevokeStage::Proved { window_ms: None } => {
                Came::Done("The platform no longer lists it.".into())
            }
            RevokeStage::Told => Came::Done("A person says so; nothing here can prove it.".into()),
            RevokeStage::Unproved { why } => Came::person(
                format!("it could not be proved dead: {why}"),
                "Go on to try again. Ask the platform if it stays.",
            ),
            _ => Came::person("the proof did not end", "Go on to try again."),
        })
    }

    /// Lets the old key work again.
    pub(in crate::rotate) async fn enable_step(&self, run: Rotation) -> Result<Came, Error> {
        let enabled = self.enable_key(run.old).await?;
        if enabled.done { Ok(Came::Done("It works again.".into())) } else { Err(Error::Drafted) }
    }

    /// A person says that they ended a key in the dashboard.
    pub(in crate::rotate) fn ended_by_hand(&self, run: &Rotation, step: Step) -> Result<(), Error> {
        let id = if step == Step::RevokeNew { run.new } else { run.old };
        let mut key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let provable = self.read(|vault| Ok(self.can_probe(vault, &key)))?;
        key.status = Status::Revoking;
        key.revocation = Some(crate::settle::requested_at(self.now()));
        let reason = run.reason.clone();
        let mut events = vec![self.key_event(&key, EventKind::RevokeRequested { reason })];
        if !provable {
            key.status = Status::Revoked;
            if let Some(revocation) = &mut key.revocation {
                revocation.proof = keywright_model::key::Proof::Told;
            }
            events.push(self.key_event(&key, EventKind::RevokeTold));
        }
        self.write(|change| {
            change.put_key(&key)?;
            events.iter().try_for_each(|event| change.log(event))
        })
    }
}

/// Milliseconds as people say them.
pub(in crate::rotate) fn seconds(window_ms: u64) -> String {
    if window_ms < 1000 {
        return "less than a second".into();
    }
    let tenths = window_ms / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}
