//! Starting a client: a home of its own, nothing of this machine's environment, an end.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use journeys::others::{place::Place, process::Process, run::Absent};

/// How long a client may take, on a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// The folder of all of them.
pub(crate) fn installed() -> Result<Place, Absent> {
    Place::of("clients", "clients")
}

/// Whether Node is new enough, where it is this machine's own.
pub(crate) fn has_node(place: &Place, (major, minor): (u32, u32)) -> Result<(), Absent> {
    let told = Command::new(place.node()).arg("--version").output();
    let told = told.map_err(|error| Absent(format!("Node does not start: {error}")))?;
    let version = String::from_utf8_lossy(&told.stdout).trim().to_owned();
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(own)), Some(Ok(minor_own))) if (own, minor_own) >= (major, minor) => Ok(()),
        _ => Err(Absent(format!("it wants Node {major}.{minor}, and this machine has {version}"))),
    }
}

/// What a client is started with.
pub(crate) struct Start<'a> {
    pub(crate) place: &'a Place,
    /// The script of the client, below the folder.
    pub(crate) script: &'static str,
    pub(crate) home: &'a Path,
    /// Besides what every process has.
    pub(crate) variables: Vec<(String, String)>,
}

/// What a client said, and whether it was content.
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) success: bool,
}

impl Start<'_> {
    /// Starts it and leaves it running.
    pub(crate) fn spawn(&self, log: PathBuf, set: impl FnOnce(&mut Command)) -> Process {
        Process::start(&self.place.node(), log, |command| {
            command.env_clear().current_dir(self.home.join("work"));
            command.arg(self.place.file(self.script)).envs(self.environment());
            set(command);
        })
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Told {
        let log = self.log("log");
        let mut process = self.spawn(log, |command| {
            command.args(arguments);
        });
        let status = process.ends(PATIENCE);
        let text = process.said();
        let Some(status) = status else { panic!("it runs longer than {PATIENCE:?}:\n{text}") };
        Told { text, success: status.success() }
    }

    /// A file for its words, empty.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        let log = self.home.join(name);
        fs::remove_file(&log).ok();
        log
    }

    fn environment(&self) -> Vec<(String, String)> {
        let text = |path: &Path| path.display().to_string();
        let node = self.place.node();
        let folders = [
            node.parent().map(text).filter(|folder| !folder.is_empty()),
            npx().map(|folder| text(&folder)),
            Some("/usr/bin".to_owned()),
            Some("/bin".to_owned()),
        ];
        let path: Vec<String> = folders.into_iter().flatten().collect();
        let mut all = vec![
            ("HOME".to_owned(), text(self.home)),
            ("TMPDIR".to_owned(), text(&self.home.join("tmp"))),
            ("PATH".to_owned(), path.join(":")),
            ("TERM".to_owned(), "dumb".to_owned()),
            ("NO_COLOR".to_owned(), "1".to_owned()),
            // Nobody listens there: a client that calls home does not get far.
            ("HTTPS_PROXY".to_owned(), "http://127.0.0.1:9".to_owned()),
            ("NO_PROXY".to_owned(), "127.0.0.1,localhost".to_owned()),
        ];
        all.extend(self.variables.iter().cloned());
        all
    }
}

/// Where this machine has the program that bridges are started by.
fn npx() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|folder| folder.join("npx").is_file())
}

/// Waits until nothing runs that was started in this home. What still does is the answer.
pub(crate) fn left_running(home: &Path) -> Vec<String> {
    const GOES: Duration = Duration::from_secs(5);
    let begun = std::time::Instant::now();
    loop {
        let left = running_in(home);
        if left.is_empty() || begun.elapsed() > GOES {
            return left;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Empty where the system has no /proc.
fn running_in(home: &Path) -> Vec<String> {
    let mark = format!("HOME={}", home.display());
    let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
    all.flatten()
        .filter(|process| {
            let environment = fs::read(process.path().join("environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
        })
        .map(|process| {
            let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).replace('\0', " ")
        })
        .collect()
}
