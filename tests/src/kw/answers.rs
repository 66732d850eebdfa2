//! Every command answers in words and in JSON; completions and manual come from one definition.

use super::terminal::{Terminal, text};

/// Commands that print an answer and leave the vault fit for the next one.
const COMMANDS: &[&[&str]] = &[
    &["status"],
    &["platforms"],
    &["platforms", "show", "agent.ceo"],
    &["connections"],
    &["refresh"],
    &["keys"],
    &["keys", "is:active", "--limit", "1"],
    &["show", "ci"],
    &["create", "acme", "--form"],
    &["edit", "ci", "--note", "noted"],
    &["add", "acme", "--name", "other", "--no-secret"],
    &["probe", "ci"],
    &["check"],
    &["log"],
    &["log", "--key", "ci", "--limit", "2"],
    &["log", "--verify"],
    &["operations"],
    &["queue"],
    &["queue", "send"],
    &["rotations"],
    &["rotations", "--all"],
    &["resume"],
    &["rotate", "ci", "--plan"],
    &["revoke", "ci", "--plan"],
    &["bulk", "rotate", "ci", "--plan"],
    &["bulk", "policy", "ci", "--days", "30", "--yes"],
    &["settings"],
    &["settings", "get"],
    &["delete", "ci"],
    &["restore", "ci"],
    &["reveal", "ci"],
];

#[test]
fn every_answer_is_json_for_programs_and_words_for_people() {
    let terminal = Terminal::connected();
    terminal.create("ci");
    for words in COMMANDS {
        let json = terminal.kw(&[*words, &["--json"]].concat()).ok().json();
        assert!(json.is_object() || json.is_array(), "{words:?}: {json}");
    }
    terminal.kw(&["delete", "other"]).ok();
    for words in COMMANDS {
        let told = terminal.kw(words).ok();
        assert!(!told.stdout.trim().is_empty(), "{words:?}");
        assert!(!told.stdout.contains('\u{1b}'), "no colour without a terminal: {words:?}");
        assert!(told.stdout.lines().all(|line| !line.ends_with(' ')), "{words:?}");
    }
}

#[test]
fn a_long_list_comes_whole_and_in_order() {
    let terminal = Terminal::connected();
    for number in 0..1203 {
        terminal
            .control()
            .issue(super::troubles::dashboard_key(&format!("row {number:04}")))
            .unwrap();
    }
    terminal.kw(&["refresh", "acme"]).ok();
    let page = terminal.kw(&["keys", "name:row", "--json"]).ok().json();
    let names: Vec<&str> =
        page["rows"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect();
    let expected: Vec<String> = (0..1203).map(|number| format!("row {number:04}")).collect();
    assert_eq!(names, expected);
    let few = terminal.kw(&["keys", "name:row", "--limit", "7", "--json"]).ok().json();
    assert_eq!(few["rows"].as_array().unwrap().len(), 7);
    assert_eq!(few["total"], 1203);
    // One line for the head, one for each key.
    assert_eq!(terminal.kw(&["keys", "name:row"]).ok().stdout.lines().count(), 1204);
}

#[test]
fn completions_and_manual_need_no_vault_and_know_every_command() {
    let terminal = Terminal::bare();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = terminal.kw_locked(&["completions", shell]).ok().stdout;
        assert!(script.contains("revoke") && script.contains("passphrase-file"), "{shell}");
    }
    let manual = terminal.kw_locked(&["man"]).ok().stdout;
    assert!(manual.starts_with(".ie") || manual.contains(".TH kw"), "{manual}");
    let folder = terminal.path("man");
    std::fs::create_dir(&folder).unwrap();
    terminal.kw_locked(&["man", text(&folder)]).ok();
    for words in COMMANDS {
        assert!(folder.join(format!("kw-{}.1", words[0])).exists(), "{words:?}");
    }
    terminal.kw_locked(&["man", "no/such/folder"]).ends(1);
}
