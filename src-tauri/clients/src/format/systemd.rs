//! systemd's `EnvironmentFile=`: no expansion, a backslash continues a line, quotes are taken
//! off, `#` and `;` begin remarks on lines of their own (man 5 systemd.exec; the states are
//! those of `parse_env_file_internal` in
//! <https://github.com/systemd/systemd/blob/v257/src/basic/env-file.c>).

use super::{
    Fresh, Node, Problem, Splice, Syntax, Value,
    lines::{self, number},
    token::{Quote, is_safe, is_variable, one_line, variable},
};
use crate::path::Step;

const NAME: &str = "a systemd environment file";

/// systemd's `EnvironmentFile=`.
pub(crate) struct Systemd;

impl Syntax for Systemd {
    fn name(&self) -> &'static str {
        NAME
    }

    fn read(&self, text: &str) -> Result<Node, Problem> {
        let mut reader = Reader::default();
        for (at, c) in text.char_indices() {
            reader.take(text, at, c)?;
        }
        reader.end(text)?;
        Ok(Node::Map(reader.found, 0..text.len()))
    }

    fn token(&self, value: &str, old: &str) -> Result<String, Problem> {
        one_line(value, NAME)?;
        let quote = Quote::of(old);
        let bare = |value: &str| {
            value.trim() == value
                && !value.contains('\\')
                && !value.starts_with(['\'', '"', '#', ';'])
        };
        Ok(match quote {
            Quote::Bare if is_safe(value) || (!old.is_empty() && bare(value)) => value.to_owned(),
            Quote::Bare | Quote::Single if !value.contains('\'') => Quote::Single.around(value),
            Quote::Bare | Quote::Single | Quote::Double => double(value),
        })
    }

    fn insert(
        &self,
        text: &str,
        tree: &Node,
        path: &[Step],
        value: &Fresh,
    ) -> Result<Splice, Problem> {
        let (name, value) = variable(path, value, NAME)?;
        if text.trim_end_matches(['\r', '\n']).ends_with('\\') {
            return Err(Problem::Unsupported { why: "the last line ends with a backslash" });
        }
        let old = match tree {
            Node::Map(members, _) => {
                members.last().and_then(|(_, last)| text.get(last.span().clone()))
            }
            _ => None,
        };
        let token = self.token(value, old.unwrap_or_default())?;
        Ok(lines::append(text, &[format!("{name}={token}")]))
    }
}

/// In double quotes, with what needs it escaped.
fn double(value: &str) -> String {
    let mut token = String::from("\"");
    for c in value.chars() {
        if "\"\\`$".contains(c) {
            token.push('\\');
        }
        token.push(c);
    }
    token + "\""
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    Name,
    Before,
    Value,
    Escape,
    Single,
    Double,
    DoubleEscape,
    Remark,
    RemarkEscape,
}

/// The reader's state.
#[derive(Default)]
struct Reader {
    state: State,
    name: usize,
    equals: usize,
    /// Where the token begins; none before its first character.
    start: Option<usize>,
    /// Behind its last character that is no blank, and how much of the value is then there.
    end: usize,
    kept: usize,
    value: String,
    found: Vec<(String, Node)>,
}

impl Reader {
    fn take(&mut self, text: &str, at: usize, c: char) -> Result<(), Problem> {
        match self.state {
            State::Start | State::Name => self.name(at, c),
            State::Remark | State::RemarkEscape => return self.remark(text, at, c),
            State::Before | State::Value => self.value(text, at, c),
            State::Escape => {
                self.state = State::Value;
                if !matches!(c, '\n' | '\r') {
                    self.add(at, c);
                }
            }
            State::Single if c == '\'' => self.close(at),
            State::Double if c == '"' => self.close(at),
            State::Double if c == '\\' => self.state = State::DoubleEscape,
            State::Single | State::Double => self.add(at, c),
            State::DoubleEscape => {
                self.state = State::Double;
                if !"\"\\`$\n".contains(c) {
                    self.value.push('\\');
                }
                if c != '\n' {
                    self.add(at, c);
                }
            }
        }
        Ok(())
    }

    fn name(&mut self, at: usize, c: char) {
        match (self.state, c) {
            (State::Start, '#' | ';') => self.state = State::Remark,
            (State::Start, ' ' | '\t') => {}
            (_, '\n' | '\r') => self.state = State::Start,
            (State::Start, _) => {
                self.state = State::Name;
                self.name = at;
            }
            (_, '=') => {
                self.state = State::Before;
                self.equals = at;
                self.start = None;
                self.value.clear();
                self.kept = 0;
            }
            _ => {}
        }
    }

