//! For the tests: every message to the main view, written down as it crosses.
//!
//! The journey through the real window searches it for what must never be there.
//! It exists in debug builds and with the feature `test-hooks`, and only writes
//! when it is told where to.

use serde::Serialize;

/// Where the messages are written down, if at all.
#[derive(Default)]
pub(crate) struct Transcript {
    #[cfg(any(debug_assertions, feature = "test-hooks"))]
    file: Option<std::sync::Mutex<std::fs::File>>,
}

#[cfg(any(debug_assertions, feature = "test-hooks"))]
impl Transcript {
    /// Opens the file that `KEYWRIGHT_IPC_TRANSCRIPT` names, if it names one.
    #[expect(clippy::disallowed_methods, reason = "a test's setting, absent from a release")]
    pub(crate) fn from_environment() -> Self {
        let path = std::env::var("KEYWRIGHT_IPC_TRANSCRIPT").ok().filter(|path| !path.is_empty());
        let open = |path| std::fs::OpenOptions::new().create(true).append(true).open(path).ok();
        Self { file: path.and_then(open).map(std::sync::Mutex::new) }
    }

    /// One line: which way, which command or event, and what.
    pub(crate) fn note(&self, way: &str, name: &str, what: &impl Serialize) {
        use std::io::Write as _;
        let Some(file) = &self.file else { return };
        let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let line = serde_json::json!({ "way": way, "name": name, "what": what });
        // A line that cannot be written is missed by the test that reads it.
        writeln!(file, "{line}").ok();
    }
}

#[cfg(not(any(debug_assertions, feature = "test-hooks")))]
impl Transcript {
    /// None in a release.
    pub(crate) fn from_environment() -> Self {
        Self::default()
    }

    /// Nothing in a release.
    pub(crate) fn note(&self, _way: &str, _name: &str, _what: &impl Serialize) {}
}
