//! `kw probe`: whether a secret works.

use clap::Args;
use keywright_model::Verdict;

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
    show::words::{self, clean},
};

/// Ask the platform whether a key works
///
/// Exit code 0 when it does, 5 when the platform refuses it, 1 when no verdict could be had: what
/// is not known is not dead.
#[derive(Debug, Args)]
pub(crate) struct Probe {
    /// The key
    key: String,
}

impl Probe {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let id = find::key(&service, &self.key)?;
        let report = service.probe_key(id).await?;
        app.out.answer(&report, || {
            let mark = match report.verdict {
                Verdict::Alive | Verdict::Limited { .. } => "✓",
                Verdict::Dead => "–",
                Verdict::Unknown { .. } => "◌",
            };
            let words = words::verdict(&report.verdict);
            clean(&format!("{mark} {words} ({} ms)\n", report.took_ms))
        })?;
        Ok(match report.verdict {
            Verdict::Alive | Verdict::Limited { .. } => Exit::Done,
            Verdict::Dead => Exit::Refused,
            Verdict::Unknown { .. } => Exit::Failed,
        })
    }
}
