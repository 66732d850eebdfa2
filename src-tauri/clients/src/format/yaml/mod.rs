//! YAML of one document, read as 1.2 has it; what 1.1 reads as something else is no text.
//!
//! An alias is never followed: what it says is compared, so a change of what it stands for is
//! seen as a change in both places, and is not made.

mod insert;
mod scalar;
mod tree;

use super::{Fresh, Node, Problem, Splice, Syntax};
use crate::path::Step;

/// YAML.
pub(crate) struct Yaml;

impl Syntax for Yaml {
    fn name(&self) -> &'static str {
        "YAML"
    }

    fn grows(&self) -> bool {
        true
    }

    fn read(&self, text: &str) -> Result<Node, Problem> {
        Ok(tree::parse(text)?.map_or(Node::Map(Vec::new(), 0..0), tree::node))
    }

    fn token(&self, value: &str, old: &str) -> Result<String, Problem> {
        Ok(match old.chars().next() {
            Some('\'') => scalar::single(value).unwrap_or_else(|| scalar::double(value)),
            Some('"') => scalar::double(value),
            Some(_) => scalar::token(value),
            // Nothing stands behind the colon, not even a blank that counts.
            None => format!(" {}", scalar::token(value)),
        })
    }

    fn insert(
        &self,
        text: &str,
        _: &Node,
        path: &[Step],
        value: &Fresh,
    ) -> Result<Splice, Problem> {
        insert::insert(text, tree::parse(text)?.as_ref(), path, value)
    }
}

#[cfg(test)]
mod tests;
