//! The windows and the order they come and go in.
//!
//! | label | what | lives |
//! |---|---|---|
//! | `door` | passphrase and recovery code, `door.html` | until the vault is open |
//! | `main` | everything else, `index.html` | while the vault is open |
//! | `reveal-…` | one secret, a page without script | 15 seconds |
//!
//! A web view cannot forget what it once showed or took in, so what must be forgotten
//! has a web view of its own, and with it a process of its own, that ends with the
//! window. Nothing that the door or the reveal window knows ever enters the main view.
//!
//! Measured on WebKitGTK 2.50: each view has its own web process, which is gone
//! within a second of `destroy()`; the network process is shared and sees no secret,
//! because every page and every command is answered inside this process.

use std::time::Duration;

use keywright_service::wire::Theme;
use tauri::{
    AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{Color, NewWindowResponse, PageLoadEvent, PermissionResponse},
};

use crate::{error::Error, shell::Shell};

/// The open vault.
pub(crate) const MAIN: &str = "main";
/// Opening the vault.
pub(crate) const DOOR: &str = "door";
/// What the labels of reveal windows begin with.
pub(crate) const REVEAL: &str = "reveal";

const SIZE: (f64, f64) = (1180.0, 760.0);
const LEAST: (f64, f64) = (960.0, 640.0);
const REVEAL_SIZE: (f64, f64) = (560.0, 260.0);

/// How long a window that is being destroyed may keep its label.
const GOING: Duration = Duration::from_secs(5);
/// After this long an old window goes even if the new one has not painted.
const OVERLAP: Duration = Duration::from_secs(3);

/// The first window of the process. It paints as soon as it can; see [`build`].
pub(crate) fn first<R: Runtime>(app: &AppHandle<R>) -> Result<(), Error> {
    build(app, DOOR, WebviewUrl::App("door.html".into()), None).map(drop)
}

/// The vault is open: the main window comes, and takes the door with it when it has painted.
pub(crate) async fn to_main<R: Runtime>(app: &AppHandle<R>) -> Result<(), Error> {
    swap(app, DOOR, MAIN, "index.html").await
}

/// The vault is locked: whatever may have shown something goes, and a fresh door comes.
pub(crate) async fn to_door<R: Runtime>(app: &AppHandle<R>) -> Result<(), Error> {
    close_reveals(app);
    swap(app, MAIN, DOOR, "door.html").await
}

async fn swap<R: Runtime>(
    app: &AppHandle<R>,
    from: &str,
    to: &'static str,
    page: &str,
) -> Result<(), Error> {
    let shell = app.state::<Shell>();
    let _one_at_a_time = shell.moving.lock().await;
    let old = app.get_webview_window(from);
    if old.is_none() && app.get_webview_window(to).is_some() {
        return Ok(());
    }
    label_is_free(app, to).await;
    let made = build(app, to, WebviewUrl::App(page.into()), old.as_ref());
    if let Some(old) = old {
        if made.is_ok() {
            painted(app, to).await;
        }
        // A window that cannot be destroyed is gone already.
        old.destroy().ok();
        label_is_free(app, from).await;
    }
    made.map(drop)
}

/// Waits until a window shows itself, which it does when its page has loaded.
async fn painted<R: Runtime>(app: &AppHandle<R>, label: &str) {
    let shown = || app.get_webview_window(label).is_some_and(|w| w.is_visible().unwrap_or(true));
    until(OVERLAP, shown).await;
}

async fn label_is_free<R: Runtime>(app: &AppHandle<R>, label: &str) {
    until(GOING, || app.get_webview_window(label).is_none()).await;
}

async fn until(limit: Duration, done: impl Fn() -> bool) {
    let step = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    while !done() && waited < limit {
        tokio::time::sleep(step).await;
        waited += step;
    }
}

