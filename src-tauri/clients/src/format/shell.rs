//! Shell.

use super::{Fresh, Node, Problem, Splice, Syntax};
use crate::path::Step;

/// Shell.
pub(crate) struct Shell;

impl Syntax for Shell {
    fn name(&self) -> &'static str {
        "Shell"
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
