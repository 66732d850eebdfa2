//! A vault with two keys, and the home of somebody who has clients.

use std::{
    fs,
    path::{Path, PathBuf},
};

use journeys::{desk, ten};
use keywright_model::{ClientId, ConnectionId, Expiry, KeyId, PlacementId, Secret};
use keywright_service::{
    Error, Service,
    wire::{AddKey, FormChoice, PlaceKey, PlaceTarget},
};
use keywright_simulator::{Options, Simulator};
use tempfile::TempDir;

use crate::{server::Keys, start::left_running};

/// The names of the variables that hold the keys, for references.
pub(crate) const RIGHT_VARIABLE: &str = "TRACKER_KEY";
pub(crate) const WRONG_VARIABLE: &str = "TRACKER_KEY_OF_YESTERDAY";

pub(crate) struct Desk {
    pub(crate) service: Service,
    pub(crate) keys: Keys,
    pub(crate) right: KeyId,
    pub(crate) wrong: KeyId,
    home: TempDir,
}

impl Desk {
    pub(crate) async fn with(keys: Keys) -> Self {
        let home = TempDir::new().unwrap();
        let user = home.path().join("user");
        for folder in ["work", "tmp"] {
            fs::create_dir_all(user.join(folder)).unwrap();
        }
        let service = ten::open(home.path()).unwrap();
        let platform = Simulator::start(Options::default()).await.unwrap();
        let credential = platform.agent_ceo_credential().unwrap();
        let address = platform.base_url();
        let connection = desk::connect(&service, address, credential).await.unwrap();
        let right = add(&service, connection, "right", keys.right);
        let wrong = add(&service, connection, "wrong", keys.wrong);
        Self { service, keys, right, wrong, home }
    }

    /// The home directory.
    pub(crate) fn user(&self) -> PathBuf {
        self.home.path().join("user")
    }

    /// A file of that person.
    pub(crate) fn file(&self, path: &str, text: &str) -> PathBuf {
        let path = self.user().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        put(&path, text);
        path
    }

    /// Puts a key into a place.
    pub(crate) fn place(&self, key: KeyId, target: PlaceTarget) -> Result<PlacementId, Error> {
        let request = PlaceKey { key, targets: vec![target], insist: false };
        self.service.place_key(request).map(|report| report.placements[0].id)
    }

    /// Both keys in variables, as `kw run` gives them to a program.
    #[expect(clippy::disallowed_methods, reason = "a client reads it in its environment")]
    pub(crate) fn variables(&self, program: &str) -> Vec<(String, String)> {
        let wanted = [(self.right, RIGHT_VARIABLE.into()), (self.wrong, WRONG_VARIABLE.into())];
        let handed = self.service.hand_to(program, &wanted).unwrap();
        handed.into_iter().map(|(name, secret)| (name, secret.expose().to_owned())).collect()
    }

    /// A client's words for a person who is to see what went wrong: without the keys.
    pub(crate) fn without_keys(&self, words: &str) -> String {
        words
            .replace(self.keys.right, "<the right key>")
            .replace(self.keys.wrong, "<the wrong key>")
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let left = left_running(&self.user());
        assert!(left.is_empty() || std::thread::panicking(), "left running: {left:?}");
    }
}

fn add(service: &Service, connection: ConnectionId, name: &str, key: &str) -> KeyId {
    let request = AddKey {
        connection,
        name: name.into(),
        label: String::new(),
        note: String::new(),
        owner: String::new(),
        tags: Vec::new(),
        scopes: Vec::new(),
        expires: Expiry::Unknown,
    };
    service.add_key(request, Some(Secret::copy_of(key))).unwrap().row.id
}

/// A place in a client's file.
pub(crate) fn target(client: &str, slot: &str, params: &[(&str, &str)]) -> PlaceTarget {
    PlaceTarget {
        client: ClientId::new(client),
        slot: slot.into(),
        file: String::new(),
        project: String::new(),
        form: FormChoice::Literal,
        params: params.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
    }
}

/// The same place, with the name of a variable in place of the key.
pub(crate) fn by_reference(target: &PlaceTarget, variable: &str) -> PlaceTarget {
    let mut target = target.clone();
    target.form = FormChoice::Variable;
    target.params.insert("variable".into(), variable.into());
    target
}

#[expect(clippy::disallowed_methods, reason = "somebody's file, not ours")]
fn put(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}
