//! The built-in platform: runs in this process, and is found again at the next start.
//!
//! It keeps hashes only and ends with the program. What it has to know again is in the
//! vault, so it can come back whenever the vault is open.

use std::time::Duration;

use keywright_model::PlatformId;
use keywright_service::{
    DemoKey,
    wire::{Connect, ConnectionRow, Variable},
};
use keywright_simulator::{Control, Options, RestoredKey, Running, Simulator};
use tauri::{AppHandle, Manager, Runtime};

use crate::{commands::blocking, error::Error, shell::Shell};

/// For so long a revoked key goes on working: a proof that takes no time shows nothing.
const REVOKE_DELAY: Duration = Duration::from_secs(6);
/// Keys that it has from the start.
const PRELOAD: usize = 6;

/// Starts it and connects it; the connection that is there when it runs already.
pub(crate) async fn start<R: Runtime>(app: &AppHandle<R>) -> Result<ConnectionRow, Error> {
    let shell = app.state::<Shell>();
    let mut demo = shell.demo().lock().await;
    let rows = shell.service.list_connections()?;
    if demo.is_some()
        && let Some(row) = rows.into_iter().find(|row| row.demo)
    {
        return Ok(row);
    }
    let options = Options { preload: PRELOAD, ..options() };
    let organization = options.organization.clone();
    let running = Simulator::start(options).await?;
    let connect = Connect {
        platform: PlatformId::new(keywright_simulator::PLATFORM),
        name: "Demo".into(),
        base_url: Some(running.base_url()),
        variables: vec![Variable { name: "org_id".into(), value: organization }],
        credential_expires: keywright_model::Expiry::Unknown,
    };
    let credential = running.agent_ceo_credential()?;
    let row = shell.service.connect(connect, Some(credential)).await?;
    let row = shell.service.mark_demo(row.id)?;
    *demo = Some(running);
    Ok(row)
}

/// Starts it again with the keys that it had, where it was used before.
pub(crate) async fn revive<R: Runtime>(app: &AppHandle<R>) -> Result<(), Error> {
    let shell = app.state::<Shell>();
    let mut demo = shell.demo().lock().await;
    if demo.is_some() {
        return Ok(());
    }
    let Some(connection) = shell.service.demo_connection()? else { return Ok(()) };
    let running = Simulator::start(options()).await?;
    let (service, control, base_url) =
        (shell.service.clone(), running.control(), running.base_url());
    blocking(move || {
        for key in service.demo_keys(connection)? {
            restore(&control, key)?;
        }
        Ok(service.move_demo(connection, &base_url)?)
    })
    .await?;
    *demo = Some(running);
    Ok(())
}

fn options() -> Options {
    Options { revoke_delay: REVOKE_DELAY, ..Options::default() }
}

fn restore(control: &Control, key: DemoKey) -> Result<(), Error> {
    match (key.remote_id, &key.secret) {
        (Some(key_id), secret) => {
            control.restore(RestoredKey {
                key_id,
                name: key.name,
                prefix: key.prefix,
                scopes: key.scopes,
                environment: key.environment,
                created: key.created,
                expires: key.expires,
                revoked: key.revoked,
                secret: secret.as_ref(),
            })?;
        }
        (None, Some(secret)) => {
            control.restore_management(secret)?;
        }
        // Nothing could tell it from others.
        (None, None) => {}
    }
    Ok(())
}

/// What runs, kept for as long as the program.
pub(crate) type Demo = tokio::sync::Mutex<Option<Running>>;
