//! A person's own notes on a key, and the bin.

use chrono::Duration;
use keywright_model::{Event, EventKind, Key, KeyId, key::NotedUse};

use crate::{
    Error, Service,
    keys::find,
    settings::check_rotation_days,
    wire::{EditKey, FieldProblem, KeyDetail, UseNote},
};

/// Days that a key stays in the bin.
const BIN_DAYS: i64 = 30;
/// Bytes of a note at the most.
const MAX_NOTE: usize = 64 * 1024;
/// Bytes of a label, tag, owner or client name at the most.
const MAX_WORD: usize = 256;

impl Service {
    /// Changes label, note, tags, owner, interval or noted uses. What is not named stays.
    pub fn edit_key(&self, edit: EditKey) -> Result<KeyDetail, Error> {
        check(&edit)?;
        let mut key = self.read(|vault| Ok(find(vault, edit.key)?.clone()))?;
        let id = edit.key;
        let fields = self.apply(edit, &mut key);
        if !fields.is_empty() {
            let event = self.key_event(&key, EventKind::KeyEdited { fields });
            self.write(|change| {
                change.put_key(&key)?;
                change.log(&event)
            })?;
        }
        self.key_detail(id)
    }

    /// Puts a key into the bin. The platform is not asked: the key goes on working there.
    pub fn delete_key(&self, id: KeyId) -> Result<(), Error> {
        let mut key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        key.deleted = Some(self.now());
        let event = self.key_event(&key, EventKind::KeyDeleted);
        self.write(|change| {
            change.put_key(&key)?;
            change.log(&event)
        })
    }

    /// Takes a key out of the bin.
    pub fn restore_key(&self, id: KeyId) -> Result<(), Error> {
        let mut key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        key.deleted = None;
        let event = self.key_event(&key, EventKind::KeyRestored);
        self.write(|change| {
            change.put_key(&key)?;
            change.log(&event)
        })
    }

    /// Removes what has been in the bin for 30 days, secret and all.
    pub(crate) fn purge_bin(&self) -> Result<(), Error> {
        let limit = self.now() - Duration::days(BIN_DAYS);
        let old: Vec<KeyId> = self.read(|vault| {
            let binned = vault.index().in_bin().into_iter();
            Ok(binned.filter(|k| k.deleted.is_some_and(|at| at < limit)).map(|k| k.id).collect())
        })?;
        if old.is_empty() {
            return Ok(());
        }
        let places: Vec<_> = self.read(|vault| {
            let of_old = vault.index().placements().filter(|place| old.contains(&place.key));
            Ok(of_old.map(|place| place.id).collect())
        })?;
        self.write(|change| {
            places.iter().try_for_each(|id| change.remove_placement(*id))?;
            old.iter().try_for_each(|id| change.remove_key(*id))
        })
    }

    /// An event about a key.
    pub(crate) fn key_event(&self, key: &Key, kind: EventKind) -> Event {
        Event {
            at: self.now(),
            kind,
            key: Some(key.id),
            connection: Some(key.connection),
            subject: key.title().to_owned(),
        }
    }

    /// Applies the edit and names what really changed.
    fn apply(&self, edit: EditKey, key: &mut Key) -> Vec<String> {
        let before = key.clone();
        if let Some(label) = edit.label {
            label.trim().clone_into(&mut key.label);
        }
        if let Some(note) = edit.note {
            key.note = note;
        }
        if let Some(tags) = edit.tags {
            key.tags = tidy_tags(tags);
        }
        if let Some(owner) = edit.owner {
            key.owner = owner;
        }
        if let Some(days) = edit.rotation_days {
            key.rotation_days = (days > 0).then_some(days);
        }
        if let Some(uses) = edit.uses {
            key.uses = self.noted(uses, &before.uses);
        }
        changed(&before, key)
    }

    /// The uses with their dates: a use that was noted before keeps its date.
    fn noted(&self, uses: Vec<UseNote>, before: &[NotedUse]) -> Vec<NotedUse> {
        let now = self.now();
        // Lines that placements keep are theirs to change.
        let kept = before.iter().filter(|old| old.placement.is_some()).cloned();
        let own = |note: &UseNote| {
            before.iter().any(|old| {
                old.placement.is_some() && old.client == note.client && old.place == note.place
            })
        };
        let told = uses
            .into_iter()
            .filter(|note| !own(note))
            .filter(|note| !note.client.trim().is_empty())
            .map(|note| {
                let (client, place) = (note.client.trim().to_owned(), note.place.trim().to_owned());
                let same = before.iter().find(|old| old.client == client && old.place == place);
                let noted = same.map_or(now, |old| old.noted);
                NotedUse { client, place, noted, placement: None }
            });
        told.chain(kept).collect()
    }
}

fn changed(before: &Key, after: &Key) -> Vec<String> {
    [
        ("label", before.label != after.label),
        ("note", before.note != after.note),
        ("tags", before.tags != after.tags),
        ("owner", before.owner != after.owner),
        ("rotation interval", before.rotation_days != after.rotation_days),
        ("uses", before.uses != after.uses),
    ]
    .into_iter()
    .filter(|(_, differs)| *differs)
    .map(|(name, _)| name.to_owned())
    .collect()
}

/// Trimmed, without blanks and doubles, in the order given.
pub(crate) fn tidy_tags(tags: Vec<String>) -> Vec<String> {
    let mut tidy: Vec<String> = Vec::new();
    for tag in tags {
        let tag = tag.trim().trim_start_matches('#').to_owned();
        if !tag.is_empty() && !tidy.contains(&tag) {
            tidy.push(tag);
        }
    }
    tidy
}

fn check(edit: &EditKey) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut limit = |field: &str, text: &str, bytes: usize| {
        if text.len() > bytes {
            let message = format!("the {field} is longer than {bytes} bytes");
            problems.push(FieldProblem { field: field.to_owned(), message });
        }
    };
    limit("label", edit.label.as_deref().unwrap_or_default(), MAX_WORD);
    limit("note", edit.note.as_deref().unwrap_or_default(), MAX_NOTE);
    limit("owner", edit.owner.as_ref().map_or("", |owner| &owner.name), MAX_WORD);
    for tag in edit.tags.iter().flatten() {
        limit("tags", tag, MAX_WORD);
    }
    for note in edit.uses.iter().flatten() {
        limit("uses", &note.client, MAX_WORD);
        limit("uses", &note.place, MAX_NOTE);
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    match edit.rotation_days {
        Some(days) if days > 0 => check_rotation_days("rotation_days", days),
        _ => Ok(()),
    }
}
