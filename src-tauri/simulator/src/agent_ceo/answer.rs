//! Refusals. The document gives no error bodies: these are ours, in a common form.

use axum::{
    Json,
    extract::rejection::JsonRejection,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::scopes::Invalid;
use crate::Error;

/// Why a request is not carried out.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No key, or none that is valid.
    Unauthorized,
    /// The key is valid and lacks this scope.
    Forbidden { required: String },
    /// The scopes are not a key's.
    InvalidScope(Invalid),
    /// The request is not as documented.
    BadRequest(String),
    /// There is no such thing.
    NotFound(&'static str),
    /// The simulator itself failed.
    Internal,
}

impl Refusal {
    pub(super) fn forbidden(required: impl ToString) -> Self {
        Self::Forbidden { required: required.to_string() }
    }

    pub(super) fn unknown_agent(organization: &str, agent: &str) -> Self {
        let message = format!("{organization} has no agent `{agent}`");
        Self::InvalidScope(Invalid { axis: "agent", message })
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::BadRequest(message.into())
    }
}

impl From<Error> for Refusal {
    fn from(_: Error) -> Self {
        Self::Internal
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self::InvalidScope(invalid)
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self::BadRequest(rejection.body_text())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => {
                let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
                (
                    challenge,
                    plain(StatusCode::UNAUTHORIZED, "unauthorized", "Invalid or missing API key"),
                )
                    .into_response()
            }
            Self::Forbidden { required } => plain(
                StatusCode::FORBIDDEN,
                "forbidden",
                &format!("API key does not have required scope: {required}"),
            ),
            Self::InvalidScope(invalid) => {
                let message = invalid.to_string();
                let error =
                    json!({ "code": "invalid_scope", "axis": invalid.axis, "message": message });
                (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
            }
            Self::BadRequest(message) => plain(StatusCode::BAD_REQUEST, "bad_request", &message),
            Self::NotFound(what) => {
                plain(StatusCode::NOT_FOUND, "not_found", &format!("There is no such {what}"))
            }
            Self::Internal => {
                plain(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal server error")
            }
        }
    }
}

fn plain(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "error": { "code": code, "message": message } }))).into_response()
}
