//! Where a value stands in a document.

use std::fmt;

/// One step into a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Into the member of this name. A line-based format has its names at the top, or
    /// below the name of their section.
    Key(String),
    /// Into the item of this number, counted from 0.
    Index(usize),
}

/// The steps from the top of a document to one of its values.
///
/// Written `mcpServers.github.headers.Authorization`; a name that is not of letters, digits,
/// `_` and `-` stands in double quotes with `\"` and `\\`: `"amp.mcpServers".github`; an item
/// of a list is `[0]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodePath(pub Vec<Step>);

impl NodePath {
    /// The steps.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// This path and one step more.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Reads a path as it is written; none where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('[') {
                let (number, after) = after.split_once(']')?;
                steps.push(Step::Index(number.parse().ok()?));
                rest = after;
            } else {
                if !steps.is_empty() {
                    rest = rest.strip_prefix('.')?;
                }
                let (name, after) = name(rest)?;
                steps.push(Step::Key(name));
                rest = after;
            }
        }
        (!steps.is_empty()).then_some(Self(steps))
    }
}

/// The name at the start of a text, and what follows it.
fn name(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c| !is_plain(c)).unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end)?;
        return (!name.is_empty()).then(|| (name.to_owned(), rest));
    };
    let mut name = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((name, quoted.get(at + 1..)?)),
            '\\' => name.push(chars.next()?.1),
            _ => name.push(c),
        }
    }
    None
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

impl fmt::Display for NodePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(number) => write!(f, "[{number}]")?,
                Step::Key(name) => {
                    if at > 0 {
                        f.write_str(".")?;
                    }
                    write_name(f, name)?;
                }
            }
        }
        Ok(())
    }
}

fn write_name(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    if !name.is_empty() && name.chars().all(is_plain) {
        return f.write_str(name);
    }
    f.write_str("\"")?;
    for c in name.chars() {
        if matches!(c, '"' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_with_a_dot_stands_in_quotes() {
        let path = NodePath::parse("\"amp.mcpServers\".github.args[2]").unwrap();
        let key = |name: &str| Step::Key(name.to_owned());
        assert_eq!(path.0, [key("amp.mcpServers"), key("github"), key("args"), Step::Index(2)]);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", ".", "a.", ".a", "a..b", "[x]", "a[1", "\"a", "a b", "a\"b\""] {
            assert_eq!(NodePath::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_path_reads_back(steps in prop::collection::vec(
            prop_oneof![".{0,8}".prop_map(Step::Key), (0_usize..99).prop_map(Step::Index)], 1..6)) {
            let path = NodePath(steps);
            prop_assert_eq!(NodePath::parse(&path.to_string()), Some(path));
        }
    }
}
