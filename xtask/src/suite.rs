//! All Rust tests, built once and then run in parts.
//!
//! Cargo unifies features over the packages that one command names, so two
//! `cargo test` commands over different packages would build much of the tree
//! twice. Instead the whole workspace is built by one command, and the
//! executables that it reports are started from here.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Instant,
};

use serde_json::Value;

use crate::{
    error::Error,
    peers,
    process::{Command, Told},
    screen::{Screen, with_its_parent},
    workspace::Workspace,
};

/// The package of whole-product tests; it runs last and on a screen.
pub(crate) const JOURNEYS: &str = "journeys";
/// Those of them that run against servers, and need no screen.
pub(crate) const PEERS: &str = "peers";
/// Those that run clients, and need none either.
pub(crate) const CLIENTS: &str = "clients";

/// One executable full of tests.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Executable {
    package: String,
    target: String,
    file: PathBuf,
    folder: PathBuf,
}

/// Builds all tests of the workspace.
pub(crate) fn build(workspace: &Workspace) -> Result<Vec<Executable>, Error> {
    let features = workspace.test_features();
    let features = features.iter().flat_map(|feature| ["--features", feature.as_str()]);
    build_some(workspace, std::iter::once("--workspace").chain(features))
}

/// Builds one target of the journeys and nothing else.
pub(crate) fn build_one(workspace: &Workspace, target: &str) -> Result<Vec<Executable>, Error> {
    build_some(workspace, ["--package", JOURNEYS, "--test", target])
}

fn build_some<'a>(
    workspace: &Workspace,
    which: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Executable>, Error> {
    let mut found = Vec::new();
    let command = Command::cargo("test", workspace.root()).args(which).args([
        "--no-run",
        "--message-format",
        "json-render-diagnostics",
    ]);
    let line = command.line();
    let success = command.lines(|line| found.extend(executable(line)))?;
    if success { Ok(found) } else { Err(Error::Failed { command: line }) }
}

/// The test executable that one of cargo's messages tells of.
fn executable(message: &str) -> Option<Executable> {
    let message: Value = serde_json::from_str(message).ok()?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    if text(message.get("reason"))? != "compiler-artifact"
        || message.pointer("/profile/test") != Some(&Value::Bool(true))
    {
        return None;
    }
    let folder = PathBuf::from(text(message.get("manifest_path"))?).parent()?.to_path_buf();
    Some(Executable {
        package: package_name(&text(message.get("package_id"))?),
        target: text(message.pointer("/target/name"))?,
        file: PathBuf::from(text(message.get("executable"))?),
        folder,
    })
}

/// The name in a package id: `path+file:///x/vault#keywright-vault@0.1.0` or `path+file:///x/tests#journeys@0.1.0`;
/// where folder and package have the same name, cargo leaves the name out.
fn package_name(id: &str) -> String {
    let (place, tail) = id.rsplit_once('#').unwrap_or((id, ""));
    match tail.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => place.rsplit('/').next().unwrap_or(place).to_owned(),
    }
}

