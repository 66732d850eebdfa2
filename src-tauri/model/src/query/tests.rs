//! Queries against a ring of keys, and texts against the reader.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::{
    Environment, Expiry, PlatformId, Status,
    key::{Bitting, NotedUse, Revocation},
};

fn now() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn day(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days)
}

fn key(name: &str, change: impl FnOnce(&mut Key)) -> Key {
    let id = ConnectionId::from_uuid(uuid::Uuid::from_u128(1));
    let mut key = Key::blank(id, PlatformId::new("agent.ceo"), name.into(), day(-5));
    key.status = Status::Active;
    key.created = Some(day(-10));
    key.expires = Expiry::Never;
    change(&mut key);
    key
}

fn noted(client: &str, place: &str) -> NotedUse {
    NotedUse { client: client.into(), place: place.into(), noted: now(), placement: None }
}

fn ring() -> Vec<Key> {
    vec![
        key("ci", |k| {
            k.tags = vec!["ci".into(), "Team A".into()];
            k.scopes = ["org:acme", "agent:*", "svc:mcp:write"].map(Into::into).into();
            k.expires = Expiry::At(day(20));
            k.owner.name = "Ada".into();
            k.bitting = Some(Bitting(vec![1, 2]));
            k.remote_id = Some("key-abc123".into());
        }),
        key("wiki", |k| {
            k.label = "Wiki Reader".into();
            k.note = "For the ERP importer, see Größe".into();
            k.scopes = ["org:acme", "agent:cto", "svc:wiki:read"].map(Into::into).into();
            k.created = Some(day(-100));
            k.uses = vec![noted("Codex", "laptop")];
            k.environment = Environment::Live;
            k.remote_id = Some("key-wiki01".into());
        }),
        key("old", |k| {
            k.platform = PlatformId::new("servoagent");
            k.expires = Expiry::At(day(-3));
            k.created = Some(day(-400));
            k.last_used = Some(day(-70));
            k.environment = Environment::Test;
        }),
        key("going", |k| {
            k.platform = PlatformId::new("specivo");
            k.status = Status::Revoking;
            k.created = None;
            k.expires = Expiry::Unknown;
            k.revocation = Some(Revocation {
                requested: day(-1),
                proved: None,
                proof: crate::key::Proof::None,
                window_ms: None,
                overdue: true,
            });
            k.owner.name = "grace".into();
        }),
        key("dead", |k| {
            k.status = Status::Revoked;
            k.expires = Expiry::At("2026-12-01T08:00:00Z".parse().unwrap());
            k.gone_since = Some(day(-1));
            k.manages_connection = true;
        }),
        key("binned", |k| {
            k.tags = vec!["ci".into()];
            k.deleted = Some(day(-2));
        }),
    ]
}

/// Checks which of the ring's keys the query finds.
#[track_caller]
fn check(query: &str, expected: &[&str]) {
    let query = Query::parse(query).unwrap();
    let name = |_: ConnectionId| "Acme Production";
    let facts = Facts { now: now(), rules: Rules::default(), connection_name: &name, me: "ada" };
    let ring = ring();
    let found: Vec<&str> = ring
        .iter()
        .filter(|key| query.matches(key, &haystack(key, "Acme Production"), &facts))
        .map(|key| key.name.as_str())
        .collect();
    assert_eq!(found, expected, "{query:?}");
}

const ALL: [&str; 5] = ["ci", "wiki", "old", "going", "dead"];

#[test]
fn the_empty_query_finds_all_outside_the_bin() {
    check("", &ALL);
    check("  \t ", &ALL);
    assert!(Query::parse(" ").unwrap().is_empty());
}

#[test]
fn free_words_must_all_occur_in_any_case() {
    check("wiki", &["wiki"]);
    check("READER erp", &["wiki"]);
    check("reader servoagent", &[]);
    check("GRÖSSE", &[]);
    check("GRÖßE", &["wiki"]);
    check("\"erp importer\"", &["wiki"]);
    check("\"importer erp\"", &[]);
    check("acme -wiki", &["ci", "old", "going", "dead"]);
    check("\"svc:wiki:read\"", &["wiki"]);
    check("codex", &["wiki"]);
    check("key-abc123", &["ci"]);
    check("\"erp impor", &["wiki"]);
}

#[test]
fn a_phrase_does_not_span_two_fields() {
    check("\"wikiwiki\"", &[]);
    check("\"wiki wiki\"", &[]);
}

