//! How answers are told: as words and tables for people, as JSON for programs.

pub(crate) mod change;
pub(crate) mod events;
pub(crate) mod out;
pub(crate) mod plan;
pub(crate) mod rotation;
pub(crate) mod table;
pub(crate) mod words;
