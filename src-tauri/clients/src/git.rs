//! Whether git has a file: a key in a tracked file is published with the next push.
//!
//! Asks the `git` program, since only it knows all of its own rules (index formats, excludes of
//! three levels, worktrees, submodules). Nothing of the repository is run: no hook, no file
//! system monitor, no pager; nothing is written.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Whether git has a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tracked {
    /// It is in no work tree of git.
    NoRepository,
    /// It is in the index: committed, or about to be.
    Tracked,
    /// It is kept out by `.gitignore` or another list of excludes.
    Ignored,
    /// It is in a work tree, and `git add .` would take it.
    Untracked,
    /// It cannot be told: there is no git program, the repository belongs to somebody else
    /// (`safe.directory`), it is broken, or git took longer than five seconds. To be treated
    /// as tracked.
    Unknown,
}

/// In all, for one file.
const PATIENCE: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(3);

/// Whether git has the file at this path, which need not be there yet. Links are followed,
/// because the file behind them is the one that a key is written into.
///
/// Blocks the thread, five seconds at the most.
pub fn tracked(path: &Path) -> Tracked {
    let Some(place) = Place::of(path) else { return Tracked::Unknown };
    let deadline = Instant::now() + PATIENCE;
    place.ask(deadline).unwrap_or(Tracked::Unknown)
}

/// A file as git is asked for it.
struct Place {
    /// The nearest folder that is there.
    folder: PathBuf,
    /// Below it.
    rest: PathBuf,
}

impl Place {
    fn of(path: &Path) -> Option<Self> {
        let path = std::path::absolute(path).ok()?;
        let path = path.canonicalize().unwrap_or(path);
        let folder = path.ancestors().skip(1).find(|folder| folder.is_dir())?;
        let rest = path.strip_prefix(folder).ok()?.to_owned();
        Some(Self { folder: folder.canonicalize().ok()?, rest })
    }

    /// None where it cannot be told.
    fn ask(&self, deadline: Instant) -> Option<Tracked> {
        // Most files are in none, and a look is a thousand times cheaper than a process.
        if self.without_git().is_some() {
            return Some(Tracked::NoRepository);
        }
        let Some(inside) = self.git(&["rev-parse", "--is-inside-work-tree"], deadline) else {
            return self.without_git();
        };
        match (inside.code, inside.said.trim()) {
            (0, "true") => {}
            (128, _) if inside.complained.contains("not a git repository") => {
                return Some(Tracked::NoRepository);
            }
            _ => return None,
        }
        match self
            .git(&["--literal-pathspecs", "ls-files", "--error-unmatch", "-z"], deadline)?
            .code
        {
            0 => return Some(Tracked::Tracked),
            1 => {}
            _ => return None,
        }
        match self.git(&["check-ignore", "--quiet"], deadline)?.code {
            0 => Some(Tracked::Ignored),
            1 => Some(Tracked::Untracked),
            _ => None,
        }
    }

    /// No folder above holds a `.git`, folder or file, so there is no work tree here. A bare
    /// repository with a work tree elsewhere is found by variables only, which are not heeded.
    fn without_git(&self) -> Option<Tracked> {
        let has = |folder: &Path| folder.join(".git").exists();
        (!self.folder.ancestors().any(has)).then_some(Tracked::NoRepository)
    }

    fn git(&self, words: &[&str], deadline: Instant) -> Option<Answer> {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.folder)
            .args(["--no-pager", "-c", "core.fsmonitor=false"])
            .args(["-c", "core.hooksPath=/dev/null", "-c", "safe.bareRepository=explicit"])
            .args(words);
        if words != ["rev-parse", "--is-inside-work-tree"] {
            // `./` since a name may begin with a colon, which git would read as its magic.
            command.arg("--").arg(Path::new(".").join(&self.rest));
        }
        // What a hook or an alias that started us may have set would mean another repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"] {
            command.env_remove(name);
        }
        // Git's words are compared, so they are to be English.
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        finish(command.spawn().ok()?, deadline)
    }
}

/// What git answered. Both texts are short, so that no pipe fills up.
struct Answer {
    code: i32,
    said: String,
    complained: String,
}

