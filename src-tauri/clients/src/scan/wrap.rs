//! Keys that are wrapped: behind a word, in base64, with `%` escapes.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{
    report::Within,
    tokens::{LONGEST, may_be_base64},
};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Characters that are decoded first: almost everything that is no text shows it in them.
const HEAD: usize = 16;

/// The text in a base64 token, where it is printable ASCII.
pub(super) fn base64_text(token: &[u8]) -> Option<String> {
    let head = token.get(..HEAD)?;
    if token.len() > LONGEST {
        return None;
    }
    let mut start = [0_u8; HEAD];
    let length = BASE64.decode_slice(head, &mut start).ok()?;
    if !start.iter().take(length).all(|byte| is_printable(*byte)) {
        return None;
    }
    if !may_be_base64(token) {
        return None;
    }
    let text = BASE64.decode(token).ok()?;
    if text.iter().all(|byte| is_printable(*byte)) { String::from_utf8(text).ok() } else { None }
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')
}

/// A text without its `%` escapes; none where it has none, or where they are no ASCII.
pub(super) fn percent_text(token: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(token.len());
    let mut rest = token;
    let mut any = false;
    while let Some((byte, after)) = rest.split_first() {
        let escape = after.get(..2).filter(|_| *byte == b'%');
        let digits = escape.and_then(|two| std::str::from_utf8(two).ok());
        let decoded = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match decoded {
            Some(own) if is_printable(own) => {
                any = true;
                text.push(char::from(own));
                rest = after.get(2..).unwrap_or_default();
            }
            Some(_) => return None,
            None => {
                text.push(char::from(*byte));
                rest = after;
            }
        }
    }
    any.then_some(text)
}

/// The key in a slot's value: behind `Bearer`, `Basic` and `Token`, and the password of
/// `user:password` in base64.
pub(super) fn key_in(value: &str) -> (String, Within) {
    let value = value.trim();
    let (word, rest) = value.split_once(char::is_whitespace).unwrap_or(("", value));
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    let rest =
        if is("Bearer") || is("Basic") || is("Token") || is("ApiKey") { rest } else { value };
    let key = rest.trim();
    match base64_text(key.as_bytes()) {
        Some(text) if is("Basic") || text.contains(':') && !text.starts_with('{') => {
            let password = text.split_once(':').map_or(text.as_str(), |(_, password)| password);
            // `token:` is a user's name and nothing else.
            let key = if password.is_empty() { text.trim_end_matches(':') } else { password };
            (key.to_owned(), Within::Base64)
        }
        _ => (key.to_owned(), Within::Plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_taken_out_of_what_it_is_wrapped_in() {
        // `ada:sk-test-not-a-real-key-0001`
        let packed = "YWRhOnNrLXRlc3Qtbm90LWEtcmVhbC1rZXktMDAwMQ==";
        let key = "sk-test-not-a-real-key-0001";
        for value in
            [key, "Bearer sk-test-not-a-real-key-0001", "token  sk-test-not-a-real-key-0001 "]
        {
            assert_eq!(key_in(value), (key.to_owned(), Within::Plain), "{value}");
        }
        for value in [packed.to_owned(), format!("Basic {packed}"), packed.replace('=', "")] {
            assert_eq!(key_in(&value), (key.to_owned(), Within::Base64), "{value}");
        }
        // `sk-test-not-a-real-key-0001:`, as Stripe's and others' documentation has it.
        let alone = "Basic c2stdGVzdC1ub3QtYS1yZWFsLWtleS0wMDAxOg==";
        assert_eq!(key_in(alone), (key.to_owned(), Within::Base64));
    }

    #[test]
    fn what_is_no_text_is_not_decoded() {
        assert_eq!(base64_text(b"sk-test-not-a-real-key-0001"), None);
        assert_eq!(base64_text(b"Zq3nXw81LmPv7TbKc29RdYf5HsJg4AeU6o0i"), None);
        assert_eq!(base64_text(b"c2hvcnQ="), None);
        assert_eq!(base64_text(b""), None);
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(percent_text(b"a%2Bb%2fc%3D%3D").as_deref(), Some("a+b/c=="));
        for none in ["abc", "100%", "%zz", "%C3%BC"] {
            assert_eq!(percent_text(none.as_bytes()), None, "{none}");
        }
    }
}
