//! A profile at work: one connection's calls. It talks to its own origin only,
//! and each secret leaves an answer once, straight into a [`Secret`].

mod answer;
mod list;
mod made;
mod request;
mod session;
mod store;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use keywright_model::{Owner, RemoteKey, Secret, Verdict, expiry::Lifetime};
use tokio::{sync::Mutex, time::Duration};
use url::Url;

use crate::{
    CallError, Http, Limits, Probe, Profile, SetupError, Variables,
    http::{self, Answer, Route},
    probe,
    profile::{
        operation::{Operation, OperationKind, Side},
        scope::plain,
    },
    template::Values,
};
use answer::Read;
pub(crate) use list::Listing;
pub use store::{SealingKey, StoreAnswer, Stored};

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Its name on the platform.
    pub name: String,
    /// Its scopes, in the platform's words.
    pub scopes: Vec<String>,
    /// Its life.
    pub lifetime: Lifetime,
}

/// A key that was made. Seal the secret before anything else.
#[derive(Debug)]
pub struct Created {
    /// What is known of it. What the answer lacked is what was asked for. The id
    /// is empty where the answer lacked it: the list has it.
    pub remote: RemoteKey,
    /// Its secret; the platform does not show it again.
    pub secret: Secret,
}

/// What the platform says of a revocation. Neither proves that the key is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeAnswer {
    /// Accepted.
    Accepted,
    /// There is no such key any more.
    AlreadyGone,
}

/// One connection to one platform.
pub struct Connector {
    profile: Arc<Profile>,
    /// None where nothing is ever called.
    base: Option<Url>,
    variables: Variables,
    http: Http,
    route: Route,
    asked: Vec<(String, Secret)>,
    session: Mutex<Option<session::Session>>,
}

impl Connector {
    /// A connection. The address must be https, or this machine's own. It may be
    /// empty where nothing is ever called: the platform has a dashboard only, or
    /// its calls need settings that this connection has not.
    pub fn new(
        profile: Arc<Profile>,
        base_url: &str,
        variables: Variables,
        http: Http,
    ) -> Result<Self, SetupError> {
        let base_url = base_url.trim();
        let nothing_to_call = base_url.is_empty() && !profile.calls(&variables);
        let base = if nothing_to_call { None } else { Some(root_of(base_url)?) };
        let route = base.as_ref().and_then(Route::to).unwrap_or(Route::Remote);
        if base.is_some() {
            http.prepare(route)?;
        }
        let session = Mutex::new(None);
        Ok(Self { profile, base, variables, http, route, asked: Vec::new(), session })
    }

    /// The same connection with something that the platform wants told at call
    /// time (`ask.…` in the profile). It is kept as long as this value lives.
    #[must_use]
    pub fn with_answer(mut self, name: &str, secret: Secret) -> Self {
        self.asked.push((name.to_owned(), secret));
        self
    }

    /// The same platform and settings at another address, with stand-ins for what
    /// is asked for at call time.
    pub(crate) fn elsewhere(&self, base_url: &str) -> Result<Self, SetupError> {
        let (profile, variables) = (Arc::clone(&self.profile), self.variables.clone());
        let made = Self::new(profile, base_url, variables, self.http.clone())?;
        let names = self.asked.iter().map(|(name, _)| name);
        Ok(names.fold(made, |made, name| made.with_answer(name, Secret::copy_of("stand-in"))))
    }

    /// The same connection without a log-in.
    pub(crate) fn again(&self) -> Result<Self, SetupError> {
        let base_url = self.base.as_ref().map_or("", Url::as_str);
        let asked = self.asked.iter().map(|(name, secret)| (name.clone(), secret.duplicate()));
        Ok(Self { asked: asked.collect(), ..self.elsewhere(base_url)? })
    }

    /// The profile.
    pub const fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    /// The connection's settings.
    pub const fn variables(&self) -> &Variables {
        &self.variables
    }

    /// The bounds of every call.
    pub(crate) fn limits(&self) -> Limits {
        self.http.limits()
    }

    /// All keys of the platform's list. It is whole or an error, never a part.
    pub async fn list(&self, credential: &Secret) -> Result<Vec<RemoteKey>, CallError> {
        self.listing(credential, None).await.map(|listing| listing.keys)
    }

