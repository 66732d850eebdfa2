//! `kw resume`: runs go on from where they were cut short.

use clap::Args;
use keywright_service::wire::ListRotations;

use crate::{
    app::App,
    commands::rotate::{
        follow::{End, Watch},
        runs,
        through::{Patience, exit_of_all, tally, to_the_end, wake},
    },
    error::Error,
    exit::Exit,
    find,
    show::out::note,
};

/// Have runs go on: all that can, or one
///
/// Those that were cut short, whose time has come, or that wait for the network. A run that waits
/// for a person is tried again when it is named. Ends with exit code 1 while one needs somebody, 6
/// while one waits for the network.
#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The run: its id or the beginning of it, or its key; all that can go on when left out
    run: Option<String>,
    #[command(flatten)]
    patience: Patience,
}

impl Resume {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        if let Some(text) = &self.run {
            let row = find::rotation(&service, text)?;
            wake(&service, &row).await?;
            return to_the_end(app, &service, row.id, self.patience).await;
        }
        let mut watch = Watch::new(&service, None, false);
        if let End::Interrupted = watch.during(Box::pin(service.resume_rotations())).await? {
            note("Nothing is lost: kw resume takes them up again.");
            return Ok(Exit::Failed);
        }
        let open = ListRotations { ended: false, key: None, bulk: None };
        let rows = service.list_rotations(open)?;
        app.out
            .answer(&rows, || runs::table(app, &rows, "✓ No run is left that could go on.\n"))?;
        if !rows.is_empty() {
            note(&format!("{}. kw rotations RUN tells more.", tally(&rows)));
        }
        Ok(exit_of_all(rows.iter().map(|row| &row.state)))
    }
}
