//! The one block that Keywright keeps in a profile: its variables stand between two marks, so
//! that people see what is whose and can move or delete it as a whole.

use super::{
    Problem, Splice,
    lines::{Line, append, line_end, put},
};

/// The line before the block's first variable.
pub(super) const BEGIN: &str = "# >>> keywright >>>";
/// The line behind its last one.
pub(super) const END: &str = "# <<< keywright <<<";

/// Where remarks equal to a mark begin.
#[derive(Default)]
pub(super) struct Marks {
    begin: Vec<usize>,
    end: Vec<usize>,
}

impl Marks {
    /// Notes a remark that begins at a place, where it is a mark.
    pub(super) fn note(&mut self, remark: &str, at: usize) {
        match remark.trim_end() {
            BEGIN => self.begin.push(at),
            END => self.end.push(at),
            _ => {}
        }
    }

    /// The bytes that put a line into the block, or a block with the line at the end.
    pub(super) fn insert(&self, text: &str, line: String) -> Result<Splice, Problem> {
        match (self.begin.as_slice(), self.end.as_slice()) {
            ([], []) => {
                let mut new = vec![BEGIN.to_owned(), line, END.to_owned()];
                let last = text.lines().next_back();
                if last.is_some_and(|last| !last.is_empty()) {
                    new.insert(0, String::new());
                }
                Ok(append(text, &new))
            }
            ([begin], [end]) if begin < end => {
                let head = text.get(..*end).unwrap_or_default();
                let start = head.rfind('\n').map_or(0, |at| at + 1);
                let own = Line::at(text, start, 1).map_or(*end, |line| line.indented().0);
                if own != *end {
                    return Err(BROKEN);
                }
                Ok(put(start, line + line_end(text, start)))
            }
            _ => Err(BROKEN),
        }
    }
}

const BROKEN: Problem =
    Problem::Unsupported { why: "the marks of Keywright's block are not a pair" };
