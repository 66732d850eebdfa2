//! Damage to a JSON answer, chosen by a seeded generator: to its bytes, or to its structure.

use serde_json::{Map, Value, json};

/// SplitMix64: the same seed is the same damage on every machine.
pub(super) struct Rng(u64);

impl Rng {
    pub(super) const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below a bound; 0 where there is nothing below it.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap().max(1);
        usize::try_from(self.next() % bound).unwrap()
    }

    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

/// Another answer than the true one.
pub(super) fn mutated(rng: &mut Rng, body: Vec<u8>) -> Vec<u8> {
    let before = body.clone();
    let mut body = body;
    while body == before {
        body = match serde_json::from_slice(&body) {
            Ok(root) if !rng.one_in(3) => structure(rng, root),
            _ => bytes(rng, body),
        };
    }
    body
}

fn bytes(rng: &mut Rng, mut body: Vec<u8>) -> Vec<u8> {
    const NASTY: &[u8] = b"{}[]\",:\\/0-9eE.tfn \n\0\x1b\x7f\x80\xc0\xff";
    for _ in 0..=rng.below(3) {
        let at = rng.below(body.len());
        let end = (at + 1 + rng.below(40)).min(body.len());
        match rng.below(7) {
            0 if !body.is_empty() => body[at] ^= 1 << rng.below(8),
            1 if !body.is_empty() => body[at] = *rng.of(NASTY),
            2 => drop(body.drain(at.min(end)..end)),
            3 => body.truncate(at),
            4 => body.insert(at, *rng.of(NASTY)),
            5 => {
                let again = body.get(at..end).unwrap_or_default().to_vec();
                let place = rng.below(body.len());
                body.splice(place..place, again);
            }
            _ => body.extend((0..rng.below(9)).map(|_| *rng.of(NASTY)).collect::<Vec<_>>()),
        }
    }
    body
}

fn structure(rng: &mut Rng, mut root: Value) -> Vec<u8> {
    for _ in 0..=rng.below(3) {
        let mut places = Vec::new();
        pointers(&root, String::new(), &mut places);
        let place: String = rng.of(&places).clone();
        let other: &String = rng.of(&places);
        let elsewhere = root.pointer(other).cloned().unwrap_or_default();
        if let Some(node) = root.pointer_mut(&place) {
            damage(rng, node, elsewhere);
        }
    }
    let text = root.to_string().into_bytes();
    if rng.one_in(8) { twice_named(rng, &root, text) } else { text }
}

/// Every node's place. Members with odd names are out of reach, which is no loss.
fn pointers(node: &Value, here: String, places: &mut Vec<String>) {
    match node {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate().take(40) {
                pointers(item, format!("{here}/{at}"), places);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                pointers(member, format!("{here}/{name}"), places);
            }
        }
        _ => {}
    }
    places.push(here);
}

fn damage(rng: &mut Rng, node: &mut Value, elsewhere: Value) {
    match node {
        Value::Array(items) if !items.is_empty() && !rng.one_in(4) => {
            let at = rng.below(items.len());
            match rng.below(5) {
                0 => drop(items.remove(at)),
                1 => items.clear(),
                2 => items.push(elsewhere),
                3 => items.extend(std::iter::repeat_n(items[at].clone(), 1 + rng.below(50))),
                _ => items.reverse(),
            }
        }
        Value::Object(members) if !members.is_empty() && !rng.one_in(4) => {
            let name = members.keys().nth(rng.below(members.len())).cloned().unwrap();
            match rng.below(4) {
                0 => drop(members.remove(&name)),
                1 => rename(rng, members, &name),
                2 => drop(members.insert(name, elsewhere)),
                _ => drop(members.insert(name, nasty(rng))),
            }
        }
        other if rng.one_in(4) => *other = elsewhere,
        other if rng.one_in(6) => *other = json!({ "keys": [other.take()] }),
        other => *other = nasty(rng),
    }
}

fn rename(rng: &mut Rng, members: &mut Map<String, Value>, name: &str) {
    // Among them the places of errors' words, so that a secret may stand in one.
    const NAMES: [&str; 8] = ["message", "error", "id", "keyId", "key", "data", "__proto__", ""];
    if let Some(member) = members.remove(name) {
        members.insert((*rng.of(&NAMES)).to_owned(), member);
    }
}

/// A value that some reader somewhere once fell over.
fn nasty(rng: &mut Rng) -> Value {
    match rng.below(26) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(u64::MAX),
        4 => json!(i64::MIN),
        5 => json!(1e308),
        6 => json!(0.1),
        7 => json!(""),
        8 => json!(" "),
        9 => json!("x".repeat(20_000)),
        10 => json!("\u{202e}\u{0}\u{7}\r\n\u{1b}[31m"),
        11 => json!("🗝️".repeat(40)),
        12 => json!("../../keys/mint?x=1#y"),
        13 => json!("%2e%2e%2f%00"),
        14 => json!("0001-01-01T00:00:00Z"),
        15 => json!("9999-12-31T23:59:60Z"),
        16 => json!("+262142-12-31T23:59:59Z"),
        17 => json!("-262143-01-01T00:00:00Z"),
        18 => json!(8_210_266_876_799_i64),
        19 => json!(-8_334_601_228_800_000_i64),
        20 => json!({}),
        21 => json!([]),
        22 => (0..200).fold(json!(1), |inner, _| json!([inner])),
        23 => json!(vec!["svc:admin:admin"; 300]),
        24 => json!("expired"),
        _ => json!("disabled"),
    }
}

/// A member that stands there twice: readers differ in which one counts.
fn twice_named(rng: &mut Rng, root: &Value, text: Vec<u8>) -> Vec<u8> {
    let Some(name) = root.as_object().and_then(|members| members.keys().next()) else {
        return text;
    };
    let mut twice = format!("{{{}:{},", json!(name), nasty(rng)).into_bytes();
    twice.extend(text.into_iter().skip(1));
    twice
}
