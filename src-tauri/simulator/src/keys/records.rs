//! What is told of a key: never its value, but once to whoever makes it.

use chrono::{DateTime, Utc};
use keywright_model::{Environment, Secret};
use serde::Serialize;

/// A key that was made, with the only copy of its value.
#[derive(Debug)]
pub struct Issued {
    /// Its id.
    pub key_id: String,
    /// Its value.
    pub secret: Secret,
}

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// It works.
    Active,
    /// Its time is over.
    Expired,
    /// It was revoked, and some server still takes it.
    Revoking,
    /// It was revoked, and no server takes it.
    Revoked,
}

/// One key as its platform knows it, without its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimKey {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its visible beginning.
    pub prefix: String,
    /// Whose it is: an organization, a workspace, or an account.
    pub owner: String,
    /// Its scopes, as a profile lists them.
    pub scopes: Vec<String>,
    /// Production or sandbox.
    pub environment: Environment,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it ends.
    pub expires: Option<DateTime<Utc>>,
    /// When it was last taken.
    pub last_used: Option<DateTime<Utc>>,
    /// Where it is in its life.
    pub state: KeyState,
}
