//! `kw platforms`: what can be connected, and adding to it. Listing needs no vault; what was added
//! stands in it.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use keywright_service::wire::PlatformRow;

use crate::{
    app::App,
    commands::platform::{
        added::{Add, Remove},
        check::Check,
    },
    error::Error,
    exit::Exit,
    show::{
        out::Tone,
        table::{Cell, Column, Table},
        words::clean,
    },
};

const COLUMNS: &[Column; 4] = &[
    Column::fixed("id"),
    Column::text("about"),
    Column::fixed("shelf").rank(2),
    Column::text("can").rank(1),
];

/// List the platforms that can be connected
#[derive(Debug, Args)]
pub(crate) struct Platforms {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List them
    List,
    /// Show what one needs to be connected
    Show {
        /// Its id
        id: String,
    },
    Add(Add),
    Remove(Remove),
    Check(Check),
}

impl Platforms {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        match self.action {
            Some(Action::Add(add)) => return add.run(app),
            Some(Action::Remove(remove)) => return remove.run(app),
            Some(Action::Check(check)) => return check.run(app).await,
            _ => {}
        }
        let rows = app.maybe_opened()?.list_platforms();
        match self.action {
            None | Some(Action::List) => app
                .out
                .answer(&rows, || app.out.table(&Table::new(COLUMNS, rows.iter().map(cells))))?,
            Some(Action::Add(_) | Action::Remove(_) | Action::Check(_)) => {}
            Some(Action::Show { id }) => {
                let row = rows.iter().find(|row| row.id.as_str() == id);
                let row = row.ok_or(keywright_service::Error::NotFound { what: "platform" })?;
                app.out.answer(row, || told(app, row))?;
            }
        }
        Ok(Exit::Done)
    }
}

fn cells(row: &PlatformRow) -> [Cell; 4] {
    [
        Cell::toned(row.id.as_str(), Tone::Strong),
        row.about.clone().into(),
        row.shelf.clone().into(),
        Cell::toned(row.capabilities.join(", "), Tone::Faint),
    ]
}

fn told(app: &App, row: &PlatformRow) -> String {
    let mut text = format!("{}\n{}\n\n", app.out.paint(Tone::Strong, &row.name), row.about);
    let mut line = |text_of: String| writeln!(text, "{text_of}").unwrap_or_default();
    let address =
        if row.base_url.is_empty() { "every user tells their own" } else { &row.base_url };
    line(format!("address     {address}"));
    line(format!("can         {}", row.capabilities.join(", ")));
    match &row.credential {
        Some(credential) => {
            let optional = if credential.optional { " (may be left out)" } else { "" };
            line(format!("credential  {}{optional}. {}", credential.label, credential.help));
        }
        None => line("credential  none needed: it has no management API".into()),
    }
    if !row.docs.is_empty() {
        line(format!("documents   {}", row.docs));
    }
    if let Some(verified) = &row.verified {
        line(format!("verified    {verified}"));
    }
    for advice in &row.advice {
        line(format!("advice      {advice}"));
    }
    for variable in &row.variables {
        let need = match (&variable.defaults_to, variable.required) {
            (Some(other), _) => format!("the same as {other} when left out"),
            (None, true) => "needed".into(),
            (None, false) => "optional".into(),
        };
        line(format!("--set {}=…  {} ({need})", variable.name, variable.help));
    }
    clean(&text)
}
