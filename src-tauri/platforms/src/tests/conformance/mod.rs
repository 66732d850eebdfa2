//! The conformance suite against a platform that tells the truth and against ones
//! that lie: each lie fails the check that is there for it, and no other.

mod platform;
mod simulator;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, Utc};
use keywright_model::{PlatformId, Secret, expiry::Lifetime};
use serde_json::json;

use super::server::{Server, credential, json as reply_json, quick};
use crate::{
    Connector, Profile, Registry, Variables,
    conformance::{Check, Clock, Outcome, Plan, Report, Step, Subject, run},
};
use platform::{Lie, PROFILE, Platform};

/// Time that passes only while somebody waits, on both sides.
struct Turned<'p>(&'p Platform);

impl Clock for Turned<'_> {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    async fn sleep(&self, time: Duration) {
        self.0.turn(time);
    }
}

fn profile(text: &str) -> Arc<Profile> {
    Arc::new(Profile::parse("sample.toml", text).expect("right"))
}

async fn run_with(platform: &Platform, text: &str, plan: &Plan) -> Report {
    let url = platform.server.url();
    let connector = Connector::new(profile(text), &url, Variables::default(), quick());
    let connector = connector.expect("set up");
    let credential = credential();
    let subject = Subject { connector: &connector, credential: Some(&credential), key: None };
    let told = Mutex::new(Vec::new());
    let mut progress = |check: &Check| told.lock().expect("not poisoned").push(check.clone());
    let report = run(subject, plan, &Turned(platform), &mut progress).await;
    assert_eq!(told.into_inner().expect("not poisoned"), report.checks, "each is told once");
    let printed = format!("{report:?}");
    let secrets = platform.secrets();
    assert!(secrets.iter().all(|secret| !printed.contains(secret.as_str())), "{printed}");
    assert!(!printed.contains(super::server::CREDENTIAL), "{printed}");
    report
}

async fn run_against(lie: Lie) -> (Platform, Report) {
    let platform = Platform::start(lie, 6).await;
    let report = run_with(&platform, PROFILE, &Plan::default()).await;
    (platform, report)
}

fn failed(report: &Report) -> Vec<(Step, String)> {
    let why = |check: &Check| match &check.outcome {
        Outcome::Failed { why } => Some((check.step, why.clone())),
        Outcome::Passed | Outcome::Skipped { .. } => None,
    };
    report.checks.iter().filter_map(why).collect()
}

fn skipped(report: &Report) -> Vec<Step> {
    let skip = |check: &&Check| matches!(check.outcome, Outcome::Skipped { .. });
    report.checks.iter().filter(skip).map(|check| check.step).collect()
}

#[tokio::test]
async fn a_platform_that_tells_the_truth_passes_every_check() {
    let (platform, report) = run_against(Lie::None).await;
    assert_eq!(failed(&report), []);
    assert_eq!(skipped(&report), []);
    let steps: Vec<Step> = report.checks.iter().map(|check| check.step).collect();
    assert_eq!(steps, Step::ALL);
    assert!(report.conforms());
    assert!(platform.living().is_empty(), "what was made was ended");
}

/// Each lie, the check that is there for it, and what is said of it.
const LIES: &[(Lie, Step, &str)] = &[
    (Lie::RevokeDoesNothing, Step::Dead, "it was revoked, and it works"),
    (Lie::RevokeIsSlow, Step::Dead, "it was revoked, and it works"),
    (Lie::RevokeAgainFails, Step::RevokeAgain, "trouble of its own (500)"),
    (Lie::PagesRepeat, Step::Pages, "4 keys come twice in 2 pages"),
    (Lie::SmallPagesLoseKeys, Step::Pages, "in pages of 2, 3 of 6 keys are missing: k5"),
    (Lie::CreateHasNoId, Step::Create, "does not tell the key's id"),
    (Lie::SecretIsShort, Step::Create, "has not the letters or the length"),
    (Lie::ScopesAreWidened, Step::ReadBack, "the list: it has more scopes than were asked for"),
    (Lie::ExpiryIsIgnored, Step::ReadBack, "the list: it ends never instead of 2026-12-22 10:00"),
    (Lie::RelabelDoesNothing, Step::Relabel, "the list does not have the new name"),
    (Lie::RelabelDropsScopes, Step::Relabel, "the list: its scopes were changed by it"),
    (Lie::RelabelFails, Step::Relabel, "trouble of its own (500)"),
    (Lie::DisableDoesNothing, Step::HoldBack, "the list has it as active still"),
    (Lie::RotateKeepsTheOld, Step::Rotate, "of the old secret: it works"),
    (Lie::RotateGivesADeadSecret, Step::Rotate, "of the new secret: it is refused"),
    (Lie::RubbishIsAlive, Step::Rubbish, "a key that nobody made: it works"),
    (Lie::AnyCredentialMakesKeys, Step::Words, "a key was made with a credential that is none"),
    (Lie::CreateEndsAnother, Step::Untouched, "the key k1 was there before and is not any more"),
];