    /// The same with how it came, in pages of the profile's size or of another.
    pub(crate) async fn listing(
        &self,
        credential: &Secret,
        size: Option<u64>,
    ) -> Result<Listing, CallError> {
        let operation = self.operation(OperationKind::List)?;
        let mut listing = list::all(self, operation, credential, size).await?;
        listing.keys = listing.keys.into_iter().map(|key| self.complete(key)).collect();
        Ok(listing)
    }

    /// One key as the platform has it.
    pub async fn get(&self, credential: &Secret, remote_id: &str) -> Result<RemoteKey, CallError> {
        let operation = self.operation(OperationKind::Get)?;
        let values = Values { key_id: Some(remote_id), ..Values::default() };
        let read = self.ask(OperationKind::Get, operation, values, credential).await?;
        operation.extract.key(&*read.json()?).map(|key| self.complete(key))
    }

    /// Makes a key. Never repeated by itself: after an error whose effect is
    /// unknown, look at the list first.
    pub async fn create(
        &self,
        credential: &Secret,
        new: &NewKey,
        now: DateTime<Utc>,
    ) -> Result<Created, CallError> {
        let operation = self.operation(OperationKind::Create)?;
        self.check(new, now)?;
        let expires = self.profile.expiry_of(new.lifetime, now);
        let mut making = self.making(new, expires, now)?;
        let values = Values { making: Some(&making), ..Values::default() };
        let read = self.ask(OperationKind::Create, operation, values, credential).await?;
        self.created(operation, read, &mut making, (&new.scopes, None))
    }

    /// Replaces a key's secret; the old one dies as the profile says.
    pub async fn rotate(
        &self,
        credential: &Secret,
        remote_id: &str,
        like: &NewKey,
        now: DateTime<Utc>,
    ) -> Result<Created, CallError> {
        let operation = self.operation(OperationKind::Rotate)?;
        let expires = self.profile.expiry_of(like.lifetime, now);
        let mut making = self.making(like, expires, now)?;
        let values = Values { making: Some(&making), key_id: Some(remote_id), ..Values::default() };
        let read = self.ask(OperationKind::Rotate, operation, values, credential).await?;
        let kept = operation.extract.id.0.is_empty().then_some(remote_id);
        self.created(operation, read, &mut making, (&like.scopes, kept))
    }

    /// Gives a key another name.
    pub async fn relabel(
        &self,
        credential: &Secret,
        remote_id: &str,
        name: &str,
    ) -> Result<(), CallError> {
        let operation = self.operation(OperationKind::Relabel)?;
        let values = Values { key_id: Some(remote_id), name: Some(name), ..Values::default() };
        self.ask(OperationKind::Relabel, operation, values, credential).await.map(drop)
    }

    /// Holds a key back.
    pub async fn disable(&self, credential: &Secret, remote_id: &str) -> Result<(), CallError> {
        self.change(OperationKind::Disable, credential, remote_id).await
    }

    /// Lets a key work again.
    pub async fn enable(&self, credential: &Secret, remote_id: &str) -> Result<(), CallError> {
        self.change(OperationKind::Enable, credential, remote_id).await
    }

    /// Asks the platform to end a key. Only the probe proves that it did.
    pub async fn revoke(
        &self,
        credential: &Secret,
        remote_id: &str,
    ) -> Result<RevokeAnswer, CallError> {
        let operation = self.operation(OperationKind::Revoke)?;
        let values = Values { key_id: Some(remote_id), ..Values::default() };
        match self.ask(OperationKind::Revoke, operation, values, credential).await {
            Ok(_) => Ok(RevokeAnswer::Accepted),
            Err(CallError::Refused { status, .. }) if operation.gone_status.contains(&status) => {
                Ok(RevokeAnswer::AlreadyGone)
            }
            Err(error) => Err(error),
        }
    }

    /// Tells whether a secret works. Trouble on the way is no verdict.
    pub async fn probe(&self, secret: &Secret) -> Probe {
        let unknown =
            |why: String| Probe { verdict: Verdict::Unknown { why }, took: Duration::ZERO };
        let Ok(operation) = self.operation(OperationKind::Probe) else {
            return unknown("there is no way to try a key on this connection".into());
        };
        let values = Values { key_secret: Some(secret), ..Values::default() };
        match self.exchange(operation, values, secret).await {
            Ok(answer) => self.verdict(operation, &answer, secret),
            Err(error) => unknown(why(&error)),
        }
    }

