//! Walls over the Rust sources.

use super::tree::{File, Problem, Tree, line_of};

/// `Result<_, String>`: nobody can act on a text.
pub(super) fn text_as_error(tree: &Tree) -> Vec<Problem> {
    each(tree, |file, code| {
        openings(code, "Result<")
            .filter(|start| {
                let error = last_argument(code.get(*start..).unwrap_or_default());
                matches!(error, Some("String" | "&'static str" | "&str"))
            })
            .map(|start| {
                Problem::at(file, line_of(code, start), "an error that is text; make it a type")
            })
            .collect()
    })
}

/// `map_err(|e| … e.to_string() …)`: the cause is gone.
pub(super) fn erased_error(tree: &Tree) -> Vec<Problem> {
    each(tree, |file, code| {
        openings(code, ".map_err(")
            .filter(|start| {
                let inner = enclosed(code.get(*start..).unwrap_or_default());
                inner.is_some_and(|inner| inner.contains(".to_string()"))
            })
            .map(|start| {
                Problem::at(file, line_of(code, start), "keep the error as #[from] or #[source]")
            })
            .collect()
    })
}

/// `Generic(String)` and its kin.
pub(super) fn catch_all(tree: &Tree) -> Vec<Problem> {
    const VARIANTS: [&str; 5] =
        ["Generic(String)", "Message(String)", "Other(String)", "Custom(String)", "Any(String)"];
    each(tree, |file, code| {
        code.lines()
            .enumerate()
            .filter(|(_, line)| {
                VARIANTS.iter().any(|variant| line.trim_start().starts_with(variant))
            })
            .map(|(index, _)| Problem::at(file, index + 1, "a variant that names no cause"))
            .collect()
    })
}

/// A source file that no `mod` line reaches is neither built nor tested.
pub(super) fn forgotten(tree: &Tree) -> Vec<Problem> {
    tree.files()
        .filter(|file| is_module(&file.path) && !is_declared(tree, &file.path))
        .filter(|file| !is_included(tree, &file.path))
        .map(|file| Problem::of(&file.path, "no `mod` line reaches this file"))
        .collect()
}

fn each(tree: &Tree, find: impl Fn(&File, &str) -> Vec<Problem>) -> Vec<Problem> {
    tree.production().flat_map(|file| find(file, &file.code())).collect()
}

/// Where `opening` ends, each time it occurs as a word of its own.
fn openings<'a>(code: &'a str, opening: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(opening).map(move |(start, _)| start + opening.len())
}

/// The text up to the bracket that closes one opened before it.
fn enclosed(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' | '{' | '<' => depth += 1,
            // `->` and `=>` close nothing.
            '>' if matches!(before, '-' | '=') => {}
            ')' | ']' | '}' | '>' if depth == 0 => return text.get(..at),
            ')' | ']' | '}' | '>' => depth -= 1,
            _ => {}
        }
        before = letter;
    }
    None
}

/// The last of several generic arguments.
fn last_argument(text: &str) -> Option<&str> {
    let inner = enclosed(text)?;
    let mut depth = 0_usize;
    let mut comma = None;
    for (at, letter) in inner.char_indices() {
        match letter {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => comma = Some(at),
            _ => {}
        }
    }
    inner.get(comma? + 1..).map(str::trim)
}

/// Whether the path is that of a module: below a `src`, and no root of a crate.
fn is_module(path: &str) -> bool {
    let Some((_, inner)) = path.rsplit_once("src/") else { return false };
    let is_root = inner == "lib.rs" || inner.rsplit('/').next() == Some("main.rs");
    let is_rust = inner.rsplit_once('.').is_some_and(|(_, ending)| ending == "rs");
    is_rust && !path.contains("/fixtures/") && !is_root && !inner.starts_with("bin/")
}

/// Whether a neighbour takes the file in as text: a table that several macros read.
fn is_included(tree: &Tree, path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let line = format!("include!(\"{name}\")");
    tree.files().any(|file| file.path.starts_with(folder) && file.text.contains(&line))
}

fn is_declared(tree: &Tree, path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.trim_end_matches(".rs");
    // `a/b/mod.rs` is the module `b`, told of in `a`.
    let (folder, stem) = if stem == "mod" {
        folder.rsplit_once('/').unwrap_or(("", folder))
    } else {
        (folder, stem)
    };
    let parents = ["lib.rs", "main.rs", "mod.rs"].map(|root| format!("{folder}/{root}"));
    let declared = |parent: &str| {
        tree.get(parent).is_some_and(|parent| {
            parent.text.lines().map(str::trim).any(|line| {
                let line = line.rsplit_once("mod ").map_or("", |(_, rest)| rest);
                line.trim_end_matches([';', '{', ' ']) == stem
            })
        })
    };
    parents.iter().any(|parent| declared(parent)) || declared(&format!("{folder}.rs"))
}

#[cfg(test)]
mod tests {
    use super::super::tree::check;
    use super::*;

    #[test]
    fn an_error_that_is_text_is_caught_even_over_lines() {
        let bad = "fn a() -> Result<Vec<(u8, u8)>, String> {}\nfn b() -> Result<\n    u8,\n    String,\n> {}\n";
        check(text_as_error, &[("src/lib.rs", bad)], &["src/lib.rs:1"]);
        let over_lines = bad.replace("    String,\n", "    String\n");
        check(text_as_error, &[("src/lib.rs", &over_lines)], &["src/lib.rs:1", "src/lib.rs:2"]);
        let good = "fn a() -> Result<String, Error> {}\nfn b(f: impl Fn(u8) -> Result<String>) {}\n// Result<u8, String>\n";
        check(text_as_error, &[("src/lib.rs", good)], &[]);
    }

    #[test]
    fn a_cause_made_text_is_caught() {
        let bad = "a().map_err(|e| {\n    Error::Io(e.to_string())\n})?;\nb().to_string();\n";
        check(erased_error, &[("src/lib.rs", bad)], &["src/lib.rs:1"]);
        check(erased_error, &[("src/lib.rs", "a().map_err(Error::Io)?.to_string()")], &[]);
    }

    #[test]
    fn a_variant_for_everything_is_caught() {
        check(catch_all, &[("src/lib.rs", "enum E {\n    Generic(String),\n}")], &["src/lib.rs:2"]);
        check(catch_all, &[("src/lib.rs", "enum E {\n    Refused(String),\n}")], &[]);
    }

    #[test]
    fn a_module_that_nobody_declares_is_caught() {
        let files = [
            ("tests/src/lib.rs", "mod kept;\n#[cfg(test)]\nmod window;\ninclude!(\"rows.rs\");\n"),
            ("tests/src/rows.rs", ""),
            ("tests/src/kept.rs", ""),
            ("tests/src/window.rs", "mod create;"),
            ("tests/src/window/create.rs", ""),
            ("tests/src/window/revoke.rs", ""),
            ("tests/src/lost.rs", ""),
            ("tests/src/bin/tool.rs", ""),
            ("tests/src/cut/main.rs", "mod create;"),
            ("tests/src/cut/create.rs", ""),
        ];
        check(forgotten, &files, &["tests/src/window/revoke.rs", "tests/src/lost.rs"]);
    }

    #[test]
    fn tests_may_do_as_they_like() {
        let inline = "#[cfg(test)]\nmod tests {\n    fn a() -> Result<u8, String> {}\n}\n";
        check(
            text_as_error,
            &[("src/lib.rs", inline), ("tests/src/a.rs", "Result<u8, String>")],
            &[],
        );
    }
}
