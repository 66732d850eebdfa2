//! New values in YAML: lines with the indentation of their neighbours, or an entry between
//! brackets.

use super::{
    scalar,
    tree::{Kind, Part, Style},
};
use crate::{
    format::{
        Fresh, Problem, Splice, Value,
        brackets::{Brackets, Comments, Layout},
        layout::{line_end, line_start, line_stop},
    },
    path::Step,
};

const NO_PLACE: Problem = Problem::Unsupported { why: "the text has no place for a new entry" };

pub(super) fn insert(
    text: &str,
    root: Option<&Part>,
    path: &[Step],
    value: &Fresh,
) -> Result<Splice, Problem> {
    let Some((last, above)) = path.split_last() else { return Err(NO_PLACE) };
    let writer = Writer {
        text,
        end: line_end(text),
        unit: root.and_then(|root| unit(text, root)).unwrap_or(2),
    };
    let Some(root) = root else { return writer.document(last, value) };
    let mut parent = root;
    for step in above {
        parent = below(parent, step).ok_or(NO_PLACE)?;
    }
    if let Some(nothing) = below(parent, last) {
        return writer.fill(parent, nothing, value);
    }
    match (&parent.kind, last) {
        (Kind::Map(members, _), Step::Key(_))
            if members.iter().any(|(name, _)| name.text == "<<") =>
        {
            Err(Problem::Unsupported {
                why: "the table takes values from another place of the file by `<<`",
            })
        }
        (Kind::Map(_, Style::Block) | Kind::List(_, Style::Block), _) => {
            writer.lines_behind(parent, last, value)
        }
        (Kind::Map(_, Style::Flow) | Kind::List(_, Style::Flow), _) => {
            Ok(writer.between(parent, last, value))
        }
        _ => Err(NO_PLACE),
    }
}

fn below<'p>(part: &'p Part, step: &Step) -> Option<&'p Part> {
    match (&part.kind, step) {
        (Kind::Map(members, _), Step::Key(name)) => {
            members.iter().find(|(own, _)| own.text == *name).map(|(_, part)| part)
        }
        (Kind::List(items, _), Step::Index(number)) => items.get(*number),
        _ => None,
    }
}

/// One step of indentation: that of the first table that stands in another one.
fn unit(text: &str, part: &Part) -> Option<usize> {
    match &part.kind {
        Kind::Map(members, Style::Block) => members.iter().find_map(|(name, below)| {
            let inner = match below.kind {
                Kind::Map(_, Style::Block) => column(text, below.span.start),
                _ => 0,
            };
            inner
                .checked_sub(column(text, name.span.start))
                .filter(|step| *step > 0)
                .or_else(|| unit(text, below))
        }),
        Kind::List(items, Style::Block) => items.iter().find_map(|item| unit(text, item)),
        _ => None,
    }
}

/// The characters before a byte in its line.
fn column(text: &str, at: usize) -> usize {
    text.get(line_start(text, at)..at).unwrap_or_default().chars().count()
}

struct Writer<'t> {
    text: &'t str,
    end: &'static str,
    unit: usize,
}

