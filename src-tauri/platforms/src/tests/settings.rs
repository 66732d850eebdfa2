//! Settings that are paths, operations that need a setting, and the most that a
//! key's owner may do.

use std::{collections::BTreeMap, sync::Arc};

use keywright_model::{PlatformId, Secret, Verdict};

use super::{
    language::HEAD,
    server::{CREDENTIAL, SECRET, Server, credential, quick, reply},
};
use crate::{
    CallError, Capability, Connector, GuidedAct, Profile, Registry, SetupError, VariableError,
    Variables,
};

fn builtin(id: &str) -> Arc<Profile> {
    Registry::builtin().get(&PlatformId::new(id)).expect("it comes with the program")
}

fn with(profile: &Profile, given: &[(&str, &str)]) -> Result<Variables, VariableError> {
    let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    profile.resolve_variables(&given.collect())
}

fn scopes(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

const PROBING: &str = r#"capabilities = ["probe", "probe_returns_identity", "manual_create"]
[[variables]]
name = "where"
label = "Where"
path = true
[[variables]]
name = "org"
label = "Organization"
[auth.use]
kind = "header"
name = "X-Key"
value = "{credential}"
[operations.probe]
method = "GET"
path = "/v1/{account.where}/x{account.org}"
query = { at = "{account.where}" }
rules = [{ status = 200, verdict = "alive" }, { status = 401, verdict = "dead" }]
[guide.create]
page = "/orgs/{account.org}/keys?tab={account.where}"
steps = ["Go to {account.org}."]
"#;

fn probing() -> Arc<Profile> {
    Arc::new(Profile::parse("x.toml", &format!("{HEAD}{PROBING}")).expect("right"))
}

#[tokio::test]
async fn a_setting_that_is_a_path_stands_in_a_path_as_it_is_and_nowhere_else() {
    let server = Server::always(reply(200, "{}")).await;
    let profile = probing();
    let variables = with(&profile, &[("where", "api/v2/mcp"), ("org", "a/b")]).expect("right");
    let connector = Connector::new(profile, &server.url(), variables, quick()).expect("set up");
    let probe = connector.probe(&Secret::copy_of(SECRET)).await;
    assert_eq!(probe.verdict, Verdict::Alive);
    let target = &server.seen()[0].target;
    assert_eq!(target, "/v1/api/v2/mcp/xa%2Fb?at=api%2Fv2%2Fmcp");
}

#[test]
fn a_path_cannot_leave_its_place() {
    let profile = probing();
    for good in ["mcp", "api/v2/mcp", "a.b/c_d/e~f/g-h", "v1/..a/b..", " mcp "] {
        assert!(with(&profile, &[("where", good)]).is_ok(), "{good}");
    }
    for bad in [
        "/mcp", "mcp/", "a//b", ".", "..", "a/../b", "a/./b", "a b", "a?b", "a#b", "a%2e", "a\\b",
        "a:b", "a@b", "//host", "ä", "a;b", "{x}",
    ] {
        let error = with(&profile, &[("where", bad)]).expect_err("refused");
        assert!(matches!(error, VariableError::Malformed { .. }), "{bad}");
        assert!(error.to_string().contains("a path such as api/v2/mcp"), "{error}");
    }
}

#[tokio::test]
async fn an_operation_whose_setting_is_empty_is_not_there() {
    let server = Server::always(reply(200, "{}")).await;
    let profile = probing();
    for given in [&[][..], &[("where", "mcp")], &[("org", "acme")]] {
        let variables = with(&profile, given).expect("complete");
        for can in [Capability::Probe, Capability::ProbeReturnsIdentity] {
            assert!(profile.can(can) && !profile.can_on(can, &variables), "{given:?}");
        }
        assert!(profile.can_on(Capability::ManualCreate, &variables));
        assert!(!profile.can_on(Capability::List, &variables));
        let connector = Connector::new(Arc::clone(&profile), &server.url(), variables, quick());
        let probe = connector.expect("set up").probe(&Secret::copy_of(SECRET)).await;
        assert!(matches!(probe.verdict, Verdict::Unknown { .. }), "{probe:?}");
    }
    assert!(server.seen().is_empty(), "nothing was called");
    let variables = with(&profile, &[("where", "mcp"), ("org", "acme")]).expect("complete");
    assert!(profile.can_on(Capability::Probe, &variables));
    assert!(profile.can_on(Capability::ProbeReturnsIdentity, &variables));
}

#[tokio::test]
async fn any_operation_may_need_a_setting() {
    let text = format!(
        "{HEAD}capabilities = [\"list\", \"revoke\"]\n[[variables]]\nname = \"team\"\nlabel = \"Team\"\n[credential]\nlabel = \"Key\"\nhelp = \"None.\"\n[auth.manage]\nkind = \"header\"\nname = \"X-Key\"\nvalue = \"{{credential}}\"\n[operations.list]\nmethod = \"GET\"\npath = \"/keys\"\nquery = {{ team = \"{{account.team}}\" }}\nextract = {{ items = \"\", id = \"/id\" }}\n[operations.revoke]\nmethod = \"DELETE\"\npath = \"/teams/{{account.team}}/{{key.id}}\"\n"
    );
    let profile = Arc::new(Profile::parse("x.toml", &text).expect("right"));
    let none = Variables::default();
    assert!(profile.can_on(Capability::List, &none), "a query may lack a value");
    assert!(!profile.can_on(Capability::Revoke, &none));
    let server = Server::always(reply(200, "[]")).await;
    let connector = Connector::new(profile, &server.url(), none, quick()).expect("set up");
    assert_eq!(connector.list(&credential()).await, Ok(Vec::new()));
    let error = connector.revoke(&credential(), "1").await.expect_err("not there");
    assert_eq!(error, CallError::Unsupported { operation: "revoke" });
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_guides_page_needs_its_settings_and_its_steps_do_not() {
    let profile = probing();
    let page = |given: &[(&str, &str)]| {
        let variables = with(&profile, given).expect("complete");
        let guide = profile.guide(GuidedAct::Create, "https://x.example.com", &variables);
        let guide = guide.expect("a guide");
        assert_eq!(guide.steps.len(), 1);
        guide.page.map(String::from)
    };
    assert_eq!(page(&[]), None);
    assert_eq!(page(&[("org", "acme")]), None);
    assert_eq!(
        page(&[("org", "a/../b&c"), ("where", "p")]).as_deref(),
        Some("https://x.example.com/orgs/a%2F..%2Fb%26c/keys?tab=p")
    );
}

#[test]
fn an_address_is_needed_where_something_is_called() {
    let set_up = |id: &str, given: &[(&str, &str)]| {
        let profile = builtin(id);
        let variables = with(&profile, given).expect("complete");
        Connector::new(profile, "", variables, quick()).map(drop)
    };
    for (id, name) in [("specivo", "mcp_path"), ("bivariant", "probe_path")] {
        assert!(set_up(id, &[]).is_ok(), "{id}: nothing is called");
        let error = set_up(id, &[(name, "api")]).expect_err("where to?");
        assert!(matches!(error, SetupError::Address { .. }), "{id}: {error}");
    }
}

#[tokio::test]
async fn r12_r14_r53_keys_of_dashboards_are_tried_where_a_path_is_told() {
    for (id, name, path, method) in [
        ("specivo", "mcp_path", "mcp", "POST"),
        ("bivariant", "probe_path", "api/collections", "GET"),
    ] {
        let profile = builtin(id);
        assert!(!profile.can_on(Capability::Probe, &with(&profile, &[]).expect("complete")));
        let variables = with(&profile, &[(name, path)]).expect("right");
        assert!(profile.can_on(Capability::Probe, &variables), "{id}");
        for (status, expected) in [
            (200, Verdict::Alive),
            (403, Verdict::Limited { missing: None }),
            (401, Verdict::Dead),
            (404, Verdict::Unknown { why: "status 404".into() }),
        ] {
            let server = Server::always(reply(status, "not JSON")).await;
            let base = format!("{}/{id}", server.url());
            let connector = Connector::new(Arc::clone(&profile), &base, variables.clone(), quick());
            let probe = connector.expect("set up").probe(&credential()).await;
            assert_eq!(probe.verdict, expected, "{id} {status}");
            let seen = server.seen().remove(0);
            assert_eq!(
                (seen.method.as_str(), seen.target.clone()),
                (method, format!("/{id}/{path}"))
            );
            assert_eq!(seen.header("authorization"), format!("Bearer {CREDENTIAL}"));
        }
    }
}

/// Permissions of Bivariant's page: R55 has a creator who holds the first two.
const OWNED: &str = "collections:read, collections:create";

#[test]
fn r7_r55_nothing_above_the_owners_limit_is_offered_or_taken() {
    let profile = builtin("bivariant");
    let variables = with(&profile, &[("creator_permissions", OWNED)]).expect("right");
    let axes = profile.axes(&variables);
    let axis = axes.iter().find(|axis| axis.id == "permission").expect("an axis");
    let offered: Vec<&str> = axis.choices.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(offered, ["collections:read", "collections:create"]);
    assert!(axis.help.ends_with("Its owner may do at most collections:read, collections:create."));
    let problems = |words: &str| {
        let problems =
            profile.check_scopes(&variables, &scopes(&format!("organization:acme {words}")));
        problems.into_iter().map(|problem| (problem.axis, problem.message)).collect::<Vec<_>>()
    };
    assert_eq!(problems("collections:read collections:create"), []);
    for above in ["collections:delete", "flows:list"] {
        let message = format!(
            "Permissions: {above} is more than the key's owner may do, which is collections:read, collections:create"
        );
        let found = problems(&format!("collections:read {above}"));
        assert_eq!(found, [("permission".to_owned(), message)]);
    }
    // What a key that is there already may do is told as ever.
    let all = scopes("organization:acme collections:delete");
    let said = profile.describe(&variables, &all, keywright_model::Expiry::Never);
    assert!(said.sentence.starts_with("Delete collections,"), "{}", said.sentence);
    assert_eq!(said.dangers.first().map(String::as_str), Some("It can delete collections."));
}

#[test]
fn r7_where_the_owners_limit_is_not_known_the_form_says_so() {
    let profile = builtin("bivariant");
    let variables = with(&profile, &[]).expect("complete");
    let axes = profile.axes(&variables);
    let helps: BTreeMap<&str, &str> =
        axes.iter().map(|axis| (axis.id.as_str(), axis.help.as_str())).collect();
    let said = "What its owner may do is not known here: the key never gets more.";
    assert_eq!(helps["permission"], format!("What the key may do, as resource:action. {said}"));
    assert!(!helps["space"].contains(said));
    assert_eq!(axes[2].choices.len(), 5, "and everything is offered");
    let free = scopes("organization:acme flows:list");
    assert_eq!(profile.check_scopes(&variables, &free), []);
}

fn grid(limit: &str) -> (Profile, Variables) {
    let text = format!(
        "{HEAD}capabilities = [\"scope_catalogue\"]\n[[variables]]\nname = \"held\"\nlabel = \"Held\"\n[scopes]\nencoding = \"list\"\n[[scopes.axes]]\nid = \"svc\"\nlabel = \"Services\"\nkind = \"tiers\"\nprefix = \"svc:\"\nwords = \"{{list}}\"\nceiling = \"{{account.held}}\"\nrows = [{{ id = \"a\", label = \"A\", words = \"a\" }}, {{ id = \"b\", label = \"B\", words = \"b\" }}]\ntiers = [{{ id = \"read\", label = \"R\", words = \"read {{row}}\" }}, {{ id = \"write\", label = \"W\", words = \"write {{row}}\" }}]\nwildcard = {{ value = \"svc:*\", label = \"All\" }}\n"
    );
    let profile = Profile::parse("x.toml", &text).expect("right");
    let variables = with(&profile, &[("held", limit)]).expect("right");
    (profile, variables)
}

#[test]
fn a_limit_may_leave_out_the_prefix_and_a_wildcard_in_it_holds_everything() {
    for (limit, offered, all) in [
        ("svc:a:read b:write", vec!["svc:a:read", "svc:b:write"], false),
        (" a:read,  nothing:known ", vec!["svc:a:read"], false),
        ("*", vec!["svc:a:read", "svc:a:write", "svc:b:read", "svc:b:write"], true),
        ("svc:*", vec!["svc:a:read", "svc:a:write", "svc:b:read", "svc:b:write"], true),
        ("elsewhere", vec![], false),
    ] {
        let (profile, variables) = grid(limit);
        let axes = profile.axes(&variables);
        let found: Vec<&str> = axes[0].choices.iter().map(|choice| choice.value.as_str()).collect();
        assert_eq!((found, axes[0].wildcard.is_some()), (offered, all), "{limit}");
        let taken = profile.check_scopes(&variables, &scopes("svc:b:read")).is_empty();
        assert_eq!(taken, all, "{limit}");
    }
}

#[test]
fn a_long_limit_is_told_in_part() {
    let many = (0..30).map(|n| format!("s:n{n}")).collect::<Vec<_>>().join(",");
    let (profile, variables) = grid(&many);
    let problems = profile.check_scopes(&variables, &scopes("svc:a:read"));
    assert!(problems[0].message.ends_with("s:n10, s:n11 and 18 more"), "{problems:?}");
}

#[test]
fn mistakes_in_a_ceiling_or_a_default_are_told_with_their_place() {
    let scoped = |more: &str| {
        format!(
            "{HEAD}capabilities = [\"scope_catalogue\"]\n[[variables]]\nname = \"held\"\nlabel = \"Held\"\n{more}"
        )
    };
    let axis = |kind: &str, ceiling: &str| {
        scoped(&format!(
            "[scopes]\nencoding = \"list\"\n[[scopes.axes]]\nid = \"a\"\nlabel = \"A\"\nkind = \"{kind}\"\nwords = \"w\"\nvalue = \"a\"\nceiling = \"{ceiling}\"\n"
        ))
    };
    for (text, expected) in [
        (
            axis("fixed", "{account.held}"),
            "found `ceiling`, expected it where something is chosen, not on a fixed axis",
        ),
        (axis("some", "a:read"), "found `a:read`, expected one setting such as"),
        (axis("some", "x{account.held}"), "found `x{account.held}`, expected one setting such as"),
        (axis("some", "{account.hled}"), "found the variable `account.hled`, expected one of"),
        (
            scoped("path = true\ndefault = \"/api\"\n"),
            "11:11: found `/api`, expected a value that this variable takes",
        ),
        (scoped("path = 1\n"), "10:8: found `1`, expected `true` or `false`"),
        (
            scoped("pattern = '^a$'\ndefault = \"b\"\n"),
            "11:11: found `b`, expected a value that this variable takes",
        ),
    ] {
        let error = Profile::parse("x.toml", &text).expect_err("a mistake").to_string();
        assert!(error.contains(expected), "{error}");
    }
}
