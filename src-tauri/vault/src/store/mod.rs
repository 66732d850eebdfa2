//! The vault's folder: its files, the database in them, and what guards both.
//! Knows sealed blobs only; no record's meaning.

pub(crate) mod backup;
pub(crate) mod database;
pub(crate) mod events;
pub(crate) mod folder;
pub(crate) mod generation;
pub(crate) mod items;
pub(crate) mod lockfile;
pub(crate) mod manifest;
pub(crate) mod migrate;
