//! What `test` and `check` do, in order, and how that is told.

use std::time::{Duration, Instant};

use clap::Args;

use crate::{
    bindings,
    error::Error,
    peers,
    process::Command,
    setup::{self, Consent},
    suite::{self, Executable},
    tidy,
    workspace::Workspace,
};

/// Which stages to run.
#[derive(Args)]
pub(crate) struct Choice {
    /// Install system packages without asking (as CI=true does).
    #[arg(long, short)]
    yes: bool,
    /// Run only these stages.
    #[arg(long, value_name = "STAGE")]
    only: Vec<String>,
    /// Leave these stages out.
    #[arg(long, value_name = "STAGE")]
    skip: Vec<String>,
    /// Show the stages and do nothing.
    #[arg(long)]
    list: bool,
}

/// A part of `test` that passes or fails as a whole.
pub(crate) struct Stage {
    name: &'static str,
    about: &'static str,
    run: fn(&mut Session<'_>) -> Result<(), Error>,
}

/// What the stages of one run share.
struct Session<'a> {
    workspace: &'a Workspace,
    consent: Consent,
    with_screen: bool,
    executables: Option<Vec<Executable>>,
}

const SETUP: Stage =
    Stage { name: "setup", about: "install what is missing", run: |session| session.setup() };
const FORMAT: Stage = Stage {
    name: "format",
    about: "cargo fmt",
    run: |session| {
        Command::new("cargo")
            .args(["fmt", "--all", "--check"])
            .folder(session.workspace.root())
            .run()
    },
};
const TIDY: Stage = Stage {
    name: "tidy",
    about: "the walls that no compiler checks",
    run: |session| tidy::run(session.workspace),
};
const UI_CHECK: Stage = Stage {
    name: "ui-check",
    about: "types, lints and format of the front end",
    run: |session| npm(session.workspace, "check"),
};
const UI_TEST: Stage = Stage {
    name: "ui-test",
    about: "tests of the front end",
    run: |session| npm(session.workspace, "test"),
};
const UI_BUILD: Stage = Stage {
    name: "ui-build",
    about: "the front end as the window shows it",
    run: |session| npm(session.workspace, "build"),
};
const LINTS: Stage = Stage {
    name: "lints",
    about: "clippy with every warning an error",
    run: |session| session.clippy(),
};
const UNIT: Stage = Stage {
    name: "unit",
    about: "unit and integration tests of every room",
    run: |session| suite::units(session.executables()?),
};
const BINDINGS: Stage = Stage {
    name: "bindings",
    about: "bindings.ts is what the Rust types say",
    run: |session| suite::filtered(session.executables()?, bindings::TEST),
};
const DOCS: Stage = Stage {
    name: "docs",
    about: "documentation builds and its examples run",
    run: |session| session.docs(),
};
const PEERS: Stage = Stage {
    name: "peers",
    about: "JupyterHub, Verdaccio and the vendors' own documents",
    run: |session| session.peers(),
};
const CLIENTS: Stage = Stage {
    name: "clients",
    about: "Codex, Gemini CLI and MCP Inspector read what Keywright writes",
    run: |session| session.clients(),
};
const JOURNEYS: Stage = Stage {
    name: "journeys",
    about: "the whole product: real servers, kills, the real window",
    run: |session| {
        let workspace = session.workspace;
        suite::journeys(workspace, session.executables()?)
    },
};

/// Everything.
pub(crate) const TEST: [Stage; 13] = [
    SETUP, FORMAT, TIDY, UI_CHECK, UI_TEST, UI_BUILD, LINTS, UNIT, BINDINGS, DOCS, PEERS, CLIENTS,
    JOURNEYS,
];

/// What is over soon.
pub(crate) const CHECK: [Stage; 8] =
    [SETUP, FORMAT, TIDY, UI_CHECK, UI_TEST, UI_BUILD, LINTS, UNIT];

