//! Making the vault.

use std::{fs, os::unix::fs::PermissionsExt};

use super::terminal::{PASSPHRASE, Terminal, fed, text};

#[test]
fn a_vault_is_made_once_and_its_recovery_code_opens_it() {
    let terminal = Terminal::bare();
    terminal.kw_locked(&["status"]).ok();
    terminal.kw(&["keys"]).ends(4);

    let made = terminal.kw(&["init"]).ok();
    let code = made.stdout.trim().to_owned();
    assert_eq!(made.stdout.lines().count(), 1, "the code stands alone: {}", made.stdout);
    assert!(!made.stderr.contains(&code));

    let words = ["keys", "--json", "--recovery-code-file", "-"];
    let opened = fed(&words, terminal.locked(&words), &code.to_lowercase()).ok();
    assert_eq!(opened.json()["total"], 0);
    fed(&words, terminal.locked(&words), "AAAAA-BBBBB").ends(3);

    let again = terminal.kw(&["init"]).ends(1);
    assert!(again.stderr.contains("There is a vault already"), "{}", again.stderr);
}

#[test]
fn a_weak_passphrase_makes_no_vault() {
    let terminal = Terminal::bare();
    for weak in ["password", "letmein2024", "aaaaaaaaaaaaaaaa", "qwertyuiop"] {
        terminal.put("passphrase", weak);
        let refused = terminal.kw(&["init", "--json"]).ends(2).failure();
        assert_eq!(refused["code"], "invalid");
        assert!(refused["what"].as_str().unwrap().contains("too easy to guess"));
    }
    assert_eq!(terminal.kw_locked(&["status", "--json"]).ok().json()["vault"], "missing");
}

#[test]
fn a_recovery_file_is_private_and_never_overwritten() {
    let terminal = Terminal::bare();
    let file = terminal.put("recovery", "mine");
    terminal.kw(&["init", "--recovery-file", text(&file)]).ends(1);
    assert_eq!(terminal.kw_locked(&["status", "--json"]).json()["vault"], "missing");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");

    fs::remove_file(&file).unwrap();
    let made = terminal.kw(&["init", "--recovery-file", text(&file)]).ok();
    let code = fs::read_to_string(&file).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!made.stdout.contains(code.trim()) && !made.stderr.contains(code.trim()));
    terminal.kw(&["status"]).ok();
    assert!(!code.contains(PASSPHRASE));
}

#[test]
fn status_asks_for_no_passphrase_and_says_what_there_is() {
    let terminal = Terminal::with_vault();
    let shut = terminal.kw_locked(&["status", "--json"]).ok().json();
    assert_eq!(shut["vault"], "locked");
    assert!(shut["status"].is_null());
    let open = terminal.kw(&["status", "--json"]).ok().json();
    assert_eq!(open["vault"], "unlocked");
    assert_eq!(open["status"]["keys"], 0);
}
