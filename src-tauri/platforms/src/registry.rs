//! The profiles at hand: those that come with the program, and added ones.

use std::sync::{Arc, OnceLock};

use keywright_model::PlatformId;

use crate::{Profile, ProfileError};

// `BUILTIN`: name and text of every profile, listed by build.rs.
include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// Profiles by id, in the order in which they were added. One that comes with the
/// program is read when it is first asked for: most runs need one or none.
#[derive(Debug, Clone, Default)]
pub struct Registry(Vec<Entry>);

/// A profile, or the text of one that nobody asked for yet.
#[derive(Debug, Clone)]
struct Entry {
    id: PlatformId,
    origin: &'static str,
    text: &'static str,
    read: OnceLock<Option<Arc<Profile>>>,
}

impl Entry {
    /// A profile that comes with the program. Its file is named after its id.
    fn builtin(origin: &'static str, text: &'static str) -> Self {
        let name = origin.rsplit('/').next().unwrap_or(origin);
        let id = PlatformId::new(name.strip_suffix(".toml").unwrap_or(name));
        Self { id, origin, text, read: OnceLock::new() }
    }

    fn profile(&self) -> Option<&Arc<Profile>> {
        self.read.get_or_init(|| Profile::parse(self.origin, self.text).ok().map(Arc::new)).as_ref()
    }
}

impl Registry {
    /// The profiles that come with the program. One that cannot be read is not
    /// there; [`Registry::check_builtin`] says why, and a test holds that all can.
    pub fn builtin() -> Self {
        Self(BUILTIN.iter().map(|(origin, text)| Entry::builtin(origin, text)).collect())
    }

    /// Reads every profile that comes with the program.
    pub fn check_builtin() -> Result<(), ProfileError> {
        BUILTIN.iter().try_for_each(|(origin, text)| Profile::parse(origin, text).map(drop))
    }

    /// Names and texts of the profiles that come with the program.
    pub const fn builtin_texts() -> &'static [(&'static str, &'static str)] {
        BUILTIN
    }

    /// The profile of a platform.
    pub fn get(&self, id: &PlatformId) -> Option<Arc<Profile>> {
        self.0.iter().find(|entry| entry.id == *id)?.profile().cloned()
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.0.iter().filter_map(Entry::profile)
    }

    /// Whether a profile of this id comes with the program.
    pub fn is_builtin(id: &PlatformId) -> bool {
        BUILTIN.iter().any(|(origin, _)| {
            origin.strip_prefix("profiles/").and_then(|name| name.strip_suffix(".toml"))
                == Some(id.as_str())
        })
    }

    /// Adds a profile; it takes the place of one with the same id.
    pub fn add(&mut self, profile: Profile) {
        let id = profile.id.clone();
        let read = OnceLock::from(Some(Arc::new(profile)));
        let added = Entry { id, origin: "", text: "", read };
        match self.0.iter_mut().find(|known| known.id == added.id) {
            Some(known) => *known = added,
            None => self.0.push(added),
        }
    }
}
