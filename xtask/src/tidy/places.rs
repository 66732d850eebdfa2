//! Walls over names, sizes and places.

use std::collections::BTreeMap;

use super::tree::{File, Problem, Tree};

const PRODUCTION_LINES: usize = 500;
const COMPONENT_LINES: usize = 200;
const ENTRIES: usize = 20;
/// Long by nature: a registry of one kind of thing, or what tests feed on.
const UNCOUNTED: [&str; 5] = ["fixtures", "profiles", "definitions", "screenshots", "icons"];
/// One file for each use case: the folder is the product's manual.
const USE_CASES: &str = "src-tauri/service/src";
/// Written by programs.
const GENERATED: [&str; 3] = ["Cargo.lock", "ui/package-lock.json", "ui/src/ipc/bindings.ts"];

/// Files with more than one idea.
pub(super) fn long_files(tree: &Tree) -> Vec<Problem> {
    tree.files()
        .filter(|file| !file.is_test() && !is_generated(file))
        .filter_map(too_long)
        .collect()
}

fn too_long(file: &File) -> Option<Problem> {
    let limit = match file.path.rsplit_once('.')?.1 {
        "svelte" => COMPONENT_LINES,
        "rs" | "ts" | "css" => PRODUCTION_LINES,
        _ => return None,
    };
    let lines = file.production_lines().count();
    let excused = file.text.lines().any(|line| line.contains("tidy: table, because "));
    (lines > limit && !excused).then(|| {
        Problem::of(&file.path, format!("{lines} lines; split it, or say `tidy: table, because …`"))
    })
}

/// Names that say nothing.
pub(super) fn empty_names(tree: &Tree) -> Vec<Problem> {
    const WORDS: [&str; 7] = ["util", "utils", "misc", "helper", "helpers", "manager", "managers"];
    tree.files()
        .filter(|file| {
            let parts = file.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
            parts
                .flat_map(|part| part.split(['-', '_']))
                .any(|word| WORDS.contains(&word.to_ascii_lowercase().as_str()))
        })
        .map(|file| Problem::of(&file.path, "a name that says nothing; name what it is about"))
        .collect()
}

/// Attics: too much at the top, too many files in one folder. Hidden entries do not count.
pub(super) fn crowded(tree: &Tree) -> Vec<Problem> {
    let mut top: Vec<&str> = tree
        .files()
        .filter_map(|file| file.path.split('/').next())
        .filter(|name| !name.starts_with('.'))
        .collect();
    top.sort_unstable();
    top.dedup();
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for file in tree.files() {
        let Some((folder, name)) = file.path.rsplit_once('/') else { continue };
        let counted =
            folder != USE_CASES && !folder.split('/').any(|part| UNCOUNTED.contains(&part));
        // A test beside its code is no file of its own here.
        if counted && !name.starts_with('.') && !name.contains(".test.") {
            *folders.entry(folder).or_default() += 1;
        }
    }
    folders.insert("the top", top.len());
    folders
        .into_iter()
        .filter(|(_, count)| *count > ENTRIES)
        .map(|(folder, count)| Problem::of(folder, format!("{count} entries; sort them by noun")))
        .collect()
}

/// Lines that end in white space.
pub(super) fn trailing_spaces(tree: &Tree) -> Vec<Problem> {
    let files = tree.files().filter(|file| !file.path.contains("/fixtures/"));
    files
        .filter(|file| !is_generated(file))
        .flat_map(|file| {
            let lines = file.text.split('\n').enumerate();
            lines
                .filter(|(_, line)| line.ends_with([' ', '\t', '\r']))
                .map(|(index, _)| Problem::at(file, index + 1, "ends in white space"))
        })
        .collect()
}

