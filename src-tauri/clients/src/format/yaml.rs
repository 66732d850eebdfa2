//! Yaml.

use super::{Fresh, Node, Problem, Splice, Syntax};
use crate::path::Step;

/// Yaml.
pub(crate) struct Yaml;

impl Syntax for Yaml {
    fn name(&self) -> &'static str {
        "Yaml"
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
