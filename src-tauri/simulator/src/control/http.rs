//! The levers for other processes, under `/_sim`. Open only when asked for. A web page
//! cannot work them: they take JSON alone, and send no CORS headers.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};

use super::Control;
use crate::{
    Fault, ListShape, Operation, Requests, SimKey, clock::millis, dashboard::Place,
    faults::Ordered, world::World,
};

/// The routes under `/_sim`.
pub(crate) fn router(world: &Arc<World>) -> Router {
    Router::new()
        .route("/_sim/faults", post(order).delete(clear))
        .route("/_sim/settings", post(set))
        .route("/_sim/state", get(state))
        .with_state(Control::of(Arc::clone(world)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    operation: Operation,
    fault: Fault,
    #[serde(default = "once")]
    times: u32,
}

const fn once() -> u32 {
    1
}

/// `POST /_sim/faults`.
async fn order(State(control): State<Control>, Json(order): Json<Order>) -> Json<Snapshot> {
    control.fault_times(order.operation, order.fault, order.times);
    Json(Snapshot::of(&control))
}

/// `DELETE /_sim/faults`.
async fn clear(State(control): State<Control>) -> Json<Snapshot> {
    control.clear_faults();
    Json(Snapshot::of(&control))
}

/// Settings to change; what is left out stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    revoke_delay_ms: Option<u64>,
    latency_ms: Option<u64>,
    list_shape: Option<ListShape>,
    list_revoked: Option<bool>,
    flapping: Option<bool>,
    clock_ahead_ms: Option<i64>,
    specivo_revoke_delay_ms: Option<u64>,
    servoagent_revoke_delay_ms: Option<u64>,
    bivariant_revoke_delay_ms: Option<u64>,
}

/// `POST /_sim/settings`.
async fn set(State(control): State<Control>, Json(change): Json<Change>) -> Json<Snapshot> {
    let duration = |ms: Option<u64>| ms.map(Duration::from_millis);
    control.world.change(|settings| {
        settings.revoke_delay = duration(change.revoke_delay_ms).unwrap_or(settings.revoke_delay);
        settings.latency = duration(change.latency_ms).unwrap_or(settings.latency);
        settings.list_shape = change.list_shape.unwrap_or(settings.list_shape);
        settings.list_revoked = change.list_revoked.unwrap_or(settings.list_revoked);
        settings.flapping = change.flapping.unwrap_or(settings.flapping);
        for (place, delay) in [
            (Place::Specivo, duration(change.specivo_revoke_delay_ms)),
            (Place::ServoAgent, duration(change.servoagent_revoke_delay_ms)),
            (Place::Bivariant, duration(change.bivariant_revoke_delay_ms)),
        ] {
            if let Some(delay) = delay {
                settings.set_delay_of(place, delay);
            }
        }
    });
    if let Some(ahead) = change.clock_ahead_ms {
        control.set_clock_ahead(ahead);
    }
    Json(Snapshot::of(&control))
}

/// `GET /_sim/state`.
async fn state(State(control): State<Control>) -> Json<Snapshot> {
    Json(Snapshot::of(&control))
}

/// Everything but secrets, of which the simulator has none.
#[derive(Serialize)]
struct Snapshot {
    settings: Set,
    faults: Vec<Ordered>,
    requests: Requests,
    keys: Vec<SimKey>,
    specivo: Vec<SimKey>,
    servoagent: Vec<SimKey>,
    bivariant: Vec<SimKey>,
}

/// The settings as they are.
#[derive(Serialize)]
struct Set {
    revoke_delay_ms: i64,
    latency_ms: i64,
    list_shape: ListShape,
    list_revoked: bool,
    flapping: bool,
    clock_ahead_ms: i64,
    specivo_revoke_delay_ms: i64,
    servoagent_revoke_delay_ms: i64,
    bivariant_revoke_delay_ms: i64,
}

impl Snapshot {
    fn of(control: &Control) -> Self {
        let settings = control.world.settings();
        Self {
            settings: Set {
                revoke_delay_ms: millis(settings.revoke_delay),
                latency_ms: millis(settings.latency),
                list_shape: settings.list_shape,
                list_revoked: settings.list_revoked,
                flapping: settings.flapping,
                clock_ahead_ms: control.world.clock.ahead_ms(),
                specivo_revoke_delay_ms: millis(settings.delay_of(Place::Specivo)),
                servoagent_revoke_delay_ms: millis(settings.delay_of(Place::ServoAgent)),
                bivariant_revoke_delay_ms: millis(settings.delay_of(Place::Bivariant)),
            },
            faults: control.world.faults.pending(),
            requests: control.requests(),
            keys: control.keys(),
            specivo: control.specivo().keys(),
            servoagent: control.servoagent().keys(),
            bivariant: control.bivariant().keys(),
        }
    }
}
