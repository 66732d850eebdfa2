//! Over what a shell nests: quotes, expansions, commands within commands. Each function takes
//! the place of an opening character and gives the place behind the closing one; none where
//! there is none, or where this reader cannot tell.

/// How deep things may nest. Deeper than any person writes, and far from the stack's end.
const DEEPEST: usize = 40;

/// A text to skip in.
#[derive(Clone, Copy)]
pub(super) struct Skip<'t> {
    text: &'t [u8],
    depth: usize,
}

impl<'t> Skip<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text: text.as_bytes(), depth: 0 }
    }

    fn byte(self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    fn deeper(self) -> Option<Self> {
        (self.depth < DEEPEST).then_some(Self { depth: self.depth + 1, ..self })
    }

    /// The place behind the next such byte; a backslash takes the one behind it along.
    fn until(self, mut at: usize, end: u8, escapes: bool) -> Option<usize> {
        loop {
            match self.byte(at)? {
                b'\\' if escapes => at += 2,
                byte if byte == end => return Some(at + 1),
                _ => at += 1,
            }
        }
    }

    /// A part of a word that begins with a quote, a backquote, a backslash or a `$`; none
    /// where it has no end, and one byte for any other one.
    pub(super) fn part(self, at: usize, in_double: bool) -> Option<usize> {
        let inner = self.deeper()?;
        match self.byte(at)? {
            b'\\' => self.byte(at + 1).map(|_| at + 2),
            b'\'' if !in_double => self.until(at + 1, b'\'', false),
            b'"' if !in_double => inner.double(at),
            b'`' => self.until(at + 1, b'`', true),
            b'$' => inner.dollar(at, in_double),
            _ => Some(at + 1),
        }
    }

    fn double(self, open: usize) -> Option<usize> {
        let mut at = open + 1;
        loop {
            match self.byte(at)? {
                b'"' => return Some(at + 1),
                _ => at = self.part(at, true)?,
            }
        }
    }

    fn dollar(self, at: usize, in_double: bool) -> Option<usize> {
        match self.byte(at + 1) {
            Some(b'(') => self.parens(at + 1),
            Some(b'{') => self.brace(at + 1, in_double),
            Some(b'\'') if !in_double => self.until(at + 2, b'\'', true),
            Some(b'#' | b'$' | b'?' | b'!' | b'*' | b'@' | b'-') => Some(at + 2),
            _ => Some(at + 1),
        }
    }

    fn brace(self, open: usize, in_double: bool) -> Option<usize> {
        let mut at = open + 1;
        // `${#name}` counts.
        if self.byte(at) == Some(b'#') {
            at += 1;
        }
        loop {
            match self.byte(at)? {
                b'}' => return Some(at + 1),
                b'"' => at = self.deeper()?.double(at)?,
                _ => at = self.part(at, in_double)?,
            }
        }
    }

    /// A subshell, a list in an array, a substitution, or arithmetic.
    pub(super) fn parens(self, open: usize) -> Option<usize> {
        let arithmetic = self.byte(open + 1) == Some(b'(');
        let mut depth = 0_usize;
        let mut at = open;
        loop {
            let begins =
                at == open || matches!(self.byte(at - 1)?, b' ' | b'\t' | b'\n' | b';' | b'(');
            match self.byte(at)? {
                b'(' => {
                    depth += 1;
                    at += 1;
                }
                b')' => {
                    depth = depth.checked_sub(1)?;
                    at += 1;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                b'#' if begins && !arithmetic => at = self.until(at, b'\n', false)?,
                // A here-document, and the patterns of `case`, may hold brackets of no meaning.
                b'<' if self.byte(at + 1) == Some(b'<') && !arithmetic => return None,
                b'c' if begins && self.text.get(at..at + 4) == Some(b"case") => return None,
                _ => at = self.part(at, false)?,
            }
        }
    }
}
