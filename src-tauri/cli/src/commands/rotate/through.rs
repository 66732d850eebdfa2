//! A run in the foreground: on until it ends, or waits for what a terminal cannot give.

use std::time::Duration;

use clap::Args;
use keywright_model::{RotationId, RotationState, rotation::Wait};
use keywright_service::{
    Service,
    wire::{ActOnRotation, RotationAction, RotationActionKind, RotationReport, RotationRow},
};

use crate::{
    app::App,
    commands::rotate::{
        checklist::checklist,
        follow::{End, Watch},
    },
    error::Error,
    exit::Exit,
    interrupt::interrupted,
    show::{out::note, rotation, words},
};

/// Longer than this nobody is kept waiting, and no other Keywright kept out.
const LONGEST: Duration = Duration::from_mins(5);

/// How long a command stays with a run.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Patience {
    /// Leave when only time has to pass: the time of grace, a pause, the proof
    ///
    /// `kw resume`, or the window, takes it up. Without it a pause of up to five minutes is waited
    /// for, and the proof.
    #[arg(long)]
    no_wait: bool,
}

impl Patience {
    /// Stays as long as is usual.
    pub(super) const HERE: Self = Self { no_wait: false };
}

/// What became of a run while somebody watched.
pub(super) enum Through {
    /// It ended, or waits.
    Stands(Box<RotationReport>),
    /// A person stopped watching; the vault is closed.
    Left,
}

/// Has a run go on, tells of it, and prints how it stands in the end.
pub(super) async fn to_the_end(
    app: &App,
    service: &Service,
    id: RotationId,
    patience: Patience,
) -> Result<Exit, Error> {
    match through(app, service, id, patience).await? {
        Through::Left => Ok(left(id)),
        Through::Stands(report) => {
            app.out.answer(&report, || rotation::summary(&app.out, &report, app.clock.now()))?;
            Ok(exit(&report.row.state, patience))
        }
    }
}

/// Has a run go on until it ends, or waits for what cannot be had here.
pub(super) async fn through(
    app: &App,
    service: &Service,
    id: RotationId,
    patience: Patience,
) -> Result<Through, Error> {
    let mut watch = Watch::new(service, Some(id), patience.no_wait);
    loop {
        let row = match watch.during(Box::pin(service.run_rotation(id))).await? {
            End::Came(row) => row,
            End::Interrupted => return Ok(Through::Left),
            End::Enough => break,
        };
        match &row.state {
            RotationState::Waiting { wait: Wait::Until(until), .. } => {
                let left = (*until - app.clock.now()).to_std().unwrap_or_default();
                if patience.no_wait || left > LONGEST {
                    break;
                }
                note(&format!("◌ {} It goes on in {} s.", row.words, left.as_secs() + 1));
                // The clocks of two machines may differ: not too soon is soon enough.
                if !pause(left.max(Duration::from_secs(1))).await? {
                    service.lock();
                    return Ok(Through::Left);
                }
            }
            RotationState::Waiting { wait: Wait::Person, .. } => {
                let report = service.rotation_report(id)?;
                if !checklist(app, service, &report).await? {
                    break;
                }
            }
            _ => break,
        }
    }
    Ok(Through::Stands(Box::new(service.rotation_report(id)?)))
}

/// Lets time pass; false when somebody ended the wait.
async fn pause(time: Duration) -> Result<bool, Error> {
    tokio::select! {
        () = tokio::time::sleep(time) => Ok(true),
        ended = interrupted() => ended.map(|()| false),
    }
}

/// Says how to go on, where a person stopped watching.
pub(super) fn left(id: RotationId) -> Exit {
    let id = rotation::short(id);
    note("Nothing is lost: the run is written down as far as it got. It goes on with:");
    note(&format!("    kw resume {id}"));
    note(&format!("    kw rotations {id}    shows how it stands"));
    Exit::Failed
}

