//! Runs that end as they should.

use std::time::Duration;

use keywright_model::{
    EventKind, RotationState, Status,
    expiry::Lifetime,
    rotation::{PlanKind, Step, Todo, Wait},
};
use keywright_service::wire::{
    ExportReport, ListEvents, ReportFormat, RotateKey, RotationAction, StepFate,
};

use super::stage::{Stage, ask, placed, waits_for_person};

#[tokio::test]
async fn a_plan_tells_everything_and_changes_nothing() {
    let stage = Stage::set().await;
    let before = stage.texts();
    let plan = stage.desk.service.plan_rotation(stage.ask()).unwrap();
    assert!(plan.ready, "{plan:?}");
    assert_eq!(plan.plan, PlanKind::CreateThenRevoke);
    assert_eq!(plan.name, "erp");
    assert_eq!(plan.lifetime, Lifetime::Days(90));
    assert_eq!(plan.places.len(), 3);
    assert!(plan.places.iter().all(|place| place.todo == Todo::Write && place.change.is_some()));
    let shown = format!("{plan:?}");
    assert!(!shown.contains(&stage.value(stage.old)), "no secret is told");
    assert_eq!(stage.texts(), before);
    assert_eq!(stage.desk.names_at_platform().iter().filter(|name| *name == "erp").count(), 1);
    let order: Vec<Step> = plan.steps.iter().map(|step| step.step).collect();
    assert_eq!(
        order,
        [Step::Check, Step::Create, Step::Place, Step::Verify, Step::Revoke, Step::Prove]
    );
}

#[tokio::test]
async fn a_key_in_three_files_is_replaced_and_the_old_one_proved_dead() {
    let stage = Stage::set().await;
    let before = stage.texts();
    let old = stage.value(stage.old);
    let id = stage.start(stage.ask());
    let row = stage.run(id).await;
    let new = stage.is_done(&row);
    // No other byte is changed.
    let value = stage.value(new);
    let wanted: Vec<String> = before.iter().map(|text| text.replace(&old, &value)).collect();
    assert_eq!(stage.texts(), wanted);
    assert!(!stage.desk.sim.control().accepts(&old));
    assert!(stage.desk.sim.control().accepts(&value));
    let report = stage.report(id);
    assert_eq!(placed(&report), 3);
    assert!(report.steps.iter().all(|step| step.fate == StepFate::Done), "{:?}", report.steps);
    assert!(report.old_end.proved.is_some() && report.old_end.window_ms.is_some());
    let detail = stage.desk.service.key_detail(new).unwrap();
    assert_eq!(detail.row.uses, 3);
    assert_eq!(stage.desk.service.key_detail(stage.old).unwrap().row.uses, 0);
    assert_eq!(detail.rotation.map(|row| row.id), Some(id));
}

#[tokio::test]
async fn a_report_is_given_away_as_text_without_a_secret() {
    let stage = Stage::set().await;
    let old = stage.value(stage.old);
    let id = stage.start(stage.ask());
    let row = stage.run(id).await;
    let new = stage.value(row.new.unwrap());
    for format in [ReportFormat::Markdown, ReportFormat::Json] {
        let report =
            stage.desk.service.export_report(ExportReport { rotation: id, format }).unwrap();
        assert!(!report.text.contains(&old) && !report.text.contains(&new), "{}", report.text);
        assert!(report.name.starts_with("rotation-erp-"), "{}", report.name);
        assert!(report.text.contains("refused") || format == ReportFormat::Json);
    }
}

