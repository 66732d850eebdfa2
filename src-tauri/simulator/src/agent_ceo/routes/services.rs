//! Services to use a key on, so that each scope opens and closes something. Ours: the
//! document names the services and their tiers, but no address of theirs.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json,
    extract::{Path, State, rejection::JsonRejection},
    http::StatusCode,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::{
    answer::Refusal,
    caller::Caller,
    scopes::{Capability, Service},
};
use crate::world::World;

/// Things kept per service; the oldest make room.
const MOST_ITEMS: usize = 1000;

/// A task, a page, a document, a message.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Item {
    title: String,
    text: String,
    agent: Option<String>,
    at: DateTime<Utc>,
}

/// What somebody wants to add.
#[derive(Deserialize)]
pub(super) struct NewItem {
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    pub(super) agent: Option<String>,
}

/// What the services hold.
#[derive(Default)]
pub(crate) struct Shelves {
    shelves: Mutex<BTreeMap<Service, Shelf>>,
}

#[derive(Default)]
struct Shelf {
    items: VecDeque<Item>,
    settings: Value,
}

impl Shelves {
    /// Items in which every word occurs, in the order of adding.
    pub(super) fn search(&self, service: Service, words: &str) -> Vec<Item> {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let fits = |item: &&Item| {
            let text = format!("{} {}", item.title, item.text).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let shelves = self.lock();
        shelves
            .get(&service)
            .map(|shelf| shelf.items.iter().filter(fits).cloned().collect())
            .unwrap_or_default()
    }

    pub(super) fn add(&self, service: Service, new: NewItem, at: DateTime<Utc>) -> Item {
        let item = Item { title: new.title, text: new.text, agent: new.agent, at };
        let mut shelves = self.lock();
        let items = &mut shelves.entry(service).or_default().items;
        if items.len() == MOST_ITEMS {
            items.pop_front();
        }
        items.push_back(item.clone());
        item
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Service, Shelf>> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The service of an address. `mcp` has addresses of its own, and `admin` has the keys.
fn service(name: &str) -> Result<Service, Refusal> {
    Service::find(name)
        .filter(|service| !matches!(service, Service::Mcp | Service::Admin))
        .ok_or(Refusal::NotFound("service"))
}

/// Messages and operands go to an agent; the key must reach whichever is named.
pub(super) fn addressed(
    caller: &Caller,
    service: Service,
    agent: Option<&str>,
) -> Result<(), Refusal> {
    match agent {
        Some(agent) => caller.must_reach(agent),
        None if matches!(service, Service::A2a | Service::SuperAgent) => {
            Err(Refusal::bad_request(format!("agent: {} needs one", service.name())))
        }
        None => Ok(()),
    }
}

/// `GET /api/v1/{service}`: `svc:{service}:read`.
pub(super) async fn list(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
    caller: Caller,
) -> Result<Json<Value>, Refusal> {
    let service = service(&name)?;
    caller.must(service, Capability::Read)?;
    Ok(Json(json!({ "items": world.agent_ceo.shelves.search(service, "") })))
}

/// `POST /api/v1/{service}`: `svc:{service}:write`.
pub(super) async fn add(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
    caller: Caller,
    body: Result<Json<NewItem>, JsonRejection>,
) -> Result<(StatusCode, Json<Item>), Refusal> {
    let service = service(&name)?;
    caller.must(service, Capability::Write)?;
    let Json(new) = body?;
    addressed(&caller, service, new.agent.as_deref())?;
    let item = world.agent_ceo.shelves.add(service, new, world.clock.now());
    Ok((StatusCode::CREATED, Json(item)))
}

/// `GET /api/v1/{service}/settings`: `svc:{service}:admin`.
pub(super) async fn settings(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
    caller: Caller,
) -> Result<Json<Value>, Refusal> {
    let service = service(&name)?;
    caller.must(service, Capability::Admin)?;
    let shelves = world.agent_ceo.shelves.lock();
    Ok(Json(shelves.get(&service).map(|shelf| shelf.settings.clone()).unwrap_or_default()))
}

/// `PUT /api/v1/{service}/settings`: `svc:{service}:admin`.
pub(super) async fn set(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
    caller: Caller,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let service = service(&name)?;
    caller.must(service, Capability::Admin)?;
    let Json(settings) = body?;
    world.agent_ceo.shelves.lock().entry(service).or_default().settings = settings.clone();
    Ok(Json(settings))
}
