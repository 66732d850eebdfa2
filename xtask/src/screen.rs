//! A display in memory, for windows on machines that have none.

use std::{
    ffi::OsString,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Child,
};

use crate::{
    error::Error,
    process::{Command, find},
};

/// A running Xvfb that only this user's programs may draw on; gone when dropped.
pub(crate) struct Screen {
    server: Child,
    number: String,
    // Holds the cookie; lives in the folder that the caller gave.
    authority: PathBuf,
}

/// Whether the system has a display of its own.
pub(crate) fn has_display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

impl Screen {
    /// Starts a server on the first free display number; its cookie and its picture
    /// memory are kept in `folder`.
    pub(crate) fn start(folder: &Path, size: &str) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
        let authority = folder.join("Xauthority");
        let cookie = Command::new("mcookie").quiet().output()?;
        // The server takes any cookie in its file, whatever number stands beside it.
        add_cookie(&authority, "0", &cookie)?;
        let mut server = with_its_parent("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", size, "-auth"])
            .args([authority.as_path(), Path::new("-fbdir"), folder])
            .quiet()
            .spawn_piped()?;
        let number = server
            .stdout
            .take()
            .and_then(|stdout| BufReader::new(stdout).lines().next())
            .and_then(Result::ok)
            .ok_or(Error::Screen("Xvfb named no display"))?;
        add_cookie(&authority, &number, &cookie)?;
        Ok(Self { server, number, authority })
    }

    /// What a program needs in its environment to draw here, by software only.
    pub(crate) fn variables(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("DISPLAY", format!(":{}", self.number).into()),
            ("XAUTHORITY", self.authority.clone().into()),
            ("GDK_BACKEND", "x11".into()),
            ("LIBGL_ALWAYS_SOFTWARE", "1".into()),
        ]
    }

    /// Writes a picture of the whole display.
    pub(crate) fn picture(&self, file: &Path) -> Result<(), Error> {
        Command::new("import")
            .args(["-window", "root"])
            .args([file])
            .envs(&self.variables())
            .quiet()
            .run()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody to tell.
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// A program that ends when this process does, however that comes about.
pub(crate) fn with_its_parent(program: &str) -> Command {
    if find("setpriv").is_some() {
        Command::new("setpriv").args(["--pdeathsig", "TERM", "--", program])
    } else {
        Command::new(program)
    }
}

fn add_cookie(authority: &Path, number: &str, cookie: &str) -> Result<(), Error> {
    Command::new("xauth")
        .args(["-q", "-f"])
        .args([authority])
        .args(["add", &format!(":{number}"), ".", cookie.trim()])
        .quiet()
        .told()
        .and_then(
            |told| {
                if told.success { Ok(()) } else { Err(Error::Screen("xauth kept no cookie")) }
            },
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn can_look(folder: &Path, variables: &[(&'static str, OsString)]) -> bool {
        let looking = Command::new("import")
            .args(["-window", "root", "-crop", "1x1+0+0"])
            .args([folder.join("look.png")])
            .envs(variables);
        looking.quiet().told().unwrap().success
    }

    #[test]
    fn a_screen_lets_its_owner_in_and_keeps_strangers_out() {
        if find("Xvfb").is_none() || find("import").is_none() {
            println!("left out: there is no Xvfb or no ImageMagick here");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let screen = Screen::start(folder.path(), "640x480x24").unwrap();
        assert!(can_look(folder.path(), &screen.variables()));

        let mut stranger = screen.variables();
        stranger.retain(|(name, _)| *name != "XAUTHORITY");
        stranger.push(("XAUTHORITY", "/dev/null".into()));
        assert!(!can_look(folder.path(), &stranger));

        let gone = screen.variables();
        drop(screen);
        assert!(!can_look(folder.path(), &gone));
    }
}
