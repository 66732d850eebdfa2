//! What a client's own command says of the new key is heard before the old one ends.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use keywright_model::{RotationState, Status};
use keywright_service::wire::{NotePlace, PlaceKey, RotationAction};

use super::stage::{Stage, target, waits_for_person};

/// A stage with a `gemini` on `PATH` that says what stands in a file, and its settings.
async fn with_gemini(says: &str) -> (Stage, PathBuf) {
    let stage = Stage::set().await;
    let user = stage.desk.user();
    let settings = user.join(".gemini/settings.json");
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    fs::write(
        &settings,
        "{\"mcpServers\":{\"erp\":{\"httpUrl\":\"https://erp.example/mcp\",\"headers\":{}}}}\n",
    )
    .unwrap();
    let answer = user.join("answer");
    fs::write(&answer, says).unwrap();
    let program = user.join("bin/gemini");
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    let script = "#!/bin/sh\n[ \"$*\" = 'mcp list' ] && [ -d \"$HOME/.gemini\" ] && cat answer\n";
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let targets = vec![target("gemini-cli", "mcp-header", &[("server", "erp")])];
    let place = PlaceKey { key: stage.old, targets, insist: false };
    stage.desk.service.place_key(place).unwrap();
    (stage, answer)
}

const REFUSED: &str =
    "\u{2713} other: x - Connected\n\u{2717} erp: https://erp.example - Disconnected\n";
const TAKEN: &str =
    "\u{2717} other: x - Disconnected\n\u{2713} erp: https://erp.example - Connected\n";

#[tokio::test]
async fn a_client_that_is_refused_stops_it_before_anything_ends() {
    let (stage, answer) = with_gemini(REFUSED).await;
    let id = stage.start(stage.ask());
    let row = stage.run(id).await;
    assert!(waits_for_person(&row).contains("Gemini CLI (`gemini mcp list`)"), "{:?}", row.state);
    assert_eq!(stage.status(stage.old), Status::Active);
    stage.holds();
    fs::write(&answer, TAKEN).unwrap();
    let row = stage.act(id, RotationAction::Resume).await;
    stage.is_done(&row);
    let by = stage.report(id).verified_by;
    assert!(by.contains("Gemini CLI uses it (`gemini mcp list`)"), "{by}");
}

#[tokio::test]
async fn what_a_client_says_is_overridden_in_typed_words() {
    let (stage, _) = with_gemini(REFUSED).await;
    let id = stage.start(stage.ask());
    let row = stage.run(id).await;
    waits_for_person(&row);
    let typed = row.title.clone();
    let go_on = RotationAction::Override { typed, reason: "its server is down".into() };
    let row = stage.act(id, go_on).await;
    stage.is_done(&row);
    let overrides = stage.report(id).overrides;
    assert!(overrides[0].what.contains("Gemini CLI"), "{overrides:?}");
}

#[tokio::test]
async fn an_override_of_something_else_covers_no_refusal() {
    let (stage, _) = with_gemini(REFUSED).await;
    let told = NotePlace {
        key: stage.old,
        client: None,
        machine: "buildbox".into(),
        project: String::new(),
        words: "A cron job".into(),
        note: String::new(),
    };
    stage.desk.service.note_place(told).unwrap();
    let id = stage.start(stage.ask());
    let row = stage.run(id).await;
    assert!(waits_for_person(&row).contains("A cron job"), "{:?}", row.state);
    let go_on = |reason: &str| RotationAction::Override {
        typed: row.title.clone(),
        reason: reason.to_owned(),
    };
    let row = stage.act(id, go_on("it is gone")).await;
    assert!(waits_for_person(&row).contains("Gemini CLI"), "{:?}", row.state);
    assert_eq!(stage.status(stage.old), Status::Active);
    let row = stage.act(id, go_on("its server is down")).await;
    stage.is_done(&row);
}

#[tokio::test]
async fn a_client_that_says_nothing_clear_is_no_obstacle() {
    for says in ["", "\u{2717} other: https://erp.example - Disconnected\n"] {
        let (stage, _) = with_gemini(says).await;
        let id = stage.start(stage.ask());
        let row = stage.run(id).await;
        assert_eq!(row.state, RotationState::Done, "{:?}", stage.report(id));
        assert!(!stage.report(id).verified_by.contains("Gemini"));
    }
}
