//! A vault, a platform of one kind, and a key of it that stands in three clients' files.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use keywright_clients::{Machine, Os};
use keywright_model::{
    ClientId, ConnectionId, Expiry, KeyId, PlatformId, RotationId, Secret, expiry::Lifetime,
    rotation::PlanKind,
};
use keywright_service::{
    Access, Clock, Error, Home, Kdf, Service, Setup, Use, VaultState,
    wire::{
        AddPlatform, Connect, CreateKey, FormChoice, PlaceKey, PlaceTarget, RotateKey, Variable,
    },
};
use keywright_vault::KdfParams;
use tempfile::TempDir;

use super::{
    platform::Platform,
    profile::profile,
    roller::{CREDENTIAL, Mode},
    time::Time,
};
use journeys::{desk::PASSPHRASE, turning};

pub(crate) const NAME: &str = "erp";

const CLAUDE: &str = "{\n  \"numStartups\": 12,\n  \"mcpServers\": {\n    \"erp\": {\n      \
                      \"type\": \"http\",\n      \"url\": \"https://erp.example/mcp\",\n      \
                      \"headers\": {\"Authorization\": \"Bearer old-not-a-real-key\"}\n    }\n  \
                      }\n}\n";
const CODEX: &str = "# mine\r\nmodel = \"gpt\"\r\n\r\n[mcp_servers.erp]\r\nurl = \
                     \"https://erp.example/mcp\"\r\nhttp_headers = { \"Authorization\" = \"Bearer \
                     old-not-a-real-key\" } # keep\r\n";

/// How a key is replaced, and on which platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    /// The simulator's agent.ceo: a new key, then the old one revoked.
    Beside,
    /// The same with the old key ended first.
    Leaked,
    /// Unique names; the old key held back for a time of grace.
    HeldBack,
    SameId,
    NewId,
    OverlapSameId,
    OverlapNewId,
    /// A dashboard, where keys can be tried.
    Bivariant,
    /// A dashboard, where nothing can try a key.
    Specivo,
}

impl Way {
    pub(crate) const ALL: [Self; 9] = [
        Self::Beside,
        Self::Leaked,
        Self::HeldBack,
        Self::SameId,
        Self::NewId,
        Self::OverlapSameId,
        Self::OverlapNewId,
        Self::Bivariant,
        Self::Specivo,
    ];

    const fn mode(self) -> Option<Mode> {
        match self {
            Self::HeldBack => Some(Mode::Beside),
            Self::SameId => Some(Mode::SameId),
            Self::NewId => Some(Mode::NewId),
            Self::OverlapSameId => Some(Mode::OverlapSameId),
            Self::OverlapNewId => Some(Mode::OverlapNewId),
            _ => None,
        }
    }

    pub(crate) const fn plan(self) -> PlanKind {
        match self {
            Self::Beside | Self::Leaked | Self::HeldBack => PlanKind::CreateThenRevoke,
            Self::SameId | Self::NewId => PlanKind::InPlace,
            Self::OverlapSameId | Self::OverlapNewId => PlanKind::Overlap,
            Self::Bivariant | Self::Specivo => PlanKind::Guided,
        }
    }

    /// The old key ends before its places have the new one, and a person chose that.
    pub(crate) const fn ends_old_first(self) -> bool {
        matches!(
            self,
            Self::Leaked | Self::SameId | Self::NewId | Self::OverlapSameId | Self::OverlapNewId
        )
    }

    /// Whether the roller plays it.
    pub(crate) const fn is_rolled(self) -> bool {
        self.mode().is_some()
    }

    pub(crate) const fn is_guided(self) -> bool {
        matches!(self, Self::Bivariant | Self::Specivo)
    }
}

