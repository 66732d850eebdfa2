//! A folder with a vault, a simulator beside it, and `kw` to run.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
    time::Duration,
};

use keywright_model::Secret;
use keywright_service::{Access, Clock, Home, Kdf, Service, Setup};
use keywright_simulator::{Control, Options, Running, Simulator};
use keywright_vault::KdfParams;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Strong enough for any vault, and no word of it occurs anywhere else.
pub(super) const PASSPHRASE: &str = "canary marble otter lantern seventeen";

/// Scopes that the simulator's organization has.
pub(super) const SCOPES: &str = "agent:cto,svc:wiki:read";

/// One user's machine.
pub(super) struct Terminal {
    folder: TempDir,
    simulator: Option<(Runtime, Running)>,
}

/// What a command answered.
pub(super) struct Ran {
    pub(super) words: String,
    pub(super) code: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Terminal {
    /// A machine without a vault.
    pub(super) fn bare() -> Self {
        let terminal = Self { folder: tempfile::tempdir().unwrap(), simulator: None };
        terminal.put("passphrase", &format!("{PASSPHRASE}\n"));
        terminal
    }

    /// A machine with a vault, made through the library: at the lowest cost that `kw` accepts.
    pub(super) fn with_vault() -> Self {
        let terminal = Self::bare();
        let service = terminal.service(Access::Write);
        service.make_vault(&Secret::copy_of(PASSPHRASE)).unwrap();
        terminal
    }

    /// A machine with a vault and a connection named `acme` to a simulator.
    pub(super) fn connected() -> Self {
        let terminal = Self::with_vault().with_simulator();
        terminal.connect("acme").ok();
        terminal
    }

    /// Starts a simulator.
    pub(super) fn with_simulator(mut self) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let running = runtime.block_on(Simulator::start(Options::default())).unwrap();
        self.put_secret("credential", &running.agent_ceo_credential().unwrap());
        self.simulator = Some((runtime, running));
        self
    }

    /// Connects to the simulator.
    pub(super) fn connect(&self, name: &str) -> Ran {
        let url = self.base_url();
        let credential = self.path("credential");
        self.kw(&[
            "connect",
            "agent.ceo",
            "--name",
            name,
            "--base-url",
            &url,
            "--set",
            "org_id=acme",
            "--credential-file",
            text(&credential),
        ])
    }

    /// Makes a key of that name.
    pub(super) fn create(&self, name: &str) -> String {
        let ran = self.kw(&["create", "acme", "--name", name, "--scope", SCOPES, "--json"]).ok();
        ran.json()["key"].as_str().unwrap().to_owned()
    }

    /// The levers of the simulator.
    pub(super) fn control(&self) -> Control {
        self.simulator.as_ref().unwrap().1.control()
    }

    /// Where the simulator is.
    pub(super) fn base_url(&self) -> String {
        self.simulator.as_ref().unwrap().1.base_url()
    }

    /// Where the simulator's ServoAgent is.
    pub(super) fn servoagent_url(&self) -> String {
        self.simulator.as_ref().unwrap().1.servoagent_url()
    }

    /// Pulls the plug: from now on nothing listens there.
    pub(super) fn go_offline(&mut self) {
        if let Some((runtime, running)) = self.simulator.take() {
            runtime.block_on(running.shutdown());
        }
    }

    /// The use cases on the same vault, in this process.
    pub(super) fn service(&self, access: Access) -> Service {
        let setup = Setup { access, kdf: Kdf::Fixed(KdfParams::floor()) };
        Service::new(Home::at(self.home()), Clock::system(), setup).unwrap()
    }

    /// Where the vault is.
    pub(super) fn home(&self) -> PathBuf {
        self.path("vault")
    }

    /// The folder with everything.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file of the machine.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    #[expect(clippy::disallowed_methods, reason = "a test's own file need not be durable")]
    pub(super) fn put(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    #[expect(clippy::disallowed_methods, reason = "kw reads the credential from a file")]
    fn put_secret(&self, name: &str, secret: &Secret) {
        self.put(name, secret.expose());
    }

    /// `kw`, ready to start, with the passphrase's file and no terminal.
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let file = self.path("passphrase");
        self.locked(&[&["--passphrase-file", text(&file)], words].concat())
    }

    /// `kw` without the passphrase.
    pub(super) fn locked(&self, words: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("KEYWRIGHT_HOME", self.home())
            .stdin(Stdio::null());
        command
    }

    /// Runs `kw` with the passphrase's file.
    pub(super) fn kw(&self, words: &[&str]) -> Ran {
        Ran::of(words, self.command(words).output().unwrap())
    }

    /// Runs `kw` with the passphrase's file and something on standard input.
    pub(super) fn kw_fed(&self, words: &[&str], input: &str) -> Ran {
        fed(words, self.command(words), input)
    }

    /// Runs `kw` without the passphrase.
    pub(super) fn kw_locked(&self, words: &[&str]) -> Ran {
        Ran::of(words, self.locked(words).output().unwrap())
    }
}

impl Ran {
    pub(super) fn of(words: &[&str], output: Output) -> Self {
        Self {
            words: words.join(" "),
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(super) fn ends(self, code: i32) -> Self {
        let Self { words, stdout, stderr, .. } = &self;
        assert_eq!(self.code, code, "kw {words}\n{stdout}\n{stderr}");
        self
    }

    /// Asserts that it was done.
    #[track_caller]
    pub(super) fn ok(self) -> Self {
        self.ends(0)
    }

    /// The answer as JSON.
    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("kw {}: {error}\n{}", self.words, self.stdout))
    }

    /// The failure as JSON, which stands alone: there is no answer.
    #[track_caller]
    pub(super) fn failure(&self) -> Value {
        assert_eq!(self.stdout, "", "kw {}", self.words);
        let mut value: Value = serde_json::from_str(&self.stderr)
            .unwrap_or_else(|error| panic!("kw {}: {error}\n{}", self.words, self.stderr));
        value["error"].take()
    }
}

/// Runs a command with something on its standard input.
pub(super) fn fed(words: &[&str], mut command: Command, input: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses before it reads closes the pipe; that is its right.
    child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
    Ran::of(words, child.wait_with_output().unwrap())
}

/// Waits until something is so.
#[track_caller]
pub(super) fn until(what: &str, mut so: impl FnMut() -> bool) {
    for _ in 0..3000 {
        if so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("waited in vain until {what}");
}

/// A path as an argument.
pub(super) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The program: where the test run has put it, or else built now.
pub(super) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("KEYWRIGHT_BIN_DIR") {
        Some(folder) => Path::new(&folder).join("kw"),
        None => built(),
    })
}

fn built() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let built = Command::new(cargo)
        .args([
            "build",
            "--package",
            "keywright-cli",
            "--message-format",
            "json-render-diagnostics",
        ])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let messages = String::from_utf8(built.stdout).unwrap();
    let mut messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = messages.find_map(|message| message["executable"].as_str().map(PathBuf::from));
    program.expect("cargo tells where it put kw")
}
