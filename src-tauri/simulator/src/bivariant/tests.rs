//! Bivariant as its page tells it: the dashboard, and where a key works.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::directory::{AGENTS, CREATE, DELETE, EXECUTE, PERMISSIONS, READ};
use crate::{
    BivariantKey, Error, KeyState, Options,
    testing::{Bench, Reply, page::Page, start, value},
};

const KEYS: &str = "/bivariant/settings/api-keys";
const COLLECTIONS: &str = "/bivariant/api/collections";

fn new(permissions: &[&str]) -> BivariantKey {
    BivariantKey {
        name: "made-for-a-test".into(),
        creator: "mira".into(),
        organization: "acme".into(),
        space: None,
        permissions: permissions.iter().map(|word| (*word).to_owned()).collect(),
        expiration: None,
    }
}

fn key(bench: &Bench, new: BivariantKey) -> String {
    value(&bench.control.bivariant().issue(new).unwrap().secret)
}

/// Makes a key on the pages, from the list on.
async fn make(bench: &Bench, creator: &str, typed: &[(&str, &str)]) -> Page {
    let list = bench.open(&format!("{KEYS}?as={creator}")).await;
    let form = bench.follow(&list, "new-key").await;
    bench.submit(&form, "create-key", typed).await
}

fn typed<'a>(name: &'a str, permission: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("name", name), ("organization", "acme"), ("permission", permission)]
}

async fn get(bench: &Bench, path: &str, key: &str) -> Reply {
    bench.call("GET", path, key, Value::Null).await
}

