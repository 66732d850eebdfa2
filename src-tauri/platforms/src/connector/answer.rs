//! From an answer to success or a typed error.

use keywright_model::Secret;
use reqwest::header::LOCATION;
use serde_json::Value;

use super::{Connector, request::retry_after};
use crate::{CallError, extract, http::Answer, paginate, profile::operation::Call};

/// An answer that means success. Its JSON is read on demand: some have none.
pub(super) struct Read {
    pub(super) answer: Answer,
    parsed: Option<Wiped>,
}

impl Read {
    /// The answer's JSON.
    pub(super) fn json(mut self) -> Result<Wiped, CallError> {
        match self.parsed.take() {
            Some(root) => Ok(root),
            None => parse(&self.answer),
        }
    }
}

/// JSON that is overwritten when it goes, as it may have held a secret.
pub(super) struct Wiped(Value);

impl std::ops::Deref for Wiped {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl std::ops::DerefMut for Wiped {
    fn deref_mut(&mut self) -> &mut Value {
        &mut self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        extract::wipe(&mut self.0);
    }
}

fn parse(answer: &Answer) -> Result<Wiped, CallError> {
    serde_json::from_slice(&answer.body)
        .map(Wiped)
        .map_err(|_| CallError::malformed("it is not JSON, or broken off"))
}

impl Connector {
    /// Success or a typed error, by status and by the profile's conditions.
    pub(super) fn read(
        &self,
        what: &'static str,
        call: &Call,
        answer: Answer,
        secrets: &[&Secret],
    ) -> Result<Read, CallError> {
        if !call.ok_status.contains(&answer.status) {
            return Err(self.failure(&answer, secrets));
        }
        if call.ok_if.is_empty() {
            return Ok(Read { answer, parsed: None });
        }
        let root = parse(&answer)?;
        if call.ok_if.iter().all(|condition| condition.holds(answer.status, Some(&root))) {
            return Ok(Read { answer, parsed: Some(root) });
        }
        let message = self
            .words(Some(&root), secrets)
            .unwrap_or_else(|| format!("it did not {what} and gave no reason"));
        let missing_scope = self.profile.errors.missing_scope(&message);
        Err(CallError::Refused { status: answer.status, message, missing_scope })
    }

    fn failure(&self, answer: &Answer, secrets: &[&Secret]) -> CallError {
        let status = answer.status;
        let root = parse(answer).ok();
        let said = self.words(root.as_deref(), secrets);
        let message = said.unwrap_or_else(|| format!("status {status}"));
        match status {
            300..=399 => CallError::Redirected { to: self.target(answer) },
            429 => CallError::RateLimited { retry_after: retry_after(&answer.headers) },
            500.. => CallError::ServerFault { status },
            // The server stopped waiting for the call: it may have it all the same.
            408 => CallError::Timeout,
            _ if self.profile.errors.unauthorized.contains(&status) => {
                CallError::Unauthorized { message }
            }
            400..=499 => {
                let missing_scope = self.profile.errors.missing_scope(&message);
                CallError::Refused { status, message, missing_scope }
            }
            _ => CallError::malformed(format!("the status {status} is not one that means success")),
        }
    }

    fn words(&self, root: Option<&Value>, secrets: &[&Secret]) -> Option<String> {
        let said = self.profile.errors.message(root?)?;
        Some(self.clean(&said, secrets)).filter(|text| !text.is_empty())
    }

    /// Where a redirect points, as scheme and host only.
    fn target(&self, answer: &Answer) -> String {
        let location = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        location
            .and_then(|text| self.base.as_ref()?.join(text).ok())
            .map_or_else(|| "an unnamed place".to_owned(), |url| paginate::origin(&url))
    }
}
