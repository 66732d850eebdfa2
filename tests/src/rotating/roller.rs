//! A platform that replaces keys in the ways in which platforms do, and meets each call with the
//! fault that a test orders. Its time is the test's.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{profile::OVERLAP_S, time::Time};

pub(crate) const CREDENTIAL: &str = "roller_admin_fake_credential_0001";

/// How keys are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Not at all: names are unique, keys can be held back, made and ended.
    Beside,
    /// In place, and the id stays.
    SameId,
    /// In place with a new id. Replacing by an id at its end ends all that came from the same key.
    NewId,
    /// The old secret works on for a while; the id stays.
    OverlapSameId,
    /// The old key works on for a while beside one of another id.
    OverlapNewId,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    List,
    /// A new key, or a new secret.
    Make,
    Probe,
    Revoke,
    /// Held back, let go, renamed.
    Change,
}

/// What a call meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    Pass,
    /// Done; the answer is cut off.
    Lost,
    /// Cut off; nothing done.
    Cut,
    TooMany,
    Error,
    /// 500, and yet it was done.
    ErrorAfter,
    /// Done; half of the answer.
    Malformed,
    /// Done; the secret is left out.
    NoSecret,
    /// Done; the id is left out.
    NoId,
    /// Done; an empty object.
    Nothing,
    /// No answer ever; nothing done.
    Hang,
    /// No answer ever, and yet it was done.
    HangAfter,
}

#[derive(Debug, Clone)]
pub(crate) struct Roll {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) secret: String,
    pub(crate) off: bool,
    born: DateTime<Utc>,
    family: u64,
    /// From then on it is dead.
    ends: Option<DateTime<Utc>>,
    /// Earlier secrets under the same id, and how long they work on.
    before: Vec<(String, DateTime<Utc>)>,
}

struct Room {
    mode: Mode,
    time: Time,
    keys: Vec<Roll>,
    made: u64,
    faults: HashMap<Call, VecDeque<Fault>>,
    /// So often an id at its end was replaced.
    sprung: u32,
    /// Calls that hang.
    hanging: u32,
    /// What calls changed, in order.
    effects: Vec<String>,
}

type Rooms = Arc<Mutex<Room>>;

/// The server.
pub(crate) struct Roller {
    pub(crate) address: String,
    room: Rooms,
    task: JoinHandle<()>,
}

impl Drop for Roller {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Roller {
    pub(crate) async fn start(mode: Mode, time: Time) -> Self {
        let room = Arc::new(Mutex::new(Room {
            mode,
            time,
            keys: Vec::new(),
            made: 0,
            faults: HashMap::new(),
            sprung: 0,
            hanging: 0,
            effects: Vec::new(),
        }));
        let app = Router::new()
            .route("/keys", get(list).post(create))
            .route("/keys/{id}", delete(end).patch(change))
            .route("/keys/{id}/value", put(replace))
            .route("/keys/{id}/rotate", post(replace))
            .route("/me", get(me))
            .with_state(Arc::clone(&room));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, room, task }
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The `nth` such call from now on, counted from 0, meets this fault.
    pub(crate) fn order(&self, call: Call, nth: usize, fault: Fault) {
        let mut room = self.room();
        let queue = room.faults.entry(call).or_default();
        queue.extend(std::iter::repeat_n(Fault::Pass, nth));
        queue.push_back(fault);
    }

    pub(crate) fn clear(&self) {
        self.room().faults.clear();
    }

    pub(crate) fn hanging(&self) -> u32 {
        self.room().hanging
    }

    /// So often the trap of replacing an id at its end was sprung.
    pub(crate) fn sprung(&self) -> u32 {
        self.room().sprung
    }

    /// Every secret that was ever given out.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let room = self.room();
        let all = room.keys.iter().flat_map(|key| {
            std::iter::once(key.secret.clone()).chain(key.before.iter().map(|(old, _)| old.clone()))
        });
        all.collect()
    }

    /// Keys that are not at their end: held back or not.
    pub(crate) fn live(&self) -> Vec<Roll> {
        let room = self.room();
        let now = room.time.now();
        room.keys.iter().filter(|key| !key.ended(now)).cloned().collect()
    }

    pub(crate) fn accepts(&self, secret: &str) -> bool {
        let room = self.room();
        accepts(&room, secret)
    }

    /// What calls changed, in order: `make NAME`, `end ID`, `name ID NAME`, `off ID true`.
    pub(crate) fn effects(&self) -> Vec<String> {
        self.room().effects.clone()
    }

