//! Lines with their places, for the formats that are made of lines. Line ends stay as they
//! are; a file may have none at its end.

use super::{Problem, Splice, Value};

/// One line of a text.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    /// Counted from 1.
    pub(super) number: usize,
    /// Where it begins.
    pub(super) start: usize,
    /// What it holds, without its end.
    pub(super) text: &'t str,
    /// Where the next one begins.
    pub(super) next: usize,
}

impl<'t> Line<'t> {
    /// The line that begins at a place; none at the end of the text.
    pub(super) fn at(text: &'t str, start: usize, number: usize) -> Option<Self> {
        let whole = text.get(start..)?.split_inclusive('\n').next()?;
        let own = whole.strip_suffix('\n').unwrap_or(whole);
        let own = own.strip_suffix('\r').unwrap_or(own);
        Some(Self { number, start, text: own, next: start + whole.len() })
    }

    /// Where its end begins, or the text's end.
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The place of the first character that is no blank, and the text from there.
    pub(super) fn indented(&self) -> (usize, &'t str) {
        let rest = self.text.trim_start_matches(is_blank);
        (self.start + self.text.len() - rest.len(), rest)
    }
}

/// All lines of a text.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    std::iter::successors(Line::at(text, 0, 1), |line| Line::at(text, line.next, line.number + 1))
}

/// A blank as every reader of these formats knows it.
pub(super) const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// The number of the line that holds a place.
pub(super) fn number(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

/// Where a remark begins that follows a value: a `#` or another mark behind a blank.
pub(super) fn remark(text: &str, marks: &[char]) -> Option<usize> {
    let mut after_blank = false;
    text.char_indices().find_map(|(at, c)| {
        let found = after_blank && marks.contains(&c);
        after_blank = is_blank(c);
        found.then_some(at)
    })
}

/// The line end to use at a place: that of the line before it, else the file's first.
pub(super) fn line_end(text: &str, at: usize) -> &'static str {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let crlf = match (before.rfind('\n'), after.find('\n')) {
        (Some(end), _) => before.get(..end).is_some_and(|line| line.ends_with('\r')),
        (None, Some(0)) => before.ends_with('\r'),
        (None, Some(end)) => after.get(..end).is_some_and(|line| line.ends_with('\r')),
        (None, None) => false,
    };
    if crlf { "\r\n" } else { "\n" }
}

/// Puts lines at the end of a text. A text without a final line end has none afterwards.
pub(super) fn append(text: &str, new: &[String]) -> Splice {
    let end = line_end(text, text.len());
    let joined = new.join(end);
    let with = if text.is_empty() || text.ends_with('\n') {
        joined + end
    } else {
        end.to_owned() + &joined
    };
    put(text.len(), with)
}

/// An insertion.
pub(super) fn put(at: usize, with: impl Into<String>) -> Splice {
    Splice { span: at..at, with: Value::new(with) }
}

/// Refuses a carriage return inside a line, which half of the readers take for a line end.
pub(super) fn no_lone_return(text: &str, format: &'static str) -> Result<(), Problem> {
    match lines(text).find(|line| line.text.contains('\r')) {
        Some(line) => Err(Problem::Malformed {
            line: line.number,
            format,
            why: "a carriage return stands in it, which some programs take for a line's end".into(),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_their_places_whatever_their_ends() {
        let text = "a\r\n\nb";
        let found: Vec<_> = lines(text).map(|l| (l.number, l.start, l.text, l.next)).collect();
        assert_eq!(found, [(1, 0, "a", 3), (2, 3, "", 4), (3, 4, "b", 5)]);
        assert_eq!(lines("").count(), 0);
        assert_eq!(lines("a\n").count(), 1);
    }

    #[test]
    fn the_line_end_is_that_of_the_neighbour() {
        assert_eq!(line_end("a\r\nb\n", 3), "\r\n");
        assert_eq!(line_end("a\r\nb\n", 5), "\n");
        assert_eq!(line_end("a\r\n", 1), "\r\n");
        assert_eq!(line_end("a\r\n", 2), "\r\n");
        assert_eq!(line_end("a", 1), "\n");
    }

    #[test]
    fn what_is_added_at_the_end_keeps_the_end_as_it_was() {
        let with = |text: &str| append(text, &["x".into(), "y".into()]).with.text().to_owned();
        assert_eq!(with(""), "x\ny\n");
        assert_eq!(with("a"), "\nx\ny");
        assert_eq!(with("a\r\n"), "x\r\ny\r\n");
        assert_eq!(with("a\r\nb"), "\r\nx\r\ny");
    }

    #[test]
    fn a_remark_stands_behind_a_blank() {
        assert_eq!(remark("a#b", &['#']), None);
        assert_eq!(remark("a #b", &['#']), Some(2));
        assert_eq!(remark("a ;b", &['#']), None);
    }
}
