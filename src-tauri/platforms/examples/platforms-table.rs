//! Writes docs/platforms.md anew from the profiles that come with the program.

use std::{fs, io, path::Path};

use keywright_platforms::Registry;

#[expect(clippy::disallowed_methods, reason = "a file of the repository, made anew each time")]
fn main() -> io::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    fs::write(docs.join("platforms.md"), Registry::builtin().table())
}