    /// Somebody else holds a key back, or lets it go.
    pub(crate) fn hold_back(&self, id: &str, off: bool) {
        if let Some(key) = self.room().keys.iter_mut().find(|key| key.id == id) {
            key.off = off;
        }
    }

    /// Somebody else makes a key.
    pub(crate) fn issue(&self, name: &str) -> String {
        self.room().make(name, None).id.clone()
    }

    /// Somebody else ends a key.
    pub(crate) fn revoke(&self, id: &str) -> bool {
        self.room().end(id)
    }

    /// Somebody else replaces a key's secret.
    pub(crate) fn replace(&self, id: &str) {
        let mut room = self.room();
        let now = room.time.now();
        if room.keys.iter().any(|key| key.id == id && !key.ended(now)) {
            drop(room.replace(id));
        }
    }

    /// Somebody else gives a key another name.
    pub(crate) fn rename(&self, id: &str, name: &str) {
        if let Some(key) = self.room().keys.iter_mut().find(|key| key.id == id) {
            name.clone_into(&mut key.name);
        }
    }
}

impl Roll {
    fn ended(&self, now: DateTime<Utc>) -> bool {
        self.ends.is_some_and(|at| at <= now)
    }
}

impl Room {
    fn make(&mut self, name: &str, from: Option<u64>) -> &Roll {
        self.made += 1;
        let made = self.made;
        self.keys.push(Roll {
            id: format!("r{made}"),
            name: name.to_owned(),
            secret: secret_of(made),
            off: false,
            born: self.time.now(),
            family: from.unwrap_or(made),
            ends: None,
            before: Vec::new(),
        });
        self.keys.last().unwrap()
    }

    fn end(&mut self, id: &str) -> bool {
        let now = self.time.now();
        let found = self.keys.iter_mut().find(|key| key.id == id && !key.ended(now));
        found.map(|key| key.ends = Some(now)).is_some()
    }

    /// The answer to a replacement; none where it is refused.
    fn replace(&mut self, id: &str) -> Option<Value> {
        let now = self.time.now();
        let at = self.keys.iter().position(|key| key.id == id)?;
        let (ended, family) = (self.keys[at].ended(now), self.keys[at].family);
        let until = now + chrono::Duration::seconds(i64::try_from(OVERLAP_S).unwrap());
        match self.mode {
            Mode::Beside => None,
            Mode::SameId | Mode::OverlapSameId if ended => None,
            Mode::SameId | Mode::OverlapSameId => {
                self.made += 1;
                let secret = secret_of(self.made);
                let works = if self.mode == Mode::SameId { now } else { until };
                let key = &mut self.keys[at];
                // The one before the last does not work any longer.
                key.before.iter_mut().for_each(|(_, at)| *at = now);
                let old = std::mem::replace(&mut key.secret, secret.clone());
                key.before.push((old, works));
                Some(json!({ "id": id, "secret": secret }))
            }
            Mode::OverlapNewId if !ended && self.keys[at].ends.is_some() => None,
            Mode::NewId | Mode::OverlapNewId if ended => {
                self.sprung += 1;
                let family = self.keys.iter_mut().filter(|key| key.family == family);
                family.for_each(|key| key.ends = Some(now));
                None
            }
            Mode::NewId | Mode::OverlapNewId => {
                self.keys[at].ends = Some(if self.mode == Mode::NewId { now } else { until });
                let name = self.keys[at].name.clone();
                let made = self.make(&name, Some(family));
                Some(json!({ "id": made.id, "secret": made.secret }))
            }
        }
    }

    fn rows(&self) -> Value {
        let now = self.time.now();
        let keys = self.keys.iter().filter(|key| self.mode == Mode::NewId || !key.ended(now));
        let rows = keys.map(|key| {
            let state = if key.ended(now) {
                "ended"
            } else if key.off {
                "off"
            } else {
                "on"
            };
            json!({ "id": key.id, "name": key.name, "state": state, "born": key.born.to_rfc3339() })
        });
        json!({ "keys": rows.collect::<Vec<_>>() })
    }

    fn next(&mut self, call: Call) -> Fault {
        self.faults.get_mut(&call).and_then(VecDeque::pop_front).unwrap_or(Fault::Pass)
    }
}

fn secret_of(number: u64) -> String {
    format!("rl_fake_{number:04}_not_a_real_key_{}", number * 7919 % 10_007)
}

