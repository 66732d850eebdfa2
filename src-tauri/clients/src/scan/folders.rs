//! Which folders and files of a walk are looked into.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicUsize},
};

use super::count;

/// Folders that hold what others made: installed packages, caches, build results, histories.
const HEAVY: [&str; 46] = [
    ".cache",
    ".cargo",
    ".rustup",
    ".npm",
    ".pnpm-store",
    ".gradle",
    ".m2",
    ".ivy2",
    ".nuget",
    ".hg",
    ".svn",
    ".jj",
    ".venv",
    "venv",
    ".tox",
    ".nox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "site-packages",
    "node_modules",
    "bower_components",
    ".next",
    ".nuxt",
    ".turbo",
    ".parcel-cache",
    ".terraform",
    ".Trash",
    "$RECYCLE.BIN",
    "lost+found",
    "Cache",
    "Caches",
    "Code Cache",
    "GPUCache",
    "CachedData",
    "CacheStorage",
    "Crashpad",
    "DawnCache",
    "IndexedDB",
    "Local Storage",
    "Service Worker",
    "blob_storage",
    "DerivedData",
    "Pods",
    "CachedExtensionVSIXs",
];

/// Ends of folders' paths, of which the same is true: trash and browsers' profiles.
const HEAVY_ENDS: [&str; 22] = [
    "share/Trash",
    "pkg/mod",
    ".yarn/cache",
    ".bun/install",
    ".mozilla/firefox",
    ".config/google-chrome",
    ".config/chromium",
    ".config/microsoft-edge",
    ".config/vivaldi",
    ".config/opera",
    ".config/BraveSoftware",
    "Application Support/Google/Chrome",
    "Application Support/Chromium",
    "Application Support/BraveSoftware",
    "Application Support/Microsoft Edge",
    "Application Support/Firefox",
    "Local/Google/Chrome",
    "Local/Chromium",
    "Local/BraveSoftware",
    "Local/Microsoft/Edge",
    "Roaming/Mozilla/Firefox",
    "Local/Temp",
];

/// Ends of names of files that are no text.
const BINARY: [&str; 48] = [
    "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "icns", "bmp", "tif", "tiff", "psd", "mp3",
    "mp4", "m4a", "mov", "mkv", "webm", "ogg", "flac", "wav", "zip", "gz", "tgz", "bz2", "xz",
    "zst", "7z", "rar", "jar", "war", "woff", "woff2", "ttf", "otf", "eot", "so", "dll", "dylib",
    "exe", "o", "a", "rlib", "rmeta", "pyc", "class", "wasm", "pdf",
];

/// Decides what a walk enters.
pub(super) struct Filter {
    /// The folders that are walked, without links in them.
    pub(super) roots: Vec<PathBuf>,
    /// Folders that are left out.
    pub(super) apart: Vec<PathBuf>,
    /// The file systems of the roots.
    pub(super) systems: Vec<u64>,
    /// Counts left-out folders.
    pub(super) folders: Arc<AtomicUsize>,
    /// Counts folders on other file systems.
    pub(super) other_systems: Arc<AtomicUsize>,
}

impl Filter {
    /// Takes the folders of a scan. One that stands in another is walked once, and is not left
    /// out where the other one would leave it out.
    pub(super) fn new(folders: &[PathBuf], apart: &[PathBuf]) -> Self {
        let real = |paths: &[PathBuf]| -> Vec<PathBuf> {
            paths.iter().filter_map(|path| path.canonicalize().ok()).collect()
        };
        let mut roots = real(folders);
        roots.sort();
        roots.dedup();
        let systems = roots.iter().filter_map(|root| system(&root.metadata().ok()?)).collect();
        let (folders, other_systems) = (Arc::default(), Arc::default());
        Self { roots, apart: real(apart), systems, folders, other_systems }
    }

    /// Whether an entry of a walk is looked at.
    pub(super) fn enters(&self, entry: &ignore::DirEntry) -> bool {
        if entry.depth() == 0 {
            return true;
        }
        let path = entry.path();
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        if path.parent().and_then(Path::file_name) == Some(OsStr::new(".git")) {
            // Its remotes may have a token in their addresses; all else is history.
            return !is_folder && path.file_name() == Some(OsStr::new("config"));
        }
        if !is_folder {
            return true;
        }
        if self.roots.iter().any(|root| root == path) {
            return false;
        }
        if self.apart.iter().any(|apart| apart == path) || is_heavy(path) {
            count(&self.folders);
            return false;
        }
        let own = entry.metadata().ok().and_then(|metadata| system(&metadata));
        if own.is_some_and(|own| !self.systems.contains(&own)) {
            count(&self.other_systems);
            return false;
        }
        true
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems do not tell")]
fn system(metadata: &std::fs::Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::dev(metadata))
}

#[cfg(not(unix))]
fn system(_: &std::fs::Metadata) -> Option<u64> {
    None
}

fn is_heavy(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(OsStr::to_str) else { return false };
    if HEAVY.contains(&name) {
        return true;
    }
    if name == "target" {
        return is_build_result(path);
    }
    // Most names are not the last of any end, so that the comparison of paths is rare.
    HEAVY_ENDS.iter().any(|end| end.ends_with(name) && path.ends_with(end))
}

/// `target` is a common word: Cargo and Maven say that it is theirs.
fn is_build_result(path: &Path) -> bool {
    let beside = ["Cargo.toml", "pom.xml", "build.sbt"];
    path.join("CACHEDIR.TAG").exists()
        || path.parent().is_some_and(|folder| beside.iter().any(|name| folder.join(name).exists()))
}

/// Whether a file is no text, by its name.
pub(super) fn is_binary_name(path: &Path) -> bool {
    let end = path.extension().and_then(OsStr::to_str);
    end.is_some_and(|end| BINARY.iter().any(|own| own.eq_ignore_ascii_case(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_others_are_left_out() {
        for path in [
            "/home/ada/app/node_modules",
            "/home/ada/.cache",
            "/home/ada/.local/share/Trash",
            "/home/ada/.mozilla/firefox",
            "/home/ada/.config/google-chrome",
        ] {
            assert!(is_heavy(Path::new(path)), "{path}");
        }
        for path in ["/home/ada/app", "/home/ada/target", "/home/ada/Trash", "/home/ada/.config"] {
            assert!(!is_heavy(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn a_picture_is_no_text_by_its_name() {
        assert!(is_binary_name(Path::new("a/b.PNG")));
        assert!(!is_binary_name(Path::new("a/png")));
        assert!(!is_binary_name(Path::new("a/.env")));
    }
}
