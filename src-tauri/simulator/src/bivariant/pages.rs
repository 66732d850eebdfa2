//! The dashboard, in the document's words: Settings, API Keys, Create API Key, Revoke.
//! Ours: its addresses, and that nobody signs in; a link chooses who looks.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    directory::{CREATORS, Creator},
    form::{self, Form},
};
use crate::{
    SimKey,
    dashboard::{
        Place,
        form::Fields,
        page::{Link, Site, go, missing, page},
        parts::{self, Shelf},
    },
    world::World,
};

const HOME: &str = "/bivariant/settings";
const KEYS: &str = "/bivariant/settings/api-keys";
const NEW: &str = "/bivariant/settings/api-keys/new";

const SITE: Site = Site {
    name: "Bivariant",
    accent: "#2f6b5b",
    links: &[
        Link { id: "nav-settings", label: "Settings", href: HOME },
        Link { id: "nav-api-keys", label: "API Keys", href: KEYS },
    ],
};

/// The pages' routes.
pub(super) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/bivariant", get(async || go(HOME)))
        .route("/bivariant/", get(async || go(HOME)))
        .route(HOME, get(settings))
        .route(KEYS, get(list))
        .route(NEW, get(blank).post(create))
        .route("/bivariant/settings/api-keys/{id}/revoke", post(revoke))
        .route("/bivariant/{*rest}", get(async || missing(&SITE)))
}

/// What an address says besides its path.
#[derive(Deserialize)]
pub(super) struct Look {
    #[serde(default, rename = "as")]
    who: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    revoked: String,
}

impl Look {
    fn creator(&self) -> &'static Creator {
        Creator::find(&self.who).unwrap_or(&CREATORS[0])
    }
}

/// Who looks, and the others as links to the same page.
fn who(path: &str, creator: &Creator) -> Markup {
    html! {
        div .who data-testid="signed-in-as" data-account=(creator.name) {
            span { "Signed in as" }
            @for other in &CREATORS {
                @let current = (other.name == creator.name).then_some("true");
                a #{ "account-" (other.name) } data-testid={ "account-" (other.name) }
                    href={ (path) "?as=" (other.name) } aria-current=[current] { (other.name) }
            }
        }
    }
}

async fn settings(State(world): State<Arc<World>>, Query(look): Query<Look>) -> Markup {
    let creator = look.creator();
    let content = html! {
        (who(HOME, creator))
        div .sheet {
            p { "You may: " @for right in world.bivariant.rights.of(creator) { code { (right) } " " } }
            a #open-api-keys .button data-testid="open-api-keys"
                href={ (KEYS) "?as=" (creator.name) } { "API Keys" }
        }
    };
    page(&SITE, "Settings", content)
}

async fn list(State(world): State<Arc<World>>, Query(look): Query<Look>) -> Markup {
    let creator = look.creator();
    let own: Vec<SimKey> = world
        .bivariant
        .keys
        .seen(world.clock.now())
        .into_iter()
        .filter(|key| key.owner == creator.name)
        .collect();
    let notice = parts::notice(&own, &look.revoked);
    let wanted = look.name.trim().to_lowercase();
    let found: Vec<SimKey> =
        own.into_iter().filter(|key| key.name.to_lowercase().contains(&wanted)).collect();
    let path = format!("{KEYS}/");
    let shelf = Shelf { path: &path, who: Some(creator.name), expiry: true };
    let content = html! {
        (who(KEYS, creator))
        (notice)
        p .lead {
            "Programmatic access without interactive authentication. Review active keys "
            "periodically, and revoke any that is no longer in use: revocation is immediate."
        }
        div .bar {
            (search(creator, &look.name))
            a #new-key .button.main data-testid="new-key"
                href={ (NEW) "?as=" (creator.name) } { "Create API Key" }
        }
        div .sheet { (parts::table(&found, &shelf)) }
    };
    page(&SITE, "API Keys", content)
}

fn search(creator: &Creator, name: &str) -> Markup {
    html! {
        form .find method="get" action=(KEYS) {
            (parts::account(Some(creator.name)))
            input #find-name type="search" name="name" value=(name) placeholder="Find by name"
                aria-label="Find by name" autocomplete="off" data-testid="find-name";
            button #find-key data-testid="find-key" { "Find" }
        }
    }
}

fn show(world: &World, creator: &Creator, fields: &Fields, problem: Option<&str>) -> Markup {
    let rights = world.bivariant.rights.of(creator);
    let form = Form { action: NEW, creator, rights: &rights, now: world.clock.now() };
    let content = html! { (who(NEW, creator)) (form.show(fields, problem)) };
    page(&SITE, "Create API Key", content)
}

async fn blank(State(world): State<Arc<World>>, Query(look): Query<Look>) -> Markup {
    show(&world, look.creator(), &Fields::default(), None)
}

/// The answer is the only page that shows the key's value.
async fn create(State(world): State<Arc<World>>, fields: Fields) -> Response {
    let Some(creator) = Creator::find(fields.one("as")) else { return missing(&SITE) };
    let made =
        form::read(creator, &fields).and_then(|new| world.bivariant.issue(new, world.clock.now()));
    let back = format!("{KEYS}?as={}", creator.name);
    match made {
        Ok(made) => {
            let warning = "Copy the key value: it is shown only once.";
            parts::created(&SITE, &made, warning, &back)
        }
        Err(error) => {
            parts::refused(&error, |problem| show(&world, creator, &fields, Some(problem)))
        }
    }
}

/// Everybody revokes their own.
async fn revoke(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    fields: Fields,
) -> Response {
    let keys = &world.bivariant.keys;
    let who = fields.one("as");
    let Some(row) = keys.find(&id).filter(|row| row.owner == who) else { return missing(&SITE) };
    let delay = world.settings().delay_of(Place::Bivariant);
    keys.revoke(&id, world.clock.now(), delay);
    go(&format!("{KEYS}?as={}&revoked={}", row.owner, row.id))
}
