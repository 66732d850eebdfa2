//! The real servers and clients that the tests run Keywright against, installed once into
//! target/peers.
//!
//! What is installed is pinned by the lock files of tests/peers and tests/clients and comes from
//! PyPI and npm alone, with no script of a package run. Where there is no network the tests are
//! told why their servers or clients are not there, and say so; any other failure is one.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    time::Instant,
};

use crate::{error::Error, process::Command, workspace::Workspace};

/// Something to install: a folder of target/peers.
pub(crate) struct Recipe {
    name: &'static str,
    what: &'static str,
    /// Where its files are, below the root.
    sources: &'static str,
    /// As long as these are the same, nothing is installed anew.
    files: &'static [&'static str],
    steps: fn(&Path) -> Vec<Command>,
    /// A folder that only the installation needs.
    waste: Option<&'static str>,
}

/// The servers that manage keys.
pub(crate) const SERVERS: &[Recipe] = &[
    Recipe {
        name: "python",
        what: "JupyterHub, half a minute and 200 MB",
        sources: "tests/peers",
        files: &["requirements.txt"],
        steps: python,
        waste: None,
    },
    Recipe {
        name: "node",
        what: "Verdaccio, JupyterHub's proxy, Prism and the Node that they want, a minute and 340 MB",
        sources: "tests/peers",
        files: NPM,
        steps: node,
        waste: None,
    },
];

/// The clients that read what Keywright writes.
pub(crate) const CLIENTS: &[Recipe] = &[Recipe {
    name: "clients",
    what: "Codex, Gemini CLI, MCP Inspector, mcp-remote and their Node, half a minute and 810 MB",
    sources: "tests/clients",
    files: NPM,
    steps: clients,
    waste: Some(CACHE),
}];

const NPM: &[&str] = &["package.json", "package-lock.json", ".npmrc"];
/// npm's own copies of the clients, 300 MB that no other project asks for.
const CACHE: &str = "npm-cache";

/// Copies of a recipe's files, made when all of it was installed.
const DONE: &str = "installed";
/// Why it is not installed, in one line.
const ABSENT: &str = "unavailable";

/// Where they are.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("peers")
}

/// Installs what is absent or older than its lock file.
pub(crate) fn install(workspace: &Workspace, recipes: &[Recipe]) -> Result<(), Error> {
    recipes.iter().try_for_each(|recipe| {
        let sources = workspace.root().join(recipe.sources);
        recipe.install(&sources, &folder(workspace).join(recipe.name))
    })
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
        if let Some(waste) = self.waste {
            remove(&folder.join(waste))?;
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

fn clients(folder: &Path) -> Vec<Command> {
    vec![Command::new("npm").args(["ci", "--loglevel", "error", "--cache", CACHE]).folder(folder)]
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
        let waste = Some("waste");
        Recipe { name: "some", what: "something", sources: "", files: FILES, steps, waste }
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
    fn what_only_the_installation_needs_is_not_kept() {
        let (sources, cache) = (sources(), tempfile::tempdir().unwrap());
        let folder = cache.path().join("some");
        let recipe = recipe(|folder| {
            let script = "mkdir waste kept";
            vec![Command::new("sh").args(["-c", script]).folder(folder).quiet()]
        });
        recipe.install(sources.path(), &folder).unwrap();
        assert!(folder.join("kept").is_dir() && !folder.join("waste").exists());
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
