//! The vault's tests through its public door, in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod basics;
mod canary;
mod common;
mod fixture;
mod refusals;
mod sequences;
mod tamper;
mod world;
