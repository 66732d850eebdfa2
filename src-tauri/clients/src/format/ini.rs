//! Ini.

use super::{Fresh, Node, Problem, Splice, Syntax};
use crate::path::Step;

/// Ini.
pub(crate) struct Ini;

impl Syntax for Ini {
    fn name(&self) -> &'static str {
        "Ini"
    }

    fn read(&self, _: &str) -> Result<Node, Problem> {
        Err(Problem::NotText)
    }

    fn token(&self, _: &str, _: &str) -> Result<String, Problem> {
        Err(Problem::NotText)
    }

    fn insert(&self, _: &str, _: &Node, _: &[Step], _: &Fresh) -> Result<Splice, Problem> {
        Err(Problem::NotText)
    }
}
