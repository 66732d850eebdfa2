//! Random text for keys and ids, from a generator that the system seeds at the start.

use std::sync::{Mutex, PoisonError};

use rand::{
    SeedableRng,
    distr::{Alphanumeric, SampleString},
    rngs::StdRng,
};

/// A cryptographic generator of `[0-9A-Za-z]`.
pub(crate) struct Random(Mutex<StdRng>);

impl Random {
    pub(crate) fn seeded() -> Result<Self, getrandom::Error> {
        let mut seed = [0_u8; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self(Mutex::new(StdRng::from_seed(seed))))
    }

    /// So many characters.
    pub(crate) fn text(&self, length: usize) -> String {
        let mut generator = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Alphanumeric.sample_string(&mut *generator, length)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_have_their_length_and_alphabet_and_differ() {
        let (one, other) = (Random::seeded().unwrap(), Random::seeded().unwrap());
        let texts: HashSet<String> =
            (0..250).flat_map(|_| [one.text(43), other.text(43)]).collect();
        assert_eq!(texts.len(), 500);
        let letters: HashSet<u8> = texts.iter().flat_map(|text| text.bytes()).collect();
        assert!(texts.iter().all(|text| text.len() == 43));
        assert!(letters.len() == 62 && letters.iter().all(u8::is_ascii_alphanumeric));
    }
}
