//! Changes of a living key: another name, held back, another secret.

use keywright_model::{Secret, Status};

use super::{
    Clock, Outcome, Run, compare,
    ending::{Made, words},
    is_open,
    life::Told,
    report::{failed, skipped},
};
use crate::{CallError, Capability, Created, extract::Field};

/// How often a platform that needs a moment is asked again.
const TRIES: usize = 4;

const fn reads(field: &Field) -> bool {
    !field.0.is_empty()
}

impl<C: Clock> Run<'_, C> {
    pub(super) async fn relabel(&mut self) -> Result<(), Outcome> {
        let credential = self.credential(Capability::Relabel)?;
        let name = self.plan.other_name.clone();
        let before = self.told().await?;
        self.connector().relabel(credential, &self.key()?.id, &name).await?;
        if let Some(made) = self.key_mut() {
            made.name.clone_from(&name);
        }
        let after = self.renamed(&name).await?;
        if !after.iter().any(|told| reads(&told.extract.name)) {
            return Err(skipped("it was accepted, and nothing tells names"));
        }
        for (before, after) in before.iter().zip(&after) {
            let place = after.place;
            if is_misnamed(after, &name) {
                return Err(failed(format!("{place} does not have the new name")));
            }
            let odd = compare::changes(&before.key, &after.key);
            if !odd.is_empty() {
                return Err(failed(format!("{place}: {}", odd.join("; "))));
            }
        }
        Ok(())
    }

    /// What is told once every place has the name, or has had its time.
    async fn renamed(&self, name: &str) -> Result<Vec<Told<'_>>, Outcome> {
        for pause in 1..TRIES {
            let told = self.told().await?;
            if !told.iter().any(|told| is_misnamed(told, name)) {
                return Ok(told);
            }
            self.pause(pause).await;
        }
        self.told().await
    }

    pub(super) async fn hold_back(&mut self) -> Result<(), Outcome> {
        let credential = self.credential(Capability::Disable)?;
        let made = self.key()?;
        let returns = self.can(Capability::Enable);
        if !returns && self.rotates() {
            return Err(skipped("it cannot be enabled again by API, and a rotation is to come"));
        }
        self.connector().disable(credential, &made.id).await?;
        let held = self.is_held(made).await;
        if !returns {
            return held;
        }
        // Enabled in any case: what comes next needs a key that works.
        self.connector().enable(credential, &made.id).await?;
        held?;
        if let (Some(secret), true) = (&made.secret, self.can(Capability::Probe)) {
            let works = self.works(secret).await;
            works.map_err(|last| failed(format!("it was enabled, and {}", words(&last))))?;
        }
        let told = self.told().await.unwrap_or_default();
        match told.iter().find(|told| told.key.status == Status::Disabled) {
            Some(told) => Err(failed(format!("{} has it as disabled still", told.place))),
            None => Ok(()),
        }
    }

    /// Whether a disabled key is refused, and told as disabled where that is told.
    async fn is_held(&self, made: &Made) -> Result<(), Outcome> {
        let told = self.told().await.unwrap_or_default();
        let tells = told.iter().any(|told| reads(&told.extract.status));
        if let Some(told) = told.iter().find(|told| told.key.status == Status::Active) {
            return Err(failed(format!("{} has it as active still", told.place)));
        }
        match &made.secret {
            Some(secret) if self.can(Capability::Probe) => self
                .refused(secret, true)
                .await
                .map_err(|last| failed(format!("it was disabled, and {}", words(&last)))),
            _ if tells => Ok(()),
            _ => Err(skipped("it was accepted, and nothing tells what came of it")),
        }
    }

    fn rotates(&self) -> bool {
        self.can(Capability::RotateInPlace) || self.can(Capability::RotateOverlap)
    }

    pub(super) async fn rotate(&mut self) -> Result<(), Outcome> {
        let overlap = self.can(Capability::RotateOverlap);
        let kind = if overlap { Capability::RotateOverlap } else { Capability::RotateInPlace };
        let credential = self.credential(kind)?;
        let (id, now) = (self.key()?.id.clone(), self.clock.now());
        let like = crate::NewKey { name: self.key()?.name.clone(), ..self.plan.new.clone() };
        match self.connector().rotate(credential, &id, &like, now).await {
            Ok(created) => self.rotated(&id, created).await,
            Err(error) => {
                if let CallError::SecretLost { remote_id: Some(new) } = &error
                    && *new != id
                {
                    self.suspect(Some(new.clone()), like.name);
                } else if is_open(&error) {
                    self.suspect(None, like.name);
                }
                Err(error.into())
            }
        }
    }

    async fn rotated(&mut self, id: &str, mut created: Created) -> Result<(), Outcome> {
        let told = !created.remote.remote_id.is_empty();
        if !told {
            created.remote.remote_id = id.to_owned();
        }
        let same_id = created.remote.remote_id == id;
        let before = self.key_mut().and_then(|made| {
            // Under the same id there is one key, and it is noted anew.
            made.ended |= same_id;
            made.secret.take()
        });
        self.take(created).await?;
        if !told {
            return Err(failed("the answer does not tell the key's id"));
        }
        let Some(secret) = &self.key()?.secret else { return Ok(()) };
        if before.as_ref().is_some_and(|before| is_same(before, secret)) {
            return Err(failed("the secret is the same as before"));
        }
        if !self.can(Capability::Probe) {
            return Ok(());
        }
        let works = self.works(secret).await;
        works.map_err(|last| {
            failed(format!("it was rotated, and of the new secret: {}", words(&last)))
        })?;
        match before {
            Some(before) if self.can(Capability::RotateInPlace) => self
                .refused(&before, true)
                .await
                .map_err(|last| failed(format!("of the old secret: {}", words(&last)))),
            _ => Ok(()),
        }
    }
}

fn is_misnamed(told: &Told<'_>, name: &str) -> bool {
    reads(&told.extract.name) && told.key.name.as_deref() != Some(name)
}

#[expect(clippy::disallowed_methods, reason = "compares an old secret with the new one")]
fn is_same(one: &Secret, other: &Secret) -> bool {
    one.expose() == other.expose()
}
