//! Nothing is revoked before the new key was tried and every place was read again.

use keywright_model::{
    KeyId, Placement, PlacementState, Rotation, Verdict,
    rotation::{Outcome, Step, StopState, Wait},
};

use crate::rotate::run::Came;
use crate::{Error, Service, error::sentence};

/// A key is tried so often before "dead" is believed.
const TRIES: usize = 6;
/// Times that a file which lost the key is written again before a person is asked.
const REWRITES: usize = 2;

impl Service {
    pub(in crate::rotate) async fn verify_step(&self, run: Rotation) -> Result<Came, Error> {
        let mut by = Vec::new();
        match self.try_new(&run).await? {
            Ok(words) => by.push(words),
            Err(came) => return Ok(came),
        }
        if let Some(came) = self.read_places_again(&run)? {
            return Ok(came);
        }
        let run = self.rotation(run.id)?;
        let placed = run.places.iter().filter(|stop| stop.state == StopState::Placed).count();
        match placed {
            0 => {}
            1 => by.push("its place was read again and has it".into()),
            placed => by.push(format!("its {placed} places were read again and have it")),
        }
        let open: Vec<&str> = run.to_confirm().map(|stop| stop.what.as_str()).collect();
        if !open.is_empty() {
            return Ok(Came::person(
                format!("the new key has to be put by hand into: {}", open.join("; ")),
                while_old_works(&run, "Confirm each when it is done."),
            ));
        }
        let left: Vec<&str> = run
            .places
            .iter()
            .filter(|stop| matches!(stop.state, StopState::LeftOut { .. }))
            .map(|stop| stop.what.as_str())
            .collect();
        if !left.is_empty() && run.overrides.is_empty() {
            return Ok(Came::person(
                format!("these places keep the old key and will stop working: {}", left.join("; ")),
                "Type the key's name to go on all the same.",
            ));
        }
        let confirmed = run.places.iter().any(|s| matches!(s.state, StopState::Confirmed { .. }));
        if confirmed {
            by.push("somebody confirmed what was done by hand".into());
        }
        // Last, because it is what takes longest.
        if let Some(came) = self.hear_clients(&run, &mut by).await? {
            return Ok(came);
        }
        let words = sentence(&by.join(", "));
        let now = self.now();
        self.update_run(run.id, |run| {
            run.verified = Some(now);
            run.verified_by.clone_from(&words);
        })?;
        Ok(Came::Done(words))
    }

    /// Asks the clients themselves. What they refuse is kept, so that it can be overridden.
    async fn hear_clients(
        &self,
        run: &Rotation,
        by: &mut Vec<String>,
    ) -> Result<Option<Came>, Error> {
        let heard = self.ask_clients(run).await?;
        by.extend(heard.takes);
        if heard.refused != run.doubts {
            self.update_run(run.id, |run| run.doubts.clone_from(&heard.refused))?;
        }
        // What was overridden before this was known is something else.
        let overridden =
            |doubt: &str| run.overrides.iter().any(|overridden| overridden.what.contains(doubt));
        let refused = heard.refused.iter().map(String::as_str);
        let refused: Vec<&str> = refused.filter(|doubt| !overridden(doubt)).collect();
        if refused.is_empty() {
            return Ok(None);
        }
        let advice = "Look at its file and at the client, then try again, or go on all the same.";
        Ok(Some(Came::person(
            format!("refused by its own check: {}", refused.join("; ")),
            while_old_works(run, advice),
        )))
    }

    /// Tries the new key by the platform's own probe.
    pub(super) async fn try_new(&self, run: &Rotation) -> Result<Result<String, Came>, Error> {
        Ok(match self.tried(run.new).await? {
            None => Ok("nothing here can try the new key".into()),
            Some(Verdict::Alive) => Ok("the platform takes the new key".into()),
            Some(Verdict::Limited { .. }) => {
                Ok("the platform takes the new key, within its scopes".into())
            }
            Some(Verdict::Dead) => Err(Came::person(
                format!("{} refuses the new key", self.platform_name(run)?),
                "Nothing was revoked: the old key works. Try again, or take it back.",
            )),
            Some(Verdict::Unknown { why }) => Err(Came::waits(
                Wait::Network,
                format!("the new key could not be tried: {why}"),
                "It goes on when the platform can be reached.",
            )),
        })
    }

    fn platform_name(&self, run: &Rotation) -> Result<String, Error> {
        Ok(self.profile(&self.connection(run.connection)?.platform)?.name.clone())
    }

    /// Tries a key; one that looks dead several times, because some platforms spread a fresh one
    /// first. None where nothing here can try it.
    pub(super) async fn tried(&self, id: KeyId) -> Result<Option<Verdict>, Error> {
        let key = self.read(|vault| {
            let key = vault.index().key(id);
            Ok(key.filter(|key| self.can_probe(vault, key)).cloned())
        })?;
        let Some(key) = key else { return Ok(None) };
        let profile = self.profile(&key.platform)?;
        for attempt in 1..TRIES {
            match self.probe(id).await?.verdict {
                Verdict::Dead => self.inner.clock.sleep(profile.poll_delay(attempt - 1)).await,
                verdict => return Ok(Some(verdict)),
            }
        }
        self.probe(id).await.map(|probe| Some(probe.verdict))
    }

    /// Reads all places of the new key. A file that lost it is written again, a few times.
    fn read_places_again(&self, run: &Rotation) -> Result<Option<Came>, Error> {
        self.look_at_places(&|placement: &Placement| placement.key == run.new)?;
        let lost: Vec<(usize, String, PlacementState)> = self.read(|vault| {
            let stops = run.places.iter().enumerate();
            let placed = stops.filter(|(_, stop)| stop.state == StopState::Placed);
            let lost = placed.filter_map(|(at, stop)| {
                let place = vault.index().placement(stop.placement?)?;
                let here = self.inner.home.machine().is_some_and(|own| place.is_here(&own.name));
                let bad = here && place.state != PlacementState::InSync;
                bad.then(|| (at, stop.what.clone(), place.state))
            });
            Ok(lost.collect())
        })?;
        if lost.is_empty() {
            return Ok(None);
        }
        let names: Vec<&str> = lost.iter().map(|(_, what, _)| what.as_str()).collect();
        let names = names.join("; ");
        let before = run
            .lines
            .iter()
            .filter(|line| line.step == Step::Verify && line.outcome == Outcome::Failed)
            .count();
        let unreadable = lost.iter().any(|(_, _, state)| *state == PlacementState::Unreadable);
        if before >= REWRITES || unreadable {
            return Ok(Some(Came::person(
                format!("another program keeps changing, or broke: {names}"),
                while_old_works(run, "Quit it, look at the file, then go on."),
            )));
        }
        self.update_run(run.id, |run| {
            for (at, ..) in &lost {
                if let Some(stop) = run.places.get_mut(*at) {
                    stop.state = StopState::Open;
                }
            }
        })?;
        Ok(Some(Came::Again(format!(
            "The new key is no longer in {names}: it is put there again."
        ))))
    }
}

/// What to do, and that there is time for it where there is.
fn while_old_works(run: &Rotation, advice: &str) -> String {
    if run.ends_old_first() {
        advice.to_owned()
    } else {
        format!("{advice} The old key works until then.")
    }
}
