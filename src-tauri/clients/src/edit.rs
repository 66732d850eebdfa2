//! One change of a text: find, splice, read again, compare.
//!
//! The result differs from the text in the bytes of one splice and nowhere else, and, read by
//! the format's reader, in the one value that was asked for; or there is no result.

use std::fmt;

use crate::{
    format::{Format, Fresh, Node, Problem, Splice, Value},
    path::{NodePath, Step},
};

/// The largest file that is read: `~/.claude.json` with its history has tens of megabytes.
pub const LARGEST: usize = 64 * 1_024 * 1_024;

const BOM: &str = "\u{feff}";

/// A changed text, and which bytes of the old one are no more.
#[derive(Clone)]
pub struct Edited {
    /// The whole new content of the file.
    pub bytes: Vec<u8>,
    /// What was spliced, in bytes of the old content.
    pub splice: Splice,
}

impl fmt::Debug for Edited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Edited({} bytes, {:?})", self.bytes.len(), self.splice)
    }
}

/// What is to be at a path.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where.
    pub path: NodePath,
    /// The value of a text that is there already, or of the one to make.
    pub value: Value,
    /// Members to make beside it where the table that holds them is not there yet: each the
    /// path and its value. Those whose table exists are left alone.
    pub beside: Vec<(NodePath, Fresh)>,
}

/// A file's content as text, and whether it begins with a byte order mark.
pub fn text(bytes: &[u8]) -> Result<(&str, bool), Problem> {
    if bytes.len() > LARGEST {
        return Err(Problem::TooLarge { limit: LARGEST / 1_024 / 1_024 });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::NotText)?;
    Ok(text.strip_prefix(BOM).map_or((text, false), |rest| (rest, true)))
}

/// Reads a file's content.
pub fn read(format: Format, bytes: &[u8]) -> Result<Node, Problem> {
    let (text, _) = text(bytes)?;
    format.syntax().read(text)
}

/// Makes the change.
pub fn apply(format: Format, bytes: &[u8], wanted: &Wanted) -> Result<Edited, Problem> {
    let (text, bom) = text(bytes)?;
    let before = format.syntax().read(text)?;
    let (splice, expected) = match before.at(wanted.path.steps())? {
        Some(node) => replace(format, text, node, &before, wanted)?,
        None => insert(format, text, &before, wanted)?,
    };
    let mut after = String::with_capacity(text.len() + splice.with.text().len());
    after.push_str(text.get(..splice.span.start).unwrap_or_default());
    after.push_str(splice.with.text());
    after.push_str(text.get(splice.span.end..).unwrap_or_default());
    let changes_more = || Problem::ChangesMore { path: wanted.path.to_string() };
    let again = format.syntax().read(&after).map_err(|_| changes_more())?;
    if !again.same(&expected) {
        return Err(changes_more());
    }
    let start = if bom { BOM.len() } else { 0 };
    let mut content = Vec::with_capacity(after.len() + start);
    if bom {
        content.extend_from_slice(BOM.as_bytes());
    }
    content.extend_from_slice(after.as_bytes());
    let span = splice.span.start + start..splice.span.end + start;
    Ok(Edited { bytes: content, splice: Splice { span, with: splice.with } })
}

fn replace(
    format: Format,
    text: &str,
    node: &Node,
    before: &Node,
    wanted: &Wanted,
) -> Result<(Splice, Node), Problem> {
    let occupied = |found| Problem::Occupied { path: wanted.path.to_string(), found };
    let span = match node {
        Node::Text(_, span) => span.clone(),
        Node::Map(..) => return Err(occupied("a table")),
        Node::List(..) => return Err(occupied("a list")),
        Node::Other(value, span) => match format.syntax().occupied(value.text()) {
            Some(found) => return Err(occupied(found)),
            None => span.clone(),
        },
    };
    let old = text.get(span.clone()).unwrap_or_default();
    let token = format.syntax().token(wanted.value.text(), old)?;
    let expected = changed(before, wanted.path.steps(), &Fresh::Text(wanted.value.clone()));
    Ok((Splice { span, with: Value::new(token) }, expected))
}

fn insert(
    format: Format,
    text: &str,
    before: &Node,
    wanted: &Wanted,
) -> Result<(Splice, Node), Problem> {
    let (path, value) = fresh(before, wanted)?;
    let splice = format.syntax().insert(text, before, &path, &value)?;
    Ok((splice, changed(before, &path, &value)))
}

/// The first missing step of the path, and all that is to be made below it.
fn fresh(before: &Node, wanted: &Wanted) -> Result<(Vec<Step>, Fresh), Problem> {
    let steps = wanted.path.steps();
    let mut depth = 0;
    while let Some(next) = steps.get(..=depth) {
        match before.at(next)? {
            Some(Node::Map(..) | Node::List(..)) => depth += 1,
            Some(_) => {
                let path = NodePath(next.to_vec()).to_string();
                return Err(Problem::Occupied { path, found: "a single value" });
            }
            None => break,
        }
    }
    let at: Vec<Step> = steps.iter().take(depth + 1).cloned().collect();
    let rest = steps.get(depth + 1..).unwrap_or_default();
    let mut value = Fresh::Map(Vec::new());
    for (path, beside) in &wanted.beside {
        if let Some(below) = path.steps().strip_prefix(at.as_slice()) {
            put(&mut value, below, beside.clone())?;
        }
    }
    let mut whole = if rest.is_empty() { Fresh::Text(wanted.value.clone()) } else { value };
    if !rest.is_empty() {
        put(&mut whole, rest, Fresh::Text(wanted.value.clone()))?;
    }
    Ok((at, whole))
}

/// Puts a value below a table that is being made.
fn put(table: &mut Fresh, path: &[Step], value: Fresh) -> Result<(), Problem> {
    let unsupported = Problem::Unsupported { why: "a new list cannot be made here" };
    let (Fresh::Map(members), Some((Step::Key(name), rest))) = (table, path.split_first()) else {
        return Err(unsupported);
    };
    if rest.is_empty() {
        members.push((name.clone(), value));
        return Ok(());
    }
    let at = match members.iter().position(|(own, _)| own == name) {
        Some(at) => at,
        None => {
            members.push((name.clone(), Fresh::Map(Vec::new())));
            members.len() - 1
        }
    };
    members.get_mut(at).map_or(Err(unsupported), |(_, below)| put(below, rest, value))
}

/// The tree as it is to be.
fn changed(node: &Node, path: &[Step], value: &Fresh) -> Node {
    let Some((step, rest)) = path.split_first() else { return as_node(value) };
    match (node, step) {
        (Node::Map(members, span), Step::Key(name)) => {
            let mut members = members.clone();
            match members.iter_mut().find(|(own, _)| own == name) {
                Some((_, own)) => *own = changed(own, rest, value),
                None => members.push((name.clone(), as_node(value))),
            }
            Node::Map(members, span.clone())
        }
        (Node::List(items, span), Step::Index(number)) => {
            let mut items = items.clone();
            match items.get_mut(*number) {
                Some(own) => *own = changed(own, rest, value),
                None => items.push(as_node(value)),
            }
            Node::List(items, span.clone())
        }
        _ => node.clone(),
    }
}

fn as_node(value: &Fresh) -> Node {
    match value {
        Fresh::Text(text) => Node::Text(text.clone(), 0..0),
        Fresh::Flag(yes) => Node::Other(Value::new(yes.to_string()), 0..0),
        Fresh::List(items) => Node::List(items.iter().map(as_node).collect(), 0..0),
        Fresh::Map(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), as_node(value)));
            Node::Map(members.collect(), 0..0)
        }
    }
}
