//! `GET /api/v1/customers/{org}/api-keys`. The answer's fields are ours: the document has none.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::super::{
    answer::Refusal,
    caller::Caller,
    scopes::{Capability, Service},
};
use crate::{KeyState, ListShape, SimKey, world::World};

/// One key in the list.
#[derive(Serialize)]
struct Listed {
    key_id: String,
    name: String,
    prefix: String,
    owner: String,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
    status: &'static str,
}

impl From<SimKey> for Listed {
    fn from(key: SimKey) -> Self {
        Self {
            key_id: key.id,
            name: key.name,
            prefix: key.prefix,
            owner: key.owner,
            scopes: key.scopes,
            created_at: key.created,
            expires_at: key.expires,
            last_used_at: key.last_used,
            status: match key.state {
                KeyState::Active => "active",
                KeyState::Expired => "expired",
                // The dashboard forgets a key at once; only the servers lag behind.
                KeyState::Revoking | KeyState::Revoked => "revoked",
            },
        }
    }
}

/// The list in one of its shapes.
#[derive(Serialize)]
#[serde(untagged)]
enum List {
    Keys { keys: Vec<Listed> },
    ApiKeys { api_keys: Vec<Listed> },
    Data { data: Vec<Listed> },
    Root(Vec<Listed>),
}

/// Every key of the organization, in the order of making.
pub(super) async fn list(
    State(world): State<Arc<World>>,
    Path(org): Path<String>,
    caller: Caller,
) -> Result<Response, Refusal> {
    caller.must_belong(&world, &org)?;
    caller.must(Service::Admin, Capability::Read)?;
    let (settings, now) = (world.settings(), world.clock.now());
    let revoked = |key: &SimKey| matches!(key.state, KeyState::Revoking | KeyState::Revoked);
    let seen = world.agent_ceo.keys.seen(now);
    let keys = seen
        .into_iter()
        .filter(|key| settings.list_revoked || !revoked(key))
        .map(Listed::from)
        .collect();
    let list = match settings.list_shape {
        ListShape::Keys => List::Keys { keys },
        ListShape::ApiKeys => List::ApiKeys { api_keys: keys },
        ListShape::Data => List::Data { data: keys },
        ListShape::Root => List::Root(keys),
    };
    Ok(Json(list).into_response())
}