pub(crate) struct Stage {
    pub(crate) way: Way,
    pub(crate) service: Service,
    pub(crate) time: Time,
    pub(crate) platform: Platform,
    pub(crate) home: TempDir,
    pub(crate) connection: ConnectionId,
    pub(crate) old: KeyId,
    pub(crate) files: Vec<PathBuf>,
    /// Values of keys that are known to the test.
    pub(crate) values: BTreeMap<KeyId, String>,
    /// Somebody else ended or replaced a key of the run.
    pub(crate) meddled: bool,
    /// Keys of somebody else.
    pub(crate) strangers: Vec<String>,
}

impl Stage {
    /// A key that stands in three files.
    pub(crate) async fn set(way: Way) -> Self {
        let mut stage = Self::bare(way).await;
        stage.old = stage.make(NAME).await;
        stage.files = place_in_three(&stage);
        stage.remember(stage.old);
        stage
    }

    /// A connection without a key.
    pub(crate) async fn bare(way: Way) -> Self {
        let time = Time::starting_now();
        let platform = match way.mode() {
            Some(mode) => Platform::roller(mode, &time).await,
            None => Platform::simulator(way, &time).await,
        };
        let home = folder();
        let service = service(&home, &time);
        service.make_vault(&Secret::copy_of(PASSPHRASE)).unwrap();
        if let Some(mode) = way.mode() {
            let text = profile(mode);
            service.add_platform(AddPlatform { origin: "roller.toml".into(), text }).unwrap();
        }
        let (request, credential) = connection(way, &platform);
        let connection = service.connect(request, credential).await.unwrap().id;
        let (old, files, values) = (KeyId::make(), Vec::new(), BTreeMap::new());
        Self {
            way,
            service,
            time,
            platform,
            home,
            connection,
            old,
            files,
            values,
            meddled: false,
            strangers: Vec::new(),
        }
    }

    /// Makes a key, or brings one that was made in the dashboard.
    pub(crate) async fn make(&self, name: &str) -> KeyId {
        let request = self.wanted(name);
        if !self.way.is_guided() {
            return self.service.create_key(request).await.unwrap().key.unwrap();
        }
        let secret = self.platform.mint(name);
        self.service.finish_guided_create(request, secret, false).await.unwrap().key
    }

    pub(crate) fn wanted(&self, name: &str) -> CreateKey {
        let (scopes, lifetime): (&[&str], _) = match self.way {
            Way::Beside | Way::Leaked => {
                (&["org:acme", "agent:*", "svc:wiki:read"], Lifetime::Days(90))
            }
            Way::Bivariant => (&["organization:acme", "collections:read"], Lifetime::Never),
            Way::Specivo => (&["mcp"], Lifetime::Never),
            _ => (&[], Lifetime::Never),
        };
        CreateKey {
            connection: self.connection,
            name: name.into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            lifetime,
            label: String::new(),
            note: String::new(),
            owner: String::new(),
            owner_kind: keywright_model::OwnerKind::Unknown,
            tags: Vec::new(),
        }
    }

    pub(crate) fn ask(&self) -> RotateKey {
        RotateKey {
            plan: Some(self.way.plan()),
            grace_s: if self.way == Way::HeldBack { 60 } else { 0 },
            hold_back: self.way == Way::HeldBack,
            revoke_first: self.way == Way::Leaked,
            typed: NAME.into(),
            ..turning::ask(self.old)
        }
    }

    pub(crate) fn start(&self) -> RotationId {
        self.service.start_rotation(self.ask()).unwrap().id
    }

    /// Notes a key's value, where the vault is open and has it.
    pub(crate) fn remember(&mut self, key: KeyId) {
        if let Ok(secret) = self.service.secret(key, Use::Reveal) {
            self.values.insert(key, secret.expose().to_owned());
        }
    }

    pub(crate) async fn unlock(&self) {
        for _ in 0..1000 {
            match self.service.unlock(&Secret::copy_of(PASSPHRASE)) {
                Ok(()) if self.service.vault_state() == VaultState::Unlocked => return,
                // The last answer is still on its way.
                _ => tokio::time::sleep(Duration::from_millis(3)).await,
            }
        }
        panic!("the vault does not open: {:?}", self.service.vault_state());
    }

