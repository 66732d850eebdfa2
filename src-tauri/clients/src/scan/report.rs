//! What a scan finds. Values are in secrets that print nothing; there is no other copy.

use std::{
    ops::Range,
    path::{Path, PathBuf},
    time::Duration,
};

use keywright_model::Secret;

use crate::{
    ClientId, Format, NodePath,
    definition::{FormKind, Params},
};

/// What a value is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A key of the vault: the number that [`super::Scan::known`] answered.
    Known(usize),
    /// It looks like a key of this platform.
    Shape(String),
    /// It stands where keys stand (in a client's slot, in an address's query), and its make is
    /// not known.
    Slot,
    /// No key: the name of the variable, file or secret that holds it. [`Found::form`] tells
    /// which of them where the definition says so.
    Reference(String),
}

/// How a value stands in the text around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Within {
    /// As it is, or behind a word such as `Bearer`.
    Plain,
    /// In the query of an address, as the value of this parameter. It ends up in the logs of
    /// servers and proxies, so another way is advised.
    Query(String),
    /// In base64: `Authorization: Basic`, `auth` of Docker, a secret of Kubernetes.
    Base64,
}

/// Where in a client's definition a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The client.
    pub client: ClientId,
    /// The rule of the file.
    pub rule: String,
    /// The slot.
    pub slot: String,
    /// What was told of it: the server's name, the variable's name. Never the key.
    pub params: Params,
    /// How the slot holds it.
    pub form: FormKind,
}

/// One value that is, or refers to, a key.
#[derive(Debug)]
pub struct Found {
    /// The file, as its client or the chosen folder names it; links are not resolved.
    pub file: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// Its bytes in the file's text: without byte order mark, and UTF-16 read as UTF-8.
    pub span: Range<usize>,
    /// The file's format, where it has one and could be read.
    pub format: Option<Format>,
    /// Where in the document it stands.
    pub node: Option<NodePath>,
    /// The clients' slots that it stands in; several clients may read one file.
    pub places: Vec<Place>,
    /// What it is taken for.
    pub what: What,
    /// How it stands there.
    pub within: Within,
    /// The file's permission bits; 0 where the system has none.
    pub mode: u32,
    pub(super) value: Secret,
}

impl Found {
    /// The first client that reads this place.
    pub fn client(&self) -> Option<&ClientId> {
        self.places.first().map(|place| &place.client)
    }

    /// How the first client's slot holds it.
    pub fn form(&self) -> Option<FormKind> {
        self.places.first().map(|place| place.form)
    }

    /// The value; empty for a reference.
    pub const fn value(&self) -> &Secret {
        &self.value
    }

    /// The value, to be sealed in the vault.
    pub fn into_value(self) -> Secret {
        self.value
    }
}

/// What was not looked into, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Files above the limit that no definition names.
    pub too_large: usize,
    /// Files that are no text, by their first bytes or by their names.
    pub binary: usize,
    /// Files and folders that could not be read.
    pub unreadable: usize,
    /// Links, which are not followed.
    pub links: usize,
    /// Pipes, sockets and devices.
    pub special: usize,
    /// Folders on another file system.
    pub other_systems: usize,
    /// Folders that hold no keys of the user's own: installed packages, caches, build results.
    pub folders: usize,
}

/// A bound that ended a scan early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// [`super::Limits::files`].
    Files,
    /// [`super::Limits::time`].
    Time,
}

/// The result of a scan.
#[derive(Debug)]
pub struct ScanReport {
    /// By file, then by place in it.
    pub found: Vec<Found>,
    /// Findings above [`super::Limits::found`], which are not kept.
    pub more: usize,
    /// Values that look like keys and are plainly none: `sk-xxxxxxxx`, `AKIA…EXAMPLE`.
    pub placeholders: usize,
    /// Files that were looked at, also those that turned out to be no text.
    pub files: usize,
    /// Bytes that were read.
    pub bytes: u64,
    /// What was left out.
    pub skipped: Skipped,
    /// Whether it was stopped by the caller.
    pub stopped: bool,
    /// The bound that ended it early.
    pub bound: Option<Bound>,
    /// How long it took.
    pub took: Duration,
}

/// How far a scan is.
#[derive(Debug, Clone, Copy)]
pub struct ScanProgress<'a> {
    /// Files that were looked at.
    pub files: usize,
    /// Bytes that were read.
    pub bytes: u64,
    /// Findings so far.
    pub found: usize,
    /// The folder that one of the threads is in.
    pub folder: &'a Path,
}
