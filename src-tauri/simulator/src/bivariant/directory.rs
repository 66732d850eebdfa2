//! Who makes keys, where, and what they may do. All names are ours, and so are the
//! permissions but for the document's five examples.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use crate::Error;

/// Every permission, with what it lets do.
pub(super) const PERMISSIONS: [(&str, &str); 5] = [
    (READ, "Read collection data."),
    (CREATE, "Create collections."),
    (DELETE, "Delete collections."),
    (EXECUTE, "Execute flows."),
    (AGENTS, "Read agents."),
];
pub(super) const READ: &str = "collections:read";
pub(super) const CREATE: &str = "collections:create";
pub(super) const DELETE: &str = "collections:delete";
pub(super) const EXECUTE: &str = "flows:execute";
pub(super) const AGENTS: &str = "agents:read";

/// An organization and its spaces.
pub(super) struct Organization {
    pub(super) name: &'static str,
    pub(super) spaces: &'static [&'static str],
}

pub(super) const ORGANIZATIONS: &[Organization] = &[
    Organization { name: "acme", spaces: &["marketing", "sales"] },
    Organization { name: "globex", spaces: &["research"] },
];

impl Organization {
    pub(super) fn space(&self, name: &str) -> Option<&'static str> {
        self.spaces.iter().find(|space| **space == name).copied()
    }
}

/// An account that makes keys. What it may do at first; [`Rights`] has what it may now.
pub(super) struct Creator {
    pub(super) name: &'static str,
    organizations: &'static [&'static str],
    first: &'static [&'static str],
}

/// The first is who looks at a page that is not told. The second is the document's example.
pub(super) const CREATORS: [Creator; 2] = [
    Creator {
        name: "mira",
        organizations: &["acme", "globex"],
        first: &[READ, CREATE, DELETE, EXECUTE, AGENTS],
    },
    Creator { name: "jonas", organizations: &["acme"], first: &[READ, CREATE] },
];

impl Creator {
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        CREATORS.iter().find(|creator| creator.name == name)
    }

    pub(super) fn named(name: &str) -> Result<&'static Self, Error> {
        Self::find(name)
            .ok_or_else(|| Error::form("creator", format!("there is no account `{name}`")))
    }

    pub(super) fn organizations(&self) -> impl Iterator<Item = &'static Organization> {
        ORGANIZATIONS.iter().filter(|organization| self.organizations.contains(&organization.name))
    }
}

/// What each account may do.
pub(super) struct Rights(RwLock<BTreeMap<&'static str, Vec<&'static str>>>);

impl Default for Rights {
    fn default() -> Self {
        let first = CREATORS.iter().map(|creator| (creator.name, creator.first.to_vec()));
        Self(RwLock::new(first.collect()))
    }
}

impl Rights {
    pub(super) fn of(&self, creator: &Creator) -> Vec<&'static str> {
        let rights = self.0.read().unwrap_or_else(PoisonError::into_inner);
        rights.get(creator.name).cloned().unwrap_or_default()
    }

    /// Whether an account may do something now.
    pub(super) fn allow(&self, account: &str, permission: &str) -> bool {
        let rights = self.0.read().unwrap_or_else(PoisonError::into_inner);
        rights.get(account).is_some_and(|own| own.contains(&permission))
    }

    /// Words that are no permission give nothing. False when there is no such account.
    pub(super) fn set(&self, account: &str, permissions: &[&str]) -> bool {
        let Some(creator) = Creator::find(account) else { return false };
        let all = PERMISSIONS.iter().map(|(permission, _)| *permission);
        let given = all.filter(|permission| permissions.contains(permission)).collect();
        let mut rights = self.0.write().unwrap_or_else(PoisonError::into_inner);
        rights.insert(creator.name, given);
        true
    }
}
