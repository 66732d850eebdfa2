//! Whose key came with a request. Both refusals are the document's, word for word; the
//! one about addresses is ours.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use keywright_model::Environment;

use super::allow::AllowList;
use crate::{
    keys::Row,
    server::Peer,
    wire::{self, bearer},
    world::World,
};

/// A valid key's row.
pub(super) struct Caller(Arc<Row<AllowList>>);

/// Why a request is not carried out.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No key, or none that is valid.
    Unauthorized,
    /// The key is valid and lacks this scope.
    Scope(&'static str),
    /// The key is valid and not for this address.
    Address(String),
    /// There is no such thing.
    NotFound(&'static str),
}

impl FromRequestParts<Arc<World>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Refusal> {
        let other = || parts.headers.get("x-api-key").and_then(|value| value.to_str().ok());
        let value = bearer(&parts.headers).or_else(other).ok_or(Refusal::Unauthorized)?;
        let flapping = world.settings().flapping;
        let row = world
            .servoagent
            .keys
            .validate(value, world.clock.now(), flapping)
            .ok_or(Refusal::Unauthorized)?;
        match parts.extensions.get::<Peer>() {
            Some(Peer(address)) if row.scopes.lets(*address) => Ok(Self(row)),
            Some(Peer(address)) => Err(Refusal::Address(address.to_string())),
            None => Err(Refusal::Address("unknown".into())),
        }
    }
}

impl Caller {
    /// The key must have this scope. Ours: no scope holds another, `workspace:admin` neither.
    pub(super) fn must(&self, scope: &'static str) -> Result<(), Refusal> {
        let has = self.0.written.iter().any(|written| written == scope);
        if has { Ok(()) } else { Err(Refusal::Scope(scope)) }
    }

    /// A test key works in the sandbox.
    pub(super) fn in_sandbox(&self) -> bool {
        self.0.environment == Environment::Test
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => wire::unauthorized("Invalid or missing API key"),
            Self::Scope(scope) => {
                wire::forbidden(&format!("API key does not have required scope: {scope}"))
            }
            Self::Address(address) => {
                wire::forbidden(&format!("API key may not be used from this IP address: {address}"))
            }
            Self::NotFound(what) => wire::not_found(what),
        }
    }
}
