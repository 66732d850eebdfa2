//! Which parts of a text are asked about.
//!
//! A key stands between two characters that do not belong to it; which ones those are, nobody
//! knows beforehand. A text is cut at white space and quotes, and each such *run* is asked
//! about as a whole and in parts: behind its first `=` and `:`, between the marks of
//! addresses, lists and calls, and, in pieces of few marks, from every mark to every other.
//! A key with several `/` in the path of an address is not found: nothing tells where it ends.
//! Every byte stands in a bounded number of candidates, so the time is linear in the text.

use std::ops::Range;

/// The shortest candidate, in bytes. What is shorter is found in clients' slots only.
pub(super) const SHORTEST: usize = 16;
/// The longest candidate, in bytes.
pub(super) const LONGEST: usize = 4_096;
/// Up to so many marks, every stretch between two of them is a candidate.
const FEW_MARKS: usize = 6;
/// Of a piece with more marks, so many ends behind `=` and `:` are candidates.
const TAILS: usize = 8;

/// What a byte does to a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Ends it: white space, quotes, controls, everything beyond ASCII.
    End,
    /// Belongs to almost every key.
    Letter,
    /// Belongs to some keys, and stands between the parts of names, paths and base64.
    Mark,
    /// Belongs to few keys, and ends parts of addresses, lists and calls.
    Cut,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::End; 256];
    let mut at = 0_u8;
    let mut place = 0;
    while place < classes.len() {
        classes[place] = match at {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-' | b'~' => Class::Letter,
            b'.' | b'/' | b'+' | b'=' | b':' | b'%' => Class::Mark,
            b'"' | b'\'' | b'`' | b'\\' | 0..=b' ' | 0x7f.. => Class::End,
            _ => Class::Cut,
        };
        at = at.wrapping_add(1);
        place += 1;
    }
    classes
};

fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::End)
}

/// Calls with every run of at least [`SHORTEST`] bytes, until it answers `false`.
pub(super) fn runs(text: &[u8], mut each: impl FnMut(Range<usize>) -> bool) {
    let mut start = 0;
    let mut skip = 0;
    for (at, byte) in text.iter().enumerate() {
        if at < skip || class(*byte) != Class::End {
            continue;
        }
        if at.saturating_sub(start) >= SHORTEST && !each(start..at) {
            return;
        }
        start = at + if *byte == b'\\' { escape(text.get(at..).unwrap_or_default()) } else { 1 };
        skip = start;
    }
    if text.len().saturating_sub(start) >= SHORTEST {
        each(start..text.len());
    }
}

/// How many bytes an escape takes that begins a text. `\n` before a key is no `n` of the key,
/// and `\u003d` is the `=` of careful JSON writers.
fn escape(text: &[u8]) -> usize {
    match text {
        [_, b'n' | b'r' | b't' | b'b' | b'f' | b'v' | b'0', ..] => 2,
        [_, b'u', hex @ ..]
            if hex.iter().take(4).filter(|c| c.is_ascii_hexdigit()).count() == 4 =>
        {
            6
        }
        _ => 1,
    }
}

/// A parameter in the query of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

/// The candidates of one run, as places in it. Kept from run to run for its memory.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// To be asked whether it is a key of the vault.
    pub(super) any: Vec<(usize, usize)>,
    /// To be asked whether it looks like a platform's key: `[A-Za-z0-9_~./+=-]` only.
    pub(super) shaped: Vec<(usize, usize)>,
    /// May be base64, or have `%` escapes.
    pub(super) packed: Vec<(usize, usize)>,
    /// Parameters of an address.
    pub(super) parameters: Vec<Parameter>,
    marks: Vec<usize>,
}

