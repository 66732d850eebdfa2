//! The window's budgets, as somebody who looks at the screen would take them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Child,
    thread,
    time::{Duration, Instant},
};

use super::{
    frame::Frame,
    table::{Figure, Table},
};
use crate::{
    error::Error,
    process::Command,
    screen::{Screen, with_its_parent},
};

/// More colours than an empty window has.
const PAINTED: usize = 40;
/// A blinking caret changes fewer pixels than this.
const MOTION: usize = 400;
/// Nothing moved for so long: it is settled.
const STILL: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(8);

/// Starts the window over a vault of so many keys, unlocks it, and tells what that took.
pub(super) fn measure(
    program: &Path,
    home: &Path,
    keys: u32,
    table: &mut Table,
) -> Result<(), Error> {
    let looks = Looks::start(program, home)?;
    let painted = looks.painted()?;
    table.add(Figure::new("window: exec to lock screen", keys, painted, "s").under(Some(0.7)));
    looks.settled()?;
    let unlocked = looks.unlock(&home.join("passphrase"))?;
    table.add(
        Figure::new("window: unlock to settled", keys, unlocked, "ms")
            .under((keys == 10_000).then_some(250.0)),
    );
    let memory = memory(looks.child.id());
    table.add(
        Figure::new("window: memory (PSS) of all", keys, memory, "MiB")
            .under((keys == 10_000).then_some(230.0)),
    );
    Ok(())
}

/// A running window and the display that it is on.
struct Looks {
    child: Child,
    started: Instant,
    screen: Screen,
    folder: PathBuf,
}

impl Looks {
    fn start(program: &Path, home: &Path) -> Result<Self, Error> {
        let folder = home.join("screen");
        let screen = Screen::start(&folder, "1280x800x24")?;
        let started = Instant::now();
        let child = with_its_parent("dbus-run-session")
            .args([Path::new("--"), program])
            .envs(&screen.variables())
            .env("KEYWRIGHT_HOME", home)
            .quiet()
            .spawn()?;
        Ok(Self { child, started, screen, folder })
    }

    fn frame(&self) -> Result<Frame, Error> {
        Frame::read(&self.folder)
    }

    /// Seconds from the start until something with letters is on the screen.
    fn painted(&self) -> Result<f64, Error> {
        while self.started.elapsed() < PATIENCE {
            if self.frame()?.colours() > PAINTED {
                return Ok(self.started.elapsed().as_secs_f64());
            }
            thread::sleep(POLL);
        }
        Err(Error::Screen("the window painted nothing"))
    }

    /// Waits until nothing moves; when the last motion was.
    fn settled(&self) -> Result<Instant, Error> {
        let began = Instant::now();
        let mut last = (Instant::now(), self.frame()?);
        while began.elapsed() < PATIENCE {
            thread::sleep(POLL);
            let now = self.frame()?;
            if now.differences(&last.1) > MOTION {
                last = (Instant::now(), now);
            } else if last.0.elapsed() > STILL {
                return Ok(last.0);
            }
        }
        Err(Error::Screen("the window never came to rest"))
    }

    /// Types the passphrase; milliseconds from Return until the view is settled.
    fn unlock(&self, passphrase: &Path) -> Result<f64, Error> {
        // Without a window manager the window under the pointer has the keyboard.
        self.type_in(&["mousemove", "640", "400"])?;
        self.type_in(&["type", "--delay", "2", "--file", &passphrase.to_string_lossy()])?;
        self.settled()?;
        let before = self.frame()?;
        self.type_in(&["key", "Return"])?;
        let began = Instant::now();
        while self.frame()?.differences(&before) < MOTION * 20 {
            if began.elapsed() > PATIENCE {
                return Err(Error::Screen("the passphrase changed nothing"));
            }
            thread::sleep(POLL);
        }
        let settled = self.settled()?;
        Ok(settled.duration_since(began).as_secs_f64() * 1000.0)
    }

    fn type_in(&self, words: &[&str]) -> Result<(), Error> {
        Command::new("xdotool").args(words).envs(&self.screen.variables()).quiet().run()
    }
}

impl Drop for Looks {
    fn drop(&mut self) {
        // Its bus and its window go with it; it may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// MiB that a process and all its descendants take, shared pages counted in parts.
fn memory(root: u32) -> f64 {
    let mut kib = 0.0;
    let mut open = vec![root];
    while let Some(process) = open.pop() {
        open.extend(children(process));
        kib += proportional(process).unwrap_or_default();
    }
    kib / 1024.0
}

fn children(process: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{process}/task"));
    tasks
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|list| {
            list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()
        })
        .collect()
}

fn proportional(process: u32) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_takes_memory() {
        assert!(memory(std::process::id()) > 0.5);
    }
}
