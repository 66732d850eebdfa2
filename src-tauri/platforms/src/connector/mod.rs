//! A profile at work: one connection's calls. It talks to its own origin only,
//! and each secret leaves an answer once, straight into a [`Secret`].

mod answer;
mod list;
mod request;
mod session;

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use keywright_model::{Expiry, Owner, RemoteKey, Secret, Status, Verdict, expiry::Lifetime};
use tokio::{sync::Mutex, time::Duration};
use url::Url;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    CallError, Http, Probe, Profile, SetupError, Variables,
    http::{self, Answer, Route},
    probe,
    profile::{
        operation::{Operation, OperationKind, Side},
        scope::plain,
    },
    template::{Making, Values, Var},
};
use answer::Read;

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

    /// The profile.
    pub const fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    /// All keys of the platform's list. It is whole or an error, never a part.
    pub async fn list(&self, credential: &Secret) -> Result<Vec<RemoteKey>, CallError> {
        let operation = self.operation(OperationKind::List)?;
        let keys = list::all(self, operation, credential).await?;
        Ok(keys.into_iter().map(|key| self.complete(key)).collect())
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
        self.created(operation, read, &mut making, &new.scopes)
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
        self.created(operation, read, &mut making, &like.scopes)
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
        self.read(kind, &operation.call, answer, &secrets)
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

    fn making<'a>(
        &self,
        new: &'a NewKey,
        expires: Expiry,
        now: DateTime<Utc>,
    ) -> Result<Making<'a>, CallError> {
        let scopes = self.profile.encode_scopes(&self.variables, &new.scopes);
        let secret = self.profile.new_secret.as_deref().map(random_secret).transpose()?;
        Ok(Making { name: &new.name, scopes, expires, now, secret })
    }

    /// Takes the secret out of the answer, then everything else.
    fn created(
        &self,
        operation: &Operation,
        read: Read,
        making: &mut Making<'_>,
        scopes: &[String],
    ) -> Result<Created, CallError> {
        let mut root = read.json()?;
        let made_here = operation.call.mentions(&Var::NewSecret);
        let told = operation.extract.take_secret(&mut root);
        let secret = told.or_else(|| making.secret.take().filter(|_| made_here));
        // An id that looks like a key is one that stands in the wrong place.
        let id = operation.extract.id(&root).filter(|id| self.profile.redact_keys(id) == *id);
        let Some(secret) = secret else { return Err(CallError::SecretLost { remote_id: id }) };
        let told = operation.extract.rest(&root);
        let mut remote = RemoteKey { remote_id: id.unwrap_or_default(), ..told };
        hide(&mut remote, &secret);
        remote.hint = self.profile.hint_for(&secret, &remote.hint);
        remote.name.get_or_insert_with(|| making.name.to_owned());
        if remote.scopes.is_empty() {
            remote.scopes = scopes.to_vec();
        }
        if remote.status == Status::Unknown {
            remote.status = Status::Active;
        }
        remote.created.get_or_insert(making.now);
        if remote.expires == Expiry::Unknown {
            remote.expires = making.expires;
        }
        if remote.environment == keywright_model::Environment::Unknown {
            remote.environment = self.profile.environment_of(&secret);
        }
        Ok(Created { remote: self.complete(remote), secret })
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

/// A secret of our own: the beginning that the platform wants, and 256 random bits.
fn random_secret(prefix: &str) -> Result<Secret, CallError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes)
        .map_err(|_| CallError::Unsendable { what: "the system gave no random bits".into() })?;
    let random = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()));
    Ok(Secret::new([prefix, random.as_str()].concat()))
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

/// Empties every field that repeats the secret: fields are shown, stored and searched.
#[expect(clippy::disallowed_methods, reason = "looks for the secret where it must not be")]
fn hide(key: &mut RemoteKey, secret: &Secret) {
    let tells = |text: &str| text.contains(secret.expose());
    if tells(&key.remote_id) {
        key.remote_id.zeroize();
    }
    if tells(&key.owner.name) {
        key.owner.name.zeroize();
    }
    if key.name.as_deref().is_some_and(tells) {
        key.name.zeroize();
    }
    key.scopes.retain(|scope| !tells(scope));
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
