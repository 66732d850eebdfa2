//! Taking a run back: every place gets the old key again.

use keywright_model::{
    Placement, Rotation, Verdict, Writing, WritingState,
    rotation::{Course, Stop, StopState, Todo, Wait},
};

use crate::rotate::{act::no_way_back, run::Came};
use crate::{Error, Service, wire::PlaceKey};

impl Service {
    /// Before a place gets the old key again, and before the new one ends: the old one has to
    /// work. Where it does not, somebody ended it meanwhile, and the run goes forward again.
    pub(in crate::rotate) async fn nothing_to_go_back_to(
        &self,
        run: &Rotation,
        must_know: bool,
    ) -> Result<Option<Came>, Error> {
        if self.read(|vault| Ok(no_way_back(vault, run)))?.is_none() {
            match self.tried(run.old).await? {
                Some(Verdict::Dead) => {}
                Some(Verdict::Unknown { why }) if must_know => {
                    return Ok(Some(Came::waits(
                        Wait::Network,
                        format!("the old key could not be tried: {why}"),
                        "The new one ends only when the old one works. It goes on when the \
                         platform can be reached.",
                    )));
                }
                _ => return Ok(None),
            }
        }
        self.update_run(run.id, |run| {
            run.course = Course::Forward;
            run.verified = None;
        })?;
        Ok(Some(Came::Again("The old key no longer works, so the new one stays.".into())))
    }

    pub(in crate::rotate) async fn put_back_step(&self, run: Rotation) -> Result<Came, Error> {
        let mut anew = Vec::new();
        for (at, stop) in run.places.iter().enumerate() {
            if stop.state != StopState::Placed {
                continue;
            }
            let Some(id) = stop.placement else { continue };
            if stop.todo == Todo::Follow {
                self.hand_over(&run, id, run.old, StopState::Open)?;
                continue;
            }
            let Some(placement) = self.read(|vault| Ok(vault.index().placement(id).cloned()))?
            else {
                // It was taken back already, by hand or before a crash.
                self.reopen(&run, at, None)?;
                continue;
            };
            if stop.todo == Todo::Store {
                let stored = self.store_in(run.old, &placement).await?;
                self.reopen(&run, at, Some(stored))?;
                continue;
            }
            match self.undo_stop(&placement).await {
                Ok(before) => self.reopen(&run, at, before)?,
                Err(error @ (Error::Locked | Error::Vault(_))) => return Err(error),
                // The file moved on: the old key is put where the new one is.
                Err(_) => anew.push((at, placement)),
            }
        }
        if !anew.is_empty() {
            self.put_old_back(&run, anew).await?;
        }
        let run = self.rotation(run.id)?;
        let by_hand: Vec<&str> = run
            .places
            .iter()
            .filter(|stop| matches!(stop.state, StopState::Confirmed { .. }))
            .map(|stop| stop.what.as_str())
            .collect();
        if !by_hand.is_empty() {
            return Ok(Came::person(
                format!("the old key has to be put back by hand into: {}", by_hand.join("; ")),
                "Confirm each when it is done. The new key works until then.",
            ));
        }
        Ok(Came::Done("Every place has the old key.".into()))
    }

    /// Takes back the write that put the new key there. Tells the placement that stands there now.
    async fn undo_stop(&self, placement: &Placement) -> Result<Option<Placement>, Error> {
        let writing: Option<Writing> = self.read(|vault| {
            let own = vault.index().writings().filter(|writing| {
                writing.placement.id == placement.id && writing.state == WritingState::Done
            });
            Ok(own.max_by_key(|writing| writing.asked).cloned())
        })?;
        let writing = writing.ok_or(Error::NotFound { what: "write" })?;
        let (service, id) = (self.clone(), writing.id);
        match tokio::task::spawn_blocking(move || service.undo_writing(id)).await {
            Ok(done) => done.map(|()| writing.replaces),
            Err(_) => Err(Error::Stopped),
        }
    }

    /// Puts the old key into files that moved on since: its value alone changes.
    async fn put_old_back(
        &self,
        run: &Rotation,
        places: Vec<(usize, Placement)>,
    ) -> Result<(), Error> {
        let targets: Vec<_> =
            places.iter().filter_map(|(_, place)| Self::target_of(place)).collect();
        self.write_files(PlaceKey { key: run.old, targets, insist: true }).await?;
        for (at, place) in places {
            let back = self.read(|vault| {
                let mut all = vault.index().placements();
                let same = |other: &&Placement| {
                    other.key == run.old && other.file == place.file && other.node == place.node
                };
                Ok(all.find(same).cloned())
            })?;
            self.reopen(run, at, back)?;
        }
        Ok(())
    }

    /// The place has the old key again.
    fn reopen(&self, run: &Rotation, at: usize, now: Option<Placement>) -> Result<(), Error> {
        self.update_run(run.id, |run| {
            if let Some(stop) = run.places.get_mut(at) {
                *stop = Stop {
                    placement: now.map(|placement| placement.id).or(stop.placement),
                    state: StopState::Open,
                    ..stop.clone()
                };
            }
        })
        .map(drop)
    }
}
