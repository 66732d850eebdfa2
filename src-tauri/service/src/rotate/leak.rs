//! "This key leaked": which one it is, where it stands, and its replacement everywhere, at once.

use std::collections::BTreeSet;

use keywright_model::{KeyId, Secret, Status};

use super::stops::words_of;
use crate::{
    Error, Service,
    keys::find,
    wire::{LeakReport, LeakedKey, ReplaceLeaked, RotateKey, RotationRow},
};

/// Bytes of a pasted text that are looked at.
const MOST: usize = 256 * 1024;
/// Marks in one word that are looked at: beyond them it is no address and no header.
const MOST_MARKS: usize = 16;
/// A piece shorter than this is no key.
const SHORTEST: usize = 8;

impl Service {
    /// Which keys of this vault a text holds. The text stays here: it is compared by its keyed
    /// fingerprint and is sent nowhere.
    #[expect(clippy::disallowed_methods, reason = "the pieces of the text are compared with keys")]
    pub fn look_up_leak(&self, text: &Secret) -> Result<LeakReport, Error> {
        let whole = text.expose();
        let mut end = whole.len().min(MOST);
        while !whole.is_char_boundary(end) {
            end -= 1;
        }
        let pieces = pieces(whole.get(..end).unwrap_or_default());
        let mut found: BTreeSet<KeyId> = BTreeSet::new();
        self.read(|vault| {
            for piece in &pieces {
                found.extend(vault.keys_with(&Secret::copy_of(piece))?);
            }
            Ok(())
        })?;
        let keys: Vec<LeakedKey> =
            found.into_iter().map(|id| self.leaked(id)).collect::<Result<_, _>>()?;
        let looks_like = if keys.is_empty() { self.looks_like(&pieces) } else { Vec::new() };
        let advice = advice(keys.is_empty(), &looks_like);
        Ok(LeakReport { keys, looks_like, advice })
    }

    /// Begins to replace a leaked key with all that is known of it. The run itself is done by
    /// [`Service::run_rotation`].
    pub fn replace_leaked(&self, request: ReplaceLeaked) -> Result<RotationRow, Error> {
        if let Some(run) = self.open_run_of(request.key)? {
            // A key that leaked is not kept for a time of grace.
            let now = self.now();
            self.update_run(run, |run| {
                if run.grace_s > 0 {
                    run.grace_until = Some(now);
                }
            })?;
            return self.rotation_row(run);
        }
        let title = self.read(|vault| Ok(find(vault, request.key)?.title().to_owned()))?;
        let reason = request.reason.trim();
        let reason =
            if reason.is_empty() { "it leaked".into() } else { format!("it leaked: {reason}") };
        self.start_rotation(RotateKey {
            reason,
            revoke_first: request.revoke_first,
            insist: true,
            // One confirmation is enough here: the title is taken as typed.
            typed: title,
            ..RotateKey::of(request.key)
        })
    }

    fn leaked(&self, id: KeyId) -> Result<LeakedKey, Error> {
        let key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let connection = self.connection(key.connection).ok();
        let profile = self.profile(&key.platform)?;
        let rotation = self.open_run_of(id)?;
        // One that is being replaced is no obstacle: its run is what is shown.
        let blocked = match rotation {
            Some(_) => String::new(),
            None => self.read(|vault| Ok(self.way_of(vault, &key, false).1))?,
        };
        let ended = matches!(key.status, Status::Revoked);
        let sentences = if blocked.is_empty() && rotation.is_none() {
            self.plan_rotation(RotateKey::of(id))?.sentences
        } else {
            Vec::new()
        };
        Ok(LeakedKey {
            key: id,
            title: key.title().to_owned(),
            bitting: key.bitting.clone(),
            connection_name: connection.map(|c| c.name).unwrap_or_default(),
            platform_name: profile.name.clone(),
            status: key.status_at(self.now()),
            places: key.uses.iter().map(|noted| words_of(&noted.client, &noted.place)).collect(),
            blocked: if ended {
                "It is dead already: proved, so the leak does no harm.".into()
            } else {
                blocked
            },
            sentences,
            rotation,
        })
    }

    /// Names of platforms whose keys look like one of the pieces.
    fn looks_like(&self, pieces: &[&str]) -> Vec<String> {
        let mut names = BTreeSet::new();
        for piece in pieces.iter().filter(|piece| piece.len() >= 16) {
            for candidate in self.detect(&Secret::copy_of(piece)) {
                names.insert(candidate.name);
            }
        }
        names.into_iter().take(5).collect()
    }
}

/// What in a text may be a key: its words, and what stands behind `=` or `:` in them.
fn pieces(text: &str) -> Vec<&str> {
    let outside = |c: char| c.is_whitespace() || "\"'`<>()[]{},;|\\".contains(c);
    let mut pieces: BTreeSet<&str> = BTreeSet::new();
    pieces.insert(text.trim());
    for word in text.split(outside) {
        pieces.insert(word);
        // Keys may hold these themselves, so each part is tried, and each rest.
        let apart = ['=', ':', '@', '/'];
        pieces.extend(word.split(apart));
        for (at, mark) in word.match_indices(apart).take(MOST_MARKS) {
            pieces.extend(word.get(at + mark.len()..));
            pieces.extend(word.get(..at));
        }
        pieces.insert(word.trim_end_matches(['.', '!', '?', ':']));
    }
    pieces.into_iter().filter(|piece| piece.len() >= SHORTEST).collect()
}

fn advice(unknown: bool, looks_like: &[String]) -> String {
    match (unknown, looks_like) {
        (false, _) => String::new(),
        (true, []) => "No key of this vault is in this text. Scan this machine, or look in the \
                       platform's dashboard for the key and revoke it there."
            .into(),
        (true, names) => format!(
            "No key of this vault is in this text. It looks like a key of {}: revoke it in that \
             dashboard now.",
            names.join(" or ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn finds_the_key_in_whatever_was_pasted() {
        let key = "fake_key_0123456789";
        for text in [
            key.to_owned(),
            format!("  {key}\n"),
            format!("API_KEY={key}"),
            format!("\"Authorization\": \"Bearer {key}\","),
            format!("curl -H 'X-Key: {key}' https://a.example"),
            format!("https://u:{key}@a.example/x"),
            format!("I pasted {key}."),
        ] {
            assert!(pieces(&text).contains(&key), "{text}");
        }
    }
}
