//! At a start: writes that were cut short are finished or taken back.

use std::collections::BTreeMap;

use keywright_model::{RunId, Writing, WritingState};

use super::undo::PutBack;
use crate::{Error, Service};

impl Service {
    /// Takes back runs that did not end, and ends undoings. Leaves no file torn and no litter.
    pub(crate) fn settle_writings(&self) -> Result<(), Error> {
        if self.inner.home.machine().is_none() {
            return Ok(());
        }
        let mut runs: BTreeMap<RunId, Vec<Writing>> = BTreeMap::new();
        let mut undoing = Vec::new();
        self.read(|vault| {
            for writing in vault.index().writings() {
                match writing.state {
                    WritingState::Intended => {
                        runs.entry(writing.run).or_default().push(writing.clone());
                    }
                    WritingState::Undoing => undoing.push(writing.clone()),
                    _ => {}
                }
            }
            Ok(())
        })?;
        // What a crash or a failing disk left beside a file, whatever became of the write.
        let files = self.read(|vault| {
            let written = vault.index().writings().map(|writing| (&writing.file, writing));
            let files: BTreeMap<&String, &Writing> = written.collect();
            Ok(files.into_values().cloned().collect::<Vec<_>>())
        })?;
        for writing in &files {
            self.sweep(writing);
        }
        for (run, writings) in runs {
            self.put_back_run(run, writings)?;
        }
        for writing in undoing {
            match self.put_back(&writing)? {
                PutBack::Done => self.undone(&writing)?,
                PutBack::Foreign(_) => self.put_state(&writing, WritingState::Done)?,
                // Tried again at the next start.
                PutBack::Failed(_) => {}
            }
        }
        Ok(())
    }
}
