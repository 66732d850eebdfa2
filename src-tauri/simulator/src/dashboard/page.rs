//! How every page looks: plain HTML, nothing loaded but the script behind "Copy".

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Where the script is.
pub(crate) const SCRIPT: &str = "/_dashboard/copy.js";

/// A platform's dashboard.
pub(crate) struct Site {
    pub(crate) name: &'static str,
    /// The colour of its buttons and of the banner.
    pub(crate) accent: &'static str,
    pub(crate) links: &'static [Link],
}

/// A link of the navigation.
pub(crate) struct Link {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) href: &'static str,
}

/// A whole page.
pub(crate) fn page(site: &Site, title: &str, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – simulated " (site.name) }
                style { (PreEscaped(include_str!("page.css"))) }
                script src=(SCRIPT) defer {}
            }
            body style={ "--accent:" (site.accent) } {
                p #simulated-banner .banner role="note" data-testid="simulated-banner" {
                    "Simulated " (site.name) ", on this machine. Keys made here open nothing else."
                }
                header {
                    strong { (site.name) }
                    nav {
                        @for link in site.links {
                            a #(link.id) data-testid=(link.id) href=(link.href) { (link.label) }
                        }
                    }
                }
                main {
                    h1 #page-title data-testid="page-title" { (title) }
                    (content)
                }
            }
        }
    }
}

/// A page in place of one that is not there.
pub(crate) fn missing(site: &Site) -> Response {
    let content = html! { p .lead { "There is nothing at this address." } };
    (StatusCode::NOT_FOUND, page(site, "Not found", content)).into_response()
}

/// To another page, asked for with GET.
pub(crate) fn go(to: &str) -> Response {
    Redirect::to(to).into_response()
}

/// `GET /_dashboard/copy.js`.
pub(crate) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("copy.js"))
}
