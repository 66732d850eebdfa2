//! Names with values below `[section]` lines: what INI files and `.npmrc` share.

use std::ops::Range;

use super::{
    Fresh, Node, Problem, Splice,
    lines::{self, Line, is_blank, line_end, put},
    token::{Quote, inner},
};
use crate::path::Step;

/// How one of these formats differs from the other.
pub(super) struct Rules {
    /// Its name in messages.
    pub(super) format: &'static str,
    /// What may end a name.
    pub(super) delimiters: &'static [char],
    /// Whether lines with a deeper indentation continue the value.
    pub(super) continued: bool,
    /// Whether quotes around a name are no part of it.
    pub(super) quoted_names: bool,
    /// Whether names that differ only in their letters' case are the same.
    pub(super) caseless: bool,
    /// What stands between a name and its value where no sibling shows it.
    pub(super) between: &'static str,
    /// The node of a value that is not empty and stands on one line.
    pub(super) value: fn(&str, Range<usize>) -> Node,
    /// The token of a value.
    pub(super) token: fn(&str, &str) -> Result<String, Problem>,
}

/// A section, or what stands before the first one.
struct Section<'t> {
    /// Its name; none before the first one.
    name: Option<&'t str>,
    /// Where its own line begins, and where a line behind it goes.
    line: Range<usize>,
    entries: Vec<Entry<'t>>,
}

/// One name with its value.
struct Entry<'t> {
    name: &'t str,
    /// The blanks before the name.
    indent: &'t str,
    /// From the name's end to the value's start.
    between: &'t str,
    value: Node,
    /// The end of its last line.
    end: usize,
}

impl Rules {
    /// Reads a text: sections with their names, and the names before the first section.
    pub(super) fn read(&self, text: &str) -> Result<Node, Problem> {
        let mut members = Vec::new();
        for section in self.sections(text)? {
            let end = section.end();
            let own = section.entries.into_iter().map(|entry| (entry.name.to_owned(), entry.value));
            match section.name {
                None => members.extend(own),
                Some(name) => {
                    members
                        .push((name.to_owned(), Node::Map(own.collect(), section.line.start..end)));
                }
            }
        }
        Ok(Node::Map(members, 0..text.len()))
    }

