//! What crosses about keys: lists, one key, what is noted of it, its secret on its way.

use chrono::{DateTime, Utc};
use keywright_model::{
    Bitting, ConnectionId, Environment, Expiry, Finding, Hint, KeyId, Owner, PlatformId, Status,
    Verdict,
    key::{NotedUse, Origin, Revocation},
};
use serde::{Deserialize, Serialize};

use super::{EventLine, RotationRow};

wire! {
/// One row of the list of keys.
pub struct KeyRow {
    /// The key.
    id: KeyId,
    /// Label, or else name.
    title: String,
    /// Its name on the platform.
    name: String,
    /// The platform.
    platform: PlatformId,
    /// The platform's name for people.
    platform_name: String,
    /// The connection's name.
    connection_name: String,
    /// Production or sandbox.
    environment: Environment,
    /// Visible ends of the secret.
    hint: Hint,
    /// Where it is in its life, at the time of the answer.
    status: Status,
    /// When it was made.
    created: Option<DateTime<Utc>>,
    /// When it ends.
    expires: Expiry,
    /// When it is due for rotation.
    rotation_due: Option<DateTime<Utc>>,
    /// The most pressing finding.
    finding: Option<Finding>,
    /// Tags.
    tags: Vec<String>,
    /// How many uses are noted.
    uses: u32,
    /// How it is drawn; none without a secret.
    bitting: Option<Bitting>,
    /// It is the connection's own management credential.
    manages_connection: bool,
    /// When the revocation was asked for, while it is not proved.
    revoking_since: Option<DateTime<Utc>>,
}

/// What to list.
pub struct ListKeys {
    /// The query's text; empty lists all.
    query: String,
    /// Rows to skip.
    offset: u32,
    /// Rows at the most; 500 is the ceiling.
    limit: u32,
}

/// A page of the list: first those that need somebody, most pressing first, then the rest by name.
pub struct KeyPage {
    /// Rows that match.
    total: u32,
    /// How many of them need somebody (they come first).
    needs_you: u32,
    /// The page.
    rows: Vec<KeyRow>,
    /// What is wrong with the query; the page is then empty.
    problem: Option<QueryProblem>,
}

/// Where a query is wrong.
pub struct QueryProblem {
    /// Byte offset of the wrong word.
    at: u32,
    /// Its length in bytes.
    len: u32,
    /// What was expected.
    message: String,
}

/// Everything on one key but its secret.
pub struct KeyDetail {
    /// The row's facts.
    row: KeyRow,
    /// Its connection.
    connection: ConnectionId,
    /// Its id on the platform.
    remote_id: Option<String>,
    /// A person's label; empty when none.
    label: String,
    /// A person's note, Markdown.
    note: String,
    /// Scopes in the platform's words.
    scopes: Vec<String>,
    /// What it reaches, in plain words.
    blast: Blast,
    /// Whose it is.
    owner: Owner,
    /// Last use, where the platform tells.
    last_used: Option<DateTime<Utc>>,
    /// Noted uses.
    uses: Vec<NotedUse>,
    /// Days between rotations set on this key.
    rotation_days: Option<u32>,
    /// The interval that applies.
    effective_rotation_days: u32,
    /// How it came here.
    origin: Origin,
    /// When it came into the vault.
    added: DateTime<Utc>,
    /// Since when the platform's list lacks it.
    gone_since: Option<DateTime<Utc>>,
    /// Its revocation.
    revocation: Option<Revocation>,
    /// When it went to the bin.
    deleted: Option<DateTime<Utc>>,
    /// Whether the vault holds its secret.
    has_secret: bool,
    /// The last replacement of it, or by it, whether it goes on or has ended.
    rotation: Option<RotationRow>,
    /// All findings on it.
    findings: Vec<Finding>,
    /// Its newest events, newest first, 20 at the most.
    events: Vec<EventLine>,
    /// The environment variable name that its platform recommends; none when it names none.
    env_name: Option<String>,
    /// What can be done with it here.
    can: KeyActions,
}

/// What can be done with a key.
pub struct KeyActions {
    /// Copy and reveal.
    copy: bool,
    /// Probe.
    probe: bool,
    /// Revoke through the platform's API.
    revoke: bool,
    /// Why not, when it cannot be revoked here; empty otherwise.
    why_no_revoke: String,
    /// Revoke in the platform's dashboard, step by step.
    revoke_in_dashboard: bool,
    /// Take back that it was revoked in the dashboard.
    withdraw: bool,
    /// Give it another name on the platform.
    relabel: bool,
    /// Have the platform hold it back.
    disable: bool,
    /// Let it work again.
    enable: bool,
    /// Replace it.
    rotate: bool,
    /// Why not, when it cannot be replaced here; empty otherwise.
    why_no_rotate: String,
}

/// A scope set in plain words.
pub struct Blast {
    /// One sentence: "Read the wiki, through any agent, in acme only."
    sentence: String,
    /// What is dangerous about it, a sentence each.
    dangers: Vec<String>,
}

/// A key made elsewhere. Its secret is read in Rust, from the clipboard or a file.
pub struct AddKey {
    /// Where it belongs.
    connection: ConnectionId,
    /// Its name on the platform.
    name: String,
    /// A person's label; may be empty.
    label: String,
    /// A note; may be empty.
    note: String,
    /// Whose it is; may be empty.
    owner: String,
    /// Tags.
    tags: Vec<String>,
    /// Scopes, where known.
    scopes: Vec<String>,
    /// When it ends.
    expires: Expiry,
}

/// Changes to a key's own notes. What is none stays.
pub struct EditKey {
    /// The key.
    key: KeyId,
    /// Label.
    label: Option<String>,
    /// Note.
    note: Option<String>,
    /// Tags.
    tags: Option<Vec<String>>,
    /// Owner.
    owner: Option<Owner>,
    /// Days between rotations; 0 takes the vault's default again.
    rotation_days: Option<u32>,
    /// Noted uses: client and place.
    uses: Option<Vec<UseNote>>,
}

/// A use to note.
pub struct UseNote {
    /// The client.
    client: String,
    /// Where; may be empty.
    place: String,
}

/// A probe's outcome.
pub struct ProbeReport {
    /// The answer.
    verdict: Verdict,
    /// Milliseconds it took.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    took_ms: u64,
}

/// Secret copied to the clipboard.
pub struct Copied {
    /// Seconds until the clipboard is cleared.
    clears_in_s: u32,
    /// What to mind when it is handed over; none when there is nothing.
    advice: Option<String>,
}

/// A secret to put on the clipboard.
pub struct CopySecret {
    /// The key.
    key: KeyId,
    /// How.
    form: CopyForm,
}
}

/// How a secret is put on the clipboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CopyForm {
    /// The value alone.
    #[default]
    Value,
    /// `NAME=value`.
    Assignment,
}

/// Where a secret that somebody brings is read, in Rust.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SecretSource {
    /// The clipboard's text; the clipboard is cleared after.
    Clipboard,
    /// A file that the person chooses.
    File,
    /// There is none.
    #[default]
    None,
}
