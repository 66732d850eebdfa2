//! What a client talks to: an MCP server and a model provider on loopback, both of which answer 401
//! unless the right key is brought, and count who brought which.

use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread::JoinHandle,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response, Sse, sse::Event},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// What the only tool of the MCP server is called.
pub(crate) const TOOL: &str = "whoami";
/// What the model answers.
pub(crate) const ANSWER: &str = "PROVIDER-KEY-ACCEPTED";

/// A key that opens, and one that does not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keys {
    pub(crate) right: &'static str,
    pub(crate) wrong: &'static str,
}

/// Keys that nobody mistakes for real ones.
pub(crate) const PLAIN: Keys =
    Keys { right: "sk-test-not-a-real-key-0001", wrong: "sk-test-not-a-real-key-9999" };
/// The same, where a client that expands variables gives itself away.
pub(crate) const WITH_DOLLARS: Keys = Keys {
    right: "sk-test-not-a-real-key-$HOME-${PATH}-0001",
    wrong: "sk-test-not-a-real-key-$HOME-${PATH}-9999",
};

/// Requests by the key that they brought.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) right: u32,
    pub(crate) wrong: u32,
    /// With no key, or with one that is neither.
    pub(crate) neither: u32,
}

struct Gate {
    keys: Keys,
    right: AtomicU32,
    wrong: AtomicU32,
    neither: AtomicU32,
}

/// A running server, gone when dropped.
pub(crate) struct Server {
    port: u16,
    path: &'static str,
    gate: Arc<Gate>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// An MCP server: streamable HTTP without streams.
    /// <https://modelcontextprotocol.io/specification/2025-06-18/basic/transports>
    pub(crate) fn mcp(keys: Keys) -> Self {
        Self::start(keys, "/mcp", Router::new().route("/mcp", post(message)))
    }

    /// A model provider: what Codex asks of one.
    /// <https://platform.openai.com/docs/api-reference/responses>
    pub(crate) fn provider(keys: Keys) -> Self {
        let routes =
            Router::new().route("/responses", post(responses)).route("/models", get(models));
        Self::start(keys, "/v1", Router::new().nest("/v1", routes))
    }

    /// On a thread of its own, since the tests wait for their clients without giving way.
    fn start(keys: Keys, path: &'static str, routes: Router) -> Self {
        let gate = Arc::new(Gate {
            keys,
            right: AtomicU32::new(0),
            wrong: AtomicU32::new(0),
            neither: AtomicU32::new(0),
        });
        // Nothing beside the routes has a key: clients look for sign-in pages there.
        let routes = routes.route_layer(middleware::from_fn_with_state(gate.clone(), check));
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    ended = async { axum::serve(listener, routes).await } => ended.unwrap(),
                    _ = stopped => {}
                }
            });
        });
        Self { port, path, gate, stop: Some(stop), thread: Some(thread) }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}:{}{}", Ipv4Addr::LOCALHOST, self.port, self.path)
    }

    /// Who came since this was last asked.
    pub(crate) fn seen(&self) -> Seen {
        let take = |count: &AtomicU32| count.swap(0, Ordering::Relaxed);
        Seen {
            right: take(&self.gate.right),
            wrong: take(&self.gate.wrong),
            neither: take(&self.gate.neither),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

async fn check(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let key = bearer(request.headers());
    let (count, right) = match key {
        Some(key) if key == gate.keys.right => (&gate.right, true),
        Some(key) if key == gate.keys.wrong => (&gate.wrong, false),
        _ => (&gate.neither, false),
    };
    count.fetch_add(1, Ordering::Relaxed);
    if right {
        return next.run(request).await;
    }
    let words = json!({"error": {
        "message": "Incorrect API key provided",
        "type": "invalid_request_error",
        "code": "invalid_api_key",
    }});
    let challenge = [(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")];
    (StatusCode::UNAUTHORIZED, challenge, Json(words)).into_response()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// One message of JSON-RPC. Notifications get no answer.
async fn message(body: Bytes) -> Response {
    let Ok(message) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(id) = message.get("id") else { return StatusCode::ACCEPTED.into_response() };
    let method = message.get("method").and_then(Value::as_str).unwrap_or_default();
    let answer = match method {
        "initialize" => Some(json!({
            "protocolVersion": message.pointer("/params/protocolVersion"),
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "keytest", "version": "1"},
        })),
        "ping" => Some(json!({})),
        "tools/list" => Some(json!({"tools": [{
            "name": TOOL,
            "description": "Says that the key was accepted.",
            "inputSchema": {"type": "object", "properties": {}},
        }]})),
        "tools/call" => Some(json!({"content": [{"type": "text", "text": "key-accepted"}]})),
        _ => None,
    };
    let unknown = json!({"code": -32601, "message": "Method not found"});
    Json(match answer {
        Some(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
        None => json!({"jsonrpc": "2.0", "id": id, "error": unknown}),
    })
    .into_response()
}

async fn models() -> Json<Value> {
    let model = json!({"id": "lab-model", "object": "model", "created": 0, "owned_by": "lab"});
    Json(json!({"object": "list", "data": [model]}))
}

/// One answer, as events.
async fn responses() -> Sse<impl futures::Stream<Item = Result<Event, Infallible>>> {
    let item = |status: &str, content: Value| {
        json!({
            "id": "msg_1", "type": "message", "status": status, "role": "assistant",
            "content": content,
        })
    };
    let done =
        item("completed", json!([{"type": "output_text", "text": ANSWER, "annotations": []}]));
    let response = |status: &str, output: Value| {
        json!({
            "id": "resp_1", "object": "response", "created_at": 0, "status": status,
            "model": "lab-model", "output": output,
            "usage": {
                "input_tokens": 1, "output_tokens": 1, "total_tokens": 2,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        })
    };
    let events = [
        ("response.created", json!({"response": response("in_progress", json!([]))})),
        (
            "response.output_item.added",
            json!({"output_index": 0, "item": item("in_progress", json!([]))}),
        ),
        (
            "response.output_text.delta",
            json!({"item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": ANSWER}),
        ),
        ("response.output_item.done", json!({"output_index": 0, "item": done})),
        ("response.completed", json!({"response": response("completed", json!([done]))})),
    ];
    Sse::new(futures::stream::iter(events.map(|(name, mut data)| {
        data["type"] = name.into();
        Ok(Event::default().event(name).data(data.to_string()))
    })))
}
