//! `cargo xtask`: every task of this repository under one name.
//!
//! Nothing here is part of the product. A task installs what it lacks, says
//! what it does, and fails with the command that failed.

#![expect(clippy::print_stdout, reason = "a task runner speaks on standard output")]
#![expect(clippy::print_stderr, reason = "and complains on standard error")]

mod bench;
mod bindings;
mod error;
mod icons;
mod peers;
mod process;
mod run;
mod screen;
mod setup;
mod stages;
mod suite;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{error::Error, stages::Choice, workspace::Workspace};

/// Tasks of the Keywright repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Installs what is missing, builds Keywright and opens its window.
    Run(run::Options),
    /// Installs what is missing and runs everything that CI runs.
    Test(Choice),
    /// The fast part of `test`: format, lints, walls and unit tests.
    Check(Choice),
    /// Measures the budgets, at growing numbers of keys.
    Bench(bench::Options),
    /// Writes ui/src/ipc/bindings.ts anew from the Rust types.
    Bindings,
    /// Makes all icon sizes anew from icons/source.svg.
    Icons,
    /// Takes the pictures of docs/screenshots anew, on the way through the real window.
    Screenshots,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match perform(arguments.task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the task found everything in order.
fn perform(task: Task) -> Result<bool, Error> {
    let workspace = Workspace::here()?;
    match task {
        Task::Run(options) => run::run(&workspace, &options).map(|()| true),
        Task::Test(choice) => stages::perform(&workspace, &stages::TEST, &choice),
        Task::Check(choice) => stages::perform(&workspace, &stages::CHECK, &choice),
        Task::Bench(options) => bench::measure(&workspace, &options).map(|()| true),
        Task::Screenshots => stages::screenshots(&workspace).map(|()| true),
        Task::Bindings => bindings::write(&workspace).map(|()| true),
        Task::Icons => {
            setup::node_modules(&workspace)?;
            icons::make(&workspace).map(|()| true)
        }
    }
}
