//! What only a probe can tell: alive, dead, never any key at all.

use std::time::Duration;

use chrono::{DateTime, Utc};
use keywright_model::{Secret, Status, Verdict};

use super::{
    Clock, Outcome, Run,
    ending::words,
    report::{failed, skipped},
    rubbish,
};
use crate::{CallError, Capability, profile::operation::OperationKind, profile::operation::Side};

/// Pause between the refusals of a row, as the product makes it.
const CONFIRM: Duration = Duration::from_secs(1);

impl<C: Clock> Run<'_, C> {
    /// Probes until a secret is refused as often in a row as the profile wants. The
    /// row must begin within the promise; without `patience` at once. Otherwise the
    /// last verdict.
    pub(super) async fn refused(&self, secret: &Secret, patience: bool) -> Result<(), Verdict> {
        let profile = self.connector().profile();
        let until = self.promise(patience);
        let (mut row, mut waits) = (0, 0);
        loop {
            let last_chance = self.clock.now() >= until;
            match self.connector().probe(secret).await.verdict {
                Verdict::Dead => {
                    row += 1;
                    if row >= profile.refusals_needed {
                        return Ok(());
                    }
                    self.clock.sleep(CONFIRM).await;
                }
                other if last_chance => return Err(other),
                _ => {
                    row = 0;
                    self.wait(profile.poll_delay(waits), until).await;
                    waits += 1;
                }
            }
        }
    }

    /// Probes until a secret works: new keys may need as long as revoked ones.
    pub(super) async fn works(&self, secret: &Secret) -> Result<(), Verdict> {
        let until = self.promise(true);
        let mut waits = 0;
        loop {
            let last_chance = self.clock.now() >= until;
            match self.connector().probe(secret).await.verdict {
                verdict if verdict.works() => return Ok(()),
                other if last_chance => return Err(other),
                _ => self.wait(self.connector().profile().poll_delay(waits), until).await,
            }
            waits += 1;
        }
    }

    fn promise(&self, patience: bool) -> DateTime<Utc> {
        let profile = self.connector().profile();
        let seconds = if patience { profile.revoke_latency_s + profile.revoke_margin_s } else { 0 };
        let now = self.clock.now();
        now.checked_add_signed(chrono::Duration::seconds(
            seconds.try_into().unwrap_or(i64::MAX / 1_000),
        ))
        .unwrap_or(now)
    }

    /// Waits, but not past an instant.
    async fn wait(&self, pause: Duration, until: DateTime<Utc>) {
        let left = (until - self.clock.now()).to_std().unwrap_or_default();
        self.clock.sleep(pause.min(left)).await;
    }

    fn probes(&self) -> Result<(), Outcome> {
        if self.can(Capability::Probe) {
            return Ok(());
        }
        Err(skipped(if self.connector().profile().can(Capability::Probe) {
            "trying a key needs a setting that this connection has not"
        } else {
            "there is no call that tries a key"
        }))
    }

    pub(super) async fn alive(&mut self) -> Result<(), Outcome> {
        self.probes()?;
        let made = self.key().ok().and_then(|made| made.secret.as_ref());
        let Some(secret) = made.or(self.subject.key) else {
            return Err(skipped("there is no key to try"));
        };
        self.works(secret).await.map_err(|last| failed(words(&last)))
    }

    pub(super) async fn dead(&mut self) -> Result<(), Outcome> {
        let made = self.key()?;
        if !made.revoked {
            return Err(skipped("the key was not revoked"));
        }
        match &made.secret {
            Some(secret) if self.can(Capability::Probe) => {
                let refused = self.refused(secret, true).await;
                refused.map_err(|last| failed(format!("it was revoked, and {}", words(&last))))?;
            }
            _ => self.unlisted(&made.id).await?,
        }
        if let Some(made) = self.key_mut() {
            made.ended = true;
        }
        Ok(())
    }

    /// Without a probe the list has the last word.
    async fn unlisted(&self, id: &str) -> Result<(), Outcome> {
        let credential = self.credential(Capability::List)?;
        let until = self.promise(true);
        for pause in 0.. {
            let last_chance = self.clock.now() >= until;
            let listed = self.connector().list(credential).await?;
            let key = listed.iter().find(|key| key.remote_id == id);
            match key.map(|key| key.status) {
                None | Some(Status::Revoked | Status::Disabled | Status::Expired) => return Ok(()),
                Some(_) if last_chance => break,
                Some(_) => self.wait(self.connector().profile().poll_delay(pause), until).await,
            }
        }
        Err(failed("it was revoked, and the list has it still"))
    }

    pub(super) async fn rubbish(&mut self) -> Result<(), Outcome> {
        self.probes()?;
        let profile = self.connector().profile();
        let made = self.made.iter().rev().find_map(|made| made.secret.as_ref());
        let rubbish = match made.or(self.subject.key) {
            Some(secret) => rubbish::spoilt(profile, secret),
            None => rubbish::made_up(profile),
        };
        match self.connector().probe(&rubbish).await.verdict {
            Verdict::Dead => Ok(()),
            other => Err(failed(format!("a key that nobody made: {}", words(&other)))),
        }
    }

    /// A call with a credential that is none: words, and no secret in them.
    pub(super) async fn words(&mut self) -> Result<(), Outcome> {
        let makes = self.can(Capability::Create) && self.can(Capability::Revoke);
        let (kind, capability) = if makes {
            (OperationKind::Create, Capability::Create)
        } else {
            (OperationKind::List, Capability::List)
        };
        let credential = self.credential(capability)?;
        let profile = self.connector().profile();
        let anonymous = profile.operations.get(&kind).is_some_and(|op| op.side == Side::None);
        if anonymous {
            return Err(skipped("the call carries no credential"));
        }
        let wrong = rubbish::spoilt(profile, credential);
        // A connector of its own: a log-in that was made with the right one is not used.
        let stranger = self.connector().again()?;
        let error = if kind == OperationKind::Create {
            match stranger.create(&wrong, &self.plan.new, self.clock.now()).await {
                Ok(created) => {
                    drop(self.take(created).await);
                    return Err(failed("a key was made with a credential that is none"));
                }
                Err(error) => error,
            }
        } else {
            match stranger.list(&wrong).await {
                Ok(_) => return Err(failed("a credential that is none may read the list")),
                Err(error) => error,
            }
        };
        if super::is_open(&error) && kind == OperationKind::Create {
            self.suspect(None, self.plan.new.name.clone());
        }
        spoken(&error, &[&wrong, credential])
    }
}

/// Whether a refusal has words, and none of them is a secret.
fn spoken(error: &CallError, secrets: &[&Secret]) -> Result<(), Outcome> {
    let told = format!("{error} {error:?}");
    if secrets.iter().any(|secret| holds(&told, secret)) {
        return Err(failed("the words hold a secret"));
    }
    match error {
        CallError::Unauthorized { message } | CallError::Refused { message, .. }
            if !message.is_empty() =>
        {
            Ok(())
        }
        _ => Err(failed(format!("a credential that is none is answered so: {error}"))),
    }
}

#[expect(clippy::disallowed_methods, reason = "looks for a secret where none may be")]
fn holds(text: &str, secret: &Secret) -> bool {
    let mut parts = secret.expose().lines().map(str::trim).filter(|part| part.len() >= 4);
    parts.any(|part| text.contains(part))
}