fn accepts(room: &Room, secret: &str) -> bool {
    let now = room.time.now();
    room.keys.iter().any(|key| {
        let old = key.before.iter().any(|(old, until)| old == secret && *until > now);
        !key.ended(now) && !key.off && (key.secret == secret || old)
    })
}

/// Carries a call out under its fault. The work answers none where it is refused.
async fn under(
    rooms: &Rooms,
    call: Call,
    work: impl FnOnce(&mut Room) -> Option<Value>,
) -> Response {
    let (fault, answer) = {
        let mut room = rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = room.next(call);
        let before = matches!(fault, Fault::Cut | Fault::TooMany | Fault::Error | Fault::Hang);
        let answer = if before { None } else { work(&mut room) };
        if matches!(fault, Fault::Hang | Fault::HangAfter) {
            room.hanging += 1;
        }
        (fault, answer)
    };
    match (fault, answer) {
        (Fault::Lost | Fault::Cut, _) => cut(),
        (Fault::TooMany, _) => {
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")]).into_response()
        }
        (Fault::Error | Fault::ErrorAfter, _) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        (Fault::Hang | Fault::HangAfter, _) => std::future::pending().await,
        (Fault::Malformed, Some(answer)) => {
            let text = answer.to_string();
            let half: String = text.chars().take(text.len() / 2).collect();
            ([("content-type", "application/json")], half).into_response()
        }
        (Fault::NoSecret | Fault::NoId, Some(mut answer)) => {
            if let Some(fields) = answer.as_object_mut() {
                fields.remove(if fault == Fault::NoId { "id" } else { "secret" });
            }
            Json(answer).into_response()
        }
        (Fault::Nothing, Some(_)) => Json(json!({})).into_response(),
        (_, Some(answer)) => Json(answer).into_response(),
        (_, None) => {
            (StatusCode::NOT_FOUND, Json(json!({ "message": "no such key" }))).into_response()
        }
    }
}

/// A body that breaks off makes the connection end in the middle.
fn cut() -> Response {
    let broken = futures::stream::once(async {
        Err::<String, _>(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
    });
    Response::new(Body::from_stream(broken))
}

fn is_admin(headers: &HeaderMap) -> bool {
    headers.get("X-Roller").is_some_and(|value| value == CREDENTIAL)
}

fn unauthorized() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

async fn list(State(rooms): State<Rooms>, headers: HeaderMap) -> Response {
    if !is_admin(&headers) {
        return unauthorized();
    }
    under(&rooms, Call::List, |room| Some(room.rows())).await
}

async fn create(
    State(rooms): State<Rooms>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if !is_admin(&headers) {
        return unauthorized();
    }
    let name = body["name"].as_str().unwrap_or_default().to_owned();
    under(&rooms, Call::Make, move |room| {
        let now = room.time.now();
        let taken = room.keys.iter().any(|key| key.name == name && !key.ended(now));
        if room.mode == Mode::Beside && taken {
            return None;
        }
        room.effects.push(format!("make {name}"));
        let made = room.make(&name, None);
        Some(json!({ "id": made.id, "secret": made.secret }))
    })
    .await
}

async fn replace(
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if !is_admin(&headers) {
        return unauthorized();
    }
    under(&rooms, Call::Make, move |room| room.replace(&id)).await
}

async fn change(
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    under(&rooms, Call::Change, move |room| {
        let now = room.time.now();
        let key = room.keys.iter_mut().find(|key| key.id == id && !key.ended(now))?;
        let effect = if let Some(name) = body["name"].as_str() {
            name.clone_into(&mut key.name);
            format!("name {id} {name}")
        } else {
            key.off = body["off"].as_bool().unwrap_or_default();
            format!("off {id} {}", key.off)
        };
        room.effects.push(effect);
        Some(json!({}))
    })
    .await
}

async fn end(State(rooms): State<Rooms>, Path(id): Path<String>) -> Response {
    under(&rooms, Call::Revoke, move |room| {
        let ended = room.end(&id);
        if ended {
            room.effects.push(format!("end {id}"));
        }
        ended.then(|| json!({}))
    })
    .await
}

async fn me(State(rooms): State<Rooms>, headers: HeaderMap) -> Response {
    let secret = headers.get("X-Roller").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let secret = secret.to_owned();
    let answer = under(&rooms, Call::Probe, |room| accepts(room, &secret).then(|| json!({}))).await;
    if answer.status() == StatusCode::NOT_FOUND { unauthorized() } else { answer }
}
