//! The `.env` family. Its readers differ (clients.md 1.5: npm's dotenv with and without
//! dotenv-expand, Node's `--env-file`, python-dotenv, bash's `source`), so a value is a text
//! only where all of them read the same; any other one can be replaced as a whole, but is
//! never taken for a key. Their grammars, which this scanner holds against each other:
//! <https://github.com/motdotla/dotenv/blob/v17.2.3/lib/main.js>,
//! <https://github.com/nodejs/node/blob/v22.12.0/src/node_dotenv.cc>,
//! <https://github.com/theskumar/python-dotenv/blob/v1.2.1/src/dotenv/parser.py>.

use std::ops::Range;

use super::{
    Fresh, Node, Problem, Splice, Syntax, Value,
    lines::{self, Line, is_blank, remark},
    token::{Quote, inner, is_safe, one_line, variable},
};
use crate::path::Step;

const NAME: &str = "dotenv";

/// The `.env` family.
pub(crate) struct Dotenv;

impl Syntax for Dotenv {
    fn name(&self) -> &'static str {
        NAME
    }

    fn occupied(&self, token: &str) -> Option<&'static str> {
        token.ends_with('\t').then_some("a value with a tab behind it, which Node takes along")
    }

    fn read(&self, text: &str) -> Result<Node, Problem> {
        let members = entries(text)?.into_iter().map(|entry| (entry.name.to_owned(), entry.value));
        Ok(Node::Map(members.collect(), 0..text.len()))
    }

    fn token(&self, value: &str, old: &str) -> Result<String, Problem> {
        one_line(value, NAME)?;
        if is_safe(value) {
            return Ok(Quote::of(old).around(value));
        }
        if value.contains(['$', '\'', '\\', '`']) {
            let why = "programs differ in how they read a `$`, a quote `'`, a backslash or a \
                       backtick in it";
            return Err(Problem::Unwritable { format: NAME, why });
        }
        Ok(Quote::Single.around(value))
    }

    fn insert(
        &self,
        text: &str,
        _: &Node,
        path: &[Step],
        value: &Fresh,
    ) -> Result<Splice, Problem> {
        let (name, value) = variable(path, value, NAME)?;
        if text.trim_end_matches(['\r', '\n']).ends_with('\\') {
            return Err(Problem::Unsupported { why: "the last line ends with a backslash" });
        }
        let entries = entries(text)?;
        let last = entries.last();
        let old = last.and_then(|entry| text.get(entry.value.span().clone())).unwrap_or_default();
        let token = self.token(value, old)?;
        let export = if last.is_some_and(|entry| entry.export) { "export " } else { "" };
        Ok(lines::append(text, &[format!("{export}{name}={token}")]))
    }
}

/// One assignment.
struct Entry<'t> {
    name: &'t str,
    export: bool,
    value: Node,
}

fn entries(text: &str) -> Result<Vec<Entry<'_>>, Problem> {
    lines::no_lone_return(text, NAME)?;
    let mut entries = Vec::new();
    let mut next = Line::at(text, 0, 1);
    while let Some(line) = next {
        next = Line::at(text, line.next, line.number + 1);
        let Some((name, export, equals)) = assignment(&line) else { continue };
        let value = value(text, &line, equals + 1)?;
        // The value may have taken several lines.
        if value.span().end > line.end() {
            let last = lines::number(text, value.span().end);
            let start = text.get(..value.span().end).and_then(|head| head.rfind('\n'));
            next = Line::at(text, start.map_or(0, |at| at + 1), last)
                .and_then(|line| Line::at(text, line.next, line.number + 1));
        }
        entries.push(Entry { name, export, value });
    }
    Ok(entries)
}

/// A line's name, whether it is exported, and the place of its `=`. Lines that are none are
/// passed over by every reader.
fn assignment<'t>(line: &Line<'t>) -> Option<(&'t str, bool, usize)> {
    let (_, rest) = line.indented();
    let exported = rest
        .strip_prefix("export")
        .filter(|rest| rest.starts_with(is_blank))
        .map(|rest| rest.trim_start_matches(is_blank))
        .filter(|rest| !rest.starts_with('='));
    let rest = exported.unwrap_or(rest);
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_.-".contains(c)))?;
    let (name, after) = rest.split_at_checked(end)?;
    let after = after.trim_start_matches(is_blank);
    (!name.is_empty() && after.starts_with('='))
        .then(|| (name, exported.is_some(), line.end() - after.len()))
}

/// The value behind a `=`.
fn value(text: &str, line: &Line<'_>, from: usize) -> Result<Node, Problem> {
    let whole = text.get(from..line.end()).unwrap_or_default();
    let rest = whole.trim_start_matches(is_blank);
    let start = line.end() - rest.len();
    let empty = rest.is_empty() || (rest.starts_with('#') && start > from);
    let node = match rest.chars().next() {
        _ if empty => bare(text, from, from, start),
        Some(quote @ ('\'' | '"' | '`')) => quoted(text, line, start, quote)?,
        _ => bare(text, start, start, line.end()),
    };
    // Node takes a tab before a value along.
    if !empty && text.get(from..start).is_some_and(|blanks| blanks.contains('\t')) {
        let span = from..node.span().end;
        return Ok(Node::Other(Value::new(text.get(span.clone()).unwrap_or_default()), span));
    }
    Ok(node)
}

