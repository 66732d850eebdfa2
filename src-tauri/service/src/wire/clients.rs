//! What crosses about clients: where keys are, where they can be put, what a scan found.

// tidy: table, because every type that crosses stands here once, and nothing else does.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use keywright_model::{
    Bitting, ClientId, ConnectionId, KeyId, PlacementForm, PlacementId, PlacementState, PlatformId,
    RunId, WritingId, placement::Known,
};
use serde::{Deserialize, Serialize};

wire! {
/// One client.
pub struct ClientRow {
    /// Its id.
    id: ClientId,
    /// Its name for people.
    name: String,
    /// One sentence on it.
    about: String,
    /// An agent or editor, rather than a place that many programs read.
    agent: bool,
    /// It was found on this machine.
    installed: bool,
    /// Its processes that run now: `codex (4711)`.
    running: Vec<String>,
    /// Keys that are known to be in its files.
    placements: u32,
    /// Its files on this machine.
    files: Vec<ClientFile>,
    /// Where in them a key may stand.
    slots: Vec<ClientSlot>,
    /// How a change is picked up.
    pickup: String,
    /// What it does to its own files; empty for nothing.
    rewrites: String,
    /// What to do by hand, for what no file holds.
    guide: Vec<ClientStep>,
    /// The platform in whose secret store its keys are; none for files.
    store: Option<PlatformId>,
    /// What that store asks for, beside `name`.
    store_params: Vec<ClientParam>,
    /// The page that documents it; empty where there is none.
    docs: String,
    /// How its facts were found: "run, 22 November 2026".
    checked: String,
}

/// Which clients to list.
pub struct ListClients {
    /// The project's folder, whose files are shown as well; empty for none.
    project: String,
}

/// One file of a client.
pub struct ClientFile {
    /// Its id within the client.
    id: String,
    /// What people call it.
    name: String,
    /// Whose it is: `user`, `project`, `local`, `system`, `managed`.
    scope: String,
    /// Its path.
    path: String,
    /// Its path as people read it.
    short: String,
    /// Whether it is there.
    exists: bool,
    /// Why Keywright does not write it; empty where it does.
    read_only: String,
}

/// A kind of place for a key in a client's files.
pub struct ClientSlot {
    /// Its id within the client.
    id: String,
    /// What people call it.
    name: String,
    /// The files that may hold it.
    files: Vec<String>,
    /// What must be told.
    params: Vec<ClientParam>,
    /// What can stand there.
    forms: Vec<ClientForm>,
    /// Platforms whose keys stand here by their nature; empty for any.
    platforms: Vec<PlatformId>,
}

/// Something that must be told to place a key.
pub struct ClientParam {
    /// Its name.
    name: String,
    /// What people are asked.
    label: String,
    /// What is taken where nothing is told.
    default: String,
    /// It is only needed for what is not there yet.
    only_new: bool,
}

/// A way in which a place holds a key.
pub struct ClientForm {
    /// What stands in the file.
    kind: FormChoice,
    /// How it looks there, with the parameters in braces.
    looks: String,
}

/// A step to do by hand.
pub struct ClientStep {
    /// What to do.
    say: String,
    /// The client's own command; empty for none.
    run: String,
}

/// Where a key is to be put.
pub struct PlaceTarget {
    /// The client.
    client: ClientId,
    /// The kind of place; empty for the client's first one that fits the key.
    slot: String,
    /// The file's path, or the id of one of the client's files; empty for the first one.
    file: String,
    /// The project's folder, for files that are a project's.
    project: String,
    /// What is to stand there.
    form: FormChoice,
    /// What was told: the server's name, the variable's.
    params: BTreeMap<String, String>,
}

/// Put a key into clients' files: into all of them, or into none.
pub struct PlaceKey {
    /// The key.
    key: KeyId,
    /// Where.
    targets: Vec<PlaceTarget>,
    /// Warnings that stop a placing were read and are taken.
    insist: bool,
}

/// What placing would change.
pub struct PlacePreview {
    /// One for each target, in their order.
    changes: Vec<PlaceChange>,
    /// Whether all of it can be done now.
    ready: bool,
}

/// What placing would change in one file.
pub struct PlaceChange {
    /// The client's name.
    client_name: String,
    /// The file.
    file: String,
    /// The file as people read it.
    short: String,
    /// Where in the file.
    node: String,
    /// The file is not there yet.
    makes_file: bool,
    /// The key is there already; nothing changes.
    unchanged: bool,
    /// The title of the key that stands there now; empty where none of this vault does.
    replaces: String,
    /// The lines that change, and some around them; values are masked.
    lines: Vec<DiffLine>,
    /// What to know.
    warnings: Vec<PlaceWarning>,
    /// Why it cannot be done; empty when it can.
    refused: String,
    /// What to do about that.
    advice: String,
    /// How the client picks the change up.
    pickup: String,
}

/// One line of a preview.
pub struct DiffLine {
    /// What becomes of it.
    fate: LineFate,
    /// Its number, counted from 1.
    number: u32,
    /// Its text, masked.
    text: String,
}

/// Something to know before a file is written.
pub struct PlaceWarning {
    /// In words.
    words: String,
    /// It stops the placing until a person insists.
    stops: bool,
}

/// A placing that is done.
pub struct PlaceReport {
    /// Its run.
    run: RunId,
    /// The placements that it made.
    placements: Vec<PlacementRow>,
}

/// One place of one key.
pub struct PlacementRow {
    /// Its id.
    id: PlacementId,
    /// The key.
    key: KeyId,
    /// The key's title.
    key_title: String,
    /// How the key is drawn.
    bitting: Option<Bitting>,
    /// The client; none where a person noted a place in their own words.
    client: Option<ClientId>,
    /// The client's name, or the person's words.
    client_name: String,
    /// The file; empty where there is none.
    file: String,
    /// The file as people read it; where there is none, the place in words.
    short: String,
    /// Where in the file.
    node: String,
    /// It is a secret in a platform's store: written there, and never read.
    stored: bool,
    /// What stands there.
    form: PlacementForm,
    /// The machine's name.
    machine: String,
    /// It is this machine.
    here: bool,
    /// The project.
    project: String,
    /// A person's note, Markdown.
    note: String,
    /// How it came to be known.
    by: Known,
    /// When it was noted.
    noted: DateTime<Utc>,
    /// How it is.
    state: PlacementState,
    /// How it is, in words.
    state_words: String,
    /// When it was last looked at.
    checked: Option<DateTime<Utc>>,
    /// Others on this machine can read the file.
    loose: bool,
    /// The key stands in a file that git tracks.
    tracked: bool,
    /// The last write of it that can be taken back.
    undo: Option<WritingId>,
}

/// Which placements to list; none of them lists all.
pub struct ListPlacements {
    /// Those of one key.
    key: Option<KeyId>,
    /// Those of one client.
    client: Option<ClientId>,
    /// Look at each file again first.
    check: bool,
}

/// Note a place where nothing is written: another machine, a CI secret, a person's own words.
pub struct NotePlace {
    /// The key.
    key: KeyId,
    /// The client, where it is a known one.
    client: Option<ClientId>,
    /// The place in words.
    words: String,
    /// The machine.
    machine: String,
    /// The project.
    project: String,
    /// A note, Markdown.
    note: String,
}

/// Change what is noted of a place. What is not named stays.
pub struct EditPlace {
    /// The place.
    placement: PlacementId,
    /// The note.
    note: Option<String>,
    /// The machine.
    machine: Option<String>,
    /// The project.
    project: Option<String>,
    /// The place in words.
    words: Option<String>,
}

/// One write of a client's file.
pub struct WritingRow {
    /// Its id.
    id: WritingId,
    /// Its run.
    run: RunId,
    /// The key's title.
    key_title: String,
    /// The client's name.
    client_name: String,
    /// The file as people read it.
    short: String,
    /// How far it got.
    state: keywright_model::WritingState,
    /// When it was asked for.
    asked: DateTime<Utc>,
    /// It can still be taken back.
    can_undo: bool,
}

/// What to search for keys.
pub struct ScanRequest {
    /// Folders to search besides the clients' own files; none searches those alone.
    folders: Vec<String>,
}

/// What a scan found.
pub struct ScanReport {
    /// The finds, those that need somebody first.
    found: Vec<ScanFind>,
    /// Files that were read.
    files: u32,
    /// Folders and files that were left out, in words.
    left_out: Vec<String>,
    /// It was stopped before it was through.
    stopped: bool,
    /// Milliseconds that it took.
    took_ms: u32,
}

/// One key in one place, as a scan found it.
pub struct ScanFind {
    /// Its number within this scan.
    id: u32,
    /// What it is.
    what: ScanWhat,
    /// The key of this vault that it is.
    key: Option<KeyId>,
    /// That key's title, or what it looks like.
    title: String,
    /// The key drawn; the same secret looks the same everywhere.
    bitting: Option<Bitting>,
    /// The platform that its look tells of.
    platform: Option<PlatformId>,
    /// Its visible ends.
    hint: String,
    /// The file.
    file: String,
    /// The file as people read it.
    short: String,
    /// The line, counted from 1.
    line: u32,
    /// Where in the file; empty where its format is not known.
    node: String,
    /// The client whose file it is.
    client: Option<ClientId>,
    /// The client's name.
    client_name: String,
    /// The same secret was found in so many places.
    places: u32,
    /// Its place is noted already.
    noted: bool,
    /// Git tracks the file.
    tracked: bool,
    /// Others on this machine can read the file.
    loose: bool,
}

/// Take finds of the last scan into the vault and note their places.
pub struct TakeIn {
    /// The finds, by their numbers.
    finds: Vec<u32>,
    /// The connection that new keys belong to; none for the one of their platform.
    connection: Option<ConnectionId>,
    /// The name of a new key; empty for one made of where it was found.
    name: String,
}

/// What was taken in.
pub struct TakenIn {
    /// Keys that are new in the vault.
    keys: Vec<KeyId>,
    /// Places that were noted.
    placements: u32,
}

/// Ask which key a client uses.
pub struct WhichRequest {
    /// The client.
    client: ClientId,
    /// The folder that it is started in; empty for the home directory.
    folder: String,
}

/// Which key a client uses.
pub struct WhichReport {
    /// The client's name.
    client_name: String,
    /// One for each place that holds a key, or could.
    uses: Vec<WhichUse>,
}

/// One key that a client uses, and those that it would use were this one not there.
pub struct WhichUse {
    /// What it is for: the server's or provider's name.
    what: String,
    /// The source that wins; none where nothing is set.
    effective: Option<WhichSource>,
    /// Those behind it, strongest first.
    shadowed: Vec<WhichSource>,
    /// What cannot be seen from here, such as a keyring that would win.
    unseen: Vec<String>,
}

/// A source of a key.
pub struct WhichSource {
    /// Where it is from: "environment variable OPENAI_API_KEY", "~/.codex/config.toml".
    words: String,
    /// The key of this vault that it is.
    key: Option<KeyId>,
    /// That key's title; empty where it is none of this vault.
    title: String,
    /// The key drawn.
    bitting: Option<Bitting>,
    /// Why it does not work; empty when it may.
    trouble: String,
}
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LineFate {
    /// It stays.
    Stays,
    /// It goes.
    Goes,
    /// It comes.
    Comes,
}

/// What is to stand in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FormChoice {
    /// The key itself.
    #[default]
    Literal,
    /// The name of an environment variable that holds it.
    Variable,
    /// The path of a file that holds it.
    File,
    /// The name of a secret that the client keeps elsewhere.
    Secret,
}

/// What a find of a scan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ScanWhat {
    /// A key of this vault that is dead.
    Dead,
    /// Not in this vault.
    Unknown,
    /// A living key of this vault.
    Known,
}
