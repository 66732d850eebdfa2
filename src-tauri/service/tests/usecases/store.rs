//! A key as a secret of GitHub Actions: put there sealed, looked at, changed by somebody else,
//! removed; refusals and lost answers. The server answers as GitHub documents.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    body::to_bytes,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{SecretKey, aead::OsRng};
use keywright_model::{
    ClientId, ConnectionId, Expiry, KeyId, PlacementState, PlatformId, RotationState, Secret,
    placement::Known, rotation::Wait,
};
use keywright_service::{
    Error, Use,
    wire::{
        ActOnRotation, Connect, ConnectionRow, ErrorCode, ListEvents, ListPlacements, PlacementRow,
        Refresh, RotateKey, RotationAction, StoreSecret,
    },
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::desk::Desk;

const TOKEN: &str = "github_pat_test_fake_for_secrets";
const REPO: &str = "/repos/octo/hello/actions/secrets";
const PRODUCTION: &str = "/repos/octo/hello/environments/production/secrets";

/// What happens to the next put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// It is done, and neither it nor a look after it is answered.
    DoneAndSilent,
    /// It is done, and its answer is lost.
    DoneAndLost,
    /// It never arrives, and no answer comes.
    Lost,
    /// It is refused.
    No(u16),
}

struct State_ {
    half: SecretKey,
    /// What is held at each address, and the second in which it was written.
    held: BTreeMap<String, (String, u32)>,
    second: u32,
    next: Option<Next>,
    silent: bool,
    calls: Vec<String>,
    /// The repository is hidden from the token.
    hidden: bool,
}

type Shared = Arc<Mutex<State_>>;

/// GitHub.
struct Hub {
    address: String,
    state: Shared,
    task: JoinHandle<()>,
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Hub {
    async fn start() -> Self {
        let state = Arc::new(Mutex::new(State_ {
            half: SecretKey::generate(&mut OsRng),
            held: BTreeMap::new(),
            second: 0,
            next: None,
            silent: false,
            calls: Vec::new(),
            hidden: false,
        }));
        let app = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, state, task }
    }

    fn with<T>(&self, work: impl FnOnce(&mut State_) -> T) -> T {
        work(&mut self.state.lock().unwrap())
    }

    fn held(&self, at: &str) -> Option<String> {
        self.with(|state| state.held.get(at).map(|(text, _)| text.clone()))
    }

    fn puts(&self) -> usize {
        self.with(|state| state.calls.iter().filter(|call| call.starts_with("PUT")).count())
    }

    /// Somebody else writes a secret.
    fn write_elsewhere(&self, at: &str) {
        self.with(|state| {
            state.second += 1;
            state.held.insert(at.to_owned(), ("theirs".into(), state.second));
        });
    }

    fn connection(&self) -> Connect {
        Connect {
            platform: PlatformId::new("github"),
            name: "gh".into(),
            base_url: Some(self.address.clone()),
            variables: Vec::new(),
            credential_expires: Expiry::Unknown,
        }
    }

    async fn connect(&self, desk: &Desk) -> ConnectionRow {
        let token = Secret::copy_of(TOKEN);
        desk.service.connect(self.connection(), Some(token)).await.unwrap()
    }
}

