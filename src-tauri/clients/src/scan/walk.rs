//! The way through clients' files and chosen folders.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Instant,
};

use ignore::{WalkBuilder, WalkState};

use super::{
    Bound, Found, Owner, Scan, ScanProgress, ScanReport, Skipped, count,
    document::{Document, inspect},
    folders::{Filter, is_binary_name},
    hits::{Ask, Finder},
    places::ProjectFiles,
    text::{Content, decode, read},
};
use crate::edit::LARGEST;

/// Least time between two reports of progress, in milliseconds.
const PROGRESS: u64 = 100;

/// A buffer that has grown beyond this, in bytes, is given back.
const ORDINARY: usize = 4 * 1_024 * 1_024;

/// A scan that runs.
pub(super) struct Walk<'a> {
    scan: &'a Scan<'a>,
    started: Instant,
    projects: ProjectFiles,
    /// The clients' files that were read, so that the walk does not read them again.
    done: HashSet<(u64, u64)>,
    tally: Tally,
}

/// What several threads count and find.
#[derive(Default)]
struct Tally {
    found: Mutex<Vec<Found>>,
    kept: AtomicUsize,
    more: AtomicUsize,
    placeholders: AtomicUsize,
    files: AtomicUsize,
    bytes: AtomicU64,
    too_large: AtomicUsize,
    binary: AtomicUsize,
    unreadable: AtomicUsize,
    links: AtomicUsize,
    special: AtomicUsize,
    out_of_files: AtomicBool,
    out_of_time: AtomicBool,
    told: AtomicU64,
}

/// What one thread keeps from file to file.
#[derive(Default)]
struct Desk {
    buffer: Vec<u8>,
    finder: Finder,
}

impl<'a> Walk<'a> {
    pub(super) fn new(scan: &'a Scan<'a>) -> Self {
        let projects = ProjectFiles::new(scan.places.project_files());
        let (done, tally) = (HashSet::new(), Tally::default());
        Self { scan, started: Instant::now(), projects, done, tally }
    }

    pub(super) fn run(mut self) -> ScanReport {
        self.clients();
        let filter = Filter::new(&self.scan.folders, &self.scan.apart);
        let (folders, systems) = (filter.folders.clone(), filter.other_systems.clone());
        if !filter.roots.is_empty() && !self.over() {
            self.folders(filter);
        }
        self.report(Skipped {
            folders: folders.load(Ordering::Relaxed),
            other_systems: systems.load(Ordering::Relaxed),
            ..Skipped::default()
        })
    }

    /// The files that definitions name, through links as their clients read them.
    fn clients(&mut self) {
        let mut desk = Desk::default();
        let mut files: Vec<(PathBuf, Vec<Owner>)> = Vec::new();
        for (path, owner) in self.scan.places.files() {
            match files.iter_mut().find(|(own, _)| *own == path) {
                Some((_, owners)) => owners.push(owner),
                None => files.push((path, vec![owner])),
            }
        }
        for (path, owners) in files {
            if self.over() {
                return;
            }
            if let Some(id) = self.file(&path, &owners, true, &mut desk) {
                self.done.insert(id);
            }
        }
    }

    fn folders(&self, filter: Filter) {
        let mut roots = filter.roots.iter();
        let Some(first) = roots.next() else { return };
        let mut walk = WalkBuilder::new(first);
        roots.for_each(|root| {
            walk.add(root);
        });
        // Nothing is hidden and nothing is ignored: `.env` usually is both.
        walk.standard_filters(false)
            .follow_links(false)
            .same_file_system(cfg!(not(unix)))
            .max_depth(Some(self.scan.limits.depth))
            .threads(self.threads())
            .filter_entry(move |entry| filter.enters(entry));
        walk.build_parallel().run(|| {
            let mut desk = Desk::default();
            Box::new(move |entry| {
                if self.over() {
                    return WalkState::Quit;
                }
                match entry {
                    Ok(entry) => self.entry(&entry, &mut desk),
                    Err(_) => count(&self.tally.unreadable),
                }
                WalkState::Continue
            })
        });
    }

    fn threads(&self) -> usize {
        match self.scan.limits.threads {
            0 => std::thread::available_parallelism().map_or(2, |own| own.get().min(8)),
            threads => threads,
        }
    }

    fn entry(&self, entry: &ignore::DirEntry, desk: &mut Desk) {
        let Some(kind) = entry.file_type() else { return };
        let path = entry.path();
        if kind.is_symlink() {
            count(&self.tally.links);
        } else if kind.is_file() && is_binary_name(path) {
            count(&self.tally.files);
            count(&self.tally.binary);
        } else if kind.is_file() {
            self.file(path, &self.projects.owners(path), false, desk);
        } else if !kind.is_dir() {
            count(&self.tally.special);
        }
    }

