//! The vault's tests through its public door, in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod basics;
mod common;
mod tamper;
mod world;