    fn verdict(&self, operation: &Operation, answer: &Answer, secret: &Secret) -> Probe {
        let body = serde_json::from_slice(&answer.body).ok();
        let words = body.as_ref().and_then(|root| self.profile.errors.message(root));
        let words = words.map(|text| self.clean(&text, &[secret]));
        let missing = words.and_then(|text| self.profile.errors.missing_scope(&text));
        let verdict = probe::judge(&operation.rules, answer.status, body.as_ref(), missing);
        Probe { verdict, took: answer.took }
    }

    async fn change(
        &self,
        kind: OperationKind,
        credential: &Secret,
        remote_id: &str,
    ) -> Result<(), CallError> {
        let operation = self.operation(kind)?;
        let values = Values { key_id: Some(remote_id), ..Values::default() };
        self.ask(kind, operation, values, credential).await.map(drop)
    }

    fn operation(&self, kind: OperationKind) -> Result<&Operation, CallError> {
        let operation = self.profile.operations.get(&kind);
        operation
            .filter(|operation| operation.is_on(&self.variables))
            .ok_or(CallError::Unsupported { operation: kind.word() })
    }

    /// Sends an operation and reads its answer as success or a typed error.
    async fn ask(
        &self,
        kind: OperationKind,
        operation: &Operation,
        values: Values<'_>,
        credential: &Secret,
    ) -> Result<Read, CallError> {
        let credential_side = operation.side != Side::None;
        let answer = self.exchange(operation, values, credential).await?;
        let secrets = if credential_side { vec![credential] } else { Vec::new() };
        self.read(kind.word(), &operation.call, answer, &secrets)
    }

    fn check(&self, new: &NewKey, now: DateTime<Utc>) -> Result<(), CallError> {
        let scopes = self.profile.check_scopes(&self.variables, &new.scopes);
        let problem = self
            .profile
            .check_name(&new.name)
            .or_else(|| scopes.into_iter().next().map(|problem| problem.message))
            .or_else(|| self.profile.check_lifetime(new.lifetime, now));
        problem.map_or(Ok(()), |what| Err(CallError::Unsendable { what }))
    }

    /// Adds what the profile knows of every key.
    fn complete(&self, mut key: RemoteKey) -> RemoteKey {
        if key.environment == keywright_model::Environment::Unknown {
            key.environment = self.profile.environment_by_hint(&key.hint);
        }
        // These are shown, stored and searched: whole keys have no place in them.
        let without_keys = |text: &mut String| *text = self.profile.redact_keys(text);
        key.name.iter_mut().chain(&mut key.scopes).for_each(without_keys);
        without_keys(&mut key.owner.name);
        if let (true, Some(owner)) = (key.owner.name.is_empty(), &self.profile.owner_default) {
            key.owner = Owner { name: plain(owner, &self.variables), ..key.owner };
        }
        key
    }
}

/// The root of an API, when it may be called.
fn root_of(address: &str) -> Result<Url, SetupError> {
    let base = Url::parse(address)
        .map_err(|_| SetupError::Address { why: "it should look like https://example.com" })?;
    if Route::to(&base).is_none() {
        return Err(match base.scheme() {
            "http" => SetupError::NotEncrypted,
            _ => SetupError::Address { why: "it must begin with https://" },
        });
    }
    if !http::is_base(&base) {
        let why = "it may hold no user, password, query or fragment";
        return Err(SetupError::Address { why });
    }
    Ok(base)
}

/// Why a probe brought no verdict, in few words.
fn why(error: &CallError) -> String {
    match error {
        CallError::Offline => "offline".into(),
        CallError::Timeout => "timeout".into(),
        CallError::Cut => "the connection broke".into(),
        CallError::TooLarge => "the answer is too large".into(),
        CallError::RateLimited { .. } => "status 429".into(),
        CallError::ServerFault { status } => format!("status {status}"),
        CallError::Redirected { .. } => "the answer points elsewhere".into(),
        other => other.to_string(),
    }
}
