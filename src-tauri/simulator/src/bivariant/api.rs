//! The API. The document speaks of one and gives no address: all of them are ours.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::JsonRejection},
    http::StatusCode,
    routing::{delete, get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    caller::{Caller, Refusal},
    collections::Collection,
    directory::{AGENTS, CREATE, DELETE, EXECUTE, READ},
};
use crate::{Operation, faults::apply::gated, random, world::World};

/// Characters of an id behind `run_`.
const RUN_CHARACTERS: usize = 8;

/// The API's routes.
pub(super) fn router(world: &Arc<World>) -> Router<Arc<World>> {
    let used = |route| gated(world, Operation::Use, route);
    Router::new()
        .route("/bivariant/api/collections", used(get(list).post(create)))
        .route("/bivariant/api/collections/{id}", used(delete(remove)))
        .route("/bivariant/api/flows/{id}/execute", used(post(execute)))
        .route("/bivariant/api/agents", used(get(agents)))
        .route("/bivariant/api/{*rest}", get(async || Refusal::NotFound("address")))
}

/// Where a request wants to work; what is left out is the key's own.
#[derive(Deserialize)]
struct Where {
    organization: Option<String>,
    space: Option<String>,
}

/// `GET /api/collections?organization=&space=`.
async fn list(
    caller: Caller,
    State(world): State<Arc<World>>,
    Query(wanted): Query<Where>,
) -> Result<Json<Value>, Refusal> {
    caller.must(&world, READ)?;
    let reach = caller.reach(wanted.organization.as_deref(), wanted.space.as_deref())?;
    let found = world.bivariant.collections.within(reach.organization.name, reach.space);
    Ok(Json(json!({ "collections": found })))
}

/// A collection to be made. A key of one space need not name it.
#[derive(Deserialize)]
struct New {
    name: String,
    organization: Option<String>,
    space: Option<String>,
}

async fn create(
    caller: Caller,
    State(world): State<Arc<World>>,
    body: Result<Json<New>, JsonRejection>,
) -> Result<(StatusCode, Json<Collection>), Refusal> {
    caller.must(&world, CREATE)?;
    let Json(new) = body.map_err(|rejection| Refusal::BadRequest(rejection.body_text()))?;
    let reach = caller.reach(new.organization.as_deref(), new.space.as_deref())?;
    let space = reach.space.ok_or_else(|| Refusal::BadRequest("space: one is required".into()))?;
    let added = world.bivariant.collections.add(new.name, reach.organization.name, space);
    added.map(|collection| (StatusCode::CREATED, Json(collection))).map_err(|_| Refusal::Internal)
}

async fn remove(
    caller: Caller,
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    caller.must(&world, DELETE)?;
    let collections = &world.bivariant.collections;
    let found = collections.find(&id).ok_or(Refusal::NotFound("collection"))?;
    caller.reach(Some(found.organization), Some(found.space))?;
    collections.delete(&id);
    Ok(StatusCode::NO_CONTENT)
}

async fn execute(
    caller: Caller,
    State(world): State<Arc<World>>,
    Path(flow): Path<String>,
    Query(wanted): Query<Where>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    caller.must(&world, EXECUTE)?;
    caller.reach(wanted.organization.as_deref(), wanted.space.as_deref())?;
    let id = random::base36(RUN_CHARACTERS).map_err(|_| Refusal::Internal)?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "run": format!("run_{id}"), "flow": flow }))))
}

async fn agents(
    caller: Caller,
    State(world): State<Arc<World>>,
    Query(wanted): Query<Where>,
) -> Result<Json<Value>, Refusal> {
    caller.must(&world, AGENTS)?;
    caller.reach(wanted.organization.as_deref(), wanted.space.as_deref())?;
    Ok(Json(json!({ "agents": ["librarian", "scribe"] })))
}
