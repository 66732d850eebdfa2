//! The window of Keywright. The only code that knows Tauri, and thin: it makes the
//! windows, answers their commands by calling the service, and does what only a
//! desktop can do: clipboard, file dialog, notification, one running copy.
//!
//! Read `table.rs` for what a window may ask, `windows.rs` for the windows.

mod clipboard;
mod commands;
mod demo;
mod desktop;
mod door;
mod error;
mod harden;
mod opened;
mod reveal;
mod shell;
mod transcript;
mod windows;
mod wire;

#[cfg(all(test, feature = "bindings"))]
mod bindings;
#[cfg(test)]
mod checklist;
#[cfg(test)]
mod tests;

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    process::ExitCode,
};

use keywright_service::{Clock, Home, Service, Setup, wire::Progress};
use tauri::{AppHandle, Builder, Emitter as _, Manager as _, RunEvent, Runtime, WindowEvent};
use tokio::sync::broadcast::error::RecvError;

use crate::shell::Shell;

/// Opens the window and stays until it is closed.
pub fn run() -> ExitCode {
    harden::process();
    let Some(home) = Home::discover() else {
        return failed("there is no folder for your data: set KEYWRIGHT_HOME to one");
    };
    let one = one_copy(&home);
    let clock = Clock::system();
    let service = match Service::new(home, clock.clone(), Setup::default()) {
        Ok(service) => service,
        Err(error) => return failed(&error.to_string()),
    };
    let builder = assembled(Builder::default().plugin(one), Shell::new(service, clock));
    match builder.build(tauri::generate_context!()) {
        Ok(app) => {
            app.run(on_event);
            ExitCode::SUCCESS
        }
        Err(error) => failed(&error.to_string()),
    }
}

/// The application around a shell; the tests give it another runtime.
fn assembled<R: Runtime>(builder: Builder<R>, shell: Shell) -> Builder<R> {
    builder
        .manage(shell)
        .register_uri_scheme_protocol(reveal::SCHEME, |context, request| {
            reveal::serve(context, &request)
        })
        .invoke_handler(commands::handler())
        .setup(|app| {
            // Nothing comes before the first window: a person waits for it.
            windows::first(app.handle())?;
            tauri::async_runtime::spawn(pass_progress_on(app.handle().clone()));
            tauri::async_runtime::spawn(opened::daily(app.handle().clone()));
            tauri::async_runtime::spawn(opened::keep_going(app.handle().clone()));
            tauri::async_runtime::spawn(end_with_the_session(app.handle().clone()));
            Ok(())
        })
}

fn on_event<R: Runtime>(app: &AppHandle<R>, event: RunEvent) {
    match event {
        // The last window is gone because another one is about to come. Closing one by
        // hand ends the program below, with a code.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::WindowEvent { label, event: WindowEvent::CloseRequested { .. }, .. }
            if !label.starts_with(windows::REVEAL) =>
        {
            app.exit(0);
        }
        RunEvent::Exit => app.state::<Shell>().close(),
        _ => {}
    }
}

/// A second copy on the same vault brings the first one's window to the front and ends.
/// Without a session bus there is no way to find it; the vault's own lock holds then.
fn one_copy<R: Runtime>(home: &Home) -> tauri::plugin::TauriPlugin<R> {
    let folder = std::path::absolute(home.folder()).unwrap_or_else(|_| home.folder().to_owned());
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    tauri_plugin_single_instance::Builder::new()
        .callback(|app, _arguments, _folder| windows::focus(app))
        .dbus_id(format!("dev.keywright.app.h{:016x}", hasher.finish()))
        .build()
}

/// Tells the main window what the service tells, and sees to it that locked is locked.
async fn pass_progress_on<R: Runtime>(app: AppHandle<R>) {
    let shell = app.state::<Shell>();
    let mut heard = shell.service.subscribe();
    loop {
        let progress = match heard.recv().await {
            Ok(progress) => progress,
            // Some were missed: whatever they said, reading again shows it.
            Err(RecvError::Lagged(_)) => Progress::Changed,
            Err(RecvError::Closed) => return,
        };
        shell.transcript.note("event", "progress", &progress);
        // Nobody listens while no main window is open.
        app.emit_to(windows::MAIN, "progress", &progress).ok();
        if progress == Progress::Locked {
            shell.forget();
            windows::to_door(&app).await.ok();
        }
    }
}

/// The system asks programs to end when the session ends: lock and clear first.
#[cfg(unix)]
async fn end_with_the_session<R: Runtime>(app: AppHandle<R>) {
    use tokio::signal::unix::{SignalKind, signal};
    let heard = (
        signal(SignalKind::terminate()),
        signal(SignalKind::hangup()),
        signal(SignalKind::interrupt()),
    );
    let (Ok(mut end), Ok(mut hang_up), Ok(mut interrupt)) = heard else { return };
    tokio::select! {
        _ = end.recv() => {}
        _ = hang_up.recv() => {}
        _ = interrupt.recv() => {}
    }
    app.exit(0);
}

#[cfg(not(unix))]
async fn end_with_the_session<R: Runtime>(_app: AppHandle<R>) {}

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn failed(why: &str) -> ExitCode {
    eprintln!("Keywright cannot start: {why}");
    ExitCode::FAILURE
}
