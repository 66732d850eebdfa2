//! What can go wrong, as causes that a person can act on. No message holds a
//! secret, a body or the query of an address.

use std::{fmt, time::Duration};

/// A profile that cannot be used: where, what was found, what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin}:{line}:{column}: found {found}, expected {expected}")]
pub struct ProfileError {
    /// The file or other place that the text came from.
    pub origin: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What stands there.
    pub found: String,
    /// What may stand there.
    pub expected: String,
}

/// A value for a profile variable that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VariableError {
    /// The profile has no such variable.
    #[error("`{name}` is not a setting of this platform; it has {known}")]
    Unknown {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// It must be told and was not.
    #[error("{label} (`{name}`) must be told")]
    Missing {
        /// The variable.
        name: String,
        /// What people call it.
        label: String,
    },
    /// The value does not look like one.
    #[error("{label} (`{name}`) does not look right: {expected}")]
    Malformed {
        /// The variable.
        name: String,
        /// What people call it.
        label: String,
        /// What a value looks like.
        expected: String,
    },
}

/// A place in a secret store that cannot be used; nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorePlaceError {
    /// The secret has no name.
    #[error("the secret's name (`name`) must be told")]
    NoName,
    /// The platform keeps such names for itself.
    #[error(
        "the platform keeps names that begin with `{word}` for itself, and so refuses `{name}`"
    )]
    Reserved {
        /// The name given.
        name: String,
        /// The beginning.
        word: String,
    },
    /// The name is none that the platform takes.
    #[error("`{name}` is no name for a secret there: {expected}")]
    Name {
        /// The name given.
        name: String,
        /// What a name looks like.
        expected: String,
    },
    /// What was told does not fit one kind of place.
    #[error("it is not clear which place is meant; tell one of these: {choices}")]
    Unclear {
        /// What was told.
        told: String,
        /// What may be told together.
        choices: String,
    },
    /// Something that was told is unknown or does not look right.
    #[error(transparent)]
    Param(#[from] VariableError),
}

/// Why a connection cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address is none.
    #[error("the address is not one: {why}")]
    Address {
        /// What is wrong with it.
        why: &'static str,
    },
    /// Plain http to a machine that is not this one.
    #[error("the address must begin with https://; plain http is for this machine only")]
    NotEncrypted,
    /// Encryption could not be set up.
    #[error("encryption could not be set up")]
    Tls(#[source] rustls::Error),
    /// The HTTP client could not be made.
    #[error("the HTTP client could not be made")]
    Client(#[source] reqwest::Error),
}

/// What is wrong with the other side's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsProblem {
    /// Its time is over, or this machine's clock is wrong.
    Expired,
    /// Its time has not begun, or this machine's clock is wrong.
    NotYetValid,
    /// Nobody that this machine trusts has signed it.
    UnknownIssuer,
    /// It is somebody else's.
    WrongHost,
    /// It was called back.
    Revoked,
    /// Anything else.
    Handshake,
}

impl fmt::Display for TlsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "its certificate has expired, or this computer's clock is wrong",
            Self::NotYetValid => {
                "its certificate is not valid yet, or this computer's clock is wrong"
            }
            Self::UnknownIssuer => "its certificate is signed by nobody that this computer trusts",
            Self::WrongHost => "its certificate belongs to another host",
            Self::Revoked => "its certificate was revoked",
            Self::Handshake => "no encrypted connection could be agreed on",
        })
    }
}

/// Whether the platform may have changed something although the call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing was changed.
    None,
    /// It may have been changed: look before trying again.
    Unknown,
}

/// Why a call brought no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The platform could not be reached; nothing was sent.
    #[error("the platform could not be reached")]
    Offline,
    /// The platform could not prove who it is; nothing was sent.
    #[error("the connection is not safe: {problem}")]
    Tls {
        /// What is wrong.
        problem: TlsProblem,
    },
    /// The answer did not come in time.
    #[error("the platform did not answer in time")]
    Timeout,
    /// Too many calls.
    #[error("the platform asks to wait before the next call")]
    RateLimited {
        /// How long it asks to wait, where it says so.
        retry_after: Option<Duration>,
    },
    /// The platform understood and said no.
    #[error("the platform refused ({status}): {message}")]
    Refused {
        /// Its status.
        status: u16,
        /// Its words, bounded and without secrets.
        message: String,
        /// The scope that it said is missing.
        missing_scope: Option<String>,
    },
    /// The credential is not accepted.
    #[error("the platform does not accept the credential: {message}")]
    Unauthorized {
        /// Its words, bounded and without secrets.
        message: String,
    },
    /// The platform has trouble of its own.
    #[error("the platform has trouble of its own ({status})")]
    ServerFault {
        /// Its status.
        status: u16,
    },
    /// The answer is not what the profile describes.
    #[error("the platform's answer was not understood: {what}")]
    Malformed {
        /// What is wrong with it, without its content.
        what: String,
    },
    /// The answer is larger than any answer may be.
    #[error("the platform's answer is too large")]
    TooLarge,
    /// The answer points to another place, and the credential goes nowhere else.
    #[error("the platform's answer points elsewhere ({to}); this was not followed")]
    Redirected {
        /// Scheme and host of the place; never a path or a query.
        to: String,
    },
    /// The connection broke before the answer was complete.
    #[error("the connection broke before the answer was complete")]
    Cut,
    /// The key was made, and the answer did not hold its secret.
    #[error("the key was made, but the platform's answer did not hold its secret")]
    SecretLost {
        /// The key's id on the platform, where the answer had it.
        remote_id: Option<String>,
    },
    /// The platform has no such operation.
    #[error("this platform cannot {operation} by its API")]
    Unsupported {
        /// The operation.
        operation: &'static str,
    },
    /// The operation needs something that is asked for at call time.
    #[error("this needs `{name}`, which is asked for each time")]
    Asks {
        /// Its name in the profile.
        name: String,
    },
    /// A value cannot be put where the profile wants it; nothing was sent.
    #[error("the call cannot be made: {what}")]
    Unsendable {
        /// What is wrong, without the value.
        what: String,
    },
}

impl CallError {
    /// Whether a change may have happened although the call failed. About
    /// create, revoke and other changes; a read never changes anything.
    pub const fn effect(&self) -> Effect {
        match self {
            Self::Offline
            | Self::Tls { .. }
            | Self::RateLimited { .. }
            | Self::Refused { .. }
            | Self::Unauthorized { .. }
            | Self::Unsupported { .. }
            | Self::Asks { .. }
            | Self::Unsendable { .. } => Effect::None,
            Self::Timeout
            | Self::ServerFault { .. }
            | Self::Malformed { .. }
            | Self::TooLarge
            | Self::Redirected { .. }
            | Self::Cut
            | Self::SecretLost { .. } => Effect::Unknown,
        }
    }

    /// Whether the way to the platform is at fault, not the platform's will.
    pub const fn is_network(&self) -> bool {
        matches!(self, Self::Offline | Self::Timeout | Self::Cut)
    }

    pub(crate) fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed { what: what.into() }
    }
}
