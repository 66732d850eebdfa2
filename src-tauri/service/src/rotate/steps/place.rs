//! Putting the new key into every place of the old one: into all of them, or into none.

use keywright_model::{
    KeyId, Placement, PlacementId, Rotation,
    rotation::{PlanKind, Stop, StopState, Todo},
};

use crate::rotate::run::Came;
use crate::{
    Error, Service,
    keys::find,
    places::put_placement,
    wire::{PlaceKey, PlaceTarget},
};

impl Service {
    pub(in crate::rotate) async fn place_step(&self, run: Rotation) -> Result<Came, Error> {
        self.note_placed(&run, false)?;
        let run = self.rotation(run.id)?;
        // While the old key works, no client gets one that the platform refuses.
        let placed = run.places.iter().any(|stop| stop.state == StopState::Placed);
        if !placed
            && !run.ends_old_first()
            && run.plan != PlanKind::Overlap
            && let Err(came) = self.try_new(&run).await?
        {
            return Ok(came);
        }
        let mut targets = Vec::new();
        for placement in self.open_placements(&run, &Todo::Write)? {
            targets.push(self.checked_target(&run, &placement)?);
        }
        let files = targets.len();
        if !targets.is_empty() {
            self.write_files(PlaceKey { key: run.new, targets, insist: run.insist }).await?;
        }
        self.note_placed(&run, true)?;
        for placement in self.open_placements(&self.rotation(run.id)?, &Todo::Store)? {
            self.store_again(&run, &placement).await?;
        }
        self.follow(&run)?;
        Ok(Came::Done(match files {
            0 => "There was no file to write.".into(),
            1 => "One file has the new key; it was read again.".into(),
            files => format!("{files} files have the new key; each was read again."),
        }))
    }

    /// Files are written on a thread of their own: they may wait for a client's lock.
    pub(in crate::rotate) async fn write_files(&self, request: PlaceKey) -> Result<(), Error> {
        let service = self.clone();
        let written = tokio::task::spawn_blocking(move || service.place_key(request)).await;
        match written {
            Ok(report) => report.map(drop),
            Err(_) => Err(Error::Stopped),
        }
    }

    /// The placements of the stops that are still to be done in one way.
    fn open_placements(&self, run: &Rotation, todo: &Todo) -> Result<Vec<Placement>, Error> {
        self.read(|vault| {
            let open = run.to_write().filter(|stop| stop.todo == *todo);
            let ids = open.filter_map(|stop| stop.placement);
            Ok(ids.filter_map(|id| vault.index().placement(id).cloned()).collect())
        })
    }

    /// Where to write, when the definition leads to the very node of the old key.
    fn checked_target(&self, run: &Rotation, placement: &Placement) -> Result<PlaceTarget, Error> {
        let what = self.what(placement);
        let elsewhere = || Error::NotPossible {
            why: format!(
                "the definition of its client no longer leads to where the key is: {what}"
            ),
            advice: "Change it there by hand and leave it out here.".into(),
        };
        let target = Self::target_of(placement).ok_or_else(elsewhere)?;
        let (key, secret) = self.key_and_secret(run.new)?;
        let planned = self.plan(&key, &secret, &target)?;
        let planned = planned.map_err(|refused| Error::NotPossible {
            why: format!("{what}: {}", refused.why),
            advice: refused.advice,
        })?;
        if planned.node.to_string() != placement.node {
            return Err(elsewhere());
        }
        Ok(target)
    }

    /// Finds the places that have the new key already: those just written, and those that a run
    /// wrote before it was cut short. A place that lost the new key is noted under it already, and
    /// counts only when it was written again.
    fn note_placed(&self, run: &Rotation, written: bool) -> Result<(), Error> {
        let (old, new): (Vec<Placement>, Vec<Placement>) = self.read(|vault| {
            let of = |key: KeyId| {
                let all = vault.index().placements();
                all.filter(|place| place.key == key).cloned().collect()
            };
            Ok((of(run.old), of(run.new)))
        })?;
        let writings: Vec<(PlacementId, PlacementId)> = self.read(|vault| {
            let own = vault.index().writings().filter(|writing| writing.key == run.new);
            Ok(own
                .filter_map(|w| w.replaces.as_ref().map(|before| (before.id, w.placement.id)))
                .collect())
        })?;
        self.update_run(run.id, |run| {
            for stop in run.places.iter_mut().filter(|stop| stop.state == StopState::Open) {
                let Some(id) = stop.placement else { continue };
                if old.iter().any(|place| place.id == id) {
                    continue;
                }
                if new.iter().any(|place| place.id == id) {
                    if written {
                        stop.state = StopState::Placed;
                    }
                    continue;
                }
                // A place may have been written, put back and written again.
                let became = |place: &&Placement| writings.contains(&(id, place.id));
                if let Some(now) = new.iter().find(became) {
                    stop.placement = Some(now.id);
                    stop.state = StopState::Placed;
                }
            }
        })
        .map(drop)
    }

    /// References stay as they are; from now on they stand for the new key.
    fn follow(&self, run: &Rotation) -> Result<(), Error> {
        let run = self.rotation(run.id)?;
        for placement in self.open_placements(&run, &Todo::Follow)? {
            self.hand_over(&run, placement.id, run.new, StopState::Placed)?;
        }
        Ok(())
    }

    /// Notes a placement under the other key of the run. No file is touched.
    pub(in crate::rotate) fn hand_over(
        &self,
        run: &Rotation,
        id: PlacementId,
        to: KeyId,
        state: StopState,
    ) -> Result<(), Error> {
        let (placement, mut from) = self.read(|vault| {
            let placement = vault.index().placement(id).cloned();
            let placement = placement.ok_or(Error::NotFound { what: "place" })?;
            let from = find(vault, placement.key)?.clone();
            Ok((placement, from))
        })?;
        let moved = Placement { key: to, ..placement };
        let line = self.use_line(&moved);
        from.uses.retain(|noted| noted.placement != Some(id));
        self.update_run_and(
            run.id,
            |run| {
                let own = |stop: &&mut Stop| stop.placement == Some(id);
                if let Some(stop) = run.places.iter_mut().find(own) {
                    stop.state = state;
                }
            },
            |change| {
                if from.id != to {
                    change.put_key(&from)?;
                }
                put_placement(change, &moved, line, None)
            },
        )
        .map(drop)
    }

    /// Sets a platform's secret anew, by its API.
    async fn store_again(&self, run: &Rotation, placement: &Placement) -> Result<(), Error> {
        let stored = self.store_in(run.new, placement).await?;
        self.update_run(run.id, |run| {
            let own = |stop: &&mut Stop| stop.placement == Some(placement.id);
            if let Some(stop) = run.places.iter_mut().find(own) {
                stop.placement = Some(stored.id);
                stop.state = StopState::Placed;
            }
        })
        .map(drop)
    }
}