    fn sections<'t>(&self, text: &'t str) -> Result<Vec<Section<'t>>, Problem> {
        lines::no_lone_return(text, self.format)?;
        let mut done = Vec::new();
        let mut open = Section { name: None, line: 0..0, entries: Vec::new() };
        for line in lines::lines(text) {
            let (start, rest) = line.indented();
            if rest.is_empty() || rest.starts_with(['#', ';']) {
                continue;
            }
            let deeper = |entry: &&mut Entry<'_>| {
                start - line.start > entry.indent.chars().count() && self.continued
            };
            if let Some(entry) = open.entries.last_mut().filter(deeper) {
                entry.continue_to(text, &line);
            } else if rest.starts_with('[') {
                let name = self.header(rest, line.number)?;
                let next = Section { name: Some(name), line: start..line.end(), entries: vec![] };
                done.push(std::mem::replace(&mut open, next));
            } else {
                open.entries.push(self.entry(text, &line));
            }
        }
        done.push(open);
        Ok(done)
    }

    /// The name in `[name]`, with what may follow it.
    fn header<'t>(&self, line: &'t str, number: usize) -> Result<&'t str, Problem> {
        let malformed = |why: &str| Problem::Malformed {
            line: number,
            format: self.format,
            why: why.to_owned(),
        };
        let (name, rest) = line
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
            .ok_or_else(|| malformed("a section's name is not closed by `]`"))?;
        let rest = rest.trim_start_matches(is_blank);
        if !(rest.is_empty() || rest.starts_with(['#', ';'])) || rest.contains(']') {
            return Err(malformed("text stands behind a section's name"));
        }
        match name.trim_matches(is_blank) {
            "" => Err(malformed("a section has no name")),
            name => Ok(name),
        }
    }

    fn entry<'t>(&self, text: &'t str, line: &Line<'t>) -> Entry<'t> {
        let (start, rest) = line.indented();
        let indent = text.get(line.start..start).unwrap_or_default();
        let end = line.end();
        let Some(at) = rest.find(self.delimiters) else {
            // Git's `name` for true; an error elsewhere.
            let name = rest.trim_end_matches(is_blank);
            let value = Node::Other(super::Value::new(name), start..start + name.len());
            return Entry { name, indent, between: self.between, value, end };
        };
        let name = rest.get(..at).unwrap_or_default().trim_end_matches(is_blank);
        let after = rest.get(at + 1..).unwrap_or_default();
        let token = after.trim_matches(is_blank);
        let from = end - after.trim_start_matches(is_blank).len();
        let between = text.get(start + name.len()..from).unwrap_or(self.between);
        let span = from..from + token.len();
        let name = match Quote::of(name) {
            Quote::Single | Quote::Double if self.quoted_names => inner(name),
            _ => name,
        };
        let value = match token {
            "" => Node::Text(super::Value::new(""), span),
            _ => (self.value)(token, span),
        };
        Entry { name, indent, between, value, end }
    }

    /// The bytes that put a name, or a section with its names, into a text.
    pub(super) fn insert(
        &self,
        text: &str,
        path: &[Step],
        value: &Fresh,
    ) -> Result<Splice, Problem> {
        let sections = self.sections(text)?;
        match (path, value) {
            ([Step::Key(name)], Fresh::Text(value)) => {
                let top = sections.first().ok_or(LEVELS)?;
                let line = self.line(&sections, top, name, value.text())?;
                let at = match (top.entries.last(), sections.get(1)) {
                    (Some(last), _) => last.end,
                    // Before the first section, and before what is said of it.
                    (None, Some(_)) => return Ok(put(0, line + line_end(text, 0))),
                    (None, None) => return Ok(lines::append(text, &[line])),
                };
                Ok(put(at, line_end(text, at).to_owned() + &line))
            }
            ([Step::Key(section), Step::Key(name)], Fresh::Text(value)) => {
                let named = sections.iter().find(|own| own.name == Some(section));
                let section = named.ok_or(LEVELS)?;
                let line = self.line(&sections, section, name, value.text())?;
                let at = section.end();
                Ok(put(at, line_end(text, at).to_owned() + &line))
            }
            ([Step::Key(section)], Fresh::Map(members)) => {
                self.new_section(text, &sections, section, members)
            }
            _ => Err(LEVELS),
        }
    }

    fn new_section(
        &self,
        text: &str,
        sections: &[Section<'_>],
        name: &str,
        members: &[(String, Fresh)],
    ) -> Result<Splice, Problem> {
        let bad = name.is_empty()
            || name.trim() != name
            || name.chars().any(|c| c.is_control() || "[]".contains(c));
        if bad {
            return Err(self.unnameable("a section's name holds no bracket and no line end"));
        }
        let mut new = Vec::new();
        // One blank line before it.
        if !text.is_empty() && lines::lines(text).last().is_some_and(|l| !l.text.is_empty()) {
            new.push(String::new());
        }
        new.push(format!("[{name}]"));
        let fresh = Section { name: None, line: 0..0, entries: Vec::new() };
        for (name, value) in members {
            let Fresh::Text(value) = value else { return Err(LEVELS) };
            new.push(self.line(sections, &fresh, name, value.text())?);
        }
        Ok(lines::append(text, &new))
    }

    /// A new line in the style of its siblings, else of the file's last name.
    fn line(
        &self,
        sections: &[Section<'_>],
        own: &Section<'_>,
        name: &str,
        value: &str,
    ) -> Result<String, Problem> {
        self.check(name)?;
        let twin = |entry: &Entry<'_>| entry.name.to_lowercase() == name.to_lowercase();
        if self.caseless && own.entries.iter().any(twin) {
            let why = "the name is there already in other letters";
            return Err(Problem::Unsupported { why });
        }
        let mut all = sections.iter().flat_map(|section| &section.entries);
        let like = own.entries.last().or_else(|| all.next_back());
        let indent = like.map_or("", |entry| entry.indent);
        let between = like.map_or(self.between, |entry| entry.between);
        // An empty sibling shows no blank behind its delimiter.
        let between = match between.trim_start_matches(is_blank).len() {
            1 if between.len() > 1 => self.between,
            _ => between,
        };
        Ok(format!("{indent}{name}{between}{}", (self.token)(value, "")?))
    }

    fn check(&self, name: &str) -> Result<(), Problem> {
        let bad = name.is_empty()
            || name.trim() != name
            || name.starts_with(['#', ';', '[', '"', '\''])
            || name.chars().any(|c| c.is_control() || self.delimiters.contains(&c));
        if bad {
            return Err(self.unnameable(
                "it holds a delimiter, a line end or an outer blank, or begins as a remark or a \
                 section does",
            ));
        }
        Ok(())
    }

    const fn unnameable(&self, why: &'static str) -> Problem {
        Problem::Unnameable { format: self.format, why }
    }
}

const LEVELS: Problem =
    Problem::Unsupported { why: "this format has sections, and names with one text each" };

impl Section<'_> {
    /// The end of its last line that is no remark.
    fn end(&self) -> usize {
        self.entries.last().map_or(self.line.end, |entry| entry.end)
    }
}

impl Entry<'_> {
    /// Takes one more line into the value, which is no single text any more.
    fn continue_to(&mut self, text: &str, line: &Line<'_>) {
        let end = line.start + line.text.trim_end_matches(is_blank).len();
        let span = self.value.span().start..end;
        let token = text.get(span.clone()).unwrap_or_default();
        self.value = Node::Other(super::Value::new(token), span);
        self.end = line.end();
    }
}
