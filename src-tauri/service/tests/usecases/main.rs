//! The use cases against the simulator, over real HTTP, with a clock that can be moved.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests stop where they stand, and compare secrets"
)]

mod create;
mod demo;
mod desk;
mod edit;
mod faults;
mod refresh;
mod requirements;
mod revoke;