#[test]
fn text_filters_look_at_their_field_only() {
    check("platform:agent.ceo", &["ci", "wiki", "dead"]);
    check("platform:agent.ceo,servoagent", &["ci", "wiki", "old", "dead"]);
    check("platform:SPEC", &["going"]);
    check("tag:ci", &["ci"]);
    check("tag:\"team a\"", &["ci"]);
    check("tag:team", &[]);
    check("tag:none", &["wiki", "old", "going", "dead"]);
    check("owner:me", &["ci"]);
    check("owner:grace,me", &["ci", "going"]);
    check("owner:none", &["wiki", "old", "dead"]);
    check("owner:\"me\"", &[]);
    check("connection:acme", &ALL);
    check("connection:globex", &[]);
    check("scope:svc:wiki:read", &["wiki"]);
    check("scope:agent:*", &["ci"]);
    check("scope:none", &["old", "going", "dead"]);
    check("name:reader", &["wiki"]);
    check("name:erp", &[]);
    check("note:erp", &["wiki"]);
    check("note:\"the erp\"", &["wiki"]);
    check("client:codex", &["wiki"]);
    check("client:LAPTOP", &["wiki"]);
    check("id:key-abc", &["ci"]);
    check("id:none", &["old", "going", "dead"]);
    check("PLATFORM:specivo", &["going"]);
    check("tags:ci", &["ci"]);
}

#[test]
fn a_key_is_found_by_its_local_id() {
    let key = key("x", |_| {});
    let query = Query::parse(&format!("id:{}", key.id)).unwrap();
    let name = |_: ConnectionId| "";
    let facts = Facts { now: now(), rules: Rules::default(), connection_name: &name, me: "" };
    assert!(query.matches(&key, &haystack(&key, ""), &facts));
}

#[test]
fn states_follow_the_clock() {
    check("is:active", &["ci", "wiki"]);
    check("is:expired", &["old"]);
    check("is:revoking", &["going"]);
    check("is:overdue", &["going"]);
    check("is:revoked", &["dead"]);
    check("is:gone", &["dead"]);
    check("is:manages", &["dead"]);
    check("is:disabled,unknown", &[]);
    check("is:secret", &["ci"]);
    check("is:orphan", &["wiki"]);
    check("is:placed", &["wiki"]);
    check("is:unplaced", &["ci", "old", "going", "dead"]);
    check("is:live,test", &["wiki", "old"]);
    check("env:live", &["wiki"]);
    check("env:sandbox", &["old"]);
    check("env:unknown", &["ci", "going", "dead"]);
    check("is:due", &["wiki"]);
    check("status:active", &["ci", "wiki"]);
}

#[test]
fn the_bin_is_shown_only_when_asked_for() {
    check("is:deleted", &["binned"]);
    check("-is:deleted", &ALL);
    check("tag:ci is:deleted,active", &["ci", "binned"]);
}

#[test]
fn negation_is_a_minus_or_a_word() {
    check("-platform:agent.ceo", &["old", "going"]);
    check("not platform:agent.ceo", &["old", "going"]);
    check("NOT platform:agent.ceo,specivo", &["old"]);
    check("-\"erp importer\" is:active", &["ci"]);
    check("not -tag:ci", &["ci"]);
    check("\"not\"", &[]);
}

#[test]
fn a_duration_counts_ahead_for_ends_and_back_for_beginnings() {
    check("expires:<30d", &["ci", "dead"]);
    check("expires:<2w", &["dead"]);
    check("expires:>2w", &["ci"]);
    check("expires:>2w,never", &["ci", "wiki"]);
    check("expires:never", &["wiki"]);
    check("expires:unknown", &["going"]);
    check("expires:7d..15d", &["dead"]);
    check("expires:..30d", &["ci", "old", "dead"]);
    check("expires:15d..", &["ci"]);
    check("created:<90d", &["ci", "dead"]);
    check("created:>90d", &["wiki", "old"]);
    check("created:>1y", &["old"]);
    check("created:90d..6m", &["wiki"]);
    check("created:..90d", &["ci", "dead"]);
    check("created:unknown", &["going"]);
    check("used:>60d", &["old"]);
    check("used:never", &["ci", "wiki", "going", "dead"]);
    check("added:<1w", &ALL);
    check("due:<7d", &["wiki"]);
    check("due:>7d", &["ci"]);
    check("due:0d..100d", &["ci"]);
}

#[test]
fn a_day_a_month_and_a_year_are_stretches() {
    check("expires:2026-12-01", &["dead"]);
    check("expires:>2026-12-01", &["ci"]);
    check("expires:>=2026-12-01", &["ci", "dead"]);
    check("expires:<2026-12-01", &["old"]);
    check("expires:<=2026-12-01", &["old", "dead"]);
    check("expires:2026-12", &["ci", "dead"]);
    check("expires:2026", &["ci", "old", "dead"]);
    check("expires:2026-11-01..2026-12-01", &["old", "dead"]);
    check("expires:2026-12-02..", &["ci"]);
    check("created:<2026", &["old"]);
}

/// Checks the marked part and a piece of the message.
#[track_caller]
fn wrong(query: &str, part: &str, says: &str) {
    let problem = Query::parse(query).unwrap_err();
    assert_eq!(query.get(problem.at..problem.at + problem.len), Some(part), "{problem:?}");
    assert!(problem.message.contains(says), "{}", problem.message);
}

