//! The commands in which the desktop has a part: clipboard, files, windows, the demo.
//!
//! No answer holds a secret. One that is copied, shown or brought goes from Rust to
//! where it is meant for, and back, past the main view.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use keywright_model::{KeyId, Secret};
use keywright_service::{
    Use,
    wire::{
        ConnectionRow, Copied, CopySecret, Detected, ExportReport, GuidePage, GuidedKey, KeyDetail,
        LeakReport, SecretSource, Settings,
    },
};
use tauri::{AppHandle, Manager, Runtime};

use crate::{
    clipboard,
    commands::blocking,
    demo,
    error::Error,
    reveal,
    shell::Shell,
    windows,
    wire::{AddKeyWith, BringKey, ConnectWith, CredentialWith, GuidedWith},
};

/// Bytes of a file with a secret at the most.
const MAX_FILE: u64 = 64 * 1024;

/// Changes the settings, and the look at once.
pub(crate) async fn set_settings<R: Runtime>(
    app: &AppHandle<R>,
    request: Settings,
) -> Result<Settings, Error> {
    let service = app.state::<Shell>().service.clone();
    let settings = blocking(move || Ok(service.set_settings(request)?)).await?;
    windows::set_theme(app, settings.theme);
    Ok(settings)
}

/// Puts a key's secret on the clipboard for a while.
pub(crate) async fn copy_secret<R: Runtime>(
    app: &AppHandle<R>,
    request: CopySecret,
) -> Result<Copied, Error> {
    let app = app.clone();
    blocking(move || {
        let shell = app.state::<Shell>();
        let advice = shell.service.handover_advice(request.key, request.form)?;
        let secret = shell.service.secret(request.key, Use::Copy(request.form))?;
        shell.clipboard.put(secret)?;
        let clears_in_s = u32::try_from(clipboard::STAYS.as_secs()).unwrap_or(u32::MAX);
        Ok(Copied { clears_in_s, advice })
    })
    .await
}

/// Shows a key's secret in a window that is destroyed after a while.
pub(crate) async fn reveal_secret<R: Runtime>(app: &AppHandle<R>, key: KeyId) -> Result<(), Error> {
    let shell = app.state::<Shell>();
    let service = shell.service.clone();
    let page = blocking(move || {
        let title = service.key_detail(key)?.row.title;
        let secret = service.secret(key, Use::Reveal)?;
        reveal::Page::new(&title, &secret)
    })
    .await?;
    let address = page.address();
    *shell.page() = Some(page);
    windows::reveal(app, &address, reveal::SHOWN)
}

/// Connects a platform with a credential that somebody brings.
pub(crate) async fn connect<R: Runtime>(
    app: &AppHandle<R>,
    request: ConnectWith,
) -> Result<ConnectionRow, Error> {
    let brought = bring(app, request.source).await?;
    let credential = brought.as_ref().map(Secret::duplicate);
    let row = app.state::<Shell>().service.connect(request.connect, credential).await?;
    take_away(app, request.source, brought).await;
    Ok(row)
}

/// Adds a key made elsewhere with a secret that somebody brings.
pub(crate) async fn add_key<R: Runtime>(
    app: &AppHandle<R>,
    request: AddKeyWith,
) -> Result<KeyDetail, Error> {
    let brought = bring(app, request.source).await?;
    let secret = brought.as_ref().map(Secret::duplicate);
    let service = app.state::<Shell>().service.clone();
    let detail = blocking(move || Ok(service.add_key(request.key, secret)?)).await?;
    take_away(app, request.source, brought).await;
    Ok(detail)
}

/// Takes in the secret of a key that a person made in a dashboard.
pub(crate) async fn finish_guided_create<R: Runtime>(
    app: &AppHandle<R>,
    request: GuidedWith,
) -> Result<GuidedKey, Error> {
    let brought = bring(app, request.source).await?;
    let secret = brought.as_ref().map(Secret::duplicate).ok_or(Error::NotASecret)?;
    let service = app.state::<Shell>().service.clone();
    let made = service.finish_guided_create(request.key, secret, request.insist).await?;
    take_away(app, request.source, brought).await;
    Ok(made)
}

/// Takes in the secret of the key that a run waits for, and has the run go on.
pub(crate) async fn bring_new_key<R: Runtime>(
    app: &AppHandle<R>,
    request: BringKey,
) -> Result<GuidedKey, Error> {
    let brought = bring(app, request.source).await?;
    let secret = brought.as_ref().map(Secret::duplicate).ok_or(Error::NotASecret)?;
    let service = app.state::<Shell>().service.clone();
    let made = service.bring_new_key(request.rotation, secret, request.insist).await?;
    take_away(app, request.source, brought).await;
    service.run_rotation_in_background(request.rotation);
    Ok(made)
}

/// Which keys of this vault the clipboard's text holds. The text stays where it is.
pub(crate) async fn look_up_leak<R: Runtime>(app: &AppHandle<R>) -> Result<LeakReport, Error> {
    let app = app.clone();
    blocking(move || {
        let shell = app.state::<Shell>();
        let text = shell.clipboard.read()?;
        Ok(shell.service.look_up_leak(&text)?)
    })
    .await
}

