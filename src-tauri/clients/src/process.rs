//! Whether a client runs now, since some take what they have in memory for the truth and
//! write it over whatever was put into their file.
//!
//! From `/proc` on Linux (proc(5)); on other systems it is not known. Reads names and command
//! lines, never a process's environment or memory.

/// A process that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its number.
    pub pid: u32,
    /// The name that it was asked for by.
    pub name: String,
}

/// Which of these programs this user runs now, by the names of their executables without
/// `.exe`, or of their scripts without `.js` or `.py` where an interpreter runs them. This
/// process is not among them. None where it cannot be told on this system.
pub fn running(names: &[String]) -> Option<Vec<Running>> {
    #[cfg(target_os = "linux")]
    return linux::running(names);
    #[cfg(not(target_os = "linux"))]
    {
        let _: &[String] = names;
        None
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{fs, os::unix::ffi::OsStrExt, path::Path};

    use super::Running;

    /// Programs whose own name says nothing.
    const INTERPRETERS: [&str; 6] = ["node", "nodejs", "bun", "deno", "python", "ruby"];
    const ENDINGS: [&str; 6] = [".js", ".mjs", ".cjs", ".ts", ".py", ".rb"];
    /// As much of a name as the kernel keeps (`TASK_COMM_LEN` and its final zero).
    const SHORT: usize = 15;

    pub(super) fn running(names: &[String]) -> Option<Vec<Running>> {
        let me = rustix::process::geteuid().as_raw();
        let own = std::process::id();
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").ok()?.flatten() {
            let pid = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
            let Some(pid) = pid.filter(|pid| *pid != own) else { continue };
            let process = entry.path();
            if owner(&process) != Some(me) {
                continue;
            }
            let own_names = names_of(&process);
            let asked = names.iter().find(|name| own_names.iter().any(|own| own.is(name)));
            if let Some(name) = asked {
                found.push(Running { pid, name: name.clone() });
            }
        }
        found.sort_by_key(|running| running.pid);
        Some(found)
    }

    /// The effective user. The owner of the folder will not do: it is root for a process that
    /// cannot be dumped.
    fn owner(process: &Path) -> Option<u32> {
        let status = fs::read_to_string(process.join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// A name that a process goes by.
    enum Name {
        Whole(String),
        /// Cut by the kernel.
        Short(String),
    }

    impl Name {
        fn is(&self, asked: &str) -> bool {
            match self {
                Self::Whole(own) => own == asked,
                Self::Short(own) => asked.get(..SHORT).unwrap_or(asked) == own,
            }
        }
    }

    fn names_of(process: &Path) -> Vec<Name> {
        let words = fs::read(process.join("cmdline")).unwrap_or_default();
        // The kernel's own threads have none, and what has ended neither.
        if words.is_empty() {
            return Vec::new();
        }
        let mut names = Vec::new();
        // The name that a program gives itself, such as `claude` for what node runs.
        if let Ok(name) = fs::read_to_string(process.join("comm")) {
            names.push(Name::Short(name.trim_end_matches('\n').to_owned()));
        }
        let Some(program) = fs::read_link(process.join("exe")).ok().and_then(|exe| base(&exe))
        else {
            return names;
        };
        // What an update has replaced while it runs.
        let program = program.strip_suffix(" (deleted)").unwrap_or(&program).to_owned();
        let plain = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        if INTERPRETERS.contains(&plain) {
            names.extend(script(&words).map(Name::Whole));
        }
        names.push(Name::Whole(program));
        names
    }

    /// The script that an interpreter runs: the first word that is no option.
    fn script(words: &[u8]) -> Option<String> {
        let mut words = words.split(|byte| *byte == 0).skip(1);
        let word = words.find(|word| !word.starts_with(b"-") && *word != b"run")?;
        let name = base(Path::new(std::ffi::OsStr::from_bytes(word)))?;
        let stem = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
        Some(stem.unwrap_or(&name).to_owned())
    }

    fn base(path: &Path) -> Option<String> {
        Some(path.file_name()?.to_str()?.to_owned())
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
        process::{Child, Command},
        thread,
        time::{Duration, Instant},
    };

    use super::*;

    struct Killed(Child);

    impl Drop for Killed {
        fn drop(&mut self) {
            drop(self.0.kill());
            drop(self.0.wait());
        }
    }

    fn start(command: &mut Command) -> Killed {
        Killed(command.spawn().unwrap())
    }

    fn program(name: &str) -> Option<PathBuf> {
        let folders = ["/usr/bin", "/bin", "/usr/local/bin"];
        folders.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists())
    }

    /// The child's name is that of its parent until it has become its own program.
    fn found(names: &[&str], child: &Killed) -> Option<String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(2) {
            let all = running(&names).unwrap();
            if let Some(one) = all.into_iter().find(|one| one.pid == child.0.id()) {
                return Some(one.name);
            }
            thread::sleep(Duration::from_millis(5));
        }
        None
    }

    #[test]
    fn a_program_is_found_by_the_name_of_its_executable() {
        let home = tempfile::tempdir().unwrap();
        let long = "keywright-test-client-of-a-long-name";
        for name in ["kw-test-client", long] {
            let copy = home.path().join(name);
            fs::copy(program("sleep").unwrap(), &copy).unwrap();
            let child = start(Command::new(&copy).arg("60"));
            assert_eq!(found(&["another", name], &child).as_deref(), Some(name));
            // An update replaces what runs.
            fs::remove_file(&copy).unwrap();
            assert_eq!(found(&[name], &child).as_deref(), Some(name));
            drop(child);
            assert_eq!(running(&[name.to_owned()]), Some(Vec::new()));
        }
    }

    #[test]
    fn a_script_is_found_by_its_own_name() {
        let Some(python) = program("python3") else { return };
        let home = tempfile::tempdir().unwrap();
        let script = home.path().join("kw-test-script.py");
        #[expect(clippy::disallowed_methods, reason = "the script that the test runs")]
        fs::write(&script, "import time\ntime.sleep(60)\n").unwrap();
        let child = start(Command::new(python).arg("-B").arg(&script));
        let name = found(&["kw-test-script"], &child);
        assert_eq!(name.as_deref(), Some("kw-test-script"));
    }

    #[test]
    fn a_word_of_a_command_line_is_no_name() {
        let mut command = Command::new("sh");
        command.args(["-c", "read line", "kw-test-word"]).stdin(std::process::Stdio::piped());
        let child = start(&mut command);
        thread::sleep(Duration::from_millis(50));
        let all = running(&["kw-test-word".to_owned()]).unwrap();
        assert!(all.is_empty(), "{all:?}");
        drop(child);
    }

    #[test]
    fn a_process_of_another_user_is_not_ours() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "sleep", "61"]);
        if !rustix::process::geteuid().is_root() || program("setpriv").is_none() {
            // Only root can start one.
            return;
        }
        let child = start(&mut command);
        let mine = start(Command::new("sleep").arg("61"));
        assert_eq!(found(&["sleep"], &mine).as_deref(), Some("sleep"));
        let all = running(&["sleep".to_owned()]).unwrap();
        assert!(all.iter().all(|one| one.pid != child.0.id()), "{all:?}");
    }
}
