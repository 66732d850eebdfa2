//! What a platform's keys look like: known beginnings, visible ends, and how a
//! whole key is cut out of a text that others will see.

use keywright_model::{Environment, Hint, Secret};
use regex_lite::Regex;

use crate::{
    ProfileError,
    profile::{fields, node::Table},
};

/// A known beginning, and what it tells.
#[derive(Debug, Clone)]
pub(crate) struct Prefix {
    pub(crate) text: String,
    pub(crate) environment: Environment,
    /// What a whole key with this beginning looks like, where that is known.
    pub(crate) pattern: Option<Regex>,
    pub(crate) checksum: Option<Checksum>,
}

/// Check characters in a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checksum {
    /// The last six characters are the CRC-32 of what stands between the prefix and them, in
    /// base 62 (GitHub's and npm's tokens).
    Crc32Base62,
}

/// What a key of the platform looks like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    /// Known beginnings, longest first.
    pub(crate) prefixes: Vec<Prefix>,
    /// What whole keys without a known beginning look like.
    pub(crate) patterns: Vec<Regex>,
    /// Characters shown after the known beginning, and at the end.
    pub(crate) show_after_prefix: usize,
    pub(crate) show_suffix: usize,
}

impl Shape {
    #[expect(clippy::disallowed_methods, reason = "compares the beginning with public prefixes")]
    pub(crate) fn prefix(&self, secret: &Secret) -> Option<&Prefix> {
        self.prefixes.iter().find(|prefix| secret.expose().starts_with(&prefix.text))
    }

    pub(crate) fn environment(&self, secret: &Secret) -> Environment {
        self.prefix(secret).map(|prefix| prefix.environment).unwrap_or_default()
    }

    /// Whether it looks like a whole key without a known beginning.
    #[expect(clippy::disallowed_methods, reason = "looks at the letters only")]
    pub(crate) fn looks_like(&self, secret: &Secret) -> bool {
        self.patterns.iter().any(|pattern| pattern.is_match(secret.expose()))
    }

    #[expect(clippy::disallowed_methods, reason = "the hint is the part meant to be seen")]
    pub(crate) fn hint(&self, secret: &Secret) -> Hint {
        let text = secret.expose();
        let length = text.chars().count();
        let known = self.prefix(secret).map_or(0, |prefix| prefix.text.chars().count());
        let mut after = self.show_after_prefix;
        let mut suffix = self.show_suffix;
        // A short secret shows its known beginning only: the rest is too much of it.
        if length.saturating_sub(known) < 4 * (after + suffix) {
            (after, suffix) = (0, 0);
        }
        Hint {
            prefix: text.chars().take(known + after).collect(),
            suffix: text.chars().skip(length.saturating_sub(suffix)).collect(),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "looks for white space and a public prefix")]
    pub(crate) fn check(&self, secret: &Secret, platform: &str) -> Option<String> {
        let text = secret.expose();
        if text.is_empty() {
            return Some("it is empty".into());
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Some("it has white space or line breaks in it".into());
        }
        if self.prefixes.is_empty() || self.prefix(secret).is_some() || self.looks_like(secret) {
            return None;
        }
        let known: Vec<&str> = self.prefixes.iter().map(|prefix| prefix.text.as_str()).collect();
        Some(format!("keys of {platform} begin with {}", known.join(" or ")))
    }

    /// The platform's hint where it is a modest part of the secret, or else our own.
    #[expect(clippy::disallowed_methods, reason = "checks that a hint is a part of the secret")]
    pub(crate) fn hint_for(&self, secret: &Secret, told: &Hint) -> Hint {
        let own = self.hint(secret);
        let text = secret.expose();
        let known = self.prefix(secret).map_or(0, |prefix| prefix.text.len());
        let modest = told.prefix.len() <= known + 4 && told.suffix.len() <= 4;
        let small = 4 * (told.prefix.len().saturating_sub(known) + told.suffix.len()) <= text.len();
        let part = text.starts_with(&told.prefix) && text.ends_with(&told.suffix);
        if modest && small && part && *told != Hint::default() { told.clone() } else { own }
    }

    /// Production or sandbox, by a hint.
    pub(crate) fn environment_by_hint(&self, hint: &Hint) -> Environment {
        let known = |prefix: &&Prefix| hint.prefix.starts_with(&prefix.text);
        self.prefixes.iter().find(known).map(|prefix| prefix.environment).unwrap_or_default()
    }

    /// A text in which everything that looks like one of the platform's keys is cut.
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for Prefix { text: prefix, pattern, .. } in &self.prefixes {
            let mut from = 0;
            while let Some(at) = out.get(from..).and_then(|rest| rest.find(prefix.as_str())) {
                let start = from + at + prefix.len();
                let rest = out.get(start..).unwrap_or_default();
                let key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
                let length = rest.find(|c| !key(c)).unwrap_or(rest.len());
                // Within a word, such as `task-runner`, only a whole key is one.
                let inside = out
                    .get(..from + at)
                    .is_some_and(|before| before.ends_with(|c: char| c.is_ascii_alphanumeric()));
                let found = out.get(from + at..start + length).unwrap_or_default();
                let whole = pattern.as_ref().is_none_or(|pattern| pattern.is_match(found));
                if length >= 8 && (whole || !inside) {
                    out.replace_range(start..start + length, "…");
                }
                from = start;
            }
        }
        out
    }
}

/// Reads `[[prefixes]]`, `[[shapes]]` and `[hint]`.
pub(crate) fn parse(table: &mut Table<'_>) -> Result<Shape, ProfileError> {
    let mut shape = Shape::default();
    for mut sub in table.tables("prefixes")? {
        shape.prefixes.push(prefix(&mut sub)?);
        sub.end()?;
    }
    shape.prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.text.len()));
    for mut sub in table.tables("shapes")? {
        let expected = "a pattern of the whole key, from `^` to `$`";
        shape.patterns.push(whole(&sub.need("pattern", expected)?)?);
        sub.end()?;
    }
    if let Some(mut sub) = table.sub("hint")? {
        if let Some(node) = sub.get("after_prefix") {
            shape.show_after_prefix = node.integer(0..=8)?;
        }
        if let Some(node) = sub.get("suffix") {
            shape.show_suffix = node.integer(0..=8)?;
        }
        sub.end()?;
    }
    Ok(shape)
}

fn prefix(table: &mut Table<'_>) -> Result<Prefix, ProfileError> {
    let text = table.need_words("prefix", "how a key begins")?;
    let environment = table.need("environment", "one of `live`, `test`, `unknown`")?.one_of(&[
        ("live", Environment::Live),
        ("test", Environment::Test),
        ("unknown", Environment::Unknown),
    ])?;
    let pattern = table.get("pattern").map(|node| whole(&node)).transpose()?;
    let checksum = table
        .get("checksum")
        .map(|node| node.one_of(&[("crc32_base62", Checksum::Crc32Base62)]))
        .transpose()?;
    Ok(Prefix { text, environment, pattern, checksum })
}

/// A pattern of a whole key: one that fits a part would fit everything.
fn whole(node: &crate::profile::node::Node<'_>) -> Result<Regex, ProfileError> {
    let expected = "a pattern of the whole key, from `^` to `$`";
    let text = node.text(expected)?;
    if text.starts_with('^') && text.ends_with('$') {
        fields::pattern(node)
    } else {
        Err(node.wrong(expected))
    }
}
