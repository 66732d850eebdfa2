//! New values in TOML: a line in a table, a table with its header, an entry between brackets.

use std::ops::Range;

use toml_edit::{ArrayOfTables, Document, Item, Table, Value as Parsed};

use super::quoted;
use crate::{
    format::{
        Fresh, Problem, Splice, Value,
        brackets::{Brackets, Comments, Layout},
        layout::{indent_at, line_end, line_start, line_stop, next_line},
    },
    path::Step,
};

const NO_PLACE: Problem = Problem::Unsupported { why: "the text has no place for a new entry" };

/// What holds the new value.
enum Place<'d> {
    Table(&'d Table),
    Tables(&'d ArrayOfTables),
    Value(&'d Parsed),
}

pub(super) fn insert(
    text: &str,
    document: &Document<&str>,
    path: &[Step],
    value: &Fresh,
) -> Result<Splice, Problem> {
    let Some((last, above)) = path.split_last() else { return Err(NO_PLACE) };
    let writer = Writer { text, end: line_end(text), root: document.as_table() };
    match (place(document.as_table(), above).ok_or(NO_PLACE)?, last) {
        (Place::Value(parent), _) => writer.between(parent, last, value),
        (Place::Tables(tables), Step::Index(_)) => {
            let Fresh::Map(members) = value else { return Err(NO_PLACE) };
            let names = names(above).ok_or(NO_PLACE)?;
            let header = format!("[[{}]]", dotted(&names));
            let block = writer.block(&header, members);
            Ok(writer.behind(extent_of_all(tables), &block))
        }
        (Place::Table(table), Step::Key(name)) => writer.member(table, above, name, value),
        _ => Err(NO_PLACE),
    }
}

fn place<'d>(root: &'d Table, path: &[Step]) -> Option<Place<'d>> {
    let mut place = Place::Table(root);
    for step in path {
        place = match (place, step) {
            (Place::Table(table), Step::Key(name)) => match table.get(name)? {
                Item::Table(table) => Place::Table(table),
                Item::ArrayOfTables(tables) => Place::Tables(tables),
                Item::Value(value) => Place::Value(value),
                Item::None => return None,
            },
            (Place::Tables(tables), Step::Index(number)) => Place::Table(tables.get(*number)?),
            (Place::Value(Parsed::InlineTable(table)), Step::Key(name)) => {
                Place::Value(table.get(name)?)
            }
            (Place::Value(Parsed::Array(array)), Step::Index(number)) => {
                Place::Value(array.get(*number)?)
            }
            _ => return None,
        };
    }
    Some(place)
}

/// The names of a path without items of lists.
fn names(path: &[Step]) -> Option<Vec<&str>> {
    path.iter().map(name).collect()
}

fn name(step: &Step) -> Option<&str> {
    match step {
        Step::Key(name) => Some(name),
        Step::Index(_) => None,
    }
}

struct Writer<'t> {
    text: &'t str,
    end: &'static str,
    root: &'t Table,
}

/// Tables that stand below another one: name and members.
type Below<'f> = Vec<(&'f str, &'f [(String, Fresh)])>;

