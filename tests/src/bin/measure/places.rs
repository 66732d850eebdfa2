//! What it costs to put a key into ten clients' files, to replace it in all of them, and to do so
//! because it leaked.

use std::time::Instant;

use journeys::{desk, ten, turning};
use keywright_model::{RotationState, Secret};
use keywright_service::{
    Service, Use,
    wire::{ReplaceLeaked, RotationRow},
};
use keywright_simulator::{Options, Simulator};
use serde_json::{Value, json};

use super::millis;

/// Places a key into ten files, each verified, then replaces it on the simulator. Its revocation
/// takes effect at once there, so that what is measured is Keywright's own; the refusals in a row
/// that prove the old key dead are a second apart each.
pub(crate) fn ten_places() -> Value {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        ten::write_files(&folder.path().join("user")).unwrap();
        let simulator = Simulator::start(Options::default()).await.unwrap();
        simulator.control().set_revoke_delay(std::time::Duration::ZERO);
        let service = ten::open(folder.path()).unwrap();
        let credential = simulator.agent_ceo_credential().unwrap();
        let connection = desk::connect(&service, simulator.base_url(), credential).await.unwrap();
        let made = service.create_key(desk::wanted(connection, "erp")).await.unwrap();
        let key = made.key.unwrap();
        let started = Instant::now();
        let placed = service.place_key(ten::request(key)).unwrap();
        let place_ms = millis(started);
        assert_eq!(placed.placements.len(), 10);
        let started = Instant::now();
        let row = replace(&service, key).await;
        let rotate_ms = millis(started);
        assert_eq!(row.state, RotationState::Done);
        let leaked = leaked_text(&service, row.new.unwrap());
        let started = Instant::now();
        let row = replace_leaked(&service, &leaked).await;
        let leak_ms = millis(started);
        assert_eq!(row.state, RotationState::Done);
        json!({ "place_ms": place_ms, "rotate_ms": rotate_ms, "leak_ms": leak_ms })
    })
}

/// A line of somebody's log in which the key stands.
#[expect(clippy::disallowed_methods, reason = "what leaked is the secret itself")]
fn leaked_text(service: &Service, key: keywright_model::KeyId) -> Secret {
    let secret = service.secret(key, Use::Reveal).unwrap();
    Secret::new(format!("> Authorization: Bearer {}", secret.expose()))
}

/// From the pasted text to the proof that its key is dead; the leaked one ends first.
async fn replace_leaked(service: &Service, text: &Secret) -> RotationRow {
    let report = service.look_up_leak(text).unwrap();
    let key = report.keys.first().unwrap().key;
    let ask = ReplaceLeaked { key, revoke_first: true, reason: "in a log".into() };
    let row = service.replace_leaked(ask).unwrap();
    service.run_rotation(row.id).await.unwrap()
}

async fn replace(service: &Service, key: keywright_model::KeyId) -> RotationRow {
    let row = service.start_rotation(turning::ask(key)).unwrap();
    service.run_rotation(row.id).await.unwrap()
}
