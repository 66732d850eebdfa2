//! Where files are on one machine: everything that depends on the operating system and on the
//! person, as a value, so that a test has a home of its own.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

/// The operating systems whose paths definitions know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Os {
    /// Linux and the BSDs.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

impl Os {
    /// The one that this program was built for.
    pub const fn current() -> Self {
        if cfg!(target_os = "windows") {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::Macos
        } else {
            Self::Linux
        }
    }
}

/// One machine, seen by one person. Its variables may hold keys, so it prints none of them.
#[derive(Clone)]
pub struct Machine {
    /// The operating system.
    pub os: Os,
    /// The home directory.
    pub home: PathBuf,
    /// The environment variables that move clients' files (`CODEX_HOME`, `XDG_CONFIG_HOME`,
    /// `APPDATA`…), that outrank them, or that they refer to. Names to values.
    pub environment: BTreeMap<String, String>,
    /// Its name, kept with placements so that those of another machine are told apart.
    pub name: String,
}

impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Machine");
        shown.field("os", &self.os).field("home", &self.home).field("name", &self.name);
        shown.finish_non_exhaustive()
    }
}

impl Machine {
    /// A variable that is set and not empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A path as people read it, with `~` for the home directory.
    pub fn short(&self, path: &Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(rest) => format!("~/{}", rest.display()),
            Err(_) => path.display().to_string(),
        }
    }
}
