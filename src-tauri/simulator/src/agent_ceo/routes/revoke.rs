//! `DELETE /api/v1/customers/{org}/api-keys/{id}`. The list forgets the key at once;
//! the servers go on taking it until the revocation has spread.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::super::{
    answer::Refusal,
    caller::Caller,
    scopes::{Capability, Service},
};
use crate::world::World;

/// Ours: the answer's body, and 404 for a key that is not there or not any more.
pub(super) async fn revoke(
    State(world): State<Arc<World>>,
    Path((org, id)): Path<(String, String)>,
    caller: Caller,
) -> Result<Json<Value>, Refusal> {
    caller.must_belong(&world, &org)?;
    caller.must(Service::Admin, Capability::Write)?;
    let delay = world.settings().revoke_delay;
    if !world.agent_ceo.keys.revoke(&id, world.clock.now(), delay) {
        return Err(Refusal::NotFound("API key"));
    }
    Ok(Json(json!({ "key_id": id, "status": "revoked" })))
}
