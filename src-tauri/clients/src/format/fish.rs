//! fish's configuration: `set -gx NAME 'value'`. Only a literal, exported value that is always
//! reached is a text; universal variables, lists, expansions and what stands in a block are
//! noted and never touched. In single quotes only `\'` and `\\` are escapes
//! (<https://fishshell.com/docs/current/language.html#quotes>,
//! <https://fishshell.com/docs/current/cmds/set.html>). No command of the file is ever run.

mod reader;

use reader::Reader;

use super::{
    Fresh, Node, Problem, Splice, Syntax,
    token::{Quote, is_safe, one_line, variable},
};
use crate::path::Step;

const NAME: &str = "fish's configuration";

/// fish's configuration.
pub(crate) struct Fish;

impl Syntax for Fish {
    fn name(&self) -> &'static str {
        NAME
    }

    fn occupied(&self, _: &str) -> Option<&'static str> {
        Some("something that fish works out, does not export, or does not always reach")
    }

    fn read(&self, text: &str) -> Result<Node, Problem> {
        Ok(Node::Map(Reader::read(text).found, 0..text.len()))
    }

    fn token(&self, value: &str, old: &str) -> Result<String, Problem> {
        one_line(value, NAME)?;
        let bare = is_safe(value) && !value.is_empty() && !value.starts_with(['%', '-']);
        Ok(match Quote::of(old) {
            Quote::Bare if bare && !old.is_empty() => value.to_owned(),
            Quote::Double if is_safe(value) => Quote::Double.around(value),
            _ => Quote::Single.around(&value.replace('\\', "\\\\").replace('\'', "\\'")),
        })
    }

    fn insert(
        &self,
        text: &str,
        _: &Node,
        path: &[Step],
        value: &Fresh,
    ) -> Result<Splice, Problem> {
        let (name, value) = variable(path, value, NAME)?;
        let line = format!("set -gx {name} {}", self.token(value, "")?);
        let reader = Reader::read(text);
        if !reader.is_whole() {
            let why = "the file ends within a quote or a block, as far as can be told";
            return Err(Problem::Unsupported { why });
        }
        reader.marks.insert(text, line)
    }
}

/// The value of a word that is written out; none where fish works something out.
fn literal(word: &str) -> Option<String> {
    let mut value = String::new();
    let mut chars = word.chars();
    if word.starts_with('%') {
        return None;
    }
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => loop {
                match chars.next()? {
                    own if own == c => break,
                    '$' if c == '"' => return None,
                    '\\' => match chars.next()? {
                        '\\' => value.push('\\'),
                        own if own == c || (own == '$' && c == '"') => value.push(own),
                        own if own.is_control() => return None,
                        own => value.extend(['\\', own]),
                    },
                    own if own.is_control() => return None,
                    own => value.push(own),
                }
            },
            c if is_safe(c.encode_utf8(&mut [0; 4])) || c == ',' => value.push(c),
            _ => return None,
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests;
