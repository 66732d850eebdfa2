//! `kw detect`: what a string may be a key of.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    input::Input,
    show::{
        out::Tone,
        table::{Cell, Column, Table},
    },
};

const COLUMNS: &[Column; 3] =
    &[Column::fixed("platform"), Column::fixed("id"), Column::text("why")];

/// Tell what a string may be a key of, by its looks alone
///
/// It is sent nowhere: asking several vendors would hand the secret to all of them. Exit code 4
/// when it looks like nothing that is known.
#[derive(Debug, Args)]
pub(crate) struct Detect {
    /// Read the string from this file; `-` is the standard input; asked for when left out
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
}

impl Detect {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let secret = match &self.file {
            Some(file) => app.input.secret_in(file)?,
            None => Input::typed_secret("String").ok_or(Error::NoTerminal {
                advice: "Name a file that holds the string, or - for the standard input.",
            })?,
        };
        let service = app.maybe_opened()?;
        let found = service.detect(&secret);
        app.out.answer(&found, || {
            if found.is_empty() {
                return "It looks like no key that is known here.\n".into();
            }
            let rows = found.iter().map(|one| {
                let name = Cell::toned(one.name.clone(), Tone::Strong);
                [name, one.platform.as_str().into(), one.why.clone().into()]
            });
            app.out.table(&Table::new(COLUMNS, rows))
        })?;
        Ok(if found.is_empty() { Exit::NotFound } else { Exit::Done })
    }
}
