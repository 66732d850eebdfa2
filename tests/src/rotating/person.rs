//! A sensible person at the desk: goes on, waits, mends, does what the dashboard needs.

use std::{collections::BTreeMap, fs, time::Duration};

use keywright_model::{
    RotationId, RotationState,
    rotation::{Step, Wait},
};
use keywright_service::{
    Error, VaultState,
    wire::{ActOnRotation, Refresh, RotationAction, RotationActionKind as Can, RotationRow},
};

use super::stage::Stage;

/// Looks at a run before the person gives up.
const MOST: usize = 24;

/// How a person is minded, and what they have done so far.
#[derive(Default)]
pub(crate) struct Person {
    /// Takes the run back when it first waits for somebody.
    pub(crate) backs_out: bool,
    /// What files held before the test spoiled them.
    pub(crate) spoiled: BTreeMap<usize, Vec<u8>>,
    pub(crate) asked_back: bool,
}

impl Person {
    pub(crate) fn broken(&self) -> Vec<usize> {
        self.spoiled.keys().copied().collect()
    }

    /// Drives a run until it ends; the last word on it when it does not.
    pub(crate) async fn drive(&mut self, stage: &mut Stage, id: RotationId) -> RotationRow {
        for _ in 0..MOST {
            if stage.service.vault_state() != VaultState::Unlocked {
                stage.unlock().await;
            }
            stage.holds(id, &self.broken());
            let ran = stage.service.run_rotation(id).await;
            stage.holds(id, &self.broken());
            Self::hears(stage, ran.as_ref().err());
            if stage.service.vault_state() != VaultState::Unlocked {
                continue;
            }
            let row = stage.row(id);
            match &row.state {
                RotationState::Waiting { wait: Wait::Person, .. } => self.act(stage, &row).await,
                RotationState::Waiting { wait: Wait::Network, .. } => {
                    stage.time.pass(Duration::from_secs(61));
                }
                RotationState::Waiting { wait: Wait::Until(until), .. } => {
                    let left = (*until - stage.time.now()).to_std().unwrap_or_default();
                    stage.time.pass(left + Duration::from_secs(1));
                }
                RotationState::Queued | RotationState::Running => {}
                _ => return row,
            }
        }
        stage.row(id)
    }

    fn hears(stage: &Stage, error: Option<&Error>) {
        if let Some(error) = error {
            stage.tells_no_secret(&format!("{error} {error:?} {:?}", error.failure()));
        }
    }

    async fn act(&mut self, stage: &mut Stage, row: &RotationRow) {
        if self.backs_out && !self.asked_back && row.actions.contains(&Can::TakeBack) {
            self.asked_back = true;
            self.does(stage, row.id, RotationAction::TakeBack).await;
            return;
        }
        self.mend(stage);
        match row.actions.first() {
            Some(Can::BringSecret) => bring(stage, row.id).await,
            Some(Can::Revoked) => {
                revoke_in_dashboard(stage, row);
                self.does(stage, row.id, RotationAction::Revoked).await;
            }
            _ => {
                if row.words.contains("Refresh the connection") {
                    let all = Refresh { connection: None };
                    drop(stage.service.refresh(all).await);
                }
                self.does(stage, row.id, RotationAction::Resume).await;
            }
        }
    }

    /// Puts back what the test spoiled.
    pub(crate) fn mend(&mut self, stage: &Stage) {
        for (n, before) in std::mem::take(&mut self.spoiled) {
            fs::write(&stage.files[n], before).unwrap();
        }
    }

    async fn does(&self, stage: &Stage, rotation: RotationId, action: RotationAction) {
        let done = stage.service.act_on_rotation(ActOnRotation { rotation, action }).await;
        Self::hears(stage, done.as_ref().err());
    }
}

/// Makes the key in the dashboard and brings it.
pub(crate) async fn bring(stage: &mut Stage, id: RotationId) {
    let report = stage.service.rotation_report(id).unwrap();
    if !report.row.actions.contains(&Can::BringSecret) {
        return;
    }
    let name = report.name;
    let secret = stage.platform.mint(&name);
    let brought = stage.service.bring_new_key(id, secret, false).await;
    if let Ok(brought) = brought {
        stage.remember(brought.key);
    }
}

/// Ends the key in the dashboard that the run says: the one of its name.
pub(crate) fn revoke_in_dashboard(stage: &Stage, row: &RotationRow) {
    let report = stage.service.rotation_report(row.id).unwrap();
    let name = if row.step == Step::RevokeNew { report.name } else { row.title.clone() };
    let live = stage.platform.live();
    if let Some((id, _)) = live.iter().find(|(_, other)| *other == name) {
        assert!(stage.platform.revoke(id));
    }
}
