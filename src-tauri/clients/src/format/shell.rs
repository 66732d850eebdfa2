//! Profiles of sh, bash and zsh. Only a literal assignment that is always reached is a text:
//! `export X='…'`, `X="…"` without expansion, `X=plain`, on a line of its own and outside of
//! every block. All else that sets a variable is noted and never touched, and a file that the
//! reader loses track of gets no new line. No command of the file is ever run.
//!
//! Grammar: <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html>, with
//! what bash and zsh add where it matters to quoting and blocks.

mod reader;
mod skip;

use reader::Reader;

use super::{
    Fresh, Node, Problem, Splice, Syntax,
    token::{Quote, is_safe, one_line, variable},
};
use crate::path::Step;

const NAME: &str = "a shell's profile";

/// Profiles of sh, bash and zsh.
pub(crate) struct Shell;

impl Syntax for Shell {
    fn name(&self) -> &'static str {
        NAME
    }

    fn occupied(&self, _: &str) -> Option<&'static str> {
        Some("something that the shell works out, or that is not always reached")
    }

    fn read(&self, text: &str) -> Result<Node, Problem> {
        Ok(Node::Map(Reader::read(text).found, 0..text.len()))
    }

    fn token(&self, value: &str, old: &str) -> Result<String, Problem> {
        one_line(value, NAME)?;
        let safe = is_safe(value) && !value.starts_with('=') && !value.is_empty();
        Ok(match Quote::of(old) {
            Quote::Bare if safe && !old.is_empty() => value.to_owned(),
            Quote::Double if is_safe(value) => Quote::Double.around(value),
            _ => Quote::Single.around(&value.replace('\'', "'\\''")),
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
        let line = format!("export {name}={}", self.token(value, "")?);
        let reader = Reader::read(text);
        if !reader.is_whole() {
            let why = "the profile ends within a quote or a block, as far as can be told";
            return Err(Problem::Unsupported { why });
        }
        reader.marks.insert(text, line)
    }
}

/// The value of a token that is written out; none where the shell works something out, or
/// where shells differ.
fn literal(token: &str) -> Option<String> {
    let mut value = String::new();
    let mut chars = token.chars();
    // zsh reads `=name` as a command's path.
    if token.starts_with('=') {
        return None;
    }
    while let Some(c) = chars.next() {
        match c {
            '\'' => loop {
                match chars.next()? {
                    '\'' => break,
                    c if c.is_control() => return None,
                    c => value.push(c),
                }
            },
            '"' => loop {
                match chars.next()? {
                    '"' => break,
                    '$' | '`' => return None,
                    '\\' => match chars.next()? {
                        c @ ('"' | '\\' | '$' | '`') => value.push(c),
                        c if c.is_control() => return None,
                        c => value.extend(['\\', c]),
                    },
                    c if c.is_control() => return None,
                    c => value.push(c),
                }
            },
            '\\' => value.push(chars.next().filter(|c| !c.is_control())?),
            c if is_safe(c.encode_utf8(&mut [0; 4])) || c == ',' => value.push(c),
            _ => return None,
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests;
