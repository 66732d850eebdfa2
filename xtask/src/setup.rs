//! Installing what is missing: system packages, node modules, the WebDriver bridge.
//!
//! What to install is decided by pure functions ([`missing`], [`plan`]);
//! nothing is installed before a person or CI agreed.

use std::{
    fs,
    io::{IsTerminal, Write, stdin, stdout},
    path::Path,
};

use crate::{
    error::Error,
    process::{Command, find},
    workspace::Workspace,
};

/// Whether somebody already agreed that packages are installed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// `--yes`, or CI.
    Given,
    /// A person is asked first.
    Asked,
}

impl Consent {
    /// Consent from `--yes` or from `CI=true`.
    pub(crate) fn from_flag(yes: bool) -> Self {
        let ci = std::env::var_os("CI").is_some_and(|value| value == "true" || value == "1");
        if yes || ci { Self::Given } else { Self::Asked }
    }
}

/// How the presence of a need shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A program on the search path.
    Program(&'static str),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// A module of Python.
    Module(&'static str),
}

/// Something of the system that a task cannot do without.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Need {
    sign: Sign,
    why: &'static str,
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
    brew: Option<&'static str>,
}

/// What a build of the window needs.
#[rustfmt::skip]
pub(crate) const BUILD: &[Need] = &[
    Need { sign: Sign::Program("cc"), why: "links programs and compiles SQLite", apt: "build-essential", dnf: "gcc", pacman: "base-devel", brew: Some("gcc") },
    Need { sign: Sign::Program("pkg-config"), why: "finds the web view's libraries", apt: "pkg-config", dnf: "pkgconf-pkg-config", pacman: "pkgconf", brew: None },
    Need { sign: Sign::Library("webkit2gtk-4.1"), why: "the web view", apt: "libwebkit2gtk-4.1-dev", dnf: "webkit2gtk4.1-devel", pacman: "webkit2gtk-4.1", brew: None },
];

/// What a window without a display needs.
#[rustfmt::skip]
pub(crate) const SCREEN: &[Need] = &[
    Need { sign: Sign::Program("Xvfb"), why: "a display in memory", apt: "xvfb", dnf: "xorg-x11-server-Xvfb", pacman: "xorg-server-xvfb", brew: None },
    Need { sign: Sign::Program("xauth"), why: "keeps others off that display", apt: "xauth", dnf: "xorg-x11-xauth", pacman: "xorg-xauth", brew: None },
    Need { sign: Sign::Program("dbus-run-session"), why: "a session bus for notifications and the single instance", apt: "dbus", dnf: "dbus-daemon", pacman: "dbus", brew: None },
    Need { sign: Sign::Program("import"), why: "takes pictures of that display", apt: "imagemagick", dnf: "ImageMagick", pacman: "imagemagick", brew: None },
];

/// What the rooms' own tests need.
#[rustfmt::skip]
pub(crate) const TESTS: &[Need] = &[
    Need { sign: Sign::Program("strace"), why: "kills and starves a process at every system call", apt: "strace", dnf: "strace", pacman: "strace", brew: None },
];

/// What the window's benchmark needs.
#[rustfmt::skip]
pub(crate) const TYPING: &[Need] = &[
    Need { sign: Sign::Program("xdotool"), why: "types into a window that no script may see", apt: "xdotool", dnf: "xdotool", pacman: "xdotool", brew: None },
];

/// What the journeys need besides.
#[rustfmt::skip]
pub(crate) const JOURNEYS: &[Need] = &[
    Need { sign: Sign::Program("WebKitWebDriver"), why: "drives the real window", apt: "webkit2gtk-driver", dnf: "/usr/bin/WebKitWebDriver", pacman: "webkit2gtk-4.1", brew: None },
    Need { sign: Sign::Program("chromium"), why: "a person's browser, for the dashboards", apt: "chromium", dnf: "chromium", pacman: "chromium", brew: None },
    Need { sign: Sign::Program("chromedriver"), why: "drives it", apt: "chromium-driver", dnf: "chromedriver", pacman: "chromium", brew: None },
    Need { sign: Sign::Program("xclip"), why: "reads and fills the clipboard", apt: "xclip", dnf: "xclip", pacman: "xclip", brew: None },
];

/// What the servers that the tests run against need.
#[rustfmt::skip]
pub(crate) const PEERS: &[Need] = &[
    Need { sign: Sign::Program("python3"), why: "runs JupyterHub", apt: "python3", dnf: "python3", pacman: "python", brew: Some("python") },
    Need { sign: Sign::Module("ensurepip"), why: "installs JupyterHub into a folder of its own", apt: "python3-venv", dnf: "python3", pacman: "python", brew: Some("python") },
];

