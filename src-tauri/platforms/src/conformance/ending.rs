//! What a run made, and that it is ended whatever happens.

use keywright_model::{Secret, Verdict};

use super::{Clock, Leftover, Run};
use crate::{CallError, Capability};

/// A key that a run made, or may have made.
pub(super) struct Made {
    /// Empty where the platform did not tell it.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) secret: Option<Secret>,
    /// Whether the platform took a revocation of it.
    pub(super) revoked: bool,
    /// Whether it is proved to be no more.
    pub(super) ended: bool,
}

impl Made {
    pub(super) const fn new(id: String, name: String, secret: Option<Secret>) -> Self {
        Self { id, name, secret, revoked: false, ended: false }
    }
}

impl<C: Clock> Run<'_, C> {
    /// Notes something that was made; it is what is looked at from now on.
    pub(super) fn note(&mut self, made: Made) {
        self.made.push(made);
        self.newest = self.made.len().checked_sub(1);
    }

    /// Notes what may have been made, under the name that it was to have.
    pub(super) fn suspect(&mut self, remote_id: Option<String>, name: String) {
        self.made.push(Made::new(remote_id.unwrap_or_default(), name, None));
    }

    /// Ends everything that was made, and tells what could not be ended.
    pub(super) async fn end_all(&mut self) -> Vec<Leftover> {
        let Some(credential) = self.subject.credential else { return Vec::new() };
        self.find_lost(credential).await;
        let mut left = Vec::new();
        for at in 0..self.made.len() {
            let Some(made) = self.made.get(at).filter(|made| !made.ended) else { continue };
            if let Err(why) = self.end(made, credential).await {
                let (remote_id, name) = (made.id.clone(), made.name.clone());
                left.push(Leftover { remote_id, name, why: why.0 });
            }
        }
        left
    }

    /// Puts the ids of the list to what was made without one. What the list does
    /// not have was not made.
    async fn find_lost(&mut self, credential: &Secret) {
        let open = |made: &&Made| !made.ended && made.id.is_empty();
        if !self.made.iter().any(|made| open(&made)) {
            return;
        }
        let Ok(listed) = self.connector().list(credential).await else { return };
        let known: Vec<String> = self.made.iter().map(|made| made.id.clone()).collect();
        let mut found: Vec<Made> = Vec::new();
        for made in self.made.iter_mut().filter(|made| open(&&**made)) {
            let ours = listed.iter().filter(|key| key.name.as_ref() == Some(&made.name));
            let ours = ours.filter(|key| !known.contains(&key.remote_id));
            found.extend(ours.map(|key| {
                Made::new(key.remote_id.clone(), made.name.clone(), made.secret.take())
            }));
            made.ended = true;
        }
        self.made.extend(found);
    }

    /// Ends one key. Its secret, where it is at hand, has the last word.
    async fn end(&self, made: &Made, credential: &Secret) -> Result<(), Alive> {
        if made.id.is_empty() {
            return Err(Alive("it may have been made; the platform did not tell its id".into()));
        }
        if !self.can(Capability::Revoke) {
            return Err(Alive("it cannot be revoked by API".into()));
        }
        let answer = self.connector().revoke(credential, &made.id).await;
        answer.map_err(Alive::because)?;
        let told = match &made.secret {
            Some(secret) if self.can(Capability::Probe) => {
                // One that outlived its promise before is not waited for again.
                self.refused(secret, !made.revoked).await.map_err(|last| words(&last))
            }
            _ => Ok(()),
        };
        told.map_err(|last| Alive(format!("it was revoked, and {last}")))
    }
}

/// Why a key may still work.
struct Alive(String);

impl Alive {
    fn because(error: CallError) -> Self {
        Self(format!("it could not be revoked: {error}"))
    }
}

/// A verdict in few words.
pub(super) fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Alive => "it works".to_owned(),
        Verdict::Limited { .. } => "it works, with limits".to_owned(),
        Verdict::Dead => "it is refused".to_owned(),
        Verdict::Unknown { why } => format!("no verdict: {why}"),
    }
}
