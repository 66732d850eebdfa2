//! Parts that the dashboards share: the table of keys, the page that shows a value once,
//! and pieces of forms. Whatever can be filled in or clicked has an id of its own, or a
//! `data-testid` where there is one in every row; `docs/simulator.md` lists them.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use maud::{Markup, html};

use super::{
    Made,
    page::{Site, page},
};
use crate::{Error, KeyState, SimKey, keys::exposed, wire};

/// Where a table of keys stands.
pub(crate) struct Shelf<'a> {
    /// The address of the list, with a slash at its end.
    pub(crate) path: &'a str,
    /// Who looks at it; sent along with what is clicked.
    pub(crate) who: Option<&'a str>,
    /// Whether the platform's keys can end by themselves.
    pub(crate) expiry: bool,
}

/// The keys, the newest first, each with its button.
pub(crate) fn table(keys: &[SimKey], shelf: &Shelf<'_>) -> Markup {
    html! {
        @if keys.is_empty() {
            p #no-keys data-testid="no-keys" { "There is no key here." }
        } @else {
            table #key-list data-testid="key-list" {
                thead { tr {
                    th { "Name" } th { "Key" } th { "Scopes" } th { "Created" }
                    @if shelf.expiry { th { "Expires" } }
                    th { "Last used" } th { "Status" } th {}
                } }
                tbody { @for key in keys.iter().rev() { (row(key, shelf)) } }
            }
        }
    }
}

fn row(key: &SimKey, shelf: &Shelf<'_>) -> Markup {
    let state = state(key.state);
    html! {
        tr data-testid="key-row" data-id=(key.id) data-name=(key.name) data-state=(state) {
            td data-testid="key-name" { (key.name) }
            td .short { code { (key.prefix) "…" } }
            td { @for scope in &key.scopes { code { (scope) } " " } }
            td .short { (day(key.created)) }
            @if shelf.expiry {
                td .short { @match key.expires { Some(at) => (last_day(at)), None => "never" } }
            }
            td .short { @match key.last_used { Some(at) => (minute(at)), None => "never" } }
            td data-testid="key-state" { (state) }
            td {
                @if matches!(key.state, KeyState::Active | KeyState::Expired) {
                    form method="post" action={ (shelf.path) (key.id) "/revoke" } {
                        (account(shelf.who))
                        button .bad data-testid="revoke-key" data-id=(key.id)
                            aria-label={ "Revoke " (key.name) } { "Revoke" }
                    }
                }
            }
        }
    }
}

/// Who sends a form, where it matters.
pub(crate) fn account(who: Option<&str>) -> Markup {
    html! { @if let Some(who) = who { input type="hidden" name="as" value=(who); } }
}

/// The dashboard shows a revoked key as such at once, whatever the servers do.
const fn state(state: KeyState) -> &'static str {
    match state {
        KeyState::Active => "active",
        KeyState::Expired => "expired",
        KeyState::Revoking | KeyState::Revoked => "revoked",
    }
}

/// The answer to a form that made a key: the only page with the key's value.
pub(crate) fn created(site: &Site, made: &Made, warning: &str, back: &str) -> Response {
    let key = &made.key;
    let content = html! {
        div .sheet {
            p .notice { (warning) }
            code #new-key-value .value data-testid="new-key-value" data-id=(key.id) {
                (exposed(&made.secret))
            }
            p .side {
                button #copy-key .main type="button" data-testid="copy-key"
                    data-copies="new-key-value" { "Copy" }
                a #done .button data-testid="done" href=(back) { "Done" }
            }
            p { "Name: " b { (key.name) } }
            p { "Owner: " b { (key.owner) } }
            p { "Scopes: " @for scope in &key.scopes { code { (scope) } " " } }
            @if let Some(at) = key.expires { p { "Expires: " b { (last_day(at)) } } }
        }
    };
    (StatusCode::CREATED, page(site, "Your new key", content)).into_response()
}

/// The answer to a form that made none: the form again, with what is wrong.
pub(crate) fn refused(error: &Error, again: impl FnOnce(&str) -> Markup) -> Response {
    match error {
        Error::Form { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, again(&error.to_string())).into_response()
        }
        _ => wire::internal(),
    }
}

/// A line above a form that was not taken.
pub(crate) fn problem(message: Option<&str>) -> Markup {
    html! {
        @if let Some(message) = message {
            p #form-error .error role="alert" data-testid="form-error" { (message) }
        }
    }
}

/// A line above the list, where the address names a key that was revoked just now.
pub(crate) fn notice(keys: &[SimKey], revoked: &str) -> Markup {
    let key = keys.iter().find(|key| key.id == revoked && state(key.state) == "revoked");
    html! {
        @if let Some(key) = key {
            p #notice .notice role="status" data-testid="notice" { "“" (key.name) "” was revoked." }
        }
    }
}

/// The field for a key's name.
pub(crate) fn name_field(help: &str, value: &str) -> Markup {
    html! {
        label .field {
            span .label { "Name" }
            span .help { (help) }
            input #key-name type="text" name="name" value=(value) maxlength="100" required
                autocomplete="off" data-testid="key-name";
        }
    }
}

/// A check box, or a round one of several.
pub(crate) struct Choice<'a> {
    pub(crate) kind: &'static str,
    pub(crate) name: &'static str,
    pub(crate) value: &'a str,
    pub(crate) help: &'a str,
    pub(crate) ticked: bool,
}

/// Its id is its name and its value: `scope-mcp`.
pub(crate) fn choice(choice: &Choice<'_>) -> Markup {
    let id = format!("{}-{}", choice.name, choice.value);
    html! {
        label .choice {
            input #(id) type=(choice.kind) name=(choice.name) value=(choice.value)
                checked[choice.ticked] data-testid=(id);
            span { (choice.value) " " small { (choice.help) } }
        }
    }
}

/// The day before an instant at midnight; the instant's own day otherwise.
fn last_day(at: DateTime<Utc>) -> String {
    day(at - TimeDelta::nanoseconds(1))
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
