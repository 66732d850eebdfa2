//! A platform of somebody's own: a small server, and the profile by which it is added. It can do
//! what agent.ceo cannot: rename, hold back and let go, and say "too many calls".

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, patch},
};
use keywright_model::{ConnectionId, Expiry, PlatformId, Secret};
use keywright_service::wire::{AddPlatform, Connect, Variable};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::desk::Desk;

pub(crate) const CREDENTIAL: &str = "ws_admin_fake_credential_0001";
pub(crate) const PROFILE: &str = r#"
profile = 1
id = "workshop"
name = "Workshop"
about = "A server of one's own."
env_name = "WORKSHOP_KEY"
capabilities = ["list", "create", "relabel", "disable", "enable", "revoke", "probe"]

[[variables]]
name = "tenant"
label = "Tenant"
required = true

[credential]
label = "Admin token"
help = "From the server's own settings."

[[prefixes]]
prefix = "ws_key_"
environment = "live"

[auth.manage]
kind = "header"
name = "X-Workshop"
value = "{credential}"

[operations.list]
method = "GET"
path = "/{account.tenant}/keys"

[operations.list.extract]
items = "/keys"
id = "/id"
name = "/name"
status = { pointer = "/off", convert = "bool_to_status", when_true = "disabled", when_false = "active" }

[operations.create]
method = "POST"
path = "/{account.tenant}/keys"
body = { name = { "$var" = "name" }, password = { "$var" = "ask.password" } }
extract = { id = "/id", secret = "/secret" }

[operations.relabel]
method = "PATCH"
path = "/{account.tenant}/keys/{key.id}"
body = { name = { "$var" = "name" } }

[operations.disable]
method = "PATCH"
path = "/{account.tenant}/keys/{key.id}"
body = { off = true }

[operations.enable]
method = "PATCH"
path = "/{account.tenant}/keys/{key.id}"
body = { off = false }

[operations.revoke]
method = "DELETE"
path = "/{account.tenant}/keys/{key.id}"

[operations.probe]
method = "GET"
path = "/{account.tenant}/me"
rules = [
    { status = 200, verdict = "alive" },
    { status = 401, verdict = "dead" },
]
"#;

/// What the next change meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It is done, and the answer is lost.
    LostAnswer,
    /// It is refused.
    No,
}

#[derive(Default)]
struct Room {
    keys: BTreeMap<String, (String, bool)>,
    made: u32,
    trouble: Option<Trouble>,
    /// So many lists are answered with "too many calls" and this wait.
    busy: u32,
    wait_s: u32,
    lists: u32,
    at_once: u32,
    most_at_once: u32,
}

type Rooms = Arc<Mutex<BTreeMap<String, Room>>>;

/// The server.
pub(crate) struct Workshop {
    address: String,
    rooms: Rooms,
    task: JoinHandle<()>,
}

impl Drop for Workshop {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Workshop {
    pub(crate) async fn start() -> Self {
        let rooms = Rooms::default();
        let app = Router::new()
            .route("/{tenant}/keys", get(list).post(create))
            .route("/{tenant}/keys/{id}", patch(change).delete(end))
            .route("/{tenant}/me", get(me))
            .with_state(Arc::clone(&rooms));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, rooms, task }
    }

    fn with<T>(&self, tenant: &str, work: impl FnOnce(&mut Room) -> T) -> T {
        work(self.rooms.lock().unwrap().entry(tenant.to_owned()).or_default())
    }

    pub(crate) fn fill(&self, tenant: &str, keys: u32) {
        self.with(tenant, |room| {
            for number in 0..keys {
                room.keys.insert(format!("k{number}"), (format!("key-{number}"), false));
            }
        });
    }

    pub(crate) fn next(&self, tenant: &str, trouble: Trouble) {
        self.with(tenant, |room| room.trouble = Some(trouble));
    }

    pub(crate) fn busy(&self, tenant: &str, times: u32, wait_s: u32) {
        self.with(tenant, |room| (room.busy, room.wait_s) = (times, wait_s));
    }

    pub(crate) fn name_of(&self, tenant: &str, id: &str) -> Option<(String, bool)> {
        self.with(tenant, |room| room.keys.get(id).cloned())
    }

    pub(crate) fn lists(&self, tenant: &str) -> u32 {
        self.with(tenant, |room| room.lists)
    }

    pub(crate) fn most_at_once(&self, tenant: &str) -> u32 {
        self.with(tenant, |room| room.most_at_once)
    }

