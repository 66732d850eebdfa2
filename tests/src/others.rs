//! What it takes to run programs that others wrote: where `cargo xtask` installed them, how they
//! start and end, a few words of HTTP, and a harness that tells what was skipped and why.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "tests stop where they stand")]
#![expect(clippy::panic, clippy::print_stdout, reason = "for tests: they stop, and tell")]

pub mod place;
pub mod process;
pub mod run;
pub mod wire;
