//! What the window's process holds: the service, and what only a desktop has.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use keywright_service::{Clock, Service};
use tempfile::TempDir;

use crate::{
    clipboard::Clipboard, demo::Demo, door::Unconfirmed, error::Error, reveal::Page,
    transcript::Transcript,
};

/// The state that every command sees.
pub(crate) struct Shell {
    /// The use cases.
    pub(crate) service: Service,
    /// The time, for the daily notification.
    pub(crate) clock: Clock,
    /// The clipboard.
    pub(crate) clipboard: Clipboard,
    /// What the tests read.
    pub(crate) transcript: Transcript,
    /// One change of windows at a time.
    pub(crate) moving: tokio::sync::Mutex<()>,
    /// Windows made so far: each has a data folder of its own.
    windows: Mutex<u32>,
    /// Where web views believe their data to be. Nothing is written there: they are incognito.
    /// Made with the first window: a second copy of the program ends before it has one.
    web: Mutex<Option<TempDir>>,
    /// The page that the next reveal window may fetch, once.
    page: Mutex<Option<Page>>,
    /// The recovery code that waits to be confirmed.
    unconfirmed: Mutex<Option<Unconfirmed>>,
    /// The demo platform, once it was started.
    demo: Demo,
    /// When the last notification was shown.
    reminded: Mutex<Option<DateTime<Utc>>>,
}

impl Shell {
    /// The shell around a service.
    pub(crate) fn new(service: Service, clock: Clock) -> Self {
        Self {
            service,
            clock,
            clipboard: Clipboard::default(),
            transcript: Transcript::from_environment(),
            moving: tokio::sync::Mutex::default(),
            windows: Mutex::default(),
            web: Mutex::default(),
            page: Mutex::default(),
            unconfirmed: Mutex::default(),
            demo: Demo::default(),
            reminded: Mutex::default(),
        }
    }

    /// A data folder that no other window has.
    pub(crate) fn web_folder(&self) -> Result<PathBuf, Error> {
        let mut windows = held(&self.windows);
        *windows += 1;
        self.web_folder_named(&windows.to_string())
    }

    /// The one data folder under WebDriver.
    pub(crate) fn shared_web_folder(&self) -> Result<PathBuf, Error> {
        self.web_folder_named("shared")
    }

    fn web_folder_named(&self, name: &str) -> Result<PathBuf, Error> {
        let mut web = held(&self.web);
        let folder = match web.take() {
            Some(folder) => folder,
            None => {
                tempfile::Builder::new().prefix("keywright-").tempdir().map_err(Error::Folder)?
            }
        };
        Ok(web.insert(folder).path().join(name))
    }

    /// The page to reveal next.
    pub(crate) fn page(&self) -> MutexGuard<'_, Option<Page>> {
        held(&self.page)
    }

    /// The recovery code that waits to be confirmed.
    pub(crate) fn unconfirmed(&self) -> MutexGuard<'_, Option<Unconfirmed>> {
        held(&self.unconfirmed)
    }

    /// The demo platform.
    pub(crate) const fn demo(&self) -> &Demo {
        &self.demo
    }

    /// When the last notification was shown.
    pub(crate) fn reminded(&self) -> MutexGuard<'_, Option<DateTime<Utc>>> {
        held(&self.reminded)
    }

    /// Forgets what must not outlive an open vault.
    pub(crate) fn forget(&self) {
        self.clipboard.clear();
        drop(self.page().take());
        drop(self.unconfirmed().take());
    }

    /// The last thing this process does: the system ends it right after.
    pub(crate) fn close(&self) {
        self.service.lock();
        self.forget();
        self.clipboard.close();
        // The system's temporary folder is emptied by others if not by us.
        drop(held(&self.web).take());
    }
}

/// Nothing here is left half-changed by a panic.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
