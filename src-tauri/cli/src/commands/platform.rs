//! Commands about platforms and connections.

pub(crate) mod added;
pub(crate) mod check;
pub(crate) mod connect;
pub(crate) mod connections;
pub(crate) mod platforms;
pub(crate) mod refresh;
