//! `POST /api/v1/keys/mint`. The answer is the document's, field for field; it is the
//! only time that the key's value is sent.

use std::sync::Arc;

use axum::{Json, extract::State, extract::rejection::JsonRejection, http::StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::super::{
    answer::Refusal,
    caller::Caller,
    keys::NewKey,
    scopes::{Capability, Scopes, Service, Wanted},
};
use crate::world::World;

/// Ours: the document gives no limit.
const LONGEST_NAME: usize = 100;
/// Ours: the dashboard's longest choice but never is 365; ten years are enough for anybody.
const MOST_DAYS: i64 = 3650;

#[derive(Deserialize)]
pub(super) struct Mint {
    #[serde(rename = "orgId")]
    org_id: String,
    name: String,
    scopes: Vec<String>,
    #[serde(default)]
    expires_days: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct Minted {
    key: String,
    key_id: String,
    prefix: String,
    owner: String,
    scopes: Vec<String>,
}

/// Makes a key of the caller's environment: the request cannot name one.
pub(super) async fn mint(
    State(world): State<Arc<World>>,
    caller: Caller,
    body: Result<Json<Mint>, JsonRejection>,
) -> Result<(StatusCode, Json<Minted>), Refusal> {
    caller.must(Service::Admin, Capability::Write)?;
    let Json(request) = body?;
    caller.must_belong(&world, &request.org_id)?;
    let now = world.clock.now();
    let name = name(&request.name)?;
    let expires = expires(request.expires_days, now)?;
    let scopes = Scopes::parse(&request.scopes)?;
    within(&caller, &scopes, &world)?;
    let new = NewKey { name, scopes: request.scopes, environment: caller.0.environment, expires };
    let (row, key) = world.agent_ceo.keys.make(scopes, new, now)?;
    let minted = Minted {
        key,
        key_id: row.id.clone(),
        prefix: row.prefix.clone(),
        owner: row.owner.clone(),
        scopes: row.written.clone(),
    };
    Ok((StatusCode::CREATED, Json(minted)))
}

fn name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(Refusal::bad_request(format!(
            "name: 1 to {LONGEST_NAME} characters are required"
        )));
    }
    Ok(name.to_owned())
}

/// Ours: nothing, null and 0 all mean never, for the document does not say how never is sent.
fn expires(days: Option<i64>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Refusal> {
    match days {
        None | Some(0) => Ok(None),
        Some(days) if (1..=MOST_DAYS).contains(&days) => Ok(Some(now + TimeDelta::days(days))),
        Some(_) => Err(Refusal::bad_request(format!(
            "expires_days: a whole number of days from 1 to {MOST_DAYS} is required"
        ))),
    }
}

/// A key never reaches past its organization; and, ours, only an administrator makes another.
fn within(caller: &Caller, scopes: &Scopes, world: &World) -> Result<(), Refusal> {
    let platform = &world.agent_ceo;
    if scopes.organization != platform.slug {
        return Err(Refusal::forbidden(format!("org:{}", scopes.organization)));
    }
    let known = |agent: &str| platform.agents.iter().any(|known| known == agent);
    if let Some(agent) = scopes.named_agents().find(|agent| !known(agent)) {
        return Err(Refusal::unknown_agent(&platform.slug, agent));
    }
    if scopes.administer() && !caller.0.scopes.allow(Wanted(Service::Admin, Capability::Admin)) {
        return Err(Refusal::forbidden(Wanted(Service::Admin, Capability::Admin)));
    }
    Ok(())
}
