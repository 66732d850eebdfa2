//! `POST /api/v1/mcp/tools/invoke`. The key's scopes are checked against the requested
//! tool on every call. Ours: the tools but `wiki_graph_vector_search`, and that a key
//! passes with the tool's own scope or with `svc:mcp:write`, so that both of the
//! document's sample keys can make its sample calls.

use std::sync::Arc;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        answer::Refusal,
        caller::Caller,
        scopes::{Capability, Service, Wanted},
    },
    services::{NewItem, addressed},
};
use crate::world::World;

/// A tool, and the scope that it needs.
struct Tool(&'static str, Wanted);

const TOOLS: [Tool; 7] = [
    Tool("wiki_graph_vector_search", Wanted(Service::Wiki, Capability::Read)),
    Tool("wiki_page_add", Wanted(Service::Wiki, Capability::Write)),
    Tool("kb_search", Wanted(Service::Kb, Capability::Read)),
    Tool("kb_document_add", Wanted(Service::Kb, Capability::Write)),
    Tool("task_search", Wanted(Service::Tasks, Capability::Read)),
    Tool("task_add", Wanted(Service::Tasks, Capability::Write)),
    Tool("agent_message_send", Wanted(Service::A2a, Capability::Write)),
];

#[derive(Deserialize)]
pub(super) struct Invoke {
    tool: String,
    #[serde(default)]
    arguments: Value,
}

/// `GET /api/v1/mcp/tools`: `svc:mcp:read`.
pub(super) async fn list(caller: Caller) -> Result<Json<Value>, Refusal> {
    caller.must(Service::Mcp, Capability::Read)?;
    let tools: Vec<Value> = TOOLS
        .iter()
        .map(|Tool(name, wanted)| json!({ "name": name, "scope": wanted.to_string() }))
        .collect();
    Ok(Json(json!({ "tools": tools })))
}

/// Calls a tool: one that reads searches by `query`, one that writes adds `title` and `text`.
pub(super) async fn invoke(
    State(world): State<Arc<World>>,
    caller: Caller,
    body: Result<Json<Invoke>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(Invoke { tool, arguments }) = body?;
    let Some(Tool(name, wanted)) = TOOLS.iter().find(|Tool(name, _)| *name == tool) else {
        return Err(Refusal::NotFound("tool"));
    };
    let Wanted(service, capability) = *wanted;
    if !caller.0.scopes.allow(Wanted(Service::Mcp, Capability::Write)) {
        caller.must(service, capability)?;
    }
    let shelves = &world.agent_ceo.shelves;
    let result = if capability == Capability::Read {
        let query = arguments.get("query").and_then(Value::as_str).unwrap_or_default();
        json!({ "items": shelves.search(service, query) })
    } else {
        let new: NewItem = serde_json::from_value(arguments)
            .map_err(|error| Refusal::bad_request(format!("arguments: {error}")))?;
        addressed(&caller, service, new.agent.as_deref())?;
        json!({ "item": shelves.add(service, new, world.clock.now()) })
    };
    Ok(Json(json!({ "tool": name, "result": result })))
}
