//! Where keys are: clients, placements, scans.
//!
//! | a person wants to | use case | file |
//! |---|---|---|
//! | see the clients of this machine | `list_clients` | `clients` |
//! | put a key into their files | `preview_place`, `place_key` | `plan`, `place` |
//! | take that back | `undo_placing`, `list_writings` | `undo` |
//! | see where keys are, and how they are there | `list_placements` | `placements`, `look` |
//! | put a key into a platform's secret store | `preview_store`, `store_secret`, `remove_stored` | `store` |
//! | see whether it is still there | `refresh` | `stored` |
//! | note a place in words | `note_place`, `edit_place`, `forget_place` | `notes` |
//! | find keys on this machine | `scan`, `stop_scan`, `take_in` | `scan`, `take_in` |
//! | know which key a client uses | `which_key` | `which` |
//! | hear of changes | `watch_places` | `watch` |
//! | give a key to one program | `hand_to` | `hand` |
//!
//! A write is journalled before the file is touched, with what the file was before; at the next
//! unlock a run that was cut short is finished or taken back (`recover`).

mod clients;
mod hand;
mod look;
mod notes;
mod place;
mod placements;
mod plan;
mod recover;
mod rows;
mod scan;
mod shelf;
mod store;
mod stored;
mod take_in;
mod undo;
mod warn;
mod watch;
mod which;

use std::sync::Arc;

use keywright_clients::{Definition, Machine};
use keywright_model::ClientId;

use crate::{Error, Service};

pub(crate) use place::put_placement;
pub(crate) use scan::Scans;
pub(crate) use watch::Watch;

impl Service {
    /// The machine whose files are looked at.
    pub(crate) fn machine(&self) -> Result<&Machine, Error> {
        self.inner.home.machine().ok_or_else(|| Error::NotPossible {
            why:
                "this Keywright was started without a home directory, so it knows no client's file"
                    .into(),
            advice: "Start it as a user who has one.".into(),
        })
    }

    /// What is known of a client.
    pub(crate) fn client(&self, id: &ClientId) -> Result<Arc<Definition>, Error> {
        self.inner.clients.get(id).ok_or(Error::NotFound { what: "client" })
    }

    /// A client's name for people; its id where it is not known here.
    pub(crate) fn client_name(&self, id: &ClientId) -> String {
        self.inner.clients.get(id).map_or_else(|| id.to_string(), |client| client.name.clone())
    }
}
