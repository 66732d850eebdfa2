//! How a fault meets a request: a layer around each route.

use std::{convert::Infallible, future::pending, io, iter, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use futures::{StreamExt, stream};
use serde_json::Value;

use super::{Fault, Operation, tamper::Change};
use crate::{wire, world::World};

/// Marks an answer in place of which the connection ends.
#[derive(Clone, Copy)]
pub(crate) struct Cut;

/// One route's layer.
#[derive(Clone)]
struct Gate {
    world: Arc<World>,
    operation: Operation,
}

/// The route behind its gate for counting, latency and faults.
pub(crate) fn gated(
    world: &Arc<World>,
    operation: Operation,
    route: MethodRouter<Arc<World>>,
) -> MethodRouter<Arc<World>> {
    let gate = Gate { world: Arc::clone(world), operation };
    route.route_layer(from_fn_with_state(gate, around))
}

/// Counts the request, lets it wait, and meets it with the fault that was ordered for it.
async fn around(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Gate { world, operation } = gate;
    world.counters.asked(operation);
    let latency = world.settings().latency;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let response = match world.faults.take(operation) {
        None => next.run(request).await,
        Some(fault) => {
            world.counters.faulty();
            if fault.takes_effect() {
                let answer = next.run(request).await;
                spoil(fault, answer).await
            } else {
                instead(fault).await
            }
        }
    };
    let response = match world.tampers.take(operation) {
        Some(change) => tampered(response, change).await,
        None => response,
    };
    world.counters.answered(response.status());
    response
}

/// The answer as somebody on the way would hand it on.
async fn tampered(answer: Response, change: Change) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else { return server_error() };
    let (status, body) = change(parts.status.as_u16(), body.to_vec());
    parts.status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}

/// The answer of a request that is not carried out.
async fn instead(fault: Fault) -> Response {
    match fault {
        Fault::RateLimited { retry_after_s } => {
            let wait = [(header::RETRY_AFTER, retry_after_s.to_string())];
            let limited = StatusCode::TOO_MANY_REQUESTS;
            (wait, wire::error(limited, "rate_limited", "Too many requests")).into_response()
        }
        Fault::Redirect { location } => {
            let place = HeaderValue::try_from(location).unwrap_or(HeaderValue::from_static("/"));
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response()
        }
        Fault::CutConnection => cut(),
        Fault::Timeout => pending().await,
        _ => server_error(),
    }
}

/// The spoiled answer of a request that was carried out.
async fn spoil(fault: Fault, answer: Response) -> Response {
    match fault {
        Fault::CutAfterEffect => cut(),
        Fault::TimeoutAfterEffect => pending().await,
        Fault::CutMidBody => rewrite(answer, break_off).await,
        Fault::MalformedJson => rewrite(answer, |body| Body::from(half(&body))).await,
        Fault::OmitSecret => rewrite(answer, without_secret).await,
        Fault::EndlessBody => rewrite(answer, endless).await,
        Fault::SlowDrip { pause_ms } => {
            rewrite(answer, |body| drip(body, Duration::from_millis(pause_ms))).await
        }
        Fault::Answer { status, body } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let json = [(header::CONTENT_TYPE, "application/json")];
            (status, json, body).into_response()
        }
        _ => server_error(),
    }
}

fn server_error() -> Response {
    wire::internal()
}

fn cut() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(Cut);
    response
}

/// Puts another body in place of the true one, which is at hand in full.
async fn rewrite(answer: Response, change: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else { return server_error() };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, change(body))
}

fn half(body: &Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

fn break_off(body: Bytes) -> Body {
    let end = io::Error::from(io::ErrorKind::ConnectionReset);
    // The pause lets the first half go out before the connection breaks.
    let ended = stream::once(async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(end)
    });
    Body::from_stream(stream::iter([Ok(half(&body))]).chain(ended))
}

fn without_secret(body: Bytes) -> Body {
    match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Object(mut fields)) => {
            fields.remove("key");
            Body::from(Value::Object(fields).to_string())
        }
        Ok(_) | Err(_) => Body::from(body),
    }
}

/// The answer's first half, then white space without end: a parser has no reason to stop.
fn endless(body: Bytes) -> Body {
    let space = Bytes::from(vec![b' '; 64 * 1024]);
    let parts = iter::once(half(&body)).chain(iter::repeat(space));
    Body::from_stream(stream::iter(parts.map(Ok::<_, Infallible>)))
}

fn drip(body: Bytes, pause: Duration) -> Body {
    let bytes = stream::iter(0..body.len()).then(move |at| {
        let byte = body.slice(at..=at);
        async move {
            tokio::time::sleep(pause).await;
            Ok::<_, Infallible>(byte)
        }
    });
    Body::from_stream(bytes)
}
