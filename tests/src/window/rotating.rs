//! A key that stands in three clients' files is replaced past a file that cannot be written, then
//! once more because it leaked; many are replaced at once.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use super::{
    driver::Driver,
    job::{self, Job},
    places,
    screen::until,
};

/// What replacing a key may take here: the platform goes on taking the old one for two seconds.
const PATIENCE: Duration = Duration::from_mins(1);
/// What somebody left behind in the second file.
const BROKEN: &str = "# mine\n<<<<<<< HEAD\nmodel = \"gpt-5\"\n";

#[test]
fn a_key_is_replaced_past_a_client_that_fails_and_again_when_it_leaks() {
    let mut job = Job::new();
    job.screen.pictures = false;
    let files: Vec<PathBuf> =
        places::lay_out(job.person()).into_iter().map(|(path, _)| path).collect();
    let app = job.start();
    job::make_a_vault(&mut job, &app);
    job::connect(&mut job, &app);
    let first = job::create(&mut job, &app);
    places::choose_clients(&app);
    app.click("place-preview");
    app.wait_for("place-change");
    app.click("place-apply");
    app.wait_for("place-result");
    app.click("place-done");
    job.screen.pictures = true;

    let second = rotate(&mut job, &app, &files, &first);
    let third = replace_leaked(&mut job, &app, &files, &second);
    replace_many(&mut job, &app, &files, &third);
    for file in &files {
        fs::remove_file(file).unwrap();
    }
    job::no_canary_came_into_the_window(&job, &app);
    app.quit();
    job::nothing_left_behind(&job);
}

/// The second of three files is broken when it begins.
fn rotate(job: &mut Job, app: &Driver, files: &[PathBuf], old: &str) -> String {
    let whole = fs::read_to_string(&files[1]).unwrap();
    app.click("rotate-open");
    app.wait_for("rotation-step");
    app.type_into("rotate-reason", "Mira left the team");
    job.screen.picture("rotate-plan");
    places::write(&files[1], BROKEN);
    app.click("rotate-begin");
    waits_for_a_person(app);
    app.reads("run-words", "config.toml");
    job.screen.picture("rotate-waits");
    assert_eq!(fs::read_to_string(&files[1]).unwrap(), BROKEN, "it is left as it was");
    for file in [&files[0], &files[2]] {
        assert!(fs::read_to_string(file).unwrap().contains(old), "all or none");
    }
    assert!(job.platform().control().accepts(old), "nothing is ended before all is verified");

    places::write(&files[1], &whole);
    app.click("run-resume");
    app.wait_for("run-confirm");
    assert!(job.platform().control().accepts(old), "a place of which only a person knows is left");
    job.screen.picture("rotate-confirm");
    app.click("run-confirm");
    has_ended(job, app, old);
    let new = holds_the_same(job, files, old);
    app.reads("report", "Mira left the team");
    job.screen.picture("rotate-report");
    app.click("run-close");
    app.wait_until_gone("report");
    new
}

fn replace_leaked(job: &mut Job, app: &Driver, files: &[PathBuf], leaked: &str) -> String {
    app.click("nav-overview");
    app.click("leak-open");
    job.screen.copy("nothing like a key");
    app.click("leak-look");
    app.wait_for("leak-unknown");
    app.click("leak-again");
    job.screen.copy(&format!("curl -H 'Authorization: Bearer {leaked}' https://erp.example"));
    app.click("leak-look");
    app.wait_for("leak-key");
    app.type_into("leak-reason", "Pushed to a public repository");
    job.screen.picture("leak");
    let began = Instant::now();
    app.click("leak-confirm");
    app.click("run-confirm");
    has_ended(job, app, leaked);
    println!("a leaked key replaced in three places in {:.1} s", began.elapsed().as_secs_f64());
    let new = holds_the_same(job, files, leaked);
    app.click("run-close");
    app.wait_until_gone("report");
    new
}

/// All keys that a query finds, of which some have no secret here.
fn replace_many(job: &mut Job, app: &Driver, files: &[PathBuf], leaked: &str) {
    app.click("nav-keys");
    app.retype("search", "status:active");
    app.click("many");
    app.click("query-rotate");
    app.wait_for("bulk-line");
    job.screen.picture("bulk-plan");
    app.click("bulk-begin");
    app.wait_for("bulk-run");
    app.wait_for_by("[data-testid='bulk-run-row'][data-state='done']");
    let moves = ":is([data-state='queued'],[data-state='running'])";
    let moving = || app.count(&format!("[data-testid='bulk-run-row']{moves}"));
    assert!(until(PATIENCE, || moving() == 0), "each comes to an end or waits");
    job.screen.picture("bulk-run");
    app.click_by(
        "[data-testid='bulk-run-row'][data-state='waiting'] [data-testid='bulk-run-open']",
    );
    app.click("run-confirm");
    has_ended(job, app, leaked);
    holds_the_same(job, files, leaked);
    app.click("run-close");
}

fn waits_for_a_person(app: &Driver) {
    let waits = || app.attribute("run-state", "data-wait") == "person";
    assert!(until(PATIENCE, waits), "it waits for a person: {}", app.text("run-words"));
}

/// The run is over, and the old key was refused before that was said.
fn has_ended(job: &Job, app: &Driver, old: &str) {
    let mut early = false;
    let done = until(PATIENCE, || {
        let done = app.attribute("report", "data-state") == "done";
        early |= done && job.platform().control().accepts(old);
        done
    });
    assert!(done, "it ends: {}", app.text("run-words"));
    assert!(!early, "the end was told while the old key still worked");
}

/// The new key: it stands in all files, the old one in none, and it works.
fn holds_the_same(job: &mut Job, files: &[PathBuf], old: &str) -> String {
    let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let new = bearer(&texts[0]);
    for text in &texts {
        assert!(text.contains(&new) && !text.contains(old), "every file has the new key alone");
    }
    let control = job.platform().control();
    assert!(control.accepts(&new) && !control.accepts(old));
    job.guard("a replaced key", &new);
    new
}

fn bearer(text: &str) -> String {
    let rest = text.split_once("Bearer ").unwrap().1;
    rest.split(['"', '\'']).next().unwrap().to_owned()
}
