//! What crosses about platforms, their profiles, and what a string looks like.

use keywright_model::{Environment, PlatformId};
use serde::{Deserialize, Serialize};

use super::{CredentialForm, VariableForm};

wire! {
/// A platform that can be connected.
pub struct PlatformRow {
    /// Its id.
    id: PlatformId,
    /// Its name.
    name: String,
    /// One sentence on it.
    about: String,
    /// Where its API is by default.
    base_url: String,
    /// What must be told to connect.
    variables: Vec<VariableForm>,
    /// What the management credential is called and looks like; none when there is no management API.
    credential: Option<CredentialForm>,
    /// What it can do, a few words each: "create", "revoke"…
    capabilities: Vec<String>,
    /// The shelf on which people look for it: "Models".
    shelf: String,
    /// Where its documents are; empty when not known.
    docs: String,
    /// Advice on its keys, a sentence each.
    advice: Vec<String>,
    /// Whether its keys are made in its dashboard, step by step.
    guided: bool,
    /// Whether a person added it.
    added: bool,
    /// What its profile was last held against; none for an added one.
    verified: Option<String>,
}

/// A profile that a person brings. It is data and holds no secret.
pub struct AddPlatform {
    /// The file's name, for messages.
    origin: String,
    /// Its text.
    text: String,
}

/// What a profile would do, before it is trusted.
pub struct PlatformPreview {
    /// The platform.
    platform: PlatformRow,
    /// The one origin it talks to by default; empty where every user tells their own.
    origin: String,
    /// Other origins whose pages it may open in a browser.
    page_origins: Vec<String>,
    /// Every call that it can make.
    calls: Vec<PlatformCall>,
    /// The platform of the same id that is known already.
    replaces: Option<String>,
    /// Whether that one comes with Keywright, so that this one cannot be added.
    builtin: bool,
}

/// One call that a profile can make.
pub struct PlatformCall {
    /// What it is for.
    operation: String,
    /// Its method.
    method: String,
    /// Its path below the connection's address.
    path: String,
    /// What it carries.
    carries: Vec<String>,
}

/// How a profile did against a live server.
pub struct Conformance {
    /// The platform's name.
    platform: String,
    /// The checks, in order.
    checks: Vec<CheckLine>,
    /// What was made there and could not be ended, with its id.
    leftovers: Vec<String>,
}

/// One check of a profile.
pub struct CheckLine {
    /// Its short name.
    step: String,
    /// What is so when it passes.
    words: String,
    /// How it ended.
    outcome: CheckOutcome,
    /// Why it failed or was skipped; empty when it passed.
    why: String,
    /// Milliseconds it took.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    took_ms: u64,
}

/// What a string may be a key of.
pub struct Detected {
    /// The platform.
    platform: PlatformId,
    /// Its name.
    name: String,
    /// Production or sandbox.
    environment: Environment,
    /// Why, as a sentence.
    why: String,
}
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// It is so.
    Passed,
    /// It is not so.
    Failed,
    /// It does not apply, or could not be tried.
    Skipped,
}
