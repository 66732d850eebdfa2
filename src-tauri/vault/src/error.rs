//! What can go wrong with a vault, by causes that a person can act on.
//!
//! No variant carries a secret, a passphrase or a record's content.

use std::io;

use rusqlite::ErrorCode;

/// Why a vault operation failed. After any of them nothing acknowledged is lost.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no vault in the folder.
    #[error("there is no vault here")]
    Missing,
    /// There is one already; it was not touched.
    #[error("there is a vault here already")]
    AlreadyThere,
    /// Another process is the vault's one writer.
    #[error("the vault is open in another program")]
    InUse,
    /// The passphrase does not open this vault.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The recovery code does not open this vault.
    #[error("wrong recovery code: {why}")]
    WrongRecoveryCode {
        /// What is wrong with it.
        why: CodeProblem,
    },
    /// A part of the vault is not what Keywright wrote.
    #[error("the vault is damaged: {what}")]
    Damaged {
        /// Which part.
        what: &'static str,
    },
    /// The file was written by a newer Keywright. It was not touched.
    #[error("the vault has format {found}, which is newer than this program knows")]
    NewerFormat {
        /// Its format version.
        found: u32,
    },
    /// The vault was opened for reading, or its folder cannot be written to.
    #[error("the vault cannot be written to")]
    ReadOnly,
    /// The disk is full. The write was not made.
    #[error("the disk is full")]
    Full,
    /// The file or folder could not be read or written.
    #[error("the vault's folder cannot be used")]
    Io(#[source] io::Error),
    /// SQLite could not read or write the file.
    #[error("the vault's file cannot be used")]
    Database(#[source] rusqlite::Error),
    /// The passphrase would be guessed too soon.
    #[error("the passphrase is too easy to guess")]
    TooWeak,
    /// The file asks for a key derivation that is too weak or too costly to try.
    #[error("the key derivation is refused: {why}")]
    KdfRefused {
        /// In which way.
        why: KdfProblem,
    },
    /// A cipher or hash does not give its published answer on this machine.
    #[error("the self-test of {primitive} failed; nothing was opened")]
    SelfTest {
        /// Which one.
        primitive: &'static str,
    },
    /// The file was changed or replaced by somebody else since it was opened.
    #[error("the vault was changed by another program since it was opened")]
    Conflict,
    /// The vault's file is a symbolic link or no regular file.
    #[error("the vault's file is a link or no regular file")]
    NotAFile,
    /// A secret or a removal names a record that is not there.
    #[error("there is no such record")]
    NoRecord,
    /// The record cannot be stored: it is too large, or would not read back as it is.
    #[error("the record cannot be stored")]
    Unstorable,
    /// The system gave no random bytes.
    #[error("the system gives no random numbers")]
    NoRandom,
    /// The commit failed in a way that leaves open whether the change is on the disk. What
    /// was acknowledged before is safe; the next write, or locking and unlocking, shows
    /// what became of this one.
    #[error("it is not known whether the last change reached the disk")]
    Unsettled(#[source] Box<Error>),
    /// An earlier failure closed the file. Lock and unlock again.
    #[error("the vault was closed by an earlier failure")]
    Closed,
}

/// What is wrong with a recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeProblem {
    /// It does not have 28 characters.
    #[error("it has {found} characters instead of 28")]
    Length {
        /// How many it has, white space and dashes apart.
        found: usize,
    },
    /// A character that no code has.
    #[error("character {at} is none that a code has")]
    Character {
        /// Its place, from 1.
        at: usize,
    },
    /// The check characters do not fit: it is mistyped.
    #[error("it is mistyped")]
    Mistyped,
    /// A well-formed code, but not this vault's.
    #[error("it belongs to another vault, or was replaced")]
    Foreign,
    /// The vault has no recovery code.
    #[error("this vault has none")]
    NoSlot,
}

/// Why a key derivation is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KdfProblem {
    /// Somebody lowered it: it is under the floor.
    #[error("it is weaker than any that Keywright writes")]
    TooWeak,
    /// Somebody raised it: it is over what this machine should be made to do.
    #[error("it asks for more memory or time than allowed")]
    TooCostly,
    /// The memory that it needs is not to be had.
    #[error("there is not enough memory for it")]
    NoMemory,
}

pub(crate) const fn damaged(what: &'static str) -> Error {
    Error::Damaged { what }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as Sql;
        match &error {
            Sql::SqliteFailure(failure, _) | Sql::SqlInputError { error: failure, .. } => {
                match failure.code {
                    ErrorCode::DatabaseCorrupt
                    | ErrorCode::NotADatabase
                    | ErrorCode::ConstraintViolation
                    | ErrorCode::TypeMismatch => damaged("the database file"),
                    // What is no table of ours, or not the SQL that we know.
                    ErrorCode::Unknown => damaged("the database's tables"),
                    ErrorCode::DiskFull => Self::Full,
                    ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly,
                    ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::FileLockingProtocolFailed => Self::InUse,
                    ErrorCode::TooBig => Self::Unstorable,
                    _ => Self::Database(error),
                }
            }
            Sql::InvalidColumnType(..)
            | Sql::FromSqlConversionFailure(..)
            | Sql::IntegralValueOutOfRange(..)
            | Sql::QueryReturnedNoRows
            | Sql::InvalidColumnIndex(_)
            | Sql::Utf8Error(..) => damaged("the database's rows"),
            _ => Self::Database(error),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Io(error),
        }
    }
}

impl From<getrandom::Error> for Error {
    fn from(_: getrandom::Error) -> Self {
        Self::NoRandom
    }
}
