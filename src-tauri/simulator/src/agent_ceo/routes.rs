//! The routes: four that the document gives, and services of ours on which scopes matter.

mod list;
mod mint;
mod revoke;
mod services;
mod tools;

use std::sync::Arc;

use axum::{
    Router,
    routing::{delete, get, post, put},
};

pub(super) use services::Shelves;

use super::answer::Refusal;
use crate::{Operation, faults::apply::gated, world::World};

/// All routes, each behind its gate for counting, latency and faults.
pub(super) fn router(world: &Arc<World>) -> Router {
    let gated = |operation, route| gated(world, operation, route);
    let used = |route| gated(Operation::Use, route);
    Router::new()
        .route("/api/v1/customers/{org}/api-keys", gated(Operation::List, get(list::list)))
        .route("/api/v1/keys/mint", gated(Operation::Mint, post(mint::mint)))
        .route(
            "/api/v1/customers/{org}/api-keys/{id}",
            gated(Operation::Revoke, delete(revoke::revoke)),
        )
        .route("/api/v1/mcp/tools", used(get(tools::list)))
        .route("/api/v1/mcp/tools/invoke", used(post(tools::invoke)))
        .route("/api/v1/{service}", used(get(services::list).post(services::add)))
        .route("/api/v1/{service}/settings", used(put(services::set).get(services::settings)))
        .fallback(async || Refusal::NotFound("address"))
        .with_state(Arc::clone(world))
}
