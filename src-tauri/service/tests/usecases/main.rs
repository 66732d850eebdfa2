//! The use cases against the simulator, over real HTTP, with a clock that can be moved.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests stop where they stand, and compare secrets"
)]

mod change;
mod create;
mod demo;
mod desk;
mod edit;
mod faults;
mod guided;
mod many;
mod places;
mod platform;
mod refresh;
mod requirements;
mod revoke;
mod rotate;
mod store;
mod workshop;
