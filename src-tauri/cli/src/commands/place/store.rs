//! `kw place` and `kw undo` where a platform keeps the secrets.

use keywright_service::{
    Service,
    wire::{ListClients, PlacementRow, StorePreview, StoreSecret},
};

use super::put::Asked;
use crate::{
    app::App,
    error::Error,
    exit::Exit,
    show::{out::note, words::clean},
};

/// Whether one of the clients keeps its keys with a platform.
pub(super) fn is_meant(
    service: &Service,
    clients: &[String],
    connection: Option<&str>,
) -> Result<bool, Error> {
    let rows = service.list_clients(ListClients { project: String::new() })?;
    let stores =
        |client: &String| rows.iter().any(|row| row.id.as_str() == client && row.store.is_some());
    if clients.iter().any(stores) {
        return Ok(true);
    }
    connection.map_or(Ok(false), |_| {
        let advice = "Leave --connection out: files are written by this machine alone.";
        Err(Error::usage("This client's keys are in files", advice))
    })
}

/// More than one client where one of them is a platform's store.
pub(super) fn several() -> Error {
    let advice = "Place it there with one --client, and into files with another command.";
    Error::usage(
        "What a platform keeps is written alone: all files or none cannot hold there",
        advice,
    )
}

/// Shows what would be sent, asks, and sends it.
pub(super) async fn put(
    app: &App,
    service: &Service,
    request: StoreSecret,
    asked: Asked,
) -> Result<Exit, Error> {
    let preview = service.preview_store(request.clone()).await?;
    if asked.dry_run {
        app.out.answer(&preview, || shown(&preview))?;
        return Ok(if preview.refused.is_empty() { Exit::Done } else { Exit::Failed });
    }
    if !app.out.is_json() {
        note(shown(&preview).trim_end());
    }
    if !asked.yes && preview.refused.is_empty() {
        let instead = "Write --yes to send it without being asked.";
        app.input.confirm("Seal the key and send it?", instead)?;
    }
    let report = service.store_secret(request).await?;
    app.out.answer(&report, || {
        let row = &report.placement;
        clean(&format!("✓ {}: {}\n", row.client_name, row.short)) + &preview.pickup + "\n"
    })?;
    Ok(Exit::Done)
}

/// Removes a secret from its platform's store, once that is confirmed.
pub(super) async fn remove(
    app: &App,
    service: &Service,
    row: &PlacementRow,
    yes: bool,
) -> Result<(), Error> {
    if !yes {
        let question = format!(
            "Remove {} from {}? What was there before cannot be brought back.",
            clean(&row.short),
            row.client_name
        );
        app.input.confirm(&question, "Write --yes to remove it without being asked.")?;
    }
    service.remove_stored(row.id).await?;
    app.out.answer(row, || clean(&format!("{} is removed.\n", row.short)))
}

fn shown(preview: &StorePreview) -> String {
    let mut lines = vec![
        format!("{}  {}", preview.client_name, clean(&preview.place)),
        format!("through “{}”, {}", clean(&preview.connection_name), clean(&preview.address)),
    ];
    lines.extend(preview.calls.iter().map(|call| format!("  {}", clean(call))));
    if !preview.refused.is_empty() {
        lines.push(format!("■ {} {}", clean(&preview.refused), clean(&preview.advice)));
    }
    for warning in &preview.warnings {
        let mark = if warning.stops { "■" } else { "▲" };
        lines.push(format!("{mark} {}", clean(&warning.words)));
    }
    lines.join("\n") + "\n"
}