    fn value(&mut self, text: &str, at: usize, c: char) {
        match (self.state, c) {
            (_, '\n' | '\r') => self.push(text),
            (State::Before, ' ' | '\t') => {}
            (State::Value, ' ' | '\t') => self.value.push(c),
            (_, '\\') => {
                self.begin(at);
                self.close(at);
                self.state = State::Escape;
            }
            (State::Before, '\'') => {
                self.begin(at);
                self.state = State::Single;
            }
            (State::Before, '"') => {
                self.begin(at);
                self.state = State::Double;
            }
            _ => {
                self.state = State::Value;
                self.begin(at);
                self.add(at, c);
            }
        }
    }

    fn begin(&mut self, at: usize) {
        self.start.get_or_insert(at);
    }

    /// Takes a character that counts, whatever it is.
    fn add(&mut self, at: usize, c: char) {
        self.value.push(c);
        self.end = at + c.len_utf8();
        self.kept = self.value.len();
    }

    /// Behind a quote or a backslash, blanks count.
    fn close(&mut self, at: usize) {
        self.state = State::Before;
        self.end = at + 1;
        self.kept = self.value.len();
    }

    /// A remark that ends with a backslash took the next line with it until systemd 254.
    fn remark(&mut self, text: &str, at: usize, c: char) -> Result<(), Problem> {
        self.state = match (self.state, c) {
            (State::RemarkEscape, '\n' | '\r') => {
                return Err(Problem::Malformed {
                    line: number(text, at),
                    format: NAME,
                    why: "a remark ends with a backslash, and versions of systemd differ in \
                          whether the next line is part of it"
                        .into(),
                });
            }
            (State::Remark, '\\') => State::RemarkEscape,
            (State::Remark, '\n' | '\r') => State::Start,
            _ => State::Remark,
        };
        Ok(())
    }

    /// Notes the variable; names that systemd passes over are passed over.
    fn push(&mut self, text: &str) {
        self.state = State::Start;
        let name = text.get(self.name..self.equals).unwrap_or_default().trim_end();
        if !is_variable(name) {
            return;
        }
        let span = self.start.map_or(self.equals + 1..self.equals + 1, |start| start..self.end);
        self.value.truncate(self.kept);
        let node = Node::Text(Value::new(self.value.clone()), span);
        self.found.push((name.to_owned(), node));
    }

    fn end(&mut self, text: &str) -> Result<(), Problem> {
        match self.state {
            State::Before | State::Value | State::Escape => self.push(text),
            State::Single | State::Double | State::DoubleEscape => {
                return Err(Problem::Malformed {
                    line: number(text, self.start.unwrap_or_default()),
                    format: NAME,
                    why: "a quote is not closed".into(),
                });
            }
            State::Start | State::Name | State::Remark | State::RemarkEscape => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String, String)> {
        let tree = Systemd.read(text).unwrap();
        let one = |(path, value, span): (crate::NodePath, &Value, &std::ops::Range<usize>)| {
            (path.to_string(), value.text().to_owned(), text.get(span.clone()).unwrap().to_owned())
        };
        tree.texts().into_iter().map(one).collect()
    }

    #[test]
    fn values_are_read_as_systemd_reads_them() {
        for (line, value, token) in [
            ("A=b", "b", "b"),
            (" A = b c  ", "b c", "b c"),
            ("A=b # c", "b # c", "b # c"),
            ("A=pa$HOME", "pa$HOME", "pa$HOME"),
            ("A='it' \"is\" ", "itis", "'it' \"is\""),
            ("A=\"a\\\"b\\n\"", "a\"b\\n", "\"a\\\"b\\n\""),
            ("A=a\\bc", "abc", "a\\bc"),
            ("A=a\"b\"", "a\"b\"", "a\"b\""),
            ("A=", "", ""),
            ("A='a\nb'", "a\nb", "'a\nb'"),
            ("A=a\\\nb", "ab", "a\\\nb"),
        ] {
            let expected = ("A".to_owned(), value.to_owned(), token.to_owned());
            assert_eq!(read(line), std::slice::from_ref(&expected), "{line}");
            let more = format!("; x=1\n#y\n{line}\nexport B=2\nC=3\n");
            let found = read(&more);
            assert_eq!(found.first(), Some(&expected), "{line}");
            assert_eq!(found.len(), 2, "{line}");
        }
    }

    #[test]
    fn any_line_of_text_can_be_written() {
        for value in ["a b", "it's", "a\"b", "a'b\"c\\d$e`f", " x ", "#a", ""] {
            for old in ["", "x", "'x'", "\"x\""] {
                let line = format!("A={}", Systemd.token(value, old).unwrap());
                assert_eq!(
                    read(&line).first().map(|found| found.1.as_str()),
                    Some(value),
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn a_remark_that_may_go_on_is_refused() {
        let found = Systemd.read("# path \\\nA=1\n");
        assert!(matches!(found, Err(Problem::Malformed { line: 1, .. })));
    }
}
