//! The recovery code: 130 random bits as 26 characters, and two that check them.
//!
//! The 28 characters are a word of a Reed-Solomon code over GF(32): their sum is
//! zero, and so is their sum weighted by the powers of a generator. Any two words
//! differ in three places at least, so every wrong character, every pair of wrong
//! characters and every swap of neighbours is noticed.

use std::fmt;

use keywright_model::Secret;
use zeroize::{Zeroize, Zeroizing};

use super::keys::{self, Bytes32};
use crate::{Error, error::CodeProblem};

/// Crockford's base 32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DATA: usize = 26;
const ALL: usize = 28;
const GROUP: usize = 4;

/// A recovery code. It prints nothing of itself and is wiped when dropped.
pub struct RecoveryCode {
    symbols: Box<Zeroizing<[u8; ALL]>>,
}

impl RecoveryCode {
    /// Makes a fresh random code.
    pub(crate) fn make() -> Result<Self, Error> {
        let mut symbols = Box::new(Zeroizing::new([0; ALL]));
        getrandom::fill(symbols.as_mut_slice())?;
        symbols.iter_mut().for_each(|symbol| *symbol %= 32);
        let mut code = Self { symbols };
        code.set_checks();
        Ok(code)
    }

    /// Reads a code as people write it: in any case, with or without dashes and spaces,
    /// O for 0, I and L for 1.
    #[expect(clippy::disallowed_methods, reason = "the code's characters are its value")]
    pub fn parse(text: &Secret) -> Result<Self, Error> {
        let wrong = |why| Error::WrongRecoveryCode { why };
        let mut symbols = Box::new(Zeroizing::new([0; ALL]));
        let mut found = 0;
        let written = text.expose().chars().filter(|c| !c.is_whitespace() && *c != '-');
        for character in written {
            found += 1;
            let symbol =
                value(character).ok_or_else(|| wrong(CodeProblem::Character { at: found }))?;
            if let Some(place) = symbols.get_mut(found - 1) {
                *place = symbol;
            }
        }
        if found != ALL {
            return Err(wrong(CodeProblem::Length { found }));
        }
        let code = Self { symbols };
        if code.syndromes() == (0, 0) { Ok(code) } else { Err(wrong(CodeProblem::Mistyped)) }
    }

    /// The code as people write it down: seven groups of four with dashes between.
    pub fn expose_groups(&self) -> Secret {
        let mut text = String::with_capacity(ALL + ALL / GROUP);
        for (at, symbol) in self.symbols.iter().enumerate() {
            if at > 0 && at % GROUP == 0 {
                text.push('-');
            }
            let letter = ALPHABET.get(usize::from(*symbol)).copied().unwrap_or(b'0');
            text.push(char::from(letter));
        }
        Secret::new(text)
    }

    /// The key that the code makes. The code has 130 random bits: no slow derivation needed.
    pub(crate) fn key(&self, salt: &[u8; 16]) -> Bytes32 {
        let mut packed = Zeroizing::new([0_u8; 17]);
        for (at, symbol) in self.symbols.iter().take(DATA).enumerate() {
            for bit in 0..5 {
                let place = at * 5 + bit;
                if let Some(byte) = packed.get_mut(place / 8) {
                    *byte |= ((symbol >> (4 - bit)) & 1) << (7 - place % 8);
                }
            }
        }
        let key = keys::hkdf(salt, packed.as_slice(), "keywright/1/recovery code");
        keys::wipe_stack();
        key
    }

    /// Both sums that a well-formed code makes zero.
    fn syndromes(&self) -> (u8, u8) {
        let mut power = 1;
        let (mut plain, mut weighted) = (0, 0);
        for symbol in self.symbols.iter() {
            plain ^= symbol;
            weighted ^= times(*symbol, power);
            power = times(power, 2);
        }
        (plain, weighted)
    }

