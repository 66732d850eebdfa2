//! What crosses about connections and the lists read over them.

use chrono::{DateTime, Utc};
use keywright_model::{ConnectionId, Environment, Expiry, PlatformId};
use serde::{Deserialize, Serialize};

wire! {
/// A connection, in a list.
pub struct ConnectionRow {
    /// Its id.
    id: ConnectionId,
    /// A person's name for it.
    name: String,
    /// The platform.
    platform: PlatformId,
    /// The platform's name for people.
    platform_name: String,
    /// Where it talks to; no path, no query.
    origin: String,
    /// The profile's variables.
    variables: Vec<Variable>,
    /// Production or sandbox.
    environment: Environment,
    /// The built-in demo.
    demo: bool,
    /// Keys of it that are not in the bin.
    keys: u32,
    /// The last refresh that was answered.
    refreshed: Option<DateTime<Utc>>,
    /// The last trouble, in words; empty when it went well.
    trouble: String,
    /// Whether it can make keys.
    can_create: bool,
    /// Whether keys are made in the platform's dashboard, step by step.
    guided: bool,
    /// Whether it has a management credential.
    has_credential: bool,
    /// When that ends, where it is known.
    credential_expires: Expiry,
    /// Measured revocation windows: the median of the last 20, in milliseconds.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    revoke_window_ms: Option<u64>,
    /// Measured revocation windows that the median is taken over.
    revoke_windows: u32,
}

/// One profile variable and its value.
pub struct Variable {
    /// Its name in the profile: `org_id`.
    name: String,
    /// Its value.
    value: String,
}

/// A variable to fill in.
pub struct VariableForm {
    /// Its name in the profile.
    name: String,
    /// What people call it.
    label: String,
    /// A hint.
    help: String,
    /// An example.
    placeholder: String,
    /// The variable whose value it takes when left empty.
    defaults_to: Option<String>,
    /// Whether it must be filled in.
    required: bool,
}

/// The management credential to bring.
pub struct CredentialForm {
    /// What people call it.
    label: String,
    /// Where to get it and what it must be allowed to do.
    help: String,
    /// Its known beginnings: `ace_live_`.
    prefixes: Vec<String>,
    /// The names of its lines, where it has several; empty for one text.
    parts: Vec<String>,
    /// A connection works without it.
    optional: bool,
}

/// A connection to make.
pub struct Connect {
    /// The platform.
    platform: PlatformId,
    /// A name for it; unique.
    name: String,
    /// Another place for its API; none takes the profile's.
    base_url: Option<String>,
    /// Variables.
    variables: Vec<Variable>,
    /// When the management credential ends, where that is known.
    #[serde(default)]
    credential_expires: Expiry,
}

/// What a refresh found.
pub struct RefreshReport {
    /// The connection.
    connection: ConnectionId,
    /// Keys in the platform's list.
    listed: u32,
    /// Seen for the first time.
    new: u32,
    /// Changed there.
    changed: u32,
    /// No longer listed.
    gone: u32,
    /// Open operations settled by the list.
    settled: u32,
    /// Keys made by us whose secret was lost.
    orphans: u32,
}

/// What to refresh.
pub struct Refresh {
    /// One connection, or all.
    connection: Option<ConnectionId>,
}
}
