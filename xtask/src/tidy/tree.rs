//! The text of the checkout, as the walls see it.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use crate::{error::Error, process::Command, workspace::Workspace};

/// The files of a checkout.
pub(super) struct Tree {
    files: Vec<File>,
    /// Paths that belong to this machine and to no file.
    pub(super) machine: Vec<String>,
}

/// One file. Binary files have no text.
pub(super) struct File {
    /// Path from the top, with `/`.
    pub(super) path: String,
    /// Its text; empty when it is not UTF-8.
    pub(super) text: String,
}

/// One breach of a rule.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    place: String,
    what: String,
}

impl Problem {
    pub(super) fn at(file: &File, line: usize, what: impl Into<String>) -> Self {
        Self { place: format!("{}:{line}", file.path), what: what.into() }
    }

    pub(super) fn of(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// The paths that belong to this machine: of the project, of what it lies in, and of the person.
/// The folder that every machine has for temporary files belongs to none of them.
fn machine(root: &Path, home: Option<PathBuf>) -> Vec<String> {
    let shared = |path: &PathBuf| *path == std::env::temp_dir() || path == Path::new("/");
    [Some(root.to_path_buf()), root.parent().map(Into::into), home]
        .into_iter()
        .flatten()
        .filter(|path| !shared(path))
        .map(|path| format!("{}/", path.display()))
        .collect()
}

impl Tree {
    /// Reads what git tracks, and what it would track.
    pub(super) fn read(workspace: &Workspace) -> Result<Self, Error> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .folder(workspace.root())
            .quiet()
            .output()?;
        let mut files = Vec::new();
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            // A file that is tracked and deleted is no file of this tree.
            let Ok(bytes) = fs::read(workspace.root().join(path)) else { continue };
            let text = String::from_utf8(bytes).unwrap_or_default();
            files.push(File { path: path.to_owned(), text });
        }
        let home = std::env::var_os("HOME").map(PathBuf::from);
        Ok(Self { files, machine: machine(workspace.root(), home) })
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    pub(super) fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The Rust files of the product and its tools, without tests and benchmarks.
    pub(super) fn production(&self) -> impl Iterator<Item = &File> {
        self.files().filter(|file| file.has_ending(".rs") && !file.is_test())
    }
}

impl File {
    pub(super) fn has_ending(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    /// Whether it is only built for tests or benchmarks.
    pub(super) fn is_test(&self) -> bool {
        let path = &self.path;
        path.starts_with("tests/")
            || path.starts_with("fuzz/")
            || path.contains("/tests/")
            || path.contains("/benches/")
            || ["/tests.rs", "_tests.rs", ".test.ts", ".test.svelte.ts"]
                .iter()
                .any(|ending| path.ends_with(ending))
    }

    /// Numbered lines before the inline test module.
    pub(super) fn production_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines: Vec<&str> = self.text.lines().collect();
        let end = lines
            .windows(2)
            .position(|pair| {
                pair.first() == Some(&"#[cfg(test)]")
                    && pair
                        .get(1)
                        .is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'))
            })
            .unwrap_or(lines.len());
        lines.into_iter().take(end).enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The production code without its comment lines, one line for each, so that numbers stay.
    pub(super) fn code(&self) -> String {
        self.production_lines().fold(String::new(), |mut code, (_, line)| {
            if !line.trim_start().starts_with("//") {
                code.push_str(line);
            }
            code.push('\n');
            code
        })
    }
}

/// The number of the line that a byte of a text stands on.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
impl Tree {
    /// A tree of these files, for tests.
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file =
            |(path, text): &(&str, &str)| File { path: (*path).into(), text: (*text).into() };
        Self { files: files.iter().map(file).collect(), machine: vec!["/machine/".into()] }
    }
}

/// Asserts that a wall stands over the good tree and names exactly these places of the bad one.
#[cfg(test)]
pub(super) fn check(wall: fn(&Tree) -> Vec<Problem>, bad: &[(&str, &str)], places: &[&str]) {
    let found = wall(&Tree::of(bad));
    let found: Vec<&str> = found.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(found, places);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_tests_and_comments_are_no_production_code() {
        let text = "//! doc\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        let tree = Tree::of(&[("src/a.rs", text)]);
        let file = tree.get("src/a.rs").unwrap();
        assert_eq!(file.code(), "\nfn a() {}\n\n");
        assert_eq!(line_of(text, text.find("fn b").unwrap()), 6);
    }
}
