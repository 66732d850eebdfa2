//! Scalars of YAML: which plain ones every reader takes for a text, and how a text is written.

use std::fmt::Write as _;

/// Whether a plain scalar is a text for readers of YAML 1.1 (PyYAML, libyaml's users) and of
/// 1.2 alike, and not a number, a date, true, false, null or a merge key for any of them.
///
/// <https://yaml.org/type/> for 1.1, <https://yaml.org/spec/1.2.2/#103-core-schema> for 1.2.
pub(super) fn is_text(plain: &str) -> bool {
    const WORDS: [&str; 8] = ["null", "true", "false", "yes", "no", "on", "off", "y"];
    let word = plain.to_ascii_lowercase();
    !(matches!(word.as_str(), "" | "~" | "n" | "<<" | "=")
        || WORDS.contains(&word.as_str())
        || is_number(&word)
        || is_date(plain))
}

/// Whether a text of small letters is a number, in any of the ways to write one.
fn is_number(word: &str) -> bool {
    let word = word.strip_prefix(['+', '-']).unwrap_or(word);
    if matches!(word, ".inf" | ".nan") {
        return true;
    }
    let only = |text: &str, radix: u32| {
        !text.is_empty() && text.chars().all(|c| c == '_' || c.is_digit(radix))
    };
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = word.strip_prefix(prefix) {
            return only(digits, radix);
        }
    }
    let digits = |text: &str| only(text, 10);
    if !word.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    // Hours, minutes and seconds of YAML 1.1: `12:30:45.5`.
    if word.contains(':') {
        let (whole, part) = word.split_once('.').unwrap_or((word, "0"));
        return whole.split(':').all(digits) && (part.is_empty() || digits(part));
    }
    let (mantissa, exponent) = word.split_once('e').unwrap_or((word, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    digits(exponent)
        && (digits(whole) || whole.is_empty() && mantissa.starts_with('.'))
        && (part.is_empty() || digits(part))
}

/// Whether a text begins as a date and goes on as one may.
fn is_date(plain: &str) -> bool {
    let mut parts = plain.splitn(3, '-');
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let day = rest.find(['T', 't', ' ', '\t']).map_or(rest, |at| rest.get(..at).unwrap_or(rest));
    year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2)
}

/// Whether a text may stand without quotes, in a flow collection as well.
fn may_be_plain(value: &str) -> bool {
    let first = value.chars().next();
    let begins =
        first.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '.' | '+' | '$'));
    let holds = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '!' | '"' | '#'..='+' | '-'..='>' | '@' | '\\' | '^'..='`' | '|' | '~')
    };
    begins
        && value.chars().all(holds)
        && !value.ends_with(' ')
        && ![" #", "..."].iter().any(|part| value.contains(part))
        // Behind a colon older readers take more for the end of a name than newer ones.
        && value.match_indices(':').all(|(at, _)| {
            let next = value.get(at + 1..).and_then(|rest| rest.chars().next());
            next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '/')
        })
        && is_text(value)
}

/// A text, without quotes where it needs none.
pub(super) fn token(value: &str) -> String {
    if may_be_plain(value) { value.to_owned() } else { double(value) }
}

/// A text in single quotes, where they can hold it.
pub(super) fn single(value: &str) -> Option<String> {
    let holds = value.chars().all(|c| c.is_alphanumeric() || matches!(c, ' '..='~'));
    holds.then(|| format!("'{}'", value.replace('\'', "''")))
}

/// A text in double quotes.
pub(super) fn double(value: &str) -> String {
    let mut token = String::with_capacity(value.len() + 2);
    token.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => token.extend(['\\', c]),
            '\n' => token.push_str("\\n"),
            '\r' => token.push_str("\\r"),
            '\t' => token.push_str("\\t"),
            ' '..='~' => token.push(c),
            _ if c.is_alphanumeric() => token.push(c),
            // Writing into a String cannot fail.
            _ => match u32::from(c) {
                code @ ..=0xff => _ = write!(token, "\\x{code:02X}"),
                code @ ..=0xffff => _ = write!(token, "\\u{code:04X}"),
                code => _ = write!(token, "\\U{code:08X}"),
            },
        }
    }
    token.push('"');
    token
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_any_reader_takes_for_something_else_is_no_text() {
        for plain in [
            "",
            "~",
            "null",
            "Null",
            "true",
            "FALSE",
            "yes",
            "No",
            "on",
            "OFF",
            "y",
            "N",
            "<<",
            "=",
            "0",
            "-1",
            "+12",
            "1_000",
            "0x1F",
            "0o17",
            "017",
            "0b101",
            "1.5",
            ".5",
            "5.",
            "1e3",
            "1E+3",
            "6.02e-23",
            ".inf",
            "-.INF",
            ".nan",
            "12:30",
            "12:30:45",
            "190:20:30.15",
            "2026-11-22",
            "2026-1-2",
            "2026-11-22T10:00:00Z",
            "2026-11-22 10:00:00",
        ] {
            assert!(!is_text(plain), "{plain}");
            assert!(token(plain).starts_with('"'), "{plain}");
        }
    }

    #[test]
    fn what_every_reader_takes_for_a_text_is_one() {
        for plain in [
            "sk-test-not-a-real-key-0001",
            "Bearer x",
            "1.2.3",
            "0a1b2c3d4e5f",
            "e3",
            "1e3x",
            "0x",
            "0xZZ",
            "12:ab",
            "https://example.test/mcp",
            "2026-11",
            "nullable",
            "-",
            "_",
            "${{ secrets.A }}",
            "1-2-3",
        ] {
            assert!(is_text(plain), "{plain}");
        }
    }

    #[test]
    fn quotes_come_where_they_are_needed() {
        for plain in ["a", "sk-a_b", "Bearer sk-x", "https://example.test/a#b", "$HOME/x", "é1"] {
            assert_eq!(token(plain), plain);
        }
        for quoted in [
            " a", "a ", "a: b", "a #b", "a:", "a:?", "a?", "- a", "[a]", "{a}", "a,b", "*a", "&a",
            "!a", "|", ">", "'a'", "\"a\"", "%a", "@a", "`a", "?", "#", "a\tb", "a\u{85}b",
            "\u{feff}", "...",
        ] {
            assert!(token(quoted).starts_with('"'), "{quoted}");
        }
        assert_eq!(double("a\"\\\n\u{7}\u{2028}\u{1f511}"), r#""a\"\\\n\x07\u2028\U0001F511""#);
        assert_eq!(single("it's").as_deref(), Some("'it''s'"));
        assert_eq!(single("a\nb"), None);
    }
}