impl Session<'_> {
    fn setup(&mut self) -> Result<(), Error> {
        let mut needs = vec![setup::BUILD, setup::TESTS];
        if self.with_screen {
            needs.extend([setup::SCREEN, setup::JOURNEYS, setup::PEERS]);
        }
        setup::system(&needs, self.consent)?;
        setup::node_modules(self.workspace)?;
        if self.with_screen { setup::tauri_driver(self.workspace) } else { Ok(()) }
    }

    fn clippy(&self) -> Result<(), Error> {
        let features = self.workspace.test_features();
        Command::cargo("clippy", self.workspace.root())
            .args(["--workspace", "--all-targets"])
            .args(features.iter().flat_map(|feature| ["--features", feature]))
            .args(["--", "-D", "warnings"])
            .run()
    }

    fn docs(&self) -> Result<(), Error> {
        let features = self.workspace.test_features();
        let features = || features.iter().flat_map(|feature| ["--features", feature.as_str()]);
        Command::cargo("doc", self.workspace.root())
            .args(["--workspace", "--no-deps", "--quiet"])
            .args(features())
            .env("RUSTDOCFLAGS", "-D warnings")
            .run()?;
        Command::cargo("test", self.workspace.root())
            .args(["--workspace", "--doc", "--quiet"])
            .args(features())
            .run()
    }

    /// Installs what it needs by itself, and alone builds no more than that.
    fn peers(&mut self) -> Result<(), Error> {
        setup::system(&[setup::PEERS], self.consent)?;
        setup::has_node()?;
        peers::install(self.workspace, peers::SERVERS)?;
        self.meet(suite::PEERS)
    }

    /// The same with clients.
    fn clients(&self) -> Result<(), Error> {
        setup::has_node()?;
        peers::install(self.workspace, peers::CLIENTS)?;
        self.meet(suite::CLIENTS)
    }

    fn meet(&self, target: &str) -> Result<(), Error> {
        if let Some(all) = &self.executables {
            return suite::others(self.workspace, all, target);
        }
        suite::others(self.workspace, &suite::build_one(self.workspace, target)?, target)
    }

    /// The test executables, built when first asked for.
    fn executables(&mut self) -> Result<&[Executable], Error> {
        if self.executables.is_none() {
            self.executables = Some(suite::build(self.workspace)?);
        }
        Ok(self.executables.as_deref().unwrap_or_default())
    }
}

fn npm(workspace: &Workspace, script: &str) -> Result<(), Error> {
    Command::new("npm").args(["run", "--silent", script]).folder(workspace.ui()).run()
}

/// How a stage ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed(Duration),
    Failed(Duration),
    LeftOut,
    NotReached,
}

/// Installs what the journeys need and takes the pictures of the documentation.
pub(crate) fn screenshots(workspace: &Workspace) -> Result<(), Error> {
    let consent = Consent::from_flag(false);
    let mut session = Session { workspace, consent, with_screen: true, executables: None };
    session.setup()?;
    npm(workspace, "build")?;
    suite::screenshots(workspace)
}

/// Runs the chosen stages up to the first that fails. Whether none failed.
pub(crate) fn perform(
    workspace: &Workspace,
    stages: &[Stage],
    choice: &Choice,
) -> Result<bool, Error> {
    let names: Vec<&str> = stages.iter().map(|stage| stage.name).collect();
    if let Some(unknown) = unknown(&names, choice) {
        return Err(Error::NoSuchStage(unknown.to_owned()));
    }
    if choice.list {
        for stage in stages {
            println!("{:<10} {}", stage.name, stage.about);
        }
        return Ok(true);
    }
    let mut session = Session {
        workspace,
        consent: Consent::from_flag(choice.yes),
        with_screen: chosen(JOURNEYS.name, choice) && names.contains(&JOURNEYS.name),
        executables: None,
    };
    let outcomes = run_all(stages, choice, &mut session);
    Ok(summary(&names, &outcomes))
}