/// Paths of the machine that this runs on, and hosts that only serve packages.
pub(super) fn machine(tree: &Tree) -> Vec<Problem> {
    const HOSTS: [&str; 6] = ["registry.", "index.", "mirror.", "proxy.", "pypi.", "npm."];
    const SETTINGS: [&str; 3] = ["replace-with", "index-url", "registry="];
    let mut problems = Vec::new();
    for file in tree.files().filter(|file| !is_generated(file)) {
        for (index, line) in file.text.lines().enumerate() {
            let mut say = |what: &str| problems.push(Problem::at(file, index + 1, what));
            if tree.machine.iter().any(|path| begins_in(line, path)) {
                say("a path of one machine");
            }
            let host = line.match_indices("://").any(|(at, _)| {
                let rest = line.get(at + 3..).unwrap_or_default();
                HOSTS.iter().any(|host| rest.starts_with(host)) && !is_example(rest)
            });
            let is_setting = !file.has_ending(".rs")
                && SETTINGS.iter().any(|setting| line.trim_start().starts_with(setting))
                && !line.contains(".example");
            if host || is_setting {
                say("a host that serves packages");
            }
        }
    }
    problems
}

/// Whether a path begins somewhere in a line, not within another path.
fn begins_in(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|before| before.is_alphanumeric() || "-_./~}".contains(before))
    })
}

fn is_generated(file: &File) -> bool {
    GENERATED.contains(&file.path.as_str())
}

/// Whether a host is of the names that belong to nobody (RFC 2606), as in fixtures.
fn is_example(rest: &str) -> bool {
    let host = rest.split(['/', ':', '"', '\'']).next().unwrap_or_default();
    host.rsplit('.').next().is_some_and(|last| matches!(last, "example" | "test"))
}

#[cfg(test)]
mod tests {
    use super::super::tree::check;
    use super::*;

    #[test]
    fn a_long_file_is_caught_unless_it_is_a_table() {
        let long = "x\n".repeat(501);
        let table = format!("// tidy: table, because one row a flag\n{long}");
        let files = [
            ("a.rs", long.as_str()),
            ("b.rs", table.as_str()),
            ("c.svelte", long.as_str()),
            ("tests/src/d.rs", long.as_str()),
            ("e.md", long.as_str()),
        ];
        check(long_files, &files, &["a.rs", "c.svelte"]);
    }

    #[test]
    fn inline_tests_do_not_count_as_length() {
        let text =
            format!("{}#[cfg(test)]\nmod tests {{\n{}}}", "x\n".repeat(500), "y\n".repeat(90));
        check(long_files, &[("a.rs", &text)], &[]);
    }

    #[test]
    fn a_name_that_says_nothing_is_caught() {
        let files = [
            ("src/util.rs", ""),
            ("src/key_helpers.rs", ""),
            ("ui/src/Manager.svelte", ""),
            ("misc/a.rs", ""),
            ("src/utility_bill.rs", ""),
        ];
        let caught = ["src/util.rs", "src/key_helpers.rs", "ui/src/Manager.svelte", "misc/a.rs"];
        check(empty_names, &files, &caught);
    }

    #[test]
    fn a_crowd_is_caught_but_not_among_fixtures() {
        let paths: Vec<String> = ["", "src/", "a/fixtures/b/", "."]
            .iter()
            .flat_map(|folder| (0..21).map(move |number| format!("{folder}{number}")))
            .collect();
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
        check(crowded, &files, &["src", "the top"]);
    }

    #[test]
    fn white_space_at_a_lines_end_is_caught() {
        let files = [("a.md", "one\ntwo \nthree\t\n"), ("a/fixtures/b.env", "A=1 \r\n")];
        check(trailing_spaces, &files, &["a.md:2", "a.md:3"]);
    }

    #[test]
    fn a_path_or_a_package_host_of_this_machine_is_caught() {
        let host = format!("see https://{}example.org/x\n", "mirror.");
        let setting = format!("{}=https://example.org\n", "registry");
        let files = [
            ("a.md", "in /machine/a\nin some/machine/a\n"),
            ("b.md", host.as_str()),
            (".npmrc", setting.as_str()),
            ("Cargo.lock", host.as_str()),
            ("c.md", "https://example.org/registry.html\n"),
        ];
        check(machine, &files, &["a.md:1", "b.md:1", ".npmrc:1"]);
    }
}