impl Writer<'_> {
    /// A document where there is none: behind the comments that stand there.
    fn document(&self, last: &Step, value: &Fresh) -> Result<Splice, Problem> {
        let text = self.text;
        // Behind the end of a document nothing more may stand.
        if text.lines().any(|line| line.starts_with("...")) {
            return Err(NO_PLACE);
        }
        let closed = text.is_empty() || text.ends_with('\n');
        let entry = self.entry(last, value, 0);
        let (before, behind) = if closed { ("", self.end) } else { (self.end, "") };
        let with = Value::new(format!("{before}{entry}{behind}"));
        Ok(Splice { span: text.len()..text.len(), with })
    }

    /// A table or a list behind a name that has nothing yet.
    fn fill(&self, parent: &Part, nothing: &Part, value: &Fresh) -> Result<Splice, Problem> {
        let Kind::Map(members, style) = &parent.kind else { return Err(NO_PLACE) };
        let at = nothing.span.start;
        let mut with = String::new();
        if *style != Style::Block {
            with.push(' ');
            flow(&mut with, value);
            return Ok(Splice { span: at..at, with: Value::new(with) });
        }
        let own = members.first().map_or(0, |(name, _)| column(self.text, name.span.start));
        // A comment behind the name stays with it.
        let at = line_stop(self.text, at);
        self.below(&mut with, value, own);
        Ok(Splice { span: at..at, with: Value::new(with) })
    }

    /// Lines behind the last ones of a table or a list.
    fn lines_behind(&self, parent: &Part, last: &Step, value: &Fresh) -> Result<Splice, Problem> {
        let column = column(self.text, parent.span.start);
        let entry = format!("{}{}", " ".repeat(column), self.entry(last, value, column));
        let end = parent.end();
        // The parser ends a block scalar where the next line begins.
        if parent.ends_with_lines() && end != line_start(self.text, end) {
            return Err(Problem::Unsupported {
                why: "the text ends within a block of lines, and a new line would belong to it",
            });
        }
        let (at, with) = if end == line_start(self.text, end) {
            (end, format!("{entry}{}", self.end))
        } else {
            (line_stop(self.text, end), format!("{}{entry}", self.end))
        };
        Ok(Splice { span: at..at, with: Value::new(with) })
    }

    fn between(&self, parent: &Part, last: &Step, value: &Fresh) -> Splice {
        let values = match &parent.kind {
            Kind::Map(members, _) => members.iter().map(|(_, part)| part.span.clone()).collect(),
            Kind::List(items, _) => items.iter().map(|part| part.span.clone()).collect(),
            _ => Vec::new(),
        };
        let span = parent.span.clone();
        let brackets = Brackets { text: self.text, span, values, comments: Comments::Hash };
        brackets.append("  ", false, |_: &Layout| {
            let mut entry = String::new();
            if let Step::Key(name) = last {
                entry.push_str(&scalar::token(name));
                entry.push_str(": ");
            }
            flow(&mut entry, value);
            entry
        })
    }

    /// `name: value` or `- value` with all that is below; its first line is not indented.
    fn entry(&self, step: &Step, value: &Fresh, column: usize) -> String {
        let mut out = String::new();
        match step {
            Step::Key(name) => self.member(&mut out, name, value, column),
            Step::Index(_) => self.item(&mut out, value, column),
        }
        out
    }

    fn member(&self, out: &mut String, name: &str, value: &Fresh, column: usize) {
        out.push_str(&scalar::token(name));
        out.push(':');
        self.below(out, value, column);
    }

    /// What stands behind a name's colon.
    fn below(&self, out: &mut String, value: &Fresh, column: usize) {
        match value {
            Fresh::Map(members) if !members.is_empty() => {
                for (name, value) in members {
                    self.line(out, column + self.unit);
                    self.member(out, name, value, column + self.unit);
                }
            }
            Fresh::List(items) if !items.is_empty() => {
                for item in items {
                    self.line(out, column + self.unit);
                    self.item(out, item, column + self.unit);
                }
            }
            _ => {
                out.push(' ');
                flow(out, value);
            }
        }
    }

    fn item(&self, out: &mut String, value: &Fresh, column: usize) {
        out.push_str("- ");
        match value {
            Fresh::Map(members) if !members.is_empty() => {
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        self.line(out, column + 2);
                    }
                    self.member(out, name, value, column + 2);
                }
            }
            _ => flow(out, value),
        }
    }

    fn line(&self, out: &mut String, column: usize) {
        out.push_str(self.end);
        out.push_str(&" ".repeat(column));
    }
}

/// A value in one line.
fn flow(out: &mut String, value: &Fresh) {
    match value {
        Fresh::Text(text) => out.push_str(&scalar::token(text.text())),
        Fresh::Flag(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Fresh::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                flow(out, item);
            }
            out.push(']');
        }
        Fresh::Map(members) => {
            out.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                out.push_str(&scalar::token(name));
                out.push_str(": ");
                flow(out, value);
            }
            out.push('}');
        }
    }
}
