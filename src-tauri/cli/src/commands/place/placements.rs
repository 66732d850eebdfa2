//! `kw placements`: where keys are, and how they are there.

use clap::Args;
use keywright_model::{ClientId, PlacementForm, PlacementState};
use keywright_service::{
    Service,
    wire::{ListPlacements, PlacementRow},
};

use crate::{
    app::App,
    error::{Candidate, Error},
    exit::Exit,
    find,
    show::{
        out::Tone,
        table::{Cell, Column, Table},
    },
};

const COLUMNS: &[Column; 6] = &[
    Column::fixed(""),
    Column::text("key"),
    Column::text("client"),
    Column::text("where"),
    Column::text("how").rank(1),
    Column::fixed("id").rank(2),
];
/// Characters of an id that are shown.
const SHORT: usize = 8;

/// List where keys are; each file is looked at again. What a platform keeps, kw refresh looks at
#[derive(Debug, Args)]
pub(crate) struct Placements {
    /// The key; all when left out
    key: Option<String>,
    /// Those of one client
    #[arg(long, value_name = "CLIENT")]
    client: Option<String>,
    /// Do not look at the files again: works while another Keywright has the vault open
    #[arg(long)]
    no_check: bool,
}

impl Placements {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = if self.no_check { app.reading()? } else { app.writing()? };
        let key = self.key.as_deref().map(|text| find::key(&service, text)).transpose()?;
        let client = self.client.map(ClientId::new);
        let rows =
            service.list_placements(ListPlacements { key, client, check: !self.no_check })?;
        app.out.answer(&rows, || {
            if rows.is_empty() {
                return "No place of a key is known. kw place puts one into a client's file, kw \
                        scan finds those that are there.\n"
                    .into();
            }
            app.out.table(&Table::new(COLUMNS, rows.iter().map(cells)))
        })?;
        Ok(Exit::Done)
    }
}

/// The one placement that is meant.
pub(super) fn one(service: &Service, text: &str) -> Result<PlacementRow, Error> {
    let all = ListPlacements { key: None, client: None, check: false };
    let mut found = service.list_placements(all)?;
    found.retain(|row| row.id.to_string().starts_with(text));
    match found.len() {
        1 => found.pop().ok_or(keywright_service::Error::NotFound { what: "place" }.into()),
        0 => Err(keywright_service::Error::NotFound { what: "place" }.into()),
        _ => {
            let candidate = |row: PlacementRow| Candidate {
                id: row.key,
                title: row.key_title,
                about: format!("{} {}", row.client_name, row.short),
            };
            let candidates = found.into_iter().map(candidate).collect();
            Err(Error::Ambiguous { text: text.to_owned(), candidates })
        }
    }
}

fn cells(row: &PlacementRow) -> [Cell; 6] {
    let (mark, tone) = match row.state {
        PlacementState::InSync if row.tracked => ("■", Tone::Critical),
        PlacementState::InSync => ("✓", Tone::Fine),
        PlacementState::Drifted | PlacementState::Stale | PlacementState::Missing => {
            ("▲", Tone::Warning)
        }
        PlacementState::Unreadable => ("△", Tone::Plain),
        PlacementState::Unknown => ("·", Tone::Faint),
    };
    let mut place = if row.short.is_empty() { row.machine.clone() } else { row.short.clone() };
    if !row.node.is_empty() {
        place = format!("{place} {}", row.node);
    }
    let form = match &row.form {
        PlacementForm::Literal => "",
        PlacementForm::Variable { .. } => ", by a variable's name",
        PlacementForm::File { .. } => ", by a file's path",
        PlacementForm::Secret { .. } => ", by a secret's name",
    };
    [
        Cell::toned(mark, tone),
        Cell::toned(row.key_title.as_str(), Tone::Strong),
        row.client_name.as_str().into(),
        place.into(),
        format!("{}{form}", row.state_words).into(),
        Cell::toned(row.id.to_string().chars().take(SHORT).collect::<String>(), Tone::Faint),
    ]
}
