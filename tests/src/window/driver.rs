//! The real application under WebDriver, and what a person does with its windows.

use std::{
    cell::RefCell,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use super::{
    screen::{Screen, take_picture, until},
    wire::Wire,
};

/// How long a person would wait for something to appear.
const PATIENCE: Duration = Duration::from_secs(30);
/// WebDriver's name for the key.
const CONTROL: &str = "\u{e009}";
/// WebDriver's name for a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The application, running, and the driver that holds it.
pub(super) struct Driver {
    server: Child,
    wire: Wire,
    session: String,
    display: String,
    steps: RefCell<Vec<String>>,
}

/// Where the application keeps its things in one test.
pub(super) struct Place<'a> {
    /// Its vault.
    pub(super) home: &'a Path,
    /// What it writes temporary files to.
    pub(super) temporary: &'a Path,
    /// Every message to the main view.
    pub(super) transcript: &'a Path,
    /// Programs that it finds before the system's: the test's own browser.
    pub(super) programs: &'a Path,
}

impl Driver {
    /// Starts the application on `screen` with a session bus of its own.
    pub(super) fn start(screen: &Screen, place: &Place<'_>) -> Self {
        let wire = Wire { port: free_port() };
        let server = screen
            .command("dbus-run-session")
            .args(["--", "tauri-driver", "--port", &wire.port.to_string()])
            .args(["--native-port", &free_port().to_string()])
            .env("KEYWRIGHT_HOME", place.home)
            .env("KEYWRIGHT_IPC_TRANSCRIPT", place.transcript)
            .env("TMPDIR", place.temporary)
            .env("HOME", place.temporary)
            .env("XDG_RUNTIME_DIR", place.temporary)
            .env("PATH", with_first(place.programs))
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-run-session is installed: `cargo xtask test` does it");
        let wanted = json!({
            "browserName": "wry",
            "tauri:options": { "application": application() },
        });
        Self::begin(screen, server, wire, &wanted)
    }

