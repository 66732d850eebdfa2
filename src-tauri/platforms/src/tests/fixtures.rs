//! Every profile against its own fixtures: what is asked, and how the answer reads.
//! A new platform adds `fixtures/ID/*.toml` and nothing here.

use std::{fs, path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use keywright_model::{Environment, Expiry, RemoteKey, Secret, Status, expiry::Lifetime};
use serde_json::Value;
use toml::Table;

use super::server::{CREDENTIAL, Seen, Server, credential, quick, reply};
use crate::{Capability, Connector, NewKey, Profile, Registry};

/// One case: an operation, the platform's answer, what must have been asked and what is found.
struct Case {
    name: String,
    table: Table,
}

impl Case {
    fn at<'a>(&'a self, part: &str, field: &str) -> Option<&'a toml::Value> {
        self.table.get(part)?.get(field)
    }

    fn text(&self, part: &str, field: &str) -> &str {
        self.at(part, field).and_then(toml::Value::as_str).unwrap_or_default()
    }

    fn word(&self, field: &str) -> String {
        self.table.get(field).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    }

    fn strings(value: Option<&toml::Value>) -> Vec<String> {
        let list = value.and_then(toml::Value::as_array);
        list.into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }

    fn new_key(&self) -> NewKey {
        let days = self.table.get("days").and_then(toml::Value::as_integer);
        let days = days.and_then(|days| u32::try_from(days).ok());
        NewKey {
            name: self.word("name"),
            scopes: Self::strings(self.table.get("scopes")),
            lifetime: days.map_or(Lifetime::Never, Lifetime::Days),
        }
    }

    /// What is found, in the words of the fixtures.
    async fn run(&self, connector: &Connector) -> Vec<String> {
        let credential = credential();
        match self.word("operation").as_str() {
            "list" => {
                let keys = connector.list(&credential).await.expect("a list");
                keys.iter().map(line).collect()
            }
            "create" => {
                let made = connector.create(&credential, &self.new_key(), now()).await;
                let made = made.expect("a key");
                assert_eq!(text(&made.secret), self.text("found", "secret"), "{}", self.name);
                vec![line(&made.remote)]
            }
            "revoke" => {
                let answer = connector.revoke(&credential, &self.word("id")).await;
                vec![format!("{:?}", answer.expect("accepted"))]
            }
            "probe" => vec![format!("{:?}", connector.probe(&credential).await.verdict)],
            other => panic!("{}: there is no operation `{other}`", self.name),
        }
    }

    fn expected(&self) -> Vec<String> {
        let keys = Self::strings(self.at("found", "keys"));
        if keys.is_empty() { vec![self.text("found", "answer").to_owned()] } else { keys }
    }

    fn check_asked(&self, seen: &[Seen]) {
        let [call] = seen else { panic!("{}: {} calls", self.name, seen.len()) };
        assert_eq!(call.method, self.text("asked", "method"), "{}", self.name);
        assert_eq!(call.target, self.text("asked", "target"), "{}", self.name);
        assert!(
            call.headers
                .values()
                .any(|value| { value.to_str().is_ok_and(|value| value.contains(CREDENTIAL)) })
        );
        let body = self.text("asked", "body");
        if body.is_empty() {
            assert!(call.body.is_empty(), "{}: a body was sent", self.name);
        } else {
            let body: Value = serde_json::from_str(body).expect("the fixture's body is JSON");
            assert_eq!(call.json(), body, "{}", self.name);
        }
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().expect("an instant")
}

#[expect(clippy::disallowed_methods, reason = "a test compares with the fake secret")]
fn text(secret: &Secret) -> &str {
    secret.expose()
}

/// `id name hint environment status end owner: scopes`
fn line(key: &RemoteKey) -> String {
    let expires = match key.expires {
        Expiry::Never => "never".to_owned(),
        Expiry::Unknown => "unknown".to_owned(),
        Expiry::At(at) => at.format("%Y-%m-%d").to_string(),
    };
    let environment = match key.environment {
        Environment::Live => "live",
        Environment::Test => "test",
        Environment::Unknown => "unknown",
    };
    let status = match key.status {
        Status::Active => "active",
        Status::Revoked => "revoked",
        _ => "other",
    };
    let name = key.name.as_deref().unwrap_or("-");
    let (id, hint, owner) = (&key.remote_id, &key.hint.prefix, &key.owner.name);
    let scopes = key.scopes.join(" ");
    format!("{id} {name} {hint} {environment} {status} {expires} {owner}: {scopes}")
}

fn cases(folder: &Path) -> Vec<Case> {
    let mut cases: Vec<Case> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "settings"))
        .map(|path| Case { name: path.display().to_string(), table: read(&path) })
        .collect();
    cases.sort_by(|one, two| one.name.cmp(&two.name));
    cases
}

fn read(path: &Path) -> Table {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn connect(profile: &Arc<Profile>, folder: &Path, server: &Server) -> Connector {
    let given = read(&folder.join("settings.toml"));
    let given = given
        .into_iter()
        .map(|(name, value)| (name, value.as_str().expect("a text").to_owned()))
        .collect();
    let variables = profile.resolve_variables(&given).expect("complete settings");
    Connector::new(Arc::clone(profile), &server.url(), variables, quick()).expect("a connection")
}

#[tokio::test]
async fn every_profile_asks_and_reads_as_its_fixtures_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for profile in Registry::builtin().all() {
        let folder = root.join(profile.id.as_str());
        let cases = cases(&folder);
        for (capability, operation) in [
            (Capability::List, "list"),
            (Capability::Create, "create"),
            (Capability::Revoke, "revoke"),
            (Capability::Probe, "probe"),
        ] {
            let has_one = cases.iter().any(|case| case.word("operation") == operation);
            let id = profile.id.as_str();
            assert!(has_one || !profile.can(capability), "{id} has no fixture for {operation}");
        }
        for case in cases {
            let status = case.at("answer", "status").and_then(toml::Value::as_integer);
            let status = status.and_then(|status| u16::try_from(status).ok()).expect("a status");
            let body = case.text("answer", "body").trim().to_owned();
            let server = Server::always(reply(status, body)).await;
            let found = case.run(&connect(profile, &folder, &server)).await;
            assert_eq!(found, case.expected(), "{}", case.name);
            case.check_asked(&server.seen());
        }
    }
}
