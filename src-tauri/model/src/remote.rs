//! A key as the platform lists it.

use chrono::{DateTime, Utc};

use crate::{Environment, Expiry, Hint, Owner, Status};

/// What a platform tells of one key. Fields that it leaves out are empty or none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteKey {
    /// The platform's id of it.
    pub remote_id: String,
    /// Its name there; none where the answer lacks it.
    pub name: Option<String>,
    /// The visible ends of its secret.
    pub hint: Hint,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Whose it is.
    pub owner: Owner,
    /// Production or sandbox.
    pub environment: Environment,
    /// The platform's word on its status; `Unknown` where it says nothing.
    pub status: Status,
    /// When it was made.
    pub created: Option<DateTime<Utc>>,
    /// When it ends.
    pub expires: Expiry,
    /// When it was last used.
    pub last_used: Option<DateTime<Utc>>,
}
