//! Hearing of changes to files that clients and people change too.
//!
//! Editors do not write into a file, they put another one in its place, and a file may not be
//! there yet; so folders are watched, not files: the one that a file is in, the ones above it,
//! and where a link leads, those of its target. What the operating system tells is only a hint.
//! After it, and after some quiet, every file is looked at, and those are reported that differ
//! from the last look or were named. Every half minute they are looked at anyway, for what no
//! system tells of: a folder far above that was moved, a network's file system, a limit on
//! watches.

mod eye;
mod plan;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::Builder,
    time::{Duration, Instant},
};

use eye::{Look, look};
use notify::{
    Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _, event::Flag,
};
use plan::Plan;

/// So many files are watched at the most; more are not placements of one person.
pub const MOST: usize = 4_096;

/// Files cannot be watched. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The operating system watches nothing for this program.
    #[error("the operating system does not tell of changes to files")]
    System(#[from] notify::Error),
    /// No thread can be started.
    #[error("no thread can be started to watch files")]
    Thread(#[from] std::io::Error),
}

/// How long things take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// After the last change, before it is reported.
    pub quiet: Duration,
    /// After the first change, before it is reported though there is no quiet.
    pub longest: Duration,
    /// Between two looks at everything.
    pub look: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            quiet: Duration::from_millis(500),
            longest: Duration::from_secs(2),
            look: Duration::from_secs(30),
        }
    }
}

/// Watches files until it is dropped. A report that is under way then still ends.
#[derive(Debug)]
pub struct Watcher(Arc<Shared>);

impl Watcher {
    /// Watches these files, and calls with those that changed, as they were named here: they
    /// were written, replaced, made, removed, or their permissions changed. The calls come one
    /// after another from a thread of its own.
    pub fn start(
        files: impl IntoIterator<Item = PathBuf>,
        changed: impl FnMut(Vec<PathBuf>) + Send + 'static,
    ) -> Result<Self, WatchError> {
        Self::with(Pace::default(), files, changed)
    }

    /// The same at another pace.
    pub fn with(
        pace: Pace,
        files: impl IntoIterator<Item = PathBuf>,
        changed: impl FnMut(Vec<PathBuf>) + Send + 'static,
    ) -> Result<Self, WatchError> {
        let shared = Arc::new(Shared::default());
        let hears = Arc::clone(&shared);
        let hear = move |event| hears.hear(event);
        let system = RecommendedWatcher::new(hear, Config::default())?;
        shared.state().wanted = Some(files.into_iter().take(MOST).collect());
        let keeper = Keeper {
            shared: Arc::clone(&shared),
            pace,
            system,
            seen: BTreeMap::new(),
            folders: HashMap::new(),
        };
        Builder::new().name("watch".to_owned()).spawn(move || keeper.run(changed))?;
        let watcher = Self(shared);
        watcher.settle();
        Ok(watcher)
    }

    /// Watches these files from now on instead. What changed before, and was not reported yet,
    /// is reported for files that are watched still.
    pub fn set(&self, files: impl IntoIterator<Item = PathBuf>) {
        self.0.state().wanted = Some(files.into_iter().take(MOST).collect());
        self.0.bell.notify_all();
        self.settle();
    }

    /// How many folders the operating system would not watch; changes in them are seen by the
    /// next look at everything.
    pub fn unwatched(&self) -> usize {
        self.0.state().unwatched
    }

    /// Waits until the wanted files are watched, unless this is the thread that reports.
    fn settle(&self) {
        let mut state = self.0.state();
        while state.wanted.is_some()
            && !state.ended
            && state.reporter != Some(std::thread::current().id())
        {
            state = self.0.bell.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.0.state().ended = true;
        self.0.bell.notify_all();
    }
}

/// What the system's thread, the keeper and the owner share.
#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Files to watch, where they are not watched yet.
    wanted: Option<BTreeSet<PathBuf>>,
    /// Paths that matter: files, where links lead, and all folders above them.
    points: HashSet<PathBuf>,
    /// Those of them that were named by the system. It holds points only, so it is bounded.
    named: HashSet<PathBuf>,
    first: Option<Instant>,
    last: Option<Instant>,
    unwatched: usize,
    ended: bool,
    reporter: Option<std::thread::ThreadId>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what the system tells, where it matters.
    fn hear(&self, event: notify::Result<Event>) {
        let mut state = self.state();
        // An error or a lost event may be about anything: look at all files.
        let all = event.as_ref().map_or(true, |event| event.attrs.flag() == Some(Flag::Rescan));
        let event = event.ok().filter(|event| !matches!(event.kind, EventKind::Access(_)));
        let paths = event.map(|event| event.paths).unwrap_or_default();
        let named: Vec<PathBuf> =
            paths.into_iter().filter(|path| state.points.contains(path)).collect();
        if !all && named.is_empty() {
            return;
        }
        state.named.extend(named);
        let now = Instant::now();
        state.first.get_or_insert(now);
        state.last = Some(now);
        drop(state);
        self.bell.notify_all();
    }
}

