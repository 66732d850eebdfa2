//! Placements turned into what front ends show.

use std::path::Path;

use keywright_model::{
    Placement, PlacementForm, PlacementState, Writing, WritingState, key::NotedUse, writing::Backup,
};
use keywright_vault::Vault;

use crate::{Error, Service, keys::find, wire::PlacementRow};

impl Service {
    /// The placements that fit, by client and file.
    pub(crate) fn placement_rows(
        &self,
        fits: impl Fn(&Placement) -> bool,
    ) -> Result<Vec<PlacementRow>, Error> {
        self.read(|vault| {
            let mut rows: Vec<PlacementRow> = vault
                .index()
                .placements()
                .filter(|placement| fits(placement))
                .filter_map(|placement| self.placement_row(vault, placement))
                .collect();
            rows.sort_by(|a, b| {
                (&a.client_name, &a.short, &a.node).cmp(&(&b.client_name, &b.short, &b.node))
            });
            Ok(rows)
        })
    }

    /// None for a key that is gone.
    fn placement_row(&self, vault: &Vault, placement: &Placement) -> Option<PlacementRow> {
        let key = find(vault, placement.key).ok()?;
        let machine = self.inner.home.machine();
        let undo = vault
            .index()
            .writings()
            .filter(|writing| writing.placement.id == placement.id && can_undo(writing))
            .max_by_key(|writing| writing.asked);
        Some(PlacementRow {
            id: placement.id,
            key: key.id,
            key_title: key.title().to_owned(),
            bitting: key.bitting.clone(),
            client: placement.client.clone(),
            client_name: self.place_name(placement),
            file: placement.file.clone(),
            short: self.short_place(placement),
            stored: placement.stored.is_some(),
            node: placement.node.clone(),
            form: placement.form.clone(),
            machine: placement.machine.clone(),
            here: machine.is_some_and(|machine| placement.is_here(&machine.name)),
            project: placement.project.clone(),
            note: placement.note.clone(),
            by: placement.by,
            noted: placement.noted,
            state: placement.state,
            state_words: state_words(placement),
            checked: placement.checked,
            loose: placement.loose,
            tracked: placement.tracked,
            undo: undo.map(|writing| writing.id),
        })
    }

    /// A path with `~` for the home directory.
    pub(crate) fn short(&self, file: &str) -> String {
        let machine = self.inner.home.machine();
        machine.map_or_else(|| file.to_owned(), |machine| machine.short(Path::new(file)))
    }

    /// The file for people; a client's place that is no file in its words.
    fn short_place(&self, placement: &Placement) -> String {
        if placement.file.is_empty() && placement.client.is_some() {
            return placement.words.clone();
        }
        self.short(&placement.file)
    }

    /// What people call the place.
    pub(crate) fn place_name(&self, placement: &Placement) -> String {
        match &placement.client {
            Some(client) => self.client_name(client),
            None => placement.words.clone(),
        }
    }

    /// The line of a placement in its key's record, which search reads.
    pub(crate) fn use_line(&self, placement: &Placement) -> NotedUse {
        let client = self.place_name(placement);
        let mut place = self.short(&placement.file);
        for more in [&placement.words, &placement.machine, &placement.project] {
            // A place in a person's own words has them as its name already.
            let new = *more != client && !place.contains(more.as_str());
            if placement.file.is_empty() && !more.is_empty() && new {
                if !place.is_empty() {
                    place.push_str(", ");
                }
                place.push_str(more);
            }
        }
        NotedUse { client, place, noted: placement.noted, placement: Some(placement.id) }
    }
}

fn can_undo(writing: &Writing) -> bool {
    writing.state == WritingState::Done
        && (writing.before.is_none() || writing.backup != Backup::None)
}

/// How a secret is that nobody can read: by when it was written.
const fn stored_words(state: PlacementState) -> &'static str {
    match state {
        PlacementState::InSync => "Put there, and not written since",
        PlacementState::Drifted | PlacementState::Stale => "Somebody else wrote it since",
        PlacementState::Missing => "It is no longer there",
        PlacementState::Unreadable => "The platform does not let Keywright look",
        PlacementState::Unknown => "It is there; whether it is this key nobody can see",
    }
}

fn state_words(placement: &Placement) -> String {
    if placement.stored.is_some() {
        return stored_words(placement.state).to_owned();
    }
    let words = match (placement.state, &placement.form) {
        (PlacementState::InSync, PlacementForm::Literal) => "The key is there",
        (PlacementState::InSync, _) => "The reference is there",
        (PlacementState::Drifted, _) => "Something else is there now",
        (PlacementState::Stale, _) => "Another key of this vault is there",
        (PlacementState::Missing, _) => "It is no longer there",
        (PlacementState::Unreadable, _) => "The file cannot be read as what it should be",
        (PlacementState::Unknown, _) => "Noted by a person; Keywright cannot look there",
    };
    words.to_owned()
}
