//! The steps of a run, a file each.

mod ask_clients;
mod back;
mod check;
mod create;
pub(super) mod end;
mod place;
mod settle;
mod verify;
