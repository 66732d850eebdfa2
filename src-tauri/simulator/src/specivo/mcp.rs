//! `POST /specivo/mcp`: the MCP server, as far as a client's first call. The page says
//! that a key without `mcp` authenticates and is refused, and that without membership
//! there is no access. Ours: the address, the header, the statuses and the bodies.

use std::sync::Arc;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::MCP;
use crate::{
    wire::{self, bearer},
    world::World,
};

/// The revisions of the protocol that are spoken, the newest first.
const VERSIONS: [&str; 3] = ["2025-06-18", "2025-03-26", "2024-11-05"];
/// The code of JSON-RPC for what is not there.
const NO_SUCH_METHOD: i32 = -32601;

#[derive(Deserialize)]
pub(super) struct Call {
    #[serde(default)]
    id: Value,
    method: String,
    #[serde(default)]
    params: Value,
}

/// Whether the key may connect, then what was asked.
pub(super) async fn answer(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<Call>, JsonRejection>,
) -> Response {
    if let Err(refusal) = admit(&world, &headers) {
        return *refusal;
    }
    match body {
        Ok(Json(call)) => called(&call),
        Err(rejection) => {
            wire::error(StatusCode::BAD_REQUEST, "bad_request", &rejection.body_text())
        }
    }
}

fn admit(world: &World, headers: &HeaderMap) -> Result<(), Box<Response>> {
    let platform = &world.specivo;
    let flapping = world.settings().flapping;
    let row = bearer(headers)
        .and_then(|value| platform.keys.validate(value, world.clock.now(), flapping))
        .ok_or_else(|| Box::new(wire::unauthorized("Unknown or revoked API key")))?;
    if !row.written.iter().any(|scope| scope == MCP) {
        let message = "The key is valid, but the MCP server refuses it: it lacks the scope mcp";
        return Err(Box::new(wire::error(StatusCode::FORBIDDEN, "missing_scope", message)));
    }
    if !platform.members.has(&row.owner) {
        let message = format!("The key is valid, but its owner {} is in no project", row.owner);
        return Err(Box::new(wire::error(StatusCode::FORBIDDEN, "no_project", &message)));
    }
    Ok(())
}

fn called(call: &Call) -> Response {
    if call.method.starts_with("notifications/") {
        return StatusCode::ACCEPTED.into_response();
    }
    let answer = match call.method.as_str() {
        "initialize" => {
            let asked = call.params.get("protocolVersion").and_then(Value::as_str);
            let version = VERSIONS.iter().find(|version| asked == Some(**version));
            let result = json!({
                "protocolVersion": version.unwrap_or(&VERSIONS[0]),
                "capabilities": {},
                "serverInfo": { "name": "specivo-simulated", "version": env!("CARGO_PKG_VERSION") },
            });
            json!({ "jsonrpc": "2.0", "id": call.id, "result": result })
        }
        "ping" => json!({ "jsonrpc": "2.0", "id": call.id, "result": {} }),
        _ => {
            let error = json!({ "code": NO_SUCH_METHOD, "message": "Method not found" });
            json!({ "jsonrpc": "2.0", "id": call.id, "error": error })
        }
    };
    Json(answer).into_response()
}
