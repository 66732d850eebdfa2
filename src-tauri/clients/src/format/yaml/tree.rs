//! The parser's events as a tree that knows styles and places.
//!
//! Three facts of the parser: its places count characters, not bytes; what ends
//! with a quote or a bracket ends behind the blanks and the comment that follow it; a list that
//! is not indented begins at its first item.

use std::{collections::BTreeMap, ops::Range};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::scalar::is_text;
use crate::format::{Node, Problem, Value, layout::line_of};

/// The deepest nesting that is read.
const DEEPEST: usize = 200;

/// A value with its place.
pub(super) struct Part {
    pub(super) kind: Kind,
    /// The bytes of its token; of a collection in block style those from its first entry on.
    pub(super) span: Range<usize>,
    /// The number of its anchor.
    anchor: Option<usize>,
}

pub(super) enum Kind {
    /// A text in one line or several, quoted or not.
    Text(String),
    /// Nothing, where a value may be put.
    Empty,
    /// A number, null, an alias, a block scalar…: what it says.
    Foreign(String),
    /// A list.
    List(Vec<Part>, Style),
    /// A map; each name with its bytes.
    Map(Vec<(Name, Part)>, Style),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Lines with indentation.
    Block,
    /// Between brackets.
    Flow,
    /// A pair without braces in a list between brackets.
    Pair,
}

pub(super) struct Name {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

impl Part {
    /// The last byte of the last token that belongs to it.
    pub(super) fn end(&self) -> usize {
        match &self.kind {
            Kind::List(items, Style::Block) => items.last().map_or(self.span.end, Self::end),
            Kind::Map(members, Style::Block) => {
                members.last().map_or(self.span.end, |(name, part)| part.end().max(name.span.end))
            }
            _ => self.span.end,
        }
    }

    /// Whether its last token is a block scalar.
    pub(super) fn ends_with_lines(&self) -> bool {
        match &self.kind {
            Kind::List(items, Style::Block) => items.last().is_some_and(Self::ends_with_lines),
            Kind::Map(members, Style::Block) => {
                members.last().is_some_and(|(_, part)| part.ends_with_lines())
            }
            Kind::Foreign(raw) => raw.starts_with('|'),
            _ => false,
        }
    }
}

/// Reads a text's one document; none where there is none or an empty one.
pub(super) fn parse(text: &str) -> Result<Option<Part>, Problem> {
    // Readers differ in whether it ends a line, and so in where comments end.
    if let Some((at, _)) =
        text.match_indices('\r').find(|(at, _)| text.as_bytes().get(at + 1) != Some(&b'\n'))
    {
        return Err(malformed(line_of(text, at), "a carriage return without a line feed"));
    }
    let mut builder = Builder::new(text);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            // One of the parser's messages quotes a character of the text.
            let why = error.info().split(": `").next().unwrap_or_default().to_owned();
            malformed(error.marker().line(), why)
        })?;
        builder.take(event, span)?;
    }
    Ok(builder.root.filter(|part| !matches!(part.kind, Kind::Empty)))
}

fn malformed(line: usize, why: impl Into<String>) -> Problem {
    Problem::Malformed { line, format: "YAML", why: why.into() }
}

/// A collection that is not closed yet.
struct Open {
    map: bool,
    style: Style,
    start: usize,
    anchor: Option<usize>,
    tagged: bool,
    name: Option<Name>,
    members: Vec<(Name, Part)>,
    items: Vec<Part>,
}

