//! The replacement of a key: a journalled run of steps that resumes, or is taken back.
//!
//! What comes next is a pure function of the record and of what the world shows ([`next()`]), so
//! that a run that was cut short anywhere goes on by itself. What must hold at every moment is
//! one too ([`violations`]).

mod invariant;
mod next;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{BulkId, ConnectionId, KeyId, OperationId, PlacementId, RotationId, expiry::Lifetime};

pub use invariant::{Violation, violations};
pub use next::{Shown, next};

/// One replacement of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// Its id.
    pub id: RotationId,
    /// The selection that it was asked for with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<BulkId>,
    /// The key that goes.
    pub old: KeyId,
    /// The key that comes: its id here is reserved from the start.
    pub new: KeyId,
    /// Where both belong.
    pub connection: ConnectionId,
    /// The old key's title.
    pub title: String,
    /// How the platform lets keys be replaced.
    pub plan: PlanKind,
    /// What the new key is to be.
    pub wish: Wish,
    /// Why, in a person's words; may be empty.
    #[serde(default)]
    pub reason: String,
    /// The old key ends first, because it leaked.
    #[serde(default)]
    pub revoke_first: bool,
    /// Seconds between the verification and the revocation of the old key.
    #[serde(default)]
    pub grace_s: u64,
    /// The old key is held back meanwhile, where the platform can.
    #[serde(default)]
    pub hold_back: bool,
    /// Warnings that stop a placing were read and are taken.
    #[serde(default)]
    pub insist: bool,
    /// The old key's places.
    pub places: Vec<Stop>,
    /// Forwards, or back.
    #[serde(default)]
    pub course: Course,
    /// The step that it is at.
    pub step: Step,
    /// How it stands.
    pub state: RotationState,
    /// The journal's line of the new key's making.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create: Option<OperationId>,
    /// The journal's line of the last revocation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke: Option<OperationId>,
    /// The platform's id by which the secret is replaced, where a lost answer left another than the
    /// old key's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_id: Option<String>,
    /// The platform was asked: the credential works and the old key is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<DateTime<Utc>>,
    /// The new key was tried and its places were read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<DateTime<Utc>>,
    /// What the verification rests on, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub verified_by: String,
    /// Places that have the new key and whose own client is refused with it, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
    /// When the old key is to end at the earliest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_until: Option<DateTime<Utc>>,
    /// What a person overrode, in typed words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// What happened, oldest first.
    #[serde(default)]
    pub lines: Vec<StepLine>,
    /// When it was asked for.
    pub asked: DateTime<Utc>,
    /// When it last changed.
    pub changed: DateTime<Utc>,
}

/// Lines that are kept of one run; of more the middle goes.
const MAX_LINES: usize = 200;

impl Rotation {
    /// Whether somebody or something still has to act.
    pub const fn is_open(&self) -> bool {
        !matches!(
            self.state,
            RotationState::Done | RotationState::TakenBack | RotationState::Closed { .. }
        )
    }

    /// Writes down what happened.
    pub fn note(&mut self, step: Step, outcome: Outcome, words: String, at: DateTime<Utc>) {
        if self.lines.len() >= MAX_LINES {
            self.lines.remove(MAX_LINES / 2);
        }
        self.lines.push(StepLine { step, outcome, words, at });
        self.changed = at;
    }

    /// Whether the old key is ended before its places have the new one: a person chose that.
    pub const fn ends_old_first(&self) -> bool {
        self.revoke_first || matches!(self.plan, PlanKind::InPlace)
    }

    /// Places whose files are still to be written.
    pub fn to_write(&self) -> impl Iterator<Item = &Stop> {
        self.places.iter().filter(|stop| stop.todo.is_ours() && stop.state == StopState::Open)
    }

    /// Places that a person still has to see to.
    pub fn to_confirm(&self) -> impl Iterator<Item = &Stop> {
        self.places
            .iter()
            .filter(|stop| stop.todo == Todo::Confirm && stop.state == StopState::Open)
    }
}

