//! JSON as RFC 8259 has it, and JSON with comments and trailing commas, as VS Code's reader
//! takes it.

mod scan;

use std::fmt::Write as _;

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Array, Object, Value as Parsed},
    common::Ranged,
    errors::{ParseError, ParseErrorKind},
    parse_to_ast,
};

use self::scan::{Scanned, scan};
use super::{
    Fresh, Node, Problem, Splice, Syntax, Value,
    brackets::{Brackets, Comments, Layout},
    layout::{begins_line, indent_at, line_end, line_of},
};
use crate::path::Step;

/// JSON.
pub(crate) struct Json {
    /// Whether comments and trailing commas are part of it.
    pub(crate) comments: bool,
}

impl Syntax for Json {
    fn name(&self) -> &'static str {
        if self.comments { "JSON with comments" } else { "JSON" }
    }

    fn read(&self, text: &str) -> Result<Node, Problem> {
        let malformed = |at, why: String| Problem::Malformed {
            line: line_of(text, at),
            format: self.name(),
            why,
        };
        let scanned = scan(text).map_err(|(at, why)| malformed(at, why.to_owned()))?;
        let parsed = parse_to_ast(&scanned.text, &CollectOptions::default(), &self.options())
            .map_err(|error| malformed(error.range().start, reason(&error)))?;
        // Nothing but blanks and comments: nothing has a place yet.
        Ok(parsed.value.map_or(Node::Map(Vec::new(), 0..0), |value| node(value, &scanned, text)))
    }

    fn token(&self, value: &str, _: &str) -> Result<String, Problem> {
        Ok(quoted(value))
    }

    fn insert(
        &self,
        text: &str,
        tree: &Node,
        path: &[Step],
        value: &Fresh,
    ) -> Result<Splice, Problem> {
        let unsupported = Problem::Unsupported { why: "the text has no place for a new entry" };
        let Some((last, parent)) = path.split_last() else { return Err(unsupported) };
        let name = match last {
            Step::Key(name) => Some(name.as_str()),
            Step::Index(_) => None,
        };
        let style = Style::of(text);
        let (span, values) = match tree.at(parent)? {
            Some(Node::Map(members, span)) if name.is_some() => {
                (span.clone(), members.iter().map(|(_, node)| node.span().clone()).collect())
            }
            Some(Node::List(items, span)) if name.is_none() => {
                (span.clone(), items.iter().map(|node| node.span().clone()).collect())
            }
            _ => return Err(unsupported),
        };
        if span.is_empty() {
            let document = Fresh::Map(vec![(name.unwrap_or_default().to_owned(), value.clone())]);
            return Ok(style.document(text, &document));
        }
        let spread = style.spread || text.trim().len() == span.len();
        let brackets = Brackets { text, span, values, comments: Comments::Slashes };
        let unit = style.unit.clone();
        Ok(brackets.append(&unit, spread, |layout| style.entry(name, value, layout)))
    }
}

impl Json {
    fn options(&self) -> ParseOptions {
        ParseOptions {
            allow_comments: self.comments,
            allow_trailing_commas: self.comments,
            allow_loose_object_property_names: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        }
    }
}

