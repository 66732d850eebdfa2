//! Readers of other families than those that edit, all with one kind of answer.

use keywright_clients::{Format, Step};
use serde_json::Value;

/// What another reader makes of a file; none where it refuses it.
pub(crate) fn other_reader(format: Format, bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        Format::Json if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() => {
            Some(Value::Object(serde_json::Map::new()))
        }
        // It refuses half a surrogate pair, which real files have.
        Format::Json => serde_json::from_str(&text.replace("\\ud83d\"", "\\ufffd\"")).ok(),
        Format::Jsonc => {
            let plain = without_comments(text);
            let empty = plain.trim().is_empty();
            if empty {
                Some(Value::Object(serde_json::Map::new()))
            } else {
                serde_json::from_str(&plain).ok()
            }
        }
        Format::Toml => serde_json::to_value(toml::from_str::<toml::Value>(text).ok()?).ok(),
        Format::Yaml => {
            let value: yaml_serde::Value = yaml_serde::from_str(text).ok()?;
            if value.is_null() {
                return Some(Value::Object(serde_json::Map::new()));
            }
            serde_json::to_value(value).ok()
        }
        _ => None,
    }
}

/// JSON without its comments and trailing commas.
fn without_comments(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            let mut end = 1;
            let bytes = rest.as_bytes();
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            let (string, after) = rest.split_at((end + 1).min(rest.len()));
            plain.push_str(string);
            rest = after;
        } else if rest.starts_with("//") {
            rest = rest.split_at(rest.find(['\n', '\r']).unwrap_or(rest.len())).1;
        } else if rest.starts_with("/*") {
            rest = rest.split_at(rest.find("*/").map_or(rest.len(), |end| end + 2)).1;
        } else {
            if matches!(c, '}' | ']') && plain.trim_end().ends_with(',') {
                plain.truncate(plain.trim_end().len() - 1);
            }
            plain.push(c);
            rest = rest.split_at(c.len_utf8()).1;
        }
    }
    plain
}

/// The value at a path.
pub(crate) fn at<'v>(value: &'v Value, path: &[Step]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(name) => value.get(name),
        Step::Index(number) => value.get(number),
    })
}

/// Puts a value at a path, with the tables and lists on the way.
pub(crate) fn put(within: &mut Value, path: &[Step], value: Value) {
    let Some((step, rest)) = path.split_first() else {
        *within = value;
        return;
    };
    match step {
        Step::Key(name) => {
            if !within.is_object() {
                *within = Value::Object(serde_json::Map::new());
            }
            let members = within.as_object_mut().unwrap();
            put(members.entry(name.clone()).or_insert(Value::Null), rest, value);
        }
        Step::Index(number) => {
            if !within.is_array() {
                *within = Value::Array(Vec::new());
            }
            let items = within.as_array_mut().unwrap();
            if *number == items.len() {
                items.push(Value::Null);
            }
            put(&mut items[*number], rest, value);
        }
    }
}
