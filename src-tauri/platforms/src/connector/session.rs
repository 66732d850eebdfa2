//! Log-ins: a call that gives a token for a while. The token stays in memory only.

use keywright_model::Secret;
use reqwest::header::{HeaderMap, SET_COOKIE};
use serde_json::Value;
use tokio::time::{Duration, Instant};

use super::Connector;
use crate::{
    CallError,
    profile::{
        auth::{Login, Token},
        operation::OperationKind,
    },
    template::Values,
};

/// A token is renewed this long before its time is over.
const MARGIN: Duration = Duration::from_secs(5);

/// A token and how long it may be used.
pub(super) struct Session {
    token: Secret,
    until: Instant,
}

impl Connector {
    /// The token: the one at hand while it lasts, or a new one.
    pub(super) async fn log_in(
        &self,
        login: &Login,
        credential: &Secret,
    ) -> Result<Secret, CallError> {
        let mut held = self.session.lock().await;
        if let Some(session) = held.as_ref().filter(|session| Instant::now() < session.until) {
            return Ok(session.token.duplicate());
        }
        let values = Values {
            account: Some(&self.variables),
            credential: Some(credential),
            asked: &self.asked,
            ..Values::default()
        };
        let call = self.prepare(&login.call, &values, None)?;
        let answer = self.http.send(self.route, call).await?;
        let headers = answer.headers.clone();
        let read = self.read(OperationKind::Get.word(), &login.call, answer, &[credential])?;
        let token = match &login.token {
            Token::Cookie(name) => cookie(&headers, name),
            Token::Pointer(pointer) => {
                let mut root = read.json()?;
                pointer.take(&mut root).and_then(|value| match value {
                    Value::String(text) => Some(Secret::new(text)),
                    _ => None,
                })
            }
        };
        let token = token.ok_or_else(|| CallError::malformed("the log-in gave no token"))?;
        let until = Instant::now() + login.lifetime.saturating_sub(MARGIN);
        let given = token.duplicate();
        *held = Some(Session { token, until });
        Ok(given)
    }

    /// Drops a token that the platform no longer takes.
    pub(super) async fn forget_session(&self) {
        *self.session.lock().await = None;
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<Secret> {
    headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(|text| {
        let pair = text.split(';').next()?;
        let (found, value) = pair.split_once('=')?;
        (found.trim() == name && !value.trim().is_empty()).then(|| Secret::copy_of(value.trim()))
    })
}
