//! What the line-based formats share about names and values.

use super::{Fresh, Problem, lines::is_blank};
use crate::path::Step;

/// How a token is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    /// As it is.
    Bare,
    /// `'value'`.
    Single,
    /// `"value"`.
    Double,
}

impl Quote {
    /// The one that a token stands in as a whole.
    pub(super) fn of(token: &str) -> Self {
        let within =
            |quote: char| token.strip_prefix(quote).is_some_and(|rest| rest.ends_with(quote));
        if within('\'') {
            Self::Single
        } else if within('"') {
            Self::Double
        } else {
            Self::Bare
        }
    }

    /// The value in these quotes, with nothing escaped.
    pub(super) fn around(self, value: &str) -> String {
        match self {
            Self::Bare => value.to_owned(),
            Self::Single => format!("'{value}'"),
            Self::Double => format!("\"{value}\""),
        }
    }
}

/// What a token holds between its quotes.
pub(super) fn inner(token: &str) -> &str {
    token.get(1..token.len().saturating_sub(1)).unwrap_or_default()
}

/// Whether a value is of letters, digits and `_./+=:@%-` only: no reader of any of these
/// formats takes one of them for something else, in quotes or without.
pub(super) fn is_safe(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_alphanumeric() || "_./+=:@%-".contains(c))
}

/// Refuses what no line can hold.
pub(super) fn one_line(value: &str, format: &'static str) -> Result<(), Problem> {
    if value.chars().any(char::is_control) {
        let why = "it holds a line end, a tab or another control character";
        return Err(Problem::Unwritable { format, why });
    }
    Ok(())
}

/// Refuses blanks at either end, which readers of unquoted values drop.
pub(super) fn no_outer_blanks(value: &str, format: &'static str) -> Result<(), Problem> {
    if value.trim() == value {
        return Ok(());
    }
    Err(Problem::Unwritable { format, why: "it begins or ends with a blank" })
}

/// The name and value of an environment variable that is to be inserted.
pub(super) fn variable<'a>(
    path: &'a [Step],
    value: &'a Fresh,
    format: &'static str,
) -> Result<(&'a str, &'a str), Problem> {
    let (Some((Step::Key(name), [])), Fresh::Text(value)) = (path.split_first(), value) else {
        return Err(Problem::Unsupported { why: "this format has names with one text each" });
    };
    if !is_variable(name) {
        let why = "a variable's name is of letters, digits and `_`, and begins with no digit";
        return Err(Problem::Unnameable { format, why });
    }
    Ok((name, value.text()))
}

/// Whether a text may name an environment variable.
pub(super) fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The variable's name at the start of a text, and what follows it.
pub(super) fn leading_variable(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    is_variable(name).then_some((name, rest))
}

/// The assignment at the start of a line, with or without `export` before it: the name and
/// what follows its `=`. For lines whose meaning is lost to the reader.
pub(super) fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(is_blank);
    let line = match line.strip_prefix("export") {
        Some(rest) if rest.starts_with(is_blank) => rest.trim_start_matches(is_blank),
        _ => line,
    };
    let (name, rest) = leading_variable(line)?;
    Some((name, rest.strip_prefix('=')?))
}
