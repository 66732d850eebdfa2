//! What was cut short: operations whose outcome was not known, drafts, orphans.

use chrono::{DateTime, Duration, Utc};
use keywright_model::{
    Event, EventKind, Key, KeyId, Operation, OperationId, OperationState, Request, Status,
    key::{Origin, Revocation},
};

use crate::{
    Error, Service,
    refresh::{Fate, Plan},
    rows::Facts,
    wire::{OperationLine, Progress, RevokeStage, SettleAction, SettleOperation},
};

/// A request may still be on its way for so long after it was sent: the list is no witness before.
pub(crate) const ON_ITS_WAY: Duration = Duration::seconds(120);
/// The platform's clock may be this far from ours.
pub(crate) const SKEW: Duration = Duration::minutes(10);

impl Service {
    /// Operations on which somebody still has to act, oldest first.
    pub fn list_operations(&self) -> Result<Vec<OperationLine>, Error> {
        let now = self.now();
        self.read(|vault| {
            let facts = Facts::of(vault, self.registry(), now);
            let open = vault.index().operations().filter(|operation| operation.state.is_open());
            let mut lines: Vec<OperationLine> = open.map(|o| facts.operation_line(o)).collect();
            lines.sort_by_key(|line| line.asked);
            Ok(lines)
        })
    }

    /// Acts on an open operation.
    pub async fn settle_operation(&self, request: SettleOperation) -> Result<(), Error> {
        let operation = self.operation(request.operation)?;
        let of_run = self.read(|vault| Ok(crate::queue::belongs_to_run(vault, operation.id)))?;
        if of_run && request.action == SettleAction::Send {
            return Err(Error::NotPossible {
                why: "this is a step of a replacement, which sends it itself".into(),
                advice: "Have the replacement go on.".into(),
            });
        }
        match (request.action, &operation.state) {
            (SettleAction::Close, _) => self.close(operation, "closed by hand"),
            (SettleAction::Send, OperationState::Draft | OperationState::Held { .. }) => {
                self.send_draft(operation).await
            }
            (SettleAction::RevokeOrphans, OperationState::Orphaned { remote_ids }) => {
                let remote_ids = remote_ids.clone();
                self.revoke_orphans(operation, &remote_ids).await
            }
            _ => Err(Error::NotPossible {
                why: "this does not fit what the operation waits for".into(),
                advice: "Look at it again: it may have been settled meanwhile.".into(),
            }),
        }
    }

    /// At a start: what was intended and has no outcome was cut short. Said at once, settled by the
    /// next refresh.
    pub(crate) fn note_cut_short(&self) -> Result<(), Error> {
        let cut: Vec<Operation> = self.read(|vault| {
            let operations = vault.index().operations();
            Ok(operations.filter(|o| o.state == OperationState::Intended).cloned().collect())
        })?;
        for mut operation in cut {
            let why = "Keywright stopped before the answer was stored".to_owned();
            let event =
                self.operation_event(&operation, EventKind::OutcomeUnknown { why: why.clone() });
            operation.state = OperationState::Ambiguous { why };
            operation.changed = self.now();
            self.write(|change| {
                change.put_operation(&operation)?;
                change.log(&event)
            })?;
        }
        Ok(())
    }

    fn operation(&self, id: OperationId) -> Result<Operation, Error> {
        self.read(|vault| {
            vault.index().operation(id).cloned().ok_or(Error::NotFound { what: "operation" })
        })
    }

    fn close(&self, mut operation: Operation, why: &str) -> Result<(), Error> {
        let event =
            self.operation_event(&operation, EventKind::OperationClosed { why: why.to_owned() });
        operation.state = OperationState::Closed { why: why.to_owned() };
        operation.changed = self.now();
        self.write(|change| {
            change.put_operation(&operation)?;
            change.log(&event)
        })
    }

