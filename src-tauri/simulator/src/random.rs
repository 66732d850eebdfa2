//! Random text for keys and ids, from the system.

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// So many characters of `[0-9A-Za-z]`.
pub(crate) fn base62(length: usize) -> Result<String, getrandom::Error> {
    text(BASE62, length)
}

/// So many characters of `[0-9a-z]`.
pub(crate) fn base36(length: usize) -> Result<String, getrandom::Error> {
    text(BASE36, length)
}

/// Bytes past the last whole round of the alphabet are drawn again, so that no letter is likelier.
fn text(alphabet: &[u8], length: usize) -> Result<String, getrandom::Error> {
    let fair = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(length);
    let mut bytes = [0_u8; 64];
    while text.len() < length {
        getrandom::fill(&mut bytes)?;
        let drawn = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
        let letters = drawn.filter_map(|byte| alphabet.get(byte % alphabet.len()));
        text.extend(letters.take(length - text.len()).map(|letter| char::from(*letter)));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_have_their_length_and_alphabet_and_differ() {
        let texts: HashSet<String> = (0..500).map(|_| base62(43).unwrap()).collect();
        assert_eq!(texts.len(), 500);
        let letters: HashSet<u8> = texts.iter().flat_map(|text| text.bytes()).collect();
        assert!(texts.iter().all(|text| text.len() == 43));
        assert_eq!(letters.len(), 62);
        assert!(base36(200).unwrap().bytes().all(|b| BASE36.contains(&b)));
    }
}
