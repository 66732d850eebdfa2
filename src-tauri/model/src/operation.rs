//! The journal of remote changes: intent first, then outcome.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ClientId, ConnectionId, KeyId, OperationId, PlacementId, expiry::Lifetime, key::OwnerKind,
};

/// One remote change that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// Where it is to happen.
    pub connection: ConnectionId,
    /// What is to happen.
    pub request: Request,
    /// How far it got.
    pub state: OperationState,
    /// When it was asked for.
    pub asked: DateTime<Utc>,
    /// When the state last changed.
    pub changed: DateTime<Utc>,
}

/// What was asked of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Make a key.
    Create {
        /// The local id reserved for it.
        key: KeyId,
        /// Its name.
        name: String,
        /// Its scopes.
        scopes: Vec<String>,
        /// Its life.
        lifetime: Lifetime,
        /// A person's label for it.
        #[serde(default)]
        label: String,
        /// A person's note, kept with the draft.
        #[serde(default)]
        note: String,
        /// Whose it is to be.
        #[serde(default)]
        owner: String,
        /// What stands behind the owner's name.
        #[serde(default)]
        owner_kind: OwnerKind,
        /// A person's tags.
        #[serde(default)]
        tags: Vec<String>,
    },
    /// Revoke a key.
    Revoke {
        /// The key.
        key: KeyId,
        /// The platform's id of it.
        remote_id: String,
        /// Its name, to tell of it after it is gone.
        name: String,
        /// Why, in a person's words; may be empty.
        #[serde(default)]
        reason: String,
    },
    /// Give a key another name on the platform.
    Relabel {
        /// The key.
        key: KeyId,
        /// The platform's id of it.
        remote_id: String,
        /// Its name before.
        name: String,
        /// Its new name.
        to: String,
    },
    /// Hold a key back, so that it can be enabled again.
    Disable {
        /// The key.
        key: KeyId,
        /// The platform's id of it.
        remote_id: String,
        /// Its name.
        name: String,
    },
    /// Let a key work again.
    Enable {
        /// The key.
        key: KeyId,
        /// The platform's id of it.
        remote_id: String,
        /// Its name.
        name: String,
    },
    /// Give a key a new secret; the old one dies as its platform says.
    Rotate {
        /// The local id reserved for the new secret's key.
        key: KeyId,
        /// The key whose secret it replaces.
        old: KeyId,
        /// The platform's id of it.
        remote_id: String,
        /// Its name.
        name: String,
        /// Its scopes.
        scopes: Vec<String>,
        /// The new secret's life.
        lifetime: Lifetime,
    },
    /// Put a key into a platform's secret store.
    Store {
        /// The key.
        key: KeyId,
        /// Its name.
        name: String,
        /// The place in words.
        place: String,
        /// The placement that is noted when it is there.
        placement: PlacementId,
        /// Whose place it is.
        client: ClientId,
        /// What tells the place: its parameters, and the secret's name.
        params: BTreeMap<String, String>,
        /// When the platform said, before, that the secret there was written; none for no secret.
        #[serde(default)]
        before: Option<DateTime<Utc>>,
    },
    /// Take a key out of a platform's secret store.
    Unstore {
        /// The key.
        key: KeyId,
        /// Its name.
        name: String,
        /// The place in words.
        place: String,
        /// The placement that goes with it.
        placement: PlacementId,
    },
}

impl Request {
    /// The name of the key that it is about.
    pub fn name(&self) -> &str {
        match self {
            Self::Create { name, .. }
            | Self::Revoke { name, .. }
            | Self::Relabel { name, .. }
            | Self::Disable { name, .. }
            | Self::Enable { name, .. }
            | Self::Rotate { name, .. }
            | Self::Store { name, .. }
            | Self::Unstore { name, .. } => name,
        }
    }
}

/// How far an operation got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OperationState {
    /// Asked for while offline; nothing was sent.
    Draft,
    /// Asked for while offline, and the world changed since: nothing is sent until somebody says so.
    Held {
        /// What changed.
        why: String,
    },
    /// Written before sending. Found at a start, it means that the outcome is not known.
    Intended,
    /// Sent, and the answer was lost or not understood. Settled by the platform's list.
    Ambiguous {
        /// What went wrong.
        why: String,
    },
    /// The list shows a key that this operation made and whose secret was lost.
    Orphaned {
        /// The platform's ids that fit; usually one.
        remote_ids: Vec<String>,
    },
    /// Done.
    Done,
    /// The platform refused; nothing was changed.
    Refused {
        /// Its words.
        why: String,
    },
    /// Given up by a person, or found to have had no effect.
    Closed {
        /// Why.
        why: String,
    },
}

impl OperationState {
    /// Whether somebody or something still has to act.
    pub const fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Draft
                | Self::Held { .. }
                | Self::Intended
                | Self::Ambiguous { .. }
                | Self::Orphaned { .. }
        )
    }
}
