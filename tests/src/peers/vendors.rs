//! OpenRouter, OpenAI and SendGrid as their own documents say: every request that a profile makes
//! is one that the vendor's document allows, and every answer that the document gives is
//! understood.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
    sync::Arc,
};

use keywright_model::{PlatformId, Secret, Verdict, expiry::Lifetime};
use keywright_platforms::{Capability, Connector, Http, NewKey, Profile, Registry, RevokeAnswer};
use serde_json::json;

use journeys::others::{place, run::Absent};

use crate::prism::Prism;

const CREDENTIAL: &str = "fake-credential-of-a-test";

/// The vendors' documents, each as a server.
pub(crate) struct Documents {
    openrouter: Prism,
    openai: Prism,
    sendgrid: Prism,
}

impl Documents {
    pub(crate) fn open() -> Result<Self, Absent> {
        let folder = documents()?;
        let place = place::peer("node")?;
        let start = |name: &str| Prism::start(&place, &folder.join(name));
        let mut all = Self {
            openrouter: start("openrouter.json"),
            openai: start("openai-admin.json"),
            sendgrid: start("sendgrid.json"),
        };
        [&mut all.openrouter, &mut all.openai, &mut all.sendgrid]
            .into_iter()
            .for_each(Prism::answers);
        Ok(all)
    }
}

/// The folder of the documents, which are the vendors' and no part of this repository.
fn documents() -> Result<PathBuf, Absent> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = root.join("../shared/vendor-specs");
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Absent("the vendors' documents are not in ../shared/vendor-specs".to_owned()))
}

/// One profile at one document.
struct Trial<'a> {
    prism: &'a Prism,
    connector: Connector,
    credential: Secret,
    problems: Vec<String>,
    done: Vec<&'static str>,
}

impl<'a> Trial<'a> {
    fn of(prism: &'a Prism, platform: &str, variables: &[(&str, &str)]) -> Self {
        let profile: Arc<Profile> = Registry::builtin().get(&PlatformId::new(platform)).unwrap();
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let variables = profile.resolve_variables(&variables.iter().map(own).collect()).unwrap();
        let address = prism.wire.address();
        let http = Http::new().unwrap();
        let connector = Connector::new(profile, &address, variables, http).unwrap();
        let credential = Secret::copy_of(CREDENTIAL);
        Self { prism, connector, credential, problems: Vec::new(), done: Vec::new() }
    }

    fn can(&self, capability: Capability) -> bool {
        self.connector.profile().can_on(capability, self.connector.variables())
    }

    /// Notes how a call went, with the document's own objections.
    fn note<T, E: Display>(
        &mut self,
        what: &'static str,
        since: usize,
        got: Result<T, E>,
    ) -> Option<T> {
        let objections = self.prism.objections(since);
        self.done.push(what);
        match got {
            Ok(answer) if objections.is_empty() => return Some(answer),
            Ok(_) => self.problems.push(format!("{what}: {objections}")),
            Err(error) => self.problems.push(format!("{what}: {error}\n    {objections}")),
        }
        None
    }

    /// Everything that the profile can do, once. The id is the document's first key's.
    async fn all(&mut self, new: NewKey) {
        let id = self.list().await.unwrap_or_else(|| "key_abc".to_owned());
        if self.can(Capability::Get) {
            let since = self.prism.mark();
            let got = self.connector.get(&self.credential, &id).await;
            let got = self.note("get", since, got);
            self.holds("get: no id", got.is_none_or(|key| !key.remote_id.is_empty()));
        }
        if self.can(Capability::Create) {
            self.create(&new).await;
        }
        self.change(&id).await;
        if self.can(Capability::Revoke) {
            let since = self.prism.mark();
            let revoked = self.connector.revoke(&self.credential, &id).await;
            let answer = self.note("revoke", since, revoked);
            self.holds("revoke: not taken", answer.is_none_or(|is| is == RevokeAnswer::Accepted));
        }
    }

    async fn list(&mut self) -> Option<String> {
        let since = self.prism.mark();
        let listed = self.connector.list(&self.credential).await;
        let listed = self.note("list", since, listed)?;
        self.holds("list: no key is read", !listed.is_empty());
        listed.into_iter().next().map(|key| key.remote_id)
    }

    #[expect(clippy::disallowed_methods, reason = "now is when a key is made")]
    async fn create(&mut self, new: &NewKey) {
        let since = self.prism.mark();
        let made = self.connector.create(&self.credential, new, chrono::Utc::now()).await;
        let Some(made) = self.note("create", since, made) else { return };
        self.holds("create: no id", !made.remote.remote_id.is_empty() || is_filler(&made.secret));
        self.holds("create: no secret", !made.secret.is_empty());
    }

    async fn change(&mut self, id: &str) {
        if self.can(Capability::Relabel) {
            let since = self.prism.mark();
            let done = self.connector.relabel(&self.credential, id, "another-name").await;
            self.note("relabel", since, done);
        }
        if self.can(Capability::Disable) {
            let since = self.prism.mark();
            let done = self.connector.disable(&self.credential, id).await;
            self.note("disable", since, done);
        }
        if self.can(Capability::Enable) {
            let since = self.prism.mark();
            let done = self.connector.enable(&self.credential, id).await;
            self.note("enable", since, done);
        }
    }

