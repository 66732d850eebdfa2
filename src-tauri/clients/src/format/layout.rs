//! Lines of a text: where they begin and end, how they are indented. All in bytes.

/// The line end of a text: that of its first line.
pub(super) fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text.get(..at).is_some_and(|line| line.ends_with('\r')) => "\r\n",
        _ => "\n",
    }
}

/// The number of the line that holds a byte, counted from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// Where the line of a byte begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
}

/// Where the line of a byte ends: at its line break, or at the end of the text.
pub(super) fn line_stop(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let Some(end) = rest.find('\n') else { return text.len() };
    at + if rest.get(..end).is_some_and(|line| line.ends_with('\r')) { end - 1 } else { end }
}

/// Where the line behind the one of a byte begins, or the end of the text.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end + 1)
}

/// The blanks at the start of the line of a byte, as far as that byte.
pub(super) fn indent_at(text: &str, at: usize) -> &str {
    let line = text.get(line_start(text, at)..at).unwrap_or_default();
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(..blanks).unwrap_or_default()
}

/// Whether only blanks stand before a byte in its line.
pub(super) fn begins_line(text: &str, at: usize) -> bool {
    line_start(text, at) + indent_at(text, at).len() == at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_with_both_line_ends() {
        let text = "a\r\n \tb c\r\n";
        assert_eq!(line_end(text), "\r\n");
        assert_eq!((line_of(text, 0), line_of(text, 5), line_of(text, text.len())), (1, 2, 3));
        assert_eq!((line_start(text, 5), line_stop(text, 5), next_line(text, 5)), (3, 8, 10));
        assert_eq!(indent_at(text, 5), " \t");
        assert!(begins_line(text, 5) && !begins_line(text, 7) && begins_line(text, 0));
        assert_eq!((line_end("a\nb\r\n"), line_stop("ab", 1), next_line("ab", 1)), ("\n", 2, 2));
    }
}
