//! Commands about the vault as a whole.

pub(crate) mod check;
pub(crate) mod init;
pub(crate) mod log;
pub(crate) mod operations;
pub(crate) mod queue;
pub(crate) mod settings;
pub(crate) mod status;
