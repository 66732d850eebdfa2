//! TOML, read as 1.1 has it and written as 1.0 has it, which is what clients' readers know.

mod insert;

use std::fmt::Write as _;

use toml_edit::{Array, Document, InlineTable, Item, Table, Value as Parsed};

use super::{Fresh, Node, Problem, Splice, Syntax, Value, layout::line_of};
use crate::path::Step;

/// TOML.
pub(crate) struct Toml;

impl Syntax for Toml {
    fn name(&self) -> &'static str {
        "TOML"
    }

    fn read(&self, text: &str) -> Result<Node, Problem> {
        Ok(table(parse(text)?.as_table(), text))
    }

    fn token(&self, value: &str, old: &str) -> Result<String, Problem> {
        // Blanks that a line may hold; all other control characters must be escaped.
        let plain = !value.chars().any(|c| c.is_control() && c != '\t');
        Ok(if old.starts_with("\"\"\"") {
            format!("\"\"{}\"\"", quoted(value))
        } else if old.starts_with("'''")
            && plain
            && !value.contains("'''")
            && !value.ends_with('\'')
        {
            format!("'''{value}'''")
        } else if old.starts_with('\'') && !old.starts_with("'''") && plain && !value.contains('\'')
        {
            format!("'{value}'")
        } else {
            quoted(value)
        })
    }

    fn insert(
        &self,
        text: &str,
        _: &Node,
        path: &[Step],
        value: &Fresh,
    ) -> Result<Splice, Problem> {
        insert::insert(text, &parse(text)?, path, value)
    }
}

fn parse(text: &str) -> Result<Document<&str>, Problem> {
    Document::parse(text).map_err(|error| Problem::Malformed {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        format: "TOML",
        why: error.message().to_owned(),
    })
}

fn table(table: &Table, text: &str) -> Node {
    let members = table.iter().map(|(name, item)| (name.to_owned(), item_node(item, text)));
    Node::Map(members.collect(), table.span().unwrap_or_default())
}

fn item_node(item: &Item, text: &str) -> Node {
    match item {
        Item::None => Node::Other(Value::new(""), 0..0),
        Item::Value(value) => value_node(value, text),
        Item::Table(below) => table(below, text),
        Item::ArrayOfTables(tables) => Node::List(
            tables.iter().map(|below| table(below, text)).collect(),
            tables.span().unwrap_or_default(),
        ),
    }
}

fn value_node(value: &Parsed, text: &str) -> Node {
    let span = value.span().unwrap_or_default();
    match value {
        Parsed::String(string) => Node::Text(Value::new(string.value()), span),
        Parsed::Array(array) => Node::List(items(array, text), span),
        Parsed::InlineTable(table) => Node::Map(members(table, text), span),
        Parsed::Integer(_) | Parsed::Float(_) | Parsed::Boolean(_) | Parsed::Datetime(_) => {
            Node::Other(Value::new(text.get(span.clone()).unwrap_or_default()), span)
        }
    }
}

fn items(array: &Array, text: &str) -> Vec<Node> {
    array.iter().map(|value| value_node(value, text)).collect()
}

fn members(table: &InlineTable, text: &str) -> Vec<(String, Node)> {
    table.iter().map(|(name, value)| (name.to_owned(), value_node(value, text))).collect()
}

/// A basic string with the escapes of TOML 1.0.
fn quoted(value: &str) -> String {
    let mut token = String::with_capacity(value.len() + 2);
    token.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => token.extend(['\\', c]),
            '\u{8}' => token.push_str("\\b"),
            '\t' => token.push_str("\\t"),
            '\n' => token.push_str("\\n"),
            '\u{c}' => token.push_str("\\f"),
            '\r' => token.push_str("\\r"),
            // Writing into a String cannot fail.
            _ if c.is_control() => _ = write!(token, "\\u{:04X}", u32::from(c)),
            _ => token.push(c),
        }
    }
    token.push('"');
    token
}

#[cfg(test)]
mod tests;
