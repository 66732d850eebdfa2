//! Lists `definitions/*.toml`, so that adding a client is adding a file.

use std::{env, fmt::Write as _, fs, io, path::Path};

#[expect(clippy::disallowed_methods, reason = "a file of the build, made anew each time")]
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=definitions");
    println!("cargo::rerun-if-changed=build.rs");
    let missing = |name: &str| io::Error::other(format!("{name} is not set"));
    let root = env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| missing("CARGO_MANIFEST_DIR"))?;
    let out = env::var_os("OUT_DIR").ok_or_else(|| missing("OUT_DIR"))?;
    let mut names = Vec::new();
    for entry in fs::read_dir(Path::new(&root).join("definitions"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            names.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    let mut table = String::from("const BUILTIN: &[(&str, &str)] = &[\n");
    for name in names {
        let text =
            format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/definitions/{name}\"))");
        writeln!(table, "    (\"definitions/{name}\", {text}),").map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    fs::write(Path::new(&out).join("definitions.rs"), table)
}
