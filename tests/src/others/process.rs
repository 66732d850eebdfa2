//! A program of a test: in a process group of its own, and gone with all its children when dropped.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    ops::Range,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use super::wire::Wire;

/// How long a server may take to answer, on a machine that is busy.
const STARTS: Duration = Duration::from_mins(2);
/// How long it may take to end by itself.
const ENDS: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(50);

/// A running program.
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program; all that it says goes into `log`, unless it is `set` otherwise.
    pub fn start(program: &Path, log: PathBuf, set: impl FnOnce(&mut Command)) -> Self {
        let open = || fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let mut command = with_its_parent(program);
        command.stdin(Stdio::null()).stdout(open()).stderr(open());
        set(&mut command);
        command.process_group(0);
        let child =
            command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        Self { child, log }
    }

    /// Waits until it answers with one of these statuses.
    pub fn answers(&mut self, wire: Wire, path: &str, statuses: Range<u16>) {
        let begun = Instant::now();
        while begun.elapsed() < STARTS {
            if wire.ask("GET", path, "", None).is_ok_and(|(status, _)| statuses.contains(&status)) {
                return;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("it ended with {status} before it answered:\n{}", self.said());
            }
            std::thread::sleep(POLL);
        }
        panic!("it does not answer after {STARTS:?}:\n{}", self.said());
    }

    /// What it reads, where that was set to be a pipe.
    pub fn stdin(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Waits until it ends by itself. None when it runs longer than `patience`.
    pub fn ends(&mut self, patience: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(POLL);
        }
        None
    }

    /// All that it said until now.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn signal(&self, signal: Signal) {
        let group = i32::try_from(self.child.id()).map(Pid::from_raw).unwrap();
        // There is nobody left in it, which is as good.
        killpg(group, signal).ok();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.signal(Signal::SIGTERM);
        let begun = Instant::now();
        while begun.elapsed() < ENDS && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(POLL);
        }
        self.signal(Signal::SIGKILL);
        self.child.wait().ok();
    }
}

/// A program that ends when this one does, however that ends.
fn with_its_parent(program: &Path) -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&path).any(|folder| folder.join("setpriv").is_file()) {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

/// Ports that nobody listens on, all different.
pub fn free_ports<const N: usize>() -> [u16; N] {
    let held = [(); N].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}