/// Saves a report where a person chooses, and tells where that is.
pub(crate) async fn save_report<R: Runtime>(
    app: &AppHandle<R>,
    request: ExportReport,
) -> Result<String, Error> {
    let service = app.state::<Shell>().service.clone();
    let report = blocking(move || Ok(service.export_report(request)?)).await?;
    let name = report.name.clone();
    let ask = move |dialog: rfd::AsyncFileDialog| {
        let dialog = dialog.set_title("Save the report").set_file_name(name);
        async move { dialog.save_file().await }
    };
    let file = asked_for(app, ask).await?.ok_or(Error::NoFile)?;
    blocking(move || {
        save(&file, &report.text)?;
        Ok(file.display().to_string())
    })
    .await
}

/// Puts another management credential in a connection's place.
pub(crate) async fn replace_credential<R: Runtime>(
    app: &AppHandle<R>,
    request: CredentialWith,
) -> Result<ConnectionRow, Error> {
    let brought = bring(app, request.source).await?;
    let secret = brought.as_ref().map(Secret::duplicate).ok_or(Error::NotASecret)?;
    let service = app.state::<Shell>().service.clone();
    let row = service.replace_credential(request.connection, secret, request.expires).await?;
    take_away(app, request.source, brought).await;
    Ok(row)
}

/// Opens a guide's page in the user's browser. Which page it is says the profile, not the window.
pub(crate) async fn open_guide<R: Runtime>(
    app: &AppHandle<R>,
    request: GuidePage,
) -> Result<(), Error> {
    let service = app.state::<Shell>().service.clone();
    blocking(move || {
        let page = service.guide_page(&request)?;
        open::that_detached(page).map_err(Error::Browser)
    })
    .await
}

/// What the clipboard's text may be a key of, by its looks alone. The text stays where it is.
pub(crate) async fn detect_clipboard<R: Runtime>(
    app: &AppHandle<R>,
) -> Result<Vec<Detected>, Error> {
    let app = app.clone();
    blocking(move || {
        let shell = app.state::<Shell>();
        let text = shell.clipboard.read()?;
        Ok(shell.service.detect(&text))
    })
    .await
}

/// Starts the built-in platform and connects it.
pub(crate) async fn start_demo<R: Runtime>(app: &AppHandle<R>) -> Result<ConnectionRow, Error> {
    demo::start(app).await
}

/// Locks the vault. The windows that showed it are destroyed.
pub(crate) async fn lock<R: Runtime>(app: &AppHandle<R>) -> Result<(), Error> {
    let shell = app.state::<Shell>();
    let service = shell.service.clone();
    shell.forget();
    blocking(move || {
        service.lock();
        Ok(())
    })
    .await?;
    let app = app.clone();
    // On a task of its own: the window that asked waits for the answer.
    tauri::async_runtime::spawn(async move { windows::to_door(&app).await });
    Ok(())
}

async fn bring<R: Runtime>(
    app: &AppHandle<R>,
    source: SecretSource,
) -> Result<Option<Secret>, Error> {
    match source {
        SecretSource::None => Ok(None),
        SecretSource::Clipboard => {
            let app = app.clone();
            blocking(move || app.state::<Shell>().clipboard.read().map(Some)).await
        }
        SecretSource::File => {
            let file = chosen(app).await?.ok_or(Error::NoFile)?;
            blocking(move || read(&file).map(Some)).await
        }
    }
}

/// What was brought on the clipboard does not stay there once it is sealed.
async fn take_away<R: Runtime>(app: &AppHandle<R>, source: SecretSource, brought: Option<Secret>) {
    if let (SecretSource::Clipboard, Some(secret)) = (source, brought) {
        let app = app.clone();
        let clear = move || {
            app.state::<Shell>().clipboard.clear_if(secret);
            Ok(())
        };
        blocking(clear).await.ok();
    }
}

/// Asks for a file, with a dialog of this process.
async fn chosen<R: Runtime>(app: &AppHandle<R>) -> Result<Option<PathBuf>, Error> {
    let ask = |dialog: rfd::AsyncFileDialog| {
        let dialog = dialog.set_title("The file that holds the secret");
        async move { dialog.pick_file().await }
    };
    asked_for(app, ask).await
}

/// Asks with a dialog of this process.
async fn asked_for<R, A, F>(app: &AppHandle<R>, ask: A) -> Result<Option<PathBuf>, Error>
where
    R: Runtime,
    A: FnOnce(rfd::AsyncFileDialog) -> F + Send + 'static,
    F: Future<Output = Option<rfd::FileHandle>> + Send + 'static,
{
    let (tell, told) = tokio::sync::oneshot::channel();
    let owner = app.get_webview_window(windows::MAIN);
    // Dialogs may be made on the main thread alone.
    app.run_on_main_thread(move || {
        let mut dialog = rfd::AsyncFileDialog::new();
        if let Some(owner) = &owner {
            dialog = dialog.set_parent(owner);
        }
        let picked = ask(dialog);
        tauri::async_runtime::spawn(async move {
            // Nobody waits for it when the program ends meanwhile.
            drop(tell.send(picked.await.map(|file| file.path().to_owned())));
        });
    })?;
    told.await.map_err(|_| Error::Ended)
}

/// Writes a new text where a person chose; it is theirs, and no client's.
#[expect(clippy::disallowed_methods, reason = "a report of one's own; made again at any time")]
fn save(file: &Path, text: &str) -> Result<(), Error> {
    std::fs::write(file, text).map_err(Error::Unsaved)
}

fn read(file: &Path) -> Result<Secret, Error> {
    let file = std::fs::File::open(file).map_err(Error::File)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(Error::File)?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= MAX_FILE);
    let secret = Secret::from_utf8(bytes).ok_or(Error::NotASecret)?;
    if fits && !secret.trimmed().is_empty() { Ok(secret) } else { Err(Error::NotASecret) }
}
