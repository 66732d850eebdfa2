//! The vault's own settings.

use keywright_model::EventKind;
use keywright_vault::StoredSettings;

use crate::{
    Error, Service,
    wire::{FieldProblem, Network, Settings, Theme},
};

/// The longest interval between rotations that can be set, in days: ten years.
pub(crate) const MAX_ROTATION_DAYS: u32 = 3650;

impl Service {
    /// The settings.
    pub fn settings(&self) -> Result<Settings, Error> {
        self.read(|vault| Ok(shown(vault.index().settings())))
    }

    /// Changes the settings.
    pub fn set_settings(&self, settings: Settings) -> Result<Settings, Error> {
        check_rotation_days("rotation_days", settings.rotation_days)?;
        let stored = StoredSettings {
            rotation_days: settings.rotation_days,
            theme: theme_word(settings.theme).to_owned(),
            work_offline: settings.work_offline,
            ..self.stored_settings()?
        };
        let event = self.event(EventKind::SettingsChanged);
        self.write(|change| {
            change.put_settings(&stored)?;
            change.log(&event)
        })?;
        if !settings.work_offline {
            self.set_network(Network::Untried);
        }
        Ok(settings)
    }
}

/// Refuses an interval that is no interval.
pub(crate) fn check_rotation_days(field: &str, days: u32) -> Result<(), Error> {
    if (1..=MAX_ROTATION_DAYS).contains(&days) {
        return Ok(());
    }
    Err(Error::Invalid(vec![FieldProblem {
        field: field.to_owned(),
        message: format!("the rotation interval must be 1 to {MAX_ROTATION_DAYS} days"),
    }]))
}

fn shown(stored: &StoredSettings) -> Settings {
    Settings {
        rotation_days: stored.rotation_days,
        theme: match stored.theme.as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        },
        work_offline: stored.work_offline,
    }
}

const fn theme_word(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}
