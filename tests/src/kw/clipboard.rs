//! `kw copy` on a screen of its own.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use x11rb::{
    COPY_DEPTH_FROM_PARENT, CURRENT_TIME, NONE,
    connection::Connection,
    protocol::{
        Event,
        xproto::{
            AtomEnum, ConnectionExt, CreateWindowAux, EventMask, SELECTION_NOTIFY_EVENT,
            SelectionNotifyEvent, WindowClass,
        },
    },
    rust_connection::RustConnection,
};

use super::terminal::{Terminal, until};

/// An X server in memory.
struct Screen {
    server: Child,
    display: String,
}

/// A program on that screen that looks at the clipboard, or takes it over.
struct Peer {
    connection: RustConnection,
    window: u32,
}

impl Screen {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "320x240x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb runs");
        let mut number = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut number).unwrap();
        Self { server, display: format!(":{}", number.trim()) }
    }

    fn peer(&self) -> Peer {
        let (connection, screen) = x11rb::connect(Some(&self.display)).unwrap();
        let root = connection.setup().roots[screen].root;
        let window = connection.generate_id().unwrap();
        connection
            .create_window(
                COPY_DEPTH_FROM_PARENT,
                window,
                root,
                0,
                0,
                1,
                1,
                0,
                WindowClass::INPUT_OUTPUT,
                0,
                &CreateWindowAux::new(),
            )
            .unwrap();
        connection.flush().unwrap();
        Peer { connection, window }
    }

    fn copy(&self, terminal: &Terminal, words: &[&str]) -> Child {
        terminal
            .command(&[&["copy", "ci"], words].concat())
            .env("DISPLAY", &self.display)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

impl Peer {
    fn atom(&self, name: &str) -> u32 {
        self.connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }

    fn owner(&self, selection: &str) -> u32 {
        let selection = self.atom(selection);
        self.connection.get_selection_owner(selection).unwrap().reply().unwrap().owner
    }

    /// What a selection holds in this form; none when nobody offers it.
    fn read(&self, selection: &str, form: &str) -> Option<String> {
        let place = self.atom("KEYWRIGHT_TEST");
        self.connection
            .convert_selection(
                self.window,
                self.atom(selection),
                self.atom(form),
                place,
                CURRENT_TIME,
            )
            .unwrap();
        self.connection.flush().unwrap();
        for _ in 0..100 {
            match self.connection.poll_for_event().unwrap() {
                Some(Event::SelectionNotify(told)) if told.property == NONE => return None,
                Some(Event::SelectionNotify(_)) => {
                    let value = self
                        .connection
                        .get_property(true, self.window, place, AtomEnum::ANY, 0, 1024)
                        .unwrap()
                        .reply()
                        .unwrap()
                        .value;
                    return Some(String::from_utf8(value).unwrap());
                }
                _ => thread::sleep(Duration::from_millis(10)),
            }
        }
        None
    }

    /// Copies something that is no text, as a picture is.
    fn take_over(&self) {
        let clipboard = self.atom("CLIPBOARD");
        self.connection.set_selection_owner(self.window, clipboard, CURRENT_TIME).unwrap();
        self.connection.flush().unwrap();
    }

    /// Answers those who ask for its text: there is none.
    fn refuse_text(&self) {
        while let Some(event) = self.connection.poll_for_event().unwrap() {
            let Event::SelectionRequest(asked) = event else { continue };
            let answer = SelectionNotifyEvent {
                response_type: SELECTION_NOTIFY_EVENT,
                sequence: 0,
                time: asked.time,
                requestor: asked.requestor,
                selection: asked.selection,
                target: asked.target,
                property: NONE,
            };
            self.connection
                .send_event(false, asked.requestor, EventMask::NO_EVENT, answer)
                .unwrap();
            self.connection.flush().unwrap();
        }
    }
}

#[test]
fn a_copied_secret_is_served_for_its_time_and_then_gone() {
    let terminal = Terminal::connected();
    terminal.create("ci");
    let secret = terminal.kw(&["reveal", "ci"]).ok().stdout.trim_end().to_owned();
    let screen = Screen::start();
    let peer = screen.peer();

    let child = screen.copy(&terminal, &["--seconds", "4"]);
    until("the secret is on the clipboard", || {
        peer.read("CLIPBOARD", "UTF8_STRING").as_ref() == Some(&secret)
    });
    assert_eq!(peer.read("CLIPBOARD", "x-kde-passwordManagerHint").as_deref(), Some("secret"));
    assert_eq!(peer.owner("PRIMARY"), NONE);
    terminal.kw(&["edit", "ci", "--note", "the vault is closed meanwhile"]).ok();

    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && told.contains("cleared"), "{told}");
    assert_eq!(peer.read("CLIPBOARD", "UTF8_STRING"), None);

    let child = screen.copy(&terminal, &["--env", "--seconds", "5"]);
    let line = format!("AGENT_CEO_API_KEY={secret}");
    until("the assignment is on the clipboard", || {
        peer.read("CLIPBOARD", "UTF8_STRING").as_ref() == Some(&line)
    });
    assert!(child.wait_with_output().unwrap().status.success());
}

#[test]
fn ctrl_c_clears_at_once_and_what_was_copied_since_is_left_alone() {
    let terminal = Terminal::connected();
    terminal.create("ci");
    let screen = Screen::start();
    let peer = screen.peer();

    let child = screen.copy(&terminal, &["--seconds", "600"]);
    until("something is on the clipboard", || peer.owner("CLIPBOARD") != NONE);
    thread::sleep(Duration::from_millis(300));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert!(child.wait_with_output().unwrap().status.success());
    assert_eq!(peer.owner("CLIPBOARD"), NONE);

    let mut child = screen.copy(&terminal, &["--seconds", "600"]);
    until("something is on the clipboard", || peer.owner("CLIPBOARD") != NONE);
    peer.take_over();
    until("kw has ended", || {
        peer.refuse_text();
        child.try_wait().unwrap().is_some()
    });
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("left alone"));
    assert_eq!(peer.owner("CLIPBOARD"), peer.window);
}
