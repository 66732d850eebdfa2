//! At a start: writes that were cut short are finished or taken back.

use std::collections::BTreeMap;

use keywright_model::{RunId, Writing, WritingState};

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
        for (run, writings) in runs {
            for writing in &writings {
                self.sweep(writing);
            }
            self.put_back_run(run, writings)?;
        }
        for writing in undoing {
            self.sweep(&writing);
            match self.put_back(&writing)? {
                None => self.undone(&writing)?,
                Some(_) => self.put_state(&writing, WritingState::Done)?,
            }
        }
        Ok(())
    }
}
