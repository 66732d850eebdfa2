//! Adding a platform is one profile and its fixtures, adding a client is one definition and its
//! fixtures: no Rust, no other file.

use super::tree::{File, Problem, Tree, line_of};

const PROFILES: &str = "src-tauri/platforms/profiles/";
/// These may name a platform: the list of profiles that are built in, and the
/// simulator, which plays four of them.
const MAY_NAME: [&str; 2] = ["src-tauri/platforms/src/registry.rs", "src-tauri/simulator/"];

/// Profiles without fixtures, and platforms that the product's code knows by name.
pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let ids: Vec<&str> = tree
        .files()
        .filter_map(|file| file.path.strip_prefix(PROFILES)?.strip_suffix(".toml"))
        .collect();
    let mut problems = Vec::new();
    for id in &ids {
        let folder = format!("/fixtures/{id}/");
        if !tree.files().any(|file| file.path.contains(&folder)) {
            problems.push(Problem::of(format!("{PROFILES}{id}.toml"), "has no fixtures"));
        }
    }
    for file in tree.production().filter(|file| file.path.starts_with("src-tauri/")) {
        if MAY_NAME.iter().any(|place| file.path.starts_with(place)) {
            continue;
        }
        named(file, &ids, &mut problems);
    }
    problems
}

/// Places in which a file has one of these names as a text.
fn named(file: &File, ids: &[&str], problems: &mut Vec<Problem>) {
    let code = file.code();
    for id in ids {
        let literal = format!("\"{id}\"");
        let places = code.match_indices(&literal).map(|(at, _)| at);
        problems.extend(places.map(|at| {
            Problem::at(file, line_of(&code, at), format!("code that knows {id} by name"))
        }));
    }
}

const DEFINITIONS: &str = "src-tauri/clients/definitions/";
/// The rooms that could know a client.
const COULD_KNOW: [&str; 5] = [
    "src-tauri/clients/src/",
    "src-tauri/service/",
    "src-tauri/shell/",
    "src-tauri/cli/",
    "src-tauri/clients/examples/",
];
/// Formats are named after what they were made for: `npmrc`, `fish`.
const FORMATS: [&str; 2] =
    ["src-tauri/clients/src/format/", "src-tauri/clients/src/definition/file_rule.rs"];
/// Ids that are words of everybody: as a text they name no client.
const ORDINARY: [&str; 4] = ["continue", "cursor", "fish", "shell"];

/// Definitions whose files are written and that have no fixtures, and clients that the
/// product's code knows by name.
pub(super) fn clients(tree: &Tree) -> Vec<Problem> {
    let definitions = || {
        tree.files().filter_map(|file| {
            Some((file, file.path.strip_prefix(DEFINITIONS)?.strip_suffix(".toml")?))
        })
    };
    let mut problems = Vec::new();
    for (file, id) in definitions() {
        let folder = format!("src-tauri/clients/fixtures/clients/{id}/");
        let fixtures = tree.files().any(|other| other.path.starts_with(&folder));
        if is_written(file) && !fixtures {
            problems.push(Problem::of(&file.path, "has no fixtures"));
        }
    }
    let ids: Vec<&str> =
        definitions().map(|(_, id)| id).filter(|id| !ORDINARY.contains(id)).collect();
    for file in tree.production() {
        let within = |places: &[&str]| places.iter().any(|place| file.path.starts_with(place));
        if within(&COULD_KNOW) && !within(&FORMATS) {
            named(file, &ids, &mut problems);
        }
    }
    problems
}

/// Whether a definition has a file that Keywright writes.
fn is_written(definition: &File) -> bool {
    let count = |what: &str| definition.text.lines().filter(|line| line.starts_with(what)).count();
    count("[[files]]") > count("read_only =")
}

#[cfg(test)]
mod tests {
    use super::super::tree::check as wall;
    use super::*;

    #[test]
    fn a_profile_without_fixtures_and_a_platform_known_by_name_are_caught() {
        let files = [
            ("src-tauri/platforms/profiles/agent.ceo.toml", ""),
            ("src-tauri/platforms/profiles/bare.toml", ""),
            ("src-tauri/platforms/tests/fixtures/agent.ceo/list.json", ""),
            ("src-tauri/platforms/src/registry.rs", "include(\"agent.ceo\");\n"),
            ("src-tauri/service/src/create.rs", "\nif platform == \"agent.ceo\" {\n"),
            ("src-tauri/service/src/words.rs", "// such as \"agent.ceo\"\n"),
        ];
        wall(
            check,
            &files,
            &["src-tauri/platforms/profiles/bare.toml", "src-tauri/service/src/create.rs:2"],
        );
    }

    #[test]
    fn a_client_without_fixtures_and_one_known_by_name_are_caught() {
        let written = "[[files]]\nid = \"user\"\n";
        let read = "[[files]]\nid = \"user\"\nread_only = \"It is its own.\"\n";
        let files = [
            ("src-tauri/clients/definitions/acme.toml", written),
            ("src-tauri/clients/definitions/bare.toml", written),
            ("src-tauri/clients/definitions/looked-at.toml", read),
            ("src-tauri/clients/definitions/by-hand.toml", "[[guide]]\n"),
            ("src-tauri/clients/definitions/shell.toml", read),
            ("src-tauri/clients/fixtures/clients/acme/key.toml", ""),
            ("src-tauri/clients/src/format/mod.rs", "name(\"acme\");\n"),
            ("src-tauri/clients/src/scan.rs", "\n\nif id == \"by-hand\" {\n"),
            ("src-tauri/clients/src/tests/all.rs", "get(\"acme\");\n"),
            ("src-tauri/platforms/src/page.rs", "\"acme\" => 1,\n"),
            ("src-tauri/service/src/place.rs", "get(\"acme\");\nlet kind = \"shell\";\n"),
        ];
        wall(
            clients,
            &files,
            &[
                "src-tauri/clients/definitions/bare.toml",
                "src-tauri/clients/src/scan.rs:3",
                "src-tauri/service/src/place.rs:1",
            ],
        );
    }
}