    /// Reads a file and looks into it. Answers which file it is, once it was read.
    fn file(
        &self,
        path: &Path,
        owners: &[Owner],
        known: bool,
        desk: &mut Desk,
    ) -> Option<(u64, u64)> {
        let limits = &self.scan.limits;
        let named = !owners.is_empty();
        let largest = u64::try_from(LARGEST).unwrap_or(u64::MAX);
        let limit = if named { largest } else { limits.file };
        let again = |id| self.done.contains(&id);
        let content = read(path, known, limit, again, &mut desk.buffer);
        if matches!(content, Ok(Content::Again)) {
            return None;
        }
        count(&self.tally.files);
        self.progress(path);
        let (mode, id) = match content {
            Ok(Content::Read { mode, id }) => (mode, id),
            Ok(Content::TooLarge) => return skipped(&self.tally.too_large),
            Ok(Content::Binary) => return skipped(&self.tally.binary),
            Ok(Content::Special) => return skipped(&self.tally.special),
            Ok(Content::Again) => return None,
            Err(_) => return skipped(&self.tally.unreadable),
        };
        let length = u64::try_from(desk.buffer.len()).unwrap_or(u64::MAX);
        self.tally.bytes.fetch_add(length, Ordering::Relaxed);
        let text = decode(&desk.buffer);
        let ask = Ask { known: self.scan.known, shape: self.scan.shape, stop: self.scan.stop };
        let document = Document { path, owners, text: &text, mode };
        let (found, placeholders) = inspect(self.scan.places, ask, &mut desk.finder, &document);
        self.tally.placeholders.fetch_add(placeholders, Ordering::Relaxed);
        self.keep(found);
        drop(text);
        if desk.buffer.capacity() > ORDINARY {
            desk.buffer = Vec::new();
        }
        id
    }

    /// Keeps findings up to the bound.
    fn keep(&self, mut found: Vec<Found>) {
        if found.is_empty() {
            return;
        }
        let mut all = self.tally.found.lock().unwrap_or_else(PoisonError::into_inner);
        let room = self.scan.limits.found.saturating_sub(all.len());
        self.tally.more.fetch_add(found.len().saturating_sub(room), Ordering::Relaxed);
        found.truncate(room);
        all.append(&mut found);
        self.tally.kept.store(all.len(), Ordering::Relaxed);
    }

    /// Whether the scan is to end.
    fn over(&self) -> bool {
        let tally = &self.tally;
        if tally.files.load(Ordering::Relaxed) >= self.scan.limits.files {
            tally.out_of_files.store(true, Ordering::Relaxed);
        }
        if self.started.elapsed() >= self.scan.limits.time {
            tally.out_of_time.store(true, Ordering::Relaxed);
        }
        self.scan.stop.load(Ordering::Relaxed)
            || tally.out_of_files.load(Ordering::Relaxed)
            || tally.out_of_time.load(Ordering::Relaxed)
    }

    fn progress(&self, path: &Path) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let told = self.tally.told.load(Ordering::Relaxed);
        let order = Ordering::Relaxed;
        if now < told.saturating_add(PROGRESS)
            || self.tally.told.compare_exchange(told, now, order, order).is_err()
        {
            return;
        }
        (self.scan.progress)(ScanProgress {
            files: self.tally.files.load(Ordering::Relaxed),
            bytes: self.tally.bytes.load(Ordering::Relaxed),
            found: self.tally.kept.load(Ordering::Relaxed),
            folder: path.parent().unwrap_or(path),
        });
    }

    fn report(self, skipped: Skipped) -> ScanReport {
        let tally = self.tally;
        let mut found = tally.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.sort_by(|a, b| (&a.file, a.span.start).cmp(&(&b.file, b.span.start)));
        let bound = if tally.out_of_files.into_inner() {
            Some(Bound::Files)
        } else if tally.out_of_time.into_inner() {
            Some(Bound::Time)
        } else {
            None
        };
        ScanReport {
            found,
            more: tally.more.into_inner(),
            placeholders: tally.placeholders.into_inner(),
            files: tally.files.into_inner(),
            bytes: tally.bytes.into_inner(),
            skipped: Skipped {
                too_large: tally.too_large.into_inner(),
                binary: tally.binary.into_inner(),
                unreadable: tally.unreadable.into_inner(),
                links: tally.links.into_inner(),
                special: tally.special.into_inner(),
                ..skipped
            },
            stopped: self.scan.stop.load(Ordering::Relaxed),
            bound,
            took: self.started.elapsed(),
        }
    }
}

fn skipped(number: &AtomicUsize) -> Option<(u64, u64)> {
    count(number);
    None
}