/// What a command ends with whose run stands so.
pub(super) const fn exit(state: &RotationState, patience: Patience) -> Exit {
    match state {
        // What waits for its time goes on by itself, as was asked.
        RotationState::Done
        | RotationState::TakenBack
        | RotationState::Closed { .. }
        | RotationState::Waiting { wait: Wait::Until(_), .. } => Exit::Done,
        RotationState::Waiting { wait: Wait::Network, .. } => Exit::Offline,
        RotationState::Running if patience.no_wait => Exit::Done,
        RotationState::Waiting { wait: Wait::Person, .. }
        | RotationState::Queued
        | RotationState::Running => Exit::Failed,
    }
}

/// What several runs end with together: the worst, failures before the network.
pub(super) fn exit_of_all<'r>(states: impl Iterator<Item = &'r RotationState>) -> Exit {
    states.map(|state| exit(state, Patience::HERE)).fold(Exit::Done, worse)
}

/// The worse of two ends.
pub(super) const fn worse(one: Exit, other: Exit) -> Exit {
    match (one, other) {
        (Exit::Failed, _) | (_, Exit::Failed) => Exit::Failed,
        (Exit::Offline, _) | (_, Exit::Offline) => Exit::Offline,
        (one, _) => one,
    }
}

/// Says that a run is to try again, where it waits for somebody to say so.
pub(super) async fn wake(service: &Service, row: &RotationRow) -> Result<(), Error> {
    let waits = matches!(row.state, RotationState::Waiting { wait: Wait::Person, .. });
    if waits && row.actions.contains(&RotationActionKind::Resume) {
        let action = RotationAction::Resume;
        service.act_on_rotation(ActOnRotation { rotation: row.id, action }).await?;
    }
    Ok(())
}

/// How many runs wait for whom, in words; empty when none does.
pub(super) fn tally(rows: &[RotationRow]) -> String {
    let count = |fits: fn(&RotationState) -> bool| {
        u64::try_from(rows.iter().filter(|row| fits(&row.state)).count()).unwrap_or(u64::MAX)
    };
    let person =
        |state: &RotationState| matches!(state, RotationState::Waiting { wait: Wait::Person, .. });
    let network =
        |state: &RotationState| matches!(state, RotationState::Waiting { wait: Wait::Network, .. });
    let time = |state: &RotationState| {
        matches!(state, RotationState::Waiting { wait: Wait::Until(_), .. })
    };
    let parts: Vec<String> = [
        (count(person), "needs somebody", "need somebody"),
        (count(network), "waits for the network", "wait for the network"),
        (count(time), "waits for its time", "wait for their time"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| {
        format!("{} {}", words::counted(count, "run"), if count == 1 { one } else { many })
    })
    .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn waiting(wait: Wait) -> RotationState {
        RotationState::Waiting { wait, why: String::new(), advice: String::new() }
    }

    #[test]
    fn the_exit_code_tells_whom_a_run_waits_for() {
        let later = Wait::Until(DateTime::UNIX_EPOCH);
        let leaves = Patience { no_wait: true };
        for (state, ends) in [
            (RotationState::Done, Exit::Done),
            (RotationState::TakenBack, Exit::Done),
            (RotationState::Closed { why: String::new() }, Exit::Done),
            (waiting(Wait::Person), Exit::Failed),
            (waiting(Wait::Network), Exit::Offline),
            (waiting(later), Exit::Done),
            (RotationState::Queued, Exit::Failed),
            (RotationState::Running, Exit::Failed),
        ] {
            assert_eq!(exit(&state, Patience::HERE), ends, "{state:?}");
        }
        assert_eq!(exit(&RotationState::Running, leaves), Exit::Done, "only the proof is left");
    }

    #[test]
    fn several_runs_end_with_the_worst_of_them() {
        let done = RotationState::Done;
        let (person, network) = (waiting(Wait::Person), waiting(Wait::Network));
        assert_eq!(exit_of_all([].iter()), Exit::Done);
        assert_eq!(exit_of_all([&done, &network].into_iter()), Exit::Offline);
        assert_eq!(exit_of_all([&network, &person, &done].into_iter()), Exit::Failed);
    }
}
