//! A request whose answer was lost: found out by the platform's list, never sent again blindly.

use chrono::Duration;
use keywright_model::{
    KeyId, Operation, OperationState, Request, Rotation, Status, Verdict,
    key::Origin,
    rotation::{PlanKind, Step, Wait},
};
use keywright_platforms::{CallError, Capability, Effect};

use crate::rotate::run::Came;
use crate::{Error, Service, settle::ON_ITS_WAY};

impl Service {
    pub(in crate::rotate) async fn settle_step(&self, run: Rotation) -> Result<Came, Error> {
        let Some(mut operation) = self.in_doubt(&run)? else {
            return Ok(Came::Done("Nothing is in doubt.".into()));
        };
        if operation.state == OperationState::Intended {
            let why = "Keywright stopped before the answer was stored".to_owned();
            self.advance(&mut operation, OperationState::Ambiguous { why })?;
        }
        let platform = self.connection(run.connection)?.platform;
        let profile = self.profile(&platform)?;
        if !profile.can(Capability::List) {
            return Ok(Came::person(
                format!("{} has no list that could tell what became of it", profile.name),
                "Look in its dashboard, then close the open operation.",
            ));
        }
        self.refresh_one(run.connection).await?;
        if matches!(operation.request, Request::Rotate { .. }) {
            self.settle_replaced(&run, &operation).await?;
        }
        let state = self.read(|vault| {
            Ok(vault.index().operation(operation.id).map(|operation| operation.state.clone()))
        })?;
        Ok(match state {
            Some(OperationState::Orphaned { .. }) => Came::person(
                "a key was made whose secret was lost on the way: nobody can use it",
                "Go on: Keywright ends that one first, and makes another.",
            ),
            Some(OperationState::Ambiguous { .. })
                if self.now() - operation.changed > ON_ITS_WAY =>
            {
                Came::person(
                    "neither the platform's list nor the old key tells what became of the request",
                    "Look in its dashboard, then finish this run by hand.",
                )
            }
            Some(OperationState::Ambiguous { .. }) => Came::waits(
                Wait::Until(operation.changed + ON_ITS_WAY + Duration::seconds(1)),
                "the answer was lost, and the request may still be on its way",
                "It goes on by itself: the platform's list will tell what became of it.",
            ),
            _ => Came::Done("The platform's list tells what became of it.".into()),
        })
    }

    /// Writes down what became of a request that did not come back well, and tells it.
    pub(super) fn not_done(
        &self,
        mut operation: Operation,
        error: CallError,
    ) -> Result<Error, Error> {
        let why = error.to_string();
        let state = match error.effect() {
            Effect::None if error.is_network() => {
                OperationState::Closed { why: "it was not sent".into() }
            }
            Effect::None => OperationState::Refused { why },
            Effect::Unknown => OperationState::Ambiguous { why },
        };
        self.advance(&mut operation, state)?;
        Ok(match operation.state {
            OperationState::Ambiguous { why } => Error::OutcomeUnknown { why, orphan: false },
            _ => error.into(),
        })
    }

    /// On the way back: whether the old key is held back has to be known before anything else.
    pub(in crate::rotate) async fn held_in_doubt(
        &self,
        run: &Rotation,
    ) -> Result<Option<Came>, Error> {
        let in_doubt = || {
            self.read(|vault| {
                let mut operations = vault.index().operations();
                Ok(operations.find(|operation| holds_back(operation, run.old)).map(|o| o.changed))
            })
        };
        if in_doubt()?.is_none() {
            return Ok(None);
        }
        self.refresh_one(run.connection).await?;
        Ok(Some(match in_doubt()? {
            None => Came::Again("The platform's list tells whether the old key works.".into()),
            Some(changed) => Came::waits(
                Wait::Until(changed + ON_ITS_WAY + Duration::seconds(1)),
                "it is not known yet whether the platform holds the old key back",
                "It goes on by itself: the platform's list will tell.",
            ),
        }))
    }

    /// The operation of a run whose effect nobody knows.
    fn in_doubt(&self, run: &Rotation) -> Result<Option<Operation>, Error> {
        let made = self.shown(run)?.made;
        self.read(|vault| {
            let open = |id: Option<_>| {
                let operation = id.and_then(|id| vault.index().operation(id));
                operation.filter(|operation| operation.state.is_open()).cloned()
            };
            let create = if made { None } else { open(run.create) };
            Ok(create.or_else(|| open(run.revoke)))
        })
    }

