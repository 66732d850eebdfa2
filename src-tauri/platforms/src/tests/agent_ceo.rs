//! agent.ceo by its requirements. The whole simulator is in another room; here a
//! small server shows what exactly is sent and how answers read.

use chrono::{DateTime, Utc};
use keywright_model::{Environment, Expiry, Hint, Secret, Status, Verdict, expiry::Lifetime};
use serde_json::{Value, json};

use super::server::{
    CREDENTIAL, SECRET, Server, acme, agent_ceo, connect, credential, json as reply_json, quick,
    reply,
};
use crate::{AxisKind, CallError, Capability, Connector, Created, Effect, NewKey, RevokeAnswer};

fn now() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().expect("an instant")
}

fn scopes(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

fn new_key(words: &str, lifetime: Lifetime) -> NewKey {
    NewKey { name: "ci-deploy-key".into(), scopes: scopes(words), lifetime }
}

fn minted() -> Value {
    json!({
        "key": SECRET,
        "key_id": "key-abc123",
        "prefix": "ace_test_fa",
        "owner": "acme",
        "scopes": ["org:acme", "agent:*", "svc:mcp:write"],
    })
}

#[expect(clippy::disallowed_methods, reason = "a test compares with the fake secret")]
fn text(secret: &Secret) -> &str {
    secret.expose()
}

async fn mint(server: &Server, words: &str, lifetime: Lifetime) -> Result<Created, CallError> {
    connect(server).create(&credential(), &new_key(words, lifetime), now()).await
}

#[test]
fn r30_the_prefix_tells_the_environment_and_the_hint_is_two_characters_longer() {
    let profile = agent_ceo();
    for (secret, environment, hint) in [
        ("ace_live_fakeBcDeFgHiJkLmNo", Environment::Live, "ace_live_fa"),
        ("ace_test_fakeBcDeFgHiJkLmNo", Environment::Test, "ace_test_fa"),
        ("other_fakeBcDeFgHiJkLmNo", Environment::Unknown, "ot"),
        ("ace_live_x", Environment::Live, "ace_live_"),
    ] {
        let secret = Secret::copy_of(secret);
        assert_eq!(profile.environment_of(&secret), environment);
        assert_eq!(profile.hint_of(&secret), Hint { prefix: hint.into(), suffix: String::new() });
    }
}

#[tokio::test]
async fn r31_the_list_may_stand_in_any_of_four_places() {
    let key = json!({"key_id": "key-1", "name": "ci", "prefix": "ace_live_aB", "owner": "acme",
        "scopes": ["org:acme", "agent:*", "svc:wiki:read"], "created_at": "2026-11-01T00:00:00Z",
        "expires_at": null, "status": "active"});
    for whole in
        [json!([key]), json!({"keys": [key]}), json!({"api_keys": [key]}), json!({"data": [key]})]
    {
        let server = Server::always(reply_json(200, &whole)).await;
        let keys = connect(&server).list(&credential()).await.expect("a list");
        let [found] = keys.as_slice() else { panic!("one key in {whole}") };
        assert_eq!(found.remote_id, "key-1");
        assert_eq!(found.name.as_deref(), Some("ci"));
        assert_eq!(found.hint.prefix, "ace_live_aB");
        assert_eq!(found.environment, Environment::Live);
        assert_eq!(found.expires, Expiry::Never);
        assert_eq!(found.status, Status::Active);
        assert_eq!(found.created, "2026-11-01T00:00:00Z".parse().ok());
        let seen = server.seen();
        let [call] = seen.as_slice() else { panic!("one call") };
        assert_eq!(
            (call.method.as_str(), call.target.as_str()),
            ("GET", "/api/v1/customers/acme/api-keys")
        );
        assert_eq!(call.header("authorization"), format!("Bearer {CREDENTIAL}"));
    }
    let server = Server::always(reply_json(200, &json!({"results": []}))).await;
    let error = connect(&server).list(&credential()).await.expect_err("no list");
    assert!(matches!(error, CallError::Malformed { .. }), "{error:?}");
}

#[tokio::test]
async fn r32_minting_sends_exactly_the_documented_body() {
    let server = Server::always(reply_json(201, &minted())).await;
    let made = mint(&server, "org:acme agent:* svc:mcp:write", Lifetime::Days(90)).await;
    let made = made.expect("a key");
    let seen = server.seen();
    let [call] = seen.as_slice() else { panic!("one call") };
    assert_eq!((call.method.as_str(), call.target.as_str()), ("POST", "/api/v1/keys/mint"));
    assert_eq!(call.header("content-type"), "application/json");
    assert_eq!(
        call.json(),
        json!({"orgId": "acme", "name": "ci-deploy-key",
            "scopes": ["org:acme", "agent:*", "svc:mcp:write"], "expires_days": 90})
    );
    assert_eq!(text(&made.secret), SECRET);
    assert_eq!(made.remote.remote_id, "key-abc123");
}

#[tokio::test]
async fn r32_what_the_answer_lacks_is_what_was_sent() {
    let server = Server::always(reply_json(200, &minted())).await;
    let made = mint(&server, "org:acme agent:* svc:mcp:write", Lifetime::Days(90)).await;
    let remote = made.expect("a key").remote;
    assert_eq!(remote.name.as_deref(), Some("ci-deploy-key"));
    assert_eq!(remote.created, Some(now()));
    assert_eq!(remote.expires, Expiry::At("2027-02-20T10:00:00Z".parse().expect("an instant")));
    assert_eq!(remote.owner.name, "acme");
    assert_eq!(remote.status, Status::Active);
    assert_eq!(remote.environment, Environment::Test);
    assert_eq!(remote.hint.prefix, "ace_test_fa");
}

#[tokio::test]
async fn a_hint_that_gives_the_secret_away_is_not_taken() {
    let mut answer = minted();
    answer["prefix"] = json!(SECRET);
    let server = Server::always(reply_json(200, &answer)).await;
    let made = mint(&server, "org:acme agent:* svc:mcp:write", Lifetime::Days(90)).await;
    assert_eq!(made.expect("a key").remote.hint.prefix, "ace_test_fa");
}

#[tokio::test]
async fn r33_revoking_accepts_three_statuses_and_404_is_gone() {
    for (status, expected) in [
        (200, RevokeAnswer::Accepted),
        (202, RevokeAnswer::Accepted),
        (204, RevokeAnswer::Accepted),
        (404, RevokeAnswer::AlreadyGone),
    ] {
        let server = Server::always(reply(status, "")).await;
        let answer = connect(&server).revoke(&credential(), "key-abc123").await;
        assert_eq!(answer.expect("accepted"), expected);
        let seen = server.seen();
        let [call] = seen.as_slice() else { panic!("one call") };
        assert_eq!(call.method, "DELETE");
        assert_eq!(call.target, "/api/v1/customers/acme/api-keys/key-abc123");
    }
}

#[tokio::test]
async fn r33_an_id_cannot_leave_its_place_in_the_address() {
    let server = Server::always(reply(204, "")).await;
    for bad in ["", ".", ".."] {
        let error = connect(&server).revoke(&credential(), bad).await.expect_err("refused");
        assert!(matches!(error, CallError::Unsendable { .. }), "{error:?}");
        assert_eq!(error.effect(), Effect::None);
    }
    assert!(server.seen().is_empty(), "nothing was sent");
    connect(&server).revoke(&credential(), "a/../b?c=*:#").await.expect("sent");
    let seen = server.seen();
    assert_eq!(seen[0].target, "/api/v1/customers/acme/api-keys/a%2F..%2Fb%3Fc%3D%2A%3A%23");
}

#[tokio::test]
async fn r34_id_slug_and_owner_are_three_settings_that_default_to_the_first() {
    let profile = agent_ceo();
    let all = acme().to_map();
    assert_eq!(all.values().collect::<Vec<_>>(), ["acme", "acme", "acme"]);
    let given = [("org_id", "org-77"), ("org_slug", "acme"), ("owner", "ops")];
    let given = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let variables = profile.resolve_variables(&given).expect("complete");
    let server = Server::always(reply_json(201, &json!({"key": SECRET, "key_id": "k"}))).await;
    let connector = Connector::new(profile, &server.url(), variables, quick()).expect("set up");
    let new = new_key("org:acme agent:cto svc:kb:read", Lifetime::Days(30));
    let made = connector.create(&credential(), &new, now()).await.expect("a key");
    assert_eq!(server.seen()[0].json()["orgId"], "org-77");
    assert_eq!(server.seen()[0].json()["scopes"], json!(["org:acme", "agent:cto", "svc:kb:read"]));
    assert_eq!(made.remote.owner.name, "ops");
}

#[tokio::test]
async fn r35_a_key_that_lacks_an_axis_cannot_be_sent() {
    let profile = agent_ceo();
    for (words, axes) in [
        ("", vec!["org", "agent", "svc"]),
        ("org:acme", vec!["agent", "svc"]),
        ("org:acme agent:cto", vec!["svc"]),
        ("agent:cto svc:wiki:read", vec!["org"]),
        ("org:acme svc:wiki:read", vec!["agent"]),
        ("org:globex agent:cto svc:wiki:read", vec!["org", "org"]),
        ("org:acme agent:* agent:cto svc:wiki:read", vec!["agent"]),
        ("org:acme agent:cto svc:wiki:read svc:wiki:write", vec!["svc"]),
        ("org:acme agent:cto agent:cto svc:wiki:read", vec!["agent"]),
        ("org:acme agent:c/o svc:wiki:read", vec!["agent", "agent"]),
        ("org:acme agent:cto svc:wiki:read svc:mail:read", vec!["svc"]),
        ("org:acme agent:cto svc:wiki:read root", vec![""]),
        ("org:acme agent:cto agent:ceo svc:wiki:read", vec![]),
        ("org:acme agent:cfo svc:wiki:read", vec![]),
    ] {
        let problems = profile.check_scopes(&acme(), &scopes(words));
        let found: Vec<&str> = problems.iter().map(|problem| problem.axis.as_str()).collect();
        assert_eq!(found, axes, "{words}: {problems:?}");
        assert!(problems.iter().all(|problem| !problem.message.is_empty()));
        let server = Server::always(reply_json(201, &minted())).await;
        let outcome = mint(&server, words, Lifetime::Days(30)).await;
        assert_eq!(outcome.is_ok(), axes.is_empty(), "{words}");
        assert_eq!(server.seen().len(), usize::from(axes.is_empty()), "{words}");
    }
}

#[test]
fn r36_the_grid_has_seven_services_and_three_tiers() {
    let axes = agent_ceo().axes(&acme());
    let ids: Vec<&str> = axes.iter().map(|axis| axis.id.as_str()).collect();
    assert_eq!(ids, ["org", "agent", "svc"]);
    assert_eq!(axes[0].kind, AxisKind::Fixed);
    assert_eq!(axes[0].choices[0].value, "org:acme");
    assert_eq!(axes[1].wildcard.as_ref().map(|all| all.value.as_str()), Some("agent:*"));
    assert_eq!(axes[1].free.as_ref().map(|free| free.prefix.as_str()), Some("agent:"));
    let grid = &axes[2];
    assert_eq!((grid.kind, grid.choices.len()), (AxisKind::Tiers, 21));
    let rows: Vec<&str> = grid.choices.iter().step_by(3).map(|c| c.row.as_str()).collect();
    assert_eq!(rows, ["mcp", "a2a", "super-agent", "tasks", "kb", "wiki", "admin"]);
    let tiers: Vec<&str> = grid.choices.iter().take(3).map(|c| c.tier.as_str()).collect();
    assert_eq!(tiers, ["read", "write", "admin"]);
}

#[tokio::test]
async fn r37_never_is_sent_as_nothing_and_the_choices_are_the_four() {
    let profile = agent_ceo();
    assert_eq!(
        profile.lifetimes(),
        [Lifetime::Days(90), Lifetime::Days(30), Lifetime::Days(365), Lifetime::Never]
    );
    let server = Server::always(reply_json(201, &minted())).await;
    let made = mint(&server, "org:acme agent:* svc:mcp:write", Lifetime::Never).await;
    assert_eq!(made.expect("a key").remote.expires, Expiry::Never);
    let body = server.seen()[0].json();
    assert!(body.get("expires_days").is_none(), "{body}");
    let date = Lifetime::Until("2026-11-24T09:00:00Z".parse().expect("an instant"));
    let made = mint(&server, "org:acme agent:* svc:mcp:write", date).await.expect("a key");
    assert_eq!(server.seen()[1].json()["expires_days"], 2);
    // What is kept is what was sent: two whole days, not the odd hour.
    assert_eq!(made.remote.expires, Expiry::At("2026-11-24T10:00:00Z".parse().expect("one")));
    let past = Lifetime::Until("2026-11-22T09:00:00Z".parse().expect("an instant"));
    for bad in [past, Lifetime::Days(0), Lifetime::Days(u32::MAX)] {
        assert!(profile.check_lifetime(bad, now()).is_some(), "{bad:?}");
        let error =
            mint(&server, "org:acme agent:* svc:mcp:write", bad).await.expect_err("refused");
        assert!(matches!(error, CallError::Unsendable { .. }), "{error:?}");
    }
    assert_eq!(server.seen().len(), 2, "nothing more was sent");
}

#[test]
fn r38_the_blast_radius_is_one_sentence_and_its_dangers() {
    let profile = agent_ceo();
    let say = |words: &str, expires: Expiry| profile.describe(&acme(), &scopes(words), expires);
    let soon = Expiry::At(now());
    let golden = say("org:acme agent:* svc:wiki:read", soon);
    assert_eq!(golden.sentence, "Read the wiki, through any agent, in acme only.");
    assert_eq!(golden.dangers.len(), 1, "{golden:?}");
    let golden = say("org:acme agent:cto svc:mcp:write svc:tasks:write", soon);
    assert_eq!(
        golden.sentence,
        "Call MCP tools and change tasks, as the CTO agent only, in acme only."
    );
    assert_eq!(golden.dangers, Vec::<String>::new());
    let two = say("org:acme agent:cto agent:ceo svc:kb:read", soon);
    assert_eq!(
        two.sentence,
        "Read the Knowledge Base, as the CTO or CEO agent only, in acme only."
    );
    let typed = say("org:acme agent:cfo svc:kb:admin", soon);
    assert_eq!(
        typed.sentence,
        "Fully control the Knowledge Base, as the cfo agent only, in acme only."
    );
    assert_eq!(typed.dangers.len(), 1);
    let worst = say("org:acme agent:* svc:admin:admin", Expiry::Never);
    assert_eq!(worst.dangers.len(), 4, "{:?}", worst.dangers);
    assert_eq!(say("", soon).sentence, "What it may do is not known.");
}

#[tokio::test]
async fn r39_the_probe_tells_how_long_it_took() {
    let server = Server::always(reply(200, "[]")).await;
    let probe = connect(&server).probe(&Secret::copy_of(SECRET)).await;
    assert_eq!(probe.verdict, Verdict::Alive);
    assert!(probe.took.as_nanos() > 0);
}

#[test]
fn r40_the_platform_promises_sixty_seconds() {
    let profile = agent_ceo();
    assert_eq!((profile.revoke_latency_s, profile.revoke_margin_s), (60, 0));
    let waits: Vec<u64> = (0..6).map(|n| profile.poll_delay(n).as_secs()).collect();
    assert_eq!(waits, [1, 2, 4, 8, 10, 10]);
    assert_eq!(profile.refusals_needed, 3);
}

#[tokio::test]
async fn r41_a_key_without_the_scope_is_limited_and_the_scope_is_named() {
    let body = json!({"error": {"code": "forbidden", "message": "requires svc:admin:read"}});
    let server = Server::always(reply_json(403, &body)).await;
    let probe = connect(&server).probe(&Secret::copy_of(SECRET)).await;
    assert_eq!(probe.verdict, Verdict::Limited { missing: Some("svc:admin:read".into()) });
    let error = connect(&server).list(&credential()).await.expect_err("refused");
    let CallError::Refused { status: 403, missing_scope, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(missing_scope.as_deref(), Some("svc:admin:read"));
}

#[tokio::test]
async fn r42_the_probe_is_the_list_made_with_the_key_itself() {
    for (status, works, dead) in [
        (200, true, false),
        (403, true, false),
        (401, false, true),
        (404, false, false),
        (429, false, false),
        (500, false, false),
        (503, false, false),
        (302, false, false),
    ] {
        let server = Server::always(reply(status, "{}").with("retry-after", "900")).await;
        let probe = connect(&server).probe(&Secret::copy_of(SECRET)).await;
        assert_eq!(probe.verdict.works(), works, "{status}: {:?}", probe.verdict);
        assert_eq!(probe.verdict == Verdict::Dead, dead, "{status}: {:?}", probe.verdict);
        let call = server.seen().remove(0);
        assert_eq!(call.header("authorization"), format!("Bearer {SECRET}"));
        assert_eq!(
            (call.method.as_str(), call.target.as_str()),
            ("GET", "/api/v1/customers/acme/api-keys")
        );
    }
}

#[test]
fn r43_the_management_credential_is_a_key_of_the_platform() {
    let profile = agent_ceo();
    let form = profile.credential.as_ref().expect("managed by API");
    assert_eq!(form.prefixes, ["ace_live_", "ace_test_"]);
    assert!(profile.check_secret(&Secret::copy_of("sk_live_fake")).is_some());
    assert!(profile.check_secret(&Secret::copy_of("ace_live_fake fake")).is_some());
    assert!(profile.check_secret(&Secret::copy_of("ace_live_fakefake")).is_none());
}

#[tokio::test]
async fn r44_unknown_fields_are_empty_and_nothing_is_offered_that_is_not_documented() {
    let profile = agent_ceo();
    for absent in [Capability::RotateInPlace, Capability::RotateOverlap, Capability::Relabel] {
        assert!(!profile.can(absent));
    }
    let server = Server::always(reply_json(200, &json!([{"id": 7}]))).await;
    let keys = connect(&server).list(&credential()).await.expect("a list");
    let [key] = keys.as_slice() else { panic!("one key") };
    assert_eq!((key.remote_id.as_str(), key.name.as_deref()), ("7", None));
    assert_eq!((key.expires, key.status), (Expiry::Unknown, Status::Unknown));
    let error = connect(&server).relabel(&credential(), "7", "x").await.expect_err("none");
    assert_eq!(error, CallError::Unsupported { operation: "relabel" });
}

#[tokio::test]
async fn a_key_made_without_its_secret_in_the_answer_is_told_by_id() {
    for (answer, id) in [
        (json!({"key_id": "key-9"}), Some("key-9")),
        (json!({"key": "", "key_id": "key-9"}), Some("key-9")),
        (json!({"key": 5, "key_id": "key-9"}), Some("key-9")),
        (json!({"key": "line\nbreak", "key_id": "key-9"}), Some("key-9")),
        (json!({}), None),
    ] {
        let server = Server::always(reply_json(201, &answer)).await;
        let error = mint(&server, "org:acme agent:* svc:mcp:write", Lifetime::Never).await;
        let error = error.expect_err("lost");
        assert_eq!(error, CallError::SecretLost { remote_id: id.map(str::to_owned) });
        assert_eq!(error.effect(), Effect::Unknown);
    }
}
