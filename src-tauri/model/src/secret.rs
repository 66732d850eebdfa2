//! The value of a key, which nothing can print, log, serialise or compare by accident.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroize;

/// A secret text: a key's value, a management credential, a passphrase.
///
/// It has no `Display`, no `Serialize`, no `Clone` and no `PartialEq`, prints as
/// `Secret(…)`, and wipes its memory when dropped. [`Secret::expose`] is banned
/// by `clippy.toml`: each use carries an `#[expect]` that says why.
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text over; the given allocation becomes the secret's own.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// Copies a borrowed text. The caller wipes the original.
    pub fn copy_of(text: &str) -> Self {
        Self(SecretString::from(text.to_owned()))
    }

    /// Takes UTF-8 bytes over; bytes that are not UTF-8 are wiped and refused.
    pub fn from_utf8(bytes: Vec<u8>) -> Option<Self> {
        match String::from_utf8(bytes) {
            Ok(text) => Some(Self::new(text)),
            Err(error) => {
                error.into_bytes().zeroize();
                None
            }
        }
    }

    /// The text itself. Every caller states its reason.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// A second owner of the same text, for a task that outlives the first.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(SecretString::from(self.0.expose_secret().to_owned()))
    }

    /// Several secrets as one text with this between them. The buffer is as long as the whole, so
    /// that no copy is left behind by growing.
    #[must_use]
    pub fn joined(parts: &[Self], between: &str) -> Self {
        let lengths: usize = parts.iter().map(Self::len).sum();
        let mut text = String::with_capacity(lengths + between.len() * parts.len());
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                text.push_str(between);
            }
            text.push_str(part.0.expose_secret());
        }
        Self::new(text)
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.expose_secret().len()
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The secret without surrounding white space, as pasted text often has.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        Self(SecretString::from(self.0.expose_secret().trim().to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_prints_nothing_of_itself() {
        let printed = format!("{:?}", Secret::copy_of("ace_test_not-a-real-key"));
        assert_eq!(printed, "Secret(…)");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test looks at its own fake secret")]
    fn parts_are_joined_in_order() {
        let parts = ["fake-one", "fake-two"].map(Secret::copy_of);
        assert_eq!(Secret::joined(&parts, "\n").expose(), "fake-one\nfake-two");
        assert!(Secret::joined(&[], "\n").is_empty());
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(Secret::from_utf8(vec![0xff, 0xfe]).is_none());
    }
}
