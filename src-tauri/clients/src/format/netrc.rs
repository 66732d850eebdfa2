//! `.netrc`: `machine h login u password p` as tokens, over as many lines as people like.
//!
//! Readers: Python's `netrc` (<https://github.com/python/cpython/blob/v3.13.1/Lib/netrc.py>) and
//! curl (<https://github.com/curl/curl/blob/curl-8_11_1/lib/netrc.c>). They differ in quotes,
//! backslashes and `#`, so a value with one of them is no text, and none is written.

use std::ops::Range;

use super::{
    Fresh, Node, Problem, Splice, Syntax, Value,
    lines::{self, Line, append, is_blank, line_end, put},
    token::{Quote, inner},
};
use crate::path::Step;

const NAME: &str = "netrc";

/// `.netrc`.
pub(crate) struct Netrc;

impl Syntax for Netrc {
    fn name(&self) -> &'static str {
        NAME
    }

    fn occupied(&self, _: &str) -> Option<&'static str> {
        None
    }

    fn read(&self, text: &str) -> Result<Node, Problem> {
        let members = File::read(text)?.entries.into_iter().map(|entry| {
            let span = entry.start..entry.end;
            let fields = entry.fields.into_iter().map(|(name, node)| (name.to_owned(), node));
            (entry.host.to_owned(), Node::Map(fields.collect(), span))
        });
        Ok(Node::Map(members.collect(), 0..text.len()))
    }

    fn token(&self, value: &str, old: &str) -> Result<String, Problem> {
        if !is_plain(value) {
            let why = "programs differ in how they read an empty one, blanks, quotes, `#` and \
                       backslashes in it";
            return Err(Problem::Unwritable { format: NAME, why });
        }
        Ok(match Quote::of(old) {
            Quote::Double => Quote::Double.around(value),
            Quote::Bare | Quote::Single => value.to_owned(),
        })
    }

    fn insert(
        &self,
        text: &str,
        _: &Node,
        path: &[Step],
        value: &Fresh,
    ) -> Result<Splice, Problem> {
        let file = File::read(text)?;
        if file.open_macro {
            return Err(Problem::Unsupported { why: "the file ends within a macro" });
        }
        match (path, value) {
            ([Step::Key(host), Step::Key(name)], Fresh::Text(value)) => {
                let field = self.field(name, value.text())?;
                let entry = file.entries.iter().find(|entry| entry.host == host);
                Ok(entry.ok_or(LEVELS)?.extend(text, &field))
            }
            ([Step::Key(host)], Fresh::Map(members)) => {
                let mut fields = Vec::new();
                for (name, value) in members {
                    let Fresh::Text(value) = value else { return Err(LEVELS) };
                    fields.push(self.field(name, value.text())?);
                }
                // `login` before `password`, as every example has it.
                fields.sort_by_key(|field| !field.starts_with("login"));
                file.machine(text, host, &fields)
            }
            _ => Err(LEVELS),
        }
    }
}

impl Netrc {
    fn field(&self, name: &str, value: &str) -> Result<String, Problem> {
        if !matches!(name, "login" | "password" | "account") {
            let why = "a machine has `login`, `password` and `account`";
            return Err(Problem::Unnameable { format: NAME, why });
        }
        Ok(format!("{name} {}", self.token(value, "")?))
    }
}

const LEVELS: Problem = Problem::Unsupported { why: "this format has machines with texts" };

fn is_plain(value: &str) -> bool {
    let special = |c: char| c.is_control() || c.is_whitespace() || "\"'\\#".contains(c);
    !value.is_empty() && !value.contains(special)
}

/// A word of the file.
#[derive(Clone)]
struct Word<'t> {
    text: &'t str,
    start: usize,
    line: Line<'t>,
}

impl<'t> Word<'t> {
    const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether nothing but blanks stands before it in its line.
    fn begins_line(&self) -> bool {
        self.line.indented().0 == self.start
    }

    fn malformed(&self, why: &str) -> Problem {
        Problem::Malformed { line: self.line.number, format: NAME, why: why.to_owned() }
    }

