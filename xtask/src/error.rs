//! What stops a task.

use std::{io, path::PathBuf};

/// What stops a task.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A program could not be started.
    #[error("{program} could not be started")]
    Start {
        /// The program.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program ended with a failure; it has said why itself.
    #[error("this failed: {command}")]
    Failed {
        /// The command line.
        command: String,
    },
    /// A program's answer was not understood.
    #[error("{program} answered something unexpected: {what}")]
    Answer {
        /// The program.
        program: &'static str,
        /// What was wrong with it.
        what: String,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something is missing and nobody agreed to install it.
    #[error("{what} is missing. {advice}")]
    Missing {
        /// What is missing.
        what: String,
        /// What to do.
        advice: String,
    },
    /// A stage name that does not exist.
    #[error("there is no stage `{0}`; `--list` shows them")]
    NoSuchStage(String),
    /// The virtual screen did not come up.
    #[error("the virtual screen did not come up: {0}")]
    Screen(&'static str),
    /// Findings that were printed already.
    #[error("{0}")]
    Findings(String),
}

impl Error {
    /// For `map_err` on a file operation.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
