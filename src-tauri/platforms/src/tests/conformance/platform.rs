//! A small platform with a table of keys, which can lie in one way at a time.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::super::server::{CREDENTIAL, Reply, Seen, Server, json as reply_json, reply};

/// Its profile. Every operation that the language has is in it.
pub(super) const PROFILE: &str = r#"
profile = 1
id = "sample"
name = "Sample"
about = "A platform that exists in tests only."
env_name = "SAMPLE_API_KEY"
capabilities = ["list", "get", "create", "relabel", "disable", "enable", "revoke", "rotate_in_place", "probe", "scope_catalogue"]
[credential]
label = "Key"
help = "None."
[[prefixes]]
prefix = "smp_"
environment = "live"
pattern = '^smp_fake[0-9a-f]{8}$'
[expiry]
support = "optional"
choices = ["30d", "never"]
[revoke]
latency_s = 20
margin_s = 5
refusals_needed = 3
poll_s = [1, 2, 4]
[auth.manage]
kind = "header"
name = "Authorization"
value = "Bearer {credential}"
[scopes]
encoding = "list"
[[scopes.axes]]
id = "can"
label = "Can"
kind = "some"
words = "{list}"
choices = [{ value = "keys:admin", label = "all", danger = "All." }, { value = "keys:write", label = "write" }, { value = "keys:read", label = "read" }]
[operations.list]
method = "GET"
path = "/keys"
query = { page = "{page.number}", size = "{page.size}" }
page = { kind = "page", size = 4 }
extract = { items = "/data", id = "/id", name = "/name", scopes = "/scopes", expires = "/ends", status = "/status" }
[operations.get]
method = "GET"
path = "/keys/{key.id}"
extract = { id = "/id", name = "/name", scopes = "/scopes", expires = "/ends", status = "/status" }
[operations.create]
method = "POST"
path = "/keys"
body = { name = { "$var" = "name" }, scopes = { "$var" = "scopes" }, ends = { "$var" = "expires.iso" } }
extract = { id = "/id", secret = "/secret" }
[operations.relabel]
method = "PATCH"
path = "/keys/{key.id}"
body = { name = { "$var" = "name" } }
[operations.disable]
method = "POST"
path = "/keys/{key.id}/disable"
[operations.enable]
method = "POST"
path = "/keys/{key.id}/enable"
[operations.revoke]
method = "DELETE"
path = "/keys/{key.id}"
[operations.rotate]
method = "POST"
path = "/keys/{key.id}/rotate"
extract = { id = "/id", secret = "/secret" }
[operations.probe]
method = "GET"
path = "/me"
rules = [{ status = 200, verdict = "alive" }, { status = 401, verdict = "dead" }]
"#;

/// How it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lie {
    None,
    /// What is revoked works on.
    RevokeDoesNothing,
    /// What is revoked works on longer than promised.
    RevokeIsSlow,
    /// Revoking again is trouble.
    RevokeAgainFails,
    /// Every page is the first one.
    PagesRepeat,
    /// Pages of fewer than four lack their last key.
    SmallPagesLoseKeys,
    CreateHasNoId,
    CreateHasNoSecret,
    /// The key is made, and the answer says that there was trouble.
    CreateFailsAfterwards,
    /// The secret is cut off.
    SecretIsShort,
    /// A key may do more than was asked for.
    ScopesAreWidened,
    ExpiryIsIgnored,
    RelabelDoesNothing,
    RelabelDropsScopes,
    DisableDoesNothing,
    EnableDoesNothing,
    RotateKeepsTheOld,
    RotateGivesADeadSecret,
    RubbishIsAlive,
    NewKeysAreDead,
    AnyCredentialMakesKeys,
    /// Making a key ends another one.
    CreateEndsAnother,
    /// The list is not there.
    NoList,
    /// Relabelling is trouble, in the middle of a life.
    RelabelFails,
}

#[derive(Debug, Clone)]
struct Row {
    id: String,
    name: String,
    scopes: Value,
    ends: Value,
    disabled: bool,
    secrets: Vec<String>,
    revoked: Option<DateTime<Utc>>,
}