    /// The node of a value.
    fn node(&self) -> Node {
        let span = self.start..self.end();
        let own = match Quote::of(self.text) {
            Quote::Double => inner(self.text),
            Quote::Bare | Quote::Single => self.text,
        };
        if own.contains(['"', '\'', '\\', '#']) {
            Node::Other(Value::new(self.text), span)
        } else {
            Node::Text(Value::new(own), span)
        }
    }

    /// The first word behind a place in a line.
    fn next(line: Line<'t>, from: usize) -> Result<Option<Self>, Problem> {
        let rest = line.text.get(from..).unwrap_or_default();
        let word = rest.trim_start_matches(is_blank);
        if word.is_empty() {
            return Ok(None);
        }
        let start = line.start + line.text.len() - word.len();
        let end = match word.strip_prefix('"') {
            Some(quoted) => closing(quoted).map(|at| at + 2),
            None => Some(word.find(is_blank).unwrap_or(word.len())),
        };
        let malformed =
            |why: &str| Problem::Malformed { line: line.number, format: NAME, why: why.to_owned() };
        let (text, rest) = end
            .and_then(|end| word.split_at_checked(end))
            .ok_or_else(|| malformed("a quote is not closed"))?;
        if !(rest.is_empty() || rest.starts_with(is_blank)) {
            return Err(malformed("text stands behind a quote"));
        }
        Ok(Some(Self { text, start, line }))
    }
}

/// The quote that ends a quoted word.
fn closing(quoted: &str) -> Option<usize> {
    let mut escaped = false;
    let (at, _) = quoted.char_indices().find(|(_, c)| {
        let found = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        found
    })?;
    Some(at)
}

/// One machine, or the default.
struct Entry<'t> {
    host: &'t str,
    /// Where its first word begins, and its last one ends.
    start: usize,
    end: usize,
    /// The line of its first word.
    line: Line<'t>,
    fields: Vec<(&'static str, Node)>,
    /// The last field's name.
    last: Option<Word<'t>>,
}

struct File<'t> {
    entries: Vec<Entry<'t>>,
    /// Whether the last macro has no empty line behind it.
    open_macro: bool,
}

/// The words of a text, one after the other.
struct Words<'t> {
    text: &'t str,
    line: Option<Line<'t>>,
    from: usize,
}

impl<'t> Words<'t> {
    fn next(&mut self) -> Result<Option<Word<'t>>, Problem> {
        while let Some(line) = self.line {
            if let Some(word) = Word::next(line, self.from)? {
                self.from = word.end() - line.start;
                return Ok(Some(word));
            }
            self.next_line();
        }
        Ok(None)
    }

    fn next_line(&mut self) {
        self.line = self.line.and_then(|l| Line::at(self.text, l.next, l.number + 1));
        self.from = 0;
    }

    /// The value that belongs to a name.
    fn value(&mut self, name: &Word<'t>) -> Result<Word<'t>, Problem> {
        let missing = "a name has no value";
        let value = self.next()?.ok_or_else(|| name.malformed(missing))?;
        // A remark for curl, the value for Python.
        if value.text.starts_with('#') && value.begins_line() {
            return Err(name.malformed(missing));
        }
        Ok(value)
    }

    /// Passes over a macro, up to the first empty line. False where there is none.
    fn skip_macro(&mut self) -> bool {
        loop {
            self.next_line();
            match self.line {
                None => return false,
                Some(line) if line.text.is_empty() => return true,
                Some(_) => {}
            }
        }
    }
}

impl<'t> File<'t> {
    fn read(text: &'t str) -> Result<Self, Problem> {
        lines::no_lone_return(text, NAME)?;
        let mut words = Words { text, line: Line::at(text, 0, 1), from: 0 };
        let mut file = Self { entries: Vec::new(), open_macro: false };
        let mut within = false;
        while let Some(word) = words.next()? {
            let field = match word.text {
                _ if word.text.starts_with('#') => {
                    words.next_line();
                    continue;
                }
                "machine" => {
                    let host = words.value(&word)?;
                    let Node::Text(..) = host.node() else {
                        return Err(host.malformed("a machine's name is quoted in a strange way"));
                    };
                    let name = match Quote::of(host.text) {
                        Quote::Double => inner(host.text),
                        Quote::Bare | Quote::Single => host.text,
                    };
                    file.begin(&word, name, host.end());
                    within = true;
                    continue;
                }
                "default" => {
                    file.begin(&word, "default", word.end());
                    within = true;
                    continue;
                }
                "macdef" => {
                    words.value(&word)?;
                    file.open_macro = !words.skip_macro();
                    within = false;
                    continue;
                }
                "login" | "user" => "login",
                "password" => "password",
                "account" => "account",
                _ => return Err(word.malformed("it holds a word that no reader knows")),
            };
            let value = words.value(&word)?;
            let entry = file.entries.last_mut().filter(|_| within);
            let entry = entry.ok_or_else(|| word.malformed("a value belongs to no machine"))?;
            entry.fields.push((field, value.node()));
            entry.end = value.end();
            entry.last = Some(word);
        }
        Ok(file)
    }

