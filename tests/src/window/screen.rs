//! A display in memory, with a clipboard of its own.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// As large as the window, so that a picture of the screen is one of the window.
const SIZE: &str = "1180x760x24";

/// A running X server; gone when dropped.
pub(super) struct Screen {
    server: Child,
    pub(super) display: String,
    /// The program that holds what was put on the clipboard.
    holder: Option<Child>,
    /// Whether pictures are kept now: what leads to a journey has its own elsewhere.
    pub(super) pictures: bool,
}

impl Screen {
    pub(super) fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", SIZE])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed: `cargo xtask test` does it");
        let mut number = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut number).unwrap();
        Self { server, display: format!(":{}", number.trim()), holder: None, pictures: true }
    }

    /// A program that draws here, by software.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env("GDK_BACKEND", "x11")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XAUTHORITY");
        command
    }

    /// Keeps a picture for the documentation, when one is asked for.
    pub(super) fn picture(&self, name: &str) {
        if let Some(folder) = pictures_wanted().filter(|_| self.pictures) {
            // What moves has come to rest by then.
            std::thread::sleep(Duration::from_millis(600));
            take_picture(&self.display, &folder.join(format!("{name}.png")));
        }
    }

    /// Puts a text on the clipboard, as a person who copies it elsewhere.
    pub(super) fn copy(&mut self, text: &str) {
        self.release();
        let mut holder = self
            .command("xclip")
            .args(["-selection", "clipboard", "-in", "-quiet"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("xclip is installed: `cargo xtask test` does it");
        holder.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        self.holder = Some(holder);
        assert!(until(Duration::from_secs(5), || self.pasted() == text), "the clipboard is filled");
    }

    /// What a person would paste; empty when there is nothing.
    pub(super) fn pasted(&self) -> String {
        self.selection("clipboard", None)
    }

    /// What the middle mouse button would paste.
    pub(super) fn primary(&self) -> String {
        self.selection("primary", None)
    }

    /// The forms in which the clipboard's content is offered.
    pub(super) fn forms(&self) -> String {
        self.selection("clipboard", Some("TARGETS"))
    }

    fn selection(&self, name: &str, form: Option<&str>) -> String {
        let mut command = self.command("xclip");
        command.args(["-selection", name, "-out"]);
        command.args(form.iter().flat_map(|form| ["-target", form]));
        let output = command.stderr(Stdio::null()).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn release(&mut self) {
        if let Some(mut holder) = self.holder.take() {
            holder.kill().ok();
            holder.wait().ok();
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.release();
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// Waits until something is so; false when it takes too long.
pub(super) fn until(limit: Duration, mut so: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    loop {
        if so() {
            return true;
        }
        if started.elapsed() > limit {
            return false;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
}

/// Of the whole screen: what a person sees, and not what a page says of itself.
pub(super) fn take_picture(display: &str, file: &Path) {
    let mut command = Command::new("import");
    command.args(["-display", display, "-window", "root", "-strip"]).arg(file);
    // A picture helps to read a failure; its lack is none.
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().ok();
}

#[expect(clippy::disallowed_methods, reason = "asked for by whoever renews the documentation")]
fn pictures_wanted() -> Option<PathBuf> {
    std::env::var("KEYWRIGHT_SCREENSHOTS").ok().filter(|set| !set.is_empty())?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    Some(folder)
}
