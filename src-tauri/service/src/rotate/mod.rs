//! Replacing keys: runs of steps that resume, or are taken back.
//!
//! | a person wants to | use case | file |
//! |---|---|---|
//! | see what replacing a key would do | `plan_rotation` | `plan` |
//! | begin | `start_rotation` | `start` |
//! | have it go on | `run_rotation`, `resume_rotations` | `run` |
//! | bring the key made in a dashboard | `bring_new_key` | `steps/create` |
//! | confirm, leave out, override, take back, finish by hand | `act_on_rotation` | `act` |
//! | see how it stands | `list_rotations`, `rotation_report`, `export_report` | `rows`, `report` |
//! | act on a leak | `look_up_leak`, `replace_leaked` | `leak` |
//! | change many at once | `plan_bulk`, `start_bulk`, `run_bulk`, `cancel_bulk` | `bulk` |
//! | do any of it without waiting | `begin_rotation`, `carry_on_rotation`… | `front` |
//!
//! The record holds what was decided; what comes next follows from it and from what the vault
//! shows ([`keywright_model::rotation::next`]). So a run goes on from wherever it was cut short,
//! and a step that was done and not written down is found done. Each step is written down before
//! and after; what it changes is journalled besides, by the operation or by the writings of files.

mod act;
mod bulk;
mod bulk_plan;
mod front;
mod leak;
mod markdown;
mod next_name;
mod plan;
mod plan_words;
mod report;
mod rows;
mod run;
mod start;
mod steps;
mod stops;
mod ways;
mod words;

pub(crate) use run::AT_ONCE;

use keywright_model::{
    KeyId, Rotation, RotationId, RotationState,
    rotation::{Shown, Violation, violations},
};

use keywright_vault::{Change, Vault};

use crate::{Error, Service};

impl Service {
    /// One run.
    pub(crate) fn rotation(&self, id: RotationId) -> Result<Rotation, Error> {
        self.read(|vault| {
            vault.index().rotation(id).cloned().ok_or(Error::NotFound { what: "rotation" })
        })
    }

    /// What the vault shows of a run's keys.
    pub(crate) fn shown(&self, run: &Rotation) -> Result<Shown, Error> {
        self.read(|vault| Ok(shown_in(vault, run)))
    }

    /// Changes a run as it is now, in one transaction.
    pub(crate) fn update_run(
        &self,
        id: RotationId,
        change_it: impl FnOnce(&mut Rotation),
    ) -> Result<Rotation, Error> {
        self.update_run_and(id, change_it, |_| Ok(()))
    }

    /// The same, with what is to be written along with it.
    pub(crate) fn update_run_and(
        &self,
        id: RotationId,
        change_it: impl FnOnce(&mut Rotation),
        also: impl FnOnce(&mut Change<'_>) -> Result<(), keywright_vault::Error>,
    ) -> Result<Rotation, Error> {
        let changed = self.now();
        self.write(|change| {
            let mut run = change.rotation(id).cloned().ok_or(keywright_vault::Error::NoRecord)?;
            change_it(&mut run);
            run.changed = changed;
            change.put_rotation(&run)?;
            also(change)?;
            Ok(run)
        })
    }

    /// The open run of a key, whether it goes or comes.
    pub(crate) fn open_run_of(&self, key: KeyId) -> Result<Option<RotationId>, Error> {
        self.read(|vault| Ok(open_run_in(vault, key)))
    }

    /// What is wrong with a run, which must be nothing.
    pub(crate) fn violations_of(&self, run: &Rotation) -> Result<Vec<Violation>, Error> {
        self.read(|vault| Ok(violations_in(vault, run)))
    }

    /// What is wrong with any run.
    pub fn rotation_violations(&self) -> Result<Vec<(RotationId, Violation)>, Error> {
        let runs: Vec<Rotation> =
            self.read(|vault| Ok(vault.index().rotations().cloned().collect()))?;
        let mut wrong = Vec::new();
        for run in runs.iter().filter(|run| run.state != RotationState::Queued) {
            wrong.extend(self.violations_of(run)?.into_iter().map(|what| (run.id, what)));
        }
        Ok(wrong)
    }
}

fn shown_in(vault: &Vault, run: &Rotation) -> Shown {
    let index = vault.index();
    let new = index.key(run.new);
    let state = |id: Option<_>| {
        id.and_then(|id| index.operation(id)).map(|operation| operation.state.clone())
    };
    Shown {
        made: new.is_some_and(keywright_model::Key::has_secret),
        create: state(run.create),
        revoke: state(run.revoke),
        old: index.key(run.old).map_or(keywright_model::Status::Revoked, |key| key.status),
        new: new.map(|key| key.status).unwrap_or_default(),
    }
}

/// What is wrong with a run by what the vault holds, which must be nothing.
pub(crate) fn violations_in(vault: &Vault, run: &Rotation) -> Vec<Violation> {
    let places = vault.index().placements();
    let own = places.filter(|place| place.key == run.old || place.key == run.new);
    violations(run, &shown_in(vault, run), &own.cloned().collect::<Vec<_>>())
}

/// The open run of a key, whether it goes or comes.
pub(crate) fn open_run_in(vault: &Vault, key: KeyId) -> Option<RotationId> {
    let mut open = vault.index().rotations().filter(|run| run.is_open());
    open.find(|run| run.old == key || run.new == key).map(|run| run.id)
}
