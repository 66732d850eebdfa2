//! Turning rows down by their plaintext, before they are decoded.
//!
//! It may let a row through that is not wanted, never the other way around.

use std::{borrow::Cow, ops::Range};

use memchr::memmem::{self, Finder};

use super::block;

/// What the plaintext of a wanted row must hold.
#[derive(Default)]
pub(super) struct Sieve<'a> {
    finders: Vec<Finder<'a>>,
    any_case: bool,
}

/// A sieve laid over the plaintext of one block.
pub(super) struct Mesh<'a> {
    sieve: &'a Sieve<'a>,
    bytes: Cow<'a, [u8]>,
    open: bool,
}

/// The two letters whose lower case is or begins with an ASCII letter, though they are none:
/// the Kelvin sign and the dotted capital I.
const ODD: [&[u8]; 2] = ["\u{212a}".as_bytes(), "\u{130}".as_bytes()];

impl<'a> Sieve<'a> {
    /// Lets through what holds all of these bytes.
    pub(super) fn of_bytes(bytes: &'a [u8]) -> Self {
        Self { finders: vec![Finder::new(bytes)], any_case: false }
    }

    /// Lets through what holds all of these lower-case texts, in any case. A text beyond
    /// ASCII turns nothing down: folding its case would need the text around it.
    pub(super) fn of_texts(texts: impl Iterator<Item = &'a str>) -> Self {
        let plain = texts.filter(|text| text.is_ascii() && !text.is_empty());
        Self { finders: plain.map(Finder::new).collect(), any_case: true }
    }

    /// Lays the sieve over a block's plaintext.
    pub(super) fn over<'m>(&'m self, bytes: &'m [u8]) -> Mesh<'m> {
        if self.finders.is_empty() {
            return Mesh { sieve: self, bytes: Cow::Borrowed(bytes), open: true };
        }
        if !self.any_case {
            return Mesh { sieve: self, bytes: Cow::Borrowed(bytes), open: false };
        }
        let open = ODD.iter().any(|odd| memmem::find(bytes, odd).is_some());
        Mesh { sieve: self, bytes: Cow::Owned(bytes.to_ascii_lowercase()), open }
    }
}

impl Mesh<'_> {
    /// Whether the row may be wanted.
    pub(super) fn lets_through(&self, range: &Range<u32>) -> bool {
        let row = block::part(&self.bytes, range).filter(|row| !row.is_empty());
        row.is_some_and(|row| {
            self.open || self.sieve.finders.iter().all(|finder| finder.find(row).is_some())
        })
    }
}

impl Drop for Mesh<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(bytes) = &mut self.bytes {
            zeroize::Zeroize::zeroize(bytes);
        }
    }
}