/// Shows the page that waits at `address` until it is destroyed.
pub(crate) fn reveal<R: Runtime>(
    app: &AppHandle<R>,
    address: &str,
    shown: Duration,
) -> Result<(), Error> {
    close_reveals(app);
    let url = address.parse().map_err(|_| tauri::Error::InvalidWebviewUrl("reveal"))?;
    let label = format!("{REVEAL}-{}", address.rsplit('/').next().unwrap_or_default());
    let owner = app.get_webview_window(MAIN);
    let window = build(app, &label, WebviewUrl::CustomProtocol(url), owner.as_ref())?;
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(shown).await;
        window.destroy().ok();
    });
    Ok(())
}

/// Destroys every reveal window.
pub(crate) fn close_reveals<R: Runtime>(app: &AppHandle<R>) {
    for (label, window) in app.webview_windows() {
        if label.starts_with(REVEAL) {
            window.destroy().ok();
        }
    }
}

/// Brings the window that is there to the front.
pub(crate) fn focus<R: Runtime>(app: &AppHandle<R>) {
    let window = app.get_webview_window(MAIN).or_else(|| app.get_webview_window(DOOR));
    if let Some(window) = window {
        // A window manager may refuse; there is nothing to do about it.
        window.unminimize().ok();
        window.set_focus().ok();
    }
}

/// Light, dark, or as the system says, for all windows.
pub(crate) fn set_theme<R: Runtime>(app: &AppHandle<R>, theme: Theme) {
    app.set_theme(match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    });
}

/// One window. It stays hidden until its page has loaded: a window that is painted while
/// its web process starts waits half a second for it (WebKitGTK's drawing area), and
/// nobody sees an empty one.
fn build<R: Runtime>(
    app: &AppHandle<R>,
    label: &str,
    url: WebviewUrl,
    old: Option<&WebviewWindow<R>>,
) -> Result<WebviewWindow<R>, Error> {
    let revealing = label.starts_with(REVEAL);
    let here = WhereTo { label: label.to_owned(), only: custom(&url) };
    let mut builder = private(app, WebviewWindowBuilder::new(app, label, url))?
        .title("Keywright")
        .visible(false)
        .disable_drag_drop_handler()
        .general_autofill_enabled(false)
        .on_navigation(move |url| here.allows(url))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .on_page_load(|window, page| {
            if page.event() == PageLoadEvent::Finished {
                window.show().ok();
                window.set_focus().ok();
            }
        });
    builder = if revealing {
        let small = builder.inner_size(REVEAL_SIZE.0, REVEAL_SIZE.1).resizable(false);
        let small = small.center().disable_javascript().content_protected(true);
        match old {
            Some(owner) => small.parent(owner)?,
            None => small,
        }
    } else {
        sized(builder.min_inner_size(LEAST.0, LEAST.1), old)
    };
    let window = builder.build()?;
    let ground = match window.theme() {
        Ok(tauri::Theme::Dark) => Color(0x1b, 0x1a, 0x18, 0xff),
        _ => Color(0xff, 0xfd, 0xfb, 0xff),
    };
    window.set_background_color(Some(ground)).ok();
    paint_plainly(&window);
    Ok(window)
}

/// As large as the window that it takes the place of, and in its place.
fn sized<'a, R: Runtime>(
    builder: WebviewWindowBuilder<'a, R, AppHandle<R>>,
    old: Option<&WebviewWindow<R>>,
) -> WebviewWindowBuilder<'a, R, AppHandle<R>> {
    let place = old.and_then(|old| {
        let scale = old.scale_factor().ok()?;
        let size = old.inner_size().ok()?.to_logical::<f64>(scale);
        let position = old.outer_position().ok()?.to_logical::<f64>(scale);
        let maximized = old.is_maximized().ok()?;
        Some((size, position, maximized))
    });
    match place {
        Some((size, position, maximized)) => builder
            .inner_size(size.width, size.height)
            .position(position.x, position.y)
            .maximized(maximized),
        None => builder.inner_size(SIZE.0, SIZE.1).center(),
    }
}