#[test]
fn a_problem_marks_its_place_and_says_what_was_expected() {
    wrong("ci plattform:x", "plattform", "Did you mean `platform:`?");
    wrong("svc:wiki:read", "svc", "put it in quotes");
    wrong("zzzz:1", "zzzz", "Known filters: is, platform, connection");
    wrong("is:activ", "activ", "Did you mean `is:active`?");
    wrong("is:unplaced,bogus", "bogus", "Known values: active, disabled, expired");
    wrong("env:staging", "staging", "Known values: live, test, unknown");
    wrong("größe tag:", "tag", "such as `tag:ci`");
    wrong("is: active", "is", "Expected one of these right after `is:`: active");
    wrong("tag:,", "tag", "right after `tag:`");
    wrong("expires:30d", "30d", "`expires:<30d` for within that time, `expires:>30d` for later");
    wrong("created:90d", "90d", "`created:<90d` for younger than that");
    wrong("expires:soon", "soon", "Expected a date for `expires`");
    wrong("expires:<2026-13-01", "<2026-13-01", "2026-12-01");
    wrong("expires:<2026-2-30", "<2026-2-30", "2026-12-01");
    wrong("expires:..", "..", "7d..30d");
    wrong("created:2026-01-01..30d", "2026-01-01..30d", "7d..30d");
    wrong("created:never", "never", "`unknown`");
    wrong("expires:<30h", "<30h", "(d, w, m, y)");
    wrong("expires:<1é", "<1é", "(d, w, m, y)");
    wrong("ci -", "-", "right after `-`");
    wrong("ci not", "not", "`not tag:ci`");
    wrong("- ci", "-", "such as `-tag:ci`");
}

#[test]
fn dates_beyond_the_calendar_do_not_overflow() {
    check("expires:<4294967295d", &["ci", "dead"]);
    check("expires:<4294967295m", &["ci", "dead"]);
    check("created:>4294967295d", &[]);
    check("created:>4294967295m", &[]);
    wrong("expires:<4294967296d", "<4294967296d", "Expected a date");
    wrong("expires:<4294967295y", "<4294967295y", "Expected a date");
    check("expires:<9999-12-31", &["ci", "old", "dead"]);
}

#[test]
fn what_a_query_needs_is_in_every_key_that_it_finds() {
    let texts = [
        "",
        "ci",
        "-ci",
        "ci,prod",
        "tag:ci",
        "name:deploy",
        "id:key_",
        "-name:x",
        "owner:me",
        "is:active",
        "\"two words\"",
        "expires:<30d",
        "client:codex tag:CI",
        "platform:agent",
    ];
    let name = |_| "Acme";
    let facts = Facts { now: now(), rules: Rules::default(), connection_name: &name, me: "" };
    let mut found = 0;
    for query in texts.iter().filter_map(|text| Query::parse(text).ok()) {
        for key in ring() {
            let hay = haystack(&key, "Acme");
            let matches = query.matches(&key, &hay, &facts);
            if matches {
                found += 1;
                assert!(query.needles().all(|needle| hay.contains(needle)), "{query:?}");
            }
            if !query.reads_text() {
                assert_eq!(query.matches(&key, "", &facts), matches, "{query:?}");
            }
        }
    }
    assert!(found > 10);
}

#[test]
fn the_document_tells_every_filter_and_every_state() {
    let document = include_str!("../../../../docs/query.md");
    for help in fields() {
        assert!(document.contains(&format!("| `{}:`", help.name)), "{} is not told", help.name);
        assert!(document.contains(help.example), "{} is not shown", help.example);
        for value in help.values {
            assert!(document.contains(&format!("`{value}`")), "{}:{value} is not told", help.name);
        }
        Query::parse(help.example).unwrap();
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        read(&text)?;
    }

    #[test]
    fn no_near_query_makes_the_reader_panic(
        text in r#"((-|not |is|expires|created|tag|é|:|"|,|\.\.|<|>=|[0-9]{1,5}|[dwmy]|2026-1|never| |\\){0,12})"#
    ) {
        read(&text)?;
    }
}

/// Reads any text, marks problems on character boundaries, and asks a key.
fn read(text: &str) -> Result<(), TestCaseError> {
    let name = |_: ConnectionId| "acme";
    let facts = Facts { now: now(), rules: Rules::default(), connection_name: &name, me: "ada" };
    match Query::parse(text) {
        Ok(query) => {
            let key = key("ci", |_| {});
            query.matches(&key, &haystack(&key, "acme"), &facts);
        }
        Err(problem) => {
            let end = problem.at.checked_add(problem.len);
            prop_assert!(end.and_then(|end| text.get(problem.at..end)).is_some(), "{problem:?}");
            prop_assert!(!problem.message.is_empty());
        }
    }
    Ok(())
}
