//! The programs that use keys: what their files look like, where a key stands in them, how it
//! is put there without changing another byte, and where keys are on this machine.
//!
//! | to | use | file |
//! |---|---|---|
//! | know a client | [`Registry`], [`Definition`] | `registry`, `definition` |
//! | find its files here | [`Machine`], `FileRule::locate` | `machine`, `definition` |
//! | know which key it uses | [`which`] | `which` |
//! | read and change a text | [`Format`], [`edit`] | `format`, `edit` |
//! | read and change a file | [`mod@file`] | `file` |
//! | know whether git has it | [`git`] | `git` |
//! | know whether a client runs | [`process`] | `process` |
//! | find keys | [`scan`] | `scan` |
//! | hear of changes | [`watch`] | `watch` |
//!
//! The only code that touches a user's files. It knows no vault, no platform and no network;
//! the home directory and the operating system are arguments.

pub mod definition;
pub mod edit;
pub mod file;
pub mod format;
pub mod git;
mod machine;
pub mod path;
pub mod preview;
pub mod process;
mod registry;
pub mod scan;
mod table;
#[cfg(test)]
mod tests;
pub mod watch;
pub mod which;

pub use definition::{ClientId, Definition, DefinitionError};
pub use format::{Format, Node, Problem};
pub use machine::{Machine, Os};
pub use path::{NodePath, Step};
pub use registry::Registry;
