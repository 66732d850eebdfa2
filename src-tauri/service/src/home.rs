//! Where the vault lives. A value given to the service, never looked up inside it.

use std::path::{Path, PathBuf};

/// The folder of the vault and its companions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// A home at a given folder. The folder is made when the vault is.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// `KEYWRIGHT_HOME`, or else the platform's data folder for this user.
    /// None where the system names no such folder.
    #[expect(clippy::disallowed_methods, reason = "the one place that looks the home up")]
    pub fn discover() -> Option<Self> {
        if let Ok(folder) = std::env::var("KEYWRIGHT_HOME")
            && !folder.is_empty()
        {
            return Some(Self::at(folder));
        }
        directories::ProjectDirs::from("dev", "keywright", "Keywright")
            .map(|dirs| Self::at(dirs.data_local_dir()))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }
}
