//! One user's access to one platform.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ConnectionId, Environment, Expiry, PlatformId};

/// A connection without its management credential, which is sealed apart under the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// The platform.
    pub platform: PlatformId,
    /// A person's name for it; unique in the vault.
    pub name: String,
    /// Origin and path prefix of the API, such as `https://agent.ceo`.
    pub base_url: String,
    /// The profile's variables: `org_id`, `org_slug`…
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// Production or sandbox, as the credential's prefix tells.
    #[serde(default)]
    pub environment: Environment,
    /// Whether a management credential is sealed beside it.
    #[serde(default)]
    pub has_credential: bool,
    /// When that credential ends, where it is known.
    #[serde(default)]
    pub credential_expires: Expiry,
    /// The built-in demo platform, started with the app.
    #[serde(default)]
    pub demo: bool,
    /// When it was made.
    pub added: DateTime<Utc>,
    /// The last refresh that the platform answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refreshed: Option<DateTime<Utc>>,
    /// The last attempt's trouble, in words; empty when it went well.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trouble: String,
    /// When it was removed; its keys stay readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<DateTime<Utc>>,
}
