//! Walls between the tiers of the front end.

use super::tree::{File, Problem, Tree, line_of};

const SOURCE: &str = "ui/src/";

/// Tauri's API outside ui/src/ipc.
pub(super) fn tauri_outside_ipc(tree: &Tree) -> Vec<Problem> {
    imports(tree, |file, import| {
        (import.starts_with("@tauri-apps") && tier(&file.path) != Some("ipc"))
            .then_some("only ui/src/ipc talks to Tauri")
    })
}

/// An import of kit/ that leads out of it.
pub(super) fn kit_leaves_kit(tree: &Tree) -> Vec<Problem> {
    imports(tree, |file, import| {
        let target = resolved(&file.path, import)?;
        (tier(&file.path) == Some("kit") && tier(&target) != Some("kit"))
            .then_some("kit/ knows no word of the domain and imports only kit/")
    })
}

/// An import of one part by another.
pub(super) fn part_imports_part(tree: &Tree) -> Vec<Problem> {
    imports(tree, |file, import| {
        let target = resolved(&file.path, import)?;
        let (from, to) = (part(&file.path)?, part(&target)?);
        (from != to).then_some("parts do not know one another; a view puts them together")
    })
}

fn imports(tree: &Tree, judge: impl Fn(&File, &str) -> Option<&'static str>) -> Vec<Problem> {
    let files = tree.files().filter(|file| file.path.starts_with(SOURCE) && !file.is_test());
    let mut problems = Vec::new();
    for file in files.filter(|file| file.has_ending(".ts") || file.has_ending(".svelte")) {
        for (at, import) in imported(&file.text) {
            if let Some(what) = judge(file, import) {
                let what = format!("`{import}`: {what}");
                problems.push(Problem::at(file, line_of(&file.text, at), what));
            }
        }
    }
    problems
}

/// What a script imports, with where it says so.
fn imported(text: &str) -> impl Iterator<Item = (usize, &str)> {
    const OPENINGS: [&str; 6] =
        ["from '", "from \"", "import '", "import \"", "import('", "import(\""];
    OPENINGS.iter().flat_map(move |opening| {
        text.match_indices(opening).filter_map(move |(at, _)| {
            let rest = text.get(at + opening.len()..)?;
            Some((at, rest.split(['\'', '"']).next()?))
        })
    })
}

/// The path that a relative or `$lib`-like import leads to; none for a package.
fn resolved(importer: &str, import: &str) -> Option<String> {
    if let Some(rest) = import.strip_prefix("$/").or_else(|| import.strip_prefix("$lib/")) {
        return Some(format!("{SOURCE}{rest}"));
    }
    if !import.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = importer.split('/').collect();
    parts.pop();
    for step in import.split('/') {
        match step {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn tier(path: &str) -> Option<&str> {
    path.strip_prefix(SOURCE)?.split_once('/').map(|(tier, _)| tier)
}

/// The part that a file belongs to: its folder under parts/, or its own name there.
fn part(path: &str) -> Option<&str> {
    let inner = path.strip_prefix(SOURCE)?.strip_prefix("parts/")?;
    inner.split(['/', '.']).next()
}

#[cfg(test)]
mod tests {
    use super::super::tree::check;
    use super::*;

    #[test]
    fn tauri_outside_ipc_is_caught() {
        let import = "import { invoke } from '@tauri-apps/api/core';\n";
        let files = [
            ("ui/src/ipc/call.ts", import),
            ("ui/src/views/Keys.svelte", import),
            ("ui/src/App.svelte", "<script>\nconst core = await import(\"@tauri-apps/api\");\n"),
        ];
        check(tauri_outside_ipc, &files, &["ui/src/views/Keys.svelte:1", "ui/src/App.svelte:2"]);
    }

    #[test]
    fn a_kit_that_knows_the_domain_is_caught() {
        let files = [
            ("ui/src/kit/Button.svelte", "import Icon from './Icon.svelte';\nimport 'bits-ui';\n"),
            ("ui/src/kit/list/Row.svelte", "import { keys } from '../../state/keys';\n"),
        ];
        check(kit_leaves_kit, &files, &["ui/src/kit/list/Row.svelte:1"]);
    }

    #[test]
    fn a_part_that_knows_another_is_caught() {
        let files = [
            ("ui/src/parts/key/Cuts.svelte", "import Life from '../life/Bar.svelte';\n"),
            ("ui/src/parts/Life.svelte", "import Own from './Cuts.svelte';\n"),
            ("ui/src/parts/key/Row.svelte", "import Cuts from './Cuts.svelte';\n"),
            ("ui/src/views/Keys.svelte", "import Cuts from '../parts/key/Cuts.svelte';\n"),
        ];
        check(
            part_imports_part,
            &files,
            &["ui/src/parts/key/Cuts.svelte:1", "ui/src/parts/Life.svelte:1"],
        );
    }
}
