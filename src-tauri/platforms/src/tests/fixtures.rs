//! Every profile against its own fixtures: what is asked, and how the answer reads.
//! A new platform adds `fixtures/ID/*.toml` and nothing here.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use keywright_model::{Environment, Expiry, RemoteKey, Secret, Status, expiry::Lifetime};
use serde_json::Value;
use toml::Table;

use super::server::{CREDENTIAL, Reply, SECRET, Seen, Server, credential, quick, reply};
use crate::{
    CallError, Capability, Connector, Created, Http, NewKey, Profile, Registry, SecretMadeBy,
};

/// One case: an operation, the platform's answer, what must have been asked and what is found.
pub(super) struct Case {
    pub(super) name: String,
    table: Table,
}

impl Case {
    fn at<'a>(&'a self, part: &str, field: &str) -> Option<&'a toml::Value> {
        self.table.get(part)?.get(field)
    }

    fn text(&self, part: &str, field: &str) -> &str {
        self.at(part, field).and_then(toml::Value::as_str).unwrap_or_default()
    }

    pub(super) fn word(&self, field: &str) -> String {
        self.table.get(field).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    }

    fn strings(value: Option<&toml::Value>) -> Vec<String> {
        let list = value.and_then(toml::Value::as_array);
        list.into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }

    pub(super) fn new_key(&self) -> NewKey {
        let days = self.table.get("days").and_then(toml::Value::as_integer);
        let days = days.and_then(|days| u32::try_from(days).ok());
        NewKey {
            name: self.word("name"),
            scopes: Self::strings(self.table.get("scopes")),
            lifetime: days.map_or(Lifetime::Never, Lifetime::Days),
        }
    }

    pub(super) fn table_has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    /// What is found, in the words of the fixtures.
    pub(super) async fn run(&self, connector: &Connector) -> Vec<String> {
        let credential = credential_of(connector.profile());
        let (id, name) = (self.word("id"), self.word("name"));
        let done =
            |result: Result<(), CallError>| vec![result.map_or_else(said, |()| "Done".into())];
        match self.word("operation").as_str() {
            "list" => match connector.list(&credential).await {
                Ok(keys) => keys.iter().map(line).collect(),
                Err(error) => vec![said(error)],
            },
            "get" => match connector.get(&credential, &id).await {
                Ok(key) => vec![line(&key)],
                Err(error) => vec![said(error)],
            },
            "create" => {
                self.made(connector.create(&credential, &self.new_key(), now()).await, connector)
            }
            "rotate" => self
                .made(connector.rotate(&credential, &id, &self.new_key(), now()).await, connector),
            "relabel" => done(connector.relabel(&credential, &id, &name).await),
            "disable" => done(connector.disable(&credential, &id).await),
            "enable" => done(connector.enable(&credential, &id).await),
            "revoke" => {
                let answer = connector.revoke(&credential, &id).await;
                vec![answer.map_or_else(said, |answer| format!("{answer:?}"))]
            }
            "store" | "stored" | "remove_stored" => self.in_store(connector, &credential).await,
            "probe" => vec![format!("{:?}", connector.probe(&self::credential()).await.verdict)],
            other => panic!("{}: there is no operation `{other}`", self.name),
        }
    }

    /// What the platform's secret store says of `[place]`.
    async fn in_store(&self, connector: &Connector, credential: &Secret) -> Vec<String> {
        let told = self.table.get("place").and_then(toml::Value::as_table).expect("a `[place]`");
        let told = told.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().into()));
        let store = connector.profile().secret_store().expect("a store");
        let place = store.place(&told.collect()).expect("a place");
        let said = match self.word("operation").as_str() {
            "store" => match connector.sealing_key(credential, &place).await {
                Ok(key) => {
                    let secret = Secret::copy_of(SECRET);
                    let done = connector.store(credential, &place, &key, &secret).await;
                    done.map(|()| "Done".to_owned())
                }
                Err(error) => Err(error),
            },
            "stored" => connector.stored(credential, &place).await.map(|found| {
                found.map_or_else(|| "None".into(), |stored| stored.updated.to_rfc3339())
            }),
            _ => connector.remove_stored(credential, &place).await.map(|done| format!("{done:?}")),
        };
        vec![said.unwrap_or_else(self::said)]
    }

    fn made(&self, result: Result<Created, CallError>, connector: &Connector) -> Vec<String> {
        let made = match result {
            Ok(made) => made,
            Err(error) => return vec![said(error)],
        };
        // Where the secret is made here it is another one each time.
        if connector.profile().facts.secret_made_by != SecretMadeBy::Client {
            assert_eq!(text(&made.secret), self.text("found", "secret"), "{}", self.name);
        }
        vec![line(&made.remote)]
    }

    fn expected(&self) -> Vec<String> {
        match self.at("found", "keys") {
            Some(keys) => Self::strings(Some(keys)),
            None => vec![self.text("found", "answer").to_owned()],
        }
    }

    /// The exchanges: `[answer]` with `[asked]`, or several as `[[calls]]`.
    pub(super) fn calls(&self) -> Vec<Exchange> {
        if let Some(calls) = self.table.get("calls").and_then(toml::Value::as_array) {
            return calls.iter().map(Exchange::of).collect();
        }
        let part = |name: &str| self.table.get(name).and_then(toml::Value::as_table).cloned();
        let mut both = part("answer").expect("an `[answer]`");
        let asked = part("asked").expect("an `[asked]`");
        both.extend(asked.into_iter().map(|(name, value)| match name.as_str() {
            "body" => ("sent".to_owned(), value),
            _ => (name, value),
        }));
        vec![Exchange::of(&toml::Value::Table(both))]
    }

    fn check_asked(&self, seen: &[Seen], calls: &[Exchange]) {
        assert_eq!(seen.len(), calls.len(), "{}: calls", self.name);
        let anonymous = self.table.get("anonymous").and_then(toml::Value::as_bool) == Some(true);
        for (call, exchange) in seen.iter().zip(calls) {
            exchange.check(call, &self.name);
            assert!(anonymous || tells_who(call) || calls.len() > 1, "{}: no key", self.name);
        }
        assert!(anonymous || seen.iter().any(tells_who), "{}: no call carried the key", self.name);
        // A secret never stands in an address.
        assert!(seen.iter().all(|call| !call.target.contains(CREDENTIAL)), "{}", self.name);
    }
}

