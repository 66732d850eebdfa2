//! What was asked for offline: checked again when the platform can be reached, and sent once.
//!
//! Whether it can be reached is judged by the platform itself: its list is read first, and is what
//! each draft is held against. Where the world changed since, nothing is sent and somebody is asked.

use std::collections::BTreeMap;

use keywright_model::{ConnectionId, Key, Operation, OperationId, OperationState, Request, Status};
use keywright_vault::Vault;

use crate::{
    Error, Service,
    keys::find,
    wire::{CreateKey, EditDraft, FieldProblem, OperationLine, QueueReport},
};

impl Service {
    /// Sends all drafts whose platforms can be reached, each once.
    ///
    /// Must run inside a tokio runtime.
    pub async fn run_queue(&self) -> Result<QueueReport, Error> {
        let mut report = QueueReport { sent: 0, stopped: 0, left: 0 };
        for (connection, drafts) in self.drafts()? {
            if let Err(error) = self.refresh_one(connection).await {
                if matches!(error, Error::Locked) {
                    return Err(error);
                }
                report.left += u32::try_from(drafts.len()).unwrap_or(u32::MAX);
                continue;
            }
            for id in drafts {
                match self.send_checked(id).await? {
                    Fate::Sent => report.sent += 1,
                    Fate::Stopped => report.stopped += 1,
                    Fate::Left => report.left += 1,
                }
            }
        }
        Ok(report)
    }

    /// Whether anything waits to be sent.
    pub(crate) fn has_drafts(&self) -> Result<bool, Error> {
        Ok(!self.drafts()?.is_empty())
    }

    /// Drafts by their connection, oldest first. Those of runs are sent by their runs.
    fn drafts(&self) -> Result<BTreeMap<ConnectionId, Vec<OperationId>>, Error> {
        self.read(|vault| {
            let mut drafts: Vec<&Operation> = vault
                .index()
                .operations()
                .filter(|operation| operation.state == OperationState::Draft)
                .filter(|operation| !belongs_to_run(vault, operation.id))
                .collect();
            drafts.sort_by_key(|draft| (draft.asked, draft.id));
            let mut by: BTreeMap<ConnectionId, Vec<OperationId>> = BTreeMap::new();
            for draft in drafts {
                by.entry(draft.connection).or_default().push(draft.id);
            }
            Ok(by)
        })
    }

    /// Holds a draft against the fresh list, and sends it.
    async fn send_checked(&self, id: OperationId) -> Result<Fate, Error> {
        let Some(mut draft) = self.read(|vault| {
            let draft = vault.index().operation(id).cloned();
            Ok(draft.filter(|draft| draft.state == OperationState::Draft))
        })?
        else {
            // Cancelled or sent meanwhile.
            return Ok(Fate::Stopped);
        };
        if let Some(why) = self.changed_since(&draft)? {
            self.advance(&mut draft, OperationState::Held { why })?;
            return Ok(Fate::Stopped);
        }
        match self.send_draft(draft).await {
            Ok(()) => Ok(Fate::Sent),
            Err(error @ (Error::Locked | Error::Vault(_))) => Err(error),
            Err(Error::Drafted | Error::WorkOffline) => Ok(Fate::Left),
            // Refused or in doubt: its own state says so.
            Err(_) => Ok(Fate::Stopped),
        }
    }

    /// What in the world is no longer as it was when the draft was asked for; none when all is.
    fn changed_since(&self, draft: &Operation) -> Result<Option<String>, Error> {
        let key_of = |id| self.read(|vault| Ok(find(vault, id).ok().cloned()));
        match &draft.request {
            Request::Create { .. } => self.create_no_longer_fits(draft),
            Request::Revoke { key, .. } => Ok(match key_of(*key)? {
                None => Some("its key is no longer in this vault".into()),
                Some(key) => ended(&key).or_else(|| placed_since(&key, draft)),
            }),
            Request::Relabel { key, name, .. } => Ok(match key_of(*key)? {
                None => Some("its key is no longer in this vault".into()),
                Some(key) if key.name != *name => {
                    Some(format!("somebody named it “{}” meanwhile", key.name))
                }
                Some(key) => ended(&key),
            }),
            Request::Disable { key, .. } | Request::Enable { key, .. } => {
                let disable = matches!(draft.request, Request::Disable { .. });
                Ok(match key_of(*key)? {
                    None => Some("its key is no longer in this vault".into()),
                    Some(key) if (key.status == Status::Disabled) == disable => {
                        Some("somebody did it meanwhile".into())
                    }
                    Some(key) => ended(&key),
                })
            }
            Request::Rotate { .. } => Ok(Some("a replacement is sent by its own run".into())),
            // Never kept as drafts.
            Request::Store { .. } | Request::Unstore { .. } => Ok(None),
        }
    }