    fn begin(&mut self, word: &Word<'t>, host: &'t str, end: usize) {
        let (start, line) = (word.start, word.line);
        self.entries.push(Entry { host, start, end, line, fields: Vec::new(), last: None });
    }

    /// A new machine: before the default, which ends every search, else at the end.
    fn machine(&self, text: &str, host: &str, fields: &[String]) -> Result<Splice, Problem> {
        if !is_plain(host) {
            let why = "a machine's name has no blanks, quotes, `#` or backslashes";
            return Err(Problem::Unnameable { format: NAME, why });
        }
        let head = if host == "default" { host.to_owned() } else { format!("machine {host}") };
        let new = match self.entries.last().and_then(|entry| entry.indent(text)) {
            Some(indent) => {
                let fields = fields.iter().map(|field| format!("{indent}{field}"));
                std::iter::once(head).chain(fields).collect()
            }
            None => vec![format!("{head} {}", fields.join(" "))],
        };
        let Some(default) = self.entries.iter().find(|entry| entry.host == "default") else {
            return Ok(append(text, &new));
        };
        if default.line.indented().0 != default.start {
            let why = "`default` stands in the middle of a line";
            return Err(Problem::Unsupported { why });
        }
        let at = default.line.start;
        let end = line_end(text, at);
        Ok(put(at, new.join(end) + end))
    }
}

impl Entry<'_> {
    /// The blanks before its fields, where each has a line of its own.
    fn indent<'t>(&self, text: &'t str) -> Option<&'t str> {
        let last = self.last.as_ref()?;
        if !last.begins_line() || last.line.start == self.line.start {
            return None;
        }
        let indent: Range<usize> = last.line.start..last.start;
        text.get(indent)
    }

    /// Puts a field behind the last one.
    fn extend(&self, text: &str, field: &str) -> Splice {
        let rest = text.get(self.end..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let tail = rest.trim_matches(is_blank);
        match self.indent(text) {
            Some(indent) if tail.is_empty() || tail.starts_with('#') => {
                let at = self.end + rest.len();
                put(at, format!("{}{indent}{field}", line_end(text, at)))
            }
            _ => put(self.end, format!(" {field}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(String, String)> {
        let tree = Netrc.read(text).unwrap();
        let texts = tree.texts().into_iter();
        texts.map(|(path, value, _)| (path.to_string(), value.text().to_owned())).collect()
    }

    #[test]
    fn tokens_stand_over_lines_and_macros_are_passed_over() {
        let text = "# note\nmachine h.test login u password \"p w\"\n\
                    macdef init\nmachine x login y\n\nmachine i\n\tlogin\n v # c\n\
                    \tpassword w\ndefault user a account b\n";
        let expected = [
            ("\"h.test\".login", "u"),
            ("\"h.test\".password", "p w"),
            ("i.login", "v"),
            ("i.password", "w"),
            ("default.login", "a"),
            ("default.account", "b"),
        ];
        assert_eq!(texts(text), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn what_readers_read_differently_is_no_text() {
        for password in ["a#b", "#a", "a\\b", "'a'", "a\"b", "\"a\\\"b\""] {
            assert_eq!(texts(&format!("machine h password {password}")), [], "{password}");
        }
    }

    #[test]
    fn what_is_no_netrc_is_refused_with_its_line() {
        for text in ["\nlogin u", "\nmachine", "\nmachine h pass x", "\nmachine h password \"a"] {
            let found = Netrc.read(text);
            assert!(matches!(found, Err(Problem::Malformed { line: 2, .. })), "{text}");
        }
    }
}
