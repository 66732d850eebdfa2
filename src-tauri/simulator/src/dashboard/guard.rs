//! Who may ask. Nobody signs in to these dashboards, so a page of another site must not
//! work them: not by a name that leads to 127.0.0.1 (DNS rebinding), and not by a form
//! that it sends here.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Nothing from elsewhere, no frame around it, and the one script that copies.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Refuses what comes from elsewhere. No page is kept by a browser: one shows a key.
pub(crate) async fn from_here_only(request: Request, next: Next) -> Response {
    if let Some(refusal) = refusal(request.headers()) {
        return refusal;
    }
    let mut response = next.run(request).await;
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refusal(headers: &HeaderMap) -> Option<Response> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("?"));
    let host = text(header::HOST).unwrap_or_default();
    if !is_loopback(host) {
        let message = "The simulator answers to 127.0.0.1 and localhost alone.\n";
        return Some((StatusCode::MISDIRECTED_REQUEST, message).into_response());
    }
    // Browsers tell the origin of every form; other programs tell none.
    let own = format!("http://{host}");
    if text(header::ORIGIN).is_some_and(|origin| origin != own) {
        let message = "The simulator takes no request from a page of another site.\n";
        return Some((StatusCode::FORBIDDEN, message).into_response());
    }
    None
}

/// The port may be another one: a tunnel is still this machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(host: &str, origin: Option<&str>) -> Option<u16> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        refusal(&headers).map(|refusal| refusal.status().as_u16())
    }

    #[test]
    fn only_this_machines_names_and_own_pages_pass() {
        for host in ["127.0.0.1", "127.0.0.1:49152", "localhost:80", "LocalHost"] {
            assert_eq!(status(host, None), None, "{host}");
            assert_eq!(status(host, Some(&format!("http://{host}"))), None, "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:80@evil.example", "", "x"]
        {
            assert_eq!(status(host, None), Some(421), "{host}");
        }
        for origin in ["http://evil.example", "null", "https://127.0.0.1:80", "http://127.0.0.1:81"]
        {
            assert_eq!(status("127.0.0.1:80", Some(origin)), Some(403), "{origin}");
        }
        assert_eq!(refusal(&HeaderMap::new()).unwrap().status(), 421);
    }
}
