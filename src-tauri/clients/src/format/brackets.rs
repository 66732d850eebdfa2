//! One more entry between brackets: objects and arrays of JSON, inline tables and arrays of
//! TOML, flow collections of YAML. The brackets' own style decides: one entry a line or all in
//! one, blanks inside, a comma behind the last, comments where they are.

use std::ops::Range;

use super::{
    Splice, Value,
    layout::{begins_line, indent_at, line_end},
};

/// How comments are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    /// `// to the end of the line` and `/* between */`.
    Slashes,
    /// `# to the end of the line`.
    Hash,
}

impl Comments {
    /// Where a comment that begins at a byte ends; none where none begins.
    pub(super) fn end(self, text: &str, at: usize) -> Option<usize> {
        let rest = text.get(at..)?;
        let line = || at + rest.find(['\n', '\r']).unwrap_or(rest.len());
        match self {
            Self::Hash => rest.starts_with('#').then(line),
            Self::Slashes if rest.starts_with("//") => Some(line()),
            Self::Slashes => {
                let inner = rest.strip_prefix("/*")?;
                Some(at + inner.find("*/").map_or(rest.len(), |end| end + 4))
            }
        }
    }
}

/// Brackets in a text, and what stands between them.
pub(super) struct Brackets<'t> {
    /// The whole text.
    pub(super) text: &'t str,
    /// The bytes from the opening bracket to the closing one, both included.
    pub(super) span: Range<usize>,
    /// The bytes of the entries' values.
    pub(super) values: Vec<Range<usize>>,
    /// How comments are written.
    pub(super) comments: Comments,
}

/// How a new entry is written.
pub(super) struct Layout {
    /// The blanks before it where it gets a line of its own; none where it stays in the line.
    pub(super) indent: Option<String>,
    /// Whether a blank follows an opening bracket and stands before a closing one.
    pub(super) padded: bool,
}

impl Brackets<'_> {
    /// Adds an entry behind the last one. `unit` is one step of indentation; `spread` says
    /// whether empty brackets get lines of their own.
    pub(super) fn append(
        &self,
        unit: &str,
        spread: bool,
        render: impl FnOnce(&Layout) -> String,
    ) -> Splice {
        match self.values.last() {
            Some(last) => self.behind(last, render),
            None => self.first(unit, spread, render),
        }
    }

    fn behind(&self, last: &Range<usize>, render: impl FnOnce(&Layout) -> String) -> Splice {
        let text = self.text;
        let before = self.values.iter().rev().nth(1).map_or(self.span.start + 1, |one| one.end);
        let entry = self.skip(before);
        let comma = self.comma_behind(last.end);
        let own_line = begins_line(text, entry);
        let indent = own_line.then(|| indent_at(text, entry).to_owned());
        let new = render(&Layout { indent, padded: self.padded() });
        let anchor = comma.map_or(last.end, |at| at + 1);
        if !own_line {
            let blank = if self.tight(before, entry) { "" } else { " " };
            let with = match comma {
                Some(_) => format!("{blank}{new},"),
                None => format!(",{blank}{new}"),
            };
            return Splice { span: anchor..anchor, with: Value::new(with) };
        }
        let stop = self.comments_behind(anchor);
        let line = format!("{}{}{new}", line_end(text), indent_at(text, entry));
        let (span, with) = if comma.is_some() {
            (stop..stop, format!("{line},"))
        } else {
            // The comma belongs directly behind the value, the entry behind the value's comment.
            let kept = text.get(anchor..stop).unwrap_or_default();
            (anchor..stop, format!(",{kept}{line}"))
        };
        Splice { span, with: Value::new(with) }
    }

    fn first(&self, unit: &str, spread: bool, render: impl FnOnce(&Layout) -> String) -> Splice {
        let text = self.text;
        let open = self.span.start;
        let close = self.span.end.saturating_sub(1);
        let at = self.last_comment(open + 1, close);
        let broken = |from| text.get(from..close).is_some_and(|inner| inner.contains('\n'));
        if !spread && !broken(open + 1) {
            let new = render(&Layout { indent: None, padded: self.padded() });
            let with = match text.get(open + 1..close) {
                Some("") | None => new,
                Some(_) => format!(" {new}"),
            };
            return Splice { span: at..at, with: Value::new(with) };
        }
        let end = line_end(text);
        let own = indent_at(text, open);
        let indent = format!("{own}{unit}");
        let new = render(&Layout { indent: Some(indent.clone()), padded: self.padded() });
        let mut with = format!("{end}{indent}{new}");
        if !broken(at) {
            with.push_str(end);
            with.push_str(own);
        }
        Splice { span: at..at, with: Value::new(with) }
    }

    /// Whether a blank follows the opening bracket.
    fn padded(&self) -> bool {
        let inner = self.text.get(self.span.start + 1..).unwrap_or_default();
        inner.starts_with(' ')
    }

    /// Whether entries follow one another without a blank.
    fn tight(&self, before: usize, entry: usize) -> bool {
        if self.values.len() > 1 {
            return self.text.get(before..entry).is_some_and(|gap| gap == ",");
        }
        !self.padded() && !self.text.contains([' ', '\n'])
    }

    /// The next byte that is no blank, line break, comma or comment.
    fn skip(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(byte) = self.text.as_bytes().get(at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => at += 1,
                _ => match self.comments.end(self.text, at) {
                    Some(end) => at = end,
                    None => break,
                },
            }
        }
        at
    }

    /// The comma behind a value, if there is one.
    fn comma_behind(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            match self.text.as_bytes().get(at)? {
                b',' => return Some(at),
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                _ => at = self.comments.end(self.text, at)?,
            }
        }
    }

    /// The end of the comments that stand behind a byte in its line.
    fn comments_behind(&self, from: usize) -> usize {
        let mut stop = from;
        let mut at = from;
        while let Some(byte) = self.text.as_bytes().get(at) {
            if matches!(byte, b' ' | b'\t') {
                at += 1;
                continue;
            }
            let Some(end) = self.comments.end(self.text, at) else { break };
            if self.text.get(at..end).is_some_and(|comment| comment.contains('\n')) {
                break;
            }
            stop = end;
            at = end;
        }
        stop
    }

    /// The end of the last comment between two bytes, or the first byte.
    fn last_comment(&self, from: usize, to: usize) -> usize {
        let mut last = from;
        let mut at = from;
        while at < to {
            match self.comments.end(self.text, at) {
                Some(end) => {
                    last = end;
                    at = end;
                }
                None => at += 1,
            }
        }
        last
    }
}
