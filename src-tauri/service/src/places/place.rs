//! Putting a key into clients' files: into all of them, or into none.

use std::path::Path;

use chrono::{DateTime, Utc};
use keywright_clients::{
    file::{self, FileError, Rules, Written},
    git::Tracked,
};
use keywright_model::{
    EventKind, Key, Placement, PlacementId, PlacementState, RunId, Secret, Writing, WritingId,
    WritingState, key::NotedUse, placement::Known, writing::Backup,
};
use keywright_vault::Change;

use super::plan::{Planned, Refused};
use crate::{
    Error, Service,
    session::InFlight,
    wire::{PlaceKey, PlaceReport, PlaceTarget},
};

/// Attempts at a file that somebody else keeps writing.
const ATTEMPTS: usize = 40;
/// The largest file whose whole content is sealed before a write; of a larger one the bytes that go.
const WHOLE: usize = 64 * 1_024;

impl Service {
    /// Puts a key into clients' files, all or none. Each file is journalled with what it was before
    /// it is touched, and read again after.
    pub fn place_key(&self, request: PlaceKey) -> Result<PlaceReport, Error> {
        let _open = InFlight::begin(self);
        let (key, secret) = self.key_and_secret(request.key)?;
        if request.targets.is_empty() {
            return Err(Error::NotPossible {
                why: "no client was chosen".into(),
                advice: "Choose at least one.".into(),
            });
        }
        let plans = self.plan_all(&key, &secret, &request)?;
        let run = Run { id: RunId::make(), insist: request.insist, key: &key, secret: &secret };
        let mut done = Vec::new();
        for (order, (target, planned)) in request.targets.iter().zip(plans).enumerate() {
            match self.write_one(&run, order, target, planned) {
                Ok(Some(written)) => done.push(written),
                Ok(None) => {}
                Err(error) => return Err(self.give_up(&run, done, error)),
            }
        }
        self.finish(&run, &done)?;
        self.watch_again();
        let placements = self.placement_rows(|placement| {
            done.iter().any(|writing| writing.placement.id == placement.id)
        })?;
        Ok(PlaceReport { run: run.id, placements })
    }

    /// Plans all of it, so that what cannot be done is told before the first file is touched.
    fn plan_all(
        &self,
        key: &Key,
        secret: &Secret,
        request: &PlaceKey,
    ) -> Result<Vec<Planned>, Error> {
        let mut plans = Vec::new();
        for target in &request.targets {
            let planned = self.plan(key, secret, target)?.map_err(refused)?;
            let stops = planned.warnings.iter().find(|warning| warning.stops);
            if let Some(warning) = stops.filter(|_| !request.insist) {
                return Err(Error::NotPossible {
                    why: warning.words.clone(),
                    advice: "Choose a reference, or insist if it is meant so.".into(),
                });
            }
            plans.push(planned);
        }
        Ok(plans)
    }

    /// Writes one file. None where the key stands there already; the place is noted all the same.
    /// A file that changed since it was planned is planned anew, on top of what it is now.
    fn write_one(
        &self,
        run: &Run<'_>,
        order: usize,
        target: &PlaceTarget,
        planned: Planned,
    ) -> Result<Option<Writing>, Error> {
        let id = WritingId::make();
        let mut planned = planned;
        let mut intent: Option<Writing> = None;
        for _ in 0..ATTEMPTS {
            let Some(edited) = &planned.edited else {
                self.came_to_nothing(intent.as_ref())?;
                self.note_only(run, &planned)?;
                return Ok(None);
            };
            let writing = self.journal(run, order, id, &planned)?;
            intent = Some(writing.clone());
            let expected = planned.seen.as_ref().map(|seen| &seen.digest);
            let rules = rules(&planned, run.insist);
            match file::replace(&planned.path, expected, &edited.bytes, &rules) {
                Ok(written) => {
                    if let Err(error) = read_again(&planned, &written) {
                        self.put_back_run(run.id, vec![writing])?;
                        return Err(error);
                    }
                    return Ok(Some(writing));
                }
                Err(FileError::Changed { .. }) => {}
                Err(error) if !error.unchanged() => {
                    self.put_back_run(run.id, vec![writing])?;
                    return Err(Error::File(error));
                }
                Err(error) => {
                    // The file is as it was, so nothing is left to take back.
                    self.came_to_nothing(intent.as_ref())?;
                    return Err(Error::File(error));
                }
            }
            planned = match self.plan(run.key, run.secret, target) {
                Ok(Ok(again)) => again,
                Ok(Err(why)) => {
                    self.came_to_nothing(intent.as_ref())?;
                    return Err(refused(why));
                }
                Err(error) => {
                    self.came_to_nothing(intent.as_ref())?;
                    return Err(error);
                }
            };
        }
        self.came_to_nothing(intent.as_ref())?;
        Err(Error::NotPossible {
            why: format!("another program keeps writing {}", planned.path.display()),
            advice: "Quit the program and try again.".into(),
        })
    }

