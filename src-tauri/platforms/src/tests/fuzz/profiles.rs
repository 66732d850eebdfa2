//! Profiles whose text is spoilt are read or refused with their place.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::{
    super::server::{acme, agent_ceo},
    dice::Dice,
    for_each,
};
use crate::{Profile, Registry, Variables};

/// Spoilt texts of each profile.
const ROUNDS: u64 = 200;

impl Dice {
    /// A text with something cut out, doubled, moved or overwritten: letters, lines
    /// or what stands behind a `=`.
    fn spoil_text(&mut self, text: &str) -> String {
        let mut out = text.to_owned();
        for _ in 0..=self.roll(3) {
            out = match self.roll(3) {
                0 => self.letters(&out),
                1 => self.lines(&out),
                _ => self.values(&out),
            };
        }
        out
    }

    fn letters(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        let from = self.roll(letters.len());
        let to = (from + self.roll(60)).min(letters.len());
        let part: Vec<char> = match self.roll(4) {
            0 => Vec::new(),
            1 => [&letters[from..to], &letters[from..to]].concat(),
            2 => letters[from..to].iter().rev().copied().collect(),
            _ => self
                .pick(&["\"", "{", "[[", "ä\u{1f511}", "\r\n", "{account.", "\\"])
                .chars()
                .collect(),
        };
        drop(letters.splice(from..to, part));
        letters.into_iter().collect()
    }

    fn lines(&mut self, text: &str) -> String {
        let mut lines: Vec<&str> = text.split('\n').collect();
        let (one, other) = (self.roll(lines.len()), self.roll(lines.len()));
        match self.roll(3) {
            0 => drop(lines.remove(one)),
            1 => lines.insert(one, lines[other]),
            _ => lines.swap(one, other),
        }
        lines.join("\n")
    }

    fn values(&mut self, text: &str) -> String {
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let at = self.roll(lines.len());
        let odd = [
            "1",
            "-1",
            "\"\"",
            "[]",
            "{}",
            "true",
            "2026-11-22",
            "1e9",
            "\"{nothing}\"",
            "'['",
            "99999999999999999999",
            "{ \"$var\" = \"name\" }",
            "[[[]]]",
            "\"/\"",
            "\"a\\u0000b\"",
        ];
        if let Some((name, _)) = lines[at].split_once('=') {
            lines[at] = format!("{name}= {}", self.pick(&odd));
        }
        lines.join("\n")
    }
}

/// Read once: a case is about its scopes.
static AGENT_CEO: LazyLock<(Arc<Profile>, Variables)> = LazyLock::new(|| (agent_ceo(), acme()));

fn has_a_place(text: &str) {
    if let Err(error) = Profile::parse("spoilt.toml", text) {
        let lines: Vec<&str> = text.split('\n').collect();
        let line = error.line.checked_sub(1).and_then(|at| lines.get(at));
        let line = line.unwrap_or_else(|| panic!("{error}: there is no such line in\n{text}"));
        let column = error.column >= 1 && error.column <= line.chars().count() + 1;
        assert!(column, "{error}: there is no such column in {line:?}");
        assert!(!error.found.is_empty() && !error.expected.is_empty(), "{error}");
    }
}

#[test]
fn every_profile_spoilt_is_read_or_refused_with_its_place() {
    let all: Vec<(u64, &str)> =
        (0..).zip(Registry::builtin_texts().iter().map(|(_, text)| *text)).collect();
    for_each(&all, |(seed, text)| {
        let mut dice = Dice(seed + 99);
        for _ in 0..ROUNDS {
            has_a_place(&dice.spoil_text(text));
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_at_all_is_read_or_refused(text in "\\PC{0,300}") {
        prop_assert!(Profile::parse("any.toml", &text).is_err());
    }

    #[test]
    fn any_scopes_at_all_are_described_checked_and_refused(
        scopes in prop::collection::vec("(org|agent|svc|):[a-z*:{}-]{0,12}|\\PC{0,20}", 0..6),
    ) {
        let (profile, variables) = &*AGENT_CEO;
        let problems = profile.check_scopes(variables, &scopes);
        let said = profile.describe(variables, &scopes, keywright_model::Expiry::Never);
        prop_assert!(!said.sentence.is_empty());
        let complete = ["org:acme"].iter().all(|one| scopes.iter().any(|scope| scope == one))
            && scopes.iter().any(|scope| scope.starts_with("agent:"))
            && scopes.iter().any(|scope| scope.starts_with("svc:"));
        prop_assert!(complete || !problems.is_empty(), "{scopes:?}");
    }
}
