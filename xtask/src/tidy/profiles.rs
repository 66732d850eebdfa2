//! Adding a platform is one profile and its fixtures: no Rust, no other file.

use super::tree::{Problem, Tree, line_of};

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
        let code = file.code();
        for id in &ids {
            let literal = format!("\"{id}\"");
            let named = code.match_indices(&literal).map(|(at, _)| at);
            problems.extend(named.map(|at| {
                Problem::at(file, line_of(&code, at), format!("code that knows {id} by name"))
            }));
        }
    }
    problems
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
}
