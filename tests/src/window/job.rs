//! First run, connect, create, copy, note, search, reveal, revoke with proof, lock, unlock, and
//! a restart without a network.

use std::{fs, path::Path, time::Duration};

use keywright_simulator::{Options, Running, Simulator};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::{
    driver::{Driver, Place},
    screen::{Screen, until},
};
use crate::canary::{Canary, sweep_folder, sweep_processes};

const PASSPHRASE: &str = "seven grey herons over a fake mill";
const NOTE: &str = "Asks Mira before pausing it";
/// How long the platform goes on taking a revoked key.
const DELAY: Duration = Duration::from_secs(2);
/// Longer than a copied secret or a reveal window may stay.
const STAYS: Duration = Duration::from_secs(45);

/// Everything that one run of the job needs.
pub(super) struct Job {
    pub(super) screen: Screen,
    runtime: Runtime,
    platform: Option<Running>,
    home: TempDir,
    temporary: TempDir,
    transcript: TempDir,
    programs: TempDir,
    canaries: Vec<Canary>,
}

impl Job {
    pub(super) fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let options = Options { revoke_delay: DELAY, preload: 3, ..Options::default() };
        let platform = runtime.block_on(Simulator::start(options)).unwrap();
        Self {
            screen: Screen::start(),
            runtime,
            platform: Some(platform),
            home: TempDir::new().unwrap(),
            temporary: TempDir::new().unwrap(),
            transcript: TempDir::new().unwrap(),
            programs: TempDir::new().unwrap(),
            canaries: vec![Canary::new("the passphrase", PASSPHRASE)],
        }
    }

    pub(super) fn start(&self) -> Driver {
        Driver::start(
            &self.screen,
            &Place {
                home: self.home.path(),
                temporary: self.temporary.path(),
                transcript: &self.transcript_file(),
                programs: self.programs.path(),
            },
        )
    }

    /// A folder of programs that the application finds before the system's.
    pub(super) fn programs(&self) -> &Path {
        self.programs.path()
    }

    /// The home directory that the application sees.
    pub(super) fn person(&self) -> &Path {
        self.temporary.path()
    }

    fn transcript_file(&self) -> std::path::PathBuf {
        self.transcript.path().join("messages")
    }

    /// From now on this must be found nowhere.
    pub(super) fn guard(&mut self, name: &str, value: &str) {
        self.canaries.push(Canary::new(name, value));
    }

    pub(super) fn platform(&self) -> &Running {
        self.platform.as_ref().unwrap()
    }
}

#[test]
fn a_person_does_the_whole_job_in_the_window() {
    let mut job = Job::new();
    let app = job.start();
    make_a_vault(&mut job, &app);
    connect(&mut job, &app);
    let secret = create(&mut job, &app);
    note_and_search(&job, &app);
    reveal(&app, &secret);
    revoke(&job, &app, &secret);
    lock_and_unlock(&job, &app);
    no_secret_came_into_the_window(&job, &app);
    app.quit();

    go_offline(&mut job);
    let app = job.start();
    still_readable_offline(&mut job, &app, &secret);
    app.quit();
    nothing_left_behind(&job);
}

pub(super) fn make_a_vault(job: &mut Job, app: &Driver) {
    app.turn_to("door.html");
    app.wait_for("door-passphrase");
    job.screen.picture("first-run");
    app.type_into("door-passphrase", PASSPHRASE);
    app.wait_for("door-strength");
    app.type_into("door-repeat", PASSPHRASE);
    app.click("door-create");
    let groups: Vec<String> = (0..7).map(|at| app.text(&format!("recovery-group-{at}"))).collect();
    job.guard("the recovery code", &groups.join("-"));
    job.guard("the recovery code in one word", &groups.concat());
    app.click("recovery-next");
    answer_groups(app, &["0000", "0000"]);
    app.reads("door-error", "not what was shown");
    let asked: Vec<&str> = [0, 1].map(|field| groups[asked_group(app, field)].as_str()).into();
    answer_groups(app, &asked);
    app.turn_to("");
    app.wait_for("first-use");
    assert!(app.has_windows(1, STAYS), "the door is gone: {:?}", app.addresses());
    app.turn_to("");
    job.screen.picture("first-use");
}

fn answer_groups(app: &Driver, answers: &[&str]) {
    for (field, answer) in answers.iter().enumerate() {
        app.retype(&format!("recovery-answer-{field}"), answer);
    }
    app.click("door-confirm");
}