/// Runs everything but the journeys: one line each, all output of those that fail.
pub(crate) fn units(executables: &[Executable]) -> Result<(), Error> {
    let mut failed = Vec::new();
    for executable in executables.iter().filter(|executable| executable.package != JOURNEYS) {
        let started = Instant::now();
        let told = executable.command(&["-q"]).quiet().told()?;
        let name = executable.name();
        let counts = counts(&told);
        println!("   {name}: {counts}, {:.1} s", started.elapsed().as_secs_f64());
        if !told.success {
            println!("{}", told.text);
            failed.push(name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Error::Failed { command: failed.join(", ") }) }
}

/// Runs the tests of every executable whose names hold `filter`; fails when there is none.
pub(crate) fn filtered(executables: &[Executable], filter: &str) -> Result<(), Error> {
    let mut ran = 0;
    for executable in executables.iter().filter(|executable| executable.package != JOURNEYS) {
        let told = executable.command(&["-q", filter]).quiet().told()?;
        ran += passed(&told);
        if !told.success {
            println!("{}", told.text);
            return Err(Error::Failed { command: format!("{} {filter}", executable.name()) });
        }
    }
    if ran == 0 {
        return Err(Error::Findings(format!("no test is named `{filter}`")));
    }
    Ok(())
}

/// Lets Keywright meet what others wrote: servers and documents, or clients.
pub(crate) fn others(
    workspace: &Workspace,
    executables: &[Executable],
    target: &str,
) -> Result<(), Error> {
    let tests = executables
        .iter()
        .find(|executable| executable.meets_others() && executable.target == target)
        .ok_or_else(|| Error::Findings(format!("cargo built no test of the name `{target}`")))?;
    tests.command(&[]).env("KEYWRIGHT_PEERS_DIR", peers::folder(workspace)).run()
}

/// Builds the product's programs and lets the journeys run them on a screen with a session bus.
pub(crate) fn journeys(workspace: &Workspace, executables: &[Executable]) -> Result<(), Error> {
    on_a_screen(workspace, executables, &[], &[])
}

/// Lets the journey through the window take the pictures of docs/screenshots.
pub(crate) fn screenshots(workspace: &Workspace) -> Result<(), Error> {
    on_a_screen(
        workspace,
        &build(workspace)?,
        &["window::"],
        &[("KEYWRIGHT_SCREENSHOTS", "1".into())],
    )
}

fn on_a_screen(
    workspace: &Workspace,
    executables: &[Executable],
    filter: &[&str],
    wishes: &[(&'static str, OsString)],
) -> Result<(), Error> {
    products(workspace)?;
    let folder = workspace.target().join("journeys");
    let screen = Screen::start(&folder, "1400x900x24")?;
    let mut variables = screen.variables();
    variables.push(("PATH", workspace.search_path()));
    variables.push(("KEYWRIGHT_BIN_DIR", programs(workspace).into()));
    variables.extend_from_slice(wishes);
    let journeys = executables.iter().filter(|executable| executable.package == JOURNEYS);
    for executable in journeys.filter(|executable| !executable.meets_others()) {
        executable.on_a_bus(&variables).args(filter).run()?;
    }
    Ok(())
}

/// Builds `keywright` as users get it, with the front end inside, and `kw`.
pub(crate) fn products(workspace: &Workspace) -> Result<(), Error> {
    let mut features = Vec::new();
    if workspace.has_feature("keywright", "custom-protocol") {
        features.extend(["--features", "keywright/custom-protocol"]);
    }
    Command::cargo("build", workspace.root())
        .args(["--package", "keywright", "--package", "keywright-cli", "--bins"])
        .args(features)
        .run()
}

/// The folder of the programs that [`products`] builds.
pub(crate) fn programs(workspace: &Workspace) -> PathBuf {
    workspace.target().join("debug")
}

impl Executable {
    fn name(&self) -> String {
        if self.package == self.target || self.package.replace('-', "_") == self.target {
            self.package.clone()
        } else {
            format!("{} ({})", self.package, self.target)
        }
    }

    fn meets_others(&self) -> bool {
        self.package == JOURNEYS && [PEERS, CLIENTS].contains(&self.target.as_str())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        Command::new(&self.file)
            .args(arguments)
            .folder(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder)
    }

    fn on_a_bus(&self, variables: &[(&'static str, OsString)]) -> Command {
        with_its_parent("dbus-run-session")
            .args([Path::new("--"), &self.file])
            .folder(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder)
            .envs(variables)
    }
}

/// The harness's own words on how it went. A harness of a test's own has none: its lines are
/// counted.
fn counts(told: &Told) -> String {
    let result = told.text.lines().rev().find_map(|line| line.strip_prefix("test result: "));
    match result {
        Some(result) => summary(result),
        None if told.success => {
            let lines = told.text.lines();
            let ran = lines.filter(|line| line.starts_with("test ") && line.contains(" ... ok"));
            format!("{} passed", ran.count())
        }
        None => "no result; it ended early".to_owned(),
    }
}

fn summary(result: &str) -> String {
    let parts: Vec<&str> = result
        .split(['.', ';'])
        .map(str::trim)
        .filter(|part| ["passed", "failed", "ignored"].iter().any(|word| part.ends_with(word)))
        .filter(|part| !part.starts_with("0 ") || part.ends_with("passed"))
        .collect();
    parts.join(", ")
}

fn passed(told: &Told) -> usize {
    let counts = counts(told);
    counts.split_once(" passed").and_then(|(number, _)| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_executable_is_read_from_cargos_message() {
        let message = r#"{"reason":"compiler-artifact","package_id":"path+file:///k/src-tauri/vault#keywright-vault@0.1.0","manifest_path":"/k/src-tauri/vault/Cargo.toml","target":{"name":"keywright_vault"},"profile":{"test":true},"executable":"/k/target/debug/deps/keywright_vault-1"}"#;
        let found = executable(message).unwrap();
        assert_eq!(found.name(), "keywright-vault");
        assert_eq!(found.folder, Path::new("/k/src-tauri/vault"));
    }

    #[test]
    fn libraries_and_other_messages_are_no_executables() {
        for message in [
            r#"{"reason":"compiler-artifact","package_id":"x#y@1","manifest_path":"/k/Cargo.toml","target":{"name":"y"},"profile":{"test":false},"executable":null}"#,
            r#"{"reason":"build-finished","success":true}"#,
            "warning: something else",
        ] {
            assert_eq!(executable(message), None);
        }
    }

    #[test]
    fn a_package_named_as_its_folder_is_known_by_it() {
        assert_eq!(package_name("path+file:///k/xtask#0.1.0"), "xtask");
        assert_eq!(package_name("path+file:///k/tests#journeys@0.1.0"), "journeys");
    }

    fn told(text: &str, success: bool) -> Told {
        Told { text: text.to_owned(), success }
    }

    #[test]
    fn only_counts_that_tell_something_are_shown() {
        let text = "running 3 tests\n...\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(counts(&told(text, true)), "3 passed, 1 ignored");
        assert_eq!(passed(&told(text, true)), 3);
        let text = "test result: FAILED. 2 passed; 1 failed; 0 ignored";
        assert_eq!(counts(&told(text, false)), "2 passed, 1 failed");
        assert_eq!(counts(&told("Segmentation fault", false)), "no result; it ended early");
    }

    #[test]
    fn a_harness_of_its_own_is_counted_by_its_lines() {
        let text = "12 points\ntest one ... ok (3.1 s)\ntest two ... ok (0.2 s)\n";
        assert_eq!(counts(&told(text, true)), "2 passed");
        assert_eq!(counts(&told(text, false)), "no result; it ended early");
    }
}
