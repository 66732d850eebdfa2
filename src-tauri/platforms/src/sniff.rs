//! Telling keys from other words of a text, fast enough for a hundred thousand files: by known
//! beginnings only, because shapes without one fit too many other things.

use keywright_model::{PlatformId, Secret};

use crate::{
    Registry,
    detect::{Likeness, likeness_of},
};

/// The shortest beginning that tells a key by itself.
const BEGINNING: usize = 3;
/// The shortest key of which only the beginning is known.
const SHORTEST: usize = 20;

/// Knows the beginnings of all platforms' keys.
pub struct Sniffer {
    registry: Registry,
    /// Beginnings by their first letter, longest first.
    by_letter: Vec<Vec<(String, PlatformId)>>,
}

impl Registry {
    /// A sniffer for the platforms of this registry.
    pub fn sniffer(&self) -> Sniffer {
        let mut by_letter = vec![Vec::new(); 256];
        for profile in self.all() {
            for prefix in &profile.shape.prefixes {
                let first = prefix.text.bytes().next().map(usize::from);
                let own = first.and_then(|first| by_letter.get_mut(first));
                if let Some(own) = own.filter(|_| prefix.text.len() >= BEGINNING) {
                    own.push((prefix.text.clone(), profile.id.clone()));
                }
            }
        }
        for own in &mut by_letter {
            own.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        }
        Sniffer { registry: self.clone(), by_letter }
    }
}

impl Sniffer {
    /// The platform whose key this word is by its looks.
    pub fn platform_of(&self, word: &str) -> Option<&PlatformId> {
        let first = usize::from(word.bytes().next()?);
        let fitting =
            self.by_letter.get(first)?.iter().filter(|(text, _)| word.starts_with(text.as_str()));
        let mut best: Option<(Likeness, &PlatformId)> = None;
        for (_, id) in fitting {
            let profile = self.registry.get(id)?;
            let Some(likeness) = likeness_of(&profile, &Secret::copy_of(word)) else { continue };
            let tells = match likeness {
                Likeness::Checksum | Likeness::Whole => true,
                Likeness::Beginning => {
                    word.len() >= SHORTEST && word.bytes().any(|byte| byte.is_ascii_digit())
                }
                Likeness::Spoilt | Likeness::Shape => false,
            };
            if tells && best.is_none_or(|(known, _)| likeness < known) {
                best = Some((likeness, id));
            }
        }
        best.map(|(_, id)| id)
    }
}

#[cfg(test)]
mod tests {
    use crate::Registry;

    #[test]
    fn keys_are_told_from_words_that_begin_like_one() {
        let sniffer = Registry::builtin().sniffer();
        let found = |word: &str| sniffer.platform_of(word).map(|id| id.as_str().to_owned());
        assert!(found("sk-or-v1-not-a-real-key").is_none(), "spoilt");
        assert!(found("task-runner").is_none());
        assert!(found("sk-learn").is_none());
        assert!(found("0123456789abcdef0123456789abcdef").is_none(), "a hash");
        assert!(found("").is_none());
        let fake = format!("sk-or-v1-{}", "0a".repeat(32));
        assert_eq!(found(&fake).as_deref(), Some("openrouter"));
    }
}
