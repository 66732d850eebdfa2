//! Where a client's files are on a machine. Looks at names only, opens nothing, follows no
//! link.

use std::path::{Path, PathBuf};

use super::{Definition, FileRule, Kind, Located, Scope, Upwards};
use crate::machine::{Machine, Os};

/// Folders above a project that are looked at.
const DEEPEST: usize = 64;
/// Entries of a folder that a `*` is held against.
const WIDEST: usize = 1_000;

/// Folders that exist on every machine, so that they tell nothing of a client.
const COMMON: [&str; 7] = [
    "",
    ".config",
    ".local/share",
    "AppData/Roaming",
    "AppData/Local",
    "Library/Application Support",
    "Documents",
];

impl FileRule {
    /// The rule's files on a machine: those that are there, the strongest first; else the one
    /// to make, if its path has no `*`. Of a project's file the nearest comes first; without a
    /// project there is none.
    pub fn locate(&self, machine: &Machine, project: Option<&Path>) -> Vec<Located> {
        if !self.of_project() {
            return self.there(&self.resolved(machine));
        }
        let Some(project) = project else { return Vec::new() };
        let mut found: Vec<Located> = Vec::new();
        for folder in self.folders(project) {
            let paths = self.below(machine, folder);
            let there = self.there(&paths).into_iter().filter(|one| one.exists);
            found.extend(there);
            if self.upwards == Upwards::First && !found.is_empty() {
                break;
            }
        }
        if found.is_empty() { self.there(&self.below(machine, project)) } else { found }
    }

    /// Whether a file that a person names may be meant: it is called as the rule's files are.
    pub fn accepts_name(&self, path: &Path) -> bool {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
        [&self.linux, &self.macos, &self.windows].into_iter().flatten().any(|template| {
            let last = template.text().rsplit('/').next().unwrap_or_default();
            match last.split_once('*') {
                Some((before, after)) => name.starts_with(before) && name.ends_with(after),
                None => name == last,
            }
        })
    }

    /// Paths of a user's file here.
    fn resolved(&self, machine: &Machine) -> Vec<PathBuf> {
        self.paths(machine.os).iter().filter_map(|path| path.resolve(machine)).collect()
    }

    /// Paths of a project's file in a folder.
    fn below(&self, machine: &Machine, folder: &Path) -> Vec<PathBuf> {
        let join = |path: &super::PathTemplate| {
            let mut own = folder.to_path_buf();
            own.extend(path.text().split('/'));
            own
        };
        self.paths(machine.os).iter().map(join).collect()
    }

    /// The folders in which a project's file counts, the nearest first.
    fn folders<'p>(&self, project: &'p Path) -> Vec<&'p Path> {
        let up: Vec<&Path> = project.ancestors().take(DEEPEST).collect();
        let root = up.iter().position(|folder| exists(&folder.join(".git")));
        let within = root.map_or(1, |at| at + 1);
        match self.upwards {
            Upwards::No => vec![project],
            Upwards::All | Upwards::First => up.into_iter().take(within).collect(),
            Upwards::Root => {
                let last = up.get(within - 1).copied().filter(|root| *root != project);
                std::iter::once(project).chain(last).collect()
            }
        }
    }

    /// What is there of these paths: all that a `*` fits, and the first of the others. Where
    /// nothing is, the first path without a `*`.
    fn there(&self, paths: &[PathBuf]) -> Vec<Located> {
        let located = |path: &Path, exists| Located {
            rule: self.id.clone(),
            path: path.to_path_buf(),
            exists,
        };
        let (wild, plain): (Vec<_>, Vec<_>) = paths.iter().partition(|path| is_wild(path));
        let mut found: Vec<Located> = Vec::new();
        found.extend(plain.iter().find(|path| exists(path)).map(|path| located(path, true)));
        for path in wild.into_iter().flat_map(|path| fitting(path)) {
            if !found.iter().any(|known| known.path == path) {
                found.push(located(&path, true));
            }
        }
        if found.is_empty() {
            found.extend(plain.first().map(|path| located(path, false)));
        }
        found
    }
}

impl Definition {
    /// All its files on a machine, in the order of the definition.
    pub fn locate(&self, machine: &Machine, project: Option<&Path>) -> Vec<Located> {
        self.files.iter().flat_map(|file| file.locate(machine, project)).collect()
    }

    /// Whether the client seems to be on a machine: a file of the user's or its folder is
    /// there, or its command is on `PATH`. A place that has files in projects only is
    /// everywhere.
    pub fn installed(&self, machine: &Machine) -> bool {
        let own: Vec<&FileRule> =
            self.files.iter().filter(|file| file.scope == Scope::User).collect();
        if self.kind == Kind::Place && own.is_empty() && self.programs.is_empty() {
            return true;
        }
        let common: Vec<PathBuf> = COMMON
            .iter()
            .map(|below| machine.home.join(below))
            .chain(
                ["XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"]
                    .iter()
                    .filter_map(|name| machine.variable(name).map(PathBuf::from)),
            )
            .collect();
        let tells = |folder: &Path| {
            folder.starts_with(&machine.home)
                && !common.iter().any(|known| known == folder)
                && !is_wild(folder)
                && exists(folder)
        };
        own.iter().any(|file| {
            file.locate(machine, None).iter().any(|one| one.exists)
                || file.resolved(machine).first().and_then(|path| path.parent()).is_some_and(tells)
        }) || self.programs.iter().any(|program| on_path(machine, program).is_some())
    }
}

/// A program as a file in one of the folders of `PATH`.
pub(super) fn on_path(machine: &Machine, program: &str) -> Option<PathBuf> {
    let windows = machine.os == Os::Windows;
    let endings: &[&str] = if windows { &[".exe", ".cmd", ".bat", ".ps1"] } else { &[""] };
    let separator = if windows { ';' } else { ':' };
    let path = machine.variable("PATH").unwrap_or_default();
    let folders = path.split(separator).filter(|folder| !folder.is_empty()).map(Path::new);
    folders
        .flat_map(|folder| {
            endings.iter().map(move |ending| folder.join(format!("{program}{ending}")))
        })
        .find(|file| file.is_file())
}

/// Whether something is there; a link that leads nowhere is something.
fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn is_wild(path: &Path) -> bool {
    path.to_string_lossy().contains('*')
}

/// The paths that fit one with `*` in its names, sorted.
fn fitting(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in path.components() {
        let name = part.as_os_str().to_string_lossy();
        let Some((before, after)) = name.split_once('*') else {
            for path in &mut found {
                path.push(part);
            }
            continue;
        };
        found = found.iter().flat_map(|folder| named(folder, before, after)).collect();
    }
    found.retain(|path| exists(path));
    found
}

/// What a folder holds whose name begins and ends so. A hidden name must be asked for.
fn named(folder: &Path, before: &str, after: &str) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let fits = |name: &str| {
        name.len() >= before.len() + after.len()
            && name.starts_with(before)
            && name.ends_with(after)
            && (!before.is_empty() || !name.starts_with('.'))
    };
    let mut found: Vec<PathBuf> = entries
        .take(WIDEST)
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(fits))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests;
