//! Whole-product tests.
pub mod canary;
pub mod desk;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod kw;
pub mod others;
pub mod ten;
pub mod turning;
#[cfg(test)]
mod window;
