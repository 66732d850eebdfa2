//! Where things are.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{error::Error, process::Command};

/// The checkout that this task runs in.
pub(crate) struct Workspace {
    root: PathBuf,
    metadata: Value,
}

impl Workspace {
    /// The checkout that holds this package.
    pub(crate) fn here() -> Result<Self, Error> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .map(Path::to_path_buf)
            .ok_or(Error::Screen("this package has no parent folder"))?;
        let text = Command::new("cargo")
            .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
            .folder(&root)
            .quiet()
            .output()?;
        let metadata = serde_json::from_str(&text).map_err(|error| Error::Answer {
            program: "cargo metadata",
            what: format!("{error}"),
        })?;
        Ok(Self { root, metadata })
    }

    /// The top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The front end's folder.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        self.metadata
            .get("target_directory")
            .and_then(Value::as_str)
            .map_or_else(|| self.root.join("target"), PathBuf::from)
    }

    /// Where tools are installed that only this repository needs.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target().join("tools")
    }

    /// The search path with our own tools first.
    pub(crate) fn search_path(&self) -> OsString {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let folders =
            std::iter::once(self.tools().join("bin")).chain(std::env::split_paths(&inherited));
        std::env::join_paths(folders).unwrap_or(inherited)
    }

    /// The workspace's packages as `cargo metadata` tells of them.
    pub(crate) fn packages(&self) -> &[Value] {
        self.metadata.get("packages").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Whether a package of the workspace has a feature.
    pub(crate) fn has_feature(&self, package: &str, feature: &str) -> bool {
        self.packages().iter().any(|candidate| {
            candidate.get("name").and_then(Value::as_str) == Some(package)
                && candidate.get("features").is_some_and(|all| all.get(feature).is_some())
        })
    }

    /// The features that lints and tests are built with: the TypeScript export, where it exists.
    /// One set for all stages, so that nothing is built twice.
    pub(crate) fn test_features(&self) -> Vec<String> {
        self.packages()
            .iter()
            .filter_map(|package| package.get("name").and_then(Value::as_str))
            .filter(|name| self.has_feature(name, "bindings"))
            .map(|name| format!("{name}/bindings"))
            .collect()
    }
}
