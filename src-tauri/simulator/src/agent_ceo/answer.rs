//! Refusals. The document gives no error bodies: these are ours, in a common form.

use axum::{
    Json,
    extract::rejection::JsonRejection,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::scopes::Invalid;
use crate::{Error, wire};

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
            Self::Unauthorized => wire::unauthorized("Invalid or missing API key"),
            Self::Forbidden { required } => {
                wire::forbidden(&format!("API key does not have required scope: {required}"))
            }
            Self::InvalidScope(invalid) => {
                let message = invalid.to_string();
                let error =
                    json!({ "code": "invalid_scope", "axis": invalid.axis, "message": message });
                (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
            }
            Self::BadRequest(message) => {
                wire::error(StatusCode::BAD_REQUEST, "bad_request", &message)
            }
            Self::NotFound(what) => wire::not_found(what),
            Self::Internal => wire::internal(),
        }
    }
}
