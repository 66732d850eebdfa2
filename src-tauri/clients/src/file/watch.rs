//! What others do to a file while it is being replaced, seen through inotify.

use std::{
    cell::Cell,
    fs::{File, Metadata},
    mem::MaybeUninit,
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    time::Instant,
};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};

/// What was seen of one file since the last look.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stir {
    /// Somebody opened it, for whatever purpose.
    pub(super) opened: bool,
    /// Somebody truncated it or wrote into it.
    pub(super) written: bool,
}

/// Watches one open file, whatever its name comes to be. Our own reading through a descriptor
/// that was open before is not seen.
pub(super) struct Watch<'f> {
    // None where no more watches are to be had; then only size and time tell.
    inotify: Option<OwnedFd>,
    file: &'f File,
    before: (u64, i64, i64),
    opened: Cell<bool>,
    /// When.
    pub(super) begun: Instant,
}

impl<'f> Watch<'f> {
    /// Begins.
    pub(super) fn on(file: &'f File, about: &Metadata) -> Self {
        // The descriptor's own path: the name may mean another file by now.
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        let inotify = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok();
        let inotify = inotify.filter(|inotify| {
            let flags = WatchFlags::OPEN | WatchFlags::MODIFY | WatchFlags::CLOSE_WRITE;
            inotify::add_watch(inotify, path, flags).is_ok()
        });
        Self {
            opened: Cell::new(inotify.is_none()),
            begun: Instant::now(),
            inotify,
            file,
            before: mark(about),
        }
    }

    /// What has happened since the last call.
    pub(super) fn stir(&self) -> Stir {
        let mut stir = Stir::default();
        let Some(inotify) = &self.inotify else {
            let now = self.file.metadata().ok();
            stir.written = now.is_none_or(|now| mark(&now) != self.before);
            return stir;
        };
        let mut buffer = [MaybeUninit::uninit(); 4_096];
        let mut reader = Reader::new(inotify, &mut buffer);
        while let Ok(event) = reader.next() {
            let events = event.events();
            stir.opened |= events.intersects(ReadFlags::OPEN | ReadFlags::QUEUE_OVERFLOW);
            stir.written |= events
                .intersects(ReadFlags::MODIFY | ReadFlags::CLOSE_WRITE | ReadFlags::QUEUE_OVERFLOW);
        }
        self.opened.set(self.opened.get() || stir.opened);
        stir
    }

    /// Whether somebody may have opened it since the last call: whether `/proc` must be asked
    /// who has it open.
    pub(super) fn take_opened(&self) -> bool {
        let opened = self.opened.get();
        self.opened.set(self.inotify.is_none());
        opened
    }
}

fn mark(about: &Metadata) -> (u64, i64, i64) {
    (about.size(), about.mtime(), about.mtime_nsec())
}
