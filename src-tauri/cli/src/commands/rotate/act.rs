//! `kw rotation`: what a person decides for a run, which then goes on.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use keywright_model::{RotationId, Secret};
use keywright_service::{
    Service,
    wire::{ActOnRotation, RotationAction, RotationRow},
};

use crate::{
    app::App,
    commands::rotate::{
        start::typed,
        through::{Patience, to_the_end},
    },
    error::Error,
    exit::Exit,
    find,
    input::Input,
    show::{
        out::note,
        words::{self, clean},
    },
};

/// Act on a run that replaces a key; then it goes on
///
/// `kw rotations RUN` lists what can be done now, and numbers the places.
#[derive(Debug, Args)]
pub(crate) struct Rotation {
    /// The run: its id or the beginning of it, or its key
    run: String,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The new key is in these places now (while it is taken back: the old key)
    Confirm {
        /// The places' numbers
        #[arg(required = true, value_name = "N")]
        places: Vec<u32>,
        #[command(flatten)]
        patience: Patience,
    },
    /// Leave places out: they keep the old key, and stop working when it ends
    LeaveOut {
        /// The places' numbers
        #[arg(required = true, value_name = "N")]
        places: Vec<u32>,
        /// Why, for the report
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
        #[command(flatten)]
        patience: Patience,
    },
    /// Go on although not all places are verified; asks for the key's title
    Override {
        /// The key's title, so that it is not asked for
        #[arg(long = "type", value_name = "WORD")]
        word: Option<String>,
        /// Why, for the report
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        patience: Patience,
    },
    /// Take it back: every place gets the old key again, and the new one ends
    TakeBack {
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
        #[command(flatten)]
        patience: Patience,
    },
    /// End the time of grace now
    EndGrace {
        #[command(flatten)]
        patience: Patience,
    },
    /// The key is revoked in the dashboard
    Revoked {
        #[command(flatten)]
        patience: Patience,
    },
    /// Bring the secret of the new key that was made in the dashboard
    Bring {
        /// Read it from this file; `-` is the standard input; asked for when left out
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        secret_file: Option<PathBuf>,
        /// Take it although it does not look like one of the platform's
        #[arg(long)]
        odd_secret: bool,
        #[command(flatten)]
        patience: Patience,
    },
    /// End the run as it is; you do the rest by hand
    Close {
        /// Why, for the report
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
}

impl Rotation {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let row = find::rotation(&service, &self.run)?;
        let patience = self.action.patience();
        let (actions, brings) = self.action.ask(app, &service, &row)?;
        if let Some((secret, odd)) = brings {
            bring(&service, row.id, secret, odd).await?;
        }
        for action in actions {
            service.act_on_rotation(ActOnRotation { rotation: row.id, action }).await?;
        }
        to_the_end(app, &service, row.id, patience).await
    }
}

/// What is done with the run, and the secret that is brought with whether it may be odd.
type Decided = (Vec<RotationAction>, Option<(Secret, bool)>);

impl Action {
    const fn patience(&self) -> Patience {
        match self {
            Self::Confirm { patience, .. }
            | Self::LeaveOut { patience, .. }
            | Self::Override { patience, .. }
            | Self::TakeBack { patience, .. }
            | Self::EndGrace { patience }
            | Self::Revoked { patience }
            | Self::Bring { patience, .. } => *patience,
            Self::Close { .. } => Patience::HERE,
        }
    }

    /// What it means for the service, after a person said yes where that is needed.
    fn ask(self, app: &App, service: &Service, row: &RotationRow) -> Result<Decided, Error> {
        let actions = match self {
            Self::Confirm { places, .. } => {
                places.into_iter().map(|stop| RotationAction::Confirm { stop }).collect()
            }
            Self::LeaveOut { places, reason, .. } => places
                .into_iter()
                .map(|stop| RotationAction::LeaveOut { stop, reason: reason.clone() })
                .collect(),
            Self::Override { word, reason, .. } => {
                let report = service.rotation_report(row.id)?;
                let title = report.type_to_override.unwrap_or_default();
                for place in &report.unverified {
                    note(&format!("▲ Not verified: {place}"));
                }
                // Where nothing can be overridden the service says so, and nothing is asked.
                let word = if title.is_empty() { Some(String::new()) } else { word };
                vec![RotationAction::Override { typed: typed(app, word.as_ref(), &title)?, reason }]
            }
            Self::TakeBack { yes, .. } => {
                confirm(app, yes, &format!("Take the replacement of “{}” back?", row.title))?;
                vec![RotationAction::TakeBack]
            }
            Self::EndGrace { .. } => vec![RotationAction::EndGrace],
            Self::Revoked { .. } => vec![RotationAction::Revoked],
            Self::Bring { secret_file, odd_secret, .. } => {
                let secret = secret(app, secret_file)?;
                return Ok((Vec::new(), Some((secret, odd_secret))));
            }
            Self::Close { reason, yes } => {
                confirm(app, yes, &format!("End the replacement of “{}” as it is?", row.title))?;
                vec![RotationAction::Close { reason }]
            }
        };
        Ok((actions, None))
    }
}

fn confirm(app: &App, yes: bool, question: &str) -> Result<(), Error> {
    if yes {
        return Ok(());
    }
    app.input.confirm(&clean(question), "Write --yes to do it without being asked.")
}

fn secret(app: &App, file: Option<PathBuf>) -> Result<Secret, Error> {
    match file {
        Some(file) => app.input.secret_in(&file),
        None => {
            Input::typed_secret("The new key that the dashboard shows").ok_or(Error::NoTerminal {
                advice: "Give the secret by --secret-file FILE, or - for standard input.",
            })
        }
    }
}

/// Brings the secret of the new key, and tells what is odd about it.
pub(super) async fn bring(
    service: &Service,
    id: RotationId,
    secret: Secret,
    odd: bool,
) -> Result<(), Error> {
    let brought = service.bring_new_key(id, secret, odd).await?;
    if !brought.warning.is_empty() {
        note(&format!("▲ Odd: {}.", brought.warning));
    }
    if let Some(verdict) = &brought.verdict {
        note(&words::verdict(verdict));
    }
    Ok(())
}