    /// A replaced secret leaves no trace in a list: the old one tells whether it was replaced.
    async fn settle_replaced(&self, run: &Rotation, operation: &Operation) -> Result<(), Error> {
        let Request::Rotate { old, .. } = &operation.request else { return Ok(()) };
        if self.now() - operation.changed < ON_ITS_WAY {
            return Ok(());
        }
        let probed = self.read(|vault| {
            let key = vault.index().key(*old);
            Ok(key.is_some_and(|key| self.can_probe(vault, key)))
        })?;
        let verdict = if probed {
            self.probe(*old).await?.verdict
        } else {
            Verdict::Unknown { why: "nothing can try it".into() }
        };
        let fresh = self.fresh_one(operation)?;
        // Where secrets overlap the old one works either way: only the list tells.
        let overlap = run.plan == PlanKind::Overlap;
        let state = match (verdict, fresh) {
            (Verdict::Dead, Some(id)) => OperationState::Orphaned { remote_ids: vec![id] },
            (Verdict::Dead, None) => match self.kept_id(operation)? {
                Some(id) => OperationState::Orphaned { remote_ids: vec![id] },
                None => return Ok(()),
            },
            (_, Some(id)) if overlap => OperationState::Orphaned { remote_ids: vec![id] },
            (Verdict::Unknown { .. }, _) => return Ok(()),
            _ => {
                OperationState::Closed { why: "the old secret works: nothing was replaced".into() }
            }
        };
        self.advance(&mut operation.clone(), state)
    }

    /// The id of a fresh key of the replaced one's name in the list.
    fn fresh_one(&self, operation: &Operation) -> Result<Option<String>, Error> {
        let Request::Rotate { old, .. } = &operation.request else { return Ok(None) };
        self.read(|vault| {
            let own = vault.index().key(*old);
            let mut keys = vault.index().keys();
            let fresh = keys.find(|key| {
                key.connection == operation.connection
                    && key.origin == Origin::Found
                    && !key.has_secret()
                    && key.status.may_work()
                    && key.status != Status::Revoking
                    && key.gone_since.is_none()
                    && key.added >= operation.asked
                    && own.is_some_and(|own| own.name == key.name)
            });
            Ok(fresh.and_then(|key| key.remote_id.clone()))
        })
    }

    /// The id that was replaced by, where the list still has it. Replacing by an id that is at its
    /// end would make some platforms end every key that came from it.
    fn kept_id(&self, operation: &Operation) -> Result<Option<String>, Error> {
        let Request::Rotate { remote_id, .. } = &operation.request else { return Ok(None) };
        self.read(|vault| {
            let mut keys = vault.index().keys();
            let kept = keys.any(|key| {
                key.connection == operation.connection
                    && key.remote_id.as_ref() == Some(remote_id)
                    && key.status == Status::Active
                    && key.gone_since.is_none()
            });
            Ok(kept.then(|| remote_id.clone()))
        })
    }

    /// Ends what was made and lost, so that another can be made. Called when a person says so.
    pub(in crate::rotate) async fn end_orphan(&self, run: &Rotation) -> Result<(), Error> {
        let orphaned = self.read(|vault| {
            let operation = run.create.and_then(|id| vault.index().operation(id));
            let orphaned = operation.filter(|o| matches!(o.state, OperationState::Orphaned { .. }));
            Ok(orphaned.cloned())
        })?;
        let Some(mut operation) = orphaned else { return Ok(()) };
        if let (Request::Rotate { .. }, OperationState::Orphaned { remote_ids }) =
            (&operation.request, &operation.state)
        {
            // The key itself is the orphan: replacing its secret once more ends the lost one. Only
            // by the id that it has now.
            let by_id = remote_ids.first().cloned();
            let why = "its secret is replaced once more".to_owned();
            operation.state = OperationState::Closed { why };
            operation.changed = self.now();
            return self
                .update_run_and(
                    run.id,
                    |run| run.by_id = by_id,
                    |change| change.put_operation(&operation),
                )
                .map(drop);
        }
        let action = crate::wire::SettleAction::RevokeOrphans;
        let settle = crate::wire::SettleOperation { operation: operation.id, action };
        self.settle_operation(settle).await?;
        let now = self.now();
        self.update_run(run.id, |run| {
            let words = "The key whose secret was lost is ended.".to_owned();
            run.note(Step::Settle, keywright_model::rotation::Outcome::Decided, words, now);
        })
        .map(drop)
    }
}

/// Whether an operation is out that holds a key back, or lets it go, and nobody knows its effect.
fn holds_back(operation: &Operation, id: KeyId) -> bool {
    let ours = match &operation.request {
        Request::Disable { key, .. } | Request::Enable { key, .. } => *key == id,
        _ => false,
    };
    ours && matches!(operation.state, OperationState::Intended | OperationState::Ambiguous { .. })
}
