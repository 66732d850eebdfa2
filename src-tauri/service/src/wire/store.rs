//! What crosses about secret stores: keys that a platform keeps for its own runs.

use std::collections::BTreeMap;

use keywright_model::{ClientId, ConnectionId, KeyId};
use serde::{Deserialize, Serialize};

use super::{PlaceWarning, PlacementRow};

wire! {
/// Put a key into a platform's secret store.
pub struct StoreSecret {
    /// The key.
    key: KeyId,
    /// Whose place it is: a client whose secrets a platform keeps.
    client: ClientId,
    /// The connection by which it is written; none for the only one that can.
    connection: Option<ConnectionId>,
    /// What tells the place, and `name`, the secret's own name.
    params: BTreeMap<String, String>,
    /// Warnings that stop it were read and are taken.
    insist: bool,
}

/// What putting it there would do.
pub struct StorePreview {
    /// The client's name.
    client_name: String,
    /// The place in words.
    place: String,
    /// The connection's name.
    connection_name: String,
    /// The address below which the calls go.
    address: String,
    /// The calls in their order, and what each carries; never a secret.
    calls: Vec<String>,
    /// What to know.
    warnings: Vec<PlaceWarning>,
    /// Why it cannot be done; empty when it can.
    refused: String,
    /// What to do about that.
    advice: String,
    /// How it is picked up.
    pickup: String,
}

/// A key that was put into a store.
pub struct StoreReport {
    /// Where it is.
    placement: PlacementRow,
}
}
