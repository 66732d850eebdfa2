//! Specivo: keys of a person or of a service account, made in a profile's page, and an
//! MCP server that takes them.
//!
//! After its page "API keys & scopes". What the page leaves open and was chosen here is
//! marked "ours"; `docs/simulator.md` has the list.

mod accounts;
mod mcp;
mod pages;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{Router, routing::post};
use chrono::{DateTime, Utc};
use keywright_model::Environment;

use crate::{
    Error, Operation,
    dashboard::{self, Made, form},
    faults::apply::gated,
    keys::{Draft, Keys},
    world::World,
};
use accounts::{Account, Members};

/// How keys begin.
const BEGINNING: &str = "spv_";
/// The scope without which the MCP server refuses a key.
const MCP: &str = "mcp";
/// The scopes on offer. Ours: the second; the page names one.
const SCOPES: [(&str, &str); 2] = [
    (MCP, "Connect an AI client over MCP."),
    ("feed", "Read the activity feed. Opens nothing here."),
];

/// One installation of Specivo.
#[derive(Default)]
pub(crate) struct Platform {
    /// What a key may do is written on it; whatever else it may, its owner decides.
    pub(crate) keys: Keys<()>,
    members: Members,
}

/// A key to be made without the page, as its owner would.
#[derive(Debug, Clone)]
pub struct SpecivoKey {
    /// Its name.
    pub name: String,
    /// Its owner: `dana`, `agent` or `claude`.
    pub account: String,
    /// Its scopes: `mcp`, `feed`, both or none.
    pub scopes: Vec<String>,
}

impl Platform {
    pub(crate) fn issue(&self, new: SpecivoKey, now: DateTime<Utc>) -> Result<Made, Error> {
        let offered = SCOPES.iter().map(|(scope, _)| *scope);
        let draft = Draft {
            name: form::name(&new.name)?,
            prefix: String::new(),
            owner: Account::named(&new.account)?.name.to_owned(),
            scopes: (),
            written: form::among("scope", &new.scopes, offered)?,
            environment: Environment::Unknown,
            created: now,
            expires: None,
        };
        dashboard::issue(&self.keys, BEGINNING, draft)
    }

    pub(crate) fn set_member(&self, account: &str, member: bool) -> bool {
        self.members.set(account, member)
    }
}

/// All routes of Specivo.
pub(crate) fn router(world: &Arc<World>) -> Router<Arc<World>> {
    let mcp = gated(world, Operation::Use, post(mcp::answer));
    pages::router().route("/specivo/mcp", mcp)
}
