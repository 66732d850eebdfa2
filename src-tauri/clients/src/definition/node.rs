//! A definition's text as a tree whose every value knows its line and column, and
//! the few readings that the parser makes of it. Each reading says what it expected.

use std::ops::{Range, RangeInclusive};

use toml::de::{DeTable, DeValue};

use super::DefinitionError;

/// The text being read.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The file's name, for messages.
    pub(crate) origin: &'a str,
    /// Its text.
    pub(crate) text: &'a str,
}

impl Source<'_> {
    /// An error at a byte of the text.
    pub(crate) fn error(
        self,
        at: usize,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> DefinitionError {
        let before = self.text.get(..at.min(self.text.len())).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        DefinitionError {
            origin: self.origin.to_owned(),
            line,
            column,
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// The error of the TOML reader itself.
    pub(crate) fn syntax(self, error: &toml::de::Error) -> DefinitionError {
        let at = error.span().map_or(0, |span| span.start);
        let line = self.text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let shown: String = line.chars().take(40).collect();
        let found =
            if shown.trim().is_empty() { "the end of the line".to_owned() } else { tick(&shown) };
        self.error(at, found, format!("TOML ({})", error.message()))
    }
}

/// A text between ticks, cut to a length that fits a message.
pub(crate) fn tick(text: &str) -> String {
    let mut shown: String = text.chars().take(60).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// The names between ticks, for "expected one of".
pub(crate) fn names<'n>(all: impl IntoIterator<Item = &'n str>) -> String {
    all.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// "`paths`, or " where a name looks like one of these.
fn meant(name: &str, known: &[&str]) -> String {
    let close = |other: &&&str| strsim::damerau_levenshtein(name, other) <= 2;
    known.iter().find(close).map_or_else(String::new, |other| format!("`{other}`, or "))
}

/// One value and where it stands.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    source: Source<'a>,
    value: &'a DeValue<'a>,
    span: Range<usize>,
}

impl<'a> Node<'a> {
    /// An error at this value.
    pub(crate) fn error(
        &self,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> DefinitionError {
        self.source.error(self.span.start, found, expected)
    }

    /// An error that says what kind of value stands here.
    pub(crate) fn wrong(&self, expected: impl Into<String>) -> DefinitionError {
        let found = match self.value {
            DeValue::String(text) => tick(text),
            DeValue::Integer(number) => tick(number.as_str()),
            DeValue::Float(number) => tick(number.as_str()),
            DeValue::Boolean(yes) => tick(if *yes { "true" } else { "false" }),
            DeValue::Datetime(_) => "a date".to_owned(),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        };
        self.error(found, expected)
    }

    pub(crate) fn as_text(&self) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn text(&self, expected: &str) -> Result<&'a str, DefinitionError> {
        self.as_text().ok_or_else(|| self.wrong(expected))
    }

    /// A text that is not empty.
    pub(crate) fn words(&self, expected: &str) -> Result<String, DefinitionError> {
        let text = self.text(expected)?;
        if text.trim().is_empty() {
            return Err(self.error("an empty text", expected));
        }
        Ok(text.to_owned())
    }

    pub(crate) fn as_integer(&self) -> Option<i64> {
        match self.value {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        }
    }

    pub(crate) fn integer<T: TryFrom<i64>>(
        &self,
        range: RangeInclusive<i64>,
    ) -> Result<T, DefinitionError> {
        let expected = format!("a number from {} to {}", range.start(), range.end());
        self.as_integer()
            .filter(|number| range.contains(number))
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| self.wrong(expected))
    }

    pub(crate) fn as_boolean(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(yes) => Some(*yes),
            _ => None,
        }
    }

    pub(crate) fn boolean(&self) -> Result<bool, DefinitionError> {
        self.as_boolean().ok_or_else(|| self.wrong("`true` or `false`"))
    }

    pub(crate) fn as_list(&self) -> Option<Vec<Self>> {
        let DeValue::Array(items) = self.value else { return None };
        Some(
            items
                .iter()
                .map(|item| Self { source: self.source, value: item.get_ref(), span: item.span() })
                .collect(),
        )
    }

    pub(crate) fn list(&self, expected: &str) -> Result<Vec<Self>, DefinitionError> {
        self.as_list().ok_or_else(|| self.wrong(expected))
    }

    pub(crate) fn as_table(&self) -> Option<Table<'a>> {
        match self.value {
            DeValue::Table(map) => Some(Table { node: self.clone(), map, read: Vec::new() }),
            _ => None,
        }
    }

    pub(crate) fn table(&self, expected: &str) -> Result<Table<'a>, DefinitionError> {
        self.as_table().ok_or_else(|| self.wrong(expected))
    }

    /// One of a fixed set of words.
    pub(crate) fn one_of<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T, DefinitionError> {
        let found = self.as_text();
        choices.iter().find(|(word, _)| found == Some(*word)).map(|(_, value)| *value).ok_or_else(
            || self.wrong(format!("one of {}", names(choices.iter().map(|(word, _)| *word)))),
        )
    }
}

