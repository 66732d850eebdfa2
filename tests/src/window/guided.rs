//! Keys that are made and ended in dashboards: the window says the steps and opens the page, a
//! person clicks through it in a browser beside it, and the platform's refusal has the last word.

use std::{
    fs, io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;

use super::{
    driver::Driver,
    job::{self, Job},
    screen::until,
};

/// Longer than a proof of a platform that revokes at once takes.
const PROOF: Duration = Duration::from_mins(1);

/// One platform, and what a person chooses and clicks there.
struct Platform {
    id: &'static str,
    settings: &'static [(&'static str, &'static str)],
    name: &'static str,
    scopes: fn(&Driver),
    /// Fills in the dashboard's own form.
    form: fn(&Driver),
    /// Whether the window knows the dashboard's address.
    has_page: bool,
}

const SPECIVO: Platform = Platform {
    id: "specivo",
    settings: &[("mcp_path", "mcp")],
    name: "claude-code",
    scopes: |app| {
        app.click("scope-mcp");
        app.click("create-owner-service");
    },
    form: |browser| browser.click("scope-mcp"),
    has_page: true,
};

const BIVARIANT: Platform = Platform {
    id: "bivariant",
    settings: &[("probe_path", "api/collections")],
    name: "nightly-export",
    scopes: |app| {
        app.type_into("scope-free-organization", "acme\u{e007}");
        app.click("scope-collections:read");
    },
    form: |browser| {
        browser.choose("organization", "acme");
        browser.click("permission-collections:read");
    },
    has_page: false,
};

#[test]
fn keys_of_dashboards_are_made_and_ended_step_by_step() {
    let mut job = Job::new();
    let opened = own_browser(job.programs());
    let app = job.start();
    job::make_a_vault(&mut job, &app);
    let profile = TempDir::new().unwrap();
    let browser = Driver::browser(&job.screen, profile.path());
    for platform in [SPECIVO, BIVARIANT] {
        connect(&job, &app, &platform);
        create(&mut job, &app, &browser, (&platform, &opened));
        revoke(&job, &app, &browser, (&platform, &opened));
    }
    job::no_canary_came_into_the_window(&job, &app);
    browser.quit();
    app.quit();
    job::nothing_left_behind(&job);
}

/// A program in the browser's place, which writes down what it was asked to open.
fn own_browser(folder: &Path) -> PathBuf {
    let opened = folder.join("opened");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", opened.display());
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o755)
        .open(folder.join("xdg-open"))
        .unwrap();
    io::Write::write_all(&mut file, script.as_bytes()).unwrap();
    opened
}

/// The address of a platform, and of its dashboard's page.
fn address(job: &Job, id: &str) -> (String, String) {
    let all = job.platform().addresses();
    let one = all.into_iter().find(|address| address.platform == id).unwrap();
    (one.base_url, one.page.unwrap())
}

fn connect(job: &Job, app: &Driver, platform: &Platform) {
    app.click("nav-connections");
    if app.sees("empty-connect") {
        app.click("empty-connect");
    } else {
        app.click("connect-open");
    }
    app.wait_for("platform-search");
    job.screen.picture("platforms");
    app.type_into("platform-search", platform.id);
    app.click(&format!("platform-{}", platform.id));
    for (name, value) in platform.settings {
        app.type_into(&format!("connect-var-{name}"), value);
    }
    app.retype("connect-name", platform.id);
    app.retype("connect-base-url", &address(job, platform.id).0);
    app.click("connect-none");
    app.wait_until_gone("connect");
}

fn create(job: &mut Job, app: &Driver, browser: &Driver, (platform, opened): (&Platform, &Path)) {
    app.click("nav-keys");
    app.click("new-key");
    if app.sees("create-connection") {
        app.click_by(&format!("[data-testid='create-connection'][data-name='{}']", platform.id));
    }
    app.type_into("create-name", platform.name);
    (platform.scopes)(app);
    job.screen.picture(&format!("guided-form-{}", platform.id));
    app.click("create-next");
    app.wait_for("guide-steps");
    job.screen.picture(&format!("guided-create-{}", platform.id));
    let page = page_of(job, app, "guide-open", (platform, opened));
    let value = make_there(browser, &page, platform);
    job.guard(&format!("the {} key", platform.id), &value);
    // What else is on the clipboard is refused in words first.
    job.screen.copy("something else entirely");
    app.click("guide-paste");
    app.wait_for("guide-problem");
    job.screen.copy(&value);
    app.click("guide-paste");
    app.wait_for("create-done");
    assert!(app.sees("guided-verdict"), "the first try is told");
    job.screen.picture(&format!("guided-done-{}", platform.id));
    assert_eq!(job.screen.pasted(), "", "what was brought does not stay on the clipboard");
    app.click("created-open");
    app.reads("detail-title", platform.name);
}

/// The dashboard's page, as the window opened it where it knows the address.
fn page_of(
    job: &Job,
    app: &Driver,
    button: &str,
    (platform, opened): (&Platform, &Path),
) -> String {
    let page = address(job, platform.id).1;
    if platform.has_page {
        fs::remove_file(opened).ok();
        app.click(button);
        let asked = || fs::read_to_string(opened).unwrap_or_default();
        assert!(until(PROOF, || asked().trim() == page), "opened {:?}, not {page}", asked());
    } else {
        assert!(!app.sees(button), "an address that nobody told is not opened");
    }
    page
}

/// A person makes the key in the dashboard, and reads its value there.
fn make_there(browser: &Driver, page: &str, platform: &Platform) -> String {
    browser.go_to(page);
    browser.click("new-key");
    browser.type_into("key-name", platform.name);
    (platform.form)(browser);
    browser.click("create-key");
    browser.wait_for("new-key-value");
    browser.text("new-key-value").trim().to_owned()
}

fn revoke(job: &Job, app: &Driver, browser: &Driver, (platform, opened): (&Platform, &Path)) {
    app.click("revoke-open");
    app.wait_for("revoke-guide");
    job.screen.picture(&format!("guided-revoke-{}", platform.id));
    let page = page_of(job, app, "revoke-guide-open", (platform, opened));
    // Said too soon: it is tried, and goes on working.
    app.click("revoke-guided-confirm");
    app.wait_for("revoke-stage");
    let stage = || app.attribute("revoke-stage", "data-stage");
    assert_ne!(stage(), "proved");
    browser.go_to(&page);
    let row = format!("[data-testid='key-row'][data-name='{}']", platform.name);
    browser.click_by(&format!("{row} [data-testid='revoke-key']"));
    let proved = until(PROOF, || stage() == "proved");
    assert!(proved, "the proof came to {}", stage());
    job.screen.picture(&format!("guided-proof-{}", platform.id));
    app.click("revoke-close");
    app.reads("detail-status", "evoked");
}
