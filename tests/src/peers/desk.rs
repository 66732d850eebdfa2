//! A vault of a test's own, connected to a server, and the questions that all tests ask.

use std::time::{Duration, Instant};

use journeys::{
    canary::{Canary, sweep_folder},
    desk,
};
use keywright_model::{
    ConnectionId, Expiry, KeyId, OwnerKind, PlatformId, Secret, Verdict, expiry::Lifetime,
};
use keywright_platforms::Registry;
use keywright_service::{
    Error, Service, Trial, Use,
    wire::{
        AddPlatform, CheckOutcome, Connect, ConnectionRow, CreateKey, KeyDetail, KeyPage, ListKeys,
        Refresh, RefreshReport, RevokeKey, RevokeProgress, RevokeStage, Variable,
    },
};
use tempfile::TempDir;

/// How long something that must come may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a connection is made to.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) platform: &'static str,
    pub(crate) address: String,
    pub(crate) variables: Vec<(&'static str, String)>,
}

impl Target {
    fn variables(&self) -> Vec<Variable> {
        let pairs = self.variables.iter();
        pairs.map(|(name, value)| Variable { name: (*name).into(), value: value.clone() }).collect()
    }

    pub(crate) fn connect(&self) -> Connect {
        Connect {
            platform: PlatformId::new(self.platform),
            name: desk::CONNECTION.into(),
            base_url: Some(self.address.clone()),
            variables: self.variables(),
            credential_expires: Expiry::Unknown,
        }
    }
}

/// An open vault with one connection.
pub(crate) struct Desk {
    pub(crate) service: Service,
    pub(crate) row: ConnectionRow,
    home: TempDir,
}

impl Desk {
    pub(crate) async fn connected(target: &Target, credential: Secret) -> Self {
        let home = TempDir::new().unwrap();
        let service = desk::open(home.path()).unwrap();
        let row = service.connect(target.connect(), Some(credential)).await.unwrap();
        Self { service, row, home }
    }

    pub(crate) fn connection(&self) -> ConnectionId {
        self.row.id
    }

    pub(crate) fn keys(&self) -> KeyPage {
        self.service.list_keys(ListKeys { query: String::new(), offset: 0, limit: 500 }).unwrap()
    }

    pub(crate) fn key(&self, id: KeyId) -> KeyDetail {
        self.service.key_detail(id).unwrap()
    }

    /// The only key of this name.
    pub(crate) fn named(&self, name: &str) -> KeyDetail {
        let page = self.keys();
        let mut named = page.rows.iter().filter(|row| row.name == name);
        let (Some(row), None) = (named.next(), named.next()) else {
            panic!("there is not one key named {name}: {:?}", page.rows);
        };
        self.key(row.id)
    }

    pub(crate) async fn refresh(&self) -> RefreshReport {
        let all = Refresh { connection: Some(self.connection()) };
        self.service.refresh(all).await.unwrap().remove(0)
    }

    pub(crate) async fn verdict(&self, id: KeyId) -> Verdict {
        self.service.probe_key(id).await.unwrap().verdict
    }

    /// Probes until the platform refuses the key.
    pub(crate) async fn until_dead(&self, id: KeyId) {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if self.verdict(id).await == Verdict::Dead {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("it still works after {PATIENCE:?}");
    }

    pub(crate) async fn revoke(&self, id: KeyId) -> Result<RevokeProgress, Error> {
        let request = RevokeKey { key: id, reason: "a test".into(), typed: String::new() };
        self.service.revoke_key(request).await?;
        self.service.prove_revocation(id).await
    }

    /// Revokes a key and sees it proved by refusals.
    pub(crate) async fn must_die(&self, id: KeyId) {
        let progress = self.revoke(id).await.unwrap();
        let RevokeStage::Proved { window_ms: Some(_) } = progress.stage else {
            panic!("it is not proved dead: {progress:?}");
        };
        let key = self.key(id);
        assert_eq!(key.row.status, keywright_model::Status::Revoked);
        let proof = key.revocation.unwrap().proof;
        assert_eq!(proof, keywright_model::key::Proof::Refused);
        assert_eq!(self.verdict(id).await, Verdict::Dead);
    }

    /// The key's secret is in the vault, and in no file of it in clear.
    pub(crate) fn must_be_sealed(&self, id: KeyId) {
        assert!(self.key(id).has_secret);
        let secret = self.service.secret(id, Use::Reveal).unwrap();
        self.must_not_hold("the secret", &secret);
    }

    #[expect(clippy::disallowed_methods, reason = "looks for a secret where none may be")]
    pub(crate) fn must_not_hold(&self, name: &str, secret: &Secret) {
        let canary = Canary::new(name, secret.expose());
        let hits = sweep_folder(self.home.path(), &[canary]).unwrap();
        assert!(hits.is_empty(), "{hits:?}");
    }
}

/// Tries to connect with a credential that is refused. The words, after nothing was kept.
pub(crate) async fn refused(target: &Target, credential: &str) -> String {
    let home = TempDir::new().unwrap();
    let service = desk::open(home.path()).unwrap();
    let credential = Secret::copy_of(credential);
    let error = service.connect(target.connect(), Some(credential)).await.unwrap_err();
    assert!(matches!(error, Error::Call(_)), "{error:?}");
    assert!(service.list_connections().unwrap().is_empty());
    words(&error)
}

/// What a person reads.
pub(crate) fn words(error: &Error) -> String {
    let failure = error.failure();
    [failure.what, failure.kept, failure.advice].join(" ")
}

pub(crate) fn wanted(connection: ConnectionId, name: &str, scopes: &[&str]) -> CreateKey {
    CreateKey {
        connection,
        name: name.into(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        lifetime: Lifetime::Never,
        label: String::new(),
        note: String::new(),
        owner: String::new(),
        owner_kind: OwnerKind::Unknown,
        tags: Vec::new(),
    }
}

/// Holds the built-in profile against the server: nothing may fail and nothing may be left.
pub(crate) async fn must_conform(
    target: &Target,
    credential: Secret,
    answers: Vec<(String, Secret)>,
) {
    let file = format!("profiles/{}.toml", target.platform);
    let texts = Registry::builtin_texts();
    let (origin, text) = texts.iter().find(|(origin, _)| origin.ends_with(&file)).unwrap();
    let profile = AddPlatform { origin: (*origin).into(), text: (*text).into() };
    let home = TempDir::new().unwrap();
    let service = desk::open(home.path()).unwrap();
    let trial = Trial {
        base_url: target.address.clone(),
        variables: target.variables(),
        credential: Some(credential),
        answers,
        ..Trial::default()
    };
    let report = service.check_platform(&profile, trial, |_| ()).await.unwrap();
    for check in &report.checks {
        let outcome = match check.outcome {
            CheckOutcome::Passed => "passed",
            CheckOutcome::Failed => "FAILED",
            CheckOutcome::Skipped => "skipped",
        };
        println!("  {} {} {outcome} {}", target.platform, check.step, check.why);
    }
    let failed = report.checks.iter().any(|check| check.outcome == CheckOutcome::Failed);
    assert!(!failed, "the profile does not tell the truth; see above");
    assert_eq!(report.leftovers, Vec::<String>::new());
    for needed in ["list", "create", "alive", "revoke", "dead", "revoke-again", "rubbish", "words"]
    {
        let check = report.checks.iter().find(|check| check.step == needed).unwrap();
        assert_eq!(check.outcome, CheckOutcome::Passed, "{needed} was not tried: {}", check.why);
    }
}