/// The parser's words, without the one message that quotes the text.
fn reason(error: &ParseError) -> String {
    let words = match error.kind() {
        ParseErrorKind::String(_) => "a text is not closed, or holds a wrong escape".to_owned(),
        kind => kind.to_string(),
    };
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

fn node(value: Parsed<'_>, scanned: &Scanned<'_>, text: &str) -> Node {
    let span = value.start()..value.end();
    let raw = || Value::new(text.get(value.start()..value.end()).unwrap_or_default());
    match value {
        Parsed::StringLit(literal) if !scanned.halved(span.start, span.end) => {
            Node::Text(Value::new(literal.value), span)
        }
        Parsed::Object(Object { properties, .. }) => Node::Map(
            properties
                .into_iter()
                .map(|property| {
                    (property.name.as_str().to_owned(), node(property.value, scanned, text))
                })
                .collect(),
            span,
        ),
        Parsed::Array(Array { elements, .. }) => {
            Node::List(elements.into_iter().map(|one| node(one, scanned, text)).collect(), span)
        }
        Parsed::StringLit(_)
        | Parsed::NumberLit(_)
        | Parsed::BooleanLit(_)
        | Parsed::NullKeyword(_) => Node::Other(raw(), span),
    }
}

/// A text in quotes.
pub(super) fn quoted(value: &str) -> String {
    let mut token = String::with_capacity(value.len() + 2);
    token.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => token.extend(['\\', c]),
            '\n' => token.push_str("\\n"),
            '\r' => token.push_str("\\r"),
            '\t' => token.push_str("\\t"),
            // Writing into a String cannot fail.
            '\0'..='\u{1f}' | '\u{7f}' => _ = write!(token, "\\u{:04x}", u32::from(c)),
            _ => token.push(c),
        }
    }
    token.push('"');
    token
}

/// How a document is laid out.
struct Style {
    /// One step of indentation.
    unit: String,
    end: &'static str,
    colon: &'static str,
    comma: &'static str,
    /// Whether the document takes more than one line.
    spread: bool,
}

impl Style {
    fn of(text: &str) -> Self {
        let whole = text.trim();
        let spread = whole.contains('\n');
        // The first member that begins a line stands one step deep.
        let unit = text
            .match_indices('"')
            .take(64)
            .find(|(at, _)| begins_line(text, *at))
            .map_or("", |(at, _)| indent_at(text, at))
            .to_owned();
        let tight = text.match_indices("\":").next().is_some_and(|(at, _)| {
            !text.get(at + 2..).unwrap_or_default().starts_with([' ', '\n'])
        });
        Self {
            unit: if unit.is_empty() { "  ".to_owned() } else { unit },
            end: line_end(text),
            colon: if tight { ":" } else { ": " },
            comma: if tight && !spread { "," } else { ", " },
            spread,
        }
    }

    /// A whole document, behind what stands in the text already.
    fn document(&self, text: &str, document: &Fresh) -> Splice {
        let at = if text.trim().is_empty() { 0 } else { text.len() };
        let mut with = String::new();
        if at > 0 && !text.ends_with('\n') {
            with.push_str(self.end);
        }
        self.value(&mut with, document, Some(""), false);
        if at > 0 || text.is_empty() {
            with.push_str(self.end);
        }
        Splice { span: at..at, with: Value::new(with) }
    }

    fn entry(&self, name: Option<&str>, value: &Fresh, layout: &Layout) -> String {
        let mut entry = String::new();
        if let Some(name) = name {
            entry.push_str(&quoted(name));
            entry.push_str(self.colon);
        }
        self.value(&mut entry, value, layout.indent.as_deref(), layout.padded);
        entry
    }

    fn value(&self, out: &mut String, value: &Fresh, indent: Option<&str>, padded: bool) {
        match value {
            Fresh::Text(text) => out.push_str(&quoted(text.text())),
            Fresh::Flag(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Fresh::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { self.comma } else { "" });
                    self.value(out, item, None, padded);
                }
                out.push(']');
            }
            Fresh::Map(members) if members.is_empty() => out.push_str("{}"),
            Fresh::Map(members) => {
                let inner = indent.map(|indent| format!("{indent}{}", self.unit));
                let pad = if padded { " " } else { "" };
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    match &inner {
                        Some(inner) => {
                            out.extend([if at > 0 { "," } else { "" }, self.end, inner]);
                        }
                        None => out.push_str(if at > 0 { self.comma } else { pad }),
                    }
                    out.push_str(&quoted(name));
                    out.push_str(self.colon);
                    self.value(out, value, inner.as_deref(), padded);
                }
                match indent {
                    Some(indent) => out.extend([self.end, indent]),
                    None => out.push_str(pad),
                }
                out.push('}');
            }
        }
    }
}

#[cfg(test)]
mod tests;