/// One call that must be made, and what it is answered with.
#[derive(Clone)]
pub(super) struct Exchange {
    pub(super) status: u16,
    pub(super) answer: String,
    pub(super) headers: Vec<(String, String)>,
    method: String,
    target: String,
    sent: Option<String>,
    /// Headers that must have been sent.
    with: Vec<(String, String)>,
}

impl Exchange {
    fn of(value: &toml::Value) -> Self {
        let text = |name: &str| value.get(name).and_then(toml::Value::as_str).map(str::to_owned);
        let pairs = |name: &str| {
            let table = value.get(name).and_then(toml::Value::as_table);
            let pair = |(name, value): (&String, &toml::Value)| {
                (name.clone(), value.as_str().expect("a text").to_owned())
            };
            table.into_iter().flatten().map(pair).collect()
        };
        let status = value.get("status").and_then(toml::Value::as_integer);
        Self {
            status: status.and_then(|status| u16::try_from(status).ok()).expect("a status"),
            answer: text("body").unwrap_or_default().trim().to_owned(),
            headers: pairs("headers"),
            method: text("method").expect("a method"),
            target: text("target").expect("a target"),
            sent: text("sent"),
            with: pairs("with"),
        }
    }

    fn reply(&self, here: &str) -> Reply {
        let fill = |text: &str| text.replace("{here}", here);
        let reply = reply(self.status, fill(&self.answer));
        self.headers.iter().fold(reply, |reply, (name, value)| reply.with(name, &fill(value)))
    }

    fn check(&self, call: &Seen, name: &str) {
        assert_eq!(call.method, self.method, "{name}");
        assert_eq!(call.target, self.target, "{name}");
        for (header, value) in &self.with {
            assert_eq!(call.header(header), value, "{name}: {header}");
        }
        let Some(sent) = &self.sent else {
            return assert!(call.body.is_empty(), "{name}: a body was sent");
        };
        match serde_json::from_str::<Value>(sent) {
            Ok(Value::Object(_) | Value::Array(_)) => {
                let expected: Value = serde_json::from_str(sent).expect("it was read once");
                assert!(fits(&expected, &call.json()), "{name}: sent {}", call.json());
            }
            _ => assert_eq!(String::from_utf8_lossy(&call.body), sent.as_str(), "{name}"),
        }
    }
}

/// The same JSON; the text `"*"` fits any text, for secrets that are made here.
fn fits(expected: &Value, sent: &Value) -> bool {
    match (expected, sent) {
        (Value::String(any), Value::String(text)) if any == "*" => !text.is_empty(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| fits(a, b))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, a)| other.get(name).is_some_and(|b| fits(a, b)))
        }
        _ => expected == sent,
    }
}

