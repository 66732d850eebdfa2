//! What only a person can do for a run, asked one after another while they are at the terminal.

use keywright_model::{RotationId, rotation::Course};
use keywright_service::{
    Service,
    wire::{ActOnRotation, RotationAction, RotationActionKind, RotationReport},
};

use crate::{
    app::App,
    commands::{key::guide_words, rotate::act},
    error::Error,
    input::Input,
    show::{out::note, rotation, words::clean},
};

const LATER: &str = "Go on later with kw rotation.";

/// Asks for what a run waits for. False when nobody is there, or nothing was done.
pub(super) async fn checklist(
    app: &App,
    service: &Service,
    report: &RotationReport,
) -> Result<bool, Error> {
    if app.input.need_person(LATER).is_err() {
        return Ok(false);
    }
    let id = report.row.id;
    match report.row.actions.first() {
        Some(RotationActionKind::BringSecret) => {
            guide(report);
            let prompt = "The new key that it shows (Enter leaves it for later)";
            let Some(secret) = Input::typed_secret(prompt).filter(|typed| !typed.is_empty()) else {
                return Ok(false);
            };
            act::bring(service, id, secret, false).await?;
            Ok(true)
        }
        Some(RotationActionKind::Revoked) => {
            guide(report);
            if !yes(app, "Is it revoked there now?")? {
                return Ok(false);
            }
            say(service, id, RotationAction::Revoked).await
        }
        Some(RotationActionKind::Confirm) => confirm_each(app, service, report).await,
        _ => Ok(false),
    }
}

fn guide(report: &RotationReport) {
    for line in report.guide.iter().flat_map(guide_words) {
        note(&line);
    }
}

/// Each place that a person changes by hand. True when all are done.
async fn confirm_each(
    app: &App,
    service: &Service,
    report: &RotationReport,
) -> Result<bool, Error> {
    let course = report.row.course;
    let which = if course == Course::Back { "old" } else { "new" };
    let mut all = true;
    for stop in report.stops.iter().filter(|stop| rotation::waits(stop, course)) {
        if yes(app, &clean(&format!("Is the {which} key in this place now: {}?", stop.what)))? {
            say(service, report.row.id, RotationAction::Confirm { stop: stop.n }).await?;
        } else {
            all = false;
        }
    }
    Ok(all)
}

fn yes(app: &App, question: &str) -> Result<bool, Error> {
    match app.input.confirm(question, LATER) {
        Ok(()) => Ok(true),
        Err(Error::Declined) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn say(
    service: &Service,
    rotation: RotationId,
    action: RotationAction,
) -> Result<bool, Error> {
    service.act_on_rotation(ActOnRotation { rotation, action }).await?;
    Ok(true)
}
