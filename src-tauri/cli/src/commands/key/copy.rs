//! `kw copy`: a secret to the clipboard, for a short while.

use std::{io::IsTerminal, time::Duration};

use clap::Args;
use keywright_model::Secret;
use keywright_service::{Use, wire::CopyForm};
use serde_json::json;
use tokio::time::{Instant, interval_at};

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
    interrupt::interrupted,
    show::{
        out::note,
        words::{self, clean},
    },
};

/// Put a key's secret on the clipboard, and clear it after a while
///
/// The command goes on until the clipboard is cleared or holds something else; Ctrl-C clears it at
/// once. Clipboard histories are asked not to keep it; the primary selection never holds it.
#[derive(Debug, Args)]
pub(crate) struct Copy {
    /// The key
    key: String,
    /// Copy NAME=secret, with the variable name that its platform recommends
    #[arg(long)]
    env: bool,
    /// Clear the clipboard after so many seconds
    #[arg(long, value_name = "N", default_value_t = 30)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=600))]
    seconds: u16,
}

impl Copy {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let mut clipboard = Clipboard::open()?;
        let service = app.writing()?;
        let id = find::key(&service, &self.key)?;
        let title = service.key_detail(id)?.row.title;
        let form = if self.env { CopyForm::Assignment } else { CopyForm::Value };
        if let Some(advice) = service.handover_advice(id, form)? {
            note(&format!("▲ {advice} kw copy --env copies NAME=value."));
        }
        let secret = service.secret(id, Use::Copy(form))?;
        // The vault is closed before the wait: others may write meanwhile.
        drop(service);
        clipboard.put(&secret)?;
        app.out.answer(&json!({ "copied": id, "clears_in_s": self.seconds }), || {
            clean(&format!("Copied the secret of “{title}”.\n"))
        })?;
        let cleared = clipboard.hold(&secret, self.seconds).await?;
        note(if cleared {
            "The clipboard is cleared."
        } else {
            "Something else was copied meanwhile; it was left alone."
        });
        Ok(Exit::Done)
    }
}

/// The clipboard, which on X11 and Wayland holds the text only as long as this lives.
struct Clipboard(arboard::Clipboard);

impl Clipboard {
    fn open() -> Result<Self, Error> {
        arboard::Clipboard::new().map(Self).map_err(Error::Clipboard)
    }

    #[expect(clippy::disallowed_methods, reason = "the person asked for it on the clipboard")]
    fn put(&mut self, secret: &Secret) -> Result<(), Error> {
        without_history(self.0.set()).text(secret.expose()).map_err(Error::Clipboard)
    }

    /// Serves the text, then clears it. False when something else was copied meanwhile.
    async fn hold(&mut self, secret: &Secret, seconds: u16) -> Result<bool, Error> {
        let second = Duration::from_secs(1);
        let mut ticks = interval_at(Instant::now() + second, second);
        let mut end = std::pin::pin!(interrupted());
        for left in (0..seconds).rev() {
            tell(left + 1);
            tokio::select! {
                _ = ticks.tick() => {}
                ended = &mut end => {
                    ended?;
                    break;
                }
            }
            if !self.holds(secret) {
                tell(0);
                return Ok(false);
            }
        }
        tell(0);
        self.0.clear().map_err(Error::Clipboard)?;
        Ok(true)
    }

    /// Whether the text is still there. When that cannot be told it counts as there: better to
    /// clear too much than too little.
    #[expect(clippy::disallowed_methods, reason = "the clipboard's text is compared with it")]
    fn holds(&mut self, secret: &Secret) -> bool {
        match self.0.get_text().map(Secret::new) {
            Ok(text) => text.expose() == secret.expose(),
            Err(arboard::Error::ContentNotAvailable) => false,
            Err(_) => true,
        }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn without_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtLinux::exclude_from_history(set)
}

#[cfg(target_os = "macos")]
fn without_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtApple::exclude_from_history(set)
}

#[cfg(windows)]
fn without_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    let set = arboard::SetExtWindows::exclude_from_history(set);
    arboard::SetExtWindows::exclude_from_cloud(set)
}

/// The seconds left, in place, on a terminal; 0 takes the line away.
fn tell(left: u16) {
    use std::io::Write;
    let mut stderr = std::io::stderr().lock();
    if !stderr.is_terminal() {
        return;
    }
    let text = match left {
        0 => "\r\u{1b}[K".to_owned(),
        left => format!("\rClears in {}. Ctrl-C clears now. ", words::counted(left, "second")),
    };
    drop(stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()));
}
