//! A Verdaccio of the tests, with one account.

use journeys::others::{
    place::{self, source},
    process::{Process, free_ports},
    run::Absent,
    wire::Wire,
};
use keywright_model::Secret;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::desk::{Desk, Target};

const ACCOUNT: &str = "ci";
pub(crate) const PASSWORD: &str = "fake-password-of-a-test";

/// A running Verdaccio. Its parts end in this order.
pub(crate) struct Verdaccio {
    wire: Wire,
    /// What the account's log-in gave.
    token: String,
    _process: Process,
    _folder: TempDir,
}

impl Verdaccio {
    pub(crate) fn start() -> Result<Self, Absent> {
        let place = place::peer("node")?;
        let folder = TempDir::new().unwrap();
        let config = folder.path().join("config.yaml");
        std::fs::copy(source("verdaccio.yaml"), &config).unwrap();
        let program = place.file("node_modules/verdaccio/bin/verdaccio");
        let [port] = free_ports();
        let wire = Wire { port };
        let mut process = Process::start(&place.node(), folder.path().join("log"), |command| {
            command
                .arg(program)
                .arg("--config")
                .arg(config)
                .args(["--listen", &wire.address()])
                .current_dir(folder.path());
        });
        process.answers(wire, "/-/ping", 200..300);
        let token = log_in(wire);
        Ok(Self { wire, token, _process: process, _folder: folder })
    }

    /// The management credential: what a log-in gives.
    pub(crate) fn credential(&self) -> Secret {
        Secret::copy_of(&self.token)
    }

    pub(crate) fn target(&self) -> Target {
        let address = self.wire.address();
        Target { platform: "verdaccio", address, variables: Vec::new() }
    }

    pub(crate) async fn desk(&self) -> Desk {
        Desk::connected(&self.target(), self.credential()).await
    }

    /// Makes a token, elsewhere, and tells its id.
    pub(crate) fn mint(&self) -> String {
        let body = json!({ "password": PASSWORD, "readonly": true, "cidr_whitelist": [] });
        let answer = self.account("POST", "", Some(&body));
        answer["key"].as_str().expect("a token has an id").to_owned()
    }

    /// Deletes a token, elsewhere.
    pub(crate) fn forget(&self, id: &str) {
        self.account("DELETE", &format!("/token/{id}"), None);
    }

    /// The ids of all tokens.
    pub(crate) fn ids(&self) -> Vec<String> {
        let answer = self.account("GET", "", None);
        let tokens = answer["objects"].as_array().cloned().unwrap_or_default();
        tokens.iter().filter_map(|token| token["key"].as_str().map(str::to_owned)).collect()
    }

    fn account(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let authorization = format!("Bearer {}", self.token);
        self.wire.must(method, &format!("/-/npm/v1/tokens{path}"), &authorization, body)
    }
}

/// Makes the account, which logs it in.
fn log_in(wire: Wire) -> String {
    let body = json!({ "name": ACCOUNT, "password": PASSWORD });
    let path = format!("/-/user/org.couchdb.user:{ACCOUNT}");
    let answer = wire.must("PUT", &path, "", Some(&body));
    answer["token"].as_str().expect("a log-in gives a token").to_owned()
}
