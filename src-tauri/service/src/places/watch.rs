//! Hearing of changes to the files in which keys are.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use keywright_clients::watch::Watcher;

use crate::{Error, Service, wire::Progress};

/// The watcher, while somebody wants to hear of changes.
#[derive(Default)]
pub(crate) struct Watch(Mutex<Option<Watcher>>);

impl Service {
    /// From now on a change of a file that holds a key is looked at by itself, and told as
    /// [`Progress::Changed`]. Ends with [`Service::lock`].
    pub fn watch_places(&self) -> Result<(), Error> {
        let files = self.placed_files()?;
        let service = self.clone();
        let watcher = Watcher::start(files, move |changed: Vec<PathBuf>| {
            service.look_at_changed(&changed);
        });
        match watcher {
            Ok(watcher) => {
                *self.watcher() = Some(watcher);
                // What changed while nobody watched.
                if self.look_at_places(&|_| true)? > 0 {
                    self.tell(Progress::Changed);
                }
                Ok(())
            }
            Err(error) => Err(Error::Watch(error)),
        }
    }

    /// Watches what is placed now, where somebody watches at all.
    pub(crate) fn watch_again(&self) {
        let Ok(files) = self.placed_files() else { return };
        if let Some(watcher) = self.watcher().as_mut() {
            watcher.set(files);
        }
    }

    pub(crate) fn stop_watching(&self) {
        *self.watcher() = None;
    }

    fn watcher(&self) -> std::sync::MutexGuard<'_, Option<Watcher>> {
        self.inner.watch.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn placed_files(&self) -> Result<BTreeSet<PathBuf>, Error> {
        let machine = self.machine()?;
        self.read(|vault| {
            let here = vault.index().placements().filter(|place| place.is_here(&machine.name));
            Ok(here.map(|place| PathBuf::from(&place.file)).collect())
        })
    }

    fn look_at_changed(&self, changed: &[PathBuf]) {
        let touched = |placement: &keywright_model::Placement| {
            changed.iter().any(|path| path.as_os_str() == placement.file.as_str())
        };
        // A locked vault has nobody to tell; the next unlock looks at all places.
        if matches!(self.look_at_places(&touched), Ok(1..)) {
            self.tell(Progress::Changed);
        }
    }
}