    pub(crate) async fn send_draft(&self, operation: Operation) -> Result<(), Error> {
        match operation.request.clone() {
            Request::Create { .. } => {
                let made = self.carry_out_create(operation, Vec::new()).await?;
                if made.key.is_some() { Ok(()) } else { Err(Error::Drafted) }
            }
            Request::Revoke { key, .. } => {
                let blocked = self
                    .read(|vault| Ok(self.why_not_revoke(vault, crate::keys::find(vault, key)?)))?;
                if let Some(why) = blocked {
                    let advice = "Close the draft if nobody needs it.".into();
                    return Err(Error::NotPossible { why, advice });
                }
                let sent = self.carry_out_revoke(operation).await?;
                if sent.stage == RevokeStage::Drafted { Err(Error::Drafted) } else { Ok(()) }
            }
            Request::Relabel { .. } | Request::Disable { .. } | Request::Enable { .. } => {
                let made = self.carry_out_change(operation).await?;
                if made.done { Ok(()) } else { Err(Error::Drafted) }
            }
            Request::Rotate { .. } => Err(Error::NotPossible {
                why: "a replacement is sent by its own run".into(),
                advice: "Have the run go on.".into(),
            }),
            // Never kept as a draft: what is there would have to be looked at again first.
            Request::Store { .. } | Request::Unstore { .. } => Err(Error::NotPossible {
                why: "a secret store is not written from a draft".into(),
                advice: "Place the key again.".into(),
            }),
        }
    }

    async fn revoke_orphans(
        &self,
        operation: Operation,
        remote_ids: &[String],
    ) -> Result<(), Error> {
        let connection = self.connection(operation.connection)?;
        let connector = self.connector(&connection)?;
        let credential = self.credential(&connection)?;
        for remote_id in remote_ids {
            let answer = self.noting(connector.revoke(&credential, remote_id).await);
            answer.map_err(Error::from)?;
            self.orphan_revoked(&operation, remote_id)?;
        }
        self.close(operation, "the orphan was revoked")?;
        // The list is the proof here: there is no secret to try.
        self.refresh_one(connection.id).await.map(drop)
    }

    /// Marks the orphan's record, if the list brought one, as being revoked.
    fn orphan_revoked(&self, operation: &Operation, remote_id: &str) -> Result<(), Error> {
        let now = self.now();
        let orphan = self.read(|vault| {
            let mut keys = vault.index().keys();
            let is_it = |k: &&Key| {
                k.connection == operation.connection && k.remote_id.as_deref() == Some(remote_id)
            };
            Ok(keys.find(is_it).cloned())
        })?;
        let Some(mut key) = orphan else { return Ok(()) };
        key.status = Status::Revoking;
        key.revocation = Some(requested_at(now));
        let kind = EventKind::RevokeRequested { reason: "orphan: its secret was lost".into() };
        let event = self.key_event(&key, kind);
        self.write(|change| {
            change.put_key(&key)?;
            change.log(&event)
        })?;
        self.tell(Progress::Changed);
        Ok(())
    }

    pub(crate) fn operation_event(&self, operation: &Operation, kind: EventKind) -> Event {
        Event {
            at: self.now(),
            kind,
            key: None,
            connection: Some(operation.connection),
            subject: operation.request.name().to_owned(),
        }
    }
}

/// A revocation that the platform has accepted.
pub(crate) fn requested_at(requested: DateTime<Utc>) -> Revocation {
    Revocation {
        requested,
        proved: None,
        proof: keywright_model::key::Proof::None,
        window_ms: None,
        overdue: false,
    }
}

/// What a list settled.
#[derive(Default)]
pub(crate) struct Settled {
    pub(crate) operations: Vec<Operation>,
    pub(crate) closed: u32,
    pub(crate) orphans: u32,
    /// Keys whose revocation is now known to have been accepted.
    pub(crate) to_prove: Vec<KeyId>,
}

impl Settled {
    pub(crate) fn events(&self, service: &Service) -> Vec<Event> {
        let news = self.operations.iter().filter_map(|operation| {
            let kind = match &operation.state {
                OperationState::Orphaned { .. } => EventKind::OrphanFound,
                OperationState::Closed { why } => EventKind::OperationClosed { why: why.clone() },
                _ => return None,
            };
            Some(service.operation_event(operation, kind))
        });
        news.collect()
    }
}