/// How a platform lets a key be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    /// A new key beside the old one, which is revoked when all its places have the new one.
    CreateThenRevoke,
    /// The platform gives the key a new secret, and the old one dies at once.
    InPlace,
    /// The platform gives a new secret and lets the old one work on for a while.
    Overlap,
    /// A person makes and ends keys in the dashboard; Keywright does the rest.
    Guided,
}

/// What the new key is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Its name.
    pub name: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// Its life.
    pub lifetime: Lifetime,
}

/// One place of the old key, and what is to become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// The placement; none where a person noted the use in words only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<PlacementId>,
    /// What people call it: `Codex, ~/.codex/config.toml`.
    pub what: String,
    /// What is to be done.
    pub todo: Todo,
    /// How far it is.
    #[serde(default)]
    pub state: StopState,
}

/// What is to be done with a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Todo {
    /// The file is written.
    Write,
    /// A secret store is written through its platform's API.
    Store,
    /// A reference stands there, which stays; what it points to is written.
    Follow,
    /// Somebody has to do it, and to say so.
    Confirm,
    /// Nothing: the old key is not there any more.
    Leave {
        /// Why.
        why: String,
    },
}

impl Todo {
    /// Whether Keywright does it.
    pub const fn is_ours(&self) -> bool {
        matches!(self, Self::Write | Self::Store | Self::Follow)
    }
}

/// How far a place is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StopState {
    /// The old key is there.
    #[default]
    Open,
    /// The new key was put there.
    Placed,
    /// A person says that the new key is there.
    Confirmed {
        /// When they said so.
        at: DateTime<Utc>,
    },
    /// A person left it out.
    LeftOut {
        /// Why.
        why: String,
    },
}

/// Which way a run goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// The new key comes.
    #[default]
    Forward,
    /// It is taken back: the old key stays.
    Back,
}

/// One step of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Ask the platform whether the credential works and the old key is there.
    Check,
    /// Find out what became of a request whose answer was lost.
    Settle,
    /// Make the new key and seal its secret.
    Create,
    /// Put it into all its places.
    Place,
    /// Try it, and read the places again.
    Verify,
    /// Hold the old key back, or leave it, for the time of grace.
    Grace,
    /// Have the platform end the old key.
    Revoke,
    /// Try the old key until it is refused.
    Prove,
    /// Let the old key work again (back).
    Enable,
    /// Put the files back as they were (back).
    PutBack,
    /// Have the platform end the new key (back).
    RevokeNew,
    /// Try the new key until it is refused (back).
    ProveNew,
    /// Write the report.
    Close,
}

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RotationState {
    /// Asked for, not begun.
    Queued,
    /// At work; found at a start, it was cut short.
    Running,
    /// It goes on when something happens.
    Waiting {
        /// What it waits for.
        wait: Wait,
        /// Why, as a sentence.
        why: String,
        /// What to do, as a sentence.
        advice: String,
    },
    /// The old key is dead and every place has the new one.
    Done,
    /// The new key is dead and every place has the old one.
    TakenBack,
    /// A person finished it by hand.
    Closed {
        /// What was left.
        why: String,
    },
}

/// What a run waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", content = "until", rename_all = "snake_case")]
pub enum Wait {
    /// Somebody has to do something.
    Person,
    /// The network, or the platform, has to come back.
    Network,
    /// Time has to pass.
    Until(DateTime<Utc>),
}

/// Something that a person overrode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Override {
    /// When.
    pub at: DateTime<Utc>,
    /// What was overridden: places and checks, in words.
    pub what: String,
    /// Why, in their words.
    pub reason: String,
}

/// One line of a run's own record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct StepLine {
    /// The step.
    pub step: Step,
    /// What became of it.
    pub outcome: Outcome,
    /// In words; never a secret.
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Written before it is done.
    Began,
    /// Done.
    Done,
    /// It could not be done; nothing of it was kept.
    Failed,
    /// It waits.
    Waits,
    /// A person decided.
    Decided,
}

#[cfg(test)]
mod tests;
