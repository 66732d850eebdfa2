//! Who has keys, and who is in the projects. Ours: the names, and that a membership
//! counts for both projects.

use std::{
    collections::BTreeSet,
    sync::{PoisonError, RwLock},
};

use crate::Error;

/// The projects.
pub(super) const PROJECTS: [&str; 2] = ["Payments", "Onboarding"];

/// A user of Specivo.
pub(super) struct Account {
    pub(super) name: &'static str,
    pub(super) person: bool,
    /// The role, once it is in the projects.
    pub(super) role: &'static str,
    joined: bool,
}

/// The first is who looks at a page that is not told.
pub(super) const ACCOUNTS: [Account; 3] = [
    Account { name: "dana", person: true, role: "Owner", joined: true },
    Account { name: "agent", person: false, role: "Agent", joined: true },
    Account { name: "claude", person: false, role: "Agent", joined: false },
];

impl Account {
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        ACCOUNTS.iter().find(|account| account.name == name)
    }

    pub(super) fn named(name: &str) -> Result<&'static Self, Error> {
        Self::find(name)
            .ok_or_else(|| Error::form("account", format!("there is no account `{name}`")))
    }

    /// What it is, in words.
    pub(super) const fn kind(&self) -> &'static str {
        if self.person { "a person" } else { "a service account" }
    }
}

/// Who is in the projects.
pub(super) struct Members(RwLock<BTreeSet<&'static str>>);

impl Default for Members {
    fn default() -> Self {
        let joined = ACCOUNTS.iter().filter(|account| account.joined);
        Self(RwLock::new(joined.map(|account| account.name).collect()))
    }
}

impl Members {
    pub(super) fn has(&self, account: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(account)
    }

    /// False when there is no such account.
    pub(super) fn set(&self, account: &str, member: bool) -> bool {
        let Some(account) = Account::find(account) else { return false };
        let mut members = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if member {
            members.insert(account.name);
        } else {
            members.remove(account.name);
        }
        true
    }
}
