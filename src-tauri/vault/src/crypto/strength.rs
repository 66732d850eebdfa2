//! How long a passphrase would last, by zxcvbn.

use keywright_model::Secret;
use zxcvbn::Score;

/// An estimate of a passphrase's strength. It says nothing of the passphrase itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Strength {
    /// 0 (guessed at once) to 4 (very unlikely to be guessed).
    pub score: u8,
    /// Decimal logarithm of the guesses that it would take.
    pub guesses_log10: f64,
    /// What would make it better, in a sentence; none where nothing is needed.
    pub advice: Option<String>,
    /// Whether a vault may be made with it.
    pub acceptable: bool,
}

/// zxcvbn grows with the square of the length; what comes later only adds strength.
const LONGEST: usize = 100;

/// Estimates a passphrase.
#[expect(clippy::disallowed_methods, reason = "the estimate is made of the passphrase's text")]
pub fn strength(passphrase: &Secret) -> Strength {
    let text = passphrase.expose();
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let entropy = zxcvbn::zxcvbn(text.get(..end).unwrap_or(text), &["keywright"]);
    let score = match entropy.score() {
        Score::Zero => 0,
        Score::One => 1,
        Score::Two => 2,
        Score::Three => 3,
        _ => 4,
    };
    let advice = entropy.feedback().and_then(|feedback| {
        let first = feedback.suggestions().first().map(ToString::to_string);
        feedback.warning().map(|warning| warning.to_string()).or(first)
    });
    let guesses = if text.is_empty() { 0.0 } else { entropy.guesses_log10() };
    Strength { score, guesses_log10: guesses, advice, acceptable: score >= 3 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Strength {
        strength(&Secret::copy_of(text))
    }

    #[test]
    fn six_random_words_are_enough_and_a_common_word_is_not() {
        let good = of("velvet harbour quince lantern oboe drift");
        assert!(good.acceptable && good.score == 4 && good.guesses_log10 > 10.0);
        let bad = of("password1");
        assert!(!bad.acceptable && bad.advice.is_some());
        assert_eq!(of("").score, 0);
    }

    #[test]
    fn a_very_long_passphrase_takes_no_longer() {
        assert!(of(&"näher mein Gott ".repeat(10_000)).score >= 3);
    }
}
