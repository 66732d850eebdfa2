//! The platforms whose keys are managed in a dashboard.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use keywright_model::{Environment, Expiry, PlatformId, Secret, Verdict, expiry::Lifetime};
use serde_json::json;

use super::server::{Server, json as reply_json, quick};
use crate::{AxisKind, CallError, Capability, Connector, GuidedAct, Profile, Registry, Variables};

fn profile(id: &str) -> Arc<Profile> {
    Registry::builtin().get(&PlatformId::new(id)).expect("it comes with the program")
}

fn variables(profile: &Profile, given: &[(&str, &str)]) -> Variables {
    let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    profile.resolve_variables(&given.collect()).expect("complete")
}

fn scopes(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

fn soon() -> Expiry {
    let at: DateTime<Utc> = "2026-12-22T10:00:00Z".parse().expect("an instant");
    Expiry::At(at)
}

#[tokio::test]
async fn they_have_guides_and_nothing_that_needs_a_credential() {
    for id in ["specivo", "servoagent", "bivariant"] {
        let profile = profile(id);
        assert!(profile.credential.is_none() && !profile.is_managed(), "{id}");
        assert!(profile.can(Capability::ManualCreate) && profile.can(Capability::ManualRevoke));
        assert!(!profile.can(Capability::Create) && !profile.can(Capability::List));
        let variables = variables(&profile, &[]);
        for act in [GuidedAct::Create, GuidedAct::Revoke] {
            let guide = profile.guide(act, "https://app.example.com", &variables).expect("a guide");
            assert!(guide.steps.len() >= 3, "{id}: {guide:?}");
            assert!(guide.steps.iter().all(|step| !step.contains('{')), "{id}: {guide:?}");
        }
        // Where the address is not known, none has to be told.
        let address = profile.base_url.clone();
        let connector = Connector::new(profile, &address, variables, quick());
        let connector = connector.expect("set up without a network");
        let error = connector.list(&Secret::copy_of("fake")).await.expect_err("no API");
        assert_eq!(error, CallError::Unsupported { operation: "list" });
    }
}

#[test]
fn r10_specivo_keys_begin_with_spv() {
    let profile = profile("specivo");
    assert_eq!(profile.check_secret(&Secret::copy_of("spv_fake_key_of_some_length")), None);
    let odd = profile.check_secret(&Secret::copy_of("sk_live_fake")).expect("a warning");
    assert!(odd.contains("spv_"), "{odd}");
}

#[test]
fn r11_the_guide_opens_the_page_of_the_connections_own_origin_only() {
    let profile = profile("specivo");
    let variables = variables(&profile, &[]);
    let page = |base: &str| {
        profile.guide(GuidedAct::Create, base, &variables).expect("a guide").page.map(String::from)
    };
    assert_eq!(
        page("https://specs.example.com"),
        Some("https://specs.example.com/my/api-keys/".into())
    );
    assert_eq!(page("http://specs.example.com"), None, "not over plain http");
    assert_eq!(page(""), None);
}

#[test]
fn a_guide_opens_no_page_whose_origin_the_profile_does_not_name() {
    let text = |origins: &str, page: &str| {
        format!(
            "profile = 1\nid = \"x\"\nname = \"X\"\nabout = \"X.\"\nenv_name = \"X\"\ncapabilities = [\"manual_create\"]\n[guide]\norigins = [{origins}]\n[guide.create]\npage = \"{page}\"\nsteps = [\"Go.\"]\n"
        )
    };
    let dashboard = "https://dash.example.com/keys";
    let good = text("\"https://dash.example.com\"", dashboard);
    let profile = Profile::parse("x.toml", &good).expect("right");
    let guide = profile.guide(GuidedAct::Create, "", &Variables::default()).expect("a guide");
    assert_eq!(guide.page.map(String::from).as_deref(), Some(dashboard));
    for (origins, page) in [
        ("", dashboard),
        ("\"https://dash.example.com\"", "https://other.example.com/keys"),
        ("\"https://dash.example.com\"", "//other.example.com/keys"),
        ("\"https://dash.example.com\"", "javascript:alert(1)"),
        ("\"https://dash.example.com\"", "file:///etc/passwd"),
        ("\"http://dash.example.com\"", "http://dash.example.com"),
        ("\"https://dash.example.com/path\"", dashboard),
        ("\"javascript:\"", "javascript:alert(1)"),
    ] {
        let error = Profile::parse("x.toml", &text(origins, page)).expect_err("refused");
        assert!(error.line == 8 || error.line == 10, "{error}");
    }
}

#[test]
fn r12_specivo_knows_mcp_and_takes_other_scopes() {
    let profile = profile("specivo");
    let variables = variables(&profile, &[]);
    assert_eq!(profile.check_scopes(&variables, &scopes("mcp other:scope")), []);
    assert!(!profile.check_scopes(&variables, &[]).is_empty());
    let said = profile.describe(&variables, &scopes("mcp"), soon());
    assert_eq!(
        said.sentence,
        "Connect a client over MCP, as far as its owner's project roles allow."
    );
    assert_eq!(profile.revoke_latency_s, 0, "r15: at once");
}

#[test]
fn r21_servoagent_tells_the_environment_by_the_prefix() {
    let profile = profile("servoagent");
    for (secret, expected) in [
        ("sk_live_fakefakefakefakefake", Environment::Live),
        ("sk_test_fakefakefakefakefake", Environment::Test),
        ("sk_fakefakefakefakefakefake", Environment::Unknown),
    ] {
        let secret = Secret::copy_of(secret);
        assert_eq!(profile.environment_of(&secret), expected);
        assert_eq!(profile.check_secret(&secret), None);
        assert_eq!(profile.hint_of(&secret).suffix, "fake");
    }
    assert_eq!(profile.env_name, "SERVOAGENT_API_KEY");
}

#[test]
fn r22_servoagent_has_nine_scopes() {
    let profile = profile("servoagent");
    let variables = variables(&profile, &[]);
    let axes = profile.axes(&variables);
    let values: Vec<&str> = axes[0].choices.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(
        values,
        [
            "agents:read",
            "agents:write",
            "agents:execute",
            "contacts:read",
            "contacts:write",
            "analytics:read",
            "webhooks:manage",
            "billing:read",
            "workspace:admin",
        ]
    );
    let said = profile.describe(&variables, &scopes("agents:read workspace:admin"), soon());
    assert_eq!(said.sentence, "Read agent information and administer the whole workspace.");
    assert_eq!(said.dangers, ["It administers the whole workspace."]);
    assert_eq!(profile.check_scopes(&variables, &scopes("agents:fly"))[0].axis, "");
}

#[tokio::test]
async fn r23_to_r25_the_probe_reads_the_documented_bodies_with_either_header() {
    let dead = json!({"error": {"code": "unauthorized", "message": "Invalid or missing API key"}});
    let limited = json!({"error": {"code": "forbidden",
        "message": "API key does not have required scope: agents:execute"}});
    let text = Registry::builtin_texts();
    let (_, text) = text.iter().find(|(name, _)| name.contains("servoagent")).expect("built in");
    let other = text
        .replace("name = \"Authorization\"", "name = \"X-API-Key\"")
        .replace("value = \"Bearer {credential}\"", "value = \"{credential}\"");
    for (text, header, sent) in [
        (*text, "authorization", "Bearer sk_test_fake_key"),
        (other.as_str(), "x-api-key", "sk_test_fake_key"),
    ] {
        for (status, body, expected) in [
            (200, json!({"data": []}), Verdict::Alive),
            (401, dead.clone(), Verdict::Dead),
            (403, limited.clone(), Verdict::Limited { missing: Some("agents:execute".into()) }),
            (503, json!({}), Verdict::Unknown { why: "status 503".into() }),
        ] {
            let server = Server::always(reply_json(status, &body).with("retry-after", "99")).await;
            let profile = Arc::new(Profile::parse("servoagent.toml", text).expect("right"));
            let base = format!("{}/v1", server.url());
            let connector = Connector::new(profile, &base, Variables::default(), quick());
            let connector = connector.expect("set up");
            let probe = connector.probe(&Secret::copy_of("sk_test_fake_key")).await;
            assert_eq!(probe.verdict, expected, "{status}");
            assert_eq!(
                (server.seen()[0].target.as_str(), server.seen()[0].header(header)),
                ("/v1/agents", sent)
            );
        }
    }
}

#[test]
fn r51_bivariant_permissions_are_resource_and_action_in_one_organization() {
    let profile = profile("bivariant");
    let variables = variables(&profile, &[]);
    let kinds: Vec<AxisKind> = profile.axes(&variables).iter().map(|axis| axis.kind).collect();
    assert_eq!(kinds, [AxisKind::One, AxisKind::Any, AxisKind::Some]);
    for (words, axes) in [
        ("organization:acme collections:read", vec![]),
        ("organization:acme space:crm collections:read flows:list", vec![]),
        ("organization:acme space:crm space:ops collections:read", vec!["space"]),
        ("collections:read", vec!["organization"]),
        ("organization:acme organization:globex collections:read", vec!["organization"]),
        ("organization:acme", vec!["permission"]),
        ("organization:acme Collections:Read", vec!["", "permission"]),
    ] {
        let problems = profile.check_scopes(&variables, &scopes(words));
        let found: Vec<&str> = problems.iter().map(|problem| problem.axis.as_str()).collect();
        assert_eq!(found, axes, "{words}: {problems:?}");
    }
    let said = profile.describe(
        &variables,
        &scopes("organization:acme space:crm collections:read"),
        soon(),
    );
    assert_eq!(said.sentence, "Read collections, in the space crm only, in acme only.");
    let said = profile.describe(&variables, &scopes("organization:acme collections:read"), soon());
    assert_eq!(said.sentence, "Read collections, in every space, in acme only.");
}

#[test]
fn r54_a_bivariant_date_ends_with_its_day() {
    let profile = profile("bivariant");
    let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().expect("an instant");
    assert_eq!(
        profile.expiry_of(Lifetime::Days(30), now),
        Expiry::At("2026-12-22T23:59:59Z".parse().expect("an instant"))
    );
    assert_eq!(profile.revoke_latency_s, 0, "r53: at once");
}

#[test]
fn r08_the_header_in_which_a_client_sends_a_key_is_told() {
    let told = |id: &str| {
        let profile = Registry::builtin().get(&PlatformId::new(id)).expect(id);
        profile.use_header.clone()
    };
    for id in ["servoagent", "agent.ceo", "bivariant"] {
        assert_eq!(told(id), "Authorization: Bearer {key}", "{id}");
    }
    // Its page does not say.
    assert_eq!(told("specivo"), "");
}
