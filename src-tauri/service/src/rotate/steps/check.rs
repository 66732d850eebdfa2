//! The first step: the platform itself says whether all is as it should be.

use chrono::Duration;
use keywright_model::{Rotation, Status, rotation::PlanKind};

use crate::rotate::{next_name::next_name, run::Came};
use crate::{Error, Service, rows::may_work};

/// A list that is no older than this is fresh enough: many runs on one connection share it.
const FRESH: Duration = Duration::seconds(60);

impl Service {
    pub(in crate::rotate) async fn check_step(&self, run: Rotation) -> Result<Came, Error> {
        let connection = self.connection(run.connection)?;
        let asks = run.plan != PlanKind::Guided && connection.has_credential;
        if asks {
            self.refresh_stale(&connection).await?;
        }
        if let Some(came) = self.no_room(&run)? {
            return Ok(came);
        }
        let name = self.free_name(&run)?;
        if name.is_empty() {
            return Ok(Came::person(
                format!("the platform takes no other name like “{}”", run.wish.name),
                "Take the run back and begin again with a name of your own.",
            ));
        }
        let now = self.now();
        let renamed = name != run.wish.name;
        self.update_run(run.id, |run| {
            run.checked = Some(now);
            run.wish.name.clone_from(&name);
        })?;
        let gone = self.read(|vault| {
            Ok(vault.index().key(run.old).is_some_and(|key| {
                key.gone_since.is_some() || matches!(key.status, Status::Revoked)
            }))
        })?;
        let mut words = match (asks, gone) {
            (true, true) => {
                "The platform no longer lists the old key: a new one is needed all the more."
                    .to_owned()
            }
            (true, false) => "The credential works, and the platform lists the old key.".to_owned(),
            (false, _) => "There is no API to ask: a person does it in the dashboard.".to_owned(),
        };
        if renamed {
            words = format!("{words} The new key will be called “{name}”.");
        }
        Ok(Came::Done(words))
    }

    /// Reads the list again where it is not fresh.
    pub(in crate::rotate) async fn refresh_stale(
        &self,
        connection: &keywright_model::Connection,
    ) -> Result<(), Error> {
        let now = self.now();
        let fresh = connection
            .refreshed
            .is_some_and(|at| now - at < FRESH && at <= now && connection.trouble.is_empty());
        if fresh { Ok(()) } else { self.refresh_one(connection.id).await.map(drop) }
    }

    /// The platform's bound on keys leaves no room for one more.
    fn no_room(&self, run: &Rotation) -> Result<Option<Came>, Error> {
        let beside = matches!(run.plan, PlanKind::CreateThenRevoke | PlanKind::Guided);
        let connection = self.connection(run.connection)?;
        let profile = self.profile(&connection.platform)?;
        let Some(most) = profile.facts.max_keys.filter(|_| beside) else { return Ok(None) };
        let now = self.now();
        let there = self.read(|vault| {
            let keys = vault.index().keys();
            Ok(keys.filter(|k| k.connection == run.connection && may_work(k, now)).count())
        })?;
        let full = u32::try_from(there).unwrap_or(u32::MAX) >= most;
        Ok(full.then(|| {
            Came::person(
                format!("{} allows {most} keys, and that many are there", profile.name),
                "Revoke one that nobody needs, then go on.",
            )
        }))
    }

    /// The wished name, or the next one like it where the platform refuses it now.
    fn free_name(&self, run: &Rotation) -> Result<String, Error> {
        let connection = self.connection(run.connection)?;
        let profile = self.profile(&connection.platform)?;
        if matches!(run.plan, PlanKind::InPlace | PlanKind::Overlap) {
            return Ok(run.wish.name.clone());
        }
        let names = self.names_in(&connection)?;
        let usable = |name: &str| {
            let taken = profile.facts.name_unique && names.iter().any(|other| other == name);
            !taken && profile.check_name(name).is_none()
        };
        if usable(&run.wish.name) {
            return Ok(run.wish.name.clone());
        }
        Ok(next_name(&run.wish.name, usable))
    }
}
