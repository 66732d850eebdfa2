//! One API key: everything known of it but its secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ConnectionId, Expiry, KeyId, PlacementId, PlatformId};

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It works, as far as is known.
    Active,
    /// The platform holds it back; it can be enabled again.
    Disabled,
    /// Its time is over.
    Expired,
    /// Revocation was asked for and is not proved yet.
    Revoking,
    /// Proved dead.
    Revoked,
    /// Nothing is known.
    #[default]
    Unknown,
}

impl Status {
    /// Whether the key can still be used by somebody, as far as is known.
    pub const fn may_work(self) -> bool {
        matches!(self, Self::Active | Self::Disabled | Self::Revoking | Self::Unknown)
    }
}

/// Production or sandbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Production.
    Live,
    /// Sandbox.
    Test,
    /// Not known.
    #[default]
    Unknown,
}

/// The visible ends of a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Hint {
    /// The first characters, such as `ace_live_aB`; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// The last characters; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
}

/// Whether a person or a program owns a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OwnerKind {
    /// A person: the key goes with them.
    Person,
    /// A service account.
    ServiceAccount,
    /// Not known.
    #[default]
    Unknown,
}

/// Who a key belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Owner {
    /// The name, as the platform or a person wrote it; empty when not known.
    #[serde(default)]
    pub name: String,
    /// What stands behind the name.
    #[serde(default)]
    pub kind: OwnerKind,
}

/// How a key came into the vault.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Made by Keywright on the platform.
    Created,
    /// Made elsewhere, its secret brought by a person.
    Added,
    /// Seen in the platform's list; there is no secret.
    #[default]
    Found,
}

/// The cuts of the drawn key: depths 0–7 from a hash of the secret keyed by the
/// vault. The same secret has the same cuts in one vault, and they tell nothing
/// of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Bitting(pub Vec<u8>);

/// A place where somebody noted that the key is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NotedUse {
    /// The client: `Codex`, `ERP importer`…
    pub client: String,
    /// Where exactly: a file, a machine, a project; free text, may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// When it was noted.
    pub noted: DateTime<Utc>,
    /// The placement that this line tells of; none where a person wrote it. Placements are noted
    /// here too, because the key's own record is what is searched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<PlacementId>,
}

/// The course of a revocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Revocation {
    /// When the platform accepted it.
    pub requested: DateTime<Utc>,
    /// When the proof was complete; none while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved: Option<DateTime<Utc>>,
    /// How it was proved, or why it could not be.
    #[serde(default)]
    pub proof: Proof,
    /// Milliseconds from the request to the first refusal of the final row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub window_ms: Option<u64>,
    /// Still alive after the platform's promise.
    #[serde(default)]
    pub overdue: bool,
}

/// What a revocation rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Nothing yet.
    #[default]
    None,
    /// The secret was refused several times in a row.
    Refused,
    /// No secret here to try; the platform's list no longer has it, or has it as revoked.
    Unlisted,
    /// Nothing here can prove it: a person said that the dashboard shows it revoked.
    Told,
}

/// One API key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its id in this vault.
    pub id: KeyId,
    /// The connection it belongs to.
    pub connection: ConnectionId,
    /// The connection's platform, kept here so that search need not look it up.
    pub platform: PlatformId,
    /// Its id on the platform, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_id: Option<String>,
    /// Its name on the platform.
    pub name: String,
    /// A person's own label; empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// A person's note, Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The visible ends of the secret.
    #[serde(default)]
    pub hint: Hint,
    /// What it may do, in the platform's own words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Whose it is.
    #[serde(default)]
    pub owner: Owner,
    /// Production or sandbox.
    #[serde(default)]
    pub environment: Environment,
    /// Where it is in its life.
    #[serde(default)]
    pub status: Status,
    /// When the platform made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime<Utc>>,
    /// When it ends.
    #[serde(default)]
    pub expires: Expiry,
    /// When it was last used, where the platform tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<DateTime<Utc>>,
    /// A person's tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Where a person noted its use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<NotedUse>,
    /// Days between rotations; none means the vault's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation_days: Option<u32>,
    /// How the key is drawn; none without a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bitting: Option<Bitting>,
    /// How it came here.
    #[serde(default)]
    pub origin: Origin,
    /// When it came into this vault.
    pub added: DateTime<Utc>,
    /// Since when the platform's list lacks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_since: Option<DateTime<Utc>>,
    /// Its revocation, once asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Revocation>,
    /// When it was moved to the bin; purged 30 days later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<DateTime<Utc>>,
    /// It is the connection's own management credential.
    #[serde(default)]
    pub manages_connection: bool,
}

impl Key {
    /// A record of which only the place is known.
    pub fn blank(
        connection: ConnectionId,
        platform: PlatformId,
        name: String,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id: KeyId::make(),
            connection,
            platform,
            remote_id: None,
            name,
            label: String::new(),
            note: String::new(),
            hint: Hint::default(),
            scopes: Vec::new(),
            owner: Owner::default(),
            environment: Environment::default(),
            status: Status::default(),
            created: None,
            expires: Expiry::default(),
            last_used: None,
            tags: Vec::new(),
            uses: Vec::new(),
            rotation_days: None,
            bitting: None,
            origin: Origin::default(),
            added: now,
            gone_since: None,
            revocation: None,
            deleted: None,
            manages_connection: false,
        }
    }

    /// What people see as its title: the label, or else the platform's name for it.
    pub fn title(&self) -> &str {
        if self.label.is_empty() { &self.name } else { &self.label }
    }

    /// Whether the vault holds its secret.
    pub const fn has_secret(&self) -> bool {
        self.bitting.is_some()
    }

    /// The status at `now`: an active key whose expiry has passed is expired.
    pub fn status_at(&self, now: DateTime<Utc>) -> Status {
        match self.status {
            Status::Active | Status::Unknown if self.expires.is_past(now) => Status::Expired,
            other => other,
        }
    }
}
