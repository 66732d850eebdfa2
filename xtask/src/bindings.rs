//! The TypeScript twins of the types that cross to the web view.
//!
//! A test of the shell collects them and compares; with `KEYWRIGHT_BINDINGS=write`
//! it writes the file instead.

use crate::{error::Error, process::Command, workspace::Workspace};

/// Part of the name of the test that compares the file with the types.
pub(crate) const TEST: &str = "bindings";

/// Writes the file anew.
pub(crate) fn write(workspace: &Workspace) -> Result<(), Error> {
    Command::cargo("test", workspace.root())
        .args(["--package", "keywright", "--features", "keywright/bindings", "--quiet", TEST])
        .env("KEYWRIGHT_BINDINGS", "write")
        .run()?;
    println!("   ui/src/ipc/bindings.ts is fresh");
    Ok(())
}