fn no(status: u16, message: &str) -> Response {
    let body = json!({ "message": message, "status": status.to_string() });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

async fn answer(State(state): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let mut state = state.lock().unwrap();
    let method = parts.method.as_str();
    // Neither owners nor repositories nor environments are told apart by case.
    let path = parts.uri.path().replace("Octo/Hello", "octo/hello");
    let path = path.replace("Production", "production");
    state.calls.push(format!("{method} {path}"));
    let bearer = parts.headers.get("authorization").and_then(|value| value.to_str().ok());
    if bearer != Some(&format!("Bearer {TOKEN}")) {
        return no(401, "Bad credentials");
    }
    if path == "/user" {
        return Json(json!({ "login": "octocat" })).into_response();
    }
    let known = [REPO, PRODUCTION].iter().any(|shelf| path.starts_with(shelf));
    if !known || state.hidden {
        return no(404, "Not Found");
    }
    if state.silent && method == "GET" {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    match method {
        "GET" if path.ends_with("/public-key") => {
            let key = STANDARD.encode(state.half.public_key().as_bytes());
            Json(json!({ "key_id": "568250167242549743", "key": key })).into_response()
        }
        "GET" => match state.held.get(&path) {
            Some((_, second)) => {
                let at = format!("2026-11-28T08:{:02}:{:02}Z", second / 60, second % 60);
                let name = path.rsplit('/').next().unwrap();
                let body = json!({ "name": name, "created_at": at, "updated_at": at });
                Json(body).into_response()
            }
            None => no(404, "Not Found"),
        },
        "PUT" => put(&mut state, &path, &serde_json::from_slice(&body).unwrap()),
        "DELETE" => match state.held.remove(&path) {
            Some(_) => StatusCode::NO_CONTENT.into_response(),
            None => no(404, "Not Found"),
        },
        _ => no(404, "Not Found"),
    }
}

fn put(state: &mut State_, path: &str, body: &Value) -> Response {
    let next = state.next.take();
    if let Some(Next::No(status)) = next {
        return no(status, "Resource not accessible by personal access token");
    }
    if next == Some(Next::Lost) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let sealed = STANDARD.decode(body["encrypted_value"].as_str().unwrap()).unwrap();
    let open = state.half.unseal(&sealed);
    let (Ok(open), true) = (open, body["key_id"] == "568250167242549743") else {
        return no(422, "Validation Failed");
    };
    state.second += 1;
    let written = (String::from_utf8(open).unwrap(), state.second);
    let before = state.held.insert(path.to_owned(), written);
    state.silent = next == Some(Next::DoneAndSilent);
    if matches!(next, Some(Next::DoneAndSilent | Next::DoneAndLost)) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let status = if before.is_some() { StatusCode::NO_CONTENT } else { StatusCode::CREATED };
    status.into_response()
}

fn ask(key: KeyId, params: &[(&str, &str)]) -> StoreSecret {
    StoreSecret {
        key,
        client: ClientId::new("github-actions"),
        connection: None,
        params: params.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
        insist: false,
    }
}

fn deploy(key: KeyId) -> StoreSecret {
    ask(key, &[("repo", "octo/hello"), ("name", "deploy_key")])
}

fn at() -> String {
    format!("{REPO}/DEPLOY_KEY")
}

impl Desk {
    async fn at_github() -> (Self, Hub, KeyId, ConnectionId) {
        let (desk, connection) = Self::connected().await;
        let key = desk.create(connection, "erp").await;
        let hub = Hub::start().await;
        let github = hub.connect(&desk).await.id;
        (desk, hub, key, github)
    }

    fn text(&self, key: KeyId) -> String {
        self.service.secret(key, Use::Reveal).unwrap().expose().to_owned()
    }

    fn places(&self, key: KeyId) -> Vec<PlacementRow> {
        let all = ListPlacements { key: Some(key), client: None, check: true };
        self.service.list_placements(all).unwrap()
    }

    async fn look(&self, connection: ConnectionId) -> PlacementState {
        let request = Refresh { connection: Some(connection) };
        self.service.refresh(request).await.unwrap();
        let all = ListPlacements { key: None, client: None, check: false };
        self.service.list_placements(all).unwrap()[0].state
    }
}

#[tokio::test]
async fn a_key_becomes_a_secret_of_a_repository_and_is_seen_to_change_and_to_go() {
    let (mut desk, hub, key, github) = Desk::at_github().await;
    let preview = desk.service.preview_store(deploy(key)).await.unwrap();
    assert_eq!(preview.place, "DEPLOY_KEY in octo/hello");
    assert!(preview.refused.is_empty() && preview.warnings.is_empty(), "{preview:?}");
    assert!(preview.calls[2].starts_with(&format!("PUT {}", at())), "{:?}", preview.calls);
    assert!(!format!("{preview:?}").contains(&desk.text(key)));
    assert_eq!(hub.puts(), 0);

    let row = desk.service.store_secret(deploy(key)).await.unwrap().placement;
    assert_eq!(hub.held(&at()), Some(desk.text(key)));
    assert_eq!((row.state, row.by, row.stored), (PlacementState::InSync, Known::Written, true));
    assert_eq!(
        (row.client_name.as_str(), row.short.as_str()),
        ("GitHub Actions secrets", "DEPLOY_KEY in octo/hello")
    );
    assert_eq!(desk.places(key).len(), 1);
    // It stands in the key's own record too, where search and checklists read it.
    let detail = desk.service.key_detail(key).unwrap();
    assert!(detail.uses.iter().any(|noted| noted.place.contains("DEPLOY_KEY")), "{detail:?}");

    desk.restart().await;
    assert_eq!(desk.look(github).await, PlacementState::InSync);
    hub.write_elsewhere(&at());
    assert_eq!(desk.look(github).await, PlacementState::Drifted);
    // Nobody's value is overwritten or removed unasked.
    let error = desk.service.store_secret(deploy(key)).await.unwrap_err();
    assert!(matches!(error, Error::NotPossible { .. }), "{error}");
    let id = desk.places(key)[0].id;
    assert!(desk.service.remove_stored(id).await.is_err());
    assert_eq!(hub.held(&at()).as_deref(), Some("theirs"));
    desk.service.store_secret(StoreSecret { insist: true, ..deploy(key) }).await.unwrap();
    assert_eq!(desk.look(github).await, PlacementState::InSync);

    // A repository that the token may not see any more is not called empty.
    hub.with(|state| state.hidden = true);
    assert_eq!(desk.look(github).await, PlacementState::Unreadable);
    hub.with(|state| state.hidden = false);
    hub.with(|state| state.held.clear());
    assert_eq!(desk.look(github).await, PlacementState::Missing);
    let words = &desk.places(key)[0].state_words;
    assert_eq!(words, "It is no longer there");
}

#[tokio::test]
async fn another_key_takes_the_place_and_the_last_one_goes_with_the_secret() {
    let (desk, hub, key, github) = Desk::at_github().await;
    let connection = desk.service.find_connection("acme").unwrap();
    let next = desk.create(connection, "erp-next").await;
    let production = [("repo", "octo/hello"), ("environment", "production"), ("name", "ERP")];
    let place = format!("{PRODUCTION}/ERP");
    desk.service.store_secret(ask(key, &production)).await.unwrap();
    // Case tells nothing: it is the same place.
    let same = [("repo", "Octo/Hello"), ("environment", "Production"), ("name", "erp")];
    desk.service.store_secret(ask(next, &same)).await.unwrap();
    assert_eq!(hub.held(&place), Some(desk.text(next)));
    assert!(desk.places(key).is_empty(), "the first key is not there any more");
    let id = desk.places(next)[0].id;
    desk.service.remove_stored(id).await.unwrap();
    assert_eq!(hub.held(&place), None);
    assert!(desk.places(next).is_empty());
    assert!(desk.service.list_operations().unwrap().is_empty());
    assert!(desk.service.refresh(Refresh { connection: Some(github) }).await.is_ok());
}

#[tokio::test]
async fn a_lost_answer_is_looked_at_and_sent_once_more_or_settled_later() {
    let (desk, hub, key, github) = Desk::at_github().await;
    // It had arrived: nothing is sent again.
    hub.with(|state| state.next = Some(Next::DoneAndLost));
    desk.service.store_secret(deploy(key)).await.unwrap();
    assert_eq!((hub.puts(), hub.held(&at())), (1, Some(desk.text(key))));
    // It had not: it is sent once more.
    let again = ask(key, &[("repo", "octo/hello"), ("name", "SECOND")]);
    hub.with(|state| state.next = Some(Next::Lost));
    desk.service.store_secret(again).await.unwrap();
    assert_eq!(hub.puts(), 3);
    // Nobody can tell: it is written down, and the next refresh settles it.
    let third = ask(key, &[("repo", "octo/hello"), ("name", "THIRD")]);
    hub.with(|state| state.next = Some(Next::DoneAndSilent));
    let error = desk.service.store_secret(third.clone()).await.unwrap_err();
    assert_eq!(error.failure().code, ErrorCode::OutcomeUnknown, "{error}");
    assert_eq!(desk.service.list_operations().unwrap().len(), 1);
    assert_eq!(desk.places(key).len(), 2, "what is not known is not noted");
    hub.with(|state| state.silent = false);
    let reports = desk.service.refresh(Refresh { connection: Some(github) }).await.unwrap();
    assert_eq!(reports[0].settled, 1);
    assert!(desk.service.list_operations().unwrap().is_empty());
    assert_eq!(desk.places(key).len(), 3);
    // One that never arrived is closed once it can no longer be on its way.
    let fourth = ask(key, &[("repo", "octo/hello"), ("name", "FOURTH")]);
    hub.with(|state| state.next = Some(Next::DoneAndSilent));
    desk.service.store_secret(fourth).await.unwrap_err();
    hub.with(|state| (state.silent, _) = (false, state.held.remove(&format!("{REPO}/FOURTH"))));
    desk.service.refresh(Refresh { connection: Some(github) }).await.unwrap();
    assert_eq!(desk.service.list_operations().unwrap().len(), 1, "it may be on its way");
    desk.time.pass(Duration::from_secs(121));
    desk.service.refresh(Refresh { connection: Some(github) }).await.unwrap();
    assert!(desk.service.list_operations().unwrap().is_empty());
    assert_eq!(desk.places(key).len(), 3);
}

#[tokio::test]
async fn refusals_say_what_was_not_changed_and_note_nothing() {
    let (desk, hub, key, _) = Desk::at_github().await;
    for status in [403, 404, 422] {
        hub.with(|state| state.next = Some(Next::No(status)));
        let error = desk.service.store_secret(deploy(key)).await.unwrap_err();
        let failure = error.failure();
        assert!(failure.what.contains("DEPLOY_KEY in octo/hello"), "{failure:?}");
        assert!(failure.what.contains(&status.to_string()), "{failure:?}");
        assert_eq!(failure.kept, "The secret there is as it was.");
        assert!(failure.advice.contains("Secrets: write"), "{failure:?}");
    }
    for (name, value) in
        [("name", "GITHUB_TOKEN"), ("name", "1ST"), ("repo", "hello"), ("org", "octo")]
    {
        let mut request = deploy(key);
        request.params.insert(name.into(), value.into());
        let error = desk.service.store_secret(request).await.unwrap_err();
        assert!(matches!(error, Error::Place(_)), "{name}={value}: {error}");
    }
    let elsewhere = ask(key, &[("repo", "octo/unknown"), ("name", "X")]);
    let preview = desk.service.preview_store(elsewhere).await.unwrap();
    assert!(preview.refused.contains("X in octo/unknown"), "{preview:?}");
    assert_eq!(hub.puts(), 3);
    assert!(desk.places(key).is_empty());
    assert!(desk.service.list_operations().unwrap().is_empty());
}

#[tokio::test]
async fn a_connection_works_without_a_token_and_a_wrong_one_is_not_kept() {
    let (desk, connection) = Desk::connected().await;
    let key = desk.create(connection, "erp").await;
    let hub = Hub::start().await;
    let wrong = Secret::copy_of("github_pat_test_fake_wrong");
    let error = desk.service.connect(hub.connection(), Some(wrong)).await.unwrap_err();
    assert_eq!(error.failure().code, ErrorCode::Refused);
    let row = desk.service.connect(hub.connection(), None).await.unwrap();
    assert!(row.guided && !row.has_credential);
    let error = desk.service.store_secret(deploy(key)).await.unwrap_err();
    assert!(error.to_string().contains("no connection to GitHub"), "{error}");
    let token = Secret::copy_of(TOKEN);
    let row = desk.service.replace_credential(row.id, token, Expiry::Unknown).await.unwrap();
    assert!(row.has_credential && row.guided && row.trouble.is_empty(), "{row:?}");
    desk.service.store_secret(deploy(key)).await.unwrap();
    assert_eq!(hub.held(&at()), Some(desk.text(key)));
    // Connected anew, what the first connection put there is known and looked at.
    desk.service.disconnect(row.id).unwrap();
    let anew = hub.connect(&desk).await;
    hub.write_elsewhere(&at());
    assert_eq!(desk.look(anew.id).await, PlacementState::Drifted);
    // Who changed it is in the log; what it is, is not.
    let recent = ListEvents { before: None, limit: 50, key: None };
    let log = format!("{:?}", desk.service.list_events(recent).unwrap());
    assert!(log.contains("DEPLOY_KEY in octo/hello") && !log.contains(&desk.text(key)), "{log}");
}

#[tokio::test]
async fn a_rotation_sets_the_secret_anew_and_taking_it_back_sets_the_old_one() {
    let (desk, hub, key, _) = Desk::at_github().await;
    desk.service.store_secret(deploy(key)).await.unwrap();
    let old = desk.text(key);
    assert_eq!(hub.held(&at()).as_deref(), Some(old.as_str()));
    let ask = RotateKey { grace_s: 3600, ..crate::rotate::ask(key) };
    let run = desk.service.start_rotation(ask).unwrap().id;
    // The platform refuses the first time: nothing ends, and the run says so.
    hub.with(|state| state.next = Some(Next::No(403)));
    let row = desk.service.run_rotation(run).await.unwrap();
    assert!(matches!(row.state, RotationState::Waiting { wait: Wait::Person, .. }), "{row:?}");
    assert_eq!(hub.held(&at()).as_deref(), Some(old.as_str()));
    let act = |action| ActOnRotation { rotation: run, action };
    desk.service.act_on_rotation(act(RotationAction::Resume)).await.unwrap();
    let row = desk.service.run_rotation(run).await.unwrap();
    let new = row.new.unwrap();
    assert_eq!(hub.held(&at()), Some(desk.text(new)));
    assert_eq!(desk.places(new).len(), 1);
    desk.service.act_on_rotation(act(RotationAction::TakeBack)).await.unwrap();
    let row = desk.service.run_rotation(run).await.unwrap();
    assert_eq!(row.state, RotationState::TakenBack, "{:?}", desk.service.rotation_report(run));
    assert_eq!(hub.held(&at()).as_deref(), Some(old.as_str()));
    assert_eq!((desk.places(key).len(), desk.places(new).len()), (1, 0));
    assert!(desk.service.rotation_violations().unwrap().is_empty());
}
