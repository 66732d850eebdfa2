//! Beginning a run: what was planned is written down, with the new key's id.

use keywright_model::{
    BulkId, EventKind, KeyId, Rotation, RotationId, RotationState,
    rotation::{Course, Step, Wish},
};

use super::plan::problem;
use crate::{
    Error, Service,
    keys::find,
    wire::{RotateKey, RotationPlan, RotationRow},
};

impl Service {
    /// Begins to replace a key. The run itself is done by [`Service::run_rotation`].
    pub fn start_rotation(&self, request: RotateKey) -> Result<RotationRow, Error> {
        let plan = self.plan_rotation(request.clone())?;
        may_begin(&plan, &request)?;
        let run = self.run_of(&plan, request, None)?;
        self.write_runs(std::slice::from_ref(&run))?;
        self.tell_moved(run.id);
        self.rotation_row(run.id)
    }

    /// The record of a run that is to begin.
    pub(super) fn run_of(
        &self,
        plan: &RotationPlan,
        request: RotateKey,
        bulk: Option<BulkId>,
    ) -> Result<Rotation, Error> {
        let key = self.read(|vault| Ok(find(vault, request.key)?.clone()))?;
        let now = self.now();
        Ok(Rotation {
            id: RotationId::make(),
            bulk,
            old: key.id,
            new: KeyId::make(),
            connection: key.connection,
            title: key.title().to_owned(),
            plan: plan.plan,
            wish: Wish {
                name: plan.name.clone(),
                scopes: plan.scopes.clone(),
                lifetime: plan.lifetime,
            },
            reason: request.reason.trim().to_owned(),
            revoke_first: request.revoke_first,
            grace_s: u64::from(request.grace_s),
            hold_back: request.hold_back && plan.can_hold_back,
            insist: request.insist,
            places: self.stops_of(&key)?,
            course: Course::Forward,
            step: Step::Check,
            state: RotationState::Queued,
            create: None,
            revoke: None,
            by_id: None,
            checked: None,
            verified: None,
            verified_by: String::new(),
            doubts: Vec::new(),
            grace_until: None,
            overrides: Vec::new(),
            lines: Vec::new(),
            asked: now,
            changed: now,
        })
    }

    /// Writes new runs and their events, all in one transaction.
    pub(super) fn write_runs(&self, runs: &[Rotation]) -> Result<(), Error> {
        let mut events = Vec::new();
        for run in runs {
            let key = self.read(|vault| Ok(find(vault, run.old)?.clone()))?;
            let kind = EventKind::RotationStarted { reason: run.reason.clone() };
            events.push(self.key_event(&key, kind));
        }
        self.write(|change| {
            runs.iter().try_for_each(|run| change.put_rotation(run))?;
            events.iter().try_for_each(|event| change.log(event))
        })
    }
}

/// Refuses what a plan does not allow.
fn may_begin(plan: &RotationPlan, request: &RotateKey) -> Result<(), Error> {
    if let Some(why) = plan.blocked.first() {
        let advice = "Nothing was changed.".into();
        return Err(Error::NotPossible { why: why.trim_end_matches('.').to_owned(), advice });
    }
    if !plan.problems.is_empty() {
        return Err(Error::Invalid(plan.problems.clone()));
    }
    if let Some(word) = plan.type_to_confirm.as_ref().filter(|word| request.typed.trim() != *word) {
        let message = format!("the old secret dies at once: type “{word}” to confirm");
        return Err(Error::Invalid(vec![problem("typed", message)]));
    }
    if !plan.ready {
        let why = plan.warnings.first().cloned().unwrap_or_default();
        return Err(Error::NotPossible {
            why: format!("a place has a warning that has to be taken first: {why}"),
            advice: "Read the warnings, and insist if it is meant so.".into(),
        });
    }
    Ok(())
}
