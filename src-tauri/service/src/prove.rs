//! Proving a revocation: probing until the key is refused several times in a row.

use std::time::Duration;

use chrono::{DateTime, Utc};
use keywright_model::{EventKind, Key, KeyId, Status, Verdict, key::Proof};
use keywright_platforms::Profile;

use crate::{
    Error, Service, VaultState,
    keys::find,
    refresh::prove_by_list,
    wire::{Progress, RevokeProgress, RevokeStage},
};

/// Pause between the refusals of a row.
const CONFIRM: Duration = Duration::from_secs(1);
/// Probing ends so long after the promise; the key stays "revoking" and the alarm stands.
const GIVE_UP_S: i64 = 600;
/// Pause between probes once the promise is broken.
const OVERDUE_PAUSE: Duration = Duration::from_secs(30);

/// Where a proof stands.
struct Proving {
    profile: std::sync::Arc<Profile>,
    requested: DateTime<Utc>,
    probes: u32,
    refusals: u32,
    first_refusal: Option<DateTime<Utc>>,
    alive: usize,
    overdue: bool,
    last: Option<Verdict>,
}

/// A proof that a task of this process is at work on. A task that is dropped in the midst leaves it.
struct AtWork<'a>(&'a Service, KeyId);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.session().proving.remove(&self.1);
    }
}

impl Service {
    /// Takes up the proofs that a lock or a stop cut short. Must run inside a tokio runtime.
    pub fn resume_proofs(&self) -> Result<(), Error> {
        let waiting: Vec<KeyId> = self.read(|vault| {
            let keys = vault.index().keys();
            Ok(keys.filter(|key| key.status == Status::Revoking).map(|key| key.id).collect())
        })?;
        for id in waiting {
            self.prove_in_background(id);
        }
        Ok(())
    }

    /// Proves a revocation and reports on the way. Ends when the vault is locked: unlocking takes it up.
    pub(crate) fn prove_in_background(&self, id: KeyId) {
        let service = self.clone();
        // Progress and findings tell what became of it; there is nobody to hand the result to.
        drop(tokio::spawn(async move { drop(service.prove_revocation(id).await) }));
    }

    /// Probes a key under revocation until it is proved dead, or no proof can be had.
    pub async fn prove_revocation(&self, id: KeyId) -> Result<RevokeProgress, Error> {
        if !self.session().proving.insert(id) {
            return self.watch_proof(id).await;
        }
        let at_work = AtWork(self, id);
        let result = self.prove(id).await;
        drop(at_work);
        if let Ok(progress) = &result {
            self.tell(Progress::Revoke(progress.clone()));
        }
        result
    }

    /// Another task proves it: waits for its word.
    async fn watch_proof(&self, id: KeyId) -> Result<RevokeProgress, Error> {
        let mut news = self.subscribe();
        loop {
            match tokio::time::timeout(CONFIRM, news.recv()).await {
                Ok(Ok(Progress::Revoke(progress)))
                    if progress.key == id && is_final(&progress.stage) =>
                {
                    return Ok(progress);
                }
                Err(_) if !self.session().proving.contains(&id) => return self.final_progress(id),
                Ok(_) | Err(_) => {}
            }
        }
    }

    async fn prove(&self, id: KeyId) -> Result<RevokeProgress, Error> {
        let key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        if key.status != Status::Revoking {
            return self.final_progress(id);
        }
        let profile = self.profile(&key.platform)?;
        if !self.read(|vault| Ok(self.can_probe(vault, &key)))? {
            return self.prove_unlisted(&key).await;
        }
        let requested = key.revocation.as_ref().map_or(key.added, |r| r.requested);
        let mut proving = Proving::new(profile, requested, &key);
        loop {
            // Taken back meanwhile, or settled by a list.
            if self.read(|vault| Ok(find(vault, id)?.status))? != Status::Revoking {
                return self.final_progress(id);
            }
            let asked = self.now();
            let verdict = self.probe(id).await?.verdict;
            proving.take(verdict, self.now());
            if proving.is_proved() {
                return self.proved(id, &proving);
            }
            if proving.turns_overdue(asked) {
                self.mark_overdue(id, &proving)?;
            }
            let stage = if proving.overdue { RevokeStage::Overdue } else { RevokeStage::Proving };
            self.tell(Progress::Revoke(self.report(id, &proving, stage)?));
            if proving.gives_up(self.now()) {
                let why = "it still works long after the platform's promise".into();
                return self.report(id, &proving, RevokeStage::Unproved { why });
            }
            self.inner.clock.sleep(proving.pause(self.now())).await;
            if self.vault_state() != VaultState::Unlocked {
                return Err(Error::Locked);
            }
        }
    }

    fn proved(&self, id: KeyId, proving: &Proving) -> Result<RevokeProgress, Error> {
        let mut key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let first = proving.first_refusal.unwrap_or(proving.requested);
        let window_ms = u64::try_from((first - proving.requested).num_milliseconds()).unwrap_or(0);
        key.status = Status::Revoked;
        if let Some(revocation) = &mut key.revocation {
            revocation.proved = Some(self.now());
            revocation.proof = Proof::Refused;
            revocation.window_ms = Some(window_ms);
            revocation.overdue = false;
        }
        let kind = EventKind::RevokeProved { window_ms, probes: proving.probes };
        let event = self.key_event(&key, kind);
        self.write(|change| {
            change.put_key(&key)?;
            change.log(&event)
        })?;
        self.report(id, proving, RevokeStage::Proved { window_ms: Some(window_ms) })
    }

