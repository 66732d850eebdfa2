//! What goes wrong ends with its own code, says what was kept, and loses nothing.

use keywright_model::Environment;
use keywright_service::Access;
use keywright_simulator::{Fault, NewKey, Operation};

use super::terminal::{PASSPHRASE, SCOPES, Terminal, text};

/// A key as somebody makes it in the dashboard.
pub(super) fn dashboard_key(name: &str) -> NewKey {
    NewKey {
        name: name.into(),
        scopes: ["org:acme", "agent:cto", "svc:wiki:read"].map(str::to_owned).into(),
        environment: Environment::Test,
        expires: None,
    }
}

#[test]
fn a_wrong_passphrase_and_none_at_all_are_both_locked() {
    let terminal = Terminal::with_vault();
    let none = terminal.kw_locked(&["keys", "--json"]).ends(3).failure();
    assert_eq!(none["code"], "locked");
    terminal.put("passphrase", &PASSPHRASE.replace("otter", "badger"));
    let wrong = terminal.kw(&["keys", "--json"]).ends(3).failure();
    assert_eq!(wrong["code"], "wrong_passphrase");
    terminal.put("passphrase", "");
    terminal.kw(&["keys"]).ends(1);
    std::fs::remove_file(terminal.path("passphrase")).unwrap();
    terminal.kw(&["keys"]).ends(1);
}

#[test]
fn a_failure_is_what_happened_what_was_kept_and_what_to_do() {
    let terminal = Terminal::with_vault();
    let failed = terminal.kw(&["show", "nothing"]).ends(4);
    assert_eq!(failed.stdout, "");
    assert_eq!(failed.stderr.lines().count(), 3, "{}", failed.stderr);
    assert!(failed.stderr.starts_with("kw: "));
}