/// What is behind it.
#[derive(Debug)]
pub(super) struct World {
    lie: Lie,
    now: DateTime<Utc>,
    made: usize,
    rows: Vec<Row>,
}

/// A running platform whose clock the test turns.
pub(super) struct Platform {
    pub(super) server: Server,
    world: Arc<Mutex<World>>,
}

impl Platform {
    /// With so many keys of somebody else's.
    pub(super) async fn start(lie: Lie, others: usize) -> Self {
        let now = "2026-11-22T10:00:00Z".parse().expect("an instant");
        let mut world = World { lie, now, made: 0, rows: Vec::new() };
        for number in 0..others {
            world.make(&json!({"name": format!("other {number}"), "scopes": ["keys:read"]}));
        }
        let world = Arc::new(Mutex::new(world));
        let shared = Arc::clone(&world);
        let server =
            Server::start(move |_, seen| shared.lock().expect("not poisoned").answer(seen)).await;
        Self { server, world }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.world.lock().expect("not poisoned").now
    }

    pub(super) fn turn(&self, time: std::time::Duration) {
        let time = Duration::from_std(time).expect("short");
        self.world.lock().expect("not poisoned").now += time;
    }

    /// The ids of what still works and is nobody else's.
    pub(super) fn living(&self) -> Vec<String> {
        let world = self.world.lock().expect("not poisoned");
        let ours = world.rows.iter().filter(|row| !row.name.starts_with("other"));
        ours.filter(|row| row.revoked.is_none()).map(|row| row.id.clone()).collect()
    }

    /// Every secret that it ever gave.
    pub(super) fn secrets(&self) -> Vec<String> {
        let world = self.world.lock().expect("not poisoned");
        world.rows.iter().flat_map(|row| row.secrets.clone()).collect()
    }
}

impl Row {
    fn shown(&self) -> Value {
        let status = if self.disabled { "disabled" } else { "active" };
        json!({"id": self.id, "name": self.name, "scopes": self.scopes, "ends": self.ends,
            "status": status})
    }
}

impl World {
    fn make(&mut self, asked: &Value) -> Row {
        self.made += 1;
        let id = format!("k{}", self.made);
        let scopes = asked["scopes"].clone();
        let ends = asked["ends"].clone();
        let mut secret = self.secret();
        if self.is(Lie::SecretIsShort) {
            secret.pop();
        }
        let row = Row {
            id,
            name: asked["name"].as_str().unwrap_or_default().to_owned(),
            scopes: if self.is(Lie::ScopesAreWidened) {
                json!(["keys:read", "keys:admin"])
            } else {
                scopes
            },
            ends: if self.is(Lie::ExpiryIsIgnored) { Value::Null } else { ends },
            disabled: false,
            secrets: vec![secret],
            revoked: None,
        };
        // The newest stands first.
        self.rows.insert(0, row.clone());
        row
    }

    fn secret(&mut self) -> String {
        self.made += 1;
        format!("smp_fake{:08x}", self.made * 0x1234)
    }

    fn is(&self, lie: Lie) -> bool {
        self.lie == lie
    }

    fn answer(&mut self, seen: &Seen) -> Reply {
        let bearer = seen.header("authorization").trim_start_matches("Bearer ").to_owned();
        let (path, query) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
        if path == "/me" {
            return self.me(&bearer);
        }
        if bearer != CREDENTIAL && !(self.is(Lie::AnyCredentialMakesKeys) && seen.method == "POST")
        {
            let told = format!("{bearer} is not a credential");
            return reply_json(401, &json!({"error": {"message": told}}));
        }
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        match (seen.method.as_str(), parts.as_slice()) {
            ("GET", ["keys"]) => self.list(query),
            ("POST", ["keys"]) => self.create(&seen.json()),
            (method, ["keys", id, rest @ ..]) => {
                let Some(at) = self.rows.iter().position(|row| row.id == *id) else {
                    return reply_json(404, &json!({"error": "no such key"}));
                };
                self.change(at, method, rest.first().copied(), seen)
            }
            _ => reply(404, ""),
        }
    }

