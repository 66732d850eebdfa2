//! Which folders are watched for a set of files, and by which names the system speaks of them.

use std::{
    collections::{BTreeSet, HashSet},
    path::{Path, PathBuf},
};

/// So many links are followed from a file, as Linux does.
const LINKS: usize = 40;

/// The folder of a file and so many above it are watched, for what happens to it.
const FOLDERS: usize = 3;

/// What to watch.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Existing folders, each by its real path: one that is watched by two names is not watched
    /// any more once one of them is given up.
    pub(super) folders: BTreeSet<PathBuf>,
    /// Paths at which something matters, as the system names them: a real folder and a name.
    pub(super) points: HashSet<PathBuf>,
}

impl Plan {
    pub(super) fn of<'f>(files: impl Iterator<Item = &'f PathBuf>) -> Self {
        let mut plan = Self::default();
        for name in files.flat_map(|file| names(file)) {
            plan.add(&name);
        }
        plan
    }

    fn add(&mut self, path: &Path) {
        let mut folders = 0;
        for own in path.ancestors() {
            let Some(folder) = own.parent().and_then(|folder| folder.canonicalize().ok()) else {
                continue;
            };
            self.points.extend(own.file_name().map(|name| folder.join(name)));
            self.points.insert(folder.clone());
            if folders < FOLDERS {
                self.folders.insert(folder);
                folders += 1;
            }
        }
    }
}

/// A path and, where it is a link, where it leads, link after link. Each is a real folder and a
/// name, as far as the folder is there. Folders in the path that are links are not told: a
/// change of theirs changes what is seen of the file.
pub(super) fn names(path: &Path) -> Vec<PathBuf> {
    let mut names = vec![real(path)];
    while let Some(target) = names.last().and_then(|own| Some((own, own.read_link().ok()?))) {
        let (own, target) = target;
        // A relative target starts at the link's own folder.
        let next = real(&own.parent().unwrap_or(Path::new("/")).join(target));
        if names.len() > LINKS || names.contains(&next) {
            break;
        }
        names.push(next);
    }
    names
}

fn real(path: &Path) -> PathBuf {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path.to_path_buf(),
    }
}