/// Settles open operations by a list that was asked for at `asked`.
pub(crate) fn settle(
    open: &[Operation],
    plan: &mut Plan,
    asked: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Settled {
    let mut settled = Settled::default();
    for operation in open {
        let next = match (&operation.request, &operation.state) {
            (Request::Create { .. }, OperationState::Ambiguous { .. }) => {
                settle_create(operation, plan, asked, &mut settled)
            }
            (Request::Create { .. }, OperationState::Orphaned { remote_ids })
                if !remote_ids.is_empty() =>
            {
                settle_orphan(remote_ids, plan)
            }
            (Request::Revoke { key, remote_id, .. }, OperationState::Ambiguous { .. }) => {
                Some(settle_revoke(*key, remote_id, operation.asked, plan, &mut settled))
            }
            (
                Request::Relabel { key, .. }
                | Request::Disable { key, .. }
                | Request::Enable { key, .. },
                OperationState::Ambiguous { .. },
            ) => settle_change(*key, operation, plan, asked),
            _ => None,
        };
        if let Some(state) = next {
            settled.closed += u32::from(!state.is_open());
            settled.operations.push(Operation { state, changed: now, ..operation.clone() });
        }
    }
    settled
}

/// A create whose answer was lost: a fresh listed key of that name and those scopes is its orphan.
fn settle_create(
    operation: &Operation,
    plan: &Plan,
    asked: DateTime<Utc>,
    settled: &mut Settled,
) -> Option<OperationState> {
    let fits = |key: &Key| {
        key.origin == Origin::Found
            && !key.has_secret()
            && key.status.may_work()
            && key.status != Status::Revoking
            && key.added >= operation.asked
            && key.created.is_none_or(|created| created >= operation.asked - SKEW)
            && matches_request(key, &operation.request)
    };
    let remote_ids: Vec<String> = plan
        .keys
        .iter()
        .filter(|(key, _)| fits(key))
        .filter_map(|(key, _)| key.remote_id.clone())
        .collect();
    if !remote_ids.is_empty() {
        settled.orphans += 1;
        return Some(OperationState::Orphaned { remote_ids });
    }
    (asked - operation.changed >= ON_ITS_WAY).then(|| OperationState::Closed {
        why: "the platform's list shows that nothing was made".into(),
    })
}

/// A change whose answer was lost: the list shows whether it took effect.
fn settle_change(
    id: KeyId,
    operation: &Operation,
    plan: &Plan,
    asked: DateTime<Utc>,
) -> Option<OperationState> {
    let key = plan.keys.iter().map(|(key, _)| key).find(|key| key.id == id);
    let took_effect = key.is_some_and(|key| match &operation.request {
        Request::Relabel { to, .. } => key.name == *to,
        Request::Disable { .. } => key.status == Status::Disabled,
        Request::Enable { .. } => key.status == Status::Active,
        Request::Create { .. }
        | Request::Revoke { .. }
        | Request::Rotate { .. }
        | Request::Store { .. }
        | Request::Unstore { .. } => false,
    });
    if took_effect {
        return Some(OperationState::Done);
    }
    (asked - operation.changed >= ON_ITS_WAY).then(|| OperationState::Closed {
        why: "the platform's list shows that nothing was changed".into(),
    })
}

/// An orphan that somebody revoked elsewhere needs nobody any more.
fn settle_orphan(remote_ids: &[String], plan: &Plan) -> Option<OperationState> {
    let alive = |id: &String| plan.listed.get(id).is_some_and(|status| *status != Status::Revoked);
    (!remote_ids.iter().any(alive))
        .then(|| OperationState::Closed { why: "the platform no longer lists the orphan".into() })
}

/// A revoke whose answer was lost: what the list no longer has was revoked.
fn settle_revoke(
    id: KeyId,
    remote_id: &str,
    asked: DateTime<Utc>,
    plan: &mut Plan,
    settled: &mut Settled,
) -> OperationState {
    let listed = plan.listed.get(remote_id).is_some_and(|status| *status != Status::Revoked);
    if listed {
        return OperationState::Closed {
            why: "the platform still lists the key: it was not revoked".into(),
        };
    }
    let now_revoking = plan.keys.iter_mut().find(|(key, _)| key.id == id);
    if let Some((key, fate)) = now_revoking
        && key.revocation.is_none()
    {
        key.gone_since = None;
        key.status = Status::Revoking;
        key.revocation = Some(requested_at(asked));
        *fate = Fate::Marked;
        settled.to_prove.push(id);
    }
    OperationState::Done
}

fn matches_request(key: &Key, request: &Request) -> bool {
    let Request::Create { name, scopes, .. } = request else { return false };
    let sorted = |scopes: &[String]| {
        let mut sorted = scopes.to_vec();
        sorted.sort_unstable();
        sorted
    };
    let same_name = key.name == *name || Some(key.name.as_str()) == key.remote_id.as_deref();
    same_name && (key.scopes.is_empty() || sorted(&key.scopes) == sorted(scopes))
}
