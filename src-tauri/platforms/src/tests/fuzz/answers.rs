//! Every profile that comes with the program against ten thousand spoilt answers,
//! made out of its own fixtures. The connector does all that it does over HTTP;
//! only the socket is left out.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex},
};

use keywright_model::{RemoteKey, Secret, Verdict};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::time::Duration;
use zeroize::Zeroizing;

use super::{
    super::{
        fixtures::{Case, Exchange, cases, credential_of, now, settings},
        server::{CREDENTIAL, SECRET},
    },
    dice::Dice,
    for_each, sound,
};
use crate::{
    CallError, Connector, Created, Http, NewKey, Profile, Registry, RevokeAnswer,
    http::Answer,
    profile::{
        auth::Auth,
        operation::{Operation, OperationKind, Side},
        paging::PageKind,
    },
};

/// Spoilt answers for each profile.
const ROUNDS: usize = 10_000;
/// Statuses that are put in the place of the fixture's. None is waited for.
const STATUSES: [u16; 14] = [200, 201, 202, 204, 206, 302, 400, 401, 403, 404, 408, 409, 422, 500];
const HERE: &str = "http://127.0.0.1:9";

/// What a server would have said in one round, and what it did say.
struct Script {
    dice: Dice,
    calls: Vec<Exchange>,
    bodies: Vec<Option<Value>>,
    next: usize,
    /// Which of the calls is answered as the fixture says; the others are spoilt.
    honest: Option<usize>,
    served: Vec<(u16, Vec<u8>)>,
}

impl Script {
    fn new(seed: u64, calls: Vec<Exchange>) -> Self {
        let body = |call: &Exchange| serde_json::from_str(&call.answer.replace("{here}", HERE));
        let bodies = calls.iter().map(|call| body(call).ok()).collect();
        Self { dice: Dice(seed), calls, bodies, next: 0, honest: None, served: Vec::new() }
    }

    /// A new round: with several calls, often only one of them is spoilt.
    fn rewind(&mut self) {
        let several = self.calls.len() > 1 && self.dice.roll(3) > 0;
        self.honest = several.then(|| self.dice.roll(self.calls.len()));
        self.next = 0;
        self.served.clear();
    }

    fn answer(&mut self) -> Answer {
        let at = self.next;
        self.next += 1;
        let Some(call) = self.calls.get(at) else {
            // One call too many, such as for a page that a spoilt answer spoke of.
            return self.serve(500, HeaderMap::new(), Vec::new());
        };
        let spoilt = self.honest.is_none_or(|only| only == at);
        let mut headers = HeaderMap::new();
        for (name, value) in &call.headers {
            let mut bytes = value.replace("{here}", HERE).into_bytes();
            if spoilt && self.dice.roll(4) == 0 {
                self.dice.scratch(&mut bytes);
            }
            let name: HeaderName = name.parse().expect("a header's name");
            headers.extend(HeaderValue::from_bytes(&bytes).ok().map(|value| (name, value)));
        }
        let good = call.status;
        if !spoilt {
            let body = call.answer.replace("{here}", HERE).into_bytes();
            return self.serve(good, headers, body);
        }
        let status = if self.dice.roll(2) == 0 { good } else { *self.dice.pick(&STATUSES) };
        let body = if let Some(value) = &self.bodies[at] {
            self.dice.spoil(value)
        } else {
            let mut bytes = call.answer.clone().into_bytes();
            self.dice.scratch(&mut bytes);
            bytes
        };
        self.serve(status, headers, body)
    }

    fn serve(&mut self, status: u16, headers: HeaderMap, body: Vec<u8>) -> Answer {
        self.served.push((status, body.clone()));
        Answer { status, headers, body: Zeroizing::new(body), took: Duration::ZERO }
    }
}

/// What came of an operation.
#[derive(Debug)]
enum Came {
    Keys(Vec<RemoteKey>),
    Key(RemoteKey),
    Made(Created),
    Revoked(RevokeAnswer),
    Done,
    Verdict(Verdict),
    Error(CallError),
}

/// One fixture of one profile, being spoilt.
struct Spoiling<'a> {
    profile: &'a Profile,
    kind: OperationKind,
    case: &'a Case,
    id: String,
    key: NewKey,
    connector: Connector,
    script: Arc<Mutex<Script>>,
    credential: Secret,
}

