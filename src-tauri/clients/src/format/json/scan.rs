//! What the parser lets pass and RFC 8259 does not, found before it runs: control characters
//! in texts, blanks that are none, nesting that would exhaust the stack.

use std::borrow::Cow;

use crate::format::brackets::Comments;

/// The deepest nesting that is read.
const DEEPEST: usize = 200;

/// A text that may be parsed.
pub(super) struct Scanned<'t> {
    /// The same bytes, but for [`Scanned::halves`], which are `\ufffd` in it.
    pub(super) text: Cow<'t, str>,
    /// Where half a surrogate pair is escaped, as programs leave it that cut texts at a fixed
    /// length. Rust's texts cannot hold one. Each takes six bytes.
    pub(super) halves: Vec<usize>,
}

impl Scanned<'_> {
    /// Whether half a surrogate pair stands between two bytes.
    pub(super) fn halved(&self, from: usize, to: usize) -> bool {
        let next = self.halves.partition_point(|at| *at < from);
        self.halves.get(next).is_some_and(|at| *at < to)
    }
}

/// Looks through a text; an error is the byte and what is wrong there.
pub(super) fn scan(text: &str) -> Result<Scanned<'_>, (usize, &'static str)> {
    let bytes = text.as_bytes();
    let mut halves = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string(bytes, at + 1, &mut halves)?;
                continue;
            }
            b'/' => {
                if let Some(end) = Comments::Slashes.end(text, at) {
                    at = end;
                    continue;
                }
            }
            b'{' | b'[' if depth == DEEPEST => return Err((at, "it is nested too deeply")),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'\t' | b'\n' | b'\r' | b' '..=b'~' => {}
            _ => return Err((at, "a character that may only stand in a text")),
        }
        at += 1;
    }
    if halves.is_empty() {
        return Ok(Scanned { text: Cow::Borrowed(text), halves });
    }
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for at in &halves {
        masked.push_str(text.get(done..*at).unwrap_or_default());
        masked.push_str("\\ufffd");
        done = at + 6;
    }
    masked.push_str(text.get(done..).unwrap_or_default());
    Ok(Scanned { text: Cow::Owned(masked), halves })
}

/// Goes through a text's characters; the byte behind its closing quote, or the end of all.
fn string(
    bytes: &[u8],
    from: usize,
    halves: &mut Vec<usize>,
) -> Result<usize, (usize, &'static str)> {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return Ok(at + 1),
            0..=0x1f => return Err((at, "a control character in a text")),
            b'\\' => match unit(bytes, at) {
                Some(0xd800..=0xdbff) if matches!(unit(bytes, at + 6), Some(0xdc00..=0xdfff)) => {
                    at += 12;
                }
                Some(0xd800..=0xdfff) => {
                    halves.push(at);
                    at += 6;
                }
                _ => at += 2,
            },
            _ => at += 1,
        }
    }
    Ok(at)
}

/// The code unit that `\uXXXX` at a byte stands for.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}
