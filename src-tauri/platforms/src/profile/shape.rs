//! What a platform's keys look like: known beginnings, visible ends, and how a
//! whole key is cut out of a text that others will see.

use keywright_model::{Environment, Hint, Secret};

/// What a key of the platform looks like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    /// Known beginnings and what they tell, longest first.
    pub(crate) prefixes: Vec<(String, Environment)>,
    /// Characters shown after the known beginning, and at the end.
    pub(crate) show_after_prefix: usize,
    pub(crate) show_suffix: usize,
}

impl Shape {
    #[expect(clippy::disallowed_methods, reason = "compares the beginning with public prefixes")]
    fn prefix(&self, secret: &Secret) -> Option<&(String, Environment)> {
        self.prefixes.iter().find(|(prefix, _)| secret.expose().starts_with(prefix.as_str()))
    }

    pub(crate) fn environment(&self, secret: &Secret) -> Environment {
        self.prefix(secret).map(|(_, environment)| *environment).unwrap_or_default()
    }

    #[expect(clippy::disallowed_methods, reason = "the hint is the part meant to be seen")]
    pub(crate) fn hint(&self, secret: &Secret) -> Hint {
        let text = secret.expose();
        let length = text.chars().count();
        let known = self.prefix(secret).map_or(0, |(prefix, _)| prefix.chars().count());
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
        if self.prefixes.is_empty() || self.prefix(secret).is_some() {
            return None;
        }
        let known: Vec<&str> = self.prefixes.iter().map(|(prefix, _)| prefix.as_str()).collect();
        Some(format!("keys of {platform} begin with {}", known.join(" or ")))
    }

    /// The platform's hint where it is a modest part of the secret, or else our own.
    #[expect(clippy::disallowed_methods, reason = "checks that a hint is a part of the secret")]
    pub(crate) fn hint_for(&self, secret: &Secret, told: &Hint) -> Hint {
        let own = self.hint(secret);
        let text = secret.expose();
        let known = self.prefix(secret).map_or(0, |(prefix, _)| prefix.len());
        let modest = told.prefix.len() <= known + 4 && told.suffix.len() <= 4;
        let small = 4 * (told.prefix.len().saturating_sub(known) + told.suffix.len()) <= text.len();
        let part = text.starts_with(&told.prefix) && text.ends_with(&told.suffix);
        if modest && small && part && *told != Hint::default() { told.clone() } else { own }
    }

    /// Production or sandbox, by a hint.
    pub(crate) fn environment_by_hint(&self, hint: &Hint) -> Environment {
        let known = |(prefix, _): &&(String, Environment)| hint.prefix.starts_with(prefix.as_str());
        self.prefixes.iter().find(known).map(|(_, found)| *found).unwrap_or_default()
    }

    /// A text in which everything that looks like one of the platform's keys is cut.
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (prefix, _) in &self.prefixes {
            let mut from = 0;
            while let Some(at) = out.get(from..).and_then(|rest| rest.find(prefix.as_str())) {
                let start = from + at + prefix.len();
                let rest = out.get(start..).unwrap_or_default();
                let key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
                let length = rest.find(|c| !key(c)).unwrap_or(rest.len());
                if length >= 8 {
                    out.replace_range(start..start + length, "…");
                }
                from = start;
            }
        }
        out
    }
}
