//! Whole-product tests.
pub mod canary;
pub mod desk;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod kw;
pub mod others;
pub mod ten;
#[cfg(test)]
mod window;
