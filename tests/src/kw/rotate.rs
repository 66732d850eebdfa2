//! A key is replaced everywhere by `kw` alone, whatever comes between.

use std::{
    fs,
    io::Read,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use keywright_model::Environment;
use keywright_simulator::ServoAgentKey;

use super::{
    secrets::shown,
    terminal::{Ran, Terminal, until},
};

const CLAUDE: &str = "{\n  \"numStartups\": 12,\n  \"mcpServers\": {\n    \"erp\": {\n      \
                      \"type\": \"http\",\n      \"url\": \"https://erp.example/mcp\",\n      \
                      \"headers\": {\"Authorization\": \"Bearer old-not-a-real-key\"}\n    }\n  \
                      }\n}\n";
const CODEX: &str = "# mine\r\nmodel = \"gpt\"\r\n\r\n[mcp_servers.erp]\r\nurl = \
                     \"https://erp.example/mcp\"\r\nhttp_headers = { \"Authorization\" = \"Bearer \
                     old-not-a-real-key\" } # keep\r\n";

/// A terminal with a key that stands in three clients' files.
pub(super) struct Placed {
    pub(super) terminal: Terminal,
    pub(super) id: String,
    files: [PathBuf; 3],
}

impl Placed {
    pub(super) fn erp() -> Self {
        let terminal = Terminal::connected();
        let id = terminal.create("erp");
        for folder in [".codex", "work"] {
            fs::create_dir(terminal.path(folder)).unwrap();
        }
        let claude = terminal.put(".claude.json", CLAUDE);
        let codex = terminal.put(".codex/config.toml", CODEX);
        let header = ["--slot", "mcp-header", "--server", "erp", "--yes"];
        let clients = ["place", "erp", "--client", "claude-code", "--client", "codex"];
        terminal.kw(&[&clients[..], &header].concat()).ok();
        let variable = ["--slot", "variable", "--set", "name=ERP_KEY", "--in", "work", "--yes"];
        terminal.kw(&[&["place", "erp", "--client", "dotenv"][..], &variable].concat()).ok();
        let files = [claude, codex, terminal.path("work/.env")];
        Self { terminal, id, files }
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
    }

    pub(super) fn secret(&self, key: &str) -> String {
        self.terminal.kw(&["reveal", key]).ok().stdout.trim_end().to_owned()
    }

    /// Every file has the secret, and its other bytes are as they were.
    pub(super) fn all_hold(&self, secret: &str) {
        let [claude, codex] =
            [CLAUDE, CODEX].map(|text| text.replace("old-not-a-real-key", secret));
        assert_eq!(self.texts(), [claude, codex, format!("ERP_KEY={secret}\n")]);
    }

    fn status(&self, key: &str) -> String {
        let shown = self.terminal.kw(&["show", key, "--json"]).ok().json();
        shown["row"]["status"].as_str().unwrap().to_owned()
    }
}

/// `kw` at work, and what it said on standard error until now.
struct AtWork {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl AtWork {
    fn start(terminal: &Terminal, words: &[&str]) -> Self {
        let mut command = terminal.command(words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (mut pipe, heard) = (child.stderr.take().unwrap(), Arc::clone(&said));
        thread::spawn(move || {
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = pipe.read(&mut bytes) {
                heard.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        Self { child, said }
    }

    /// Presses Ctrl-C as soon as it says this, and waits for the end.
    fn interrupt_at(mut self, words: &str) -> Ran {
        until(words, || self.said.lock().unwrap().contains(words));
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let code = self.child.wait().unwrap().code().unwrap();
        let mut stdout = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        until("its last words", || self.said.lock().unwrap().contains("kw resume"));
        let stderr = self.said.lock().unwrap().clone();
        Ran { words: words.into(), code, stdout, stderr }
    }
}

#[test]
fn a_key_is_replaced_in_all_its_files_and_proved_dead() {
    let placed = Placed::erp();
    let (terminal, control) = (&placed.terminal, placed.terminal.control());
    let old = placed.secret("erp");
    placed.all_hold(&old);

    let (before, keys) = (placed.texts(), control.keys().len());
    let plan = terminal.kw(&["rotate", "erp", "--plan", "--json"]).ok().json();
    assert_eq!(plan["plan"], "create_then_revoke");
    assert_eq!(plan["places"].as_array().unwrap().len(), 3);
    let told = terminal.kw(&["rotate", "erp", "--plan"]).ok().stdout;
    assert!(told.contains("Nothing is revoked before all of them work."), "{told}");
    assert!(told.contains("+ ERP_KEY=••••••••") && !told.contains(&old), "{told}");
    assert_eq!((placed.texts(), control.keys().len()), (before, keys), "--plan changes nothing");
    let none = terminal.kw(&["rotations", "--all", "--json"]).ok().json();
    assert_eq!(none.as_array().unwrap().len(), 0);
    terminal.kw(&["rotate", "erp"]).ends(2);

    let ran = terminal.kw(&["rotate", "erp", "--yes", "--reason", "due", "--json"]).ok();
    let report = ran.json();
    assert_eq!(report["row"]["state"]["kind"], "done");
    assert_eq!(report["old_end"]["proof"], "refused");
    for line in ["Make the new key", "3 files have the new key", "refused, 1 of 3 in a row"] {
        assert!(ran.stderr.contains(line), "{line} in\n{}", ran.stderr);
    }
    // Its name means the key that works now.
    let new = placed.secret("erp");
    assert!(new != old && control.accepts(&new) && !control.accepts(&old));
    placed.all_hold(&new);
    assert_eq!(placed.status(&placed.id), "revoked");
    assert!(!ran.stderr.contains(&new) && !ran.stdout.contains(&new));

    let run = report["row"]["id"].as_str().unwrap();
    let told = terminal.kw(&["rotations", run.get(..8).unwrap()]).ok().stdout;
    assert!(told.contains("proved dead") && told.contains("every place has the new one"), "{told}");
    let text = terminal.kw(&["rotations", run, "--report", "md"]).ok().stdout;
    assert!(text.starts_with("# Replacement of “erp”"), "{text}");
    terminal.kw(&["rotations", run, "--report", "json", "--out", "report.json"]).ok();
    assert!(fs::read_to_string(terminal.path("report.json")).unwrap().contains("\"proof\""));
    terminal.kw(&["rotations", run, "--report", "json", "--out", "report.json"]).ends(1);
    assert!(terminal.kw(&["log"]).ok().stdout.contains("Replaced: every place has the new key."));
}

#[test]
fn a_proof_that_is_left_by_ctrl_c_is_taken_up_by_resume() {
    let placed = Placed::erp();
    let (terminal, control) = (&placed.terminal, placed.terminal.control());
    control.set_revoke_delay(Duration::from_secs(40));
    let left =
        AtWork::start(terminal, &["rotate", "erp", "--yes"]).interrupt_at("still works").ends(1);
    assert!(left.stderr.contains("Nothing is lost") && left.stdout.is_empty(), "{}", left.stderr);
    let shown = terminal.kw(&["show", &placed.id]).ok().stdout;
    assert!(shown.contains("revoking") && shown.contains("kw rotations"), "{shown}");
    let waiting = terminal.kw(&["check", "--json"]).ends(10).json();
    assert_eq!(waiting[0]["next"], "open_rotation", "{waiting}");
    assert!(terminal.kw(&["check"]).ends(10).stdout.contains("kw resume "));

    control.advance(Duration::from_mins(1));
    let resumed = terminal.kw(&["resume"]).ok();
    assert!(resumed.stdout.contains("No run is left"), "{}", resumed.stdout);
    assert_eq!(placed.status(&placed.id), "revoked");
    terminal.kw(&["check"]).ok();
}

#[test]
fn ctrl_c_while_the_key_is_made_loses_no_secret() {
    let placed = Placed::erp();
    let (terminal, control) = (&placed.terminal, placed.terminal.control());
    let made = control.keys().len();
    control.set_latency(Duration::from_millis(1500));
    AtWork::start(terminal, &["rotate", "erp", "--yes"]).interrupt_at("◌ Make the new key").ends(1);
    control.set_latency(Duration::ZERO);
    assert_eq!(control.keys().len(), made + 1, "what was sent was made");
    let report = terminal.kw(&["resume", "erp", "--json"]).ok().json();
    assert_eq!(report["row"]["state"]["kind"], "done", "{report}");
    assert_eq!(control.keys().len(), made + 1, "and none was made twice");
    placed.all_hold(&placed.secret("erp"));
}

#[test]
fn a_place_of_ones_own_is_confirmed_and_a_run_is_taken_back() {
    let placed = Placed::erp();
    let terminal = &placed.terminal;
    let old = placed.secret("erp");
    terminal.kw(&["place", "erp", "--told", "CI of the team"]).ok();
    let waits = terminal.kw(&["rotate", "erp", "--yes"]).ends(1).stdout;
    assert!(waits.contains("CI of the team") && waits.contains(" confirm 3"), "{waits}");
    assert!(waits.contains(" override --type erp") && waits.contains(" take-back"), "{waits}");
    assert_eq!(placed.status(&placed.id), "active", "nothing is revoked before all is verified");
    terminal.kw(&["rotation", "erp", "override", "--reason", "gone"]).ends(2);
    let wrong = ["rotation", "erp", "override", "--type", "other", "--reason", "gone"];
    terminal.kw(&wrong).ends(2);
    terminal.kw(&["rotation", "erp", "confirm", "9"]).ends(4);
    terminal.kw(&["rotation", "erp", "take-back"]).ends(2);

    terminal.kw(&["rotation", "erp", "take-back", "--yes"]).ok();
    assert_eq!(placed.secret(&placed.id), old);
    placed.all_hold(&old);

    terminal.kw(&["rotate", &placed.id, "--yes"]).ends(1);
    let done = terminal.kw(&["rotation", "erp", "confirm", "3", "--json"]).ok().json();
    assert_eq!(done["row"]["state"]["kind"], "done", "{done}");
    assert_eq!(placed.status(&placed.id), "revoked");
}

#[test]
fn a_time_of_grace_is_kept_and_can_be_ended() {
    let placed = Placed::erp();
    let terminal = &placed.terminal;
    let kept = terminal.kw(&["rotate", "erp", "--yes", "--grace", "1h"]).ok().stdout;
    assert!(kept.contains("in 1 hour") && kept.contains("end-grace"), "{kept}");
    assert_eq!(placed.status(&placed.id), "active");
    terminal.kw(&["resume"]).ok();
    assert_eq!(placed.status(&placed.id), "active");
    terminal.kw(&["rotation", "erp", "end-grace", "--no-wait"]).ok();
    assert_eq!(placed.status(&placed.id), "revoking");
    terminal.kw(&["resume", "erp"]).ok();
    assert_eq!(placed.status(&placed.id), "revoked");
}

#[test]
fn without_a_network_a_run_waits_and_goes_on_later() {
    let placed = Placed::erp();
    let terminal = &placed.terminal;
    terminal.kw(&["settings", "set", "--work-offline", "on"]).ok();
    let waits = terminal.kw(&["rotate", "erp", "--yes", "--json"]).ends(6).json();
    assert_eq!(waits["row"]["state"]["wait"]["kind"], "network", "{waits}");
    terminal.kw(&["resume"]).ends(6);
    terminal.kw(&["rotate", "erp", "--yes"]).ends(1);
    terminal.kw(&["settings", "set", "--work-offline", "off"]).ok();
    terminal.kw(&["resume"]).ok();
    assert_eq!(placed.status(&placed.id), "revoked");
}

#[test]
fn a_dashboards_key_is_brought_and_its_end_is_told() {
    let terminal = Terminal::with_vault().with_simulator();
    let url = terminal.servoagent_url();
    terminal.kw(&["connect", "servoagent", "--name", "team", "--base-url", &url]).ok();
    let dashboard = terminal.control().servoagent();
    let issue = |name: &str| {
        dashboard
            .issue(ServoAgentKey {
                name: name.into(),
                environment: Environment::Test,
                scopes: vec!["agents:read".into()],
                allow_list: Vec::new(),
            })
            .unwrap()
    };
    let first = issue("agents");
    let create = ["create", "team", "--name", "agents", "--scope", "agents:read"];
    let brought = [&create[..], &["--secret-file", "-"]].concat();
    terminal.kw_fed(&brought, &shown(&first.secret)).ok();

    let waits = terminal.kw(&["rotate", "agents", "--yes"]).ends(1).stdout;
    assert!(waits.contains("bring"), "{waits}");
    let second = issue("agents-2");
    let bring = ["rotation", "agents", "bring", "--secret-file", "-"];
    let waits = terminal.kw_fed(&bring, &shown(&second.secret)).ends(1);
    assert!(waits.stdout.contains(" revoked"), "{}", waits.stdout);
    assert!(!waits.stdout.contains(&shown(&second.secret)));
    assert!(dashboard.revoke(&first.key_id));
    let done = terminal.kw(&["rotation", "agents", "revoked", "--json"]).ok().json();
    assert_eq!(done["old_end"]["proof"], "refused", "{done}");
}
