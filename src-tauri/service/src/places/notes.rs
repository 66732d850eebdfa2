//! Places that people note: another machine, a CI secret, anything in their own words.

use keywright_model::{
    EventKind, Placement, PlacementForm, PlacementId, PlacementState, placement::Known,
};

use super::place::{drop_placement, put_placement};
use crate::{
    Error, Service,
    keys::find,
    wire::{EditPlace, FieldProblem, NotePlace, PlacementRow},
};

/// Bytes of a name at the most.
const MAX_WORD: usize = 1_024;
/// Bytes of a note at the most.
const MAX_NOTE: usize = 64 * 1024;

impl Service {
    /// Notes a place. Nothing is written there.
    pub fn note_place(&self, request: NotePlace) -> Result<PlacementRow, Error> {
        let key = self.read(|vault| Ok(find(vault, request.key)?.clone()))?;
        if request.client.is_none() && request.words.trim().is_empty() {
            return Err(problem("words", "say where the key is"));
        }
        if let Some(client) = &request.client {
            self.client(client)?;
        }
        let placement = Placement {
            id: PlacementId::make(),
            key: request.key,
            client: request.client,
            slot: String::new(),
            params: std::collections::BTreeMap::new(),
            file: String::new(),
            node: String::new(),
            form: PlacementForm::Literal,
            machine: request.machine.trim().to_owned(),
            project: request.project.trim().to_owned(),
            words: request.words.trim().to_owned(),
            note: request.note,
            by: Known::Told,
            noted: self.now(),
            state: PlacementState::Unknown,
            checked: None,
            loose: false,
            tracked: false,
            stored: None,
        };
        check(&placement)?;
        let line = self.use_line(&placement);
        let place = format!("{} {}", line.client, line.place).trim().to_owned();
        let event = self.key_event(&key, EventKind::PlaceNoted { place });
        self.write(|change| {
            put_placement(change, &placement, line, None)?;
            change.log(&event)
        })?;
        self.one_row(placement.id)
    }

    /// Changes what is noted of a place. No file is touched.
    pub fn edit_place(&self, edit: EditPlace) -> Result<PlacementRow, Error> {
        let mut placement = self.placement(edit.placement)?;
        if let Some(note) = edit.note {
            placement.note = note;
        }
        for (told, own) in [
            (edit.machine, &mut placement.machine),
            (edit.project, &mut placement.project),
            (edit.words, &mut placement.words),
        ] {
            if let Some(told) = told {
                told.trim().clone_into(own);
            }
        }
        check(&placement)?;
        let line = self.use_line(&placement);
        self.write(|change| put_placement(change, &placement, line, None))?;
        self.one_row(placement.id)
    }

    /// Forgets a place. No file is touched: a key that stands there goes on standing there.
    pub fn forget_place(&self, id: PlacementId) -> Result<(), Error> {
        let placement = self.placement(id)?;
        let key = self.read(|vault| Ok(find(vault, placement.key)?.clone()))?;
        let line = self.use_line(&placement);
        let place = format!("{} {}", line.client, line.place).trim().to_owned();
        let event = self.key_event(&key, EventKind::PlaceForgotten { place });
        self.write(|change| {
            drop_placement(change, &placement)?;
            change.log(&event)
        })?;
        self.watch_again();
        Ok(())
    }

    pub(crate) fn placement(&self, id: PlacementId) -> Result<Placement, Error> {
        self.read(|vault| {
            vault.index().placement(id).cloned().ok_or(Error::NotFound { what: "place" })
        })
    }

    fn one_row(&self, id: PlacementId) -> Result<PlacementRow, Error> {
        let rows = self.placement_rows(|placement| placement.id == id)?;
        rows.into_iter().next().ok_or(Error::NotFound { what: "place" })
    }
}

fn check(placement: &Placement) -> Result<(), Error> {
    let words = [&placement.machine, &placement.project, &placement.words];
    if words.iter().any(|word| word.len() > MAX_WORD) {
        return Err(problem("words", "this is longer than 1,024 bytes"));
    }
    if placement.note.len() > MAX_NOTE {
        return Err(problem("note", "the note is longer than 64 KiB"));
    }
    Ok(())
}

fn problem(field: &str, message: &str) -> Error {
    Error::Invalid(vec![FieldProblem { field: field.into(), message: message.into() }])
}
