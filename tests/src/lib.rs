//! Whole-product tests.
pub mod canary;
pub mod desk;
#[cfg(test)]
mod kw;
#[cfg(test)]
mod window;