    fn create_no_longer_fits(&self, draft: &Operation) -> Result<Option<String>, Error> {
        let Some(request) = as_create(draft) else { return Ok(None) };
        let connection = self.connection(draft.connection)?;
        let profile = self.profile(&connection.platform)?;
        let problems = self.problems(&request, &connection, &profile)?;
        Ok(problems.into_iter().next().map(|problem| problem.message))
    }

    /// Changes a draft before it is sent. One that was held is a draft again.
    pub fn edit_draft(&self, edit: EditDraft) -> Result<OperationLine, Error> {
        let mut draft = self.read(|vault| {
            let draft = vault.index().operation(edit.operation).cloned();
            draft.ok_or(Error::NotFound { what: "operation" })
        })?;
        let of_run = self.read(|vault| Ok(belongs_to_run(vault, draft.id)))?;
        if of_run {
            return Err(Error::NotPossible {
                why: "this is a step of a replacement".into(),
                advice: "Take the replacement back and begin it anew.".into(),
            });
        }
        if !matches!(draft.state, OperationState::Draft | OperationState::Held { .. }) {
            return Err(Error::NotPossible {
                why: "it was sent already".into(),
                advice: "Look at what became of it.".into(),
            });
        }
        apply(&mut draft.request, edit)?;
        if let Some(why) = self.create_no_longer_fits(&draft)? {
            return Err(Error::Invalid(vec![FieldProblem { field: "name".into(), message: why }]));
        }
        self.advance(&mut draft, OperationState::Draft)?;
        let lines = self.list_operations()?;
        lines
            .into_iter()
            .find(|line| line.id == draft.id)
            .ok_or(Error::NotFound { what: "operation" })
    }
}

enum Fate {
    Sent,
    Stopped,
    Left,
}

/// Whether an operation is a step of a run that goes on.
pub(crate) fn belongs_to_run(vault: &Vault, id: OperationId) -> bool {
    let mut open = vault.index().rotations().filter(|run| run.is_open());
    open.any(|run| run.create == Some(id) || run.revoke == Some(id))
}

fn ended(key: &Key) -> Option<String> {
    if key.gone_since.is_some() {
        return Some("the platform no longer lists the key: somebody ended it".into());
    }
    matches!(key.status, Status::Revoking | Status::Revoked)
        .then(|| "the key is at its end already".into())
}

/// A key that was put to use since it was to be revoked.
fn placed_since(key: &Key, draft: &Operation) -> Option<String> {
    let later = key.uses.iter().find(|noted| noted.noted > draft.asked)?;
    Some(format!("the key was put into {} after you asked to revoke it", later.client))
}

/// A draft of a create as its request.
fn as_create(draft: &Operation) -> Option<CreateKey> {
    match &draft.request {
        Request::Create {
            name, scopes, lifetime, label, note, owner, owner_kind, tags, ..
        } => Some(CreateKey {
            connection: draft.connection,
            name: name.clone(),
            scopes: scopes.clone(),
            lifetime: *lifetime,
            label: label.clone(),
            note: note.clone(),
            owner: owner.clone(),
            owner_kind: *owner_kind,
            tags: tags.clone(),
        }),
        _ => None,
    }
}

fn apply(request: &mut Request, edit: EditDraft) -> Result<(), Error> {
    let EditDraft {
        name: told_name,
        scopes: told_scopes,
        lifetime: told_life,
        reason: told_why,
        ..
    } = edit;
    let fits = match request {
        Request::Create { name, scopes, lifetime, .. } => {
            if let Some(told) = told_name {
                told.trim().clone_into(name);
            }
            if let Some(told) = told_scopes {
                *scopes = told;
            }
            *lifetime = told_life.unwrap_or(*lifetime);
            told_why.is_none()
        }
        Request::Relabel { to, .. } => {
            if let Some(told) = told_name {
                told.trim().clone_into(to);
            }
            told_scopes.is_none() && told_life.is_none() && told_why.is_none()
        }
        Request::Revoke { reason, .. } => {
            if let Some(told) = told_why {
                told.trim().clone_into(reason);
            }
            told_name.is_none() && told_scopes.is_none() && told_life.is_none()
        }
        Request::Disable { .. }
        | Request::Enable { .. }
        | Request::Rotate { .. }
        | Request::Store { .. }
        | Request::Unstore { .. } => false,
    };
    if fits {
        return Ok(());
    }
    Err(Error::NotPossible {
        why: "this draft has no such thing to change".into(),
        advice: "Cancel it and ask anew.".into(),
    })
}
