//! What crosses about making keys, by the API or in a dashboard.

use keywright_model::{
    ConnectionId, Expiry, KeyId, OperationId, Verdict, expiry::Lifetime, key::OwnerKind,
};
use serde::{Deserialize, Serialize};

use super::{Blast, FieldProblem};

wire! {
/// The form for a new key.
pub struct CreateForm {
    /// The connection.
    connection: ConnectionId,
    /// The connection's name.
    connection_name: String,
    /// The platform's name.
    platform_name: String,
    /// One picker an axis; empty when the platform has no scopes.
    axes: Vec<ScopeAxis>,
    /// The choices of life, the recommended one first.
    lifetimes: Vec<Lifetime>,
    /// Names in use, for the warning on duplicates.
    names: Vec<String>,
    /// What the platform says of names.
    name_help: String,
    /// What the platform wants told each time, and nothing keeps: `password`, `otp`.
    asks: Vec<String>,
    /// Whether keys act as a user, so that a program's key should have a user of its own.
    personal_owner_warned: bool,
    /// The environment variable that the platform recommends.
    env_name: String,
    /// How its keys begin, where that is known.
    prefixes: Vec<String>,
    /// What to do in the dashboard; none where the platform's API makes the key.
    guide: Option<Guide>,
}

/// What a person does in a platform's dashboard.
pub struct Guide {
    /// The steps, in the platform's own words.
    steps: Vec<String>,
    /// The page to open; none where its address is not known.
    page: Option<String>,
    /// The page's origin, to be shown before it is opened.
    origin: Option<String>,
}

/// Which guide's page to open.
pub struct GuidePage {
    /// The connection.
    connection: ConnectionId,
    /// Which guide.
    act: GuidedStep,
}

/// What became of a key that a person made in the dashboard.
pub struct GuidedKey {
    /// The key; its secret is sealed.
    key: KeyId,
    /// What is odd about the secret; empty when nothing is.
    warning: String,
    /// What the platform says of it; none where it cannot be tried.
    verdict: Option<Verdict>,
}

/// One axis of the scopes.
pub struct ScopeAxis {
    /// Its id: `org`.
    id: String,
    /// What people call it.
    label: String,
    /// What it decides.
    help: String,
    /// How it is drawn and counted.
    kind: AxisKind,
    /// What can be chosen.
    choices: Vec<ScopeChoice>,
    /// A choice that stands alone: `agent:*`.
    wildcard: Option<ScopeChoice>,
    /// How to write one that is not listed; none when that is not allowed.
    free: Option<FreeScope>,
}

/// One scope to choose.
pub struct ScopeChoice {
    /// What is sent: `svc:wiki:read`.
    value: String,
    /// What people read.
    label: String,
    /// What it allows.
    help: String,
    /// For a grid: the row (`wiki`) and the tier (`read`); empty otherwise.
    row: String,
    /// The tier.
    tier: String,
    /// Whether it deserves a warning.
    dangerous: bool,
}

/// A scope typed by hand.
pub struct FreeScope {
    /// What the typed text is put behind: `agent:`.
    prefix: String,
    /// An example.
    placeholder: String,
}

/// A key to make.
pub struct CreateKey {
    /// Where.
    connection: ConnectionId,
    /// Its name on the platform.
    name: String,
    /// Its scopes.
    scopes: Vec<String>,
    /// Its life.
    lifetime: Lifetime,
    /// A person's label; may be empty.
    label: String,
    /// A note; may be empty.
    note: String,
    /// Whose it is to be; may be empty.
    owner: String,
    /// What stands behind the owner's name.
    #[serde(default)]
    owner_kind: OwnerKind,
    /// Tags.
    tags: Vec<String>,
}

/// What would happen.
pub struct CreatePreview {
    /// What it would reach.
    blast: Blast,
    /// Why it cannot be sent, by field: `name`, `scopes.<axis>`, `lifetime`.
    problems: Vec<FieldProblem>,
    /// What is unwise about it.
    warnings: Vec<String>,
    /// When it would end.
    expires: Expiry,
}

/// What became of a create.
pub struct KeyCreated {
    /// The key, when it was made and sealed; none when it was kept as a draft.
    key: Option<KeyId>,
    /// The operation.
    operation: OperationId,
}
}

/// How an axis is drawn and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AxisKind {
    /// Exactly one, given.
    Fixed,
    /// Exactly one of the choices.
    One,
    /// One or more of the choices.
    Some,
    /// None or more of the choices.
    Any,
    /// A grid: one tier in each chosen row, one row or more.
    Tiers,
}

/// What a guide is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum GuidedStep {
    /// Make a key.
    Create,
    /// End a key.
    Revoke,
}
