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
    let (splice, expected) = if before.at(wanted.path.steps())?.is_some() {
        replace(format, text, before, wanted)?
    } else {
        insert(format, text, before, wanted)?
    };
    let changes_more = || Problem::ChangesMore { path: wanted.path.to_string() };
    let (Some(head), Some(tail)) = (text.get(..splice.span.start), text.get(splice.span.end..))
    else {
        return Err(changes_more());
    };
    let start = if bom { BOM.len() } else { 0 };
    let mut after = String::with_capacity(bytes.len() + splice.with.text().len());
    after.push_str(if bom { BOM } else { "" });
    after.push_str(head);
    after.push_str(splice.with.text());
    after.push_str(tail);
    let again = format.syntax().read(after.get(start..).unwrap_or_default());
    if !again.map_err(|_| changes_more())?.same(&expected) {
        return Err(changes_more());
    }
    let span = splice.span.start + start..splice.span.end + start;
    Ok(Edited { bytes: after.into_bytes(), splice: Splice { span, with: splice.with } })
}

/// The splice that gives a value that is there another text, and the tree that it makes.
fn replace(
    format: Format,
    text: &str,
    mut tree: Node,
    wanted: &Wanted,
) -> Result<(Splice, Node), Problem> {
    let path = wanted.path.steps();
    let span = match tree.at(path)? {
        Some(Node::Text(_, span)) => span.clone(),
        Some(Node::Other(value, span)) => match format.syntax().occupied(value.text()) {
            Some(found) => return Err(occupied(path, found)),
            None => span.clone(),
        },
        node => return Err(occupied(path, node.map_or("nothing", what))),
    };
    let old = text.get(span.clone()).unwrap_or_default();
    let token = format.syntax().token(wanted.value.text(), old)?;
    change(&mut tree, path, &Fresh::Text(wanted.value.clone()));
    Ok((Splice { span, with: Value::new(token) }, tree))
}

/// The splice that makes a value that is not there, and the tree that it makes.
fn insert(
    format: Format,
    text: &str,
    mut tree: Node,
    wanted: &Wanted,
) -> Result<(Splice, Node), Problem> {
    let (path, value) = fresh(format, &tree, wanted)?;
    let splice = format.syntax().insert(text, &tree, &path, &value)?;
    change(&mut tree, &path, &value);
    Ok((splice, tree))
}

/// The first missing step of the path, and all that is to be made below it.
fn fresh(format: Format, tree: &Node, wanted: &Wanted) -> Result<(Vec<Step>, Fresh), Problem> {
    let steps = wanted.path.steps();
    let mut depth = 0;
    while let Some((step, above)) = steps.get(..=depth).and_then(<[Step]>::split_last) {
        match (tree.at(above)?, step) {
            (Some(Node::Map(..)), Step::Key(_)) => {}
            (Some(Node::List(items, _)), Step::Index(number)) if *number <= items.len() => {}
            (Some(Node::List(..)), Step::Index(_)) => {
                return Err(Problem::Unsupported { why: "the list has fewer items" });
            }
            (node, _) => return Err(occupied(above, node.map_or("nothing", what))),
        }
        match tree.at(steps.get(..=depth).unwrap_or_default())? {
            // `name:` with nothing behind it.
            Some(Node::Text(value, span))
                if format.syntax().grows() && value.text().is_empty() && span.is_empty() =>
            {
                break;
            }
            Some(_) => depth += 1,
            None => break,
        }
    }
    let at: Vec<Step> = steps.iter().take(depth + 1).cloned().collect();
    let rest = steps.get(depth + 1..).unwrap_or_default();
    let text = Fresh::Text(wanted.value.clone());
    if rest.is_empty() {
        return Ok((at, text));
    }
    let mut value = empty(rest);
    for (path, beside) in &wanted.beside {
        if let Some(below) = path.steps().strip_prefix(at.as_slice()) {
            put(&mut value, below, beside.clone())?;
        }
    }
    put(&mut value, rest, text)?;
    Ok((at, value))
}

/// Puts a value below a table or a list that is being made.
fn put(within: &mut Fresh, path: &[Step], value: Fresh) -> Result<(), Problem> {
    let Some((step, rest)) = path.split_first() else {
        *within = value;
        return Ok(());
    };
    let below = match (within, step) {
        (Fresh::Map(members), Step::Key(name)) => {
            let at = members.iter().position(|(own, _)| own == name).unwrap_or_else(|| {
                members.push((name.clone(), empty(rest)));
                members.len() - 1
            });
            members.get_mut(at).map(|(_, below)| below)
        }
        (Fresh::List(items), Step::Index(number)) => {
            if *number == items.len() {
                items.push(empty(rest));
            }
            items.get_mut(*number)
        }
        _ => None,
    };
    let unsupported = Problem::Unsupported { why: "a new list would have a gap" };
    below.map_or(Err(unsupported), |below| put(below, rest, value))
}

/// What holds the first of these steps.
fn empty(steps: &[Step]) -> Fresh {
    match steps.first() {
        Some(Step::Index(_)) => Fresh::List(Vec::new()),
        Some(Step::Key(_)) | None => Fresh::Map(Vec::new()),
    }
}

fn occupied(path: &[Step], found: &'static str) -> Problem {
    let path =
        if path.is_empty() { "the whole file".into() } else { NodePath(path.to_vec()).to_string() };
    Problem::Occupied { path, found }
}

/// What stands somewhere, in words.
fn what(node: &Node) -> &'static str {
    match node {
        Node::Map(..) => "a table",
        Node::List(..) => "a list",
        Node::Text(..) => "a text",
        Node::Other(value, _) => what_other(value.text()),
    }
}

/// What stands in place of a text, in words.
pub(crate) fn what_other(text: &str) -> &'static str {
    match text {
        "true" | "false" => "true or false",
        "null" | "~" => "null",
        text if text.starts_with('*') => "an alias",
        text if text.starts_with('|') => "a block of lines",
        _ => "something that is not a text",
    }
}

/// Makes the tree as it is to be.
fn change(node: &mut Node, path: &[Step], value: &Fresh) {
    let Some((step, rest)) = path.split_first() else {
        *node = as_node(value);
        return;
    };
    match (node, step) {
        (Node::Map(members, _), Step::Key(name)) => {
            match members.iter_mut().find(|(own, _)| own == name) {
                Some((_, own)) => change(own, rest, value),
                None => members.push((name.clone(), as_node(value))),
            }
        }
        (Node::List(items, _), Step::Index(number)) => match items.get_mut(*number) {
            Some(own) => change(own, rest, value),
            None => items.push(as_node(value)),
        },
        _ => {}
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
