//! The use cases of Keywright, one file each. The only room where the vault and the platforms meet.
//!
//! A front end makes one [`Service`], asks whether there is a vault
//! ([`Service::vault_state`]), makes or unlocks it, and then calls use cases:
//!
//! | a person wants to | use case | file |
//! |---|---|---|
//! | open or close the vault | `make_vault`, `unlock`, `lock` | `unlock` |
//! | connect a platform | `connect`, `disconnect` | `connect` |
//! | bring the lists up to date | `refresh`, `stop_refresh` | `refresh_all`, `refresh` |
//! | make a key | `create_form`, `preview_create`, `create_key` | `create` |
//! | make or end a key in a dashboard | `finish_guided_create`, `revoke_in_dashboard` | `guided` |
//! | rename it there, hold it back | `relabel_key`, `disable_key`, `enable_key` | `change` |
//! | bring a key made elsewhere | `add_key` | `add` |
//! | know what a string is | `detect` | `platform` |
//! | add a platform of one's own | `preview_platform`, `add_platform`, `check_platform` | `platform`, `conformance` |
//! | replace a management credential | `replace_credential` | `credential` |
//! | find and read keys | `list_keys`, `key_detail` | `keys` |
//! | note things about a key | `edit_key`, `delete_key`, `restore_key` | `edit` |
//! | use a secret | `secret` | `secret` |
//! | see whether it works | `probe_key` | `probe` |
//! | kill it and see the proof | `revoke_preview`, `revoke_key`, `prove_revocation` | `revoke`, `prove` |
//! | know what needs doing | `overview`, `status`, `findings` | `overview` |
//! | put keys into clients' files, find them there | `place_key`, `scan`… | `places` |
//! | replace keys, one or many | `start_rotation`, `replace_leaked`, `start_bulk`… | `rotate` |
//! | send what was asked for offline | `run_queue`, `edit_draft` | `queue` |
//! | settle what was cut short | `list_operations`, `settle_operation` | `settle` |
//! | find the demo again after a restart | `demo_keys`, `move_demo` | `demo` |
//! | see who did what | `list_events` | `events` |
//!
//! Three rules hold in every one of them: a remote change is journalled before
//! it is sent; a secret is sealed before anything about it is answered; what is
//! not known is not called dead.

mod add;
mod change;
mod clock;
mod conformance;
mod connect;
mod create;
mod credential;
mod demo;
mod edit;
mod error;
mod events;
mod guided;
mod home;
mod keys;
mod overview;
mod places;
mod platform;
mod probe;
mod prove;
mod queue;
mod refresh;
mod refresh_all;
mod reminder;
mod revoke;
mod rotate;
mod rows;
mod secret;
mod session;
mod settings;
mod settle;
mod unlock;
pub mod wire;

use std::sync::{Arc, Mutex, MutexGuard, RwLock};

use keywright_model::PlatformId;
use keywright_platforms::{Connector, Http, Profile, Registry};
use keywright_vault::Vault;
use tokio::sync::broadcast;

pub use clock::Clock;
pub use conformance::Trial;
pub use demo::DemoKey;
pub use error::Error;
pub use home::Home;
pub use keywright_vault::{Access, Kdf, RecoveryCode};
pub use reminder::Reminder;
pub use secret::Use;
use session::Session;
pub use unlock::VaultState;
use wire::{Network, Progress};

/// How a service is set up.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    /// Whether it may write. A writer keeps other writers out for as long as it lives.
    pub access: Access,
    /// How a new vault's passphrase is stretched.
    pub kdf: Kdf,
}

impl Default for Setup {
    fn default() -> Self {
        Self { access: Access::Write, kdf: Kdf::Calibrated }
    }
}

/// The use cases over one home. Cheap to clone; all clones are the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    home: Home,
    clock: Clock,
    setup: Setup,
    /// The profiles that come with the program, and those that the open vault adds.
    registry: RwLock<Arc<Registry>>,
    clients: keywright_clients::Registry,
    scans: places::Scans,
    watch: places::Watch,
    http: Http,
    session: Mutex<Session>,
    network: Mutex<Network>,
    stops: refresh_all::Stops,
    /// Turns of the replacements of many keys.
    turns: tokio::sync::Semaphore,
    progress: broadcast::Sender<Progress>,
}

/// Progress messages kept for a slow listener.
const PROGRESS_BACKLOG: usize = 256;

impl Service {
    /// A service over `home`. Opens no vault and makes no call.
    pub fn new(home: Home, clock: Clock, setup: Setup) -> Result<Self, Error> {
        let (progress, _) = broadcast::channel(PROGRESS_BACKLOG);
        let inner = Inner {
            home,
            clock,
            setup,
            registry: RwLock::new(Arc::new(Registry::builtin())),
            clients: keywright_clients::Registry::builtin(),
            scans: places::Scans::default(),
            watch: places::Watch::default(),
            http: Http::new().map_err(Error::Setup)?,
            session: Mutex::new(Session::default()),
            network: Mutex::new(Network::default()),
            stops: refresh_all::Stops::default(),
            turns: tokio::sync::Semaphore::new(rotate::AT_ONCE),
            progress,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What happens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Progress> {
        self.inner.progress.subscribe()
    }

    /// The home it works in.
    pub fn home(&self) -> &Home {
        &self.inner.home
    }

    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.inner.clock.now()
    }

    fn tell(&self, progress: Progress) {
        // No listener is no fault: `kw` has none.
        drop(self.inner.progress.send(progress));
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        // A panic while holding it cannot leave the vault half-written: SQLite rolls back.
        self.inner.session.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Reads from the open vault.
    fn read<T>(&self, read: impl FnOnce(&Vault) -> Result<T, Error>) -> Result<T, Error> {
        read(self.session().vault()?)
    }

    /// Writes to the open vault in one durable transaction, then tells listeners.
    fn write<T>(
        &self,
        change: impl FnOnce(&mut keywright_vault::Change<'_>) -> Result<T, keywright_vault::Error>,
    ) -> Result<T, Error> {
        let done = self.session().write(change)?;
        self.tell(Progress::Changed);
        Ok(done)
    }

    fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.inner.registry.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn set_registry(&self, registry: Registry) {
        let mut known =
            self.inner.registry.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        *known = Arc::new(registry);
    }

    fn profile(&self, platform: &PlatformId) -> Result<Arc<Profile>, Error> {
        self.registry().get(platform).ok_or(Error::NotFound { what: "platform" })
    }

    fn connector(&self, connection: &keywright_model::Connection) -> Result<Connector, Error> {
        if self.read(|vault| Ok(vault.index().settings().work_offline))? {
            return Err(Error::WorkOffline);
        }
        self.connector_for(connection)
    }

    /// The connector whatever the switch says; builds it and makes no call.
    fn connector_for(&self, connection: &keywright_model::Connection) -> Result<Connector, Error> {
        let profile = self.profile(&connection.platform)?;
        let variables = profile.resolve_variables(&connection.variables)?;
        Ok(Connector::new(profile, &connection.base_url, variables, self.inner.http.clone())?)
    }

    /// Remembers what a call says about the network, and hands its result on.
    fn noting<T>(
        &self,
        result: Result<T, keywright_platforms::CallError>,
    ) -> Result<T, keywright_platforms::CallError> {
        let seen = match &result {
            Err(error) if error.is_network() => Network::Offline,
            _ => Network::Online,
        };
        self.set_network(seen);
        result
    }

    fn set_network(&self, seen: Network) {
        let mut network =
            self.inner.network.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *network = seen;
    }
}
