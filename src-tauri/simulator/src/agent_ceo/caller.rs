//! Whose key came with a request. The token authority is asked on every call.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{
    answer::Refusal,
    keys::Row,
    scopes::{Capability, Service, Wanted},
};
use crate::{wire::bearer, world::World};

/// A valid key's row.
pub(super) struct Caller(pub(super) Arc<Row>);

impl FromRequestParts<Arc<World>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Refusal> {
        let value = bearer(&parts.headers).ok_or(Refusal::Unauthorized)?;
        let flapping = world.settings().flapping;
        world
            .agent_ceo
            .keys
            .validate(value, world.clock.now(), flapping)
            .map(Self)
            .ok_or(Refusal::Unauthorized)
    }
}

impl Caller {
    /// The key must have this tier of this service.
    pub(super) fn must(&self, service: Service, capability: Capability) -> Result<(), Refusal> {
        let wanted = Wanted(service, capability);
        if self.0.scopes.allow(wanted) { Ok(()) } else { Err(Refusal::forbidden(wanted)) }
    }

    /// The path's organization must be the key's.
    pub(super) fn must_belong(&self, world: &World, id: &str) -> Result<(), Refusal> {
        let platform = &world.agent_ceo;
        if platform.id == id && self.0.scopes.organization == platform.slug {
            return Ok(());
        }
        let slug = if platform.id == id { &platform.slug } else { id };
        Err(Refusal::forbidden(format!("org:{slug}")))
    }

    /// The key must reach this agent.
    pub(super) fn must_reach(&self, agent: &str) -> Result<(), Refusal> {
        if self.0.scopes.reach(agent) {
            return Ok(());
        }
        Err(Refusal::forbidden(format!("agent:{agent}")))
    }
}
