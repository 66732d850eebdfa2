//! A small server that answers what a test tells it and remembers what it was asked.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use keywright_model::{PlatformId, Secret};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{Connector, Http, Limits, Profile, Registry, Variables};

/// One request as it came.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: String,
    /// Path and query as they were sent.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the request's body is JSON")
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

pub(super) fn reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply { status, headers: Vec::new(), body: body.into() }
}

pub(super) fn json(status: u16, body: &Value) -> Reply {
    reply(status, body.to_string())
}

impl Reply {
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Answering = Arc<dyn Fn(usize, &Seen) -> Reply + Send + Sync>;

#[derive(Clone)]
struct Shared {
    seen: Arc<Mutex<Vec<Seen>>>,
    answering: Answering,
}

/// A running server.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    shared: Shared,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts one that answers the n-th request, counted from 0, by the given function.
    pub(super) async fn start(
        answering: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let shared = Shared { seen: Arc::default(), answering: Arc::new(answering) };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let app = Router::new().fallback(handle).with_state(shared.clone());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.expect("serving") });
        Self { address, shared, task }
    }

    /// One that always answers the same.
    pub(super) async fn always(answer: Reply) -> Self {
        Self::start(move |_, _| answer.clone()).await
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().expect("not poisoned").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn handle(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let seen = Seen {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers: parts.headers,
        body: to_bytes(body, 1 << 20).await.map(|bytes| bytes.to_vec()).unwrap_or_default(),
    };
    let count = {
        let mut all = shared.seen.lock().expect("not poisoned");
        all.push(seen.clone());
        all.len() - 1
    };
    let answer = (shared.answering)(count, &seen);
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).expect("a status");
    for (name, value) in answer.headers {
        let name: HeaderName = name.parse().expect("a header's name");
        response.headers_mut().append(name, HeaderValue::from_str(&value).expect("a value"));
    }
    response
}

/// Bounds that let a test end soon, and yet hold on a busy machine.
pub(super) fn quick() -> Http {
    within(Duration::from_secs(10))
}

/// Bounds for tests that wait until the time is over.
pub(super) fn hasty() -> Http {
    within(Duration::from_secs(1))
}

fn within(deadline: Duration) -> Http {
    Http::with_limits(Limits { body: 64 * 1_024, deadline, connect: deadline }).expect("a client")
}

pub(super) fn agent_ceo() -> Arc<Profile> {
    Registry::builtin().get(&PlatformId::new("agent.ceo")).expect("agent.ceo is built in")
}

pub(super) fn acme() -> Variables {
    let given = [("org_id".to_owned(), "acme".to_owned())].into();
    agent_ceo().resolve_variables(&given).expect("complete")
}

/// agent.ceo at a test server.
pub(super) fn connect(server: &Server) -> Connector {
    Connector::new(agent_ceo(), &server.url(), acme(), quick()).expect("a connection")
}

/// A profile of the test's own, without settings, at a test server.
pub(super) fn connect_to(server: &Server, text: &str) -> Connector {
    let profile = Profile::parse("test.toml", text).expect("a good profile");
    let variables = profile.resolve_variables(&[].into()).expect("no settings");
    Connector::new(Arc::new(profile), &server.url(), variables, quick()).expect("a connection")
}

/// The management credential of every test.
pub(super) const CREDENTIAL: &str = "ace_test_fake_management_credential";
/// The secret of every key that a test makes.
pub(super) const SECRET: &str = "ace_test_fake_secret_of_a_new_key";

pub(super) fn credential() -> Secret {
    Secret::copy_of(CREDENTIAL)
}