#[tokio::test]
async fn grace_is_waited_for_and_can_be_ended() {
    for by_hand in [false, true] {
        let stage = Stage::set().await;
        let id = stage.start(RotateKey { grace_s: 3600, ..stage.ask() });
        let row = stage.run(id).await;
        assert!(
            matches!(row.state, RotationState::Waiting { wait: Wait::Until(_), .. }),
            "{:?}",
            row.state
        );
        stage.all_hold(row.new.unwrap(), stage.old);
        assert_eq!(stage.status(stage.old), Status::Active);
        stage.desk.service.resume_rotations().await.unwrap();
        assert_eq!(stage.status(stage.old), Status::Active, "its time has not come");
        if by_hand {
            stage.act(id, RotationAction::EndGrace).await;
        } else {
            stage.desk.time.pass(Duration::from_secs(3601));
            stage.desk.service.resume_rotations().await.unwrap();
        }
        stage.is_done(&stage.run(id).await);
    }
}

#[tokio::test]
async fn narrower_scopes_are_taken_and_verified_before_the_old_key_ends() {
    let stage = Stage::set().await;
    let scopes = ["org:acme", "agent:cto", "svc:wiki:read"].map(String::from).to_vec();
    let request = RotateKey { scopes: Some(scopes.clone()), ..stage.ask() };
    let plan = stage.desk.service.plan_rotation(request.clone()).unwrap();
    let wide = |plan: &keywright_service::wire::RotationPlan| {
        plan.warnings.iter().any(|warning| warning.contains("may do things"))
    };
    assert!(plan.ready && !wide(&plan), "{:?}", plan.warnings);
    let id = stage.start(request);
    let new = stage.is_done(&stage.run(id).await);
    assert_eq!(stage.desk.service.key_detail(new).unwrap().scopes, scopes);
    let wider = ["org:acme", "agent:*", "svc:wiki:*"].map(String::from).to_vec();
    let plan =
        stage.desk.service.plan_rotation(RotateKey { scopes: Some(wider), ..ask(new) }).unwrap();
    assert!(wide(&plan), "{plan:?}");
}

#[tokio::test]
async fn places_of_other_machines_are_confirmed_before_anything_ends() {
    let stage = Stage::set().await;
    let note = keywright_service::wire::NotePlace {
        key: stage.old,
        client: None,
        machine: "buildbox".into(),
        project: String::new(),
        words: "the nightly build".into(),
        note: String::new(),
    };
    stage.desk.service.note_place(note).unwrap();
    let id = stage.start(stage.ask());
    let row = stage.run(id).await;
    assert!(waits_for_person(&row).contains("nightly build"), "{:?}", row.state);
    assert_eq!(stage.status(stage.old), Status::Active);
    let stop = stage.report(id).stops.into_iter().find(|stop| stop.todo == Todo::Confirm).unwrap();
    let row = stage.act(id, RotationAction::Confirm { stop: stop.n }).await;
    let new = stage.is_done(&row);
    assert_eq!(stage.desk.service.key_detail(new).unwrap().row.uses, 4);
}

#[tokio::test]
async fn what_is_overridden_is_typed_and_recorded() {
    let stage = Stage::set().await;
    let note = keywright_service::wire::NotePlace {
        key: stage.old,
        client: None,
        machine: "gone".into(),
        project: String::new(),
        words: "a box that nobody has".into(),
        note: String::new(),
    };
    stage.desk.service.note_place(note).unwrap();
    let id = stage.start(stage.ask());
    stage.run(id).await;
    let wrong = keywright_service::wire::ActOnRotation {
        rotation: id,
        action: RotationAction::Override { typed: "no".into(), reason: "it is gone".into() },
    };
    assert!(stage.desk.service.act_on_rotation(wrong).await.is_err());
    let action = RotationAction::Override { typed: "erp".into(), reason: "it is gone".into() };
    let row = stage.act(id, action).await;
    assert_eq!(row.state, RotationState::Done);
    assert_eq!(stage.report(id).overrides.len(), 1);
    let events = stage.desk.service.list_events(ListEvents { before: None, limit: 50, key: None });
    let events = events.unwrap().lines;
    assert!(events.iter().any(|line| matches!(line.event, EventKind::RotationOverridden { .. })));
    stage.holds();
}