    /// An intent after which the file is as it was. Its line stays, so that what a failing disk left
    /// beside the file is cleared at the next start.
    fn came_to_nothing(&self, intent: Option<&Writing>) -> Result<(), Error> {
        intent.map_or(Ok(()), |intent| self.put_state(intent, WritingState::RolledBack))
    }

    /// The intent, with what the file is now, durable before the file is touched.
    fn journal(
        &self,
        run: &Run<'_>,
        order: usize,
        id: WritingId,
        planned: &Planned,
    ) -> Result<Writing, Error> {
        let now = self.now();
        let placement = self.placement_of(run.key, planned, now)?;
        let replaces = self.read(|vault| {
            let same =
                |other: &&Placement| other.file == placement.file && other.node == placement.node;
            Ok(vault.index().placements().find(same).cloned())
        })?;
        let (backup, content) = backup(planned);
        let after = planned.edited.as_ref().map(|edited| file::Digest::of(&edited.bytes));
        let writing = Writing {
            id,
            run: run.id,
            order: u32::try_from(order).unwrap_or(u32::MAX),
            key: run.key.id,
            placement,
            replaces,
            file: planned.path.display().to_string(),
            before: planned.seen.as_ref().map(|seen| seen.digest.to_string()),
            after: after.map(|digest| digest.to_string()).unwrap_or_default(),
            mode: planned.seen.as_ref().map(|seen| seen.facts.mode),
            made: missing_folders(&planned.path),
            state: WritingState::Intended,
            asked: now,
            changed: now,
            backup,
        };
        self.write(|change| {
            change.put_writing(&writing)?;
            match &content {
                Some(content) => change.seal_backup(writing.id, content),
                None => Ok(()),
            }
        })?;
        Ok(writing)
    }

    fn placement_of(
        &self,
        key: &Key,
        planned: &Planned,
        now: DateTime<Utc>,
    ) -> Result<Placement, Error> {
        let machine = self.machine()?;
        let file = planned.path.display().to_string();
        let node = planned.node.to_string();
        let known = self.read(|vault| {
            let same = |other: &&Placement| {
                other.key == key.id && other.file == file && other.node == node
            };
            Ok(vault.index().placements().find(same).cloned())
        })?;
        Ok(Placement {
            id: known.as_ref().map_or_else(PlacementId::make, |known| known.id),
            key: key.id,
            client: Some(planned.client.id.clone()),
            slot: planned.slot.clone(),
            params: planned.params.clone(),
            file,
            node,
            form: planned.form.clone(),
            machine: machine.name.clone(),
            project: planned.project.clone(),
            words: String::new(),
            note: known.as_ref().map(|known| known.note.clone()).unwrap_or_default(),
            by: Known::Written,
            noted: known.as_ref().map_or(now, |known| known.noted),
            state: PlacementState::InSync,
            checked: Some(now),
            loose: loose(planned),
            tracked: planned.tracked == Tracked::Tracked,
            stored: None,
        })
    }

    /// Marks the whole run as done, notes its placements, and drops backups that are too many.
    fn finish(&self, run: &Run<'_>, done: &[Writing]) -> Result<(), Error> {
        let old = self.old_backups(done)?;
        let now = self.now();
        let events: Vec<_> = done
            .iter()
            .map(|writing| {
                let client = self.writing_client(writing);
                let kind = EventKind::KeyPlaced { client, file: self.short(&writing.file) };
                self.key_event(run.key, kind)
            })
            .collect();
        let lines: Vec<NotedUse> =
            done.iter().map(|writing| self.use_line(&writing.placement)).collect();
        self.write(|change| {
            for (writing, line) in done.iter().zip(lines) {
                let finished =
                    Writing { state: WritingState::Done, changed: now, ..writing.clone() };
                change.put_writing(&finished)?;
                put_placement(change, &writing.placement, line, writing.replaces.as_ref())?;
            }
            for writing in &old {
                change.remove_writing(*writing)?;
            }
            events.iter().try_for_each(|event| change.log(event))
        })
    }

