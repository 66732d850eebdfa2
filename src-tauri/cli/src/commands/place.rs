//! Commands about where keys are: clients' files, scans, one program's environment.

pub(crate) mod clients;
pub(crate) mod placements;
pub(crate) mod put;
pub(crate) mod run;
pub(crate) mod scan;
mod store;
pub(crate) mod which;

use std::path::{Path, PathBuf};

use crate::error::Error;

/// A word that should have been `NAME=VALUE`.
fn no_setting(text: &str) -> Error {
    Error::usage(format!("“{text}” is not NAME=VALUE"), "Write a name, `=`, and a value.")
}

/// A word that should have been a find's number.
fn no_number(text: &str) -> Error {
    Error::usage(format!("“{text}” is no number of a find"), "Write its number, or all.")
}

/// The whole path of a file or folder, without following links: clients name it so.
fn whole(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path).map_err(Error::System)
}
