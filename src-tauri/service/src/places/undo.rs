//! Taking writes back, to the identical bytes.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use keywright_clients::{
    definition::FileLock,
    file::{self, FileError, Rules},
};
use keywright_model::{
    EventKind, Placement, PlacementId, RunId, Secret, Writing, WritingId, WritingState,
    writing::Backup,
};

use super::place::{drop_placement, put_placement};
use crate::{Error, Service, keys::find, session::InFlight, wire::WritingRow};

/// Writes of one file whose content before is kept.
const KEPT_A_FILE: usize = 10;
/// Lines of the journal shown at the most.
const SHOWN: usize = 200;

/// What became of putting a file back.
pub(crate) enum PutBack {
    /// It is as it was.
    Done,
    /// Somebody else changed it, and their change would be lost.
    Foreign(String),
    /// It could not be done now.
    Failed(FileError),
}

impl Service {
    /// Takes back a write: the file gets the very bytes that it had before. Refused where somebody
    /// changed the file since.
    pub fn undo_writing(&self, id: WritingId) -> Result<(), Error> {
        let _open = InFlight::begin(self);
        let writing = self.read(|vault| {
            vault.index().writing(id).cloned().ok_or(Error::NotFound { what: "write" })
        })?;
        if writing.state != WritingState::Done {
            return Err(Error::NotPossible {
                why: "this write was taken back already".into(),
                advice: "Place the key again if it is to be there.".into(),
            });
        }
        self.put_state(&writing, WritingState::Undoing)?;
        match self.put_back(&writing)? {
            PutBack::Done => self.undone(&writing),
            PutBack::Foreign(why) => {
                self.put_state(&writing, WritingState::Done)?;
                let advice = "Remove the key there by hand: undoing would lose the other change.";
                Err(Error::NotPossible { why, advice: advice.into() })
            }
            PutBack::Failed(error) => {
                self.put_state(&writing, WritingState::Done)?;
                Err(Error::File(error))
            }
        }
    }

    /// Takes back the last write of a placement.
    pub fn undo_placing(&self, id: PlacementId) -> Result<(), Error> {
        let last = self.read(|vault| {
            let own = vault.index().writings().filter(|writing| {
                writing.placement.id == id && writing.state == WritingState::Done
            });
            Ok(own.max_by_key(|writing| writing.asked).map(|writing| writing.id))
        })?;
        let last = last.ok_or_else(|| Error::NotPossible {
            why: "Keywright did not write this place, or its backup is no longer kept".into(),
            advice: "Change the file by hand.".into(),
        })?;
        self.undo_writing(last)
    }

    /// The journal of written files, newest first.
    pub fn list_writings(&self) -> Result<Vec<WritingRow>, Error> {
        let machine = self.machine()?;
        self.read(|vault| {
            let mut all: Vec<&Writing> = vault.index().writings().collect();
            all.sort_by_key(|writing| std::cmp::Reverse((writing.asked, writing.order)));
            let rows = all.into_iter().take(SHOWN).map(|writing| WritingRow {
                id: writing.id,
                run: writing.run,
                key_title: find(vault, writing.key)
                    .map_or_else(|_| "a removed key".to_owned(), |key| key.title().to_owned()),
                client_name: self.writing_client(writing),
                short: machine.short(Path::new(&writing.file)),
                state: writing.state.clone(),
                asked: writing.asked,
                can_undo: writing.state == WritingState::Done
                    && (writing.before.is_none() || writing.backup != Backup::None),
            });
            Ok(rows.collect())
        })
    }

    /// Takes back the writes of a run that did not end, newest first. The answer names the files
    /// that could not be taken back.
    pub(crate) fn put_back_run(
        &self,
        run: RunId,
        mut writings: Vec<Writing>,
    ) -> Result<Vec<String>, Error> {
        writings.sort_by_key(|writing| std::cmp::Reverse(writing.order));
        let mut stuck = Vec::new();
        for writing in &writings {
            match self.put_back(writing)? {
                PutBack::Done => self.put_state(writing, WritingState::RolledBack)?,
                PutBack::Foreign(why) => {
                    stuck.push(writing.file.clone());
                    self.put_state(writing, WritingState::Stuck { why })?;
                }
                // Its intent stays open, and the next start tries again.
                PutBack::Failed(_) => stuck.push(writing.file.clone()),
            }
        }
        let files = u32::try_from(writings.len() - stuck.len()).unwrap_or(u32::MAX);
        if let Some(first) = writings.iter().find(|writing| writing.run == run) {
            let key = self.read(|vault| Ok(find(vault, first.key)?.clone()))?;
            let event = self.key_event(&key, EventKind::PlacingRolledBack { files });
            self.write(|change| change.log(&event))?;
        }
        Ok(stuck)
    }

    /// Puts a file back as it was before a write.
    pub(crate) fn put_back(&self, writing: &Writing) -> Result<PutBack, Error> {
        let path = Path::new(&writing.file);
        let seen = match file::look(path) {
            Ok(seen) => seen,
            Err(error) => return Ok(PutBack::Failed(error)),
        };
        let foreign = |why: &str| Ok(PutBack::Foreign(why.to_owned()));
        let Some(seen) = seen else {
            let gone = writing.before.is_some();
            return if gone { foreign("the file is gone") } else { Ok(PutBack::Done) };
        };
        let now = seen.digest.to_string();
        if writing.before.as_ref() == Some(&now) {
            return Ok(PutBack::Done);
        }
        if now != writing.after {
            return foreign("the file was changed by somebody else since");
        }
        let rules = self.rules_of(writing);
        let done = if writing.before.is_none() {
            let made: Vec<PathBuf> = writing.made.iter().map(PathBuf::from).collect();
            file::remove(path, &seen.digest, &made, &rules)
        } else {
            let sealed = self.read(|vault| Ok(vault.backup(writing.id)?))?;
            let Some(old) = sealed.and_then(|sealed| content(writing, &seen.bytes, &sealed)) else {
                return foreign("its backup is no longer kept");
            };
            file::replace(path, Some(&seen.digest), &old, &rules).map(drop)
        };
        match done {
            Ok(()) => Ok(PutBack::Done),
            Err(FileError::Changed { .. }) => {
                foreign("the file was changed by somebody else at this moment")
            }
            Err(error) => Ok(PutBack::Failed(error)),
        }
    }

