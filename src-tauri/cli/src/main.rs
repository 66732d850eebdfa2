//! `kw`: the use cases of Keywright on a terminal.
//!
//! Read it in this order: `args` is what can be written, `commands` is what happens, `show` is how
//! it is told, `error` and `exit` are how it ends. What the service decides is not decided here
//! again: `kw` asks, prints, and knows nothing of vaults or HTTP.

mod app;
mod args;
mod commands;
mod error;
mod exit;
mod file;
mod find;
mod harden;
mod input;
mod interrupt;
mod show;

use std::process::ExitCode;

use clap::Parser;

use crate::{app::App, args::Kw, error::Error, exit::Exit};

/// Wipes every block of memory when it is freed, so that no copy of a secret outlives its owner.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    harden::close_process();
    let kw = Kw::parse();
    let app = App::new(kw.global);
    let ended = runtime().and_then(|runtime| runtime.block_on(commands::run(&app, kw.command)));
    match ended {
        Ok(exit) => exit,
        Err(error) if error.is_closed_pipe() => Exit::Done,
        Err(error) => {
            app.out.failure(&error);
            error.exit()
        }
    }
    .into()
}

/// One thread is enough for a command; the key derivation brings its own.
fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::System)
}
