//! The steps of a run, a file each.

mod back;
mod check;
mod create;
pub(super) mod end;
mod place;
mod settle;
mod verify;
