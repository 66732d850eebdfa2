//! A platform's secret store: what is sealed arrives, and only there; what is refused is said, and
//! what is not known is not guessed.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{SecretKey, aead::OsRng};
use keywright_model::{PlatformId, Secret};
use serde_json::json;

use super::server::{
    CREDENTIAL, Reply, SECRET, Seen, Server, credential, json as answer, quick, reply,
};
use crate::{
    CallError, Connector, Effect, Profile, Registry, StoreAnswer, StorePlace, StorePlaceError,
};

const AT: &str = "/repos/octo/hello/actions/secrets/DEPLOY_KEY";

fn github() -> Arc<Profile> {
    Registry::builtin().get(&PlatformId::new("github")).expect("it comes with the program")
}

fn told(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn place(pairs: &[(&str, &str)]) -> Result<StorePlace, StorePlaceError> {
    github().secret_store().expect("a store").place(&told(pairs))
}

fn deploy_key() -> StorePlace {
    place(&[("repo", "octo/hello"), ("name", "deploy_key")]).expect("a place")
}

fn connect(server: &Server) -> Connector {
    let variables = github().resolve_variables(&BTreeMap::new()).expect("no settings");
    Connector::new(github(), &server.url(), variables, quick()).expect("a connection")
}

fn no(status: u16, message: &str) -> Reply {
    answer(status, &json!({ "message": message, "status": status.to_string() }))
}

/// The platform's side: it holds the other half of the sealing key, and what was put.
#[derive(Clone)]
struct Vault {
    half: SecretKey,
    held: Arc<Mutex<Option<String>>>,
}

impl Vault {
    fn new() -> Self {
        Self { half: SecretKey::generate(&mut OsRng), held: Arc::default() }
    }

    fn key(&self) -> Reply {
        let key = STANDARD.encode(self.half.public_key().as_bytes());
        answer(200, &json!({ "key_id": "568250167242549743", "key": key }))
    }

    fn put(&self, seen: &Seen) -> Reply {
        let body = seen.json();
        if body["key_id"] != "568250167242549743" {
            return no(422, "the key_id is not the current one");
        }
        let sealed = STANDARD.decode(body["encrypted_value"].as_str().unwrap_or_default());
        let Ok(open) = self.half.unseal(&sealed.unwrap_or_default()) else {
            return no(422, "the value is not sealed for this key");
        };
        let text = String::from_utf8(open).expect("a text");
        let before = self.held.lock().expect("not poisoned").replace(text);
        reply(if before.is_some() { 204 } else { 201 }, "")
    }

    fn answer(&self, seen: &Seen) -> Reply {
        if seen.header("authorization") != format!("Bearer {CREDENTIAL}") {
            return no(401, "Bad credentials");
        }
        let mut held = self.held.lock().expect("not poisoned");
        match (seen.method.as_str(), seen.target.as_str()) {
            ("GET", "/repos/octo/hello/actions/secrets/public-key") => self.key(),
            ("GET", AT) if held.is_some() => answer(
                200,
                &json!({ "name": "DEPLOY_KEY", "created_at": "2026-11-28T08:00:00Z",
                    "updated_at": "2026-11-28T08:00:00Z" }),
            ),
            ("PUT", AT) => {
                drop(held);
                self.put(seen)
            }
            ("DELETE", AT) if held.take().is_some() => reply(204, ""),
            _ => no(404, "Not Found"),
        }
    }
}

async fn store(connector: &Connector, credential: &Secret) -> Result<(), CallError> {
    let key = connector.sealing_key(credential, &deploy_key()).await?;
    connector.store(credential, &deploy_key(), &key, &Secret::copy_of(SECRET)).await
}

#[tokio::test]
async fn the_secret_arrives_sealed_and_goes_again() {
    let vault = Vault::new();
    let own = vault.clone();
    let server = Server::start(move |_, seen| own.answer(seen)).await;
    let connector = connect(&server);
    assert_eq!(connector.stored(&credential(), &deploy_key()).await, Ok(None));
    store(&connector, &credential()).await.expect("stored");
    assert_eq!(vault.held.lock().unwrap().as_deref(), Some(SECRET));
    let stored = connector.stored(&credential(), &deploy_key()).await.expect("an answer");
    assert_eq!(stored.expect("there").updated.to_rfc3339(), "2026-11-28T08:00:00+00:00");
    store(&connector, &credential()).await.expect("stored over it");
    let first = connector.remove_stored(&credential(), &deploy_key()).await;
    let second = connector.remove_stored(&credential(), &deploy_key()).await;
    assert_eq!((first, second), (Ok(StoreAnswer::Removed), Ok(StoreAnswer::AlreadyGone)));
    // What went over the wire: never the secret itself, and each time another box.
    let seen = server.seen();
    let bodies: Vec<&[u8]> = seen.iter().map(|call| call.body.as_slice()).collect();
    assert!(bodies.iter().all(|body| !String::from_utf8_lossy(body).contains(SECRET)));
    let puts: Vec<&Seen> = seen.iter().filter(|call| call.method == "PUT").collect();
    assert_eq!(puts.len(), 2);
    assert_ne!(puts[0].body, puts[1].body);
    assert_eq!(puts[0].header("x-github-api-version"), "2022-11-28");
}

#[tokio::test]
async fn refusals_say_what_the_platform_said_and_change_nothing() {
    for (status, message) in [
        (403, "Resource not accessible by personal access token"),
        (404, "Not Found"),
        (422, "Validation Failed"),
    ] {
        let vault = Vault::new();
        let server = Server::start(move |_, seen| match seen.method.as_str() {
            "PUT" => no(status, message),
            _ => vault.answer(seen),
        })
        .await;
        let error = store(&connect(&server), &credential()).await.expect_err("refused");
        let refused =
            CallError::Refused { status, message: message.to_owned(), missing_scope: None };
        assert_eq!((error.effect(), error), (Effect::None, refused));
    }
    let vault = Vault::new();
    let server = Server::start(move |_, seen| vault.answer(seen)).await;
    let wrong = Secret::copy_of("github_pat_test_fake_other");
    let error = store(&connect(&server), &wrong).await.expect_err("refused");
    assert!(matches!(error, CallError::Unauthorized { .. }), "{error}");
    assert_eq!(server.seen().len(), 1, "nothing was sent after the refusal");
}

#[tokio::test]
async fn a_platform_that_repeats_the_secret_is_not_repeated() {
    let vault = Vault::new();
    let server = Server::start(move |_, seen| match seen.method.as_str() {
        "PUT" => no(422, &format!("cannot keep {SECRET} for {CREDENTIAL}")),
        _ => vault.answer(seen),
    })
    .await;
    let said = store(&connect(&server), &credential()).await.expect_err("refused").to_string();
    assert!(!said.contains(SECRET) && !said.contains(CREDENTIAL), "{said}");
}

#[tokio::test]
async fn a_lost_answer_leaves_the_effect_unknown_and_is_not_sent_again() {
    let vault = Vault::new();
    let own = vault.clone();
    let server = Server::start(move |_, seen| {
        let done = own.answer(seen);
        if seen.method == "PUT" { reply(502, "") } else { done }
    })
    .await;
    let error = store(&connect(&server), &credential()).await.expect_err("lost");
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(server.seen().iter().filter(|call| call.method == "PUT").count(), 1);
    assert_eq!(vault.held.lock().unwrap().as_deref(), Some(SECRET), "it had arrived");
}

#[tokio::test]
async fn a_key_that_is_none_seals_nothing() {
    let short = STANDARD.encode([7; 31]);
    for (body, said) in [
        (json!({ "key_id": "1", "key": short }), "31 bytes"),
        (json!({ "key_id": "1", "key": "not base64!" }), "not Base64"),
        (json!({ "key_id": "1" }), "0 bytes"),
        (json!({ "key": STANDARD.encode([7; 32]) }), "no id"),
    ] {
        let server = Server::always(answer(200, &body)).await;
        let error = store(&connect(&server), &credential()).await.expect_err("refused");
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(server.seen().len(), 1, "nothing was put");
    }
}

#[tokio::test]
async fn another_origin_gets_neither_the_credential_nor_the_secret() {
    let other = Server::always(reply(200, "{}")).await;
    let there = other.url();
    let server =
        Server::start(move |_, _| reply(307, "").with("location", &format!("{there}/key"))).await;
    let error = store(&connect(&server), &credential()).await.expect_err("not followed");
    assert_eq!(error, CallError::Redirected { to: other.url() });
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn a_secret_that_is_too_large_is_not_sent() {
    let vault = Vault::new();
    let server = Server::start(move |_, seen| vault.answer(seen)).await;
    let connector = connect(&server);
    let key = connector.sealing_key(&credential(), &deploy_key()).await.expect("a key");
    for (size, fits) in [(49_152, true), (49_153, false), (0, false)] {
        let secret = Secret::new("k".repeat(size));
        let done = connector.store(&credential(), &deploy_key(), &key, &secret).await;
        assert_eq!(done.is_ok(), fits, "{size}: {done:?}");
    }
}

#[test]
fn names_that_the_platform_refuses_are_refused_before_anything_is_sent() {
    let name = |name: &str| place(&[("repo", "octo/hello"), ("name", name)]);
    for bad in ["1ST", "WITH SPACE", "WITH-DASH", "GITHUB_TOKEN", "github_x", "", "é"] {
        assert!(name(bad).is_err(), "{bad}");
    }
    assert_eq!(name("deploy_key").unwrap(), name("DEPLOY_KEY").unwrap());
    assert_eq!(name("_x1").unwrap().name(), "_X1");
    assert!(matches!(name("GitHub_Token"), Err(StorePlaceError::Reserved { .. })));
}

#[test]
fn what_was_told_names_one_place_or_is_refused() {
    let named = |pairs: &[(&str, &str)]| place(&[pairs, &[("name", "X")]].concat());
    assert_eq!(named(&[("repo", "o/r")]).unwrap().words(), "o/r");
    let environment = named(&[("repo", "o/r"), ("environment", "eu")]).unwrap();
    assert_eq!(environment.words(), "o/r, environment eu");
    assert_eq!(
        environment.to_map(),
        told(&[("environment", "eu"), ("name", "X"), ("repo", "o/r")])
    );
    for unclear in [&[][..], &[("environment", "eu")], &[("repo", "o/r"), ("org", "o")]] {
        let error = named(unclear).expect_err("unclear");
        assert!(matches!(error, StorePlaceError::Unclear { .. }), "{error}");
    }
    for bad in ["no-slash", "a/b/c", "../etc", "o/..", "o/r?x", "/r"] {
        assert!(matches!(named(&[("repo", bad)]), Err(StorePlaceError::Param(_))), "{bad}");
    }
    assert!(matches!(named(&[("rebo", "o/r")]), Err(StorePlaceError::Param(_))));
}

#[test]
fn what_will_be_sent_is_told_without_a_call() {
    let calls = github().store_calls(&deploy_key());
    let said: Vec<String> =
        calls.iter().map(|call| format!("{} {}", call.method, call.path)).collect();
    assert_eq!(
        said,
        [
            "GET /repos/octo/hello/actions/secrets/DEPLOY_KEY",
            "GET /repos/octo/hello/actions/secrets/public-key",
            "PUT /repos/octo/hello/actions/secrets/DEPLOY_KEY",
        ]
    );
    let carried = calls[2].carries.join("; ");
    assert!(carried.contains("{the key itself, sealed for the platform}"), "{carried}");
    assert!(carried.contains("Bearer {credential}"), "{carried}");
    // What an added profile may do is told before it is trusted.
    let all = github().outline();
    assert_eq!(all.iter().filter(|call| call.operation == "store a secret").count(), 3);
}

#[test]
fn a_store_that_is_not_whole_is_an_error_with_its_place() {
    let good = include_str!("../../profiles/github.toml");
    for (from, to, said) in [
        ("seal = \"sealed_box\"", "seal = \"none\"", "one of `sealed_box`"),
        (", \"secret_store\"]", "]", "`secret_store` in the list"),
        ("encrypted_value = { \"$var\" = \"sealed\" }", "a = 1", "`sealed` in its body"),
        ("path = \"/orgs/{place.org}", "path = \"/orgs/{place.repo}", "`place.org`"),
        ("params = [\"org\"]", "params = [\"team\"]", "a parameter of"),
        ("method = \"PUT\"", "method = \"GET\"", "another method"),
        ("name = \"org\"", "name = \"name\"", "always asked for"),
        ("path = \"/{name}\"", "path = \"/{sealed}\"", "one of"),
    ] {
        assert!(good.contains(from), "{from}");
        let error = Profile::parse("github.toml", &good.replace(from, to)).expect_err(from);
        assert!(error.to_string().contains(said), "{from}: {error}");
    }
}
