//! No tracked file holds what looks like a live key.

use super::tree::{Problem, Tree, line_of};

/// How the keys of one platform look.
struct Look {
    platform: &'static str,
    prefix: &'static str,
    /// Characters after the prefix, at the least.
    least: usize,
}

const fn look(platform: &'static str, prefix: &'static str, least: usize) -> Look {
    Look { platform, prefix, least }
}

const LOOKS: &[Look] = &[
    look("agent.ceo", "ace_live_", 12),
    look("agent.ceo", "ace_test_", 12),
    look("Anthropic", "sk-ant-", 20),
    look("OpenAI", "sk-proj-", 20),
    look("OpenAI service account", "sk-svcacct-", 20),
    look("OpenRouter", "sk-or-v1-", 20),
    look("GitHub", "ghp_", 30),
    look("GitHub", "gho_", 30),
    look("GitHub", "ghs_", 30),
    look("GitHub", "github_pat_", 30),
    look("GitLab", "glpat-", 20),
    look("npm", "npm_", 30),
    look("Slack", "xoxb-", 20),
    look("Slack", "xoxp-", 20),
    look("Stripe", "sk_live_", 16),
    look("Stripe", "rk_live_", 16),
    look("Google", "AIza", 30),
    look("AWS", "AKIA", 16),
    look("Hugging Face", "hf_", 30),
    look("SendGrid", "SG.", 40),
    look("Groq", "gsk_", 30),
    look("xAI", "xai-", 40),
];

/// Words that no real key holds; a fixture says that it is one.
const FAKE: [&str; 6] = ["fake", "example", "not-a-real", "xxxx", "canary", "…"];

/// What looks like a key and does not say that it is none.
pub(super) fn live_keys(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.files() {
        for look in LOOKS {
            let found = file.text.match_indices(look.prefix).filter(|(at, _)| {
                let before = file.text.get(..*at).and_then(|text| text.chars().next_back());
                let rest = file.text.get(at + look.prefix.len()..).unwrap_or_default();
                !before.is_some_and(is_of_a_key) && look.fits(rest)
            });
            problems.extend(found.map(|(at, _)| {
                let what = format!("looks like a live key of {}", look.platform);
                Problem::at(file, line_of(&file.text, at), what)
            }));
        }
        problems.extend(
            private_keys(&file.text)
                .map(|at| Problem::at(file, line_of(&file.text, at), "looks like a private key")),
        );
    }
    problems
}

impl Look {
    /// Whether what follows the prefix is long and mixed enough, and does not call itself fake.
    fn fits(&self, rest: &str) -> bool {
        let end = rest.find(|letter| !is_of_a_key(letter)).unwrap_or(rest.len());
        let body = rest.get(..end).unwrap_or_default();
        let lower = body.to_ascii_lowercase();
        body.len() >= self.least
            && body.bytes().any(|byte| byte.is_ascii_digit())
            && body.bytes().any(|byte| byte.is_ascii_alphabetic())
            && !FAKE.iter().any(|word| lower.contains(word))
    }
}

fn is_of_a_key(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.')
}

/// Where a PEM private key begins. The words stand apart here, or this file would be found.
fn private_keys(text: &str) -> impl Iterator<Item = usize> {
    const ENDING: &str = concat!("PRIVATE", " KEY-----");
    text.match_indices("-----BEGIN ")
        .filter(move |(at, _)| {
            let line = text.get(*at..).and_then(|rest| rest.lines().next());
            line.is_some_and(|line| line.contains(ENDING))
        })
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::super::tree::check;
    use super::*;

    /// Letters and digits as a real key has them.
    fn body(length: usize) -> String {
        "q7Lw2Zt9Kd4Rm8Xc".chars().cycle().take(length).collect()
    }

    #[test]
    fn a_planted_key_of_every_look_is_caught() {
        for look in LOOKS {
            let planted = format!("first\nKEY={}{}\n", look.prefix, body(look.least));
            check(live_keys, &[("tests/fixtures/a.env", &planted)], &["tests/fixtures/a.env:2"]);
        }
    }

    #[test]
    fn a_key_that_says_it_is_fake_or_is_too_short_passes() {
        for look in LOOKS {
            let fake = format!("{}fake{}", look.prefix, body(look.least));
            let short = format!("{}{}", look.prefix, body(look.least - 1));
            let name = format!("a{}{}", look.prefix, body(look.least));
            for text in [fake, short, name] {
                check(live_keys, &[("a.env", &text)], &[]);
            }
        }
    }

    #[test]
    fn a_private_key_is_caught() {
        let planted = format!("\n-----BEGIN RSA {}", concat!("PRIVATE", " KEY-----"));
        check(live_keys, &[("a.pem", &planted)], &["a.pem:2"]);
        check(live_keys, &[("a.pem", "-----BEGIN CERTIFICATE-----")], &[]);
    }
}