/// An unquoted value. `from` is where a remark may begin.
fn bare(text: &str, start: usize, from: usize, end: usize) -> Node {
    let rest = text.get(from..end).unwrap_or_default();
    let end = remark(rest, &['#']).map_or(end, |at| from + at);
    // Node takes a tab behind a value along.
    let token = text.get(start..end).unwrap_or_default().trim_end_matches(' ');
    let span = start..start + token.len();
    if is_safe(token) {
        Node::Text(Value::new(token), span)
    } else {
        Node::Other(Value::new(token), span)
    }
}

fn quoted(text: &str, line: &Line<'_>, start: usize, quote: char) -> Result<Node, Problem> {
    let malformed =
        |why: &str| Problem::Malformed { line: line.number, format: NAME, why: why.into() };
    let within = text.get(start + 1..).unwrap_or_default();
    let Some(ends) = closings(within, quote) else {
        // No quote for python-dotenv and bash, whatever it is for the others.
        return match quote {
            '`' => Ok(bare(text, start, start, line.end())),
            _ => Err(malformed("a quote is not closed")),
        };
    };
    let (first, last) = (start + 1 + ends.start, start + 1 + ends.end);
    let several = last > line.end();
    if several && (first != last || quote == '`') {
        return Err(malformed("programs differ in where its quoted value ends"));
    }
    let rest = text.get(last + 1..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let tail = rest.trim_start_matches(is_blank);
    let clean = tail.is_empty() || (tail.starts_with('#') && tail.len() < rest.len());
    if !clean {
        if several {
            return Err(malformed("text stands behind a quoted value of several lines"));
        }
        return Ok(bare(text, start, last + 1, line.end()));
    }
    let span = start..last + 1;
    let token = text.get(span.clone()).unwrap_or_default();
    let own = inner(token);
    let same = first == last && quote != '`' && !own.contains(['$', '\\', '`', '\r']);
    Ok(if same { Node::Text(Value::new(own), span) } else { Node::Other(Value::new(token), span) })
}

/// Where a quoted text may end: the first and the last place that some reader takes for its
/// end. Node takes the first quote; npm and Python one that no backslash precedes; bash one
/// that is not escaped.
fn closings(within: &str, quote: char) -> Option<Range<usize>> {
    let first = within.find(quote)?;
    let mut last = first;
    let mut before = '\0';
    if let Some((at, _)) = within.char_indices().find(|(_, c)| {
        let found = *c == quote && before != '\\';
        before = *c;
        found
    }) {
        last = last.max(at);
    }
    let mut escaped = false;
    if let Some((at, _)) = within.char_indices().find(|(_, c)| {
        let found = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        found
    }) {
        last = last.max(at);
    }
    Some(first..last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, bool, String)> {
        let Node::Map(members, _) = Dotenv.read(text).unwrap() else { panic!("a map") };
        let one = |node: Node| match node {
            Node::Text(value, _) => (true, value.text().to_owned()),
            Node::Other(value, _) => (false, value.text().to_owned()),
            _ => panic!("a value"),
        };
        members
            .into_iter()
            .map(|(name, node)| {
                let (text, value) = one(node);
                (name, text, value)
            })
            .collect()
    }

    #[test]
    fn a_value_is_a_text_only_where_all_readers_agree() {
        for (line, text, value) in [
            ("A=sk-a_B1./+=:@%", true, "sk-a_B1./+=:@%"),
            ("A=", true, ""),
            ("A= # nothing", true, ""),
            ("A='pa$s'", false, "'pa$s'"),
            ("A='a b#c' # note", true, "a b#c"),
            ("A=\"a b\"", true, "a b"),
            ("A=x\t# note", false, "x\t"),
            ("A=\tx", false, "\tx"),
            ("A=\t'x' # note", false, "\t'x'"),
            ("A='x'\t# note", true, "x"),
            ("A=\t# note", false, "\t"),
            ("A=abc#def", false, "abc#def"),
            ("A=#def", false, "#def"),
            ("A=a b # note", false, "a b"),
            ("A=pa$HOME", false, "pa$HOME"),
            ("A=\"a\\nb\"", false, "\"a\\nb\""),
            ("A=\"say \\\"hi\\\"\" # x", false, "\"say \\\"hi\\\"\""),
            ("A=\"x`echo pwn`y\"", false, "\"x`echo pwn`y\""),
            ("A=`x`", false, "`x`"),
            ("A=`x", false, "`x"),
            ("A='x'y # z", false, "'x'y"),
            ("A='x'#y", false, "'x'#y"),
            ("A = spaced", true, "spaced"),
            ("  export A=x", true, "x"),
        ] {
            let expected = ("A".to_owned(), text, value.to_owned());
            assert_eq!(read(line), std::slice::from_ref(&expected), "{line}");
            let crlf = format!("{line}\r\nB=1\r\n");
            assert_eq!(read(&crlf).first(), Some(&expected), "{line}");
            assert_eq!(read(&crlf).len(), 2, "{line}");
        }
    }

    #[test]
    fn lines_within_quotes_are_no_assignments() {
        let text = "KEY=\"-----BEGIN\nA=1\n-----END\" # pem\nB=2\n";
        let found = read(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found.last(), Some(&("B".to_owned(), true, "2".to_owned())));
    }

    #[test]
    fn where_readers_differ_in_the_lines_nothing_is_read() {
        for text in ["A='x\nB=1", "A='x\\'\nB='y'", "A='x\nB='y'", "A=`x\nB=y`"] {
            let found = Dotenv.read(text);
            assert!(matches!(found, Err(Problem::Malformed { line: 1, .. })), "{text}");
        }
    }
}
