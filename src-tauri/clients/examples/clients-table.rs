//! Writes docs/clients.md anew from the definitions that come with the program.

use std::{fs, io, path::Path};

use keywright_clients::Registry;

#[expect(clippy::disallowed_methods, reason = "a file of the repository, made anew each time")]
fn main() -> io::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    fs::write(docs.join("clients.md"), Registry::builtin().table())
}
