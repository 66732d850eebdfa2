//! A person at a terminal is asked, and what is typed in secret is not shown.

use std::{
    io::{Read, Write},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use super::terminal::{PASSPHRASE, Terminal, program, until};

/// `kw` on a terminal of its own, which `script` makes.
struct Session {
    child: Child,
    seen: Arc<Mutex<String>>,
}

impl Session {
    fn start(terminal: &Terminal, words: &str) -> Self {
        let locked = terminal.locked(&[]);
        let line = format!("{} {words}", program().display());
        let mut child = Command::new("script")
            .args(["-q", "-e", "-c", &line, "/dev/null"])
            .current_dir(terminal.folder())
            .env_clear()
            .envs(locked.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let seen = Arc::new(Mutex::new(String::new()));
        let (mut screen, shown) = (child.stdout.take().unwrap(), Arc::clone(&seen));
        thread::spawn(move || {
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                shown.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        Self { child, seen }
    }

    /// Waits for the question to be asked the so-many-th time, and answers it.
    fn answer(&mut self, question: &str, time: usize, answer: &str) {
        let seen = Arc::clone(&self.seen);
        until(question, || seen.lock().unwrap().matches(question).count() >= time);
        writeln!(self.child.stdin.as_mut().unwrap(), "{answer}").unwrap();
    }

    fn end(mut self) -> (i32, String) {
        let code = self.child.wait().unwrap().code().unwrap();
        // The screen's last words may still be on their way.
        thread::sleep(std::time::Duration::from_millis(100));
        let seen = self.seen.lock().unwrap().clone();
        (code, seen)
    }
}

#[test]
fn the_passphrase_may_be_mistyped_and_is_never_shown() {
    let terminal = Terminal::with_vault();
    let mut session = Session::start(&terminal, "keys");
    session.answer("Passphrase:", 1, "canary marble badger lantern");
    session.answer("Passphrase:", 2, PASSPHRASE);
    let (code, seen) = session.end();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("0 keys"), "{seen}");
    assert!(!seen.contains("marble"), "{seen}");
}

#[test]
fn three_wrong_passphrases_are_enough() {
    let terminal = Terminal::with_vault();
    let mut session = Session::start(&terminal, "keys");
    for time in 1..=3 {
        session.answer("Passphrase:", time, "canary marble badger lantern");
    }
    let (code, seen) = session.end();
    assert_eq!(code, 3, "{seen}");
}

#[test]
fn a_new_passphrase_is_typed_twice_and_must_agree() {
    let terminal = Terminal::bare();
    let mut session = Session::start(&terminal, "init");
    session.answer("New passphrase:", 1, PASSPHRASE);
    session.answer("The same again:", 1, "canary marble otter lantern");
    let (code, seen) = session.end();
    assert_eq!(code, 2, "{seen}");
    assert_eq!(terminal.kw_locked(&["status", "--json"]).ok().json()["vault"], "missing");
}

#[test]
fn revoking_asks_first_and_a_used_key_wants_its_name() {
    let terminal = Terminal::connected();
    terminal.create("ci");
    let mut session = Session::start(&terminal, "--passphrase-file passphrase revoke ci");
    session.answer("Revoke “ci”? [y/N]", 1, "n");
    let (code, seen) = session.end();
    assert_eq!(code, 1, "{seen}");
    assert!(terminal.control().live_keys().iter().any(|key| key.name == "ci"));

    terminal.kw(&["edit", "ci", "--use", "Codex"]).ok();
    let mut session = Session::start(&terminal, "--passphrase-file passphrase revoke ci --yes");
    session.answer("to revoke it all the same:", 1, "ci");
    let (code, seen) = session.end();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("These stop working") && seen.contains("proved dead"), "{seen}");
}

#[test]
fn replacing_asks_first_and_then_for_each_place_that_is_done_by_hand() {
    let terminal = Terminal::connected();
    terminal.create("ci");
    terminal.kw(&["place", "ci", "--told", "CI of the team"]).ok();
    let rotate = "--passphrase-file passphrase rotate ci";
    let mut session = Session::start(&terminal, rotate);
    session.answer("Replace “ci”? [y/N]", 1, "n");
    let (code, seen) = session.end();
    assert_eq!(code, 1, "{seen}");
    assert!(seen.contains("you change it there, and confirm"), "{seen}");
    let none = terminal.kw(&["rotations", "--all", "--json"]).ok().json();
    assert_eq!(none.as_array().unwrap().len(), 0, "a no changes nothing");

    let question = "Is the new key in this place now: CI of the team? [y/N]";
    let mut session = Session::start(&terminal, rotate);
    session.answer("Replace “ci”? [y/N]", 1, "y");
    session.answer(question, 1, "");
    let (code, seen) = session.end();
    assert_eq!(code, 1, "{seen}");
    assert!(seen.contains("kw rotation "), "{seen}");

    let mut session = Session::start(&terminal, "--passphrase-file passphrase resume ci");
    session.answer(question, 1, "y");
    let (code, seen) = session.end();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("The old key is proved dead"), "{seen}");
}
