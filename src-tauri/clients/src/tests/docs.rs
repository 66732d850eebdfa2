//! docs/clients.md is what the definitions say, and the reference's examples are definitions.

use std::path::Path;

use crate::{Definition, Registry};

const COMMAND: &str = "cargo run -p keywright-clients --example clients-table";

fn docs(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    std::fs::read_to_string(&path).unwrap_or_default()
}

#[test]
fn the_table_is_what_the_definitions_say() {
    let fresh = docs("clients.md") == Registry::builtin().table();
    assert!(fresh, "docs/clients.md is stale; write it anew: {COMMAND}");
}

#[test]
fn every_whole_definition_in_the_reference_can_be_read() {
    let text = docs("client-definitions.md");
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let whole: Vec<&str> = blocks.filter(|block| block.starts_with("definition = 1")).collect();
    assert!(whole.len() >= 2, "{} whole definitions in the reference", whole.len());
    for block in whole {
        Definition::parse("docs/client-definitions.md", block).unwrap_or_else(|e| panic!("{e}"));
    }
}
