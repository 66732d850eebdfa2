//! What is known of one client, as data. The language is told in docs/client-definitions.md.

mod ask;
mod check;
mod error;
mod file_rule;
mod held;
mod locate;
mod node;
mod parse;
mod path_template;
mod slot;
mod template;

use std::path::PathBuf;

pub use keywright_model::ClientId;

pub use ask::{Ask, AskError, Caution};
pub use check::{Answer, Check};
pub use error::DefinitionError;
pub use held::Held;
pub use path_template::PathTemplate;
pub use template::{Flaw, NodeTemplate, Params, Untold, Words};

use crate::{format::Format, machine::Os};

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
    /// Its files, those of more weight last: a later one outranks an earlier one where a
    /// slot's `sources` do not say otherwise.
    pub files: Vec<FileRule>,
    /// Where in them a key may stand.
    pub slots: Vec<Slot>,
    /// The commands that start it, looked for on `PATH`, without `.exe`.
    pub programs: Vec<String>,
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
    /// The platform in whose secret store its keys are, written through a connection of that
    /// platform; empty for none.
    pub store: String,
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
    /// The strongest ground that all that matters here stands on.
    pub by: Ground,
    /// The client's version where it was run; else empty.
    pub version: String,
    /// What was read or run, and which single facts stand on less.
    pub how: String,
}

/// What facts stand on, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ground {
    /// The client was run and took the file.
    Run,
    /// The client's source was read.
    Source,
    /// The vendor's documentation.
    Docs,
    /// Others only: other tools' sources, reports.
    Told,
}

impl Ground {
    /// In a word or two.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Source => "source read",
            Self::Docs => "documentation read",
            Self::Told => "told by others",
        }
    }
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
    /// Where above the project's folder the client looks for it too.
    pub upwards: Upwards,
    /// Made by Keywright when it is missing.
    pub may_make: bool,
    /// Files that the client does not read where this one is, by their ids.
    pub hides: Vec<String>,
}

impl FileRule {
    /// Its paths on an operating system.
    pub fn paths(&self, os: Os) -> &[PathTemplate] {
        match os {
            Os::Linux => &self.linux,
            Os::Macos => &self.macos,
            Os::Windows => &self.windows,
        }
    }

    /// Whether it belongs to a project's folder.
    pub const fn of_project(&self) -> bool {
        matches!(self.scope, Scope::Project | Scope::Local)
    }
}

/// Where a client looks for a project's file besides the folder that it is started in. The
/// root of a project is the nearest folder above with a `.git`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Upwards {
    /// Nowhere.
    No,
    /// In each folder up to the project's root; the nearest outranks the others.
    All,
    /// In each folder up to the project's root; only the nearest that is there counts.
    First,
    /// In the project's root.
    Root,
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

/// What a client makes of `$` in a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dollar {
    /// Nothing.
    Exact,
    /// It is replaced where the name behind it is a set variable: warned of.
    WhenSet,
    /// It is damaged in any case: refused.
    Breaks,
    /// The same, and in the variable that a reference names as well: refused in every form.
    BreaksReferences,
}

/// A kind of place in a client's files where a key may stand.
#[derive(Debug, Clone)]
pub struct Slot {
    /// Its name within the definition: `mcp-header`, `mcp-env`, `provider`…
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What is worth knowing before it is used; may be empty.
    pub help: String,
    /// Whether the same place also holds what is no key (`LOG_LEVEL=debug` among variables):
    /// a scan has to look at the value.
    pub mixed: bool,
    /// The files that may hold it, by their ids.
    pub files: Vec<String>,
    /// What must be told to find it, in the order of asking.
    pub params: Vec<Param>,
    /// The ways in which it can hold a key. The first is the literal one where there is one.
    pub forms: Vec<Form>,
    /// Where the client takes this key from, strongest first. Empty where there is nothing but
    /// the files, of which a later one outranks an earlier one.
    pub sources: Vec<Source>,
    /// Platforms whose keys stand here by their nature (`openai` in `OPENAI_API_KEY`); empty
    /// for any.
    pub platforms: Vec<String>,
    /// The client's own check of whether it can use the key; none where it documents none.
    pub check: Option<Check>,
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
    /// The text there, of the parameters and what [`FormKind::hole`] names.
    pub value: Words,
    /// Other spellings of it that the client reads too: `${VAR:-other}` beside `${VAR}`.
    pub also: Vec<Words>,
    /// What a new table needs beside it; texts in it are templates too.
    pub beside: Vec<(NodeTemplate, Beside)>,
    /// Whether Keywright writes it; else it is only recognised.
    pub write: bool,
    /// Whether it counts where other forms of the slot stand in the same file.
    pub wins: bool,
    /// Where what a reference names is found, strongest first. For a variable that is the
    /// environment where nothing is said.
    pub from: Vec<Source>,
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
    /// The name of a secret in another file or store of this client.
    Secret,
    /// The name of a question: the client asks a person, and keeps the answer itself.
    Asked,
}

impl FormKind {
    /// The words of the language, and what they mean.
    pub const ALL: [(&'static str, Self); 5] = [
        ("literal", Self::Literal),
        ("variable", Self::Variable),
        ("file", Self::File),
        ("secret", Self::Secret),
        ("asked", Self::Asked),
    ];

    /// Its word in the language.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Literal => "literal",
            Self::Variable => "variable",
            Self::File => "file",
            Self::Secret => "secret",
            Self::Asked => "asked",
        }
    }

    /// The parameter that stands for what is held: the key, or the name of where it is.
    pub const fn hole(self) -> &'static str {
        match self {
            Self::Literal => "key",
            Self::Variable => "variable",
            Self::File => "path",
            Self::Secret => "secret",
            Self::Asked => "input",
        }
    }
}

/// A source of a slot's key, strongest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An environment variable; its name may hold the slot's parameters.
    Environment(Words),
    /// One of the slot's files, by its id.
    File(String),
    /// Another slot of the same client, by its id; parameters of the same name agree.
    Slot(String),
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

impl Definition {
    /// Reads a definition; `origin` is the file's name for messages.
    pub fn parse(origin: &str, text: &str) -> Result<Self, DefinitionError> {
        parse::definition(origin, text)
    }

    /// A file rule by its id.
    pub fn file(&self, id: &str) -> Option<&FileRule> {
        self.files.iter().find(|file| file.id == id)
    }

    /// A slot by its id.
    pub fn slot(&self, id: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id)
    }
}

impl Form {
    /// Whether it is an item of a list of names, which is the slot's parameter `name` itself.
    pub(crate) fn names_itself(&self) -> bool {
        !self.value.names().any(|name| name == self.kind.hole())
    }
}

impl Slot {
    /// The first form of a kind that Keywright writes.
    pub fn form(&self, kind: FormKind) -> Option<&Form> {
        self.forms.iter().find(|form| form.kind == kind && form.write)
    }

    /// What must be told to say which place of this kind is meant.
    pub fn identity(&self) -> impl Iterator<Item = &str> {
        self.params.iter().filter(|param| !param.only_new).map(|param| param.name.as_str())
    }
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

#[cfg(test)]
mod tests;