/// A web view that keeps nothing, and shares nothing with another one.
///
/// Each has a data folder of its own although nothing is written there: Tauri registers
/// its address schemes once a folder, so a second incognito view of the same folder would
/// find nobody to ask for its page.
fn private<'a, R: Runtime>(
    app: &AppHandle<R>,
    builder: WebviewWindowBuilder<'a, R, AppHandle<R>>,
) -> Result<WebviewWindowBuilder<'a, R, AppHandle<R>>, Error> {
    let shell = app.state::<Shell>();
    Ok(if under_webdriver() {
        // WebKit lets WebDriver into one web context a process, and an incognito view has
        // its own: under test all windows share one. Each still has its own web process,
        // and WebDriver reaches all of them through their window handles.
        builder.data_directory(shell.shared_web_folder()?)
    } else {
        builder.incognito(true).data_directory(shell.web_folder()?)
    })
}

/// Whether WebDriver started this process. Never in a release.
#[cfg(any(debug_assertions, feature = "test-hooks"))]
#[expect(clippy::disallowed_methods, reason = "the test driver's setting, absent from a release")]
fn under_webdriver() -> bool {
    std::env::var("TAURI_WEBVIEW_AUTOMATION").is_ok_and(|set| set == "true")
}

#[cfg(not(any(debug_assertions, feature = "test-hooks")))]
const fn under_webdriver() -> bool {
    false
}

/// Paints without a compositor: 60 MiB less in three processes, and the first picture
/// 120 ms sooner (0.34 s instead of 0.48 s from exec, 2 cores). A list of text gains
/// nothing from one.
#[cfg(target_os = "linux")]
fn paint_plainly<R: Runtime>(window: &WebviewWindow<R>) {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt as _};
    let set = |view: tauri::webview::PlatformWebview| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    };
    // Only speed is lost where it cannot be set.
    window.with_webview(set).ok();
}

#[cfg(not(target_os = "linux"))]
fn paint_plainly<R: Runtime>(_window: &WebviewWindow<R>) {}

fn custom(url: &WebviewUrl) -> Option<Url> {
    match url {
        WebviewUrl::CustomProtocol(url) => Some(url.clone()),
        _ => None,
    }
}

/// Where a window may go: to its own page and nowhere else.
struct WhereTo {
    label: String,
    only: Option<Url>,
}

impl WhereTo {
    fn allows(&self, url: &Url) -> bool {
        if let Some(only) = &self.only {
            return url == only;
        }
        let origin = (url.scheme(), url.host_str());
        let ours = matches!(
            origin,
            ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
        );
        let page = match self.label.as_str() {
            MAIN => matches!(url.path(), "" | "/" | "/index.html"),
            DOOR => url.path() == "/door.html",
            _ => false,
        };
        ours && page && url.port().is_none() && url.query().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::{DOOR, MAIN, WhereTo};

    fn may(label: &str, only: Option<&str>, to: &str) -> bool {
        let only = only.map(|url| url.parse().unwrap());
        WhereTo { label: label.into(), only }.allows(&to.parse().unwrap())
    }

    #[test]
    fn each_window_may_show_its_own_page_only() {
        assert!(may(MAIN, None, "tauri://localhost"));
        assert!(may(MAIN, None, "tauri://localhost/index.html"));
        assert!(may(MAIN, None, "http://tauri.localhost/"));
        assert!(may(DOOR, None, "tauri://localhost/door.html"));
        for elsewhere in [
            "https://example.com/",
            "http://localhost/index.html",
            "http://tauri.localhost:8080/",
            "tauri://localhost.example.com/",
            "tauri://localhost/door.html",
            "tauri://localhost/?next=https://example.com",
            "file:///etc/passwd",
            "data:text/html,hello",
            "about:blank",
            "javascript:alert(1)",
            "reveal://localhost/1",
        ] {
            assert!(!may(MAIN, None, elsewhere), "{elsewhere}");
        }
        assert!(!may(DOOR, None, "tauri://localhost/index.html"));
    }

    #[test]
    fn a_reveal_window_has_one_address() {
        let page = Some("reveal://localhost/abc");
        assert!(may("reveal-abc", page, "reveal://localhost/abc"));
        assert!(!may("reveal-abc", page, "reveal://localhost/abd"));
        assert!(!may("reveal-abc", page, "tauri://localhost/index.html"));
    }
}