    /// Removes what a crash left beside a file.
    pub(crate) fn sweep(&self, writing: &Writing) {
        let lock = self.rule_of(&writing.placement).map_or(FileLock::None, |(_, rule)| rule.lock);
        // What cannot be removed now is in nobody's way.
        drop(file::sweep(Path::new(&writing.file), lock));
    }

    pub(crate) fn put_state(&self, writing: &Writing, state: WritingState) -> Result<(), Error> {
        let changed = Writing { state, changed: self.now(), ..writing.clone() };
        self.write(|change| change.put_writing(&changed))
    }

    /// Notes that a file is as it was before: the placement goes, what it replaced comes back.
    pub(crate) fn undone(&self, writing: &Writing) -> Result<(), Error> {
        let done = Writing { state: WritingState::Undone, changed: self.now(), ..writing.clone() };
        let placement =
            self.read(|vault| Ok(vault.index().placement(writing.placement.id).cloned()))?;
        let before = writing.replaces.as_ref().map(|before| (before, self.use_line(before)));
        let key = self.read(|vault| Ok(find(vault, writing.key).ok().cloned()))?;
        let event = key.map(|key| {
            let client = self.writing_client(writing);
            self.key_event(
                &key,
                EventKind::PlacingUndone { client, file: self.short(&writing.file) },
            )
        });
        self.write(|change| {
            change.put_writing(&done)?;
            if let Some(placement) = &placement {
                drop_placement(change, placement)?;
            }
            if let Some((before, line)) = before {
                put_placement(change, before, line, None)?;
            }
            event.iter().try_for_each(|event| change.log(event))
        })?;
        self.watch_again();
        Ok(())
    }

    /// Lines of the journal that are older than the last ten of their file.
    pub(crate) fn old_backups(&self, done: &[Writing]) -> Result<Vec<WritingId>, Error> {
        let files: HashSet<&str> = done.iter().map(|writing| writing.file.as_str()).collect();
        self.read(|vault| {
            let mut old = Vec::new();
            for file in files {
                let mut own: Vec<&Writing> = vault
                    .index()
                    .writings()
                    .filter(|writing| {
                        writing.file == file
                            && !matches!(
                                writing.state,
                                WritingState::Intended | WritingState::Undoing
                            )
                    })
                    .collect();
                own.sort_by_key(|writing| std::cmp::Reverse(writing.asked));
                old.extend(own.into_iter().skip(KEPT_A_FILE).map(|writing| writing.id));
            }
            Ok(old)
        })
    }

    pub(crate) fn writing_client(&self, writing: &Writing) -> String {
        let client = writing.placement.client.as_ref();
        client.map_or_else(|| writing.placement.words.clone(), |id| self.client_name(id))
    }

    /// The client's lock is taken for taking back as well.
    fn rules_of(&self, writing: &Writing) -> Rules {
        let lock = self.rule_of(&writing.placement).map_or(FileLock::None, |(_, rule)| rule.lock);
        Rules {
            mode: writing.mode.unwrap_or(0o600),
            lock,
            may_make: false,
            // The file had its names before as well.
            break_links: true,
            ..Rules::default()
        }
    }

    /// The client and the rule of a placement's file.
    pub(crate) fn rule_of(
        &self,
        placement: &Placement,
    ) -> Option<(
        std::sync::Arc<keywright_clients::Definition>,
        keywright_clients::definition::FileRule,
    )> {
        let client = self.client(placement.client.as_ref()?).ok()?;
        let slot = client.slots.iter().find(|slot| slot.id == placement.slot)?;
        let path = Path::new(&placement.file);
        let machine = self.machine().ok()?;
        let project = (!placement.project.is_empty()).then(|| Path::new(&placement.project));
        let mut rules = client.files.iter().filter(|rule| slot.files.contains(&rule.id));
        let rule = rules
            .clone()
            .find(|rule| rule.locate(machine, project).iter().any(|file| file.path == path))
            .or_else(|| rules.clone().find(|rule| rule.accepts_name(path)))
            .or_else(|| rules.next())?
            .clone();
        Some((client, rule))
    }
}

/// The content before, of what is sealed and, for a large file, of what is there now.
#[expect(clippy::disallowed_methods, reason = "the sealed content is written back to its file")]
fn content(writing: &Writing, now: &[u8], sealed: &Secret) -> Option<Vec<u8>> {
    match writing.backup {
        Backup::None => None,
        Backup::Whole => Some(sealed.expose().as_bytes().to_vec()),
        Backup::Part { start, len } => {
            let start = usize::try_from(start).ok()?;
            let end = start.checked_add(usize::try_from(len).ok()?)?;
            let mut old = now.get(..start)?.to_vec();
            old.extend_from_slice(sealed.expose().as_bytes());
            old.extend_from_slice(now.get(end..)?);
            let same = writing.before.as_ref() == Some(&file::Digest::of(&old).to_string());
            same.then_some(old)
        }
    }
}
