//! The use cases.
pub mod wire;
