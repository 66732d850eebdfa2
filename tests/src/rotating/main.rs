//! Keys that are replaced while calls fail, files break, and the program is stopped or killed.
//! Whatever the moment: every key at the platform is known, every client holds a key that works,
//! nothing is revoked too soon, and nothing is asked for twice.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests stop where they stand, and compare secrets"
)]

mod bulk;
mod check;
mod cut;
mod matrix;
mod meanwhile;
mod model;
mod person;
mod platform;
mod profile;
mod proof;
mod queue;
mod roller;
mod stage;
mod time;
