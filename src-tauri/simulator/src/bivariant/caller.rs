//! Whose key came with a request, and what it may do: what is written on it, as long as
//! its owner may. The document gives the 401; the other answers are ours, and all bodies.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};

use super::Reach;
use crate::{
    keys::Row,
    wire::{self, bearer},
    world::World,
};

/// A valid key's row.
pub(super) struct Caller(Arc<Row<Reach>>);

/// Why a request is not carried out.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No key, or none that is valid.
    Unauthorized,
    /// The key is valid and may not do this.
    Permission(&'static str),
    /// The key is valid and works in this organization only.
    Organization(&'static str),
    /// The key is valid and works in this space only.
    Space(&'static str),
    /// The request is not as it should be.
    BadRequest(String),
    /// There is no such thing.
    NotFound(&'static str),
    /// The simulator itself failed.
    Internal,
}

impl FromRequestParts<Arc<World>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Refusal> {
        let flapping = world.settings().flapping;
        bearer(&parts.headers)
            .and_then(|value| world.bivariant.keys.validate(value, world.clock.now(), flapping))
            .map(Self)
            .ok_or(Refusal::Unauthorized)
    }
}

impl Caller {
    /// The key must have this permission, and its owner still.
    pub(super) fn must(&self, world: &World, permission: &'static str) -> Result<(), Refusal> {
        let written = self.0.written.iter().any(|written| written == permission);
        if written && world.bivariant.rights.allow(&self.0.owner, permission) {
            return Ok(());
        }
        Err(Refusal::Permission(permission))
    }

    /// Where the request works: within the key's own reach, which is taken where nothing is said.
    pub(super) fn reach(
        &self,
        organization: Option<&str>,
        space: Option<&str>,
    ) -> Result<Reach, Refusal> {
        let own = &self.0.scopes;
        if organization.is_some_and(|wanted| wanted != own.organization.name) {
            return Err(Refusal::Organization(own.organization.name));
        }
        let space = match (space, own.space) {
            (None, own) => own,
            (Some(wanted), Some(own)) if wanted == own => Some(own),
            (Some(_), Some(own)) => return Err(Refusal::Space(own)),
            (Some(wanted), None) => {
                Some(own.organization.space(wanted).ok_or(Refusal::NotFound("space"))?)
            }
        };
        Ok(Reach { organization: own.organization, space })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => wire::unauthorized("Unauthorized"),
            Self::Permission(permission) => {
                wire::forbidden(&format!("Missing permission: {permission}"))
            }
            Self::Organization(own) => {
                wire::forbidden(&format!("The key works in the organization {own} only"))
            }
            Self::Space(own) => wire::forbidden(&format!("The key works in the space {own} only")),
            Self::BadRequest(message) => {
                wire::error(StatusCode::BAD_REQUEST, "bad_request", &message)
            }
            Self::NotFound(what) => wire::not_found(what),
            Self::Internal => wire::internal(),
        }
    }
}