impl Writer<'_> {
    /// An entry of an inline table or an array.
    fn between(&self, parent: &Parsed, last: &Step, value: &Fresh) -> Result<Splice, Problem> {
        let span = parent.span().ok_or(NO_PLACE)?;
        let of = |values: Vec<Option<Range<usize>>>| values.into_iter().collect::<Option<Vec<_>>>();
        let (name, values) = match (parent, last) {
            (Parsed::InlineTable(table), Step::Key(name)) if !table.is_dotted() => {
                let values = table.iter().map(|(_, value)| value_span(value)).collect();
                (Some(name), of(values))
            }
            (Parsed::Array(array), Step::Index(_)) => {
                (None, of(array.iter().map(Parsed::span).collect()))
            }
            _ => return Err(NO_PLACE),
        };
        let inner = self.text.get(span.start + 1..span.end.saturating_sub(1)).unwrap_or_default();
        if name.is_some() && inner.contains('\n') {
            return Err(Problem::Unsupported {
                why: "the inline table takes several lines, which few readers of TOML know",
            });
        }
        let mut values = values.ok_or(NO_PLACE)?;
        values.sort_by_key(|span| span.end);
        let brackets = Brackets { text: self.text, span, values, comments: Comments::Hash };
        Ok(brackets.append("  ", false, |_: &Layout| match name {
            Some(name) if inner.is_empty() => format!(" {} ", line(&[name], value)),
            Some(name) => line(&[name], value),
            None => inline(value),
        }))
    }

    /// A member of a table.
    fn member(
        &self,
        table: &Table,
        above: &[Step],
        name: &str,
        value: &Fresh,
    ) -> Result<Splice, Problem> {
        if let (Fresh::Map(members), Some(mut path), false) =
            (value, names(above), table.is_dotted())
        {
            path.push(name);
            let mut blocks = Vec::new();
            self.blocks(&path, members, &mut blocks);
            return Ok(self.behind(below(table), &blocks.join(&self.end.repeat(2))));
        }
        if table.is_dotted() {
            let path = dotted_path(self.root, above, name).ok_or(NO_PLACE)?;
            let (key, end) = last_line(table).ok_or(NO_PLACE)?;
            return Ok(self.line_behind(key, end, &line(&path, value)));
        }
        let new = line(&[name], value);
        if above.is_empty() {
            return Ok(match last_line(table) {
                Some((key, end)) => self.line_behind(key, end, &new),
                None => self.top(first_header(table), &new),
            });
        }
        if table.is_implicit() {
            let header = format!("[{}]", dotted(&names(above).ok_or(NO_PLACE)?));
            return Ok(self.behind(below(table), &format!("{header}{}{new}", self.end)));
        }
        let header = table.span().ok_or(NO_PLACE)?;
        let (key, end) = last_line(table).unwrap_or((header.start, header.end));
        Ok(self.line_behind(key, end, &new))
    }

    /// A line behind the one that ends a value, with the blanks before that value's key.
    fn line_behind(&self, key: usize, end: usize, line: &str) -> Splice {
        let at = line_stop(self.text, end);
        splice(at, format!("{}{}{line}", self.end, indent_at(self.text, key)))
    }

    /// A line above the first table.
    fn top(&self, header: Option<usize>, line: &str) -> Splice {
        let Some(header) = header else { return self.last(line, "") };
        // Comments directly above the header belong to it, but for those that open the file.
        let own = line_start(self.text, header);
        let mut at = own;
        while let Some(above) = at.checked_sub(1).map(|at| line_start(self.text, at)) {
            let words = self.text.get(above..at).unwrap_or_default().trim_start();
            if !words.starts_with('#') {
                break;
            }
            at = above;
        }
        let at = if at == 0 { own } else { at };
        splice(at, format!("{line}{}", self.end.repeat(2)))
    }

    /// A block of lines behind what ends at a byte; behind everything where there is none.
    fn behind(&self, end: Option<usize>, block: &str) -> Splice {
        let Some(end) = end else { return self.last(block, self.end) };
        let line = |at| self.text.get(at..line_stop(self.text, at)).unwrap_or_default().trim();
        let mut at = line_stop(self.text, end);
        let (mut next, mut commented) = (next_line(self.text, at), at);
        while line(next).starts_with('#') {
            commented = line_stop(self.text, next);
            next = next_line(self.text, next);
        }
        // Comments that directly follow belong to what is there, unless a header follows them.
        if line(next).is_empty() {
            at = commented;
        }
        if self.text.get(at..).unwrap_or_default().trim().is_empty() {
            return self.last(block, self.end);
        }
        splice(at, format!("{}{block}", self.end.repeat(2)))
    }

    /// Lines at the end of the text.
    fn last(&self, block: &str, gap: &str) -> Splice {
        let text = self.text;
        let mut with = String::new();
        let closed = text.is_empty() || text.ends_with('\n');
        if !closed {
            with.push_str(self.end);
        }
        let parted = text.is_empty() || text.ends_with("\n\n") || text.ends_with("\n\r\n");
        if !parted {
            with.push_str(gap);
        }
        with.push_str(block);
        if closed {
            with.push_str(self.end);
        }
        splice(text.len(), with)
    }

    /// The tables that a new one is written as: its own, where it has members of its own, and
    /// those below it.
    fn blocks(&self, path: &[&str], members: &[(String, Fresh)], out: &mut Vec<String>) {
        let (own, below) = self.table_lines(path, members);
        if !own.is_empty() || below.is_empty() {
            out.push(own);
        }
        for (name, members) in below {
            let mut path = path.to_vec();
            path.push(name);
            self.blocks(&path, members, out);
        }
    }

    /// A table's header and lines, and the tables below it. Beside other members a table that
    /// holds no tables stands in one line, as in `http_headers = { Authorization = "…" }`.
    fn table_lines<'f>(
        &self,
        path: &[&str],
        members: &'f [(String, Fresh)],
    ) -> (String, Below<'f>) {
        let lone = members.iter().all(|(_, value)| matches!(value, Fresh::Map(_)));
        let (mut own, mut below) = (Vec::new(), Vec::new());
        for (name, value) in members {
            match value {
                Fresh::Map(members) if lone || !is_leaf(members) => {
                    below.push((name.as_str(), members.as_slice()));
                }
                _ => own.push((name.clone(), value.clone())),
            }
        }
        if own.is_empty() && !below.is_empty() {
            return (String::new(), below);
        }
        (self.block(&format!("[{}]", dotted(path)), &own), below)
    }

    fn block(&self, header: &str, members: &[(String, Fresh)]) -> String {
        let mut block = header.to_owned();
        for (name, value) in members {
            block.push_str(self.end);
            block.push_str(&line(&[name], value));
        }
        block
    }
}