/// The spaces of the collections that a key sees.
async fn spaces(bench: &Bench, query: &str, key: &str) -> Vec<String> {
    let reply = get(bench, &format!("{COLLECTIONS}{query}"), key).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.error());
    let found = reply.json();
    let found = found["collections"].as_array().unwrap();
    found.iter().map(|one| one["space"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn r50_the_guides_steps_lead_to_a_key() {
    let bench = start(Options::default()).await;
    let settings = bench.open("/bivariant").await;
    assert_eq!(settings.shown("page-title"), "Settings");
    let list = bench.follow(&settings, "open-api-keys").await;
    assert_eq!(
        (list.shown("page-title"), list.shown("new-key")),
        ("API Keys".into(), "Create API Key".into())
    );
    let form = bench.follow(&list, "new-key").await;
    let day = (bench.control.now() + TimeDelta::days(30)).format("%Y-%m-%d").to_string();
    let mut fields = typed("Nightly Export", READ);
    fields.extend([("space", "marketing"), ("expiration", day.as_str())]);
    let made = bench.submit(&form, "create-key", &fields).await;
    let key = made.value();
    assert!(made.text.contains(&format!("Expires: <b>{day}</b>")));
    assert!(key.len() == 40 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()), "no prefix");
    assert!(bench.control.bivariant().accepts(&key));
    let seen = &bench.control.bivariant().keys()[0];
    assert_eq!(seen.scopes, ["organization:acme", "space:marketing", READ]);
    assert_eq!(seen.owner, "mira");
    let list = bench.follow(&made, "done").await;
    assert_eq!(list.rows(), [("Nightly Export".to_owned(), "active".to_owned())]);
    assert!(list.text.contains(&day));
}

#[tokio::test]
async fn r51_a_key_works_in_its_organization_only() {
    let bench = start(Options::default()).await;
    let key = key(&bench, new(&[READ]));
    for query in ["", "?organization=acme"] {
        assert_eq!(spaces(&bench, query, &key).await, ["marketing", "sales"]);
    }
    assert_eq!(spaces(&bench, "?organization=acme&space=sales", &key).await, ["sales"]);
    let elsewhere = get(&bench, &format!("{COLLECTIONS}?organization=globex"), &key).await;
    assert_eq!(elsewhere.error(), "403 forbidden: The key works in the organization acme only");
    let nowhere = get(&bench, &format!("{COLLECTIONS}?space=research"), &key).await;
    assert_eq!(nowhere.error(), "404 not_found: There is no such space");
}

#[tokio::test]
async fn r51_an_organization_is_needed_and_a_space_is_in_it() {
    let bench = start(Options::default()).await;
    for (place, expected) in [
        (vec![("organization", "")], "organization: choose one of your own"),
        (vec![("organization", "initech")], "organization: choose one of your own"),
        (
            vec![("organization", "globex"), ("space", "sales")],
            "space: globex has no space `sales`",
        ),
    ] {
        let fields = [vec![("name", "n"), ("permission", READ)], place].concat();
        let again = make(&bench, "mira", &fields).await;
        assert_eq!((again.status, again.shown("form-error")), (422, expected.to_owned()));
    }
    let jonas = [("name", "n"), ("permission", READ), ("organization", "globex")];
    assert!(make(&bench, "jonas", &jonas).await.has("form-error"), "it is not his");
    assert!(bench.control.bivariant().keys().is_empty());
}

#[tokio::test]
async fn r52_a_key_of_one_space_reads_nothing_else() {
    let bench = start(Options::default()).await;
    let key = key(&bench, BivariantKey { space: Some("marketing".into()), ..new(&[READ]) });
    for query in ["", "?space=marketing", "?organization=acme&space=marketing"] {
        assert_eq!(spaces(&bench, query, &key).await, ["marketing"], "{query}");
    }
    let other = get(&bench, &format!("{COLLECTIONS}?space=sales"), &key).await;
    assert_eq!(other.error(), "403 forbidden: The key works in the space marketing only");
}

#[tokio::test]
async fn r51_each_permission_opens_its_own() {
    let bench = start(Options::default()).await;
    for (granted, _) in PERMISSIONS {
        let new = BivariantKey { space: Some("sales".into()), ..new(&[granted]) };
        let key = key(&bench, new);
        for (method, path, wanted) in [
            ("GET", COLLECTIONS, READ),
            ("POST", COLLECTIONS, CREATE),
            ("DELETE", "/bivariant/api/collections/col_sales", DELETE),
            ("POST", "/bivariant/api/flows/nightly/execute", EXECUTE),
            ("GET", "/bivariant/api/agents", AGENTS),
        ] {
            let reply = bench.call(method, path, &key, json!({ "name": "n" })).await;
            if granted == wanted {
                assert!(reply.status < 300, "{method} {path}: {}", reply.status);
            } else {
                let missing = format!("403 forbidden: Missing permission: {wanted}");
                assert_eq!(reply.error(), missing, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn r52_what_is_made_and_deleted_stays_within_reach() {
    let bench = start(Options::default()).await;
    let key = key(&bench, BivariantKey { space: Some("sales".into()), ..new(&[CREATE, DELETE]) });
    let made = bench.call("POST", COLLECTIONS, &key, json!({ "name": "Leads" })).await;
    assert_eq!((made.status, &made.json()["space"]), (201, &json!("sales")));
    let far = json!({ "name": "Leads", "space": "marketing" });
    assert_eq!(bench.call("POST", COLLECTIONS, &key, far).await.status, 403);
    for (id, status) in [
        ("col_marketing", 403),
        ("col_research", 403),
        ("col_none", 404),
        (made.json()["id"].as_str().unwrap(), 204),
    ] {
        let path = format!("{COLLECTIONS}/{id}");
        assert_eq!(bench.call("DELETE", &path, &key, Value::Null).await.status, status, "{id}");
    }
    let wide = self::key(&bench, new(&[CREATE]));
    let nowhere = bench.call("POST", COLLECTIONS, &wide, json!({ "name": "Leads" })).await;
    assert_eq!(nowhere.error(), "400 bad_request: space: one is required");
}

#[tokio::test]
async fn r53_a_key_is_found_by_its_name_and_revoked_at_once() {
    // The common delay is not Bivariant's.
    let bench = start(Options { revoke_delay: Duration::from_mins(1), ..Options::default() }).await;
    let made = make(&bench, "mira", &typed("Zapier Sync", READ)).await;
    make(&bench, "mira", &typed("Nightly Export", READ)).await.value();
    let list = bench.follow(&made, "done").await;
    assert_eq!(list.rows().len(), 2);
    let found = bench.submit(&list, "find-key", &[("name", "zapier")]).await;
    assert_eq!(found.rows(), [("Zapier Sync".to_owned(), "active".to_owned())]);
    let after = bench.submit(&found, "revoke-key", &[]).await;
    assert_eq!(after.shown("notice"), "“Zapier Sync” was revoked.");
    let reply = get(&bench, COLLECTIONS, &made.value()).await;
    assert_eq!(reply.error(), "401 unauthorized: Unauthorized");
    assert_eq!(bench.control.bivariant().live_keys().len(), 1);
}

#[tokio::test]
async fn r53_two_keys_may_have_one_name() {
    let bench = start(Options::default()).await;
    for _ in 0..2 {
        make(&bench, "mira", &typed("Zapier Sync", READ)).await.value();
    }
    let list = bench.open(&format!("{KEYS}?name=Zapier+Sync")).await;
    assert_eq!(list.rows().len(), 2);
}

#[tokio::test]
async fn r53_a_delay_counts_only_where_it_was_set_for_bivariant() {
    let bench = start(Options::default()).await;
    bench.control.bivariant().set_revoke_delay(Duration::from_secs(30));
    let issued = bench.control.bivariant().issue(new(&[READ])).unwrap();
    assert!(bench.control.bivariant().revoke(&issued.key_id));
    let key = value(&issued.secret);
    assert_eq!(get(&bench, COLLECTIONS, &key).await.status, 200);
    bench.control.advance(Duration::from_secs(30));
    assert_eq!(get(&bench, COLLECTIONS, &key).await.status, 401);
}

#[tokio::test]
async fn r54_a_key_ends_with_its_last_day_in_utc() {
    let bench = start(Options::default()).await;
    let today = bench.control.now().date_naive();
    let tomorrow = today.succ_opt().unwrap();
    let mut fields = typed("Trial", READ);
    let day = tomorrow.to_string();
    fields.push(("expiration", &day));
    let key = make(&bench, "mira", &fields).await.value();
    let end = bench.control.bivariant().keys()[0].expires.unwrap();
    assert_eq!(end.date_naive(), tomorrow.succ_opt().unwrap(), "midnight behind it");
    let left = (end - bench.control.now()).to_std().unwrap();
    bench.control.advance(left.saturating_sub(Duration::from_mins(1)));
    assert_eq!(get(&bench, COLLECTIONS, &key).await.status, 200);
    bench.control.advance(Duration::from_secs(61));
    assert_eq!(get(&bench, COLLECTIONS, &key).await.error(), "401 unauthorized: Unauthorized");
    assert_eq!(bench.control.bivariant().keys()[0].state, KeyState::Expired);
    let list = bench.open(KEYS).await;
    assert_eq!(list.rows(), [("Trial".to_owned(), "expired".to_owned())]);
}

#[tokio::test]
async fn r54_a_day_that_is_over_or_no_day_is_refused() {
    let bench = start(Options::default()).await;
    for (day, expected) in [
        ("2020-01-31", "expiration: the day is over"),
        ("31.1.2030", "expiration: a date such as 2027-01-31 is required"),
    ] {
        let mut fields = typed("Trial", READ);
        fields.push(("expiration", day));
        let again = make(&bench, "mira", &fields).await;
        assert_eq!((again.status, again.shown("form-error")), (422, expected.to_owned()));
    }
    let today = Some(bench.control.now().date_naive());
    assert!(
        bench.control.bivariant().issue(BivariantKey { expiration: today, ..new(&[READ]) }).is_ok()
    );
    let last = Some(NaiveDate::MAX);
    assert!(
        bench.control.bivariant().issue(BivariantKey { expiration: last, ..new(&[READ]) }).is_ok()
    );
}

#[tokio::test]
async fn r55_a_key_never_exceeds_its_creator() {
    let bench = start(Options::default()).await;
    let form = bench.open(&format!("{KEYS}/new?as=jonas")).await;
    let offered = |permission: &&str| form.has(&format!("permission-{permission}"));
    let all = PERMISSIONS.map(|(permission, _)| permission);
    assert_eq!(all.iter().copied().filter(offered).collect::<Vec<_>>(), [READ, CREATE]);
    let again = make(&bench, "jonas", &typed("n", DELETE)).await;
    assert_eq!(again.shown("form-error"), "permission: `collections:delete` is not on offer");
    let none = [("name", "n"), ("organization", "acme")];
    let none = make(&bench, "jonas", &none).await;
    assert_eq!(none.shown("form-error"), "permission: at least one is required");
    let error = bench
        .control
        .bivariant()
        .issue(BivariantKey { creator: "jonas".into(), ..new(&[EXECUTE]) });
    assert!(matches!(error, Err(Error::Form { field: "permission", .. })));
    assert!(bench.control.bivariant().keys().is_empty());
}

#[tokio::test]
async fn r55_a_key_loses_what_its_creator_loses() {
    let bench = start(Options::default()).await;
    let key = key(&bench, new(&[READ, AGENTS]));
    assert!(bench.control.bivariant().set_permissions("mira", &[AGENTS, "no:permission"]));
    assert_eq!(
        get(&bench, COLLECTIONS, &key).await.error(),
        "403 forbidden: Missing permission: collections:read"
    );
    assert_eq!(get(&bench, "/bivariant/api/agents", &key).await.status, 200);
    assert!(!bench.control.bivariant().set_permissions("nobody", &[]));
}

#[tokio::test]
async fn everybody_sees_and_revokes_their_own() {
    let bench = start(Options::default()).await;
    let issued = bench.control.bivariant().issue(new(&[READ])).unwrap();
    assert!(bench.open(&format!("{KEYS}?as=jonas")).await.has("no-keys"));
    let path = format!("{KEYS}/{}/revoke", issued.key_id);
    assert_eq!(bench.visit(&path, Some("as=jonas".into())).await.status, 404);
    assert!(bench.control.bivariant().accepts(&value(&issued.secret)));
    let nobody = bench.visit(&format!("{KEYS}/new"), Some("as=nobody&name=n".into())).await;
    assert_eq!(nobody.status, 404);
}
