//! A key that lies about in a project is found, taken in, put into three clients' files after a
//! look at what changes, and taken out again to the identical bytes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use keywright_clients::file::Digest;

use super::{
    driver::Driver,
    job::{self, Job},
    screen::until,
};

/// The clients, their files below the home, and what stands in them.
const CLIENTS: [(&str, &str, &str); 3] = [
    (
        "claude-code",
        ".claude.json",
        "{\n  \"numStartups\": 12,\n  \"mcpServers\": {\n    \"erp\": {\n      \"type\": \
         \"http\",\n      \"url\": \"https://erp.example/mcp\",\n      \"headers\": \
         {\"Authorization\": \"Bearer ${ERP_KEY}\"}\n    }\n  }\n}\n",
    ),
    (
        "codex",
        ".codex/config.toml",
        "# mine\nmodel = \"gpt-5\" # fast enough\n\n[mcp_servers.erp]\nurl = \
         \"https://erp.example/mcp\"\nhttp_headers = { \"X-Team\" = \"erp\" }\n",
    ),
    (
        "cursor",
        ".cursor/mcp.json",
        "{\r\n\t\"mcpServers\": {\r\n\t\t\"erp\": {\r\n\t\t\t\"url\": \
         \"https://erp.example/mcp\",\r\n\t\t\t\"headers\": {}\r\n\t\t}\r\n\t}\r\n}\r\n",
    ),
];

#[test]
fn a_key_is_found_taken_in_placed_in_three_clients_and_taken_out_again() {
    let mut job = Job::new();
    let value = format!("sk-or-v1-{}", Digest::of(b"not a real key"));
    let files = lay_out(job.person());
    found_in_a_project(job.person(), &value);
    let app = job.start();
    job::make_a_vault(&mut job, &app);
    app.click("nav-clients");
    app.wait_for("clients-list");
    job.screen.picture("clients");
    scan(&job, &app);
    place(&job, &app);
    for (path, before) in &files {
        let after = fs::read_to_string(path).unwrap();
        assert!(after.contains(&value), "{} has the key", path.display());
        assert_ne!(after, *before);
    }
    job.screen.picture("place-done");
    take_out(&job, &app, &files);
    // It stands in the project's own file, where it was found; from now on nowhere else.
    job.guard("the key", &value);
    fs::remove_file(job.person().join("work/.env")).unwrap();
    job::no_canary_came_into_the_window(&job, &app);
    app.quit();
    job::nothing_left_behind(&job);
}

/// Makes the three clients' files, and tells where they are with what stands in them.
pub(super) fn lay_out(home: &Path) -> Vec<(PathBuf, String)> {
    let file = |text: &str, path: &str| {
        let path = home.join(path);
        write(&path, text);
        (path, text.to_owned())
    };
    CLIENTS.iter().map(|(_, path, text)| file(text, path)).collect()
}

fn found_in_a_project(home: &Path, value: &str) {
    let text = format!("# the nightly job\nOPENROUTER_API_KEY={value}\nLEVEL=debug\n");
    write(&home.join("work/.env"), &text);
}

/// Writes a file of another program.
#[expect(clippy::disallowed_methods, reason = "the files of other programs, made for a test")]
pub(super) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn scan(job: &Job, app: &Driver) {
    app.click("scan-open");
    app.type_into("scan-folders", job.person().join("work").to_str().unwrap());
    job.screen.picture("scan-ask");
    app.click("scan-start");
    app.wait_for("scan-row-0");
    job.screen.picture("scan");
    app.click("scan-take-in-0");
    app.reads("scan-row-0", "taken in");
    app.click("nav-keys");
    app.click_by("[data-testid='key-row']");
    app.wait_for("places");
    job.screen.picture("found-key");
}

fn place(job: &Job, app: &Driver) {
    choose_clients(app);
    job.screen.picture("place-where");
    app.click("place-preview");
    app.wait_for("place-change");
    job.screen.picture("place-diff");
    app.click("place-apply");
    app.wait_for("place-result");
}

/// From a key's pane: the server of that name in each of the three clients.
pub(super) fn choose_clients(app: &Driver) {
    app.click("place-open");
    for (client, ..) in CLIENTS {
        app.click(&format!("place-client-{client}"));
        let server =
            format!("[data-testid='place-target-{client}'] [data-testid='place-param-server']");
        app.retype_by(&server, "erp");
    }
}

fn take_out(job: &Job, app: &Driver, files: &[(PathBuf, String)]) {
    let buttons = "[data-testid='place-result'] [data-testid^='undo-']";
    for left in (0..files.len()).rev() {
        app.click_by(buttons);
        let gone = || u64::try_from(left).is_ok_and(|left| app.count(buttons) == left);
        assert!(until(std::time::Duration::from_secs(15), gone), "{left} are left to undo");
    }
    for (path, text) in files {
        assert_eq!(fs::read_to_string(path).unwrap(), *text, "{}", path.display());
    }
    job.screen.picture("place-undone");
    app.click("place-done");
}
