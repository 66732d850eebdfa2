//! `kw settings`: the vault's own settings.

use clap::{Args, Subcommand, ValueEnum};
use keywright_service::wire;

use crate::{app::App, error::Error, exit::Exit};

/// Show or change the vault's settings
#[derive(Debug, Args)]
pub(crate) struct Settings {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show them
    Get,
    /// Change some; the others stay
    Set(Set),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Set {
    /// Days between rotations where a key sets none
    #[arg(long, value_name = "DAYS")]
    rotation_days: Option<u32>,
    /// Make no remote calls
    #[arg(long, value_name = "WHETHER")]
    work_offline: Option<Switch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

impl Settings {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let settings = match self.action {
            None | Some(Action::Get) => app.reading()?.settings()?,
            Some(Action::Set(set)) => {
                let service = app.writing()?;
                let mut settings = service.settings()?;
                settings.rotation_days = set.rotation_days.unwrap_or(settings.rotation_days);
                if let Some(switch) = set.work_offline {
                    settings.work_offline = switch == Switch::On;
                }
                service.set_settings(settings)?
            }
        };
        app.out.answer(&settings, || told(&settings))?;
        Ok(Exit::Done)
    }
}

fn told(settings: &wire::Settings) -> String {
    let offline = if settings.work_offline { "on" } else { "off" };
    format!("rotation-days  {}\nwork-offline   {offline}\n", settings.rotation_days)
}
