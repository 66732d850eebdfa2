//! Many keys at once: one plan, a bound on what goes on at the same time, partial failure shown.

use keywright_model::{
    BulkId, EventKind, Key, KeyId, Operation, OperationState, Request, RotationId, RotationState,
    rotation::{Outcome, Wait},
};

use super::{plan::problem, rows::number};
use crate::{
    Error, Service,
    keys::find,
    wire::{BulkAct, BulkAsk, BulkBegun, BulkLine, BulkProgress, Progress, RotateKey},
};

impl Service {
    /// Begins a change of many keys. Replacements go on with [`Service::run_bulk`], revocations and
    /// new names with [`Service::run_queue`]; an interval is changed at once.
    pub fn start_bulk(&self, ask: &BulkAsk) -> Result<BulkBegun, Error> {
        let plan = self.plan_bulk(ask.clone())?;
        if let Some(word) = plan.type_to_confirm.as_ref().filter(|w| ask.typed.trim() != *w) {
            let message = format!("type “{word}” to confirm");
            return Err(Error::Invalid(vec![problem("typed", message)]));
        }
        let (lines, mut left): (Vec<BulkLine>, Vec<BulkLine>) =
            plan.lines.into_iter().partition(|line| line.blocked.is_empty());
        let keys: Vec<KeyId> = lines.iter().map(|line| line.key).collect();
        let bulk = BulkId::make();
        match &ask.act {
            BulkAct::Rotate { revoke_first, grace_s, lifetime } => {
                let like = |key| RotateKey {
                    reason: ask.reason.clone(),
                    revoke_first: *revoke_first,
                    grace_s: *grace_s,
                    lifetime: *lifetime,
                    insist: true,
                    ..RotateKey::of(key)
                };
                left.extend(self.queue_runs(bulk, &lines, like)?);
            }
            BulkAct::Revoke | BulkAct::Relabel { .. } => {
                self.queue_changes(&keys, &ask.act, &ask.reason)?;
            }
            BulkAct::Policy { days } => self.set_policy(&keys, *days)?,
        }
        let total = number(lines.len().saturating_sub(
            left.len().saturating_sub(usize::try_from(plan.left).unwrap_or_default()),
        ));
        Ok(BulkBegun { bulk, keys: total, left })
    }

    /// Has the replacements of a selection go on, some at a time, and tells how far they are. Takes
    /// up what was stopped before.
    ///
    /// Must run inside a tokio runtime.
    pub async fn run_bulk(&self, bulk: BulkId) -> Result<BulkProgress, Error> {
        let ready: Vec<RotationId> = self.read(|vault| {
            let open = vault.index().rotations().filter(|run| run.bulk == Some(bulk));
            let ready = open.filter(|run| {
                matches!(
                    run.state,
                    RotationState::Queued
                        | RotationState::Running
                        | RotationState::Waiting { wait: Wait::Network | Wait::Until(_), .. }
                )
            });
            Ok(ready.map(|run| run.id).collect())
        })?;
        let tell = || {
            if let Ok(progress) = self.bulk_progress(bulk) {
                self.tell(Progress::Bulk(progress));
            }
        };
        self.run_many(ready, &tell).await;
        self.bulk_progress(bulk)
    }

    /// Ends the replacements of a selection that have not begun. Those at work go on: a key in the
    /// midst of its replacement is not left there.
    pub fn cancel_bulk(&self, bulk: BulkId) -> Result<BulkProgress, Error> {
        let now = self.now();
        let queued: Vec<RotationId> = self.read(|vault| {
            let own = vault.index().rotations().filter(|run| run.bulk == Some(bulk));
            let queued = own.filter(|run| run.state == RotationState::Queued);
            Ok(queued.map(|run| run.id).collect())
        })?;
        self.write(|change| {
            for id in &queued {
                let Some(mut run) = change.rotation(*id).cloned() else { continue };
                // One that began meanwhile goes on.
                if run.state != RotationState::Queued {
                    continue;
                }
                let why = "stopped before it began".to_owned();
                run.note(run.step, Outcome::Decided, "Stopped before it began.".into(), now);
                run.state = RotationState::Closed { why };
                change.put_rotation(&run)?;
            }
            Ok(())
        })?;
        self.bulk_progress(bulk)
    }

    /// Writes down all runs in one transaction. Tells those that cannot begin after all.
    fn queue_runs(
        &self,
        bulk: BulkId,
        lines: &[BulkLine],
        like: impl Fn(KeyId) -> RotateKey,
    ) -> Result<Vec<BulkLine>, Error> {
        let mut runs = Vec::new();
        let mut left = Vec::new();
        for line in lines {
            let request = like(line.key);
            let plan = self.plan_rotation(request.clone())?;
            let problem = plan.problems.first().map(|problem| problem.message.clone());
            match plan.blocked.first().cloned().or(problem) {
                Some(blocked) => left.push(BulkLine { blocked, ..line.clone() }),
                None => runs.push(self.run_of(&plan, request, Some(bulk))?),
            }
        }
        self.write_runs(&runs)?;
        Ok(left)
    }

    /// Revocations and new names become drafts: the queue sends each once, and checks it before.
    fn queue_changes(&self, keys: &[KeyId], act: &BulkAct, reason: &str) -> Result<(), Error> {
        let mut drafts = Vec::new();
        for id in keys {
            let key = self.read(|vault| Ok(find(vault, *id)?.clone()))?;
            let connection = self.connection(key.connection)?;
            let request = change_request(&key, act, reason);
            let state = OperationState::Draft;
            drafts.push(Operation { state, ..self.new_operation(&connection, request) });
        }
        self.write(|change| drafts.iter().try_for_each(|draft| change.put_operation(draft)))
    }

    fn set_policy(&self, keys: &[KeyId], days: u32) -> Result<(), Error> {
        if days > 0 {
            crate::settings::check_rotation_days("days", days)?;
        }
        let mut changed = Vec::new();
        for id in keys {
            let mut key = self.read(|vault| Ok(find(vault, *id)?.clone()))?;
            key.rotation_days = (days > 0).then_some(days);
            let fields = vec!["rotation_days".to_owned()];
            changed.push((self.key_event(&key, EventKind::KeyEdited { fields }), key));
        }
        self.write(|change| {
            changed.iter().try_for_each(|(event, key)| {
                change.put_key(key)?;
                change.log(event)
            })
        })
    }
}

fn change_request(key: &Key, act: &BulkAct, reason: &str) -> Request {
    let (id, remote_id) = (key.id, key.remote_id.clone().unwrap_or_default());
    match act {
        BulkAct::Relabel { find, with } => Request::Relabel {
            key: id,
            remote_id,
            name: key.name.clone(),
            to: key.name.replace(find.as_str(), with),
        },
        _ => Request::Revoke {
            key: id,
            remote_id,
            name: key.title().to_owned(),
            reason: reason.to_owned(),
        },
    }
}