fn finish(mut child: Child, deadline: Instant) -> Option<Answer> {
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < deadline => thread::sleep(STEP),
            _ => {
                drop(child.kill());
                drop(child.wait());
                return None;
            }
        }
    };
    let mut answer =
        Answer { code: status.code()?, said: String::new(), complained: String::new() };
    child.stdout.take()?.read_to_string(&mut answer.said).ok()?;
    child.stderr.take()?.read_to_string(&mut answer.complained).ok()?;
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(folder: &Path, words: &[&str]) {
        let output = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(["-c", "user.name=Nobody", "-c", "user.email=nobody@example.invalid"])
            .args(words)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    #[expect(clippy::disallowed_methods, reason = "the files that the tests begin with")]
    fn write(path: &Path, text: &str) {
        std::fs::write(path, text).unwrap();
    }

    fn repository() -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        let root = home.path();
        git(root, &["init", "--quiet"]);
        std::fs::create_dir(root.join("sub")).unwrap();
        write(&root.join(".gitignore"), ".env\nlocal/\n");
        for name in [".env", "tracked.json", "sub/deep.json", "new.json", "a*.json"] {
            write(&root.join(name), "{}\n");
        }
        git(root, &["add", ".gitignore", "tracked.json", "sub/deep.json"]);
        home
    }

    #[test]
    fn a_file_is_tracked_ignored_or_neither() {
        let home = repository();
        let ask = |name: &str| tracked(&home.path().join(name));
        assert_eq!(ask("tracked.json"), Tracked::Tracked, "in the index is enough");
        git(home.path(), &["commit", "--quiet", "--message", "one"]);
        assert_eq!(ask("tracked.json"), Tracked::Tracked);
        assert_eq!(ask("sub/deep.json"), Tracked::Tracked);
        assert_eq!(ask(".env"), Tracked::Ignored);
        assert_eq!(ask("new.json"), Tracked::Untracked);
        // One that is tracked is not ignored, whatever the list says.
        git(home.path(), &["add", "--force", ".env"]);
        assert_eq!(ask(".env"), Tracked::Tracked);
    }

    #[test]
    fn a_file_that_is_not_there_yet_is_told_too() {
        let home = repository();
        let ask = |name: &str| tracked(&home.path().join(name));
        assert_eq!(ask("sub/none.json"), Tracked::Untracked);
        assert_eq!(ask("local/deep/none.json"), Tracked::Ignored);
        std::fs::remove_file(home.path().join("tracked.json")).unwrap();
        assert_eq!(ask("tracked.json"), Tracked::Tracked, "still in the index");
    }

    #[test]
    fn a_name_is_no_pattern_and_no_option() {
        let home = repository();
        git(home.path(), &["add", "--", "a*.json"]);
        write(&home.path().join("ab.json"), "{}\n");
        write(&home.path().join("-v"), "{}\n");
        write(&home.path().join(":(top)x"), "{}\n");
        assert_eq!(tracked(&home.path().join("a*.json")), Tracked::Tracked);
        assert_eq!(tracked(&home.path().join("[a]b.json")), Tracked::Untracked);
        assert_eq!(tracked(&home.path().join("-v")), Tracked::Untracked);
        assert_eq!(tracked(&home.path().join(":(top)x")), Tracked::Untracked);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_to_the_file_that_is_written() {
        let home = repository();
        let elsewhere = tempfile::tempdir().unwrap();
        let link = elsewhere.path().join("link.json");
        std::os::unix::fs::symlink(home.path().join("tracked.json"), &link).unwrap();
        assert_eq!(tracked(&link), Tracked::Tracked);
        assert_eq!(tracked(&elsewhere.path().join("other")), Tracked::NoRepository);
    }

    #[test]
    fn a_repositorys_own_programs_are_not_run() {
        let home = repository();
        let trace = home.path().join("ran");
        let program = format!("touch {} #", trace.display());
        git(home.path(), &["config", "core.fsmonitor", &program]);
        git(home.path(), &["config", "core.pager", &program]);
        assert_eq!(tracked(&home.path().join("new.json")), Tracked::Untracked);
        assert!(!trace.exists());
        // The control: git itself does run it.
        let mut status = Command::new("git");
        drop(status.arg("-C").arg(home.path()).arg("status").output().unwrap());
        assert!(trace.exists());
    }

    #[test]
    fn a_broken_repository_is_unknown() {
        let home = repository();
        write(&home.path().join(".git/index"), "no index");
        assert_eq!(tracked(&home.path().join("new.json")), Tracked::Unknown);
        assert_eq!(tracked(&home.path().join(".git/config")), Tracked::Unknown);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_repository_of_somebody_else_is_unknown() {
        if !rustix::process::geteuid().is_root() {
            // Only root can make one.
            return;
        }
        let home = repository();
        let owner = Some(12_345);
        std::os::unix::fs::chown(home.path(), owner, None).unwrap();
        std::os::unix::fs::chown(home.path().join(".git"), owner, None).unwrap();
        assert_eq!(tracked(&home.path().join("tracked.json")), Tracked::Unknown);
    }

    #[test]
    fn a_git_that_does_not_answer_is_given_up() {
        let mut command = Command::new("sleep");
        let child = command
            .arg("60")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let start = Instant::now();
        assert!(finish(child, start + Duration::from_millis(50)).is_none());
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}
