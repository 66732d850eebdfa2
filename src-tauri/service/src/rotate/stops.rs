//! The places of a key, and what is to become of each when the key is replaced.

use std::collections::BTreeSet;

use keywright_clients::{edit, file};
use keywright_model::{
    Key, Placement, PlacementForm, PlacementState, Secret,
    rotation::{Stop, StopState, Todo},
};

use crate::{
    Error, Service,
    wire::{FormChoice, PlaceTarget},
};

impl Service {
    /// What is to become of each place of a key. Its places were looked at just before.
    pub(super) fn stops_of(&self, key: &Key) -> Result<Vec<Stop>, Error> {
        let placements: Vec<Placement> = self.read(|vault| {
            let own = vault.index().placements().filter(|place| place.key == key.id);
            Ok(own.cloned().collect())
        })?;
        let written: BTreeSet<String> = placements
            .iter()
            .filter(|place| place.form == PlacementForm::Literal)
            .filter_map(|place| place.params.get("name").cloned())
            .collect();
        let mut stops = Vec::new();
        for placement in &placements {
            let todo = self.todo(placement);
            let what = self.what(placement);
            // A reference whose variable is set nowhere that is known: somebody sets it.
            if let (Todo::Follow, PlacementForm::Variable { name }) = (&todo, &placement.form)
                && !written.contains(name)
            {
                stops.push(Stop {
                    placement: None,
                    what: format!("the variable {name}, which {what} reads"),
                    todo: Todo::Confirm,
                    state: StopState::Open,
                });
            }
            stops.push(Stop { placement: Some(placement.id), what, todo, state: StopState::Open });
        }
        let told = key.uses.iter().filter(|noted| noted.placement.is_none());
        stops.extend(told.map(|noted| Stop {
            placement: None,
            what: words_of(&noted.client, &noted.place),
            todo: Todo::Confirm,
            state: StopState::Open,
        }));
        // Always in one order: what is written, what a person has to do, what is left.
        stops.sort_by_cached_key(|stop| {
            let by_whom = match &stop.todo {
                todo if todo.is_ours() => 0,
                Todo::Leave { .. } => 2,
                _ => 1,
            };
            (by_whom, stop.what.clone())
        });
        Ok(stops)
    }

    fn todo(&self, placement: &Placement) -> Todo {
        let leave = |why: &str| Todo::Leave { why: why.to_owned() };
        if placement.stored.is_some() {
            return match placement.state {
                PlacementState::Missing => leave("It is no longer there."),
                PlacementState::Drifted => leave("Somebody else wrote it since; it stays."),
                _ => Todo::Store,
            };
        }
        let here = self.inner.home.machine().is_some_and(|own| placement.is_here(&own.name));
        if !here {
            return Todo::Confirm;
        }
        match placement.state {
            PlacementState::Missing => return leave("It is no longer there."),
            PlacementState::Drifted => return leave("Something else is there now; it stays."),
            PlacementState::Stale => return leave("Another key of this vault is there; it stays."),
            PlacementState::InSync | PlacementState::Unreadable | PlacementState::Unknown => {}
        }
        if placement.form != PlacementForm::Literal {
            return Todo::Follow;
        }
        if self.can_write(placement) { Todo::Write } else { Todo::Confirm }
    }

    /// Whether the client's definition leads to the very node where the key stands.
    fn can_write(&self, placement: &Placement) -> bool {
        let Some((client, rule)) = self.rule_of(placement) else { return false };
        if rule.read_only.is_some() || placement.node.is_empty() {
            return false;
        }
        let Ok(Some(seen)) = file::look(std::path::Path::new(&placement.file)) else {
            // It will be told when it is written.
            return true;
        };
        let Ok(tree) = edit::read(rule.format, &seen.bytes) else { return true };
        let held = client.slots_in(&tree, &rule.id);
        held.iter().any(|held| held.path.to_string() == placement.node)
    }

    /// What people call a place.
    pub(super) fn what(&self, placement: &Placement) -> String {
        let line = self.use_line(placement);
        words_of(&line.client, &line.place)
    }

    /// Where the new key is to be put, to stand where the old one stands.
    pub(super) fn target_of(placement: &Placement) -> Option<PlaceTarget> {
        Some(PlaceTarget {
            client: placement.client.clone()?,
            slot: placement.slot.clone(),
            file: placement.file.clone(),
            project: placement.project.clone(),
            form: FormChoice::Literal,
            params: placement.params.clone(),
        })
    }

    /// A secret of the same letters that is none: what would change is found out with it.
    #[expect(clippy::disallowed_methods, reason = "the stand-in has the shape of the old secret")]
    pub(super) fn stand_in(secret: &Secret) -> Secret {
        let turned = secret.expose().chars().map(|c| match c {
            'a'..='y' | 'A'..='Y' | '0'..='8' => char::from_u32(u32::from(c) + 1).unwrap_or(c),
            'z' => 'a',
            'Z' => 'A',
            '9' => '0',
            other => other,
        });
        Secret::new(turned.collect())
    }
}

/// A client and a place in it, as one name.
pub(super) fn words_of(client: &str, place: &str) -> String {
    if place.is_empty() { client.to_owned() } else { format!("{client}, {place}") }
}
