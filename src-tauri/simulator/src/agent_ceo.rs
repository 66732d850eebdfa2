//! agent.ceo: an organization's API keys, their scopes, and services to use them on.
//!
//! Documented at <https://agent.ceo>, "API Keys". What the document leaves open and
//! was chosen here is marked "ours"; `docs/simulator.md` has the list.

mod answer;
mod caller;
pub(crate) mod keys;
mod preload;
mod routes;
pub(crate) mod scopes;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, Utc};
use keywright_model::{Environment, Secret};

use crate::{Error, Options, world::World};
use keys::{Keys, NewKey};
use routes::Shelves;

/// One organization on agent.ceo.
pub(crate) struct Platform {
    /// As in `org:acme`.
    pub(crate) slug: String,
    /// As in paths and in `orgId`.
    pub(crate) id: String,
    /// Its agents.
    pub(crate) agents: Vec<String>,
    pub(crate) keys: Keys,
    pub(crate) shelves: Shelves,
}

impl Platform {
    pub(crate) fn new(options: &Options, now: DateTime<Utc>) -> Result<Self, Error> {
        let platform = Self {
            slug: options.organization.clone(),
            id: options.organization_id.clone().unwrap_or_else(|| options.organization.clone()),
            agents: options.agents.clone(),
            keys: Keys::default(),
            shelves: Shelves::default(),
        };
        preload::fill(&platform, options.preload, now)?;
        Ok(platform)
    }

    /// A new key that may administer the organization.
    pub(crate) fn management_key(&self, now: DateTime<Utc>) -> Result<Secret, Error> {
        Ok(self.keys.issue(self.management(), now)?.secret)
    }

    /// The same of a value that somebody kept; false when it is there already.
    pub(crate) fn restore_management(
        &self,
        value: &Secret,
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        Ok(self.keys.make_of(value, self.management(), now)?.is_some())
    }

    fn management(&self) -> NewKey {
        NewKey {
            name: "keywright-management".into(),
            scopes: vec![format!("org:{}", self.slug), "agent:*".into(), "svc:admin:admin".into()],
            environment: Environment::Live,
            expires: None,
        }
    }
}

/// All routes of agent.ceo.
pub(crate) fn router(world: &Arc<World>) -> Router {
    routes::router(world)
}
