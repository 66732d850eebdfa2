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
use scopes::{Capability, Scopes, Service, Wanted};

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
            keys: Keys::new()?,
            shelves: Shelves::default(),
        };
        preload::fill(&platform, options.preload, now)?;
        Ok(platform)
    }

    /// A new key that may administer the organization.
    pub(crate) fn management_key(&self, now: DateTime<Utc>) -> Secret {
        self.simple_key("keywright-management", Wanted(Service::Admin, Capability::Admin), now)
    }

    /// A new key for all agents and one service.
    pub(crate) fn simple_key(&self, name: &str, wanted: Wanted, now: DateTime<Utc>) -> Secret {
        let scopes = Scopes::simple(&self.slug, wanted);
        let new = NewKey {
            name: name.to_owned(),
            scopes: scopes.written.clone(),
            environment: Environment::Live,
            expires: None,
        };
        let (_, value) = self.keys.make(scopes, new, now);
        Secret::new(value)
    }
}

/// All routes of agent.ceo.
pub(crate) fn router(world: &Arc<World>) -> Router {
    routes::router(world)
}
