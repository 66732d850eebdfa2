//! The pages, in the document's words: Your profile, API keys. Ours: that nobody signs
//! in; a link chooses who looks.

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
    SCOPES, SpecivoKey,
    accounts::{ACCOUNTS, Account, PROJECTS},
};
use crate::{
    SimKey,
    dashboard::{
        Place,
        form::Fields,
        page::{Link, Site, go, missing, page},
        parts::{self, Choice, Shelf},
    },
    world::World,
};

/// The address that the document gives.
const KEYS: &str = "/specivo/my/api-keys/";

const SITE: Site = Site {
    name: "Specivo",
    accent: "#3f5f8a",
    links: &[
        Link { id: "nav-projects", label: "Projects", href: "/specivo/" },
        Link { id: "nav-profile", label: "Your profile", href: "/specivo/my/" },
        Link { id: "nav-api-keys", label: "API keys", href: KEYS },
    ],
};

/// The pages' routes.
pub(super) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/specivo", get(async || go("/specivo/")))
        .route("/specivo/", get(projects))
        .route("/specivo/projects/join", post(join))
        .route("/specivo/my/", get(profile))
        .route("/specivo/my/api-keys", get(async || go(KEYS)))
        .route(KEYS, get(list))
        .route("/specivo/my/api-keys/new", get(blank).post(create))
        .route("/specivo/my/api-keys/{id}/revoke", post(revoke))
        .route("/specivo/{*rest}", get(async || missing(&SITE)))
        // A guide that knows the origin alone comes here.
        .route("/my/api-keys/", get(async || go(KEYS)))
}

/// What an address says besides its path.
#[derive(Deserialize)]
pub(super) struct Look {
    #[serde(default, rename = "as")]
    who: String,
    #[serde(default)]
    revoked: String,
}

impl Look {
    fn account(&self) -> &'static Account {
        Account::find(&self.who).unwrap_or(&ACCOUNTS[0])
    }
}

/// Who looks, and the others as links to the same page.
fn who(path: &str, account: &Account) -> Markup {
    html! {
        div .who data-testid="signed-in-as" data-account=(account.name) {
            span { "Signed in as" }
            @for other in &ACCOUNTS {
                @let current = (other.name == account.name).then_some("true");
                a #{ "account-" (other.name) } data-testid={ "account-" (other.name) }
                    href={ (path) "?as=" (other.name) } aria-current=[current] {
                    (other.name) ", " (other.kind())
                }
            }
        }
    }
}

async fn projects(State(world): State<Arc<World>>, Query(look): Query<Look>) -> Markup {
    let account = look.account();
    let member = world.specivo.members.has(account.name);
    let content = html! {
        (who("/specivo/", account))
        p .lead { "A key acts as its owner, and its owner's roles decide what it reaches." }
        div .sheet {
            @if member {
                @for project in PROJECTS {
                    p data-testid="project" { b { (project) } " – your role: " (account.role) }
                }
            } @else {
                p #no-projects data-testid="no-projects" {
                    (account.name) " is in no project, so its keys reach nothing."
                }
                form method="post" action="/specivo/projects/join" {
                    (parts::account(Some(account.name)))
                    button #join-projects .main data-testid="join-projects" {
                        "Add " (account.name) " with the " (account.role) " role"
                    }
                }
            }
        }
    };
    page(&SITE, "Projects", content)
}

/// Adds an account to the projects.
async fn join(State(world): State<Arc<World>>, fields: Fields) -> Response {
    match Account::find(fields.one("as")) {
        Some(account) => {
            world.specivo.set_member(account.name, true);
            go(&format!("/specivo/?as={}", account.name))
        }
        None => missing(&SITE),
    }
}

async fn profile(Query(look): Query<Look>) -> Markup {
    let account = look.account();
    let content = html! {
        (who("/specivo/my/", account))
        div .sheet {
            p { "You are " b { (account.name) } ", " (account.kind()) "." }
            a #open-api-keys .button data-testid="open-api-keys"
                href={ (KEYS) "?as=" (account.name) } { "API keys" }
        }
    };
    page(&SITE, "Your profile", content)
}

async fn list(State(world): State<Arc<World>>, Query(look): Query<Look>) -> Markup {
    let account = look.account();
    let keys: Vec<SimKey> = world
        .specivo
        .keys
        .seen(world.clock.now())
        .into_iter()
        .filter(|key| key.owner == account.name)
        .collect();
    let shelf = Shelf { path: KEYS, who: Some(account.name), expiry: false };
    let content = html! {
        (who(KEYS, account))
        (parts::notice(&keys, &look.revoked))
        p .lead {
            "A key gives an agent access as " (account.name) " without sharing a password. "
            "Revoking it takes effect immediately: the agent's next request fails."
        }
        div .bar {
            span {}
            a #new-key .button.main data-testid="new-key"
                href={ "/specivo/my/api-keys/new?as=" (account.name) } { "Create a new key" }
        }
        div .sheet { (parts::table(&keys, &shelf)) }
    };
    page(&SITE, "API keys", content)
}

async fn blank(Query(look): Query<Look>) -> Markup {
    form(look.account(), &Fields::default(), None)
}

fn form(account: &Account, fields: &Fields, problem: Option<&str>) -> Markup {
    let content = html! {
        (who("/specivo/my/api-keys/new", account))
        (parts::problem(problem))
        @if account.person {
            p #personal-owner .notice data-testid="personal-owner" {
                "The key will act as you. For an agent, a service account is the cleaner way: "
                "choose agent above."
            }
        }
        form .sheet method="post" action="/specivo/my/api-keys/new" {
            (parts::account(Some(account.name)))
            (parts::name_field("For example, claude-code or ci-agent.", fields.one("name")))
            fieldset {
                legend { "Scopes" }
                @for (scope, help) in SCOPES {
                    @let ticked = fields.ticked("scope", scope);
                    (parts::choice(&Choice { kind: "checkbox", name: "scope", value: scope, help, ticked }))
                }
            }
            button #create-key .main data-testid="create-key" { "Create key" }
        }
    };
    page(&SITE, "Create a new key", content)
}

/// The answer is the only page that shows the key's value.
async fn create(State(world): State<Arc<World>>, fields: Fields) -> Response {
    let Some(account) = Account::find(fields.one("as")) else { return missing(&SITE) };
    let new = SpecivoKey {
        name: fields.one("name").to_owned(),
        account: account.name.to_owned(),
        scopes: fields.list("scope"),
    };
    let warning = "Copy the key now. The full value is shown only once, at creation: Specivo \
                   stores it hashed and cannot display it again.";
    let back = format!("{KEYS}?as={}", account.name);
    match world.specivo.issue(new, world.clock.now()) {
        Ok(made) => parts::created(&SITE, &made, warning, &back),
        Err(error) => parts::refused(&error, |problem| form(account, &fields, Some(problem))),
    }
}

/// Everybody revokes their own.
async fn revoke(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    fields: Fields,
) -> Response {
    let keys = &world.specivo.keys;
    let who = fields.one("as");
    let Some(row) = keys.find(&id).filter(|row| row.owner == who) else { return missing(&SITE) };
    let delay = world.settings().delay_of(Place::Specivo);
    keys.revoke(&id, world.clock.now(), delay);
    go(&format!("{KEYS}?as={}&revoked={}", row.owner, row.id))
}