#[tokio::test]
async fn scopes_that_a_platform_expands_are_not_compared() {
    let text = PROFILE.replace("[scopes]\n", "[scopes]\nexpanded = true\n");
    let platform = Platform::start(Lie::ScopesAreWidened, 6).await;
    let report = run_with(&platform, &text, &Plan::default()).await;
    assert_eq!(failed(&report), []);
}

#[tokio::test]
async fn each_lie_fails_the_check_that_is_there_for_it_and_no_other() {
    for (lie, step, why) in LIES {
        let (platform, report) = run_against(*lie).await;
        let found = failed(&report);
        let [(failing, said)] = found.as_slice() else { panic!("{lie:?}: {found:?}") };
        assert_eq!(failing, step, "{lie:?}: {said}");
        assert!(said.contains(why), "{lie:?}: {said}");
        assert!(!report.conforms(), "{lie:?}");
        if matches!(lie, Lie::RevokeDoesNothing) {
            let left: Vec<&str> =
                report.leftovers.iter().map(|left| left.remote_id.as_str()).collect();
            assert_eq!(left, platform.living(), "what could not be ended is named");
            assert_eq!(report.leftovers[0].why, "it was revoked, and it works");
        } else if matches!(lie, Lie::RevokeIsSlow) {
            assert_eq!(report.leftovers.len(), 1, "it works at the end of the run");
        } else {
            assert_eq!((report.leftovers.len(), platform.living().len()), (0, 0), "{lie:?}");
        }
    }
}

#[tokio::test]
async fn what_may_have_been_made_is_found_by_its_name_and_ended() {
    for lie in [Lie::CreateHasNoSecret, Lie::CreateFailsAfterwards] {
        let (platform, report) = run_against(lie).await;
        assert_eq!(failed(&report).first().map(|(step, _)| *step), Some(Step::Create), "{lie:?}");
        assert!(skipped(&report).contains(&Step::Revoke), "{lie:?}");
        assert_eq!((report.leftovers.len(), platform.living().len()), (0, 0), "{lie:?}");
    }
}

#[tokio::test]
async fn what_may_have_been_made_and_cannot_be_looked_up_is_named() {
    let text = PROFILE.replace("\"list\", \"get\", ", "");
    let (before, rest) = text.split_once("[operations.list]").expect("a list");
    let (_, after) = rest.split_once("[operations.create]").expect("a create");
    let text = format!("{before}[operations.create]{after}");
    let platform = Platform::start(Lie::CreateFailsAfterwards, 0).await;
    let plan = Plan { name: "keywright-check-mine".into(), ..Plan::default() };
    let report = run_with(&platform, &text, &plan).await;
    let [left, ..] = report.leftovers.as_slice() else { panic!("{report:?}") };
    assert_eq!((left.remote_id.as_str(), left.name.as_str()), ("", "keywright-check-mine"));
    assert_eq!(platform.living().len(), 1);
}

#[tokio::test]
async fn lies_that_spoil_what_comes_after_are_told_first_where_they_begin() {
    for (lie, first) in [
        (Lie::EnableDoesNothing, Step::HoldBack),
        (Lie::NewKeysAreDead, Step::Alive),
        (Lie::NoList, Step::List),
    ] {
        let (platform, report) = run_against(lie).await;
        assert_eq!(failed(&report).first().map(|(step, _)| *step), Some(first), "{lie:?}");
        assert!(platform.living().is_empty(), "{lie:?}");
    }
}

#[tokio::test]
async fn too_few_keys_for_two_pages_are_looked_at_again_once_one_was_made() {
    for (others, expected) in [(1, Outcome::Passed), (0, Outcome::Skipped { why: String::new() })] {
        let platform = Platform::start(Lie::None, others).await;
        let report = run_with(&platform, PROFILE, &Plan::default()).await;
        let at = |step| report.checks.iter().position(|check| check.step == step);
        assert!(at(Step::Pages) > at(Step::ReadBack));
        let same = std::mem::discriminant(report.outcome(Step::Pages).expect("it"));
        assert_eq!(same, std::mem::discriminant(&expected), "{others}: {report:?}");
        assert!(report.conforms());
    }
}

