//! A secret leaves `kw` by `reveal` and by `copy` alone.

use std::{os::unix::fs::PermissionsExt, process::Stdio};

use keywright_model::Secret;

use super::terminal::{PASSPHRASE, Ran, SCOPES, Terminal, text, until};
use crate::canary::{Canary, sweep_folder};

const CANARY: &str = "ace_test_fakecanaryQ7vT2mZp9KxW4nBd";

#[expect(clippy::disallowed_methods, reason = "the test looks for it where it may not be")]
pub(super) fn shown(secret: &Secret) -> String {
    secret.expose().to_owned()
}

#[test]
fn no_command_but_reveal_prints_a_secret_and_no_file_holds_one() {
    let terminal = Terminal::connected();
    terminal.put("secret", CANARY);
    let made = terminal.create("made");
    let secret = terminal.kw(&["reveal", &made]).ok().stdout.trim_end().to_owned();
    let credential = std::fs::read_to_string(terminal.path("credential")).unwrap();
    let canaries = [
        Canary::new("added", CANARY),
        Canary::new("made", &secret),
        Canary::new("credential", credential.trim()),
        Canary::new("passphrase", PASSPHRASE),
    ];
    let mut told = String::new();
    let mut tell = |ran: Ran| {
        told.push_str(&ran.stdout);
        told.push_str(&ran.stderr);
    };
    let file = terminal.path("secret");
    let add = ["add", "acme", "--secret-file", text(&file), "--name"];
    tell(terminal.kw(&[&add[..], &["added"]].concat()).ok());
    tell(terminal.kw(&[&add[..], &["twin", "--json"]].concat()).ok());
    for words in [
        &["connect", "agent.ceo", "--name", "acme"][..],
        &["refresh"],
        &["keys"],
        &["show", "added"],
        &["show", "made"],
        &["edit", "added", "--note", "noted"],
        &["probe", "added"],
        &["probe", "made"],
        &["create", "acme", "--name", "more", "--scope", SCOPES],
        &["check", "--severity", "info"],
        &["connections"],
        &["log", "--limit", "0"],
        &["copy", "added"],
        &["leak", "--file", "secret"],
        &["rotate", "made", "--plan"],
        &["rotate", "added", "--yes"],
        &["rotations", "--all"],
        &["bulk", "rotate", "made", "--plan"],
        &["revoke", "made", "--yes", "--no-wait"],
        &["delete", "added"],
        &["restore", "added"],
        &["operations"],
        &["status"],
    ] {
        tell(terminal.kw(words));
        tell(terminal.kw(&[words, &["--json"]].concat()));
    }
    for canary in &canaries {
        assert_eq!(canary.find("what kw told", told.as_bytes()), []);
    }
    assert_eq!(sweep_folder(&terminal.home(), &canaries).unwrap(), []);
    assert_eq!(terminal.kw(&["reveal", "added"]).ok().stdout, format!("{CANARY}\n"));
    assert_eq!(terminal.kw(&["reveal", "added", "--json"]).ok().json()["secret"], CANARY);
}

#[test]
fn the_simulator_hands_its_credential_to_a_private_file_and_ends_when_told() {
    let terminal = Terminal::bare();
    let file = terminal.path("admin");
    let mut child = terminal
        .locked(&["simulator", "--keys", "3", "--json", "--credential-file", text(&file)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until("the credential is written", || file.exists());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let cores = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert!(cores.split_whitespace().filter(|word| *word == "0").count() == 2, "{cores}");

    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    let output = child.wait_with_output().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(answer["base_url"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert!(answer["credential"].is_null());
    let credential = std::fs::read_to_string(&file).unwrap();
    assert!(
        credential.len() > 20
            && !output.stderr.windows(8).any(|w| w == &credential.as_bytes()[..8])
    );
}
