//! What can go wrong in a use case, and the one place where words for it are chosen.

use keywright_clients::{file::FileError, watch::WatchError};
use keywright_platforms::{CallError, SetupError, StorePlaceError, VariableError};
use thiserror::Error;

use crate::wire::{ErrorCode, Failure, FieldProblem};

/// Code, what happened, what was kept, what to do.
type Words = (ErrorCode, String, &'static str, String);

const NOTHING: &str = "Nothing was changed.";

/// A use case that did not do what was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no vault yet.
    #[error("there is no vault yet")]
    NoVault,
    /// The vault is locked.
    #[error("the vault is locked")]
    Locked,
    /// The vault refused or failed.
    #[error(transparent)]
    Vault(#[from] keywright_vault::Error),
    /// The platform refused or could not be reached.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The connection's settings do not make a usable address.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// One of the connection's variables is missing or wrong.
    #[error(transparent)]
    Variable(#[from] VariableError),
    /// Sent, and the outcome is not known.
    #[error("the outcome is not known: {why}")]
    OutcomeUnknown {
        /// What went wrong.
        why: String,
        /// Whether the platform's list already shows a key made by it.
        orphan: bool,
    },
    /// Made on the platform, could not be sealed here, and was revoked again.
    #[error("the secret could not be sealed, so the new key was revoked again")]
    NotSealed(#[source] keywright_vault::Error),
    /// A remote change was asked for while working offline; it is kept as a draft.
    #[error("offline; kept as a draft")]
    Drafted,
    /// A remote call was asked for while working offline.
    #[error("remote calls are switched off")]
    WorkOffline,
    /// Somebody stopped it on the way.
    #[error("stopped")]
    Stopped,
    /// What was asked for is not in the vault.
    #[error("there is no such {what}")]
    NotFound {
        /// `key`, `connection`…
        what: &'static str,
    },
    /// Fields are missing or wrong.
    #[error("the request is not complete")]
    Invalid(Vec<FieldProblem>),
    /// It cannot be done with this key or connection.
    #[error("{why}")]
    NotPossible {
        /// Why, as a sentence.
        why: String,
        /// What to do instead, as a sentence.
        advice: String,
    },
    /// A client's file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Files cannot be watched.
    #[error(transparent)]
    Watch(#[from] WatchError),
    /// A placing was given up, and every file is as it was.
    #[error("the key was put nowhere")]
    NotPlaced {
        /// What stopped it.
        source: Box<Error>,
    },
    /// A placing was given up, and some files could not be taken back.
    #[error("the key was put into some files only")]
    NotPlacedAndStuck {
        /// What stopped it.
        source: Box<Error>,
        /// The files that still have the key.
        files: Vec<String>,
    },
    /// What was told names no place in a platform's secret store.
    #[error(transparent)]
    Place(#[from] StorePlaceError),
    /// A platform's secret store did not take a change; what is there is as it was.
    #[error("{place} was not changed: {source}")]
    NotStored {
        /// The place in words.
        place: String,
        /// What the platform wants of whoever may do it.
        help: String,
        /// What it said.
        source: CallError,
    },
    /// The vault holds no secret of this key.
    #[error("the vault holds no secret of this key")]
    NoSecret,
}

impl Error {
    /// The words and the code of it.
    pub fn failure(&self) -> Failure {
        let (code, what, kept, advice) = self.words();
        Failure { code, what, kept: kept.into(), advice }
    }

    fn words(&self) -> Words {
        match self {
            Self::Vault(error) => vault_words(error),
            Self::Call(error) => call_words(error),
            Self::OutcomeUnknown { why, orphan } => unknown_words(why, *orphan),
            Self::NotSealed(error) => (
                ErrorCode::Disk,
                format!("The platform made the key, but its secret could not be sealed: {error}."),
                "The new key was revoked again, so nothing is left behind.",
                "Make room on the disk and create the key again.".into(),
            ),
            Self::NotPlaced { source } => {
                let (code, what, _, advice) = source.words();
                (code, what, "Every file is as it was.", advice)
            }
            Self::NotPlacedAndStuck { source, files } => {
                let (code, what, _, _) = source.words();
                let names = files.join(", ");
                (
                    code,
                    format!("{what} {names} got the key, and it could not be taken back there."),
                    "Every other file is as it was.",
                    format!(
                        "Look at {names}. What the disk refused is tried again when the vault is \
                         opened; what somebody else changed since is left to you."
                    ),
                )
            }
            Self::NotStored { place, help, source } => {
                let (code, said, _, advice) = call_words(source);
                let advice =
                    if code == ErrorCode::Refused && matches!(source, CallError::Refused { .. }) {
                        help.clone()
                    } else {
                        advice
                    };
                (code, format!("{place}: {said}"), "The secret there is as it was.", advice)
            }
            Self::Drafted => (
                ErrorCode::Offline,
                "There is no network, so nothing was sent.".into(),
                "What you asked for is kept as a draft.",
                "Send the draft from Overview when you are online.".into(),
            ),
            other => {
                let (code, what, advice) = other.harmless_words();
                (code, what, NOTHING, advice)
            }
        }
    }

    /// The words of those that changed nothing at all.
    fn harmless_words(&self) -> (ErrorCode, String, String) {
        let own = sentence(&self.to_string());
        let (code, what, advice) = match self {
            Self::NoVault => (ErrorCode::NoVault, own, "Make one: open Keywright, or run kw init."),
            Self::Locked => (ErrorCode::Locked, own, "Unlock it and try again."),
            Self::Setup(_) => (ErrorCode::Invalid, own, "Correct the connection's address."),
            Self::Place(_) => (ErrorCode::Invalid, own, "Correct what is named and try again."),
            Self::Variable(_) => (ErrorCode::Invalid, own, "Correct the connection's settings."),
            Self::File(_) => (ErrorCode::Disk, own, "Look at the file and try again."),
            Self::Watch(_) => {
                (ErrorCode::Failed, own, "Look at the places by hand: kw placements --check.")
            }
            Self::WorkOffline => (
                ErrorCode::Offline,
                "Keywright works offline, so nothing was sent.".into(),
                "Switch “Work offline” off and try again.",
            ),
            Self::Stopped => (
                ErrorCode::Failed,
                "It was stopped before it was through.".into(),
                "What was done until then is kept. Start it again to go on.",
            ),
            Self::NotFound { what } => (
                ErrorCode::NotFound,
                format!("There is no such {what} in this vault."),
                "Look at the list and choose one that is there.",
            ),
            Self::Invalid(problems) => {
                let said = problems.iter().map(|problem| sentence(&problem.message));
                let said = said.collect::<Vec<_>>().join(" ");
                (ErrorCode::Invalid, said, "Correct what is named and try again.")
            }
            Self::NotPossible { why, advice } => {
                return (ErrorCode::Invalid, sentence(why), advice.clone());
            }
            Self::NoSecret => (
                ErrorCode::NotFound,
                "The vault holds no secret of this key: the platform shows it only once, when the \
                 key is made."
                    .into(),
                "Create a new key and revoke this one.",
            ),
            _ => (ErrorCode::Failed, own, "Try again."),
        };
        (code, what, advice.into())
    }
}

fn unknown_words(why: &str, orphan: bool) -> Words {
    let what = format!("The request was sent, and its outcome is not known: {why}.");
    if orphan {
        (
            ErrorCode::OutcomeUnknown,
            what,
            "The platform did make the key, but its secret never arrived, so nobody can use it.",
            "Revoke the orphan on Overview, then create the key again.".into(),
        )
    } else {
        (
            ErrorCode::OutcomeUnknown,
            what,
            "It is written down and is not sent again by itself.",
            "Refresh the connection: the platform's list tells what became of it.".into(),
        )
    }
}

fn vault_words(error: &keywright_vault::Error) -> Words {
    use keywright_vault::Error as V;
    let what = sentence(&error.to_string());
    let kept = "The vault is as it was.";
    let (code, advice) = match error {
        V::Missing => (ErrorCode::NoVault, "Make a vault: open Keywright, or run kw init."),
        V::AlreadyThere => (ErrorCode::Invalid, "Unlock the vault that is there."),
        V::InUse => (
            ErrorCode::InUse,
            "Close the other Keywright (window or kw) and try again. Reading works meanwhile.",
        ),
        V::WrongPassphrase => {
            (ErrorCode::WrongPassphrase, "Try again, or open it with the recovery code.")
        }
        V::WrongRecoveryCode { .. } => {
            (ErrorCode::WrongPassphrase, "Compare the code with your copy, group by group.")
        }
        V::Damaged { .. } => {
            (ErrorCode::Damaged, "Do not delete the file. Restore it from a backup beside it.")
        }
        V::NewerFormat { .. } => {
            (ErrorCode::Damaged, "Update Keywright: this file was written by a newer version.")
        }
        V::ReadOnly => (ErrorCode::Disk, "Give yourself the right to write to the vault's folder."),
        V::Full => (ErrorCode::Disk, "Make room on the disk and try again."),
        V::Io(_) => (ErrorCode::Disk, "Check the disk and try again."),
        _ => (ErrorCode::Failed, "Try again; if it stays, look at the vault's folder."),
    };
    (code, what, kept, advice.into())
}

fn call_words(error: &CallError) -> Words {
    let what = sentence(&error.to_string());
    let kept = "Nothing was changed here.";
    let (code, advice) = match error {
        CallError::Unauthorized { .. } => (
            ErrorCode::Refused,
            "The connection's credential was refused: bring a new one under Connections.",
        ),
        CallError::Refused { .. } => {
            (ErrorCode::Refused, "See what the platform says, change the request and try again.")
        }
        CallError::RateLimited { .. } => {
            (ErrorCode::Refused, "Wait a moment: the platform asks for fewer calls.")
        }
        other if other.is_network() => {
            (ErrorCode::Offline, "Check the network. All that is stored here stays readable.")
        }
        _ => (ErrorCode::Failed, "Try again later; the platform did not answer as documented."),
    };
    (code, what, kept, advice.into())
}

/// The text with a capital and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let mut out: String = first.to_uppercase().chain(chars).collect();
    if !out.ends_with(['.', '!', '?', '…']) {
        out.push('.');
    }
    out
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        error.failure()
    }
}
