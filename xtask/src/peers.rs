//! The real servers that the tests run Keywright against, installed once into target/peers.
//!
//! What is installed is pinned by the lock files of tests/peers and comes from PyPI and npm
//! alone, with no script of a package run. Where there is no network the tests are told why
//! their servers are not there, and say so; any other failure is one.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    time::Instant,
};

use crate::{error::Error, process::Command, workspace::Workspace};

/// Something to install: a folder of target/peers.
struct Recipe {
    name: &'static str,
    what: &'static str,
    /// Its files below tests/peers; as long as they are the same, nothing is installed anew.
    files: &'static [&'static str],
    steps: fn(&Path) -> Vec<Command>,
}

const RECIPES: [Recipe; 2] = [
    Recipe {
        name: "python",
        what: "JupyterHub, half a minute and 200 MB",
        files: &["requirements.txt"],
        steps: python,
    },
    Recipe {
        name: "node",
        what: "Verdaccio, JupyterHub's proxy, Prism and the Node that they want, a minute and 340 MB",
        files: &["package.json", "package-lock.json", ".npmrc"],
        steps: node,
    },
];

/// Copies of a recipe's files, made when all of it was installed.
const DONE: &str = "installed";
/// Why it is not installed, in one line.
const ABSENT: &str = "unavailable";

/// Where the servers are.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("peers")
}

/// Installs what is absent or older than its lock file.
pub(crate) fn install(workspace: &Workspace) -> Result<(), Error> {
    let sources = workspace.root().join("tests/peers");
    RECIPES
        .iter()
        .try_for_each(|recipe| recipe.install(&sources, &folder(workspace).join(recipe.name)))
}

impl Recipe {
    fn install(&self, sources: &Path, folder: &Path) -> Result<(), Error> {
        if self.is_installed(sources, folder) {
            println!("   {}: installed already", self.name);
            return Ok(());
        }
        println!("   {}: installing {}", self.name, self.what);
        let started = Instant::now();
        remove(folder)?;
        fs::create_dir_all(folder).map_err(Error::file(folder))?;
        copy(self.files, sources, folder)?;
        for step in (self.steps)(folder) {
            let line = step.line();
            let told = step.told()?;
            if !told.success {
                let Some(why) = offline(&told.text) else {
                    println!("{}", told.text);
                    return Err(Error::Failed { command: line });
                };
                println!("   {}: not installed, its tests are skipped: {why}", self.name);
                return leave_word(&folder.join(ABSENT), why);
            }
        }
        let done = folder.join(DONE);
        fs::create_dir_all(&done).map_err(Error::file(&done))?;
        copy(self.files, sources, &done)?;
        println!("   {}: installed in {:.1} s", self.name, started.elapsed().as_secs_f64());
        Ok(())
    }

    fn is_installed(&self, sources: &Path, folder: &Path) -> bool {
        self.files.iter().all(|file| {
            let installed = fs::read(folder.join(DONE).join(file));
            let wanted = fs::read(sources.join(file));
            matches!((installed, wanted), (Ok(installed), Ok(wanted)) if installed == wanted)
        })
    }
}

fn python(folder: &Path) -> Vec<Command> {
    vec![
        Command::new("python3").args(["-m", "venv", "venv"]).folder(folder),
        Command::new(folder.join("venv/bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--requirement", "requirements.txt"])
            .folder(folder),
    ]
}

fn node(folder: &Path) -> Vec<Command> {
    vec![Command::new("npm").args(["ci", "--loglevel", "error"]).folder(folder)]
}

/// The line that says that the network failed; none where something else did.
fn offline(words: &str) -> Option<&str> {
    const SIGNS: [&str; 14] = [
        // npm
        "ENOTFOUND",
        "EAI_AGAIN",
        "ECONNREFUSED",
        "ECONNRESET",
        "ETIMEDOUT",
        "ERR_SOCKET_TIMEOUT",
        "ENETUNREACH",
        "EHOSTUNREACH",
        // pip
        "NewConnectionError",
        "NameResolutionError",
        "ConnectTimeoutError",
        "ReadTimeoutError",
        "ProxyError",
        "Temporary failure in name resolution",
    ];
    words.lines().map(str::trim).find(|line| SIGNS.iter().any(|sign| line.contains(sign)))
}

fn leave_word(file: &Path, why: &str) -> Result<(), Error> {
    let mut to = fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .open(file)
        .map_err(Error::file(file))?;
    to.write_all(why.as_bytes()).map_err(Error::file(file))
}

fn copy(files: &[&str], from: &Path, to: &Path) -> Result<(), Error> {
    files.iter().try_for_each(|file| {
        fs::copy(from.join(file), to.join(file)).map(drop).map_err(Error::file(from.join(file)))
    })
}

fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file(folder)(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &[&str] = &["wanted.txt"];

    fn recipe(steps: fn(&Path) -> Vec<Command>) -> Recipe {
        Recipe { name: "some", what: "something", files: FILES, steps }
    }

    fn sources() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        leave_word(&folder.path().join("wanted.txt"), "version 1").unwrap();
        folder
    }

    fn shell(script: &str) -> Vec<Command> {
        vec![Command::new("sh").args(["-c", script]).quiet()]
    }

    #[test]
    fn what_is_installed_is_installed_anew_when_its_files_change_and_not_before() {
        let (sources, cache) = (sources(), tempfile::tempdir().unwrap());
        let folder = cache.path().join("some");
        let recipe = recipe(|_| shell("exit 0"));
        assert!(!recipe.is_installed(sources.path(), &folder));
        recipe.install(sources.path(), &folder).unwrap();
        assert!(recipe.is_installed(sources.path(), &folder));
        leave_word(&sources.path().join("wanted.txt"), "version 2").unwrap();
        assert!(!recipe.is_installed(sources.path(), &folder));
    }

    #[test]
    fn without_a_network_the_tests_are_told_why() {
        let (sources, cache) = (sources(), tempfile::tempdir().unwrap());
        let folder = cache.path().join("some");
        let recipe = recipe(|_| shell("echo 'npm error code EAI_AGAIN' >&2; exit 1"));
        recipe.install(sources.path(), &folder).unwrap();
        let why = fs::read_to_string(folder.join(ABSENT)).unwrap();
        assert_eq!(why, "npm error code EAI_AGAIN");
        assert!(!recipe.is_installed(sources.path(), &folder));
    }

    #[test]
    fn any_other_failure_is_one() {
        let (sources, cache) = (sources(), tempfile::tempdir().unwrap());
        let recipe = recipe(|_| shell("echo 'npm error code EINTEGRITY' >&2; exit 1"));
        let failed = recipe.install(sources.path(), &cache.path().join("some"));
        assert!(matches!(failed, Err(Error::Failed { .. })), "{failed:?}");
    }
}
