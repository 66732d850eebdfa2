//! `kw disable`, `kw enable`: a key held back on its platform, and let go again.

use clap::Args;
use keywright_service::wire::RemoteChange;

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
    show::{out::note, words::clean},
};

/// Have the platform hold a key back; it can be enabled again
#[derive(Debug, Args)]
pub(crate) struct Disable {
    /// The key
    key: String,
}

/// Have the platform let a disabled key work again
#[derive(Debug, Args)]
pub(crate) struct Enable {
    /// The key
    key: String,
}

impl Disable {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let id = find::key(&service, &self.key)?;
        let change = service.disable_key(id).await?;
        tell(app, &change, "Disabled. kw enable lets it work again.")
    }
}

impl Enable {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let id = find::key(&service, &self.key)?;
        let change = service.enable_key(id).await?;
        tell(app, &change, "Enabled.")
    }
}

/// What became of a change on the platform.
pub(crate) fn tell(app: &App, change: &RemoteChange, words: &str) -> Result<Exit, Error> {
    if change.done {
        app.out.answer(change, || clean(&format!("{words}\n")))?;
        return Ok(Exit::Done);
    }
    app.out.answer(change, || format!("Kept as a draft: {}\n", change.operation))?;
    note("There is no network, so nothing was sent. Send it when there is:");
    note("    kw queue send");
    Ok(Exit::Offline)
}
