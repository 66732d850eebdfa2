//! What the platforms' APIs say alike: how a key comes with a request, and how a refusal
//! looks. ServoAgent's document gives this form of error; for the others it is ours.

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// The value behind `Authorization: Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, value) =
        headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| value.trim_start())
}

/// `{"error": {"code", "message"}}`.
pub(crate) fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "error": { "code": code, "message": message } }))).into_response()
}

/// 401, with the challenge that HTTP wants.
pub(crate) fn unauthorized(message: &str) -> Response {
    let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
    (challenge, error(StatusCode::UNAUTHORIZED, "unauthorized", message)).into_response()
}

/// 403.
pub(crate) fn forbidden(message: &str) -> Response {
    error(StatusCode::FORBIDDEN, "forbidden", message)
}

/// 404.
pub(crate) fn not_found(what: &str) -> Response {
    error(StatusCode::NOT_FOUND, "not_found", &format!("There is no such {what}"))
}

/// 500: the simulator itself failed.
pub(crate) fn internal() -> Response {
    error(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal server error")
}