/// The thread that looks and reports.
struct Keeper {
    shared: Arc<Shared>,
    pace: Pace,
    system: RecommendedWatcher,
    seen: BTreeMap<PathBuf, Look>,
    /// Watched folders, and which ones they were.
    folders: HashMap<PathBuf, Look>,
}

/// What the keeper does next.
enum Next {
    End,
    Watch(BTreeSet<PathBuf>),
    Report(HashSet<PathBuf>),
}

impl Keeper {
    fn run(mut self, mut changed: impl FnMut(Vec<PathBuf>)) {
        self.shared.state().reporter = Some(std::thread::current().id());
        loop {
            let report = match self.next() {
                Next::End => break,
                Next::Watch(files) => self.watch(files),
                Next::Report(named) => self.report(&named),
            };
            if !report.is_empty() && !self.shared.state().ended {
                changed(report);
            }
        }
    }

    /// Waits for the next thing to do.
    fn next(&self) -> Next {
        let look = Instant::now() + self.pace.look;
        let mut state = self.shared.state();
        loop {
            if state.ended {
                return Next::End;
            }
            if let Some(wanted) = &state.wanted {
                return Next::Watch(wanted.clone());
            }
            let quiet = state.last.map(|last| last + self.pace.quiet);
            let longest = state.first.map(|first| first + self.pace.longest);
            let due = [quiet, longest, Some(look)].into_iter().flatten().min().unwrap_or(look);
            let now = Instant::now();
            if now >= due {
                (state.first, state.last) = (None, None);
                return Next::Report(std::mem::take(&mut state.named));
            }
            let waited = self.shared.bell.wait_timeout(state, due - now);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Takes over the files to watch. Nothing is reported of those that were not watched.
    fn watch(&mut self, files: BTreeSet<PathBuf>) -> Vec<PathBuf> {
        let mut before = std::mem::take(&mut self.seen);
        for file in &files {
            let own = before.remove(file).unwrap_or_else(|| look(file));
            self.seen.insert(file.clone(), own);
        }
        self.plan(&HashSet::new());
        // What changed between the look and the watch is seen by a second look.
        let report = self.differing(&HashSet::new());
        let mut state = self.shared.state();
        if state.wanted.as_ref() == Some(&files) {
            state.wanted = None;
        }
        drop(state);
        self.shared.bell.notify_all();
        report
    }

    fn report(&mut self, named: &HashSet<PathBuf>) -> Vec<PathBuf> {
        // First the folders: what changes from here on is heard of.
        self.plan(named);
        self.differing(named)
    }

    /// Files that differ from the last look, or were named themselves.
    fn differing(&mut self, named: &HashSet<PathBuf>) -> Vec<PathBuf> {
        let mut report = Vec::new();
        for (file, seen) in &mut self.seen {
            let now = look(file);
            let was_named = now.names().iter().any(|own| named.contains(own));
            if now != *seen || was_named {
                report.push(file.clone());
                *seen = now;
            }
        }
        report
    }

    /// Watches the folders that the files need now, and no others.
    fn plan(&mut self, named: &HashSet<PathBuf>) {
        let plan = Plan::of(self.seen.keys());
        self.shared.state().points.clone_from(&plan.points);
        let gone: Vec<PathBuf> = self
            .folders
            .iter()
            // A folder that was named may have been moved or made anew under its name; the
            // system's watch is on the old one then.
            .filter(|(path, own)| {
                !plan.folders.contains(*path) || named.contains(*path) || look(path).is_other(own)
            })
            .map(|(path, _)| path.clone())
            .collect();
        for path in gone {
            // Not watched any more, when the folder is gone: that is what is wanted.
            drop(self.system.unwatch(&path));
            self.folders.remove(&path);
        }
        let mut unwatched = 0;
        for path in plan.folders {
            if self.folders.contains_key(&path) {
                continue;
            }
            let own = look(&path);
            if self.system.watch(&path, RecursiveMode::NonRecursive).is_ok() {
                self.folders.insert(path, own);
            } else {
                unwatched += 1;
            }
        }
        self.shared.state().unwatched = unwatched;
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // Also when a report panics: nobody may wait for this thread then.
        self.shared.state().ended = true;
        self.shared.bell.notify_all();
    }
}
