//! From a template and values to a call that is ready to be sent, and sending it:
//! reads are tried again within bounds, changes never.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::DateTime;
use keywright_model::Secret;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::time::sleep;
use url::Url;
use zeroize::Zeroizing;

use super::Connector;
use crate::{
    CallError, convert, extract,
    http::{Answer, Prepared},
    profile::{
        auth::Auth,
        operation::{BodyType, Call, Operation, Side},
    },
    template::{Text, Values, encode},
};

/// How often a read is tried again, and the longest wait for it that is honoured.
const RETRIES: u32 = 2;
const LONGEST_WAIT: Duration = Duration::from_secs(5);
const SHORT_WAIT: Duration = Duration::from_millis(250);

impl Connector {
    /// Sends an operation, and again where that is safe and worth it.
    pub(super) async fn exchange(
        &self,
        operation: &Operation,
        values: Values<'_>,
        credential: &Secret,
    ) -> Result<Answer, CallError> {
        self.exchange_at(operation, values, credential, None).await
    }

    /// The same at a given address, for the next page of a list.
    pub(super) async fn exchange_at(
        &self,
        operation: &Operation,
        values: Values<'_>,
        credential: &Secret,
        address: Option<&Url>,
    ) -> Result<Answer, CallError> {
        let mut tries_left = if operation.retry { RETRIES } else { 0 };
        loop {
            let outcome = self.once(operation, &values, credential, address).await;
            let wait = match &outcome {
                // A log-in that the platform forgot: once more, with a new one.
                Ok(answer) if answer.status == 401 && self.logs_in(operation) => {
                    (tries_left == RETRIES).then_some(Duration::ZERO)
                }
                Ok(answer) => wait_before_retry(answer),
                Err(CallError::Cut) => Some(SHORT_WAIT),
                Err(_) => None,
            };
            match wait {
                Some(wait) if tries_left > 0 && wait <= LONGEST_WAIT => {
                    tries_left -= 1;
                    sleep(wait).await;
                }
                _ => return outcome,
            }
        }
    }

    fn auth(&self, operation: &Operation) -> &Auth {
        match operation.side {
            Side::Manage => &self.profile.auth.manage,
            Side::Using => &self.profile.auth.using,
            Side::None => &Auth::None,
        }
    }

    fn logs_in(&self, operation: &Operation) -> bool {
        matches!(self.auth(operation), Auth::Login(_))
    }

    async fn once(
        &self,
        operation: &Operation,
        values: &Values<'_>,
        credential: &Secret,
        address: Option<&Url>,
    ) -> Result<Answer, CallError> {
        let auth = self.auth(operation);
        let session = match auth {
            Auth::Login(login) => Some(self.log_in(login, credential).await?),
            _ => None,
        };
        let values = Values {
            account: Some(&self.variables),
            credential: Some(credential),
            login: session.as_ref(),
            asked: &self.asked,
            ..*values
        };
        let mut call = self.prepare(&operation.call, &values, address)?;
        identify(auth, &values, &mut call.headers)?;
        let answer = self.http.send(self.route, call).await?;
        if session.is_some() && answer.status == 401 {
            self.forget_session().await;
        }
        Ok(answer)
    }

    /// Fills a template.
    pub(super) fn prepare(
        &self,
        call: &Call,
        values: &Values<'_>,
        address: Option<&Url>,
    ) -> Result<Prepared, CallError> {
        let url = match address {
            Some(url) => url.clone(),
            None => self.address(call, values)?,
        };
        let mut headers = HeaderMap::new();
        for (name, text) in &call.headers {
            put(&mut headers, name, text, values)?;
        }
        let body = match &call.body {
            Some(tree) => tree.fill(values)?.map(|value| written(call.body_type, value)),
            None => None,
        };
        Ok(Prepared { method: call.method.clone(), url, headers, body: body.transpose()? })
    }

    /// Where a list begins.
    pub(super) fn list_address(
        &self,
        operation: &Operation,
        values: &Values<'_>,
    ) -> Result<Url, CallError> {
        let values = Values { account: Some(&self.variables), ..*values };
        self.address(&operation.call, &values)
    }

    fn address(&self, call: &Call, values: &Values<'_>) -> Result<Url, CallError> {
        let base = self.base.as_ref().ok_or_else(|| CallError::Unsendable {
            what: "the connection has no address".into(),
        })?;
        let mut text = base.as_str().trim_end_matches('/').to_owned();
        text.push_str(&call.path.fill_path(values)?);
        let mut separator = '?';
        for (name, value) in &call.query {
            if let Some(value) = value.fill_query(values)? {
                text.push(separator);
                text.push_str(&encode(name));
                text.push('=');
                text.push_str(&value);
                separator = '&';
            }
        }
        let url = Url::parse(&text)
            .map_err(|_| CallError::Unsendable { what: "the address is not well formed".into() })?;
        if url.origin() == base.origin() {
            Ok(url)
        } else {
            Err(CallError::Unsendable { what: "the address leaves the platform".into() })
        }
    }