    /// A browser of its own, as a person has beside the application.
    pub(super) fn browser(screen: &Screen, profile: &Path) -> Self {
        let wire = Wire { port: free_port() };
        let server = screen
            .command("chromedriver")
            .arg(format!("--port={}", wire.port))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed: `cargo xtask test` does it");
        let profile = format!("--user-data-dir={}", profile.display());
        let quiet = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &profile,
        ];
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": { "args": quiet } });
        Self::begin(screen, server, wire, &wanted)
    }

    fn begin(screen: &Screen, server: Child, wire: Wire, wanted: &Value) -> Self {
        let listens = || TcpStream::connect((Ipv4Addr::LOCALHOST, wire.port)).is_ok();
        assert!(until(PATIENCE, listens), "the driver is installed: `cargo xtask test` does it");
        let display = screen.display.clone();
        let mut app =
            Self { server, wire, session: String::new(), display, steps: RefCell::default() };
        let wanted = json!({ "capabilities": { "alwaysMatch": wanted } });
        let session = app.wire.ask("POST", "/session", Some(&wanted)).unwrap();
        app.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        app
    }

    /// Goes to a page, as a person who follows a link.
    pub(super) fn go_to(&self, address: &str) {
        self.note(format!("go to {address}"));
        let gone = self.ask("POST", "/url", Some(&json!({ "url": address })));
        self.require(gone.is_ok(), address);
    }

    /// Chooses from a list of options.
    pub(super) fn choose(&self, id: &str, value: &str) {
        self.click_by(&format!("{} option[value='{value}']", selector(id)));
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        self.wire.ask(method, &format!("{}{path}", self.session), body)
    }

    fn windows(&self) -> Vec<String> {
        let handles = self.ask("GET", "/window/handles", None).unwrap_or_default();
        handles.as_array().into_iter().flatten().filter_map(Value::as_str).map(Into::into).collect()
    }

    /// Turns to the window whose address ends so, when it has come.
    pub(super) fn turn_to(&self, address: &str) {
        self.note(format!("turn to {address}"));
        let turned = || {
            self.windows().iter().any(|handle| {
                self.ask("POST", "/window", Some(&json!({ "handle": handle }))).is_ok()
                    && self.address().is_some_and(|url| fits(&url, address))
            })
        };
        self.require(until(PATIENCE, turned), &format!("a window at {address}"));
    }

    /// The addresses of all windows.
    pub(super) fn addresses(&self) -> Vec<String> {
        let address = |handle: &String| {
            self.ask("POST", "/window", Some(&json!({ "handle": handle }))).ok()?;
            self.address()
        };
        self.windows().iter().filter_map(address).collect()
    }

    /// Whether the number of windows becomes this.
    pub(super) fn has_windows(&self, count: usize, limit: Duration) -> bool {
        until(limit, || self.windows().len() == count)
    }

    fn address(&self) -> Option<String> {
        self.ask("GET", "/url", None).ok()?.as_str().map(str::to_owned)
    }

    /// The page as it stands.
    pub(super) fn source(&self) -> String {
        self.ask("GET", "/source", None).unwrap().as_str().unwrap_or_default().to_owned()
    }

    fn look(&self, selector: &str) -> Option<String> {
        let wanted = json!({ "using": "css selector", "value": selector });
        let found = self.ask("POST", "/element", Some(&wanted)).ok()?;
        found[ELEMENT].as_str().map(str::to_owned)
    }

    fn find(&self, id: &str) -> String {
        self.find_by(&selector(id))
    }

    fn find_by(&self, selector: &str) -> String {
        let mut found = None;
        let there = || {
            found = self.look(selector);
            found.is_some()
        };
        self.require(until(PATIENCE, there), selector);
        found.unwrap()
    }

    /// Whether something is on the page now.
    pub(super) fn sees(&self, id: &str) -> bool {
        self.look(&selector(id)).is_some()
    }

    /// How much of that is on the page now.
    pub(super) fn count(&self, selector: &str) -> u64 {
        let name = serde_json::to_string(selector).unwrap_or_default();
        let counted = self.run(&format!("return document.querySelectorAll({name}).length"));
        counted.ok().and_then(|count| count.as_u64()).unwrap_or_default()
    }

    /// Waits until something is on the page.
    pub(super) fn wait_for(&self, id: &str) {
        self.note(format!("wait for {id}"));
        self.find(id);
    }

    /// The same, for what has no name of its own.
    pub(super) fn wait_for_by(&self, selector: &str) {
        self.note(format!("wait for {selector}"));
        self.find_by(selector);
    }

    /// Waits until something is gone from the page.
    pub(super) fn wait_until_gone(&self, id: &str) {
        self.note(format!("wait until {id} is gone"));
        self.require(until(PATIENCE, || !self.sees(id)), &format!("{id} to go"));
    }

    /// Clicks, once it can be clicked.
    pub(super) fn click(&self, id: &str) {
        self.click_by(&selector(id));
    }

    /// The same, for what has no name of its own.
    pub(super) fn click_by(&self, selector: &str) {
        self.note(format!("click {selector}"));
        let mut last = String::new();
        let clicked = || {
            let Some(element) = self.look(selector) else { return false };
            let enabled = self.ask("GET", &format!("/element/{element}/enabled"), None);
            if enabled != Ok(Value::Bool(true)) {
                return false;
            }
            match self.ask("POST", &format!("/element/{element}/click"), Some(&json!({}))) {
                Ok(_) => true,
                Err(error) => {
                    last = error;
                    false
                }
            }
        };
        let done = until(PATIENCE, clicked);
        self.require(done, &format!("to click {selector} ({last})"));
    }

    /// Types into a field, after what stands there.
    pub(super) fn type_into(&self, id: &str, text: &str) {
        // Not what was typed: it may be a passphrase.
        self.type_into_by(&selector(id), text);
    }

    /// The same, for what has no name of its own.
    pub(super) fn type_into_by(&self, selector: &str, text: &str) {
        self.note(format!("type into {selector}"));
        self.patiently(selector, "value", &json!({ "text": text }));
    }

    /// Asks something of a field, which may be busy for a moment.
    fn patiently(&self, selector: &str, what: &str, body: &Value) {
        let mut last = String::new();
        let done = until(PATIENCE, || {
            let Some(element) = self.look(selector) else { return false };
            let asked = self.ask("POST", &format!("/element/{element}/{what}"), Some(body));
            asked.map_err(|error| last = error).is_ok()
        });
        self.require(done, &format!("{what} of {selector} ({last})"));
    }

    /// Empties a field and types into it.
    pub(super) fn retype(&self, id: &str, text: &str) {
        self.retype_by(&selector(id), text);
    }

    /// The same, for what has no name of its own.
    pub(super) fn retype_by(&self, selector: &str, text: &str) {
        self.find_by(selector);
        // Out of sight it cannot be emptied, and this driver does not scroll within a dialog.
        let name = serde_json::to_string(selector).unwrap_or_default();
        self.run(&format!("document.querySelector({name}).scrollIntoView({{block: 'center'}})"))
            .unwrap();
        self.patiently(selector, "clear", &json!({}));
        self.type_into_by(selector, text);
    }

    /// What a person reads there.
    pub(super) fn text(&self, id: &str) -> String {
        self.text_by(&selector(id))
    }

    /// The same, for what has no name of its own.
    pub(super) fn text_by(&self, selector: &str) -> String {
        let element = self.find_by(selector);
        let text = self.ask("GET", &format!("/element/{element}/text"), None);
        text.unwrap_or_default().as_str().unwrap_or_default().to_owned()
    }

    /// An attribute; empty when there is none.
    pub(super) fn attribute(&self, id: &str, name: &str) -> String {
        let Some(element) = self.look(&selector(id)) else { return String::new() };
        let value = self.ask("GET", &format!("/element/{element}/attribute/{name}"), None);
        value.unwrap_or_default().as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a person reads this there.
    pub(super) fn reads(&self, id: &str, part: &str) {
        self.note(format!("read “{part}” in {id}"));
        let mut last = String::new();
        let there = until(PATIENCE, || {
            last = if self.sees(id) { self.text(id) } else { String::new() };
            last.contains(part)
        });
        self.require(there, &format!("“{part}” in {id}, which reads “{last}”"));
    }

    /// Presses keys together, wherever the focus is: Control and a letter.
    pub(super) fn press_control(&self, letter: &str) {
        self.note(format!("press Control {letter}"));
        let key = |kind: &str, value: &str| json!({ "type": kind, "value": value });
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": [
            key("keyDown", CONTROL), key("keyDown", letter),
            key("keyUp", letter), key("keyUp", CONTROL),
        ] }] });
        self.ask("POST", "/actions", Some(&actions)).unwrap();
    }

    /// Runs a script in the page, as an attacker would.
    pub(super) fn run(&self, script: &str) -> Result<Value, String> {
        self.ask("POST", "/execute/sync", Some(&json!({ "script": script, "args": [] })))
    }

    fn note(&self, step: String) {
        self.steps.borrow_mut().push(step);
    }

    /// Fails with the way there, and a picture of what is there instead.
    fn require(&self, so: bool, what: &str) {
        if so {
            return;
        }
        let file = target().join("window-failure.png");
        take_picture(&self.display, &file);
        let steps = self.steps.borrow().join("\n  ");
        panic!("no {what}.\nPicture: {}\nSteps:\n  {steps}", file.display());
    }

    /// Closes the application.
    pub(super) fn quit(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.ask("DELETE", "", None).ok();
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.end();
    }
}

fn selector(id: &str) -> String {
    format!("[data-testid='{id}']")
}

fn fits(url: &str, address: &str) -> bool {
    // The main page's address is the bare origin.
    if address.is_empty() {
        !url.trim_end_matches('/').contains("localhost/")
    } else {
        url.contains(address)
    }
}

fn with_first(folder: &Path) -> std::ffi::OsString {
    let known = std::env::var_os("PATH").unwrap_or_default();
    let all = [folder.to_owned()].into_iter().chain(std::env::split_paths(&known));
    std::env::join_paths(all).unwrap()
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// The folder that everything is built in.
fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(3).unwrap().to_owned()
}

/// The application, as `cargo xtask test` built it.
#[expect(clippy::disallowed_methods, reason = "told by `cargo xtask test`")]
fn application() -> PathBuf {
    let folder =
        std::env::var("KEYWRIGHT_BIN_DIR").map_or_else(|_| target().join("debug"), Into::into);
    let program = folder.join("keywright");
    assert!(program.exists(), "{} is not built: cargo build -p keywright", program.display());
    program
}
