//! One place in a platform's secret store, and the connection by which it is written.

use std::{collections::BTreeMap, sync::Arc};

use keywright_clients::Definition;
use keywright_model::{Connection, ConnectionId, Placement, PlatformId, Secret};
use keywright_platforms::{CallError, Connector, Profile, StorePlace};

use crate::{Error, Service, wire::StoreSecret};

/// One place in a platform's store, and the connection by which it is written.
pub(super) struct Shelf {
    pub(super) client: Arc<Definition>,
    pub(super) profile: Arc<Profile>,
    pub(super) connection: Connection,
    pub(super) place: StorePlace,
}

impl Shelf {
    /// The place for people: `DEPLOY_KEY in octo-org/octo-repo`.
    pub(super) fn words(&self) -> String {
        format!("{} in {}", self.place.name(), self.place.words())
    }

    /// The error that nothing was changed there, with what the platform wants.
    pub(super) fn not_stored(&self, source: CallError) -> Error {
        let store = self.profile.secret_store();
        let help = store.map(|store| store.help.clone()).unwrap_or_default();
        Error::NotStored { place: self.words(), help, source }
    }

    /// Whether a placement is of this place. Case tells nothing: these are names of a web service.
    fn is(&self, placement: &Placement) -> bool {
        let own = self.place.to_map();
        placement.client.as_ref() == Some(&self.client.id)
            && placement.params.len() == own.len()
            && placement.params.iter().all(|(name, value)| {
                own.get(name).is_some_and(|other| other.eq_ignore_ascii_case(value))
            })
    }
}

impl Service {
    /// The placements that are known there.
    pub(super) fn known_at(&self, shelf: &Shelf) -> Result<Vec<Placement>, Error> {
        self.read(|vault| {
            let same_server = |known: &&Placement| {
                known.stored.as_ref().is_some_and(|stored| {
                    let written_by = vault.index().connection(stored.connection);
                    stored.connection == shelf.connection.id
                        || written_by.is_some_and(|by| by.base_url == shelf.connection.base_url)
                })
            };
            let there = vault.index().placements().filter(|known| shelf.is(known));
            Ok(there.filter(same_server).cloned().collect())
        })
    }

    /// What it takes to call the platform about it.
    pub(super) fn way_to(&self, shelf: &Shelf) -> Result<(Connector, Secret), Error> {
        let credential = self.credential(&shelf.connection)?;
        Ok((self.connector(&shelf.connection)?, credential))
    }

    /// The place that is asked for.
    pub(super) fn shelf(&self, request: &StoreSecret) -> Result<Shelf, Error> {
        let client = self.client(&request.client)?;
        if client.store.is_empty() {
            return Err(Error::NotPossible {
                why: format!("{} keeps its keys in files, not with a platform", client.name),
                advice: "Place the key into its file.".into(),
            });
        }
        let platform = PlatformId::new(&client.store);
        let id = match request.connection {
            Some(id) => id,
            None => self.only_connection(&platform)?,
        };
        self.shelf_at(client, id, &request.params)
    }

    /// The place of a placement that was written into a store.
    pub(super) fn shelf_of(&self, placement: &Placement) -> Result<Shelf, Error> {
        let (Some(stored), Some(client)) = (&placement.stored, &placement.client) else {
            return Err(Error::NotPossible {
                why: "this place is in no platform's secret store".into(),
                advice: "Change it where it is.".into(),
            });
        };
        let client = self.client(client)?;
        // Written by a connection that is gone: another one to the same platform does as well.
        let connection = match self.connection(stored.connection) {
            Err(Error::NotFound { .. }) => self.only_connection(&PlatformId::new(&client.store))?,
            other => other?.id,
        };
        self.shelf_at(client, connection, &placement.params)
    }

    /// The place of a client that these parameters tell, on a connection.
    pub(super) fn shelf_at(
        &self,
        client: Arc<Definition>,
        connection: ConnectionId,
        params: &BTreeMap<String, String>,
    ) -> Result<Shelf, Error> {
        let connection = self.connection(connection)?;
        let profile = self.profile(&connection.platform)?;
        let store = profile.secret_store().filter(|_| client.store == profile.id.as_str());
        let store = store.ok_or_else(|| Error::NotPossible {
            why: format!("“{}” has no secrets of {}", connection.name, client.name),
            advice: "Choose a connection of its platform.".into(),
        })?;
        let place = store.place(params)?;
        Ok(Shelf { client, profile, connection, place })
    }

    /// The one connection of a platform that has a credential.
    fn only_connection(&self, platform: &PlatformId) -> Result<ConnectionId, Error> {
        let name = self.profile(platform)?.name.clone();
        let found: Vec<ConnectionId> = self.read(|vault| {
            let able = vault.index().connections().filter(|connection| {
                connection.platform == *platform
                    && connection.deleted.is_none()
                    && connection.has_credential
            });
            Ok(able.map(|connection| connection.id).collect())
        })?;
        match found.as_slice() {
            [only] => Ok(*only),
            [] => Err(Error::NotPossible {
                why: format!("no connection to {name} has a credential that could write there"),
                advice: format!("Connect {name} with one, or give it to the connection you have."),
            }),
            _ => Err(Error::NotPossible {
                why: format!("{} connections to {name} could write there", found.len()),
                advice: "Say which one is meant.".into(),
            }),
        }
    }
}