/// "Group 3" is the group at 2.
fn asked_group(app: &Driver, field: usize) -> usize {
    let label = app.text_by(&format!("label[for='answer-{field}']"));
    let number: usize = label.rsplit(' ').next().unwrap().parse().unwrap();
    number - 1
}

pub(super) fn connect(job: &mut Job, app: &Driver) {
    let credential = expose(&job.platform().agent_ceo_credential().unwrap());
    job.guard("the management credential", &credential);
    job.screen.copy(&credential);
    app.click("connect-agent-ceo");
    app.type_into("connect-var-org_id", "acme");
    app.retype("connect-name", "Acme");
    app.click("connect-elsewhere");
    app.retype("connect-base-url", &job.platform().base_url());
    job.screen.picture("connect");
    app.click("connect-clipboard");
    app.wait_until_gone("connect");
    assert_eq!(job.screen.pasted(), "", "what was brought does not stay on the clipboard");
    app.click("nav-keys");
    app.wait_for("key-row");
    job.screen.picture("keys");
}

pub(super) fn create(job: &mut Job, app: &Driver) -> String {
    app.click("new-key");
    app.type_into("create-name", "erp-import");
    app.click("scope-agent:cto");
    app.click("scope-svc:wiki:read");
    app.click("lifetime-90");
    app.reads("blast", "wiki");
    job.screen.picture("create");
    app.click("create-next");
    app.click("create-submit");
    app.wait_for("create-done");
    job.screen.picture("created");
    app.click("created-copy");
    assert!(until(STAYS, || job.screen.pasted().starts_with("ace_")), "the secret can be pasted");
    let secret = job.screen.pasted();
    job.guard("the created secret", &secret);
    assert!(job.platform().control().accepts(&secret), "what was copied works");
    let forms = job.screen.forms();
    assert!(forms.contains("x-kde-passwordManagerHint"), "histories are kept away: {forms}");
    assert_eq!(job.screen.primary(), "", "the middle mouse button pastes nothing");
    app.type_into("created-use-client", "ERP importer");
    app.click("created-use-save");
    app.click("created-open");
    app.wait_for("detail");
    secret
}

fn note_and_search(job: &Job, app: &Driver) {
    app.reads("detail-title", "erp-import");
    app.click("note-edit");
    app.type_into("note-text", NOTE);
    app.click("note-save");
    app.reads("note", NOTE);
    job.screen.picture("detail");
    app.retype("search", "erp");
    app.wait_for_by("[data-testid='key-row'][data-name='erp-import']");
    app.retype("search", "nothing-has-this-name");
    app.wait_for("no-match");
    app.retype("search", "tag:");
    app.wait_for("search-problem");
    app.retype("search", "name:erp");
    app.click_by("[data-testid='key-row'][data-name='erp-import']");
    app.reads("detail-title", "erp-import");
}

/// The secret is shown by a page of its own that runs nothing, and is gone soon.
fn reveal(app: &Driver, secret: &str) {
    app.click("reveal");
    app.turn_to("reveal://");
    // No picture of this one: it would show a secret, if only a simulator's.
    assert!(app.source().contains(secret), "a person can read the secret");
    // WebDriver's own scripts run beside the page, so it is the page that is asked to.
    let asks_the_page = "document.body.setAttribute('onclick', 'document.title = `ran`');\
         document.body.click(); return document.title";
    assert_eq!(app.run(asks_the_page).unwrap(), "Secret", "the page runs no script");
    assert!(app.has_windows(1, STAYS), "the window closes by itself: {:?}", app.addresses());
    app.turn_to("");
    assert!(!app.source().contains(secret), "the main view never had it");
}

fn revoke(job: &Job, app: &Driver, secret: &str) {
    app.click("revoke-open");
    app.wait_for("revoke");
    job.screen.picture("revoke");
    if app.sees("revoke-typed") {
        app.type_into("revoke-typed", "erp-import");
    }
    app.click("revoke-confirm");
    app.wait_for("revoke-stage");
    let stage = || app.attribute("revoke-stage", "data-stage");
    let mut early = false;
    let proved = until(STAYS, || {
        let stage = stage();
        early |= stage == "proved" && job.platform().control().accepts(secret);
        stage == "proved"
    });
    assert!(proved, "the proof came to {}", stage());
    assert!(!early, "revoked was said while the key still worked");
    job.screen.picture("proof");
    app.click("revoke-close");
    app.reads("detail-status", "evoked");
}

