//! What is known of one client, as data. The language is told in docs/client-definitions.md.

mod error;
mod template;

use std::path::PathBuf;

pub use keywright_model::ClientId;

pub use error::DefinitionError;
pub use template::{NodeTemplate, Params, PathTemplate, Words};

use crate::format::Format;

/// One client.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its id.
    pub id: ClientId,
    /// Its name for people.
    pub name: String,
    /// One sentence on it.
    pub about: String,
    /// What it is.
    pub kind: Kind,
    /// The page that documents its configuration; empty where there is none.
    pub docs: String,
    /// How the facts were found.
    pub checked: Checked,
    /// Its files, those of more weight last: a later one outranks an earlier one where
    /// `precedence` does not say otherwise.
    pub files: Vec<FileRule>,
    /// Where in them a key may stand.
    pub slots: Vec<Slot>,
    /// How a change is picked up: "A new session reads it."
    pub pickup: String,
    /// Names of its processes, without `.exe`.
    pub processes: Vec<String>,
    /// Whether it writes its files itself.
    pub rewrites: Rewrites,
    /// What it makes of a literal `$`.
    pub dollar: Dollar,
    /// What to do by hand or by the client's own command, for what no file holds.
    pub guide: Vec<GuideStep>,
}

/// What a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An agent, editor or other program with MCP servers or model providers.
    Agent,
    /// A place that many programs read: a `.env` file, a shell's profile, a package manager's
    /// credentials.
    Place,
}

/// How the facts of a definition were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The day, `2026-11-22`.
    pub on: String,
    /// The weakest of its facts: `run` (the client was run), `source`, `docs`, `told` (by
    /// others only).
    pub by: String,
    /// The client's version where it was run.
    pub version: String,
}

/// Whose configuration a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One person's, on this machine.
    User,
    /// A project's, usually shared through git.
    Project,
    /// A project's, one person's own.
    Local,
    /// The whole machine's.
    System,
    /// Set by an administrator; outranks all.
    Managed,
}

/// One file that a client reads.
#[derive(Debug, Clone)]
pub struct FileRule {
    /// Its name within the definition.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub scope: Scope,
    /// Where it is on each system; the first that exists is it, else the first is where it is
    /// made. Project files are relative to the project's folder.
    pub linux: Vec<PathTemplate>,
    /// The same on macOS.
    pub macos: Vec<PathTemplate>,
    /// The same on Windows.
    pub windows: Vec<PathTemplate>,
    /// Its format.
    pub format: Format,
    /// The mode that a file gets that Keywright makes, and the loosest one that is no finding.
    pub mode: u32,
    /// Why Keywright does not write it; it is read and scanned all the same.
    pub read_only: Option<String>,
    /// Whether a byte order mark breaks it for the client.
    pub bom_breaks: bool,
    /// The client's own lock, taken around a write.
    pub lock: FileLock,
    /// Whether the file is looked for in each parent folder up to the project's root.
    pub upwards: bool,
    /// Made by Keywright when it is missing.
    pub may_make: bool,
}

/// How a client locks its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileLock {
    /// It does not.
    None,
    /// It makes a directory named as the file with `.lock` behind.
    Directory,
}

/// Whether a client writes its own files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rewrites {
    /// It only reads.
    Never,
    /// On some of its commands, or while it runs: what is lost then. Warned of while it runs.
    Sometimes(String),
    /// It takes what it has in memory for the truth. No write while it runs.
    Owns(String),
}

/// What a client makes of `$` in a literal value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dollar {
    /// Nothing.
    Exact,
    /// It is replaced where the name behind it is a set variable: warned of.
    WhenSet,
    /// It is damaged in any case: refused.
    Breaks,
}

/// A kind of place in a client's files where a key may stand.
#[derive(Debug, Clone)]
pub struct Slot {
    /// Its name within the definition: `mcp-header`, `mcp-env`, `provider`…
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The files that may hold it, by their ids.
    pub files: Vec<String>,
    /// What must be told to find it, in the order of asking.
    pub params: Vec<Param>,
    /// The ways in which it can hold a key. The first is the literal one where there is one.
    pub forms: Vec<Form>,
    /// Where else the client takes this key from, and what outranks what.
    pub sources: Vec<Source>,
    /// Platforms whose keys stand here by their nature (`openai` in `OPENAI_API_KEY`); empty
    /// for any.
    pub platforms: Vec<String>,
}

/// Something that must be told to find a slot: the server's name, a variable's name.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name in templates.
    pub name: String,
    /// What people are asked.
    pub label: String,
    /// Taken where nothing is told; empty for none.
    pub default: String,
    /// Only needed to make what is not there yet, such as a new server's address.
    pub only_new: bool,
}

/// How a slot holds a key.
#[derive(Debug, Clone)]
pub struct Form {
    /// What stands in the file.
    pub kind: FormKind,
    /// Where.
    pub node: NodeTemplate,
    /// The text there, of the parameters and `{key}` (literal) or `{variable}` (reference).
    pub value: Words,
    /// What a new table needs beside it; texts in it are templates too.
    pub beside: Vec<(NodeTemplate, Beside)>,
}

/// A value that a new table gets beside the key.
#[derive(Debug, Clone)]
pub enum Beside {
    /// A text of parameters.
    Text(Words),
    /// `true` or `false`.
    Flag(bool),
    /// Texts.
    List(Vec<Words>),
}

/// What a form writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormKind {
    /// The key itself.
    Literal,
    /// The name of an environment variable that holds it.
    Variable,
    /// The path of a file that holds it.
    File,
    /// The name of a secret in another file of this client (`{other}` slot).
    Secret,
}

/// A source of a slot's key, strongest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An environment variable.
    Environment(String),
    /// A file by its id.
    File(String),
    /// Something that cannot be read from here: a keyring, a sign-in.
    Elsewhere(String),
}

/// One thing to do by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideStep {
    /// What to do.
    pub say: String,
    /// The client's own command, which reads the key from its standard input; empty for none.
    pub run: Vec<String>,
}

/// A file of a client on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The rule's id.
    pub rule: String,
    /// Its path, as the client names it; links are not followed.
    pub path: PathBuf,
    /// Whether something is there.
    pub exists: bool,
}