struct Builder<'t> {
    text: &'t str,
    offsets: Offsets<'t>,
    open: Vec<Open>,
    root: Option<Part>,
    documents: usize,
    digests: BTreeMap<usize, blake3::Hash>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            offsets: Offsets::new(text),
            open: Vec::new(),
            root: None,
            documents: 0,
            digests: BTreeMap::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let (start, end) =
            (self.offsets.byte(span.start.index()), self.offsets.byte(span.end.index()));
        let named = match event {
            Event::Alias(_) => true,
            Event::Scalar(_, _, anchor, _)
            | Event::MappingStart(anchor, _)
            | Event::SequenceStart(anchor, _) => anchor > 0,
            _ => false,
        };
        if named && !has_plain_anchor(self.text.get(start..).unwrap_or_default()) {
            let why = "an anchor whose name readers take for different ones";
            return Err(malformed(line_of(self.text, start), why));
        }
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Problem::Unsupported { why: "the file holds several documents" });
                }
                Ok(())
            }
            Event::Scalar(value, style, anchor, tag) => {
                let mut part = self.scalar(&value, style, tag.as_deref(), start..end);
                if anchor > 0 && matches!(part.kind, Kind::Empty) {
                    part.kind = Kind::Foreign("null".to_owned());
                }
                self.put(Part { anchor: (anchor > 0).then_some(anchor), ..part });
                Ok(())
            }
            Event::Alias(id) => {
                let name = self.text.get(start..end).unwrap_or_default().trim_end();
                // What stands there, so that a change of it is a change here as well.
                let digest = self
                    .digests
                    .get(&id)
                    .map_or_else(String::new, |hash| hash.to_hex().to_string());
                let kind = Kind::Foreign(format!("{name} {digest}"));
                self.put(Part { kind, span: start..start + name.len(), anchor: None });
                Ok(())
            }
            Event::MappingStart(anchor, tag) => self.begin(true, anchor, tag.is_some(), start..end),
            Event::SequenceStart(anchor, tag) => {
                self.begin(false, anchor, tag.is_some(), start..end)
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.finish(start);
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(
        &mut self,
        map: bool,
        anchor: usize,
        tagged: bool,
        span: Range<usize>,
    ) -> Result<(), Problem> {
        if self.open.len() == DEEPEST {
            return Err(malformed(line_of(self.text, span.start), "it is nested too deeply"));
        }
        let bracket = if map { b'{' } else { b'[' };
        let first = self.behind_properties(span.start, span.end);
        let in_brackets = |open: &Open| !open.map && open.style == Style::Flow;
        let (style, start) =
            if self.text.as_bytes().get(first) == Some(&bracket) && first < span.end {
                (Style::Flow, first)
            } else if !map {
                (Style::Block, self.dash(span.end))
            } else if self.open.last().is_some_and(in_brackets) {
                (Style::Pair, span.start)
            } else {
                (Style::Block, span.end)
            };
        let anchor = (anchor > 0).then_some(anchor);
        let (name, members, items) = (None, Vec::new(), Vec::new());
        self.open.push(Open { map, style, start, anchor, tagged, name, members, items });
        Ok(())
    }

    /// A list's first dash: the parser names its place, or where the first item begins.
    fn dash(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default().trim_end();
        let dash = before.len().saturating_sub(1);
        let stands = self.text.as_bytes().get(at) != Some(&b'-') && before.ends_with('-');
        if stands { dash } else { at }
    }

    fn finish(&mut self, close: usize) {
        let Some(open) = self.open.pop() else { return };
        let Open { style, start, anchor, .. } = open;
        let start = match (style, open.members.first()) {
            (Style::Block, Some((name, _))) => name.span.start,
            _ => start,
        };
        let end = if style == Style::Flow { close + 1 } else { start };
        let kind =
            if open.map { Kind::Map(open.members, style) } else { Kind::List(open.items, style) };
        let mut part = Part { kind, span: start..end, anchor };
        part.span.end = part.end().max(start);
        if open.tagged {
            // A tag may make anything of a collection.
            part.kind = Kind::Foreign(self.raw(&part));
        }
        self.put(part);
    }

    /// Puts a value where it belongs.
    fn put(&mut self, part: Part) {
        if let Some(anchor) = part.anchor {
            self.digests.insert(anchor, hash(&part));
        }
        let Some(mut open) = self.open.pop() else {
            self.root = Some(part);
            return;
        };
        match open.name.take() {
            _ if !open.map => open.items.push(match part.kind {
                Kind::Empty => Part { kind: Kind::Foreign("null".to_owned()), ..part },
                _ => part,
            }),
            None => {
                let raw = self.raw(&part);
                let text = match part.kind {
                    Kind::Text(text) | Kind::Foreign(text) => text,
                    Kind::Empty | Kind::List(..) | Kind::Map(..) => raw,
                };
                open.name = Some(Name { text, span: part.span });
            }
            Some(name) => {
                let empty = matches!(part.kind, Kind::Empty);
                let part = if empty { self.placed(&name, part) } else { part };
                open.members.push((name, part));
            }
        }
        self.open.push(open);
    }

    /// A collection's bytes, and what it says, which aliases in it may change.
    fn raw(&self, part: &Part) -> String {
        match part.kind {
            Kind::List(..) | Kind::Map(..) => {
                let bytes = self.text.get(part.span.clone()).unwrap_or_default();
                format!("{bytes} {}", hash(part).to_hex())
            }
            _ => String::new(),
        }
    }

    /// A name's missing value, directly behind its colon.
    fn placed(&self, name: &Name, part: Part) -> Part {
        let rest = self.text.get(name.span.end..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let colon = name.span.end + blanks;
        if self.text.as_bytes().get(colon) == Some(&b':') {
            return Part { span: colon + 1..colon + 1, ..part };
        }
        Part { kind: Kind::Foreign("null".to_owned()), span: name.span.end..name.span.end, ..part }
    }

    fn scalar(
        &self,
        value: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Range<usize>,
    ) -> Part {
        let start = self.behind_properties(span.start, span.end);
        let quote = |quote| quoted_end(self.text, start, quote).unwrap_or(span.end);
        let end = match style {
            ScalarStyle::SingleQuoted => quote(b'\''),
            ScalarStyle::DoubleQuoted => quote(b'"'),
            ScalarStyle::Plain => {
                let whole = self.text.get(start..span.end).unwrap_or_default();
                start + whole.trim_end().len()
            }
            ScalarStyle::Literal | ScalarStyle::Folded => span.end,
        };
        let raw = || self.text.get(start..end).unwrap_or_default();
        let untagged = tag.is_none();
        let text =
            untagged || tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
        let kind = match style {
            ScalarStyle::Plain if untagged && start >= end => Kind::Empty,
            ScalarStyle::Plain if untagged && !is_text(value) => Kind::Foreign(raw().to_owned()),
            ScalarStyle::Literal | ScalarStyle::Folded => Kind::Foreign(format!("|{value}")),
            _ if text && start < end => Kind::Text(value.to_owned()),
            _ => {
                let tag =
                    tag.map_or_else(String::new, |tag| format!("{}{} ", tag.handle, tag.suffix));
                Kind::Foreign(format!("{tag}{value}"))
            }
        };
        Part { kind, span: start..end.max(start), anchor: None }
    }

    /// The first byte behind an anchor and a tag.
    fn behind_properties(&self, from: usize, to: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while at < to {
            match bytes.get(at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => at += 1,
                Some(b'&' | b'!') => {
                    while at < to
                        && !matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r' | b'\n') | None)
                    {
                        at += 1;
                    }
                }
                Some(b'#') if at > from => {
                    while at < to && !matches!(bytes.get(at), Some(b'\n') | None) {
                        at += 1;
                    }
                }
                _ => break,
            }
        }
        at
    }
}

/// Whether the anchor or alias at the start of a text, behind a tag, has a name that all readers
/// read as the same: YAML 1.2 allows nearly every character in it, libyaml letters and digits.
fn has_plain_anchor(text: &str) -> bool {
    let mut words = text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    let word = words.find(|word| !word.starts_with('!')).unwrap_or_default();
    let name = word.get(1..).unwrap_or_default().split([',', '[', ']', '{', '}']).next();
    name.is_some_and(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    })
}

