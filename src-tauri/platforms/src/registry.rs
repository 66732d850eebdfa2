//! The profiles at hand: those that come with the program, and added ones.

use std::sync::Arc;

use keywright_model::PlatformId;

use crate::{Profile, ProfileError};

// `BUILTIN`: name and text of every profile, listed by build.rs.
include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// Profiles by id, in the order in which they were added.
#[derive(Debug, Clone, Default)]
pub struct Registry(Vec<Arc<Profile>>);

impl Registry {
    /// The profiles that come with the program. One that cannot be read is left
    /// out; [`Registry::check_builtin`] says which, and a test holds that none is.
    pub fn builtin() -> Self {
        let mut registry = Self::default();
        for (origin, text) in BUILTIN {
            if let Ok(profile) = Profile::parse(origin, text) {
                registry.add(profile);
            }
        }
        registry
    }

    /// Reads every profile that comes with the program.
    pub fn check_builtin() -> Result<(), ProfileError> {
        BUILTIN.iter().try_for_each(|(origin, text)| Profile::parse(origin, text).map(drop))
    }

    /// Names and texts of the profiles that come with the program.
    pub fn builtin_texts() -> &'static [(&'static str, &'static str)] {
        BUILTIN
    }

    /// The profile of a platform.
    pub fn get(&self, id: &PlatformId) -> Option<Arc<Profile>> {
        self.0.iter().find(|profile| profile.id == *id).cloned()
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.0.iter()
    }

    /// Adds a profile; it takes the place of one with the same id.
    pub fn add(&mut self, profile: Profile) {
        let added = Arc::new(profile);
        match self.0.iter_mut().find(|known| known.id == added.id) {
            Some(known) => *known = added,
            None => self.0.push(added),
        }
    }
}
