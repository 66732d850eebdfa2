//! A small generator of spoilt things: the same seed, the same spoilt things.

use serde_json::{Value, json};

use super::super::server::{CREDENTIAL, SECRET};

/// What it rolls is decided by its seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).expect("few")).expect("few")
    }

    pub(super) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.roll(from.len())]
    }

    /// A value that may stand anywhere.
    fn odd(&mut self) -> Value {
        match self.roll(19) {
            0 => json!(null),
            1 => json!(true),
            2 => json!(-1),
            3 => json!(1e308),
            4 => json!(u64::MAX),
            5 => json!(""),
            6 => json!("\u{0}\u{202e}\u{1f511}"),
            7 => json!("x".repeat(3_000)),
            8 => json!("0001-01-01T00:00:00Z"),
            9 => json!("9999-99-99T99:99:99Z"),
            10 => json!([]),
            11 => json!([[[[[]]]]]),
            12 => json!({}),
            13 => json!({"key": {"key": 1}}),
            14 => json!(SECRET),
            15 => json!(format!("not {CREDENTIAL}!")),
            16 => json!("../.."),
            17 => json!("https://elsewhere.example.com/keys?page=2"),
            _ => json!(i64::MIN),
        }
    }

    /// Replaces, removes, moves or doubles something in a value.
    fn bend(&mut self, value: &mut Value) {
        if self.roll(4) == 0 {
            *value = self.odd();
            return;
        }
        match value {
            Value::Object(members) if !members.is_empty() => {
                let at = self.roll(members.len());
                let name = members.keys().nth(at).expect("a member").clone();
                match self.roll(4) {
                    0 => drop(members.remove(&name)),
                    1 => {
                        let to = self.roll(members.len());
                        let to = members.keys().nth(to).expect("a member").clone();
                        let moved = members.remove(&name).unwrap_or_default();
                        members.insert(to, moved);
                    }
                    _ => self.bend(members.get_mut(&name).expect("a member")),
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let at = self.roll(items.len());
                match self.roll(3) {
                    0 => drop(items.remove(at)),
                    1 => items.push(items[at].clone()),
                    _ => self.bend(&mut items[at]),
                }
            }
            other => *other = self.odd(),
        }
    }

    /// Spoils the bytes themselves.
    pub(super) fn scratch(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.roll(3) {
            let at = self.roll(bytes.len());
            match self.roll(4) {
                0 => bytes.truncate(at),
                1 if at < bytes.len() => bytes[at] ^= 1 << self.roll(8),
                2 => bytes.insert(at.min(bytes.len()), *self.pick(b"{}[]\",:\\0\xff")),
                _ => {
                    let part =
                        bytes.get(at..(at + 9).min(bytes.len())).unwrap_or_default().to_vec();
                    bytes.extend(part);
                }
            }
        }
    }

    /// A body like a good one, and spoilt.
    pub(super) fn spoil(&mut self, good: &Value) -> Vec<u8> {
        let mut value = good.clone();
        for _ in 0..=self.roll(3) {
            self.bend(&mut value);
        }
        let mut bytes = value.to_string().into_bytes();
        if self.roll(3) == 0 {
            self.scratch(&mut bytes);
        }
        bytes
    }
}