    /// Connects another tenant.
    pub(crate) async fn connect_another(&self, desk: &Desk, tenant: &str) -> ConnectionId {
        let credential = Secret::copy_of(CREDENTIAL);
        desk.service.connect(self.connection(tenant), Some(credential)).await.unwrap().id
    }

    /// Adds the platform to the vault and connects one tenant of it.
    pub(crate) async fn connect(&self, desk: &Desk, tenant: &str) -> ConnectionId {
        let file = AddPlatform { origin: "workshop.toml".into(), text: PROFILE.into() };
        desk.service.add_platform(file).unwrap();
        let request = self.connection(tenant);
        let credential = Secret::copy_of(CREDENTIAL);
        desk.service.connect(request, Some(credential)).await.unwrap().id
    }

    pub(crate) fn connection(&self, tenant: &str) -> Connect {
        Connect {
            platform: PlatformId::new("workshop"),
            name: tenant.into(),
            base_url: Some(self.address.clone()),
            variables: vec![Variable { name: "tenant".into(), value: tenant.into() }],
            credential_expires: Expiry::Unknown,
        }
    }
}

fn allowed(headers: &HeaderMap) -> bool {
    headers.get("X-Workshop").is_some_and(|value| value == CREDENTIAL)
}

fn refused() -> Response {
    (StatusCode::FORBIDDEN, Json(json!({ "message": "not today" }))).into_response()
}

async fn list(
    State(rooms): State<Rooms>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
) -> Response {
    let most = {
        let mut rooms = rooms.lock().unwrap();
        let room = rooms.entry(tenant.clone()).or_default();
        if !allowed(&headers) {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        room.lists += 1;
        if room.busy > 0 {
            room.busy -= 1;
            let wait = [("retry-after", room.wait_s.to_string())];
            return (StatusCode::TOO_MANY_REQUESTS, wait).into_response();
        }
        room.at_once += 1;
        room.most_at_once = room.most_at_once.max(room.at_once);
        room.most_at_once
    };
    tokio::task::yield_now().await;
    let mut rooms = rooms.lock().unwrap();
    let room = rooms.entry(tenant).or_default();
    room.at_once -= 1;
    let row = |(id, (name, off)): (&String, &(String, bool))| json!({ "id": id, "name": name, "off": off });
    let keys: Vec<Value> = room.keys.iter().map(row).collect();
    Json(json!({ "keys": keys, "most": most })).into_response()
}

async fn create(
    State(rooms): State<Rooms>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if !allowed(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if body["password"] != "fake password" {
        return refused();
    }
    let mut rooms = rooms.lock().unwrap();
    let room = rooms.entry(tenant).or_default();
    room.made += 1;
    let id = format!("made{}", room.made);
    let name = body["name"].as_str().unwrap_or_default().to_owned();
    room.keys.insert(id.clone(), (name, false));
    Json(json!({ "id": id, "secret": format!("ws_key_fake_{id}") })).into_response()
}

async fn change(
    State(rooms): State<Rooms>,
    Path((tenant, id)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    let mut rooms = rooms.lock().unwrap();
    let room = rooms.entry(tenant).or_default();
    let trouble = room.trouble.take();
    if trouble == Some(Trouble::No) {
        return refused();
    }
    let Some(key) = room.keys.get_mut(&id) else { return StatusCode::NOT_FOUND.into_response() };
    if let Some(name) = body["name"].as_str() {
        name.clone_into(&mut key.0);
    }
    if let Some(off) = body["off"].as_bool() {
        key.1 = off;
    }
    match trouble {
        // The status of a server that lost its way after the work was done.
        Some(Trouble::LostAnswer) => StatusCode::BAD_GATEWAY.into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

async fn end(State(rooms): State<Rooms>, Path((tenant, id)): Path<(String, String)>) -> StatusCode {
    let gone = rooms.lock().unwrap().entry(tenant).or_default().keys.remove(&id);
    if gone.is_some() { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

async fn me(
    State(rooms): State<Rooms>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
) -> StatusCode {
    let value = headers.get("X-Workshop").and_then(|value| value.to_str().ok());
    let id = value.and_then(|value| value.strip_prefix("ws_key_fake_")).unwrap_or_default();
    let rooms = rooms.lock().unwrap();
    let key = rooms.get(&tenant).and_then(|room| room.keys.get(id));
    if key.is_some_and(|(_, off)| !off) { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
}