fn run_all(stages: &[Stage], choice: &Choice, session: &mut Session<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut stopped = false;
    for (number, stage) in stages.iter().enumerate() {
        if !chosen(stage.name, choice) {
            outcomes.push(Outcome::LeftOut);
            continue;
        }
        if stopped {
            outcomes.push(Outcome::NotReached);
            continue;
        }
        println!("== {} ({} of {}): {}", stage.name, number + 1, stages.len(), stage.about);
        let started = Instant::now();
        match (stage.run)(session) {
            Ok(()) => {
                println!("   {} passed in {:.1} s", stage.name, started.elapsed().as_secs_f64());
                outcomes.push(Outcome::Passed(started.elapsed()));
            }
            Err(error) => {
                println!("   {} FAILED: {error}", stage.name);
                outcomes.push(Outcome::Failed(started.elapsed()));
                stopped = true;
            }
        }
    }
    outcomes
}

fn chosen(name: &str, choice: &Choice) -> bool {
    (choice.only.is_empty() || choice.only.iter().any(|only| only == name))
        && !choice.skip.iter().any(|skip| skip == name)
}

fn unknown<'a>(names: &[&str], choice: &'a Choice) -> Option<&'a str> {
    choice.only.iter().chain(&choice.skip).map(String::as_str).find(|name| !names.contains(name))
}

/// Prints what became of each stage, and last one plain line of counts. Whether none failed.
fn summary(names: &[&str], outcomes: &[Outcome]) -> bool {
    println!("\n{}", table(names, outcomes));
    let count =
        |test: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| test(outcome)).count();
    let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    println!("{} passed, {failed} failed", count(|outcome| matches!(outcome, Outcome::Passed(_))));
    failed == 0
}

fn table(names: &[&str], outcomes: &[Outcome]) -> String {
    let mut total = Duration::ZERO;
    let mut text = String::new();
    for (name, outcome) in names.iter().zip(outcomes) {
        let (word, took) = match outcome {
            Outcome::Passed(took) => ("passed", Some(*took)),
            Outcome::Failed(took) => ("FAILED", Some(*took)),
            Outcome::LeftOut => ("left out", None),
            Outcome::NotReached => ("not run", None),
        };
        total += took.unwrap_or_default();
        let seconds = took.map(|took| format!("{:>8.1} s", took.as_secs_f64()));
        text.push_str(format!("{name:<10} {word:<9}{}", seconds.unwrap_or_default()).trim_end());
        text.push('\n');
    }
    text + &format!("{:<20}{:>8.1} s", "all", total.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(only: &[&str], skip: &[&str]) -> Choice {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Choice { yes: false, only: own(only), skip: own(skip), list: false }
    }

    #[test]
    fn only_and_skip_choose_stages() {
        assert!(chosen("unit", &choice(&[], &[])));
        assert!(chosen("unit", &choice(&["unit"], &[])));
        assert!(!chosen("unit", &choice(&["lints"], &[])));
        assert!(!chosen("unit", &choice(&[], &["unit"])));
    }

    #[test]
    fn a_stage_that_does_not_exist_is_named() {
        assert_eq!(unknown(&["unit"], &choice(&["units"], &[])), Some("units"));
        assert_eq!(unknown(&["unit"], &choice(&["unit"], &[])), None);
    }

    #[test]
    fn the_table_tells_what_was_not_run() {
        let second = Duration::from_secs(1);
        let outcomes = [
            Outcome::Passed(second * 61),
            Outcome::Failed(second),
            Outcome::LeftOut,
            Outcome::NotReached,
        ];
        assert_eq!(
            table(&["format", "lints", "unit", "journeys"], &outcomes),
            "format     passed       61.0 s\n\
             lints      FAILED        1.0 s\n\
             unit       left out\n\
             journeys   not run\n\
             all                     62.0 s"
        );
    }

    #[test]
    fn the_stages_of_check_are_stages_of_test() {
        let names: Vec<&str> = TEST.iter().map(|stage| stage.name).collect();
        assert!(CHECK.iter().all(|stage| names.contains(&stage.name)));
    }
}
