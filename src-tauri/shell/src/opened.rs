//! What follows once the vault is open.

use std::time::Duration;

use chrono::TimeDelta;
use tauri::{AppHandle, Manager, Runtime};

use crate::{commands::blocking, demo, error::Error, shell::Shell, windows};

/// How often runs and drafts are looked at that wait for time or the network.
const GO_ON: Duration = Duration::from_secs(30);
/// How often it is looked whether a day has passed.
const LOOK: Duration = Duration::from_mins(15);
/// Between two notifications.
const DAY: TimeDelta = TimeDelta::days(1);

/// Opens the main window, and takes up what was left undone.
///
/// On a task of its own: it destroys the door, which waits for the answer to its command.
pub(crate) fn welcome<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let service = app.state::<Shell>().service.clone();
        if let Ok(settings) = service.settings() {
            windows::set_theme(&app, settings.theme);
        }
        // Before the list is shown for the first time. Without it the demo is offline.
        demo::revive(&app).await.ok();
        if windows::to_main(&app).await.is_err() {
            // No window to work in: better locked than open and unseen.
            service.lock();
            windows::to_door(&app).await.ok();
            return;
        }
        // What cannot be taken up now is taken up at the next unlock.
        service.resume_proofs().ok();
        let going = service.clone();
        tauri::async_runtime::spawn(async move { going.keep_going().await.ok() });
        // Where files cannot be watched, places are looked at when they are shown.
        let own = service.clone();
        blocking(move || Ok(own.watch_places()?)).await.ok();
        remind(&app).await.ok();
    });
}

/// Has what waits for time or the network go on, for as long as the program runs. While the vault
/// is locked there is nothing to do.
pub(crate) async fn keep_going<R: Runtime>(app: AppHandle<R>) {
    loop {
        tokio::time::sleep(GO_ON).await;
        let service = app.state::<Shell>().service.clone();
        service.keep_going().await.ok();
    }
}

/// Notifies once a day for as long as the program runs. Locked, nothing can be told.
pub(crate) async fn daily<R: Runtime>(app: AppHandle<R>) {
    loop {
        tokio::time::sleep(LOOK).await;
        remind(&app).await.ok();
    }
}

/// One notification a day: how many keys need somebody.
async fn remind<R: Runtime>(app: &AppHandle<R>) -> Result<(), Error> {
    let shell = app.state::<Shell>();
    let now = shell.clock.now();
    if shell.reminded().is_some_and(|last| now.signed_duration_since(last) < DAY) {
        return Ok(());
    }
    let service = shell.service.clone();
    let Some(reminder) = blocking(move || Ok(service.reminder()?)).await? else {
        return Ok(());
    };
    *shell.reminded() = Some(now);
    blocking(move || {
        let mut notification = notify_rust::Notification::new();
        notification.appname("Keywright").summary(&reminder.title).body(&reminder.body);
        // Without a notification service the overview tells the same.
        notification.show().ok();
        Ok(())
    })
    .await
}
