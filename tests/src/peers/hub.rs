//! A JupyterHub of the tests: the hub, its proxy, and what an administrator does there.

use std::path::Path;

use chrono::{DateTime, Utc};
use keywright_model::Secret;
use serde_json::{Value, json};
use tempfile::TempDir;

use journeys::others::{
    place::{self, Place, source},
    process::{Process, free_ports},
    run::Absent,
    wire::Wire,
};

use crate::desk::{Desk, Target};

/// Guards a hub that nobody else can reach, for a minute.
const CREDENTIAL: &str = "fake-credential-of-a-test-hub";
/// May list users and nothing else.
pub(crate) const POWERLESS: &str = "fake-credential-without-rights";
const BETWEEN: &str = "fake-token-between-hub-and-proxy";

/// A running hub. Its parts end in this order.
pub(crate) struct Hub {
    wire: Wire,
    _server: Process,
    _proxy: Process,
    _folder: TempDir,
}

/// A token that somebody else made.
pub(crate) struct Minted {
    pub(crate) id: String,
    pub(crate) created: DateTime<Utc>,
}

impl Hub {
    pub(crate) fn start() -> Result<Self, Absent> {
        let (python, node) = (place::peer("python")?, place::peer("node")?);
        let folder = TempDir::new().unwrap();
        let ports = free_ports();
        let proxy = proxy(&node, folder.path(), ports);
        let mut hub = hub(&python, folder.path(), ports);
        let wire = Wire { port: ports[0] };
        // The proxy answers for the hub until that is there.
        hub.answers(wire, "/hub/api/", 200..300);
        Ok(Self { wire, _server: hub, _proxy: proxy, _folder: folder })
    }

    /// The management credential: the token of a service of the hub.
    pub(crate) fn credential() -> Secret {
        Secret::copy_of(CREDENTIAL)
    }

    /// A connection to the tokens of a new user.
    pub(crate) fn target(&self, user: &str) -> Target {
        self.admin("POST", &format!("/users/{user}"), None);
        Target {
            platform: "jupyterhub",
            address: self.wire.address(),
            variables: vec![("user", user.to_owned())],
        }
    }

    pub(crate) async fn desk(&self, user: &str) -> Desk {
        Desk::connected(&self.target(user), Self::credential()).await
    }

    /// Makes a token of a user, elsewhere.
    pub(crate) fn mint(&self, user: &str, note: &str) -> Minted {
        let body = json!({ "note": note, "expires_in": 86_400, "scopes": [own(user)] });
        let answer = self.admin("POST", &format!("/users/{user}/tokens"), Some(&body));
        let id = answer["id"].as_str().expect("a token has an id").to_owned();
        let created = answer["created"].as_str().and_then(|text| text.parse().ok());
        Minted { id, created: created.expect("a token has a beginning") }
    }

    /// Deletes a token, elsewhere.
    pub(crate) fn forget(&self, user: &str, id: &str) {
        self.admin("DELETE", &format!("/users/{user}/tokens/{id}"), None);
    }

    /// The ids of a user's tokens.
    pub(crate) fn ids(&self, user: &str) -> Vec<String> {
        let answer = self.admin("GET", &format!("/users/{user}/tokens"), None);
        let tokens = answer["api_tokens"].as_array().cloned().unwrap_or_default();
        tokens.iter().filter_map(|token| token["id"].as_str().map(str::to_owned)).collect()
    }

    fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let authorization = format!("token {CREDENTIAL}");
        self.wire.must(method, &format!("/hub/api{path}"), &authorization, body)
    }
}

/// The scope that every user has: to read its own record.
pub(crate) fn own(user: &str) -> String {
    format!("read:users!user={user}")
}

fn proxy(node: &Place, folder: &Path, [public, own, hub]: [u16; 3]) -> Process {
    let program = node.file("node_modules/configurable-http-proxy/bin/configurable-http-proxy");
    Process::start(&node.node(), folder.join("proxy.log"), |command| {
        let local = std::net::Ipv4Addr::LOCALHOST.to_string();
        command
            .arg(program)
            .args(["--ip", &local, "--port", &public.to_string()])
            .args(["--api-ip", &local, "--api-port", &own.to_string()])
            .args(["--error-target", &format!("http://{local}:{hub}/hub/error")])
            .env("CONFIGPROXY_AUTH_TOKEN", BETWEEN)
            .current_dir(folder);
    })
}

fn hub(python: &Place, folder: &Path, [public, proxy, own]: [u16; 3]) -> Process {
    let program = python.file("venv/bin/python");
    Process::start(&program, folder.join("hub.log"), |command| {
        command
            .args(["-m", "jupyterhub", "-f"])
            .arg(source("jupyterhub_config.py"))
            .env("CONFIGPROXY_AUTH_TOKEN", BETWEEN)
            .env("PEER_FOLDER", folder)
            .env("PEER_PORT", public.to_string())
            .env("PEER_PROXY_PORT", proxy.to_string())
            .env("PEER_HUB_PORT", own.to_string())
            .env("PEER_CREDENTIAL", CREDENTIAL)
            .env("PEER_POWERLESS", POWERLESS)
            .current_dir(folder);
    })
}