    /// Stops the program and starts it anew: the vault is read from disk.
    pub(crate) async fn restart(&mut self) {
        self.service.lock();
        let nowhere = Setup { access: Access::Read, kdf: fast() };
        self.service = Service::new(Home::at("nowhere"), Clock::system(), nowhere).unwrap();
        let next = service(&self.home, &self.time);
        let passphrase = Secret::copy_of(PASSPHRASE);
        for _ in 0..1000 {
            match next.unlock(&passphrase) {
                // Tasks of the first one may still be ending.
                Err(Error::Vault(keywright_vault::Error::InUse)) => {
                    tokio::time::sleep(Duration::from_millis(3)).await;
                }
                other => {
                    other.unwrap();
                    break;
                }
            }
        }
        assert_eq!(next.vault_state(), VaultState::Unlocked);
        self.service = next;
    }
}

fn connection(way: Way, platform: &Platform) -> (Connect, Option<Secret>) {
    let variable = |name: &str, value: &str| Variable { name: name.into(), value: value.into() };
    let (id, variables) = match way {
        Way::Beside | Way::Leaked => ("agent.ceo", vec![variable("org_id", "acme")]),
        Way::Bivariant => (
            "bivariant",
            vec![
                variable("probe_path", "api/collections"),
                variable("creator_permissions", "collections:read"),
            ],
        ),
        Way::Specivo => ("specivo", Vec::new()),
        _ => ("roller", Vec::new()),
    };
    let request = Connect {
        platform: PlatformId::new(id),
        name: "here".into(),
        base_url: Some(platform.address(way)),
        variables,
        credential_expires: Expiry::Unknown,
    };
    let credential = match way {
        Way::Beside | Way::Leaked => Some(platform.management()),
        Way::Bivariant | Way::Specivo => None,
        _ => Some(Secret::copy_of(CREDENTIAL)),
    };
    (request, credential)
}

fn service(home: &TempDir, time: &Time) -> Service {
    let setup = Setup { access: Access::Write, kdf: fast() };
    let user = home.path().join("user");
    fs::create_dir_all(&user).unwrap();
    let machine =
        Machine { os: Os::Linux, home: user, environment: BTreeMap::new(), name: "testbox".into() };
    let home = Home::at(home.path().join("vault")).on(machine);
    Service::new(home, time.clock(), setup).unwrap()
}

/// In memory where there is such a place: these tests are about order, not about the disk.
fn folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory).unwrap() } else { TempDir::new().unwrap() }
}

fn fast() -> Kdf {
    Kdf::Fixed(KdfParams::for_tests())
}

fn place_in_three(stage: &Stage) -> Vec<PathBuf> {
    let user = stage.home.path().join("user");
    let file = |path: &str, text: &str| {
        let path = user.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    };
    let claude = file(".claude.json", CLAUDE);
    let codex = file(".codex/config.toml", CODEX);
    let project = user.join("work");
    fs::create_dir_all(&project).unwrap();
    let mut dotenv = target("dotenv", "variable", &[("name", "ERP_KEY")]);
    dotenv.project = project.display().to_string();
    let server = |client| target(client, "mcp-header", &[("server", "erp")]);
    let targets = vec![server("claude-code"), server("codex"), dotenv];
    stage.service.place_key(PlaceKey { key: stage.old, targets, insist: true }).unwrap();
    vec![claude, codex, project.join(".env")]
}

fn target(client: &str, slot: &str, params: &[(&str, &str)]) -> PlaceTarget {
    PlaceTarget {
        client: ClientId::new(client),
        slot: slot.into(),
        file: String::new(),
        project: String::new(),
        form: FormChoice::Literal,
        params: params.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
    }
}