#[test]
fn a_name_that_several_keys_have_changes_nothing_and_lists_them() {
    let terminal = Terminal::connected();
    let one = terminal.create("ci deploy");
    let two = terminal.create("ci nightly");
    let failure = terminal.kw(&["delete", "ci", "--json"]).ends(4).failure();
    let ids: Vec<&str> = failure["candidates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["id"].as_str().unwrap())
        .collect();
    assert!(ids.len() == 2 && ids.contains(&one.as_str()) && ids.contains(&two.as_str()));
    let told = terminal.kw(&["delete", "ci"]).ends(4).stderr;
    assert!(told.contains(&one) && told.contains("ci nightly"), "{told}");
    assert_eq!(terminal.kw(&["keys", "is:deleted", "--json"]).ok().json()["total"], 0);
    terminal.kw(&["delete", "CI Deploy"]).ok();
}

#[test]
fn wrong_words_are_told_before_anything_happens() {
    let terminal = Terminal::connected();
    for words in [
        &["keys", "expires:<soon"][..],
        &["create", "acme", "--name", "ci", "--scope", "svc:wiki:read"],
        &["create", "acme", "--name", "ci", "--scope", SCOPES, "--expires", "soon"],
        &["create", "acme"],
        &["edit", "ci"],
        &["operations", "settle", "0"],
        &["add", "acme", "--name", "ci", "--no-secret", "--secret-file", "-"],
        &["add", "acme", "--name", "ci"],
        &["keys", "--passphrase", "on the command line"],
        &["reveal"],
        &["frobnicate"],
    ] {
        terminal.kw(words).ends(2);
    }
    assert_eq!(terminal.kw(&["keys", "--json", "name:ci"]).ok().json()["total"], 0);
    for words in [
        &["create", "nowhere", "--name", "ci"][..],
        &["connect", "no-such-platform"],
        &["platforms", "show", "no-such-platform"],
        &["refresh", "nowhere"],
        &["operations", "settle", "0000", "--close"],
    ] {
        terminal.kw(words).ends(4);
    }
}

#[test]
fn standard_input_can_be_only_one_thing() {
    let terminal = Terminal::connected();
    let words = ["add", "acme", "--name", "ci", "--secret-file", "-", "--passphrase-file", "-"];
    let ran = super::terminal::fed(&words, terminal.locked(&words), PASSPHRASE).ends(2);
    assert!(ran.stderr.contains("only one"), "{}", ran.stderr);
}

#[test]
fn what_the_platform_refuses_ends_with_five_and_keeps_nothing() {
    let terminal = Terminal::with_vault().with_simulator();
    terminal.put("credential", "ace_test_fakefakefakefakefakefake");
    let refused = terminal.connect("acme").ends(5);
    assert!(!refused.stderr.contains("fakefakefake"), "{}", refused.stderr);
    assert_eq!(terminal.kw(&["connections", "--json"]).ok().json().as_array().unwrap().len(), 0);
}

#[test]
fn a_refused_create_and_a_refused_revoke_change_nothing_here() {
    let terminal = Terminal::connected();
    terminal.create("ci");
    let control = terminal.control();
    let no = || Fault::Answer { status: 403, body: r#"{"error":"not allowed"}"#.into() };
    control.fault_next(Operation::Mint, no());
    let words = ["create", "acme", "--name", "more", "--scope", SCOPES, "--json"];
    assert_eq!(terminal.kw(&words).ends(5).failure()["code"], "refused");
    control.fault_next(Operation::Revoke, no());
    terminal.kw(&["revoke", "ci", "--yes"]).ends(5);
    let shown = terminal.kw(&["show", "ci", "--json"]).ok().json();
    assert_eq!(shown["row"]["status"], "active");
}

#[test]
fn without_a_network_all_stays_readable_and_changes_are_drafts() {
    let mut terminal = Terminal::connected();
    terminal.create("ci");
    terminal.go_offline();
    let words = ["create", "acme", "--name", "later", "--scope", SCOPES, "--json"];
    let draft = terminal.kw(&words).ends(6).json();
    assert!(draft["key"].is_null());
    let drafted = terminal.kw(&["revoke", "ci", "--yes", "--json"]).ends(6).json();
    assert_eq!(drafted["stage"]["kind"], "drafted");
    assert_eq!(terminal.kw(&["refresh", "acme", "--json"]).ends(6).failure()["code"], "offline");
    assert_eq!(terminal.kw(&["refresh"]).ends(6).stdout, "");
    terminal.kw(&["probe", "ci"]).ends(1);

    assert_eq!(terminal.kw(&["operations", "--json"]).ok().json().as_array().unwrap().len(), 2);
    terminal.kw(&["check"]).ends(10);
    terminal.kw(&["reveal", "ci"]).ok();
    assert_eq!(terminal.kw(&["show", "ci", "--json"]).ok().json()["row"]["status"], "active");
    let id = draft["operation"].as_str().unwrap();
    terminal.kw(&["operations", "settle", id, "--close"]).ok();
    assert_eq!(terminal.kw(&["operations", "--json"]).ok().json().as_array().unwrap().len(), 1);
}

#[test]
fn a_draft_is_sent_when_a_person_says_so() {
    let terminal = Terminal::connected();
    terminal.kw(&["settings", "set", "--work-offline", "on"]).ok();
    let words = ["create", "acme", "--name", "later", "--scope", SCOPES, "--json"];
    let draft = terminal.kw(&words).ends(6).json();
    let id: String = draft["operation"].as_str().unwrap().chars().take(8).collect();
    terminal.kw(&["operations", "settle", &id, "--send"]).ends(6);
    terminal.kw(&["settings", "set", "--work-offline", "off"]).ok();
    terminal.kw(&["operations", "settle", &id, "--send"]).ok();
    let made = terminal.kw(&["show", "later", "--json"]).ok().json();
    assert_eq!(made["has_secret"], true);
    assert_eq!(terminal.control().live_keys().iter().filter(|k| k.name == "later").count(), 1);
}

#[test]
fn a_key_whose_answer_was_lost_is_reported_and_revoked_as_an_orphan() {
    let terminal = Terminal::connected();
    terminal.control().fault_next(Operation::Mint, Fault::CutAfterEffect);
    let words = ["create", "acme", "--name", "lost", "--scope", SCOPES, "--json"];
    let failure = terminal.kw(&words).ends(1).failure();
    assert_eq!(failure["code"], "outcome_unknown");
    let open = terminal.kw(&["operations", "--json"]).ok().json();
    assert_eq!(open[0]["state"]["kind"], "orphaned", "{open}");
    terminal.kw(&["check", "--severity", "critical"]).ends(10);
    let id = open[0]["id"].as_str().unwrap();
    terminal.kw(&["operations", "settle", id, "--revoke-orphans"]).ok();
    assert!(terminal.control().live_keys().iter().all(|key| key.name != "lost"));
    assert_eq!(terminal.kw(&["operations", "--json"]).ok().json().as_array().unwrap().len(), 0);
}

#[test]
fn while_another_keywright_has_the_vault_open_reading_works_and_writing_says_why_not() {
    let terminal = Terminal::connected();
    terminal.create("ci");
    let window = terminal.service(Access::Write);
    window.unlock(&keywright_model::Secret::copy_of(PASSPHRASE)).unwrap();
    for words in [
        &["keys"][..],
        &["show", "ci"],
        &["check"],
        &["log"],
        &["connections"],
        &["status"],
        &["operations"],
        &["settings"],
        &["platforms"],
        &["rotate", "ci", "--plan"],
        &["revoke", "ci", "--plan"],
        &["bulk", "revoke", "ci", "--plan"],
    ] {
        terminal.kw(words).ok();
    }
    let busy = terminal.kw(&["edit", "ci", "--note", "x", "--json"]).ends(1).failure();
    assert_eq!(busy["code"], "in_use");
    drop(window);
    terminal.kw(&["edit", "ci", "--note", "x"]).ok();
}

#[test]
fn findings_end_with_ten_at_or_above_the_asked_severity() {
    let terminal = Terminal::connected();
    terminal.kw(&["check"]).ok();
    let add = ["add", "acme", "--name", "old", "--no-secret", "--expires"];
    terminal.kw(&[&add[..], &["20d"]].concat()).ok();
    terminal.kw(&["check"]).ok();
    terminal.kw(&["check", "--severity", "info"]).ends(10);
    terminal.kw(&[&add[..], &["10d"]].concat()).ok();
    let found = terminal.kw(&["check", "--json"]).ends(10).json();
    assert_eq!(found[0]["finding"]["kind"]["kind"], "near_expiry");
    terminal.kw(&["check", "--severity", "critical"]).ok();
    let told = terminal.kw(&["check"]).ends(10).stdout;
    assert!(told.contains('▲') && told.contains("Ends within 10 days."), "{told}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::process::Stdio;
    let terminal = Terminal::with_vault();
    let mut child =
        terminal.locked(&["man"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn a_damaged_vault_is_told_and_left_as_it_is() {
    let terminal = Terminal::with_vault();
    let file = std::fs::read_dir(terminal.home())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .max_by_key(|path| path.metadata().unwrap().len())
        .unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.truncate(bytes.len() / 2);
    let broken = terminal.path("broken");
    #[expect(clippy::disallowed_methods, reason = "the damage need not be durable")]
    std::fs::write(&broken, &bytes).unwrap();
    std::fs::rename(&broken, &file).unwrap();
    let failure = terminal.kw(&["keys", "--json"]).ends(1).failure();
    assert_eq!(failure["code"], "damaged", "{failure}");
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "{}", text(&file));
}
