//! ServoAgent: live and test keys with nine scopes, made in a dashboard, and an API to
//! use them on.
//!
//! After its page "Authentication". What the page leaves open and was chosen here is
//! marked "ours"; `docs/simulator.md` has the list.

mod allow;
mod api;
mod caller;
mod pages;
mod shelves;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, Utc};
use keywright_model::Environment;

use crate::{
    Error,
    dashboard::{self, Made, form},
    keys::{Draft, Keys},
    world::World,
};
use allow::AllowList;
use shelves::Shelves;

/// How production keys begin, and keys for the sandbox.
const LIVE: &str = "sk_live_";
const TEST: &str = "sk_test_";
/// Whose keys they are. Ours: the page speaks of a workspace and names none.
const WORKSPACE: &str = "demo";

/// The nine scopes, with the document's words.
const SCOPES: [(&str, &str); 9] = [
    ("agents:read", "Read agent information"),
    ("agents:write", "Create, update, and delete agents"),
    ("agents:execute", "Execute agents and create runs"),
    ("contacts:read", "Read contact information"),
    ("contacts:write", "Create, update, and delete contacts"),
    ("analytics:read", "Read analytics and metrics"),
    ("webhooks:manage", "Create and manage webhooks"),
    ("billing:read", "Read billing information"),
    ("workspace:admin", "Full workspace administration"),
];

/// One workspace on ServoAgent.
#[derive(Default)]
pub(crate) struct Platform {
    pub(crate) keys: Keys<AllowList>,
    shelves: Shelves,
}

/// A key to be made without the page.
#[derive(Debug, Clone)]
pub struct ServoAgentKey {
    /// Its name.
    pub name: String,
    /// `sk_live_` or `sk_test_`; unknown counts as live.
    pub environment: Environment,
    /// Its scopes, one of the nine at least.
    pub scopes: Vec<String>,
    /// Addresses and networks (`192.0.2.0/24`) that may use it; empty means every one.
    pub allow_list: Vec<String>,
}

impl Platform {
    pub(crate) fn issue(&self, new: ServoAgentKey, now: DateTime<Utc>) -> Result<Made, Error> {
        let offered = SCOPES.iter().map(|(scope, _)| *scope);
        let written = form::among("scope", &new.scopes, offered)?;
        if written.is_empty() {
            return Err(Error::form("scope", "at least one is required"));
        }
        let (environment, beginning) = match new.environment {
            Environment::Test => (Environment::Test, TEST),
            Environment::Live | Environment::Unknown => (Environment::Live, LIVE),
        };
        let draft = Draft {
            name: form::name(&new.name)?,
            prefix: String::new(),
            owner: WORKSPACE.to_owned(),
            scopes: AllowList::parse(&new.allow_list)?,
            written,
            environment,
            created: now,
            expires: None,
        };
        dashboard::issue(&self.keys, beginning, draft)
    }
}

/// All routes of ServoAgent.
pub(crate) fn router(world: &Arc<World>) -> Router<Arc<World>> {
    pages::router().merge(api::router(world))
}
