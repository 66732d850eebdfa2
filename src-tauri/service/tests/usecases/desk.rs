//! A vault, a simulator and a clock that a test moves.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, Utc};
use keywright_clients::{Machine, Os};
use keywright_model::{ConnectionId, Environment, KeyId, PlatformId, Secret, expiry::Lifetime};
use keywright_service::{
    Clock, Error, Home, Service, Setup, VaultState,
    wire::{Connect, ConnectionRow, CreateKey, RevokeKey, Variable},
};
use keywright_simulator::{Control, NewKey, Options, Running, Simulator};
use keywright_vault::{Access, Kdf, KdfParams};
use tempfile::TempDir;

pub(crate) const PASSPHRASE: &str = "correct horse battery staple fake";

/// Time that passes only when somebody waits, for the service and the simulator alike.
#[derive(Clone)]
pub(crate) struct Time(Arc<Mutex<(DateTime<Utc>, Option<Control>)>>);

impl Time {
    fn starting_now() -> Self {
        Self(Arc::new(Mutex::new((Utc::now(), None))))
    }

    pub(crate) fn pass(&self, time: Duration) {
        let mut state = self.0.lock().unwrap();
        state.0 += time;
        if let Some(control) = &state.1 {
            control.advance(time);
        }
    }

    fn clock(&self) -> Clock {
        let (telling, waiting) = (self.clone(), self.clone());
        Clock::new(
            move || telling.0.lock().unwrap().0,
            move |pause| {
                let time = waiting.clone();
                Box::pin(async move {
                    time.pass(pause);
                    tokio::task::yield_now().await;
                })
            },
        )
    }
}

pub(crate) struct Desk {
    pub(crate) service: Service,
    pub(crate) sim: Running,
    pub(crate) time: Time,
    pub(crate) home: TempDir,
}

impl Desk {
    /// An open vault and a running simulator, not connected yet.
    pub(crate) async fn set_up() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let sim = Simulator::start(options).await.unwrap();
        let time = Time::starting_now();
        time.0.lock().unwrap().1 = Some(sim.control());
        let home = TempDir::new().unwrap();
        let service = service(&home, &time);
        service.make_vault(&Secret::copy_of(PASSPHRASE)).unwrap();
        Self { service, sim, time, home }
    }

    /// The same, connected to the simulated organization `acme`.
    pub(crate) async fn connected() -> (Self, ConnectionId) {
        let desk = Self::set_up().await;
        let row = desk.connect().await;
        (desk, row.id)
    }

    pub(crate) async fn connect(&self) -> ConnectionRow {
        let credential = self.sim.agent_ceo_credential().unwrap();
        self.service.connect(self.connection("acme"), Some(credential)).await.unwrap()
    }

    pub(crate) fn connection(&self, name: &str) -> Connect {
        Connect {
            platform: PlatformId::new("agent.ceo"),
            name: name.into(),
            base_url: Some(self.sim.base_url()),
            variables: vec![Variable { name: "org_id".into(), value: "acme".into() }],
            credential_expires: keywright_model::Expiry::Unknown,
        }
    }

    /// Stops the program and starts it anew: the vault is read from disk.
    pub(crate) async fn restart(&mut self) {
        self.service.lock();
        // The first one goes before the second asks to be the writer.
        let nowhere = Setup { access: Access::Read, kdf: fast() };
        self.service = Service::new(Home::at("nowhere"), Clock::system(), nowhere).unwrap();
        let next = service(&self.home, &self.time);
        let passphrase = Secret::copy_of(PASSPHRASE);
        for _ in 0..200 {
            // Tasks of the first one may still be ending.
            tokio::time::sleep(Duration::from_millis(10)).await;
            if !matches!(next.unlock(&passphrase), Err(Error::Vault(keywright_vault::Error::InUse)))
            {
                break;
            }
        }
        assert_eq!(next.vault_state(), VaultState::Unlocked);
        self.service = next;
    }

    /// Makes a key that must be made.
    pub(crate) async fn create(&self, connection: ConnectionId, name: &str) -> KeyId {
        self.service.create_key(wanted(connection, name)).await.unwrap().key.unwrap()
    }

    /// Makes a key as somebody else would in the dashboard.
    pub(crate) fn mint_elsewhere(&self, name: &str) -> Secret {
        let new = NewKey {
            name: name.into(),
            scopes: ["org:acme", "agent:cto", "svc:kb:read"].map(String::from).to_vec(),
            environment: Environment::Live,
            expires: None,
        };
        self.sim.control().issue(new).unwrap().secret
    }

    /// The home directory of the person at this desk.
    pub(crate) fn user(&self) -> PathBuf {
        self.home.path().join("user")
    }

    pub(crate) fn names_at_platform(&self) -> Vec<String> {
        self.sim.control().live_keys().into_iter().map(|key| key.name).collect()
    }
}

fn service(home: &TempDir, time: &Time) -> Service {
    let setup = Setup { access: Access::Write, kdf: fast() };
    let user = home.path().join("user");
    std::fs::create_dir_all(&user).unwrap();
    // Programs that a test puts there, before the system's.
    let path = format!("{}:/usr/bin:/bin", user.join("bin").display());
    let machine = Machine {
        os: Os::Linux,
        home: user,
        environment: [("PATH".to_owned(), path)].into(),
        name: "testbox".into(),
    };
    let home = Home::at(home.path().join("vault")).on(machine);
    Service::new(home, time.clock(), setup).unwrap()
}

fn fast() -> Kdf {
    Kdf::Fixed(KdfParams::for_tests())
}

pub(crate) fn wanted(connection: ConnectionId, name: &str) -> CreateKey {
    CreateKey {
        connection,
        name: name.into(),
        scopes: ["org:acme", "agent:*", "svc:wiki:read"].map(String::from).to_vec(),
        lifetime: Lifetime::Days(90),
        label: String::new(),
        note: String::new(),
        owner: String::new(),
        owner_kind: keywright_model::OwnerKind::Unknown,
        tags: Vec::new(),
    }
}

pub(crate) fn revoke(key: KeyId) -> RevokeKey {
    RevokeKey { key, reason: "test".into(), typed: String::new() }
}
