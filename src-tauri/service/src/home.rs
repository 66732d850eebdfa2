//! Where the vault lives. A value given to the service, never looked up inside it.

use std::path::{Path, PathBuf};

use keywright_clients::{Machine, Os};

/// The folder of the vault and its companions, and the machine whose clients' files are ours to
/// read and write.
#[derive(Debug, Clone)]
pub struct Home {
    folder: PathBuf,
    machine: Option<Machine>,
}

impl Home {
    /// A home at a given folder. The folder is made when the vault is.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), machine: None }
    }

    /// The same home on a machine. Without one, no client's file is looked at.
    #[must_use]
    pub fn on(self, machine: Machine) -> Self {
        Self { machine: Some(machine), ..self }
    }

    /// `KEYWRIGHT_HOME`, or else the platform's data folder for this user.
    /// None where the system names no such folder.
    #[expect(clippy::disallowed_methods, reason = "the one place that looks the home up")]
    pub fn discover() -> Option<Self> {
        if let Ok(folder) = std::env::var("KEYWRIGHT_HOME")
            && !folder.is_empty()
        {
            return Some(Self::at(folder).on_this_machine());
        }
        directories::ProjectDirs::from("dev", "keywright", "Keywright")
            .map(|dirs| Self::at(dirs.data_local_dir()).on_this_machine())
    }

    /// This very machine, as this person sees it.
    #[must_use]
    pub fn on_this_machine(self) -> Self {
        let Some(user) = directories::UserDirs::new() else { return self };
        // All of it: a client may be told to take its key from any variable.
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        self.on(Machine {
            os: Os::current(),
            home: user.home_dir().to_owned(),
            environment,
            name: machine_name(),
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The machine.
    pub const fn machine(&self) -> Option<&Machine> {
        self.machine.as_ref()
    }
}

/// What this machine is called in its network; kept with placements.
fn machine_name() -> String {
    let name = gethostname::gethostname();
    let name = name.to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}
