//! What can go wrong on a terminal besides the use cases, and the words for it.

use std::{io, path::PathBuf};

use keywright_model::KeyId;
use keywright_service::wire::{ErrorCode, Failure};
use serde::Serialize;
use thiserror::Error;

use crate::exit::Exit;

/// A command that did not do what was asked.
#[derive(Debug, Error)]
pub(crate) enum Error {
    /// A use case failed.
    #[error(transparent)]
    Service(#[from] keywright_service::Error),
    /// The words of the command do not fit together.
    #[error("{what}")]
    Usage {
        /// What is wrong.
        what: String,
        /// What to write instead.
        advice: String,
    },
    /// More than one key may be meant.
    #[error("more than one key may be meant by “{text}”")]
    Ambiguous {
        /// What was written.
        text: String,
        /// The keys, a few of them.
        candidates: Vec<Candidate>,
    },
    /// There is a vault already.
    #[error("there is a vault already in {}", home.display())]
    VaultThere {
        /// Where.
        home: PathBuf,
    },
    /// The system names no folder for data.
    #[error("this system names no folder for data")]
    NoHome,
    /// No passphrase was given and there is no terminal to ask on.
    #[error("the vault is locked, and there is no terminal to ask for its passphrase")]
    NoPassphrase,
    /// Something only a person can answer, and there is no terminal to ask on.
    #[error("there is no terminal to ask on")]
    NoTerminal {
        /// What to write instead.
        advice: &'static str,
    },
    /// The question was answered with no.
    #[error("you said no")]
    Declined,
    /// The new passphrase is too easy to guess.
    #[error("this passphrase is too easy to guess: it would take {time}")]
    WeakPassphrase {
        /// How long guessing would take.
        time: String,
        /// What would make it better.
        advice: Option<String>,
    },
    /// The passphrase was typed differently the second time.
    #[error("the two passphrases differ")]
    PassphrasesDiffer,
    /// A file or the standard input could not be read.
    #[error("{} could not be read: {source}", file.display())]
    Unreadable {
        /// The file; `-` is the standard input.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("{} could not be written: {source}", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The answer could not be printed.
    #[error("the answer could not be printed: {0}")]
    Output(#[source] io::Error),
    /// The vault was made, and then its recovery code could not be printed.
    #[error("the vault was made, but its recovery code could not be printed")]
    CodeLost(#[source] Box<Error>),
    /// The log was changed by something else than Keywright.
    #[error("the log is not whole: {0}")]
    BrokenLog(#[source] keywright_service::Error),
    /// There is no clipboard, or it refused.
    #[error("the clipboard refused: {0}")]
    Clipboard(#[source] arboard::Error),
    /// The simulator could not start.
    #[error("the simulator could not start: {0}")]
    Simulator(#[from] keywright_simulator::Error),
    /// The program that was to be run could not be started.
    #[error("{program} could not be started: {source}")]
    NotStarted {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// The system refused a timer, a signal or a thread.
    #[error("the system refused: {0}")]
    System(#[source] io::Error),
}

/// A key that may be meant.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Candidate {
    /// Its id.
    pub(crate) id: KeyId,
    /// Its title.
    pub(crate) title: String,
    /// What tells it from the others: connection, status, hint.
    pub(crate) about: String,
}

impl Error {
    /// A wrong command, in words.
    pub(crate) fn usage(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Usage { what: what.into(), advice: advice.into() }
    }

    /// What the process ends with.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            // The words were right; the thing itself cannot be done.
            Self::Service(keywright_service::Error::NotPossible { .. }) => Exit::Failed,
            other => Exit::of(other.failure().code),
        }
    }

    /// Whether the reader of the answer went away, as `head` does. That is no failure.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The keys that may be meant, when there are several.
    pub(crate) fn candidates(&self) -> &[Candidate] {
        match self {
            Self::Ambiguous { candidates, .. } => candidates,
            _ => &[],
        }
    }

    /// What happened, what was kept, what to do.
    pub(crate) fn failure(&self) -> Failure {
        if let Self::Service(error) = self {
            return error.failure();
        }
        let (code, kept, advice) = self.words();
        Failure { code, what: sentence(&self.to_string()), kept: kept.into(), advice }
    }

    fn words(&self) -> (ErrorCode, &'static str, String) {
        const NOTHING: &str = "Nothing was changed.";
        let (code, advice) = match self {
            Self::Usage { advice, .. } => return (ErrorCode::Invalid, NOTHING, advice.clone()),
            Self::Ambiguous { .. } => {
                (ErrorCode::NotFound, "Name one of these by its whole name or its id.")
            }
            Self::VaultThere { .. } => {
                (ErrorCode::Failed, "Use it, or make another one elsewhere with --home DIR.")
            }
            Self::NoHome => (ErrorCode::Failed, "Name a folder with --home DIR."),
            Self::NoPassphrase => {
                (ErrorCode::Locked, "Give it by --passphrase-file FILE, or - for standard input.")
            }
            Self::NoTerminal { advice } => (ErrorCode::Invalid, *advice),
            Self::Declined => (ErrorCode::Failed, "Ask again when you are ready."),
            Self::WeakPassphrase { advice, .. } => {
                let advice = advice.as_deref().unwrap_or_default();
                let advice = format!("{advice} Four random words or more are a good choice.");
                return (ErrorCode::Invalid, NOTHING, advice.trim_start().to_owned());
            }
            Self::PassphrasesDiffer => (ErrorCode::Invalid, "Type the same one twice."),
            Self::Unreadable { .. } => (ErrorCode::Failed, "Look at the file and its rights."),
            Self::Unwritable { .. } => {
                (ErrorCode::Disk, "Name a file that is not there yet, in a folder of yours.")
            }
            Self::Clipboard(_) => (
                ErrorCode::Failed,
                "Run it on a desktop, or pipe the output of kw reveal to the program that needs it.",
            ),
            Self::Simulator(_) => (ErrorCode::Failed, "Choose another port with --port."),
            Self::NotStarted { .. } => {
                (ErrorCode::NotFound, "Look at the program's name and your PATH.")
            }
            Self::Service(_) | Self::System(_) => (ErrorCode::Failed, "Try again."),
            Self::Output(_) => {
                let kept = "What was asked for was done; only its answer is lost.";
                return (ErrorCode::Failed, kept, "Read it again with kw show or kw keys.".into());
            }
            Self::CodeLost(_) => {
                let kept = "The vault is there and opens with its passphrase.";
                let advice = "Without a recovery code a lost passphrase is the end of it. Nothing \
                              is in it yet: move its folder away and run kw init again.";
                return (ErrorCode::Failed, kept, advice.into());
            }
            Self::BrokenLog(_) => {
                let kept =
                    "The keys and their secrets have marks of their own, and are as they were.";
                let advice = "Something else than Keywright wrote to the vault's file. Compare it \
                              with a backup.";
                return (ErrorCode::Damaged, kept, advice.into());
            }
        };
        (code, NOTHING, advice.into())
    }
}

/// The text with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let mut out: String = first.to_uppercase().chain(chars).collect();
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}
