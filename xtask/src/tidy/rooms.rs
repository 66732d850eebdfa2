//! Which room may know which. Cargo holds that no arrow goes in a circle; this holds the rest.

use serde_json::Value;

use super::tree::Problem;
use crate::workspace::Workspace;

/// One dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    from: String,
    to: String,
    for_tests: bool,
}

/// What each room may know of the others, in the product itself.
#[rustfmt::skip]
const ROOMS: &[(&str, &[&str])] = &[
    ("keywright-model", &[]),
    ("keywright-vault", &["keywright-model"]),
    ("keywright-platforms", &["keywright-model"]),
    ("keywright-simulator", &["keywright-model"]),
    ("keywright-service", &["keywright-model", "keywright-vault", "keywright-platforms", "keywright-simulator"]),
    ("keywright-cli", &["keywright-model", "keywright-service", "keywright-simulator"]),
    ("keywright", &["keywright-model", "keywright-service", "keywright-simulator"]),
    ("xtask", &[]),
];

/// Rooms that the tests of any room may use besides.
const FOR_TESTS: &[&str] = &["keywright-model", "keywright-simulator"];

/// Front ends; their tests may set any scene.
const FRONT_ENDS: &[&str] = &["keywright", "keywright-cli"];

/// The only room that may link a library, by how the library's name begins.
const OWNERS: &[(&str, &str)] = &[
    ("tauri", "keywright"),
    ("wry", "keywright"),
    ("reqwest", "keywright-platforms"),
    ("rustls", "keywright-platforms"),
    ("rusqlite", "keywright-vault"),
    ("argon2", "keywright-vault"),
    ("chacha20poly1305", "keywright-vault"),
    ("axum", "keywright-simulator"),
    ("clap", "keywright-cli"),
];

/// Packages that stand outside the product.
const OUTSIDE: &[&str] = &["journeys", "xtask"];

/// All direct dependencies of the workspace's packages.
pub(super) fn edges(workspace: &Workspace) -> Vec<Edge> {
    workspace.packages().iter().flat_map(of_package).collect()
}

fn of_package(package: &Value) -> Vec<Edge> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let from = text(package.get("name"));
    let dependencies = package.get("dependencies").and_then(Value::as_array);
    dependencies
        .into_iter()
        .flatten()
        .map(|dependency| Edge {
            from: from.clone(),
            to: text(dependency.get("name")),
            for_tests: dependency.get("kind").and_then(Value::as_str) == Some("dev"),
        })
        .collect()
}

/// Arrows that point the wrong way.
pub(super) fn check(edges: &[Edge]) -> Vec<Problem> {
    edges.iter().filter_map(wrong).map(|(edge, what)| Problem::of(edge, what)).collect()
}

fn wrong(edge: &Edge) -> Option<(String, String)> {
    let arrow = || format!("{} -> {}", edge.from, edge.to);
    let is_room = |name: &str| ROOMS.iter().any(|(room, _)| *room == name);
    // Its own tests switch a feature on.
    if edge.for_tests && edge.from == edge.to {
        return None;
    }
    if is_room(&edge.to) {
        let allowed = ROOMS.iter().find(|(room, _)| *room == edge.from).map(|(_, may)| *may);
        // The journeys see everything.
        let may = allowed.is_none_or(|may| may.contains(&edge.to.as_str()));
        let for_tests = edge.for_tests
            && (FOR_TESTS.contains(&edge.to.as_str()) || FRONT_ENDS.contains(&edge.from.as_str()));
        return (!may && !for_tests).then(|| (arrow(), "no such arrow (ARCHITECTURE.md)".into()));
    }
    if edge.for_tests || OUTSIDE.contains(&edge.from.as_str()) {
        return None;
    }
    let (_, owner) = OWNERS.iter().find(|(prefix, _)| begins(&edge.to, prefix))?;
    (*owner != edge.from).then(|| (arrow(), format!("only {owner} links {}", edge.to)))
}

/// Whether a package's name is this one or one of its family: `tauri`, `tauri-build`.
fn begins(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: &str, to: &str) -> Edge {
        Edge { from: from.into(), to: to.into(), for_tests: false }
    }

    fn stands(edge: &Edge) -> bool {
        check(std::slice::from_ref(edge)).is_empty()
    }

    #[test]
    fn rooms_that_must_not_meet_do_not() {
        for (from, to) in [
            ("keywright-vault", "keywright-platforms"),
            ("keywright-platforms", "keywright-vault"),
            ("keywright-model", "keywright-service"),
            ("keywright-cli", "keywright-vault"),
            ("keywright", "keywright-platforms"),
            ("xtask", "keywright-model"),
        ] {
            assert!(!stands(&edge(from, to)), "{from} -> {to} was not caught");
        }
    }

    #[test]
    fn the_arrows_of_the_design_stand() {
        for (from, to) in [
            ("keywright-service", "keywright-vault"),
            ("keywright", "keywright-service"),
            ("keywright-cli", "keywright-simulator"),
            ("journeys", "keywright-vault"),
            ("keywright", "tauri"),
            ("keywright", "tauri-build"),
            ("keywright-platforms", "reqwest"),
            ("keywright-platforms", "serde"),
        ] {
            assert!(stands(&edge(from, to)), "{from} -> {to} was refused");
        }
    }

    #[test]
    fn a_library_in_the_wrong_room_is_caught() {
        assert!(!stands(&edge("keywright-service", "reqwest")));
        assert!(!stands(&edge("keywright-service", "tauri-plugin-notification")));
        assert!(!stands(&edge("keywright-cli", "rusqlite")));
        assert!(stands(&edge("xtask", "clap")));
    }

    #[test]
    fn tests_of_a_room_may_use_the_simulator_but_only_a_front_ends_the_vault() {
        let for_tests = |from, to| Edge { for_tests: true, ..edge(from, to) };
        assert!(stands(&for_tests("keywright-platforms", "keywright-simulator")));
        assert!(stands(&for_tests("keywright", "keywright-vault")));
        assert!(stands(&for_tests("keywright-vault", "keywright-vault")));
        assert!(!stands(&for_tests("keywright-platforms", "keywright-vault")));
    }
}
