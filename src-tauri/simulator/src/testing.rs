//! A plain HTTP client and ready-made keys, for the tests.

pub(crate) mod page;

use axum::body::{Body, to_bytes};
use hyper::{HeaderMap, Method, Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use keywright_model::{Environment, Secret};
use serde_json::Value;
use tokio::net::TcpStream;

use crate::{Control, NewKey, Options, Running, Simulator};

/// A simulator, its levers, and its first management key.
pub(crate) struct Bench {
    pub(crate) running: Running,
    pub(crate) control: Control,
    pub(crate) admin: String,
}

pub(crate) async fn start(options: Options) -> Bench {
    let running = Simulator::start(options).await.unwrap();
    let admin = value(&running.agent_ceo_credential().unwrap());
    Bench { control: running.control(), running, admin }
}

#[expect(clippy::disallowed_methods, reason = "tests send the simulator its own keys")]
pub(crate) fn value(secret: &Secret) -> String {
    secret.expose().to_owned()
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// `/error/code` and `/error/message`, as one text.
    pub(crate) fn error(&self) -> String {
        let json = self.json();
        let part = |name: &str| json["error"][name].as_str().unwrap_or_default().to_owned();
        format!("{} {}: {}", self.status, part("code"), part("message"))
    }
}

impl Bench {
    /// Sends one request on a connection of its own.
    pub(crate) async fn try_send(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<String>,
    ) -> Result<Reply, Failed> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "x");
        if let Some(key) = key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.exchange(request.body(body.unwrap_or_default())?).await
    }

    /// Sends a whole request on a connection of its own.
    pub(crate) async fn exchange(&self, request: Request<String>) -> Result<Reply, Failed> {
        let stream = TcpStream::connect(("127.0.0.1", self.running.port())).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let driver = tokio::spawn(connection);
        let (parts, body) = sender.send_request(request).await?.into_parts();
        let body = to_bytes(Body::new(body), 1 << 20).await?.to_vec();
        driver.abort();
        Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// Calls an API of the platforms with dashboards, which look at the host.
    pub(crate) async fn call(&self, method: &str, path: &str, key: &str, body: Value) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.host())
            .header(header::CONTENT_TYPE, "application/json");
        if !key.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        self.exchange(request.body(body.to_string()).unwrap()).await.unwrap()
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.running.port())
    }

    pub(crate) async fn get(&self, path: &str, key: &str) -> Reply {
        self.try_send(Method::GET, path, Some(key), None).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, key: &str, body: Value) -> Reply {
        self.try_send(Method::POST, path, Some(key), Some(body.to_string())).await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str, key: &str) -> Reply {
        self.try_send(Method::DELETE, path, Some(key), None).await.unwrap()
    }

    /// The list, as the management key sees it.
    pub(crate) async fn list(&self) -> Reply {
        self.get(LIST, &self.admin).await
    }

    /// Mints by the management key.
    pub(crate) async fn mint(&self, body: Value) -> Reply {
        self.post(MINT, &self.admin, body).await
    }

    /// A key with these scopes: its id and its value.
    pub(crate) fn key(&self, scopes: &str) -> (String, String) {
        self.key_in(Environment::Live, scopes)
    }

    pub(crate) fn key_in(&self, environment: Environment, scopes: &str) -> (String, String) {
        let new = NewKey {
            name: "made-for-a-test".into(),
            scopes: scopes.split_whitespace().map(Into::into).collect(),
            environment,
            expires: None,
        };
        let issued = self.control.issue(new).unwrap();
        (issued.key_id, value(&issued.secret))
    }

    /// Whether a request with this key meets anything but 401.
    pub(crate) async fn takes(&self, key: &str) -> bool {
        self.get(LIST, key).await.status != 401
    }
}

pub(crate) const LIST: &str = "/api/v1/customers/acme/api-keys";
pub(crate) const MINT: &str = "/api/v1/keys/mint";
pub(crate) const INVOKE: &str = "/api/v1/mcp/tools/invoke";

/// The document's own request to mint.
pub(crate) fn sample() -> Value {
    serde_json::json!({
        "orgId": "acme",
        "name": "ci-deploy-key",
        "scopes": ["org:acme", "agent:*", "svc:mcp:write"],
        "expires_days": 90,
    })
}