/// A table being read: it notes which keys were asked for, and the rest is an error.
pub(crate) struct Table<'a> {
    node: Node<'a>,
    map: &'a DeTable<'a>,
    read: Vec<&'static str>,
}

impl<'a> Table<'a> {
    /// The whole text as a table.
    pub(crate) fn root(source: Source<'a>, map: &'a toml::Spanned<DeValue<'a>>) -> Option<Self> {
        Node { source, value: map.get_ref(), span: 0..0 }.as_table()
    }

    /// The table as a value, for errors about the whole of it.
    pub(crate) const fn node(&self) -> &Node<'a> {
        &self.node
    }

    /// The value of a key that may be missing.
    pub(crate) fn get(&mut self, key: &'static str) -> Option<Node<'a>> {
        self.read.push(key);
        let (_, value) = self.map.get_key_value(key)?;
        Some(Node { source: self.node.source, value: value.get_ref(), span: value.span() })
    }

    /// The value of a key that must be there.
    pub(crate) fn need(
        &mut self,
        key: &'static str,
        expected: &str,
    ) -> Result<Node<'a>, DefinitionError> {
        self.get(key)
            .ok_or_else(|| self.node.error(format!("no `{key}`"), format!("`{key}`, {expected}")))
    }

    /// A text that must be there and not be empty.
    pub(crate) fn need_words(
        &mut self,
        key: &'static str,
        expected: &str,
    ) -> Result<String, DefinitionError> {
        self.need(key, expected)?.words(expected)
    }

    /// A text; empty when it is missing.
    pub(crate) fn words_or_empty(&mut self, key: &'static str) -> Result<String, DefinitionError> {
        self.get(key)
            .map_or_else(|| Ok(String::new()), |node| node.text("a text").map(str::to_owned))
    }

    /// `true` or `false`; false when it is missing.
    pub(crate) fn flag(&mut self, key: &'static str) -> Result<bool, DefinitionError> {
        self.get(key).map_or(Ok(false), |node| node.boolean())
    }

    /// A list of texts; empty when it is missing.
    pub(crate) fn texts(&mut self, key: &'static str) -> Result<Vec<String>, DefinitionError> {
        let Some(node) = self.get(key) else { return Ok(Vec::new()) };
        node.list("a list of texts")?.iter().map(|item| item.words("a text")).collect()
    }

    /// The sub-tables of a list; none when it is missing.
    pub(crate) fn tables(&mut self, key: &'static str) -> Result<Vec<Table<'a>>, DefinitionError> {
        let Some(node) = self.get(key) else { return Ok(Vec::new()) };
        node.list("a list of tables")?.iter().map(|item| item.table("a table")).collect()
    }

    /// A sub-table that may be missing.
    pub(crate) fn sub(&mut self, key: &'static str) -> Result<Option<Table<'a>>, DefinitionError> {
        self.get(key).map(|node| node.table("a table")).transpose()
    }

    /// All keys and values in the order of the text, for tables whose keys are free.
    pub(crate) fn entries(&self) -> Vec<(Node<'a>, &'a str, Node<'a>)> {
        let source = self.node.source;
        let mut all: Vec<_> = self.map.iter().collect();
        all.sort_by_key(|(key, _)| key.span().start);
        all.into_iter()
            .map(|(key, value)| {
                let name: &'a str = key.get_ref();
                let value_node = Node { source, value: value.get_ref(), span: value.span() };
                let key_node = Node { source, value: value.get_ref(), span: key.span() };
                (key_node, name, value_node)
            })
            .collect()
    }

    /// Ends the reading: a key that nobody asked for is an error.
    pub(crate) fn end(self) -> Result<(), DefinitionError> {
        for (key, _) in self.map {
            let name: &str = key.get_ref();
            if !self.read.contains(&name) {
                let mut known: Vec<&str> = self.read.clone();
                known.sort_unstable();
                known.dedup();
                return Err(self.node.source.error(
                    key.span().start,
                    format!("the key {}", tick(name)),
                    format!("{}one of {}", meant(name, &known), names(known.iter().copied())),
                ));
            }
        }
        Ok(())
    }
}