    /// Tries a key, where the document has the call.
    async fn probe(&mut self) {
        let since = self.prism.mark();
        let verdict = self.connector.probe(&self.credential).await.verdict;
        self.note("probe", since, Ok::<_, String>(()));
        self.holds("probe: not alive", verdict == Verdict::Alive);
    }

    fn holds(&mut self, what: &str, so: bool) {
        if !so {
            self.problems.push(what.to_owned());
        }
    }

    fn must_have_done(self, what: &[&str]) {
        let problems = self.problems.join("\n  ");
        assert!(problems.is_empty(), "the document has something against it:\n  {problems}");
        assert_eq!(self.done, what);
    }
}

/// Where a document has no examples, every text is this word, the secret and the id too; and what
/// repeats a secret is not taken for an id.
#[expect(clippy::disallowed_methods, reason = "this one is no secret")]
fn is_filler(secret: &Secret) -> bool {
    secret.expose() == "string"
}

fn new_key(scopes: &[&str], lifetime: Lifetime) -> NewKey {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    NewKey { name: "keywright-check".into(), scopes, lifetime }
}

/// What would be the worth of the others otherwise.
pub(crate) async fn a_request_that_breaks_a_document_is_refused(documents: &Documents) {
    let authorization = format!("Bearer {CREDENTIAL}");
    for (prism, path) in [
        (&documents.openrouter, "/keys"),
        (&documents.openai, "/organization/admin_api_keys"),
        (&documents.sendgrid, "/v3/api_keys"),
    ] {
        for wrong in [json!({ "name": { "is": "no text" } }), json!({ "nane": "misspelt" })] {
            let since = prism.mark();
            let (status, _) = prism.wire.ask("POST", path, &authorization, Some(&wrong)).unwrap();
            assert!((400..500).contains(&status), "{path}: {status} to {wrong}");
            assert!(!prism.objections(since).is_empty(), "{path}: no word to {wrong}");
        }
    }
}

pub(crate) async fn openrouter_keys_are_managed_as_its_document_says(documents: &Documents) {
    let workspace = ("workspace", "00000000-0000-4000-8000-000000000000");
    for variables in [&[][..], &[workspace]] {
        for lifetime in [Lifetime::Days(90), Lifetime::Never] {
            let mut trial = Trial::of(&documents.openrouter, "openrouter", variables);
            trial.all(new_key(&[], lifetime)).await;
            trial.probe().await;
            trial.must_have_done(&[
                "list", "get", "create", "relabel", "disable", "enable", "revoke", "probe",
            ]);
        }
    }
}

pub(crate) async fn openai_admin_keys_are_managed_as_its_document_says(documents: &Documents) {
    for lifetime in [Lifetime::Days(30), Lifetime::Never] {
        let mut trial = Trial::of(&documents.openai, "openai-admin", &[]);
        trial.all(new_key(&[], lifetime)).await;
        trial.probe().await;
        trial.must_have_done(&["list", "get", "create", "revoke", "probe"]);
    }
}

const PROJECT: (&str, &str) = ("project", "proj_fake1");

pub(crate) async fn openai_project_keys_are_managed_as_its_document_says(documents: &Documents) {
    let mut trial = Trial::of(&documents.openai, "openai", &[PROJECT]);
    trial.all(new_key(&[], Lifetime::Never)).await;
    trial.probe().await;
    trial.must_have_done(&["list", "get", "revoke", "probe"]);
}

pub(crate) async fn openai_service_accounts_are_managed_as_its_document_says(
    documents: &Documents,
) {
    let mut trial = Trial::of(&documents.openai, "openai-service-account", &[PROJECT]);
    trial.all(new_key(&[], Lifetime::Never)).await;
    trial.probe().await;
    trial.must_have_done(&["list", "get", "create", "relabel", "revoke", "probe"]);
}

/// `expires_in_seconds` is newer than the document, which forbids no members that it does not name.
pub(crate) async fn openai_service_account_keys_are_managed_as_its_document_says(
    documents: &Documents,
) {
    let variables = [PROJECT, ("service_account", "svc_acct_fake1")];
    for lifetime in [Lifetime::Days(90), Lifetime::Never] {
        let mut trial = Trial::of(&documents.openai, "openai-service-account-key", &variables);
        trial.all(new_key(&["api.model.request"], lifetime)).await;
        trial.probe().await;
        trial.must_have_done(&["list", "get", "create", "revoke", "probe"]);
    }
}

/// The call that tries a key is in another document of the vendor's.
pub(crate) async fn sendgrid_keys_are_managed_as_its_document_says(documents: &Documents) {
    for variables in [&[][..], &[("subuser", "newsletter")]] {
        let mut trial = Trial::of(&documents.sendgrid, "sendgrid", variables);
        trial.all(new_key(&["mail.send"], Lifetime::Never)).await;
        trial.must_have_done(&["list", "get", "create", "relabel", "revoke"]);
    }
}