    /// The platform's words: bounded, on one line, and without any secret.
    pub(super) fn clean(&self, text: &str, secrets: &[&Secret]) -> String {
        let mut clean = Zeroizing::new(text.to_owned());
        let asked = self.asked.iter().map(|(_, secret)| secret);
        for secret in secrets.iter().copied().chain(asked) {
            redact(&mut clean, secret);
        }
        self.profile.redact_keys(&extract::clean(&clean, 300))
    }
}

#[expect(clippy::disallowed_methods, reason = "compares words with the secret to cut it out")]
fn redact(text: &mut Zeroizing<String>, secret: &Secret) {
    for part in secret.expose().lines().map(str::trim).filter(|part| part.len() >= 4) {
        if text.contains(part) {
            *text = Zeroizing::new(text.replace(part, "…"));
        }
    }
}

/// Puts the headers that say who one is.
pub(super) fn identify(
    auth: &Auth,
    values: &Values<'_>,
    headers: &mut HeaderMap,
) -> Result<(), CallError> {
    match auth {
        Auth::None => Ok(()),
        Auth::Headers(list) => {
            list.iter().try_for_each(|(name, text)| put(headers, name, text, values))
        }
        Auth::Login(login) => {
            login.headers.iter().try_for_each(|(name, text)| put(headers, name, text, values))
        }
        Auth::Basic { user, password } => {
            let user = user.fill(values)?.unwrap_or_default();
            let password = password.fill(values)?.unwrap_or_default();
            let pair = Zeroizing::new(format!("{}:{}", user.as_str(), password.as_str()));
            let text = Zeroizing::new(format!(
                "Basic {}",
                Zeroizing::new(STANDARD.encode(pair.as_bytes())).as_str()
            ));
            headers.insert(AUTHORIZATION, sensitive(&text)?);
            Ok(())
        }
    }
}

fn put(
    headers: &mut HeaderMap,
    name: &HeaderName,
    text: &Text,
    values: &Values<'_>,
) -> Result<(), CallError> {
    if let Some(value) = text.fill(values)? {
        headers.insert(name.clone(), sensitive(&value)?);
    }
    Ok(())
}

fn sensitive(text: &str) -> Result<HeaderValue, CallError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| CallError::Unsendable {
        what: "the credential or a header has characters that no header can carry".into(),
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn written(
    body_type: BodyType,
    mut value: Value,
) -> Result<(&'static str, Zeroizing<Vec<u8>>), CallError> {
    let body = match body_type {
        BodyType::Json => {
            let mut bytes = Zeroizing::new(Vec::with_capacity(1_024));
            serde_json::to_writer(&mut *bytes, &value)
                .map_err(|_| CallError::Unsendable { what: "the body is not JSON".into() })?;
            ("application/json", bytes)
        }
        BodyType::Form => ("application/x-www-form-urlencoded", form(&value)),
    };
    extract::wipe(&mut value);
    Ok(body)
}

fn form(value: &Value) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(256));
    for (name, member) in value.as_object().into_iter().flatten() {
        let several =
            member.as_array().map_or_else(|| vec![member], |items| items.iter().collect());
        for text in several.into_iter().filter_map(convert::scalar).map(Zeroizing::new) {
            if !out.is_empty() {
                out.push(b'&');
            }
            out.extend_from_slice(encode(name).as_bytes());
            out.push(b'=');
            out.extend_from_slice(Zeroizing::new(encode(&text)).as_bytes());
        }
    }
    out
}

/// How long to wait before a read is worth trying again; none when it is not.
fn wait_before_retry(answer: &Answer) -> Option<Duration> {
    match answer.status {
        429 => Some(retry_after(&answer.headers).unwrap_or(Duration::from_secs(1))),
        502..=504 => Some(retry_after(&answer.headers).unwrap_or(SHORT_WAIT)),
        _ => None,
    }
}

/// How long the platform asks to wait: seconds, or an instant. An instant is
/// measured against the answer's own date, as this room has no clock.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let asked = text("retry-after");
    if let Some(seconds) = asked.and_then(|asked| asked.parse().ok()) {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| DateTime::parse_from_rfc2822(text).ok().map(|at| at.timestamp());
    let sent = text("date").and_then(date)?;
    let until = asked
        .and_then(date)
        .or_else(|| text("ratelimit-reset").and_then(|reset| reset.parse().ok()))?;
    u64::try_from(until - sent).ok().map(Duration::from_secs)
}
