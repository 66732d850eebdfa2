//! What can go wrong on the desktop's side, and the words for it.

use keywright_service::wire::{ErrorCode, Failure};
use thiserror::Error;

/// A command that did not do what was asked.
#[derive(Debug, Error)]
pub(crate) enum Error {
    /// The use case failed.
    #[error(transparent)]
    Service(#[from] keywright_service::Error),
    /// The clipboard could not be reached.
    #[error("the clipboard could not be reached")]
    Clipboard(#[from] arboard::Error),
    /// The clipboard's thread has ended.
    #[error("the clipboard is closed")]
    ClipboardClosed,
    /// The clipboard holds no text.
    #[error("the clipboard holds no text")]
    ClipboardEmpty,
    /// The chosen file could not be read.
    #[error("the file could not be read")]
    File(#[source] std::io::Error),
    /// The chosen file could not be written.
    #[error("the file could not be written")]
    Unsaved(#[source] std::io::Error),
    /// The chosen file is no secret: too long, or not text.
    #[error("the file holds no secret")]
    NotASecret,
    /// No file was chosen.
    #[error("no file was chosen")]
    NoFile,
    /// No browser could be started.
    #[error("no browser could be started")]
    Browser(#[source] std::io::Error),
    /// A window could not be made.
    #[error("the window could not be made")]
    Window(#[from] tauri::Error),
    /// A folder for the window could not be made.
    #[error("no folder for the window's own data")]
    Folder(#[source] std::io::Error),
    /// The demo platform did not start.
    #[error("the demo platform did not start")]
    Demo(#[from] keywright_simulator::Error),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
    /// The task was ended with the program.
    #[error("the task was ended")]
    Ended,
    /// Asked for in the wrong order.
    #[error("there is no recovery code to confirm")]
    NothingToConfirm,
}

impl Error {
    /// The words and the code of it. No variant's text holds what was read or typed.
    pub(crate) fn failure(&self) -> Failure {
        let (code, what, advice) = match self {
            Self::Service(error) => return error.failure(),
            Self::Clipboard(_) | Self::ClipboardClosed => (
                ErrorCode::Failed,
                "The clipboard could not be reached.",
                "Try again, or use a file instead.",
            ),
            Self::ClipboardEmpty => (
                ErrorCode::Invalid,
                "There is no text on the clipboard.",
                "Copy the secret where it is shown, then come back and try again.",
            ),
            Self::File(_) => {
                (ErrorCode::Disk, "The file could not be read.", "Choose a file that you may read.")
            }
            Self::Unsaved(_) => (
                ErrorCode::Disk,
                "The file could not be written.",
                "Choose a folder that you may write to, with room for it.",
            ),
            Self::NotASecret => (
                ErrorCode::Invalid,
                "The file holds no secret: it is empty, longer than 64 KiB, or not text.",
                "Choose a file that holds the secret and nothing else.",
            ),
            Self::NoFile => {
                (ErrorCode::Invalid, "No file was chosen.", "Choose one, or copy the secret.")
            }
            Self::Browser(_) => (
                ErrorCode::Failed,
                "No browser could be started.",
                "Copy the page's address, and open it yourself.",
            ),
            Self::Window(_) | Self::Folder(_) => (
                ErrorCode::Failed,
                "The window could not be made.",
                "Try again; if it stays, restart Keywright.",
            ),
            Self::Demo(_) => (
                ErrorCode::Failed,
                "The demo platform did not start.",
                "Close other programs that use its port, and try again.",
            ),
            Self::Random(_) | Self::Ended => {
                (ErrorCode::Failed, "This machine did not let it be done.", "Restart Keywright.")
            }
            Self::NothingToConfirm => (
                ErrorCode::Invalid,
                "There is no recovery code to confirm.",
                "Unlock the vault with its passphrase.",
            ),
        };
        Failure {
            code,
            what: what.into(),
            kept: "Nothing was changed.".into(),
            advice: advice.into(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        error.failure()
    }
}