#[tokio::test]
async fn a_run_makes_what_it_is_told_to() {
    let platform = Platform::start(Lie::None, 0).await;
    let plan = Plan {
        name: "keywright-check-mine".into(),
        scopes: vec!["keys:write".into()],
        lifetime: Some(Lifetime::Never),
    };
    assert!(run_with(&platform, PROFILE, &plan).await.conforms());
    let made = platform.server.seen().into_iter().find(|seen| seen.method == "POST");
    let body = made.expect("a create").json();
    assert_eq!(body, json!({"name": "keywright-check-mine", "scopes": ["keys:write"]}));
    let platform = Platform::start(Lie::None, 0).await;
    assert!(run_with(&platform, PROFILE, &Plan::default()).await.conforms());
    let made = platform.server.seen().into_iter().find(|seen| seen.method == "POST");
    let body = made.expect("a create").json();
    assert!(body["name"].as_str().is_some_and(|name| name.starts_with("keywright-check-")));
    assert_eq!(body["scopes"], json!(["keys:read"]), "the least dangerous");
    assert_eq!(body["ends"], json!("2026-12-22T10:00:00Z"), "the first life on offer");
}

#[tokio::test]
async fn without_a_credential_or_a_way_to_end_keys_nothing_is_made() {
    let platform = Platform::start(Lie::None, 2).await;
    let connector =
        Connector::new(profile(PROFILE), &platform.server.url(), Variables::default(), quick());
    let connector = connector.expect("set up");
    let subject = Subject { connector: &connector, credential: None, key: None };
    let report = run(subject, &Plan::default(), &Turned(&platform), &mut |_| {}).await;
    assert_eq!(failed(&report), []);
    assert!(skipped(&report).contains(&Step::Create) && skipped(&report).contains(&Step::List));
    let text = PROFILE
        .replace("\"revoke\", ", "")
        .replace("[operations.revoke]\nmethod = \"DELETE\"\npath = \"/keys/{key.id}\"\n", "");
    let report = run_with(&platform, &text, &Plan::default()).await;
    assert_eq!(failed(&report), []);
    assert!(skipped(&report).contains(&Step::Create));
    assert!(platform.server.seen().iter().all(|seen| seen.method == "GET"), "nothing was changed");
}

#[tokio::test]
async fn of_a_dashboard_only_what_applies_is_run() {
    let registry = Registry::builtin();
    let profile = registry.get(&PlatformId::new("bivariant")).expect("built in");
    let server = Server::start(|_, seen| {
        let known = seen.header("authorization") == "Bearer fake-key-of-a-dashboard";
        reply_json(if known { 200 } else { 401 }, &json!({}))
    })
    .await;
    let variables = |given: &[(&str, &str)]| {
        let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        profile.resolve_variables(&given.collect()).expect("complete")
    };
    let platform = Platform::start(Lie::None, 0).await;
    let key = Secret::copy_of("fake-key-of-a-dashboard");
    for (given, passed) in [
        (
            vec![("probe_path", "api/collections")],
            vec![Step::Alive, Step::Rubbish, Step::RateLimit, Step::TooLarge, Step::Redirect],
        ),
        (vec![], vec![]),
    ] {
        let connector =
            Connector::new(Arc::clone(&profile), &server.url(), variables(&given), quick());
        let connector = connector.expect("set up");
        let subject = Subject { connector: &connector, credential: None, key: Some(&key) };
        let report = run(subject, &Plan::default(), &Turned(&platform), &mut |_| {}).await;
        assert_eq!(failed(&report), []);
        let rest: Vec<Step> = Step::ALL.into_iter().filter(|step| !passed.contains(step)).collect();
        assert_eq!(skipped(&report), rest);
        for check in &report.checks {
            if let Outcome::Skipped { why } = &check.outcome {
                assert!(why.len() > 10, "the reason is told: {check:?}");
            }
        }
    }
}

#[test]
fn a_run_can_cross_threads() {
    fn crosses<T: Send>(value: T) -> T {
        value
    }
    async fn all(connector: Connector, platform: Platform) -> Report {
        let secret = credential();
        let subject = Subject { connector: &connector, credential: Some(&secret), key: None };
        run(subject, &Plan::default(), &Turned(&platform), &mut |_| {}).await
    }
    let _: fn(Connector, Platform) = |connector, platform| drop(crosses(all(connector, platform)));
}
