//! Replacing keys: over every kind of plan, with files that fail, answers that are lost, people
//! who change their minds.

mod back;
mod clients;
mod forward;
mod leak;
mod many;
mod stage;
mod trouble;

pub(crate) use stage::ask;