/// Whether a call carries the credential, in a header or in its body.
fn tells_who(call: &Seen) -> bool {
    let carries = |text: &str| text.contains(CREDENTIAL);
    let basic = |text: &str| {
        let decoded = text.strip_prefix("Basic ").and_then(|code| STANDARD.decode(code).ok());
        decoded.is_some_and(|bytes| carries(&String::from_utf8_lossy(&bytes)))
    };
    let mut headers = call.headers.values().filter_map(|value| value.to_str().ok());
    headers.any(|value| carries(value) || basic(value))
        || carries(&String::from_utf8_lossy(&call.body))
}

/// The credential, with as many lines as the profile wants: the fake one, then `…-2`, `…-3`.
pub(super) fn credential_of(profile: &Profile) -> Secret {
    let parts = profile.credential.as_ref().map_or(0, |form| form.parts.len());
    let line = |number: usize| match number {
        0 => CREDENTIAL.to_owned(),
        _ => format!("{CREDENTIAL}-{}", number + 1),
    };
    if parts == 0 {
        credential()
    } else {
        Secret::new((0..parts).map(line).collect::<Vec<_>>().join("\n"))
    }
}

/// What a failure is called in the fixtures.
fn said(error: CallError) -> String {
    format!("{error}")
}

pub(super) fn now() -> DateTime<Utc> {
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
        Status::Disabled => "disabled",
        Status::Expired => "expired",
        Status::Revoking => "revoking",
        Status::Revoked => "revoked",
        Status::Unknown => "unknown",
    };
    let name = key.name.as_deref().unwrap_or("-");
    let (id, hint, owner) = (&key.remote_id, &key.hint.prefix, &key.owner.name);
    let scopes = key.scopes.join(" ");
    format!("{id} {name} {hint} {environment} {status} {expires} {owner}: {scopes}")
}

pub(super) fn cases(folder: &Path) -> Vec<Case> {
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

/// What a person fills in, as `settings.toml` of the fixtures has it.
pub(super) fn settings(folder: &Path) -> BTreeMap<String, String> {
    let given = read(&folder.join("settings.toml")).into_iter();
    given.map(|(name, value)| (name, value.as_str().expect("a text").to_owned())).collect()
}

impl Case {
    /// The profile's connection with what the case tells at call time.
    pub(super) fn connect(
        &self,
        profile: &Arc<Profile>,
        settings: BTreeMap<String, String>,
        base_url: &str,
        http: Http,
    ) -> Connector {
        let variables = profile.resolve_variables(&settings).expect("complete settings");
        let connector = Connector::new(Arc::clone(profile), base_url, variables, http);
        let asks = self.table.get("ask").and_then(toml::Value::as_table);
        let tell = |connector: Connector, (name, value): (&String, &toml::Value)| {
            connector.with_answer(name, Secret::copy_of(value.as_str().expect("a text")))
        };
        asks.into_iter().flatten().fold(connector.expect("a connection"), tell)
    }
}

#[tokio::test]
async fn every_profile_asks_and_reads_as_its_fixtures_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for profile in Registry::builtin().all().cloned().collect::<Vec<_>>() {
        let folder = root.join(profile.id.as_str());
        let cases = cases(&folder);
        for (capability, operation) in [
            (Capability::List, "list"),
            (Capability::Get, "get"),
            (Capability::Create, "create"),
            (Capability::Relabel, "relabel"),
            (Capability::Disable, "disable"),
            (Capability::Enable, "enable"),
            (Capability::RotateInPlace, "rotate"),
            (Capability::RotateOverlap, "rotate"),
            (Capability::Revoke, "revoke"),
            (Capability::Probe, "probe"),
            (Capability::SecretStore, "store"),
            (Capability::SecretStore, "stored"),
            (Capability::SecretStore, "remove_stored"),
        ] {
            let has_one = cases.iter().any(|case| case.word("operation") == operation);
            let id = profile.id.as_str();
            assert!(has_one || !profile.can(capability), "{id} has no fixture for {operation}");
        }
        for case in cases {
            let calls = case.calls();
            let answers = calls.clone();
            let server = Server::start(move |number, seen| {
                let here = format!("http://{}", seen.header("host"));
                let none = reply(599, "one call too many");
                answers.get(number).map_or(none, |call| call.reply(&here))
            })
            .await;
            let found =
                case.run(&case.connect(&profile, settings(&folder), &server.url(), quick())).await;
            assert_eq!(found, case.expected(), "{}", case.name);
            case.check_asked(&server.seen(), &calls);
        }
    }
}
