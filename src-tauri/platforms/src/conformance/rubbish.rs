//! Texts that look like a secret and are none.

use keywright_model::Secret;

use crate::Profile;

/// How many letters at the beginning stay as they are where no prefix is known.
const KEPT: usize = 2;

/// A secret with every letter and digit behind its known beginning moved on by one:
/// the same length and kind of letters, and nobody's. Line by line.
#[expect(clippy::disallowed_methods, reason = "makes a text that is no secret out of one")]
pub(super) fn spoilt(profile: &Profile, secret: &Secret) -> Secret {
    let known = profile.shape.prefix(secret).map_or(KEPT, |prefix| prefix.text.len());
    let line = |line: &str| -> String {
        line.char_indices().map(|(at, c)| if at < known { c } else { next(c) }).collect()
    };
    Secret::new(secret.expose().lines().map(line).collect::<Vec<_>>().join("\n"))
}

/// A made-up key with a known beginning.
pub(super) fn made_up(profile: &Profile) -> Secret {
    let prefix = profile.shape.prefixes.first().map_or("", |prefix| prefix.text.as_str());
    Secret::new(format!("{prefix}{}", "notakeyatall".repeat(4)))
}

/// A management credential that is none, with as many lines as the platform wants.
pub(super) fn credential(profile: &Profile) -> Secret {
    let parts = profile.credential.as_ref().map_or(1, |form| form.parts.len().max(1));
    Secret::new(vec!["stand-in-credential"; parts].join("\n"))
}

/// The next letter of its kind; digits of a hexadecimal number stay such digits.
fn next(c: char) -> char {
    match c {
        '9' => '0',
        'f' => 'a',
        'z' => 'g',
        'F' => 'A',
        'Z' => 'G',
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(c) + 1).unwrap_or(c),
        other => other,
    }
}
