//! What is asked for offline waits in the queue, outlives a restart, and is sent once.

use super::{
    driver::Driver,
    job::{self, Job},
    screen::until,
};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_mins(1);

#[test]
fn what_is_asked_offline_is_sent_once_and_what_no_longer_fits_is_held() {
    let mut job = Job::new();
    job.screen.pictures = false;
    let app = job.start();
    job::make_a_vault(&mut job, &app);
    job::connect(&mut job, &app);
    let secret = job::create(&mut job, &app);
    job.screen.pictures = true;
    turn_offline(&app);
    ask_for_a_key(&app, "nightly-report");
    ask_for_an_end(&app);
    app.quit();

    // Meanwhile somebody else ended the key, on the dashboard.
    let control = job.platform().control();
    let before = control.live_keys().len();
    let ours = control.keys().into_iter().find(|key| key.name == "erp-import").unwrap();
    assert!(control.revoke(&ours.id));
    let app = job.start();
    job::unlock(&job, &app);
    app.click("queued");
    let rows = || app.count("[data-testid='queue-row']");
    assert!(until(PATIENCE, || rows() == 2), "both waited: {}", rows());
    job.screen.picture("queue");
    change_the_name(&app, "nightly-report-2");
    app.click("queue-online");
    let made = || {
        let named = |key: &keywright_simulator::SimKey| key.name == "nightly-report-2";
        control.keys().iter().filter(|key| named(key)).count()
    };
    assert!(until(PATIENCE, || made() == 1), "the new key is made");
    app.reads("queue-held", "somebody ended it");
    job.screen.picture("queue-held");
    app.click("queue-cancel");
    app.click("confirm-do");
    app.wait_for("queue-empty");
    assert_eq!(made(), 1, "once");
    assert_eq!(control.live_keys().len(), before, "one came, one went");
    assert!(!control.accepts(&secret));
    job::no_canary_came_into_the_window(&job, &app);
    app.quit();
    job::nothing_left_behind(&job);
}

fn turn_offline(app: &Driver) {
    app.click("network");
    app.click("toggle-offline");
    app.reads("network", "ffline");
}

fn ask_for_a_key(app: &Driver, name: &str) {
    app.click("nav-keys");
    app.click("new-key");
    app.type_into("create-name", name);
    app.click("scope-agent:cto");
    app.click("scope-svc:wiki:read");
    app.click("lifetime-90");
    app.click("create-next");
    app.click("create-submit");
    app.wait_for("create-drafted");
    app.click("create-to-overview");
}

fn ask_for_an_end(app: &Driver) {
    app.click("nav-keys");
    app.click_by("[data-testid='key-row'][data-name='erp-import']");
    app.click("revoke-open");
    app.wait_for("revoke");
    if app.sees("revoke-typed") {
        app.type_into("revoke-typed", "erp-import");
    }
    app.click("revoke-confirm");
    app.wait_for("revoke-close");
    app.click("revoke-close");
    app.wait_for("queued");
}

fn change_the_name(app: &Driver, name: &str) {
    app.click("queue-edit");
    app.retype("draft-name", name);
    app.click("draft-save");
    app.wait_until_gone("draft");
}
