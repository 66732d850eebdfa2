//! What a string may be, by its looks alone. Nothing is sent anywhere to find
//! out: asking several vendors would hand the secret to all of them.

use keywright_model::{Environment, PlatformId, Secret};

use crate::{
    Profile, Registry,
    profile::shape::{Checksum, Prefix},
};

/// How much the looks of a string say, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Its check characters are right.
    Checksum,
    /// A known beginning, and the whole looks as such keys do.
    Whole,
    /// A known beginning of so many characters.
    Beginning,
    /// A known beginning, but the rest does not fit: cut off, mistyped or invented.
    Spoilt,
    /// No known beginning, but the whole looks as such keys do.
    Shape,
}

impl Likeness {
    /// A sentence for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Checksum => "Its beginning and its check characters are right.",
            Self::Whole => "Its beginning, letters and length are right.",
            Self::Beginning => "It begins like one.",
            Self::Shape => "It has the letters and the length of one; so have many other things.",
            Self::Spoilt => "It begins like one, but the rest does not fit: cut off or mistyped.",
        }
    }
}

/// A platform that a string may be a key of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The platform.
    pub platform: PlatformId,
    /// Its name for people.
    pub name: String,
    /// Production or sandbox, where the beginning tells.
    pub environment: Environment,
    /// How much the looks say.
    pub likeness: Likeness,
    /// The known beginning; empty where there is none.
    pub prefix: String,
}

impl Registry {
    /// What a string may be a key of, the likeliest first. By its looks only.
    pub fn detect(&self, secret: &Secret) -> Vec<Candidate> {
        let mut found: Vec<Candidate> =
            self.all().filter_map(|profile| candidate(profile, secret)).collect();
        found.sort_by(|one, other| {
            let length = |candidate: &Candidate| std::cmp::Reverse(candidate.prefix.len());
            (one.likeness, length(one), &one.name).cmp(&(
                other.likeness,
                length(other),
                &other.name,
            ))
        });
        found
    }
}

fn candidate(profile: &Profile, secret: &Secret) -> Option<Candidate> {
    let found = |likeness, environment, prefix: &str| Candidate {
        platform: profile.id.clone(),
        name: profile.name.clone(),
        environment,
        likeness,
        prefix: prefix.to_owned(),
    };
    if let Some(prefix) = profile.shape.prefix(secret) {
        return Some(found(likeness(prefix, secret), prefix.environment, &prefix.text));
    }
    profile.shape.looks_like(secret).then(|| found(Likeness::Shape, Environment::Unknown, ""))
}

/// How much the looks of a string say for one platform.
pub(crate) fn likeness_of(profile: &Profile, secret: &Secret) -> Option<Likeness> {
    candidate(profile, secret).map(|candidate| candidate.likeness)
}

#[expect(clippy::disallowed_methods, reason = "looks at the letters; nothing leaves this function")]
fn likeness(prefix: &Prefix, secret: &Secret) -> Likeness {
    let text = secret.expose();
    let whole = prefix.pattern.as_ref().map(|pattern| pattern.is_match(text));
    let sum = prefix.checksum.map(|kind| holds(kind, text, &prefix.text));
    match (sum, whole) {
        (Some(true), None | Some(true)) => Likeness::Checksum,
        (Some(false), _) | (_, Some(false)) => Likeness::Spoilt,
        (None, Some(true)) => Likeness::Whole,
        (None, None) => Likeness::Beginning,
    }
}

/// Whether a key's check characters are right.
fn holds(kind: Checksum, text: &str, prefix: &str) -> bool {
    match kind {
        Checksum::Crc32Base62 => {
            let rest = text.strip_prefix(prefix).unwrap_or_default();
            let split = rest.len().checked_sub(6).and_then(|at| rest.split_at_checked(at));
            split.is_some_and(|(random, check)| base62(crc32fast::hash(random.as_bytes())) == check)
        }
    }
}

/// Six digits in base 62: `0-9A-Za-z`, as GitHub writes them.
fn base62(mut number: u32) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut out = ['0'; 6];
    for place in out.iter_mut().rev() {
        let digit = usize::try_from(number % 62).ok().and_then(|at| DIGITS.get(at));
        *place = digit.map_or('0', |digit| char::from(*digit));
        number /= 62;
    }
    out.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry() -> Registry {
        let profile = |id: &str, rest: &str| {
            let text = format!(
                "profile = 1\nid = \"{id}\"\nname = \"{id}\"\nabout = \"a test's\"\n\
                 env_name = \"KEY\"\ncapabilities = []\n{rest}"
            );
            Profile::parse("test.toml", &text).unwrap()
        };
        let prefixed = |prefix: &str, rest: &str| {
            format!("[[prefixes]]\nprefix = \"{prefix}\"\nenvironment = \"live\"\n{rest}")
        };
        let mut registry = Registry::default();
        registry.add(profile("short", &prefixed("sk-", "")));
        registry.add(profile("long", &prefixed("sk-or-", "")));
        registry
            .add(profile("whole", &prefixed("sk-or-v1-", "pattern = '^sk-or-v1-[0-9a-f]{8}$'")));
        registry.add(profile("summed", &prefixed("xyz_", "checksum = \"crc32_base62\"")));
        registry.add(profile("plain", "[[shapes]]\npattern = '^[0-9a-f]{32}$'\n"));
        registry
    }

    fn ids(text: &str) -> Vec<(String, Likeness)> {
        let found = registry().detect(&Secret::copy_of(text));
        found.into_iter().map(|one| (one.platform.as_str().to_owned(), one.likeness)).collect()
    }

    #[test]
    fn the_likeliest_stands_first_and_nothing_is_certain() {
        let expected = [("whole", Likeness::Whole), ("long", Likeness::Beginning)];
        let found = ids("sk-or-v1-00000000");
        let found: Vec<_> = found.iter().map(|(id, like)| (id.as_str(), *like)).collect();
        assert_eq!(found[..2], expected);
        assert_eq!(found[2], ("short", Likeness::Beginning));
        assert_eq!(ids("sk-or-v1-short").last().unwrap().0, "whole", "spoilt comes last");
        assert_eq!(ids(&"0a".repeat(16)), [("plain".to_owned(), Likeness::Shape)]);
        assert!(ids("nothing at all").is_empty());
        assert!(ids("").is_empty());
    }

    #[test]
    fn check_characters_tell_a_true_key_from_a_mistyped_one() {
        let random = "FakeFakeFakeFakeFakeFakeFakeFa";
        let true_one = format!("xyz_{random}{}", base62(crc32fast::hash(random.as_bytes())));
        assert_eq!(ids(&true_one)[0].1, Likeness::Checksum);
        let mistyped = true_one.replacen('F', "G", 1);
        assert_eq!(ids(&mistyped)[0].1, Likeness::Spoilt);
        assert_eq!(ids("xyz_")[0].1, Likeness::Spoilt);
        assert_eq!(ids("xyz_ÄÖÜ€")[0].1, Likeness::Spoilt);
    }

    #[test]
    fn base_62_counts_as_its_digits_say() {
        assert_eq!(base62(0), "000000");
        assert_eq!(base62(61), "00000z");
        assert_eq!(base62(62), "000010");
        assert_eq!(base62(u32::MAX), "4gfFC3");
    }
}