/// A system's way to install packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manager {
    Apt,
    Dnf,
    Pacman,
    Brew,
}

const MANAGERS: [(&str, Manager); 4] = [
    ("apt-get", Manager::Apt),
    ("dnf", Manager::Dnf),
    ("pacman", Manager::Pacman),
    ("brew", Manager::Brew),
];

impl Manager {
    fn package(self, need: &Need) -> Option<&'static str> {
        match self {
            Self::Apt => Some(need.apt),
            Self::Dnf => Some(need.dnf),
            Self::Pacman => Some(need.pacman),
            Self::Brew => need.brew,
        }
    }

    /// The commands before the package names are added to the last.
    fn commands(self) -> Vec<Vec<&'static str>> {
        match self {
            Self::Apt => vec![
                vec!["apt-get", "update"],
                vec!["apt-get", "install", "--yes", "--no-install-recommends"],
            ],
            Self::Dnf => vec![vec!["dnf", "install", "--assumeyes"]],
            Self::Pacman => vec![vec!["pacman", "--sync", "--needed", "--noconfirm"]],
            Self::Brew => vec![vec!["brew", "install"]],
        }
    }
}

/// The needs whose sign is absent.
fn missing(needs: &[Need], present: impl Fn(Sign) -> bool) -> Vec<&Need> {
    needs.iter().filter(|need| !present(need.sign)).collect()
}

/// The commands that install the packages of these needs.
fn plan(missing: &[&Need], manager: Manager, root: bool) -> Vec<Vec<String>> {
    let mut packages: Vec<String> =
        missing.iter().filter_map(|need| manager.package(need)).map(str::to_owned).collect();
    packages.sort_unstable();
    packages.dedup();
    if packages.is_empty() {
        return Vec::new();
    }
    let sudo = !root && manager != Manager::Brew;
    let mut commands: Vec<Vec<String>> = manager
        .commands()
        .into_iter()
        .map(|words| sudo.then_some("sudo").into_iter().chain(words).map(str::to_owned).collect())
        .collect();
    if let Some(last) = commands.last_mut() {
        last.extend(packages);
    }
    commands
}

/// Installs the system packages that are missing, after asking.
pub(crate) fn system(needs: &[&[Need]], consent: Consent) -> Result<(), Error> {
    let missing: Vec<&Need> = needs.iter().flat_map(|group| missing(group, is_present)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("   missing on this system:");
    for need in &missing {
        println!("     {} ({})", need.apt, need.why);
    }
    let manager = MANAGERS.iter().find(|(program, _)| find(program).is_some());
    let Some((_, manager)) = manager else {
        return Err(Error::Missing {
            what: "A known package manager".to_owned(),
            advice: "Install the packages above (Debian's names) and run this again.".to_owned(),
        });
    };
    let commands = plan(&missing, *manager, is_root());
    agree(&commands, consent)?;
    for words in commands {
        let Some((program, arguments)) = words.split_first() else { continue };
        Command::new(program)
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .interactive()
            .run()?;
    }
    Ok(())
}

fn agree(commands: &[Vec<String>], consent: Consent) -> Result<(), Error> {
    if consent == Consent::Given || commands.is_empty() {
        return Ok(());
    }
    println!("   this would install it:");
    for words in commands {
        println!("     {}", words.join(" "));
    }
    let refused = |advice: &str| Error::Missing {
        what: "A system package".to_owned(),
        advice: advice.to_owned(),
    };
    if !stdin().is_terminal() {
        return Err(refused("Run the commands above, or give --yes."));
    }
    print!("   install now? [y/N] ");
    stdout().flush().map_err(Error::file("standard output"))?;
    let mut answer = String::new();
    stdin().read_line(&mut answer).map_err(Error::file("standard input"))?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        Ok(())
    } else {
        Err(refused("Nothing was installed. Run the commands above when you like."))
    }
}

fn is_present(sign: Sign) -> bool {
    match sign {
        Sign::Program(program) => find(program).is_some(),
        Sign::Library(library) => {
            !cfg!(target_os = "linux") || succeeds("pkg-config", &["--exists", library])
        }
        Sign::Module(module) => succeeds("python3", &["-c", &format!("import {module}")]),
    }
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).quiet().told().is_ok_and(|told| told.success)
}