fn splice(at: usize, with: String) -> Splice {
    Splice { span: at..at, with: Value::new(with) }
}

fn is_leaf(members: &[(String, Fresh)]) -> bool {
    !members.iter().any(|(_, value)| matches!(value, Fresh::Map(_)))
}

/// The names of a member of a table that dotted keys made, from the table that holds those.
fn dotted_path<'p>(root: &Table, above: &'p [Step], name: &'p str) -> Option<Vec<&'p str>> {
    let holder = (0..above.len()).rev().find(|depth| {
        let path = above.get(..*depth).unwrap_or_default();
        matches!(place(root, path), Some(Place::Table(table)) if !table.is_dotted())
    })?;
    let mut path = names(above.get(holder..)?)?;
    path.push(name);
    Some(path)
}

/// The key's first byte and the value's end of a table's last line.
fn last_line(table: &Table) -> Option<(usize, usize)> {
    let lines = table.iter().filter_map(|(name, item)| match item {
        Item::Value(value) => Some((table.key(name)?.span()?.start, value_span(value)?.end)),
        Item::Table(table) if table.is_dotted() => last_line(table),
        _ => None,
    });
    lines.max_by_key(|(_, end)| *end)
}

/// The bytes of a value; those of its members where dotted keys between brackets made it.
fn value_span(value: &Parsed) -> Option<Range<usize>> {
    match value {
        Parsed::InlineTable(table) if table.is_dotted() => {
            table.iter().filter_map(|(_, value)| value_span(value)).max_by_key(|span| span.end)
        }
        _ => value.span(),
    }
}

/// Where a table with all that is below it ends.
fn extent(table: &Table) -> Option<usize> {
    let header = (!table.is_implicit() && !table.is_dotted()).then(|| table.span()).flatten();
    let lines = last_line(table).map(|(_, end)| end);
    header.map(|span| span.end).into_iter().chain(lines).chain(below(table)).max()
}

/// Where the last table below a table ends; where it ends itself, if it has a header and none
/// below it.
fn below(table: &Table) -> Option<usize> {
    let tables = table.iter().filter_map(|(_, item)| match item {
        Item::Table(below) if !below.is_dotted() => extent(below),
        Item::ArrayOfTables(tables) => extent_of_all(tables),
        _ => None,
    });
    tables.max().or_else(|| {
        let span = table.span().filter(|span| !span.is_empty())?;
        Some(last_line(table).map_or(span.end, |(_, end)| end))
    })
}

fn extent_of_all(tables: &ArrayOfTables) -> Option<usize> {
    tables.iter().filter_map(extent).max()
}

/// Where the first header of a document begins.
fn first_header(table: &Table) -> Option<usize> {
    let own = |table: &Table| {
        let header = table.span().filter(|span| !span.is_empty() && !table.is_implicit());
        header.map(|span| span.start).into_iter().chain(first_header(table)).min()
    };
    let starts = table.iter().filter_map(|(_, item)| match item {
        Item::Table(table) => own(table),
        Item::ArrayOfTables(tables) => tables.iter().filter_map(own).min(),
        _ => None,
    });
    starts.min()
}

/// `name = value`.
fn line(path: &[&str], value: &Fresh) -> String {
    format!("{} = {}", dotted(path), inline(value))
}

fn dotted(path: &[&str]) -> String {
    path.iter().map(|name| key(name)).collect::<Vec<_>>().join(".")
}

fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

fn inline(value: &Fresh) -> String {
    match value {
        Fresh::Text(text) => quoted(text.text()),
        Fresh::Flag(yes) => yes.to_string(),
        Fresh::List(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Fresh::Map(members) if members.is_empty() => "{}".to_owned(),
        Fresh::Map(members) => {
            let members: Vec<_> =
                members.iter().map(|(name, value)| line(&[name], value)).collect();
            format!("{{ {} }}", members.join(", "))
        }
    }
}