    fn note_only(&self, run: &Run<'_>, planned: &Planned) -> Result<(), Error> {
        let placement = self.placement_of(run.key, planned, self.now())?;
        let line = self.use_line(&placement);
        let event =
            self.key_event(run.key, EventKind::PlaceNoted { place: self.short(&placement.file) });
        self.write(|change| {
            put_placement(change, &placement, line, None)?;
            change.log(&event)
        })
    }

    /// Takes back what the run wrote until now, and says what stopped it.
    fn give_up(&self, run: &Run<'_>, done: Vec<Writing>, error: Error) -> Error {
        match self.put_back_run(run.id, done) {
            Ok(stuck) if stuck.is_empty() => Error::NotPlaced { source: Box::new(error) },
            Ok(stuck) => Error::NotPlacedAndStuck { source: Box::new(error), files: stuck },
            Err(second) => second,
        }
    }
}

struct Run<'a> {
    id: RunId,
    insist: bool,
    key: &'a Key,
    secret: &'a Secret,
}

/// Notes a placement, and with it the line in its key's record that search reads.
pub(crate) fn put_placement(
    change: &mut Change<'_>,
    placement: &Placement,
    line: NotedUse,
    replaces: Option<&Placement>,
) -> Result<(), keywright_vault::Error> {
    if let Some(other) = replaces.filter(|other| other.id != placement.id) {
        drop_placement(change, other)?;
    }
    change.put_placement(placement)?;
    let Some(mut key) = change.key(placement.key).cloned() else { return Ok(()) };
    key.uses.retain(|noted| noted.placement != Some(placement.id));
    key.uses.push(line);
    change.put_key(&key)
}

/// Forgets a placement, and the line in its key's record.
pub(crate) fn drop_placement(
    change: &mut Change<'_>,
    placement: &Placement,
) -> Result<(), keywright_vault::Error> {
    change.remove_placement(placement.id)?;
    let Some(mut key) = change.key(placement.key).cloned() else { return Ok(()) };
    key.uses.retain(|noted| noted.placement != Some(placement.id));
    change.put_key(&key)
}

/// The folders above a file that are not there, outermost first.
fn missing_folders(path: &Path) -> Vec<String> {
    let missing = path.ancestors().skip(1).take_while(|folder| folder.symlink_metadata().is_err());
    let mut missing: Vec<String> = missing.map(|folder| folder.display().to_string()).collect();
    missing.reverse();
    missing
}

fn rules(planned: &Planned, insist: bool) -> Rules {
    Rules {
        mode: planned.rule.mode,
        lock: planned.rule.lock,
        may_make: planned.rule.may_make,
        break_links: insist,
        ..Rules::default()
    }
}

fn refused(refused: Refused) -> Error {
    Error::NotPossible { why: refused.why, advice: refused.advice }
}

/// What is sealed with the intent.
fn backup(planned: &Planned) -> (Backup, Option<Secret>) {
    let (Some(seen), Some(edited)) = (&planned.seen, &planned.edited) else {
        return (Backup::None, None);
    };
    if seen.bytes.len() <= WHOLE {
        return (Backup::Whole, Secret::from_utf8(seen.bytes.clone()));
    }
    let span = edited.splice.span.clone();
    let part = seen.bytes.get(span.clone()).unwrap_or_default();
    let size = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let backup =
        Backup::Part { start: size(span.start), len: size(edited.splice.with.text().len()) };
    (backup, Secret::from_utf8(part.to_vec()))
}

fn loose(planned: &Planned) -> bool {
    planned.seen.as_ref().is_some_and(|seen| seen.facts.mode & 0o077 & !planned.rule.mode != 0)
}

/// Holds that the file has what was meant, as a reader of it would see it.
fn read_again(planned: &Planned, written: &Written) -> Result<(), Error> {
    match file::look(&planned.path) {
        Ok(Some(seen)) if seen.digest == written.digest || planned.is_in(&seen.bytes) => Ok(()),
        Ok(_) => Err(Error::NotPossible {
            why: format!("{} lost the key right after it was written", planned.path.display()),
            advice: format!("Quit {} and try again.", planned.client.name),
        }),
        Err(error) => Err(Error::File(error)),
    }
}
