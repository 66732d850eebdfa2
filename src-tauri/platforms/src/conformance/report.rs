//! What a run tells: one check after the other, and what it could not end.

use std::time::Duration;

use crate::{CallError, SetupError};

/// One check, in the order in which they are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The list can be read.
    List,
    /// Every page of the list is whole, and no key comes twice.
    Pages,
    /// A key can be made.
    Create,
    /// It is there as it was asked for.
    ReadBack,
    /// Another name is taken over, and nothing else is changed by it.
    Relabel,
    /// A living key is judged alive.
    Alive,
    /// A key that is held back is refused, and works again afterwards.
    HoldBack,
    /// A rotation gives another secret that works.
    Rotate,
    /// A key can be revoked.
    Revoke,
    /// A revoked key is refused within the promise.
    Dead,
    /// Revoking once more does no harm.
    RevokeAgain,
    /// What is no key is judged dead.
    Rubbish,
    /// A refusal tells why, and tells no secret.
    Words,
    /// "Too many calls" is told as that, with how long to wait.
    RateLimit,
    /// An endless answer is refused.
    TooLarge,
    /// A redirect to another origin is not followed.
    Redirect,
    /// An answer that is no JSON is told as that.
    Nonsense,
    /// All other keys are as they were.
    Untouched,
}

impl Step {
    /// Every check, in the order in which they are run.
    pub const ALL: [Self; 18] = [
        Self::List,
        Self::Pages,
        Self::Create,
        Self::ReadBack,
        Self::Relabel,
        Self::Alive,
        Self::HoldBack,
        Self::Rotate,
        Self::Revoke,
        Self::Dead,
        Self::RevokeAgain,
        Self::Rubbish,
        Self::Words,
        Self::RateLimit,
        Self::TooLarge,
        Self::Redirect,
        Self::Nonsense,
        Self::Untouched,
    ];

    /// A short name for tables and programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Pages => "pages",
            Self::Create => "create",
            Self::ReadBack => "read-back",
            Self::Relabel => "relabel",
            Self::Alive => "alive",
            Self::HoldBack => "hold-back",
            Self::Rotate => "rotate",
            Self::Revoke => "revoke",
            Self::Dead => "dead",
            Self::RevokeAgain => "revoke-again",
            Self::Rubbish => "rubbish",
            Self::Words => "words",
            Self::RateLimit => "rate-limit",
            Self::TooLarge => "too-large",
            Self::Redirect => "redirect",
            Self::Nonsense => "nonsense",
            Self::Untouched => "untouched",
        }
    }

    /// What is so when it passes.
    pub const fn words(self) -> &'static str {
        match self {
            Self::List => "the list can be read",
            Self::Pages => "every page is whole and no key comes twice",
            Self::Create => "a key is made, with an id and a secret of the known shape",
            Self::ReadBack => "it has the name, scopes and expiry that were asked for",
            Self::Relabel => "another name is taken over and nothing else is changed",
            Self::Alive => "a living key is judged alive",
            Self::HoldBack => "a key held back is refused, and works again afterwards",
            Self::Rotate => "a rotation gives another secret that works",
            Self::Revoke => "the key is revoked",
            Self::Dead => "the revoked key is refused, within the promise",
            Self::RevokeAgain => "revoking once more does no harm",
            Self::Rubbish => "what is no key is judged dead",
            Self::Words => "a refusal tells why, and no secret",
            Self::RateLimit => "too many calls are told as that, with the wait",
            Self::TooLarge => "an endless answer is refused",
            Self::Redirect => "a redirect to another origin is not followed",
            Self::Nonsense => "an answer that is no JSON is told as that",
            Self::Untouched => "all other keys are as they were",
        }
    }
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is so.
    Passed,
    /// It is not so.
    Failed {
        /// What was found instead; never a secret.
        why: String,
    },
    /// It was not tried.
    Skipped {
        /// Why not.
        why: String,
    },
}

/// One check that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which one.
    pub step: Step,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took, waits included.
    pub took: Duration,
}

/// A key that the run made and could not end. Somebody has to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// The platform's id of it; empty where the platform did not tell.
    pub remote_id: String,
    /// The name that it was made with.
    pub name: String,
    /// Why it may still work.
    pub why: String,
}

/// A whole run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The checks in the order in which they were run.
    pub checks: Vec<Check>,
    /// What the run made and could not end.
    pub leftovers: Vec<Leftover>,
}

impl Report {
    /// Whether nothing failed and nothing was left behind.
    pub fn conforms(&self) -> bool {
        let failed = |check: &Check| matches!(check.outcome, Outcome::Failed { .. });
        self.leftovers.is_empty() && !self.checks.iter().any(failed)
    }

    /// How one check ended; none where the run did not come to it.
    pub fn outcome(&self, step: Step) -> Option<&Outcome> {
        self.checks.iter().find(|check| check.step == step).map(|check| &check.outcome)
    }
}

/// Why a check ends before its end.
pub(super) fn failed(why: impl Into<String>) -> Outcome {
    Outcome::Failed { why: why.into() }
}

/// Why a check is not tried.
pub(super) fn skipped(why: impl Into<String>) -> Outcome {
    Outcome::Skipped { why: why.into() }
}

impl From<SetupError> for Outcome {
    fn from(error: SetupError) -> Self {
        failed(error.to_string())
    }
}

impl From<CallError> for Outcome {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Asks { .. } | CallError::Unsupported { .. } => skipped(error.to_string()),
            _ => failed(error.to_string()),
        }
    }
}