fn is_root() -> bool {
    Command::new("id").args(["-u"]).quiet().output().is_ok_and(|id| id.trim() == "0")
}

/// Refuses to go on without Node, which no system has in the version that is wanted.
pub(crate) fn has_node() -> Result<(), Error> {
    if find("npm").is_some() {
        return Ok(());
    }
    Err(Error::Missing {
        what: "Node (npm)".to_owned(),
        advice: "Install Node 20.19 or newer and run this again.".to_owned(),
    })
}

/// Installs the front end's packages into ui/node_modules when they are absent or older than the lock file.
pub(crate) fn node_modules(workspace: &Workspace) -> Result<(), Error> {
    let ui = workspace.ui();
    has_node()?;
    let installed = ui.join("node_modules/.package-lock.json");
    if is_newer(&installed, &ui.join("package-lock.json")) {
        return Ok(());
    }
    println!("   the front end's packages are absent or older than their lock file");
    Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).folder(&ui).run()
}

/// Installs the bridge between WebDriver clients and the web view into target/tools.
pub(crate) fn tauri_driver(workspace: &Workspace) -> Result<(), Error> {
    if workspace.tools().join("bin/tauri-driver").is_file() {
        return Ok(());
    }
    Command::new("cargo")
        .args(["install", "tauri-driver", "--version", "^2", "--locked", "--quiet", "--root"])
        .args([workspace.tools()])
        .args(["--target-dir".into(), workspace.target()])
        .folder(workspace.root())
        .run()
}

/// Whether `file` exists and was changed no earlier than `than`.
pub(crate) fn is_newer(file: &Path, than: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    match (changed(file), changed(than)) {
        (Some(file), Some(than)) => file >= than,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(commands: &[Vec<String>]) -> Vec<String> {
        commands.iter().map(|words| words.join(" ")).collect()
    }

    #[test]
    fn nothing_is_installed_where_nothing_is_missing() {
        assert_eq!(missing(BUILD, |_| true), Vec::<&Need>::new());
        assert_eq!(plan(&[], Manager::Apt, true), Vec::<Vec<String>>::new());
    }

    #[test]
    fn only_what_is_missing_is_installed() {
        let missing = missing(SCREEN, |sign| sign != Sign::Program("Xvfb"));
        assert_eq!(
            words(&plan(&missing, Manager::Apt, true)),
            ["apt-get update", "apt-get install --yes --no-install-recommends xvfb"]
        );
    }

    #[test]
    fn a_person_who_is_not_root_goes_through_sudo_but_not_for_brew() {
        let missing = missing(BUILD, |sign| sign != Sign::Program("cc"));
        assert_eq!(
            words(&plan(&missing, Manager::Dnf, false)),
            ["sudo dnf install --assumeyes gcc"]
        );
        assert_eq!(words(&plan(&missing, Manager::Brew, false)), ["brew install gcc"]);
    }

    #[test]
    fn a_package_that_serves_two_needs_is_named_once() {
        let webkit = |sign| {
            !matches!(sign, Sign::Library("webkit2gtk-4.1") | Sign::Program("WebKitWebDriver"))
        };
        let missing: Vec<&Need> =
            [BUILD, JOURNEYS].into_iter().flat_map(|group| missing(group, webkit)).collect();
        assert_eq!(
            words(&plan(&missing, Manager::Pacman, true)),
            ["pacman --sync --needed --noconfirm webkit2gtk-4.1"]
        );
    }

    #[test]
    fn a_fresh_debian_gets_every_package_in_one_go() {
        let all: Vec<&Need> =
            [BUILD, TESTS, SCREEN, JOURNEYS, PEERS].into_iter().flatten().collect();
        assert_eq!(
            words(&plan(&all, Manager::Apt, false)),
            [
                "sudo apt-get update",
                "sudo apt-get install --yes --no-install-recommends build-essential chromium \
                 chromium-driver dbus imagemagick libwebkit2gtk-4.1-dev pkg-config python3 \
                 python3-venv strace \
                 webkit2gtk-driver xauth xclip xvfb"
            ]
        );
    }

    #[test]
    fn a_mac_needs_no_linux_library() {
        let all: Vec<&Need> = SCREEN.iter().collect();
        assert_eq!(plan(&all, Manager::Brew, false), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_file_that_is_absent_is_never_newer() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        assert!(!is_newer(&old, &new));
        fs::OpenOptions::new().create(true).append(true).open(&old).unwrap();
        assert!(is_newer(&old, &new));
        assert!(!is_newer(&new, &old));
    }
}
