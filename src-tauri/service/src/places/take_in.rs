//! Taking what a scan found into the vault.

use std::collections::HashMap;

use keywright_clients::definition::Kind;
use keywright_model::{
    ClientId, Connection, ConnectionId, EventKind, Key, KeyId, Placement, PlacementForm,
    PlacementId, PlacementState, Secret, Status, key::Origin, placement::Known,
};

use super::{place::put_placement, scan::Kept};
use crate::{
    Error, Service,
    wire::{TakeIn, TakenIn},
};

impl Service {
    /// Takes finds of the last scan into the vault: an unknown secret becomes a key of it, and each
    /// place is noted. No file is touched. Finds of one secret become one key.
    pub fn take_in(&self, request: TakeIn) -> Result<TakenIn, Error> {
        let kept = self.inner.scans.kept();
        let chosen: Vec<&Kept> =
            kept.iter().filter(|one| request.finds.contains(&one.find.id)).collect();
        if chosen.is_empty() {
            return Err(Error::NotFound { what: "find of the last scan" });
        }
        let mut taken = TakenIn { keys: Vec::new(), placements: 0 };
        let mut fresh: HashMap<Vec<u8>, KeyId> = HashMap::new();
        for one in chosen {
            let cuts = one.find.bitting.as_ref().map(|cuts| cuts.0.clone()).unwrap_or_default();
            let known = one.find.key.or_else(|| fresh.get(&cuts).copied());
            let key = if let Some(key) = known.or(self.holder(one.found.value())?) {
                key
            } else {
                let key = self.new_key(one, &request)?;
                fresh.insert(cuts, key);
                taken.keys.push(key);
                key
            };
            if self.note_find(key, one)? {
                taken.placements += 1;
            }
        }
        drop(kept);
        self.watch_again();
        Ok(taken)
    }

    fn holder(&self, secret: &Secret) -> Result<Option<KeyId>, Error> {
        self.read(|vault| Ok(vault.keys_with(secret)?.into_iter().next()))
    }

    fn new_key(&self, one: &Kept, request: &TakeIn) -> Result<KeyId, Error> {
        let connection = match request.connection {
            Some(id) => self.connection(id)?,
            None => self.connection_for(one)?,
        };
        let profile = self.profile(&connection.platform)?;
        let secret = one.found.value();
        let name =
            if request.name.trim().is_empty() { self.name_of(one) } else { request.name.clone() };
        let mut key = Key::blank(connection.id, connection.platform.clone(), name, self.now());
        key.origin = Origin::Added;
        key.status = Status::Active;
        key.hint = profile.hint_of(secret);
        key.environment = profile.environment_of(secret);
        key.bitting = Some(self.read(|vault| Ok(vault.bitting(secret)))?);
        let event = self.key_event(&key, EventKind::KeyTakenIn { file: one.find.short.clone() });
        self.write(|change| {
            change.put_key(&key)?;
            change.seal_key_secret(key.id, secret)?;
            change.log(&event)
        })?;
        Ok(key.id)
    }

    /// The one connection of the find's platform.
    fn connection_for(&self, one: &Kept) -> Result<Connection, Error> {
        let Some(platform) = &one.find.platform else {
            return Err(Error::NotPossible {
                why: "the look of this key does not tell whose it is".into(),
                advice: "Choose the connection that it belongs to.".into(),
            });
        };
        let own: Vec<ConnectionId> = self.read(|vault| {
            let all = vault.index().connections();
            let own = all.filter(|one| one.deleted.is_none() && one.platform == *platform);
            Ok(own.map(|connection| connection.id).collect())
        })?;
        match own.as_slice() {
            [only] => self.connection(*only),
            [] => self.bare_connection(platform),
            _ => Err(Error::NotPossible {
                why: "there are several connections of this platform".into(),
                advice: "Choose the one that this key belongs to.".into(),
            }),
        }
    }

    /// Notes the place of a find; false where it is noted already.
    fn note_find(&self, key: KeyId, one: &Kept) -> Result<bool, Error> {
        let machine = self.machine()?.name.clone();
        let node = one.find.node.clone();
        let known = self.read(|vault| {
            Ok(vault.index().placements().any(|placement| {
                placement.key == key && placement.file == one.find.file && placement.node == node
            }))
        })?;
        if known {
            return Ok(false);
        }
        let now = self.now();
        let place = self.place_of(&one.found);
        let placement = Placement {
            id: PlacementId::make(),
            key,
            client: one.find.client.clone(),
            slot: place.map(|place| place.slot.clone()).unwrap_or_default(),
            params: place.map(|place| place.params.clone()).unwrap_or_default(),
            file: one.find.file.clone(),
            node,
            form: PlacementForm::Literal,
            machine,
            project: String::new(),
            words: words_of(one.find.client.as_ref()),
            note: String::new(),
            by: Known::Found,
            noted: now,
            state: PlacementState::InSync,
            checked: Some(now),
            loose: one.find.loose,
            tracked: one.find.tracked,
            stored: None,
        };
        let line = self.use_line(&placement);
        self.write(|change| put_placement(change, &placement, line, None))?;
        Ok(true)
    }

    /// A name for a key made of where it was found.
    fn name_of(&self, one: &Kept) -> String {
        let told = ["server", "name", "variable", "provider", "profile", "host"];
        let place = self.place_of(&one.found);
        let told = told.iter().find_map(|name| place.and_then(|place| place.params.get(*name)));
        let file = std::path::Path::new(&one.find.file);
        let file = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let client = one.find.client.as_ref().and_then(|id| self.inner.clients.get(id));
        // Of a file that is nobody's own the name that stands there tells enough.
        let agent = client.is_some_and(|client| client.kind == Kind::Agent);
        match (told, one.find.client_name.as_str()) {
            (Some(told), _) if !agent => told.clone(),
            (Some(told), client) => format!("{told} ({client})"),
            (None, "") => file.unwrap_or_else(|| "found key".to_owned()),
            (None, client) => format!("from {client}"),
        }
    }
}

fn words_of(client: Option<&ClientId>) -> String {
    if client.is_some() { String::new() } else { "File".to_owned() }
}
