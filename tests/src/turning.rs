//! The replacement of a key that stands in ten clients' files, for a process that is cut short.

use std::{path::Path, time::Duration};

use keywright_model::{KeyId, RotationState};
use keywright_service::{Clock, Error, Service, wire::RotateKey};

use crate::ten;

/// The system's clock with waits that are over at once: proofs wait for seconds.
pub fn hurried() -> Clock {
    let system = Clock::system();
    Clock::new(
        move || system.now(),
        |pause| Box::pin(tokio::time::sleep(pause.min(Duration::from_millis(1)))),
    )
}

/// Replaces the key of the vault in a folder. Tells whether that is done.
pub async fn replace(folder: &Path) -> Result<bool, Error> {
    let service = ten::open_by(folder, hurried())?;
    let key = old_key(&service)?;
    let row = service.start_rotation(ask(key))?;
    let row = service.run_rotation(row.id).await?;
    Ok(row.state == RotationState::Done)
}

/// The key that is to be replaced: the first of its name that has a secret.
pub fn old_key(service: &Service) -> Result<KeyId, Error> {
    let mut keys = service.find_keys(ten::NAME)?.into_iter();
    let has = |id: &KeyId| service.key_detail(*id).is_ok_and(|detail| detail.has_secret);
    keys.find(|(id, _)| has(id)).map(|(id, _)| id).ok_or(Error::NotFound { what: "key" })
}

/// The request: the warnings of the files are taken.
pub fn ask(key: KeyId) -> RotateKey {
    RotateKey { reason: "due".into(), insist: true, ..RotateKey::of(key) }
}

/// Says “go on” to a run that waits for somebody; one that waits for time is left alone.
pub async fn go_on(service: &Service, id: keywright_model::RotationId) -> Result<(), Error> {
    let rotation = id;
    let action = keywright_service::wire::RotationAction::Resume;
    let report = service.rotation_report(id)?;
    let waits_for_time = matches!(
        report.row.state,
        RotationState::Waiting { wait: keywright_model::rotation::Wait::Until(_), .. }
    );
    if waits_for_time || report.row.state == RotationState::Done {
        return Ok(());
    }
    let act = keywright_service::wire::ActOnRotation { rotation, action };
    service.act_on_rotation(act).await.map(drop)
}
