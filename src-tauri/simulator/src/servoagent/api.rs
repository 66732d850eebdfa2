//! The API. The document gives `GET /agents` and what each scope is for; the other
//! addresses and all answers are ours.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Caller, Refusal};
use crate::{Operation, faults::apply::gated, random, wire, world::World};

/// Characters of an id behind `run_`.
const RUN_CHARACTERS: usize = 8;

/// Something that can be read, and perhaps added to.
struct Resource {
    name: &'static str,
    read: &'static str,
    write: Option<&'static str>,
}

#[rustfmt::skip]
const RESOURCES: [Resource; 6] = [
    Resource { name: "agents", read: "agents:read", write: Some("agents:write") },
    Resource { name: "contacts", read: "contacts:read", write: Some("contacts:write") },
    Resource { name: "webhooks", read: "webhooks:manage", write: Some("webhooks:manage") },
    Resource { name: "analytics", read: "analytics:read", write: None },
    Resource { name: "billing", read: "billing:read", write: None },
    Resource { name: "workspace", read: "workspace:admin", write: None },
];

/// The API's routes.
pub(super) fn router(world: &Arc<World>) -> Router<Arc<World>> {
    let used = |route| gated(world, Operation::Use, route);
    Router::new()
        .route("/servoagent/v1/{resource}", used(get(read).post(add)))
        .route("/servoagent/v1/agents/{id}/runs", used(post(run)))
        .route("/servoagent/v1/{resource}/{*rest}", get(async || Refusal::NotFound("address")))
}

fn resource(name: &str) -> Result<&'static Resource, Refusal> {
    RESOURCES.iter().find(|resource| resource.name == name).ok_or(Refusal::NotFound("address"))
}

async fn read(
    caller: Caller,
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let resource = resource(&name)?;
    caller.must(resource.read)?;
    Ok(Json(match resource.write {
        Some(_) => {
            json!({ "data": world.servoagent.shelves.all(resource.name, caller.in_sandbox()) })
        }
        None => json!({ resource.name: { "sandbox": caller.in_sandbox() } }),
    }))
}

/// What somebody wants to add.
#[derive(Deserialize)]
struct New {
    name: String,
}

async fn add(
    caller: Caller,
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
    body: Result<Json<New>, JsonRejection>,
) -> Result<Response, Refusal> {
    let resource = resource(&name)?;
    let Some(write) = resource.write else {
        return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response());
    };
    caller.must(write)?;
    let new = match body {
        Ok(Json(new)) => new,
        Err(rejection) => return Ok(bad_request(&rejection)),
    };
    let added = world.servoagent.shelves.add(resource.name, caller.in_sandbox(), new.name);
    Ok(match added {
        Ok(item) => (StatusCode::CREATED, Json(item)).into_response(),
        Err(_) => wire::internal(),
    })
}

/// `POST /agents/{id}/runs`: the document's example of a refusal is about its scope.
async fn run(
    caller: Caller,
    State(world): State<Arc<World>>,
    Path(agent): Path<String>,
) -> Result<Response, Refusal> {
    caller.must("agents:execute")?;
    if !world.servoagent.shelves.has("agents", caller.in_sandbox(), &agent) {
        return Err(Refusal::NotFound("agent"));
    }
    Ok(match random::base36(RUN_CHARACTERS) {
        Ok(id) => {
            let run = json!({ "id": format!("run_{id}"), "agent": agent, "status": "queued" });
            (StatusCode::CREATED, Json(run)).into_response()
        }
        Err(_) => wire::internal(),
    })
}

fn bad_request(rejection: &JsonRejection) -> Response {
    wire::error(StatusCode::BAD_REQUEST, "bad_request", &rejection.body_text())
}
