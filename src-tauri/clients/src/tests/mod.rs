//! Tests over all definitions at once.

mod clients;
mod docs;
mod precedence;
