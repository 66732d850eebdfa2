//! Showing a secret to a person's eyes: a page without script, made in Rust, handed
//! out once to a window that is destroyed 15 seconds later, and its process with it.
//!
//! A web view cannot forget what it once showed, so the main one never shows a secret.

use std::{fmt::Write as _, time::Duration};

use keywright_model::Secret;
use tauri::{
    Manager, Runtime, UriSchemeContext,
    http::{Request, Response, StatusCode},
};

use crate::{error::Error, shell::Shell, windows::REVEAL};

/// The scheme of the page's address.
pub(crate) const SCHEME: &str = "reveal";

/// How long the secret is shown.
pub(crate) const SHOWN: Duration = Duration::from_secs(15);

/// A page that waits to be fetched.
pub(crate) struct Page {
    /// Makes its address unguessable and allows its one style sheet.
    pub(crate) nonce: String,
    /// The page.
    html: Secret,
}

impl Page {
    /// The page that shows `secret` under `title`.
    #[expect(clippy::disallowed_methods, reason = "this page is the place where it is shown")]
    pub(crate) fn new(title: &str, secret: &Secret) -> Result<Self, Error> {
        let nonce = nonce()?;
        let secret = Secret::new(escaped(secret.expose()));
        let html = TEMPLATE
            .replace("{nonce}", &nonce)
            .replace("{title}", &escaped(title))
            .replace("{seconds}", &SHOWN.as_secs().to_string());
        let (before, after) = html.split_once("{secret}").unwrap_or((&html, ""));
        // One allocation of the right size: nothing of it is left behind by growing.
        let mut page = String::with_capacity(before.len() + secret.len() + after.len());
        page.push_str(before);
        page.push_str(secret.expose());
        page.push_str(after);
        Ok(Self { nonce, html: Secret::new(page) })
    }

    /// Where it is fetched.
    pub(crate) fn address(&self) -> String {
        format!("{SCHEME}://localhost/{}", self.nonce)
    }
}

/// Hands the page to the reveal window that knows its address, once; nothing to anybody else.
pub(crate) fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: &Request<Vec<u8>>,
) -> Response<Vec<u8>> {
    if !context.webview_label().starts_with(REVEAL) {
        return refused();
    }
    let mut waiting = context.app_handle().state::<Shell>().inner().page();
    let asked = request.uri().path().trim_start_matches('/');
    match waiting.take_if(|page| page.nonce == asked) {
        Some(page) => answer(&page).unwrap_or_else(|_| refused()),
        None => refused(),
    }
}

#[expect(clippy::disallowed_methods, reason = "on its way into the reveal window")]
fn answer(page: &Page) -> Result<Response<Vec<u8>>, tauri::http::Error> {
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{}'; base-uri 'none'; form-action 'none'",
        page.nonce
    );
    Response::builder()
        .header("content-type", "text/html; charset=utf-8")
        .header("content-security-policy", policy)
        .header("cache-control", "no-store")
        .header("referrer-policy", "no-referrer")
        .body(page.html.expose().as_bytes().to_vec())
}

fn refused() -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// 128 random bits in hexadecimal.
fn nonce() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    let mut text = String::with_capacity(32);
    for byte in bytes {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").ok();
    }
    Ok(text)
}

fn escaped(text: &str) -> String {
    // Six bytes for one at the most, so that the text never grows by moving.
    let mut out = String::with_capacity(text.len() * 6);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '{' => out.push_str("&#123;"),
            other => out.push(other),
        }
    }
    out
}

const TEMPLATE: &str = include_str!("reveal.html");

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the page is looked at")]

    use keywright_model::Secret;

    use super::{Page, TEMPLATE};

    #[test]
    fn the_page_shows_the_secret_and_runs_nothing() {
        let secret = Secret::copy_of("ace_test_fake<script>alert(1)</script>");
        let page = Page::new("Billing & <b>more</b>", &secret).unwrap();
        let html = page.html.expose();
        assert!(html.contains("ace_test_fake&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(html.contains("Billing &amp; &lt;b&gt;more"));
        assert!(!html.contains("<script") && !html.contains("<b>"));
        assert!(!html.contains("{nonce}") && !html.contains("{seconds}"));
    }

    #[test]
    fn a_title_cannot_move_the_secret() {
        let page = Page::new("{secret}{nonce}", &Secret::copy_of("ace_test_fake")).unwrap();
        assert_eq!(page.html.expose().matches("ace_test_fake").count(), 1);
    }

    #[test]
    fn the_template_has_its_places() {
        for place in ["{nonce}", "{title}", "{secret}", "{seconds}"] {
            assert_eq!(TEMPLATE.matches(place).count(), 1, "{place}");
        }
    }

    #[test]
    fn no_two_pages_share_an_address() {
        let page = || Page::new("t", &Secret::copy_of("s")).unwrap().address();
        assert_ne!(page(), page());
    }
}