/// The byte behind the closing quote of a scalar.
fn quoted_end(text: &str, start: usize, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = (bytes.get(start) == Some(&quote)).then_some(start + 1)?;
    loop {
        let byte = *bytes.get(at)?;
        if quote == b'"' && byte == b'\\'
            || byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote)
        {
            at += 2;
        } else if byte == quote {
            return Some(at + 1);
        } else {
            at += 1;
        }
    }
}

fn hash(part: &Part) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    digest(part, &mut hasher);
    hasher.finalize()
}

/// Feeds all that a value says to a hash, with lengths, so that no two say the same.
fn digest(part: &Part, hasher: &mut blake3::Hasher) {
    let mut text = |kind: u8, text: &str| {
        hasher.update(&[kind]);
        hasher.update(text.len().to_string().as_bytes());
        hasher.update(b":");
        hasher.update(text.as_bytes());
    };
    match &part.kind {
        Kind::Text(value) => text(b't', value),
        Kind::Foreign(value) => text(b'o', value),
        Kind::Empty => text(b'e', ""),
        Kind::List(items, _) => {
            text(b'l', &items.len().to_string());
            for item in items {
                digest(item, hasher);
            }
        }
        Kind::Map(members, _) => {
            text(b'm', &members.len().to_string());
            for (name, part) in members {
                hasher.update(name.text.len().to_string().as_bytes());
                hasher.update(b":");
                hasher.update(name.text.as_bytes());
                digest(part, hasher);
            }
        }
    }
}

/// The tree that the edit compares.
pub(super) fn node(part: Part) -> Node {
    let span = part.span;
    match part.kind {
        Kind::Text(text) => Node::Text(Value::new(text), span),
        Kind::Empty => Node::Text(Value::new(""), span),
        Kind::Foreign(raw) => Node::Other(Value::new(raw), span),
        Kind::List(items, _) => Node::List(items.into_iter().map(node).collect(), span),
        Kind::Map(members, _) => {
            let members = members.into_iter().map(|(name, part)| (name.text, node(part)));
            Node::Map(members.collect(), span)
        }
    }
}

/// Characters to bytes.
struct Offsets<'t> {
    text: &'t str,
    /// The byte of each 256th character; empty where each character is a byte.
    marks: Vec<usize>,
}

const STEP: usize = 256;

impl<'t> Offsets<'t> {
    fn new(text: &'t str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STEP).map(|(at, _)| at).collect()
        };
        Self { text, marks }
    }

    fn byte(&self, character: usize) -> usize {
        if self.marks.is_empty() {
            return character.min(self.text.len());
        }
        let Some(mark) = self.marks.get(character / STEP) else { return self.text.len() };
        let rest = self.text.get(*mark..).unwrap_or_default();
        rest.char_indices().nth(character % STEP).map_or(self.text.len(), |(at, _)| mark + at)
    }
}