impl Spoiling<'_> {
    async fn round(&self) -> Came {
        // A log-in lasts longer than a round.
        let again = self.logs_in().then(|| self.connector.again().expect("set up already"));
        let connector = again.as_ref().unwrap_or(&self.connector);
        let (key, id, credential) = (&self.key, &self.id, &self.credential);
        let result = match self.kind {
            OperationKind::List => connector.list(credential).await.map(Came::Keys),
            OperationKind::Get => connector.get(credential, id).await.map(Came::Key),
            OperationKind::Create => connector.create(credential, key, now()).await.map(Came::Made),
            OperationKind::Rotate => {
                connector.rotate(credential, id, key, now()).await.map(Came::Made)
            }
            OperationKind::Relabel => {
                connector.relabel(credential, id, &key.name).await.map(|()| Came::Done)
            }
            OperationKind::Disable => connector.disable(credential, id).await.map(|()| Came::Done),
            OperationKind::Enable => connector.enable(credential, id).await.map(|()| Came::Done),
            OperationKind::Revoke => connector.revoke(credential, id).await.map(Came::Revoked),
            OperationKind::Probe => {
                Ok(Came::Verdict(connector.probe(&Secret::copy_of(CREDENTIAL)).await.verdict))
            }
        };
        result.unwrap_or_else(Came::Error)
    }

    fn operation(&self) -> &Operation {
        &self.profile.operations[&self.kind]
    }

    fn logs_in(&self) -> bool {
        let auth = match self.operation().side {
            Side::Manage => &self.profile.auth.manage,
            Side::Using => &self.profile.auth.using,
            Side::None => &Auth::None,
        };
        matches!(auth, Auth::Login(_))
    }

    /// What must be so of everything that came.
    fn judge(&self, came: &Came) {
        let script = self.script.lock().expect("not poisoned");
        let served = &script.served;
        let name = &self.case.name;
        let last = served.last().map_or(0, |(status, _)| *status);
        let taken = self.operation().call.ok_status.contains(&last);
        let told = || format!("{came:?}");
        match came {
            Came::Keys(keys) => {
                assert!(taken || self.leaves_out(last), "{name}: {last}");
                keys.iter().for_each(sound);
                assert!(keys.iter().all(|key| !key.remote_id.is_empty()), "{name}");
                self.is_whole(keys, served);
            }
            Came::Key(key) => {
                assert!(taken, "{name}: {last}");
                sound(key);
                assert!(!key.remote_id.is_empty(), "{name}");
            }
            Came::Made(made) => {
                assert!(taken, "{name}: {last}");
                sound(&made.remote);
                assert!(!made.secret.is_empty(), "{name}");
                assert!(!tells(&made.remote, &made.secret, &self.key), "{name}: {}", told());
            }
            Came::Revoked(answer) => match answer {
                RevokeAnswer::Accepted => assert!(taken, "{name}: {last}"),
                RevokeAnswer::AlreadyGone => {
                    let gone = &self.operation().gone_status;
                    assert!(taken || gone.contains(&last), "{name}: {last}");
                }
            },
            Came::Done => assert!(taken, "{name}: {last}"),
            Came::Verdict(verdict) => {
                let trouble = last == 429 || last >= 500;
                assert!(!trouble || matches!(verdict, Verdict::Unknown { .. }), "{name}: {last}");
                assert!(!told().contains(CREDENTIAL), "{name}: {}", told());
            }
            Came::Error(error) => {
                let said = error.to_string();
                assert!(said.chars().count() < 500, "{name}: {said}");
                // An id is what the platform says it is.
                let id = matches!(error, CallError::SecretLost { .. });
                assert!(
                    !said.contains(CREDENTIAL) && (id || !told().contains(CREDENTIAL)),
                    "{}",
                    told()
                );
                // Only the platform's own words are taken from an answer.
                if !matches!(error, CallError::Refused { .. } | CallError::Unauthorized { .. }) {
                    assert!(!said.contains("fake"), "{name}: {said}");
                }
            }
        }
    }

    /// A key that went between the list and the call for it is left out.
    fn leaves_out(&self, status: u16) -> bool {
        matches!(self.operation().page.kind, PageKind::IdsThenGet) && status == 404
    }

    /// Every key of every page that was served is in the list.
    fn is_whole(&self, keys: &[RemoteKey], served: &[(u16, Vec<u8>)]) {
        if matches!(self.operation().page.kind, PageKind::IdsThenGet) {
            return;
        }
        let ids: HashSet<&str> = keys.iter().map(|key| key.remote_id.as_str()).collect();
        assert_eq!(ids.len(), keys.len(), "{}: no key twice", self.case.name);
        for (_, body) in served.iter().skip(usize::from(self.logs_in())) {
            let root: Value = serde_json::from_slice(body).expect("a list was read from it");
            let items = self.operation().extract.items(&root).expect("a list was read from it");
            for item in items {
                let id = self.operation().extract.id(item).expect("a list has ids");
                assert!(ids.contains(id.as_str()), "{}: {id} is lost", self.case.name);
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "looks for a fake secret where none may be")]
fn tells(key: &RemoteKey, secret: &Secret, asked: &NewKey) -> bool {
    let secret = secret.expose();
    // What was asked for may stand where the secret should, and short words anywhere.
    if secret.len() < 16 || asked.scopes.iter().chain([&asked.name]).any(|text| text == secret) {
        return false;
    }
    let mut texts = [&key.remote_id, &key.owner.name, &key.hint.prefix, &key.hint.suffix]
        .into_iter()
        .chain(&key.name)
        .chain(&key.scopes);
    texts.any(|text| text.contains(secret))
}

fn spoil(profile: &Arc<Profile>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folder = root.join(profile.id.as_str());
    let (stores, cases): (Vec<Case>, Vec<Case>) =
        cases(&folder).into_iter().partition(|case| case.table_has("place"));
    for case in &stores {
        spoil_store(profile, case, &folder);
    }
    let share = ROUNDS.div_ceil(cases.len().max(1));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    for (number, case) in cases.iter().enumerate() {
        let word = case.word("operation");
        let kind = OperationKind::ALL.iter().find(|(name, _)| *name == word);
        let seed = u64::try_from(number).expect("few") + 77;
        let script = Arc::new(Mutex::new(Script::new(seed, case.calls())));
        let serving = Arc::clone(&script);
        let http = Http::answering(move |_| Ok(serving.lock().expect("not poisoned").answer()));
        let spoiling = Spoiling {
            profile,
            kind: kind.expect("an operation").1,
            case,
            id: case.word("id"),
            key: case.new_key(),
            connector: case.connect(profile, settings(&folder), HERE, http.expect("a client")),
            script,
            credential: credential_of(profile),
        };
        runtime.block_on(async {
            for _ in 0..share {
                spoiling.script.lock().expect("not poisoned").rewind();
                let came = spoiling.round().await;
                spoiling.judge(&came);
            }
        });
    }
}

/// The secret store's calls: only an answer that the profile calls good is success, and no failure
/// repeats a secret.
fn spoil_store(profile: &Arc<Profile>, case: &Case, folder: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let script = Arc::new(Mutex::new(Script::new(5, case.calls())));
    let serving = Arc::clone(&script);
    let http = Http::answering(move |_| Ok(serving.lock().expect("not poisoned").answer()));
    let connector = case.connect(profile, settings(folder), HERE, http.expect("a client"));
    runtime.expect("a runtime").block_on(async {
        for _ in 0..ROUNDS / 10 {
            script.lock().expect("not poisoned").rewind();
            let said = case.run(&connector).await.concat();
            let served = script.lock().expect("not poisoned").served.clone();
            // Who was not given the secret yet cannot repeat it, and nobody could cut it out.
            let given = served.len() > 1;
            let repeated = said.contains(CREDENTIAL) || (given && said.contains(SECRET));
            assert!(!repeated, "{said}");
            let last = served.last().map(|(code, _)| *code);
            let done = ["Done", "Removed"].contains(&said.as_str());
            assert!(!done || matches!(last, Some(201 | 204)), "{}: {said} of {last:?}", case.name);
        }
    });
}

#[test]
fn ten_thousand_spoilt_answers_for_every_profile() {
    let registry = Registry::builtin();
    let profiles: Vec<&Arc<Profile>> = registry.all().collect();
    for_each(&profiles, |profile| spoil(profile));
}