impl Candidates {
    /// Finds the candidates of a run.
    pub(super) fn fill(&mut self, run: &[u8]) {
        for list in [&mut self.any, &mut self.shaped, &mut self.packed] {
            list.clear();
        }
        self.parameters.clear();
        if run.iter().all(|byte| class(*byte) == Class::Letter) {
            self.letters(run, 0..run.len());
            add(&mut self.packed, 0, run.len());
            return;
        }
        self.whole(run);
        let mut start = 0;
        for (at, byte) in run.iter().enumerate() {
            if class(*byte) == Class::Cut {
                self.piece(run, start..at);
                start = at + 1;
            }
        }
        self.piece(run, start..run.len());
        for list in [&mut self.any, &mut self.shaped, &mut self.packed] {
            list.sort_unstable_by_key(|(start, end)| (*start, usize::MAX - end));
            list.dedup();
        }
    }

    /// A run as it is, without the marks around it, and behind its first `=` and `:`. For keys
    /// of any characters, such as invented passwords.
    fn whole(&mut self, run: &[u8]) {
        let inner =
            |start: usize| trimmed(run, start..run.len(), |byte| !b",;.:!?)]}>".contains(&byte));
        let bare = trimmed(run, 0..run.len(), |byte| class(byte) == Class::Letter);
        add(&mut self.any, 0, run.len());
        add(&mut self.any, bare.start, bare.end);
        add(&mut self.any, 0, inner(0).end);
        for mark in [b'=', b':'] {
            let at = memchr::memchr(mark, run);
            if let Some(at) = at.filter(|at| !is_address(run, *at)) {
                add(&mut self.any, at + 1, run.len());
                add(&mut self.any, at + 1, inner(at + 1).end);
            }
        }
    }

    /// What stands between two cuts.
    fn piece(&mut self, run: &[u8], piece: Range<usize>) {
        if piece.len() < SHORTEST {
            return;
        }
        self.parameter(run, &piece);
        self.marks.clear();
        let bytes = run.get(piece.clone()).unwrap_or_default();
        let (mut plain, mut words) = (true, true);
        for (at, byte) in bytes.iter().enumerate() {
            plain = plain && class(*byte) == Class::Letter;
            words = words && !byte.is_ascii_digit() && !byte.is_ascii_uppercase();
            if b"/=:".contains(byte) {
                self.marks.push(piece.start + at);
            }
        }
        if plain {
            self.letters(run, piece.clone());
            add(&mut self.packed, piece.start, piece.end);
            return;
        }
        add(&mut self.any, piece.start, piece.end);
        // What stands between the slashes of an address is asked about below, one by one; and
        // small words between slashes are a path.
        let address = self.marks.iter().any(|at| is_address(run, *at));
        if !address && !words && self.marks.len() <= FEW_MARKS {
            self.stretches(&piece);
        } else {
            self.tails(run, &piece);
        }
        for field in fields(run, piece) {
            self.field(run, field);
        }
    }

    /// From every `/`, `=` and `:` to every later one: base64 may hold some of them.
    fn stretches(&mut self, piece: &Range<usize>) {
        let marks = &self.marks;
        for start in marks.iter().map(|at| at + 1).chain([piece.start]) {
            for end in marks.iter().copied().chain([piece.end]) {
                add(&mut self.any, start, end);
            }
        }
    }

    /// What stands behind the first `=` and `:` of a piece with many marks.
    fn tails(&mut self, run: &[u8], piece: &Range<usize>) {
        let is_sign = |at: &&usize| {
            run.get(**at).is_some_and(|byte| b"=:".contains(byte)) && !is_address(run, **at)
        };
        for at in self.marks.iter().filter(is_sign).take(TAILS) {
            let tail = trimmed(run, at + 1..piece.end, |byte| !b".:".contains(&byte));
            add(&mut self.any, at + 1, piece.end);
            add(&mut self.any, at + 1, tail.end);
        }
    }

