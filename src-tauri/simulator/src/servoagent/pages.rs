//! The dashboard. The document says that keys are created and managed there, and no
//! more: its addresses and its layout are ours.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::{get, post},
};
use keywright_model::Environment;
use maud::{Markup, html};
use serde::Deserialize;

use super::{SCOPES, ServoAgentKey};
use crate::{
    dashboard::{
        Place,
        form::Fields,
        page::{Link, Site, go, missing, page},
        parts::{self, Choice, Shelf},
    },
    world::World,
};

const HOME: &str = "/servoagent/dashboard";
const KEYS: &str = "/servoagent/dashboard/api-keys";
const NEW: &str = "/servoagent/dashboard/api-keys/new";

const SITE: Site = Site {
    name: "ServoAgent",
    accent: "#7a4a6b",
    links: &[
        Link { id: "nav-dashboard", label: "Dashboard", href: HOME },
        Link { id: "nav-api-keys", label: "API keys", href: KEYS },
    ],
};

/// The pages' routes.
pub(super) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/servoagent", get(async || go(HOME)))
        .route("/servoagent/", get(async || go(HOME)))
        .route(HOME, get(home))
        .route(KEYS, get(list))
        .route(NEW, get(async || form(&Fields::default(), None)).post(create))
        .route("/servoagent/dashboard/api-keys/{id}/revoke", post(revoke))
        .route("/servoagent/{*rest}", get(async || missing(&SITE)))
}

/// What an address says besides its path.
#[derive(Deserialize)]
pub(super) struct Look {
    #[serde(default)]
    revoked: String,
}

async fn home() -> Markup {
    let content = html! {
        p .lead { "Agents that talk to contacts. Programs come in with API keys." }
        div .sheet {
            a #open-api-keys .button data-testid="open-api-keys" href=(KEYS) { "API keys" }
        }
    };
    page(&SITE, "Dashboard", content)
}

async fn list(State(world): State<Arc<World>>, Query(look): Query<Look>) -> Markup {
    let keys = world.servoagent.keys.seen(world.clock.now());
    let path = format!("{KEYS}/");
    let shelf = Shelf { path: &path, who: None, expiry: false };
    let content = html! {
        (parts::notice(&keys, &look.revoked))
        p .lead {
            "Use separate keys for development and production, with the minimum required scopes. "
            "Rotate them regularly, especially after team member changes."
        }
        div .bar {
            span {}
            a #new-key .button.main data-testid="new-key" href=(NEW) { "Create a key" }
        }
        div .sheet { (parts::table(&keys, &shelf)) }
    };
    page(&SITE, "API keys", content)
}

fn form(fields: &Fields, problem: Option<&str>) -> Markup {
    let test = fields.one("environment") == "test";
    let environments = [
        ("live", "Production key, sk_live_: full access based on assigned scopes.", !test),
        ("test", "Test key, sk_test_: for development and testing, in sandbox mode.", test),
    ];
    let content = html! {
        (parts::problem(problem))
        form .sheet method="post" action=(NEW) {
            (parts::name_field("What the key is for.", fields.one("name")))
            fieldset {
                legend { "Environment" }
                @for (value, help, ticked) in environments {
                    (parts::choice(&Choice { kind: "radio", name: "environment", value, help, ticked }))
                }
            }
            fieldset {
                legend { "Scopes" }
                @for (scope, help) in SCOPES {
                    @let ticked = fields.ticked("scope", scope);
                    (parts::choice(&Choice { kind: "checkbox", name: "scope", value: scope, help, ticked }))
                }
            }
            label .field {
                span .label { "IP allowlist" }
                span .help { "Addresses or networks, one a line. Empty: from everywhere." }
                textarea #allow-list name="allow_list" rows="3" data-testid="allow-list" {
                    (fields.one("allow_list"))
                }
            }
            button #create-key .main data-testid="create-key" { "Create key" }
        }
    };
    page(&SITE, "Create a key", content)
}

/// The answer is the only page that shows the key's value.
async fn create(State(world): State<Arc<World>>, fields: Fields) -> Response {
    let environment = match fields.one("environment") {
        "test" => Environment::Test,
        _ => Environment::Live,
    };
    let new = ServoAgentKey {
        name: fields.one("name").to_owned(),
        environment,
        scopes: fields.list("scope"),
        allow_list: fields.one("allow_list").split_whitespace().map(str::to_owned).collect(),
    };
    let warning = "Copy the key now: it is not shown again.";
    match world.servoagent.issue(new, world.clock.now()) {
        Ok(made) => parts::created(&SITE, &made, warning, KEYS),
        Err(error) => parts::refused(&error, |problem| form(&fields, Some(problem))),
    }
}

async fn revoke(State(world): State<Arc<World>>, Path(id): Path<String>) -> Response {
    let keys = &world.servoagent.keys;
    if keys.find(&id).is_none() {
        return missing(&SITE);
    }
    let delay = world.settings().delay_of(Place::ServoAgent);
    keys.revoke(&id, world.clock.now(), delay);
    go(&format!("{KEYS}?revoked={id}"))
}
