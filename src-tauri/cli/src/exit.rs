//! What `kw` ends with.

use std::process::ExitCode;

use keywright_service::wire::ErrorCode;

/// The exit codes. Scripts rely on the numbers; `docs/kw.md` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// It could not be done.
    Failed,
    /// The words of the command are wrong.
    Usage,
    /// The vault stays locked.
    Locked,
    /// No vault, key, connection, platform or operation of that name, or more than one.
    NotFound,
    /// The platform refused.
    Refused,
    /// No network: nothing was sent, and what can wait is kept as a draft.
    Offline,
    /// There are findings at or above the severity that was asked for.
    Findings,
    /// What the program ended with that `kw run` ran.
    Child(u8),
}

impl Exit {
    /// The number.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Locked => 3,
            Self::NotFound => 4,
            Self::Refused => 5,
            Self::Offline => 6,
            Self::Findings => 10,
            Self::Child(code) => code,
        }
    }

    /// What a failure of this kind ends with.
    pub(crate) const fn of(code: ErrorCode) -> Self {
        match code {
            ErrorCode::Locked | ErrorCode::WrongPassphrase => Self::Locked,
            ErrorCode::NoVault | ErrorCode::NotFound => Self::NotFound,
            ErrorCode::Invalid => Self::Usage,
            ErrorCode::Refused => Self::Refused,
            ErrorCode::Offline => Self::Offline,
            ErrorCode::InUse
            | ErrorCode::Damaged
            | ErrorCode::Disk
            | ErrorCode::OutcomeUnknown
            | ErrorCode::Failed => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
