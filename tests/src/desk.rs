//! A vault in a folder with a cheap key derivation, connected to a simulator.

use std::path::Path;

use keywright_model::{ConnectionId, PlatformId, Secret, expiry::Lifetime};
use keywright_service::{
    Access, Clock, Error, Home, Kdf, Service, Setup, VaultState,
    wire::{Connect, CreateKey, Variable},
};
use keywright_vault::KdfParams;

/// The tests' passphrase. It guards nothing.
pub const PASSPHRASE: &str = "correct horse battery staple fake";
/// The connection's name.
pub const CONNECTION: &str = "acme";

/// The service over a folder's vault, open; the vault is made when there is none.
pub fn open(home: &Path) -> Result<Service, Error> {
    let kdf = Kdf::Fixed(KdfParams::for_tests());
    let setup = Setup { access: Access::Write, kdf };
    let service = Service::new(Home::at(home), Clock::system(), setup)?;
    let passphrase = Secret::copy_of(PASSPHRASE);
    match service.vault_state() {
        VaultState::Missing => drop(service.make_vault(&passphrase)?),
        _ => service.unlock(&passphrase)?,
    }
    Ok(service)
}

/// Connects agent.ceo at this address as [`CONNECTION`].
pub async fn connect(
    service: &Service,
    base_url: String,
    credential: Secret,
) -> Result<ConnectionId, Error> {
    let request = Connect {
        platform: PlatformId::new("agent.ceo"),
        name: CONNECTION.into(),
        base_url: Some(base_url),
        variables: vec![Variable { name: "org_id".into(), value: "acme".into() }],
        credential_expires: keywright_model::Expiry::Unknown,
    };
    service.connect(request, Some(credential)).await.map(|row| row.id)
}

/// A key to make that agent.ceo takes.
pub fn wanted(connection: ConnectionId, name: &str) -> CreateKey {
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
