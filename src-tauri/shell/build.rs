//! Writes the permissions of the IPC table and embeds the front end.

use std::path::Path;

/// Here the table is only a list of names.
macro_rules! ipc_table {
    ($($part:ident { $($name:ident($($request:ty)?) -> $answer:ty;)* })*) => {
        const COMMANDS: &[&str] = &[$($(stringify!($name),)*)*];
    };
}

include!("src/table.rs");

fn main() {
    for path in ["src-tauri/shell/capabilities", "src-tauri/shell/src/table.rs", "ui/dist"] {
        println!("cargo::rerun-if-changed={path}");
    }
    if !Path::new("ui/dist/index.html").exists() {
        println!(
            "cargo::error=the front end is not built, so there is nothing to show in the window. \
             `cargo xtask run`, `test` and `check` build it; by hand: \
             npm --prefix ui ci && npm --prefix ui run build"
        );
        return;
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/shell/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=tauri.conf.json or a capability is wrong: {error:#}");
    }
}