    /// What stands between two of `=` and `:`.
    fn field(&mut self, run: &[u8], field: Range<usize>) {
        if field.len() < SHORTEST {
            return;
        }
        let own = trimmed(run, field.clone(), |byte| class(byte) == Class::Letter);
        if !field.start.checked_sub(1).is_some_and(|at| is_address(run, at)) {
            // The padding of base64 belongs to some keys and not to others.
            let padded = own.start..field.end;
            add(&mut self.any, field.start, field.end);
            for part in [&own, &padded] {
                add(&mut self.any, part.start, part.end);
                add(&mut self.shaped, part.start, part.end);
            }
            add(&mut self.packed, field.start, field.end);
        }
        for part in parts(run, field, b"/") {
            let trim = trimmed(run, part.clone(), |byte| class(byte) == Class::Letter);
            add(&mut self.any, trim.start, trim.end);
            add(&mut self.shaped, trim.start, trim.end);
            for letters in parts(run, part, b"./+%=") {
                self.letters(run, letters);
            }
        }
    }

    /// Letters, and the same without the `_`, `-` and `~` around them (Markdown's emphasis).
    fn letters(&mut self, run: &[u8], letters: Range<usize>) {
        let bare = trimmed(run, letters.clone(), |byte| byte.is_ascii_alphanumeric());
        for part in [&letters, &bare] {
            add(&mut self.any, part.start, part.end);
            add(&mut self.shaped, part.start, part.end);
            if bare == letters {
                break;
            }
        }
    }

    /// Notes `name=value` behind a `?` or `&`.
    fn parameter(&mut self, run: &[u8], piece: &Range<usize>) {
        let before = piece.start.checked_sub(1).and_then(|at| run.get(at));
        if !before.is_some_and(|byte| b"?&".contains(byte)) {
            return;
        }
        let bytes = run.get(piece.clone()).unwrap_or_default();
        if let Some(at) = memchr::memchr(b'=', bytes).map(|at| piece.start + at) {
            let value = at + 1..piece.end;
            self.parameters.push(Parameter { name: piece.start..at, value });
        }
    }
}

/// Whether the `:` of a web address is there, behind which no key begins. The scheme is looked
/// at because base64 begins with `//` too.
fn is_address(run: &[u8], at: usize) -> bool {
    let (before, after) = run.split_at_checked(at).unwrap_or_default();
    after.starts_with(b"://") && (before.ends_with(b"http") || before.ends_with(b"https"))
}

fn add(list: &mut Vec<(usize, usize)>, start: usize, end: usize) {
    if (SHORTEST..=LONGEST).contains(&end.saturating_sub(start))
        && list.last() != Some(&(start, end))
    {
        list.push((start, end));
    }
}

/// A part without the bytes at its ends that do not belong.
fn trimmed(run: &[u8], part: Range<usize>, belongs: impl Fn(u8) -> bool) -> Range<usize> {
    let bytes = run.get(part.clone()).unwrap_or_default();
    let start = bytes.iter().position(|byte| belongs(*byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| belongs(*byte)).map_or(start, |at| at + 1);
    part.start + start..part.start + end
}

/// The parts of a piece between `=` and `:`, the `=` at the end of one included.
fn fields(run: &[u8], piece: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let signs = parts(run, piece.clone(), b"=:");
    signs.map(move |field| {
        let after = run.get(field.end..piece.end).unwrap_or_default();
        let padding = after.iter().take_while(|byte| **byte == b'=').count();
        field.start..field.end + padding
    })
}

/// The parts between any of some bytes.
fn parts<'r>(
    run: &'r [u8],
    whole: Range<usize>,
    between: &'r [u8],
) -> impl Iterator<Item = Range<usize>> + 'r {
    let bytes = run.get(whole.clone()).unwrap_or_default();
    let mut at = whole.start;
    bytes.split(|byte| between.contains(byte)).map(move |part| {
        let own = at..at + part.len();
        at = own.end + 1;
        own
    })
}

/// Whether all bytes are of base64's alphabet, padding at the end aside.
pub(super) fn may_be_base64(bytes: &[u8]) -> bool {
    let end = bytes.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    let is = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
    bytes.len() - end <= 2 && bytes.get(..end).unwrap_or_default().iter().all(is)
}