fn lock_and_unlock(job: &Job, app: &Driver) {
    app.press_control("l");
    app.turn_to("door.html");
    assert!(app.has_windows(1, STAYS), "the main view is gone: {:?}", app.addresses());
    app.turn_to("door.html");
    assert_eq!(job.screen.pasted(), "", "locking clears the clipboard");
    app.wait_for("door-passphrase");
    job.screen.picture("locked");
    app.type_into("door-passphrase", "nine red foxes under a fake hill");
    app.click("door-unlock");
    app.wait_for("door-error");
    unlock(job, app);
}

pub(super) fn unlock(job: &Job, app: &Driver) {
    app.turn_to("door.html");
    app.retype("door-passphrase", PASSPHRASE);
    app.click("door-unlock");
    app.turn_to("");
    app.click("nav-overview");
    app.wait_for("overview");
    job.screen.picture("overview");
}

/// The page may do only what the table says, whoever speaks in it.
fn no_secret_came_into_the_window(job: &Job, app: &Driver) {
    let messages = fs::read(job.transcript_file()).unwrap();
    let text = String::from_utf8_lossy(&messages);
    for step in ["create_key", "copy_secret", "reveal_secret", "connect", "revoke_key", "progress"]
    {
        assert!(text.contains(&format!("\"name\":\"{step}\"")), "{step} was written down");
    }
    no_canary_came_into_the_window(job, app);
    let planted = [messages, PASSPHRASE.as_bytes().to_vec()].concat();
    assert_ne!(job.canaries[0].find("planted", &planted), [], "a leak would be seen");
    for command in ["unlock", "make_vault", "plugin:app|version", "plugin:event|emit"] {
        let script = format!(
            "return window.__TAURI_INTERNALS__.invoke('{command}', {{ request: null, event: 'x' }})\
             .then(() => 'allowed', (error) => String(error))"
        );
        let answer = app.run(&script).unwrap_or_default();
        assert!(answer.to_string().contains("not allowed"), "{command}: {answer}");
    }
}

/// Nothing that is guarded stands in a message to the main view, or in its page.
pub(super) fn no_canary_came_into_the_window(job: &Job, app: &Driver) {
    let messages = fs::read(job.transcript_file()).unwrap();
    for canary in &job.canaries {
        assert_eq!(canary.find("a message to the main view", &messages), [], "in the transcript");
        assert_eq!(canary.find("the page", app.source().as_bytes()), [], "in the page");
    }
}

fn go_offline(job: &mut Job) {
    let platform = job.platform.take().unwrap();
    job.runtime.block_on(platform.shutdown());
}

fn still_readable_offline(job: &mut Job, app: &Driver, secret: &str) {
    unlock(job, app);
    app.click("nav-keys");
    app.wait_for_by("[data-testid='key-row'][data-name='erp-import']");
    app.click_by("[data-testid='key-row'][data-name='erp-import']");
    app.reads("note", NOTE);
    app.reads("detail-status", "evoked");
    app.click("copy-secret");
    assert!(until(STAYS, || job.screen.pasted() == *secret), "the secret is still there");
    let swept = sweep_processes(&job.canaries).unwrap();
    assert_eq!(swept, [], "in an argument or environment");
    assert!(until(STAYS, || job.screen.pasted().is_empty()), "the clipboard is cleared");
    app.click("network");
    app.click("refresh-all");
    job.screen.picture("offline");
    app.click("nav-connections");
    job.screen.picture("connections");
    app.click("nav-activity");
    app.reads("chain", "intact");
    job.screen.picture("activity");
}

pub(super) fn nothing_left_behind(job: &Job) {
    for folder in [job.home.path(), job.temporary.path(), job.transcript.path()] {
        assert_eq!(sweep_folder(folder, &job.canaries).unwrap(), [], "{}", folder.display());
    }
    let planted = job.temporary.path().join("planted");
    plant(&planted);
    assert_ne!(sweep_folder(job.temporary.path(), &job.canaries).unwrap(), [], "a leak is seen");
}

#[expect(clippy::disallowed_methods, reason = "a leak is planted to see that it is found")]
fn plant(file: &Path) {
    fs::write(file, PASSPHRASE).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "a person would have it on the clipboard")]
fn expose(secret: &keywright_model::Secret) -> String {
    secret.expose().to_owned()
}
