//! Json.

use super::{Fresh, Node, Problem, Splice, Syntax};
use crate::path::Step;

/// Json.
pub(crate) struct Json {
    /// Whether comments and trailing commas are part of it.
    pub(crate) comments: bool,
}

impl Syntax for Json {
    fn name(&self) -> &'static str {
        "Json"
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