    fn mark_overdue(&self, id: KeyId, proving: &Proving) -> Result<(), Error> {
        let mut key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        if let Some(revocation) = &mut key.revocation {
            revocation.overdue = true;
        }
        let after_s = u64::try_from((self.now() - proving.requested).num_seconds()).unwrap_or(0);
        let event = self.key_event(&key, EventKind::RevokeOverdue { after_s });
        self.write(|change| {
            change.put_key(&key)?;
            change.log(&event)
        })
    }

    /// No secret to try: the platform's list is the witness, after its own promise has passed.
    async fn prove_unlisted(&self, key: &Key) -> Result<RevokeProgress, Error> {
        if !self.profile(&key.platform)?.can(keywright_platforms::Capability::List) {
            return self.progress_of(
                key.id,
                RevokeStage::Unproved { why: "there is nothing here that could prove it".into() },
            );
        }
        self.refresh_one(key.connection).await?;
        let mut now = self.read(|vault| Ok(find(vault, key.id)?.clone()))?;
        if now.status == Status::Revoking && now.gone_since.is_some() {
            prove_by_list(&mut now, self.now());
            self.write(|change| change.put_key(&now))?;
        }
        self.final_progress(key.id)
    }

    fn final_progress(&self, id: KeyId) -> Result<RevokeProgress, Error> {
        let key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let stage = match (key.status, &key.revocation) {
            (Status::Revoked, Some(revocation)) if revocation.proof == Proof::Told => {
                RevokeStage::Told
            }
            (Status::Revoked, Some(revocation)) => {
                RevokeStage::Proved { window_ms: revocation.window_ms }
            }
            (Status::Revoked, None) => RevokeStage::Proved { window_ms: None },
            (Status::Revoking, _) => {
                RevokeStage::Unproved { why: "the platform still lists it".into() }
            }
            _ => RevokeStage::Unproved { why: "its revocation was taken back".into() },
        };
        self.progress_of(id, stage)
    }

    fn report(
        &self,
        id: KeyId,
        proving: &Proving,
        stage: RevokeStage,
    ) -> Result<RevokeProgress, Error> {
        let mut progress = self.progress_of(id, stage)?;
        progress.probes = proving.probes;
        progress.refusals = proving.refusals;
        progress.last.clone_from(&proving.last);
        Ok(progress)
    }
}

impl Proving {
    fn new(profile: std::sync::Arc<Profile>, requested: DateTime<Utc>, key: &Key) -> Self {
        Self {
            profile,
            requested,
            probes: 0,
            refusals: 0,
            first_refusal: None,
            alive: 0,
            overdue: key.revocation.as_ref().is_some_and(|revocation| revocation.overdue),
            last: None,
        }
    }

    /// Counts a verdict. Anything but a refusal breaks the row: "in a row" means that.
    fn take(&mut self, verdict: Verdict, now: DateTime<Utc>) {
        self.probes += 1;
        if verdict == Verdict::Dead {
            self.refusals += 1;
            self.first_refusal.get_or_insert(now);
        } else {
            self.refusals = 0;
            self.first_refusal = None;
            self.alive += 1;
        }
        self.last = Some(verdict);
    }

    fn is_proved(&self) -> bool {
        self.refusals >= self.profile.refusals_needed.max(1)
    }

    /// From when on a key that works breaks the promise, its margin included. The promise is
    /// counted from the platform's answer, so one that is kept is never called broken.
    fn alarm(&self) -> DateTime<Utc> {
        let alarm = self.profile.revoke_latency_s.saturating_add(self.profile.revoke_margin_s);
        let alarm = i64::try_from(alarm).unwrap_or(i64::MAX / 1000);
        self.requested
            + chrono::Duration::try_seconds(alarm).unwrap_or(chrono::Duration::days(3650))
    }

    /// True once: when a key worked that was tried after the promise and its margin.
    fn turns_overdue(&mut self, tried: DateTime<Utc>) -> bool {
        let works = self.last.as_ref().is_some_and(Verdict::works);
        let turns = tried >= self.alarm() && works && !self.overdue;
        self.overdue |= turns;
        turns
    }

    fn gives_up(&self, now: DateTime<Utc>) -> bool {
        let promise = i64::try_from(self.profile.revoke_latency_s).unwrap_or(i64::MAX);
        (now - self.requested).num_seconds() > promise.saturating_add(GIVE_UP_S)
    }

    /// No longer than until the moment of the alarm: it is raised in time.
    fn pause(&self, now: DateTime<Utc>) -> Duration {
        if self.refusals > 0 {
            return CONFIRM;
        }
        if self.overdue {
            return OVERDUE_PAUSE;
        }
        let usual = self.profile.poll_delay(self.alive.saturating_sub(1));
        let left = (self.alarm() - now).to_std().unwrap_or_default();
        if left.is_zero() { usual } else { usual.min(left) }
    }
}

const fn is_final(stage: &RevokeStage) -> bool {
    matches!(
        stage,
        RevokeStage::Proved { .. }
            | RevokeStage::Told
            | RevokeStage::Unproved { .. }
            | RevokeStage::Refused { .. }
    )
}