    fn me(&self, secret: &str) -> Reply {
        let row = self.rows.iter().find(|row| row.secrets.iter().any(|one| one == secret));
        let Some(row) = row else {
            let status = if self.is(Lie::RubbishIsAlive) { 200 } else { 401 };
            return reply_json(status, &json!({}));
        };
        let old = row.secrets.last().is_none_or(|newest| newest != secret);
        let rotated = old && !self.is(Lie::RotateKeepsTheOld);
        let dead_new = self.is(Lie::RotateGivesADeadSecret) && !old && row.secrets.len() > 1;
        let promise = Duration::seconds(if self.is(Lie::RevokeIsSlow) { 60 } else { 15 });
        let revoked = row.revoked.is_some_and(|at| self.now >= at + promise);
        let dead = rotated || dead_new || revoked || row.disabled || self.is(Lie::NewKeysAreDead);
        reply_json(if dead { 401 } else { 200 }, &json!({}))
    }

    fn list(&self, query: &str) -> Reply {
        if self.is(Lie::NoList) {
            return reply_json(403, &json!({"error": "no list for you"}));
        }
        let number = |name: &str| {
            let found =
                query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            found.and_then(|text| text.parse::<usize>().ok()).expect("a number")
        };
        let size = number("size");
        let page = if self.is(Lie::PagesRepeat) { 1 } else { number("page") };
        let rows: Vec<Value> =
            self.rows.iter().filter(|row| row.revoked.is_none()).map(Row::shown).collect();
        let mut part: Vec<Value> = rows.into_iter().skip((page - 1) * size).take(size).collect();
        if self.is(Lie::SmallPagesLoseKeys) && size < 4 && page == 2 {
            part.truncate(size - 1);
        }
        reply_json(200, &json!({"data": part}))
    }

    fn create(&mut self, asked: &Value) -> Reply {
        let row = self.make(asked);
        if self.is(Lie::CreateEndsAnother)
            && let Some(other) = self.rows.iter_mut().rfind(|row| row.name.starts_with("other"))
        {
            other.revoked = Some(self.now);
        }
        let mut answer = json!({"id": row.id, "secret": row.secrets[0]});
        let members = answer.as_object_mut().expect("an object");
        if self.is(Lie::CreateHasNoId) {
            members.remove("id");
        }
        if self.is(Lie::CreateHasNoSecret) {
            members.remove("secret");
        }
        let status = if self.is(Lie::CreateFailsAfterwards) { 500 } else { 201 };
        reply_json(status, &answer)
    }

    fn change(&mut self, at: usize, method: &str, act: Option<&str>, seen: &Seen) -> Reply {
        let lie = self.lie;
        let (now, fresh) = (self.now, self.secret());
        let row = &mut self.rows[at];
        if row.revoked.is_some() {
            let status = if lie == Lie::RevokeAgainFails { 500 } else { 404 };
            return reply_json(status, &json!({"error": "no such key"}));
        }
        match (method, act) {
            ("PATCH", None) if lie == Lie::RelabelFails => return reply(500, ""),
            ("PATCH", None) => {
                if lie == Lie::RelabelDropsScopes {
                    row.scopes = json!([]);
                }
                if lie != Lie::RelabelDoesNothing {
                    row.name = seen.json()["name"].as_str().expect("a name").to_owned();
                }
            }
            ("POST", Some("disable")) => row.disabled = lie != Lie::DisableDoesNothing,
            ("POST", Some("enable")) => row.disabled = lie == Lie::EnableDoesNothing,
            ("POST", Some("rotate")) => {
                row.secrets.push(fresh.clone());
                return reply_json(200, &json!({"id": row.id, "secret": fresh}));
            }
            ("DELETE", None) => {
                if lie != Lie::RevokeDoesNothing {
                    row.revoked = Some(now);
                }
                return reply(204, "");
            }
            _ => {}
        }
        reply_json(200, &self.rows[at].shown())
    }
}
