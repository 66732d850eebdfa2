//! The main job: connect, create, use, note, find, revoke with proof.

use std::time::Duration;

use super::terminal::{SCOPES, Terminal};

#[test]
fn the_main_job_is_done_by_kw_alone() {
    let terminal = Terminal::connected();
    let control = terminal.control();
    control.set_revoke_delay(Duration::from_millis(1500));

    let id = terminal.create("erp import");
    let shown = terminal.kw(&["show", "erp", "--json"]).ok().json();
    assert_eq!(shown["row"]["id"], id.as_str());
    assert_eq!(shown["has_secret"], true);

    let secret = terminal.kw(&["reveal", "erp import"]).ok().stdout.trim_end().to_owned();
    assert!(control.accepts(&secret), "what kw reveals is what the platform gave");
    terminal.kw(&["probe", "erp import"]).ok();

    terminal
        .kw(&[
            "edit",
            &id,
            "--note",
            "for *nightly* import",
            "--tag",
            "erp",
            "--tag",
            "ci",
            "--use",
            "ERP importer=/srv/erp/.env",
            "--owner",
            "Ada",
            "--owner-kind",
            "person",
            "--rotation-days",
            "30",
        ])
        .ok();
    let found = terminal.kw(&["keys", "tag:erp", "note:nightly", "--json"]).ok().json();
    assert_eq!(found["total"], 1);
    assert_eq!(found["rows"][0]["uses"], 1);
    assert_eq!(
        terminal.kw(&["keys", "--json", "--", "-tag:erp"]).ok().json()["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["title"] == "erp import")
            .count(),
        0
    );

    // It is noted as used: that is not overridden by --yes.
    let refused = terminal.kw(&["revoke", &id, "--yes", "--json"]).ends(2).failure();
    assert_eq!(refused["code"], "invalid");
    assert!(control.accepts(&secret));

    let revoked = terminal.kw(&["revoke", &id, "--used-anyway", "erp import", "--json"]).ok();
    let proof = revoked.json();
    assert_eq!(proof["stage"]["kind"], "proved");
    assert!(proof["stage"]["window_ms"].as_u64().unwrap() >= 1000, "{proof}");
    assert!(revoked.stderr.contains("still works") && revoked.stderr.contains("refused"));
    assert!(!control.accepts(&secret));

    terminal.kw(&["probe", &id]).ends(5);
    terminal.kw(&["revoke", &id, "--yes"]).ends(1);
    assert_eq!(terminal.kw(&["keys", "is:revoked", "--json"]).ok().json()["total"], 1);
    assert!(terminal.kw(&["log", "--verify"]).ok().stdout.contains("whole"));
}

#[test]
fn the_proof_can_be_left_and_taken_up() {
    let terminal = Terminal::connected();
    let id = terminal.create("ci");
    let asked = terminal.kw(&["revoke", "ci", "--yes", "--no-wait", "--json"]).ok().json();
    assert_eq!(asked["stage"]["kind"], "asked");
    let shown = terminal.kw(&["show", &id, "--json"]).ok().json();
    assert_eq!(shown["row"]["status"], "revoking", "not called revoked before the proof");
    let proof = terminal.kw(&["revoke", "ci", "--json"]).ok().json();
    assert_eq!(proof["stage"]["kind"], "proved");
}

#[test]
fn a_form_shows_every_choice_and_a_dry_run_sends_nothing() {
    let terminal = Terminal::connected();
    let form = terminal.kw(&["create", "acme", "--form", "--json"]).ok().json();
    assert_eq!(form["axes"].as_array().unwrap().len(), 3);
    let told = terminal.kw(&["create", "acme", "--form"]).ok().stdout;
    for axis in form["axes"].as_array().unwrap() {
        for choice in axis["choices"].as_array().unwrap() {
            assert!(told.contains(choice["value"].as_str().unwrap()), "{choice} in\n{told}");
        }
    }
    let before = terminal.control().keys().len();
    let dry = ["create", "acme", "--name", "ci", "--scope", SCOPES, "--dry-run", "--json"];
    assert_eq!(terminal.kw(&dry).ok().json()["problems"].as_array().unwrap().len(), 0);
    let dry = ["create", "acme", "--name", "ci", "--scope", "svc:wiki:read", "--dry-run"];
    terminal.kw(&dry).ends(2);
    assert_eq!(terminal.control().keys().len(), before);
}

#[test]
fn a_key_goes_to_the_bin_and_comes_back() {
    let terminal = Terminal::connected();
    let id = terminal.create("ci");
    terminal.kw(&["delete", "ci"]).ok();
    terminal.kw(&["show", "ci"]).ends(4);
    assert_eq!(terminal.kw(&["keys", "is:deleted", "--json"]).ok().json()["total"], 1);
    let back = terminal.kw(&["restore", "ci", "--json"]).ok().json();
    assert_eq!(back["row"]["id"], id.as_str());
    terminal.kw(&["restore", "ci"]).ends(4);
    terminal.kw(&["reveal", "ci"]).ok();
}

#[test]
fn a_key_made_in_the_dashboard_is_found_by_refresh_and_completed_by_add() {
    let terminal = Terminal::connected();
    let issued = terminal.control().issue(super::troubles::dashboard_key("ci deploy")).unwrap();
    let report = terminal.kw(&["refresh", "acme", "--json"]).ok().json();
    assert_eq!(report[0]["new"], 1);
    let found = terminal.kw(&["show", "ci deploy", "--json"]).ok().json();
    assert_eq!(found["has_secret"], false);
    terminal.kw(&["reveal", "ci deploy"]).ends(4);

    let secret = super::secrets::shown(&issued.secret);
    let words = ["add", "acme", "--name", "ci deploy", "--secret-file", "-", "--json"];
    let added = terminal.kw_fed(&words, &format!("{secret}\n")).ok().json();
    assert_eq!(added["row"]["id"], found["row"]["id"], "completed, not doubled");
    assert_eq!(terminal.kw(&["reveal", "ci deploy"]).ok().stdout.trim_end(), secret);
}

#[test]
fn settings_are_kept() {
    let terminal = Terminal::with_vault();
    terminal.kw(&["settings", "set", "--rotation-days", "30"]).ok();
    terminal.kw(&["settings", "set", "--rotation-days", "0"]).ends(2);
    let settings = terminal.kw(&["settings", "--json"]).ok().json();
    assert_eq!(settings["rotation_days"], 30);
    assert_eq!(settings["work_offline"], false);
}

#[test]
fn a_removed_connection_leaves_its_keys_readable() {
    let terminal = Terminal::connected();
    terminal.create("ci");
    terminal.kw(&["disconnect", "acme"]).ends(2);
    terminal.kw(&["disconnect", "acme", "--yes"]).ok();
    assert_eq!(terminal.kw(&["connections", "--json"]).ok().json().as_array().unwrap().len(), 0);
    terminal.kw(&["reveal", "ci"]).ok();
    terminal.kw(&["revoke", "ci", "--yes"]).ends(1);
}