    /// Finds the last two symbols: x + y = s and x·a + y·2a = w, with a the power at x's place.
    fn set_checks(&mut self) {
        self.symbols.iter_mut().skip(DATA).for_each(|symbol| *symbol = 0);
        let (plain, weighted) = self.syndromes();
        let power = (0..DATA).fold(1, |power, _| times(power, 2));
        // y = (w / a + s) / 3, as 1 + 2 = 3 in this field; then x = s + y.
        let last = times(times(weighted, inverse(power)) ^ plain, inverse(3));
        let checks = [plain ^ last, last];
        self.symbols.iter_mut().skip(DATA).zip(checks).for_each(|(to, from)| *to = from);
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl Drop for RecoveryCode {
    fn drop(&mut self) {
        self.symbols.zeroize();
    }
}

fn value(character: char) -> Option<u8> {
    let upper = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET.iter().position(|letter| char::from(*letter) == upper)?;
    u8::try_from(at).ok()
}

/// The product in GF(32) modulo x⁵ + x² + 1.
const fn times(a: u8, b: u8) -> u8 {
    let (mut a, mut product, mut bit) = (a, 0, 0);
    while bit < 5 {
        if b >> bit & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 32 != 0 {
            a ^= 0b10_0101;
        }
        bit += 1;
    }
    product
}

/// The inverse in GF(32): the 30th power.
fn inverse(a: u8) -> u8 {
    (0..30).fold(1, |power, _| times(power, a))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test looks at its own code")]
    fn text(code: &RecoveryCode) -> String {
        code.expose_groups().expose().to_owned()
    }

    fn parse(text: &str) -> Result<RecoveryCode, Error> {
        RecoveryCode::parse(&Secret::copy_of(text))
    }

    fn is_mistyped(text: &str) -> bool {
        let why = CodeProblem::Mistyped;
        matches!(parse(text), Err(Error::WrongRecoveryCode { why: w }) if w == why)
    }

    #[test]
    fn a_code_reads_back_however_it_is_written() {
        for _ in 0..50 {
            let code = RecoveryCode::make().unwrap();
            let written = text(&code);
            assert_eq!(written.len(), 34);
            let sloppy =
                written.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "L");
            let read = parse(&sloppy).unwrap();
            assert_eq!(read.symbols, code.symbols);
            assert_eq!(*read.key(&[1; 16]), *code.key(&[1; 16]));
        }
    }

    #[test]
    fn every_wrong_character_and_every_swap_of_neighbours_is_noticed() {
        for _ in 0..20 {
            let good: Vec<u8> = text(&RecoveryCode::make().unwrap()).replace('-', "").into_bytes();
            for at in 0..ALL {
                for letter in ALPHABET.iter().filter(|letter| **letter != good[at]) {
                    let mut bad = good.clone();
                    bad[at] = *letter;
                    assert!(is_mistyped(std::str::from_utf8(&bad).unwrap()));
                }
                if at + 1 < ALL && good[at] != good[at + 1] {
                    let mut bad = good.clone();
                    bad.swap(at, at + 1);
                    assert!(is_mistyped(std::str::from_utf8(&bad).unwrap()));
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let why = |text: &str| match parse(text) {
            Err(Error::WrongRecoveryCode { why }) => why,
            _ => panic!("{text} was read"),
        };
        assert_eq!(why("0000"), CodeProblem::Length { found: 4 });
        assert_eq!(why(&"0".repeat(29)), CodeProblem::Length { found: 29 });
        assert_eq!(why("00-0U"), CodeProblem::Character { at: 4 });
    }

    #[test]
    fn two_codes_make_two_keys_and_so_do_two_salts() {
        let (one, two) = (RecoveryCode::make().unwrap(), RecoveryCode::make().unwrap());
        assert_ne!(*one.key(&[1; 16]), *two.key(&[1; 16]));
        assert_ne!(*one.key(&[1; 16]), *one.key(&[2; 16]));
    }

    #[test]
    fn every_bit_of_the_code_reaches_the_key() {
        let code = RecoveryCode::make().unwrap();
        for at in 0..DATA {
            for bit in 0..5 {
                let mut symbols = code.symbols.clone();
                symbols[at] ^= 1 << bit;
                let other = RecoveryCode { symbols };
                assert_ne!(*other.key(&[1; 16]), *code.key(&[1; 16]));
            }
        }
    }

    #[test]
    fn the_field_is_a_field() {
        for a in 1..32 {
            assert_eq!(times(a, inverse(a)), 1);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,60}") {
            drop(parse(&text));
        }
    }
}
