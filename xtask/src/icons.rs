//! All icon sizes from one drawing, by the Tauri tool.

use std::fs;

use crate::{error::Error, process::Command, workspace::Workspace};

/// What a desktop bundle needs of all that the tool makes.
const KEPT: [&str; 7] = [
    "source.svg",
    "32x32.png",
    "64x64.png",
    "128x128.png",
    "128x128@2x.png",
    "icon.icns",
    "icon.ico",
];

/// Makes the icons anew.
pub(crate) fn make(workspace: &Workspace) -> Result<(), Error> {
    let icons = workspace.root().join("icons");
    let made = workspace.target().join("icons");
    Command::new("npx")
        .args(["--yes", "@tauri-apps/cli@2", "icon"])
        .args([icons.join("source.svg")])
        .args(["--output".into(), made.clone()])
        .folder(workspace.ui())
        .run()?;
    for name in KEPT.iter().filter(|name| **name != "source.svg") {
        fs::copy(made.join(name), icons.join(name)).map_err(Error::file(icons.join(name)))?;
    }
    println!("   icons/: {}", KEPT.join(", "));
    Ok(())
}
