//! `kw platforms add` and `remove`: a platform by one file of one's own.

use std::{fmt::Write as _, path::PathBuf};

use clap::{Args, ValueHint};
use keywright_model::PlatformId;
use keywright_service::wire::{AddPlatform, PlatformPreview};
use serde_json::json;

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    show::{out::note, words::clean},
};

/// Add a platform by its profile, after a look at what it sends and where
///
/// The profile is kept in the vault, so that nobody can change unseen what a trusted one sends.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The profile, a TOML file; docs/platform-profiles.md is the reference
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Show what it would send and where, and add nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

/// Remove a platform that was added and that no connection needs
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// Its id
    id: String,
}

impl Add {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let file = profile_in(app, &self.file)?;
        // What is wrong with the file is told before anything is unlocked.
        let preview = app.maybe_opened()?.preview_platform(file.clone())?;
        if self.dry_run {
            app.out.answer(&preview, || clean(&preview_words(&preview)))?;
            return Ok(Exit::Done);
        }
        let service = app.writing()?;
        let preview = service.preview_platform(file.clone())?;
        if !self.yes {
            let instead = "Write --yes to add it without being asked, or --dry-run to only look.";
            app.input.need_person(instead)?;
            for line in preview_words(&preview).lines() {
                note(line);
            }
            app.input.confirm("Add this platform?", instead)?;
        }
        let row = service.add_platform(file)?;
        let done = if preview.replaces.is_some() { "Replaced" } else { "Added" };
        app.out.answer(&row, || {
            clean(&format!("{done} {}. Connect it: kw connect {}\n", row.name, row.id))
        })?;
        Ok(Exit::Done)
    }
}

impl Remove {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        app.writing()?.remove_platform(PlatformId::new(&self.id))?;
        app.out.answer(&json!({ "removed": self.id }), || "Removed.\n".into())?;
        Ok(Exit::Done)
    }
}

/// A profile's text and the name that messages tell.
pub(crate) fn profile_in(app: &App, file: &std::path::Path) -> Result<AddPlatform, Error> {
    let text = app.input.profile_in(file)?;
    Ok(AddPlatform { origin: file.display().to_string(), text })
}

fn preview_words(preview: &PlatformPreview) -> String {
    let mut text = format!("{} ({})\n", preview.platform.name, preview.platform.id);
    let mut line = |words: String| writeln!(text, "{words}").unwrap_or_default();
    line(preview.platform.about.clone());
    line(match preview.origin.as_str() {
        "" => "It talks to the address that you give when you connect, and to no other.".into(),
        origin => format!("It talks to {origin} unless you say otherwise, and to no other."),
    });
    for origin in &preview.page_origins {
        line(format!("It may open pages of {origin} in your browser."));
    }
    if preview.builtin {
        line("A platform of this id comes with Keywright: give yours another id.".into());
    } else if let Some(known) = &preview.replaces {
        line(format!("It takes the place of “{known}”, which was added before."));
    }
    for call in &preview.calls {
        line(format!("{:<8} {} {}", call.operation, call.method, call.path));
        for carried in &call.carries {
            line(format!("           {carried}"));
        }
    }
    text
}
