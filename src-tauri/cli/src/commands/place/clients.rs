//! `kw clients`: the programs that use keys.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use keywright_service::wire::{ClientRow, ListClients};

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    show::{
        out::Tone,
        table::{Cell, Column, Table},
    },
};

const COLUMNS: &[Column; 5] = &[
    Column::fixed("client"),
    Column::text("name"),
    Column::fixed("here"),
    Column::fixed("keys"),
    Column::text("file").rank(1),
];

/// List the programs whose files can hold a key; those of this machine first
#[derive(Debug, Args)]
pub(crate) struct Clients {
    /// Also those that were not found on this machine
    #[arg(long)]
    all: bool,
    /// Show the files of the project in this folder
    #[arg(long = "in", value_name = "DIR", value_hint = ValueHint::DirPath)]
    project: Option<PathBuf>,
    /// Show all that is known of one client: its files, its places for keys, how it behaves
    #[arg(value_name = "CLIENT")]
    client: Option<String>,
}

impl Clients {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let project = self.project.as_deref().map(super::whole).transpose()?;
        let project = project.map(|path| path.display().to_string()).unwrap_or_default();
        let rows = app.reading()?.list_clients(ListClients { project })?;
        if let Some(id) = &self.client {
            let found = rows.iter().find(|row| row.id.as_str() == id);
            let row = found.ok_or(keywright_service::Error::NotFound { what: "client" })?;
            app.out.answer(row, || whole_of(row))?;
            return Ok(Exit::Done);
        }
        let shown: Vec<&ClientRow> =
            rows.iter().filter(|row| self.all || row.installed || row.placements > 0).collect();
        app.out.answer(&shown, || {
            if shown.is_empty() {
                return "No client that Keywright knows was found here. kw clients --all lists \
                        them.\n"
                    .into();
            }
            app.out.table(&Table::new(COLUMNS, shown.iter().map(|row| cells(row))))
        })?;
        Ok(Exit::Done)
    }
}

fn cells(row: &ClientRow) -> [Cell; 5] {
    let file = row.files.iter().find(|file| file.exists).or_else(|| row.files.first());
    let here =
        if row.running.is_empty() { if row.installed { "yes" } else { "no" } } else { "runs" };
    [
        Cell::toned(row.id.as_str(), Tone::Strong),
        row.name.as_str().into(),
        here.into(),
        row.placements.to_string().into(),
        file.map(|file| file.short.as_str()).unwrap_or_default().into(),
    ]
}

fn whole_of(row: &ClientRow) -> String {
    let mut lines = vec![format!("{} ({})", row.name, row.id), row.about.clone(), String::new()];
    for file in &row.files {
        let there = if file.exists { "" } else { " (not there)" };
        lines.push(format!("file   {:<14} {} {}{there}", file.id, file.short, file.scope));
        if !file.read_only.is_empty() {
            lines.push(format!("       {}", file.read_only));
        }
    }
    for slot in &row.slots {
        let forms: Vec<String> = slot.forms.iter().map(|form| form.looks.clone()).collect();
        lines.push(format!("place  {:<14} {}: {}", slot.id, slot.name, forms.join(" or ")));
        for param in &slot.params {
            let default = if param.default.is_empty() {
                String::new()
            } else {
                format!(" [{}]", param.default)
            };
            lines.push(format!("         --set {}=…  {}{default}", param.name, param.label));
        }
    }
    if let Some(store) = &row.store {
        lines
            .push(format!("place  secrets of {store}: through a connection that has a credential"));
        for param in &row.store_params {
            lines.push(format!("         --set {}=…  {}", param.name, param.label));
        }
        lines.push("         --set name=…  Name of the secret".to_owned());
    }
    for step in &row.guide {
        lines.push(format!("do     {} {}", step.say, step.run).trim_end().to_owned());
    }
    for (head, text) in [("change", &row.pickup), ("mind", &row.rewrites), ("docs", &row.docs)] {
        if !text.is_empty() {
            lines.push(format!("{head:<6} {text}"));
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}
