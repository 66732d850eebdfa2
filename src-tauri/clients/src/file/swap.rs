//! Replacing a file that is there.

use std::path::Path;

use super::{
    Digest, FileError, Rules, Written,
    known::Known,
    lock::Held,
    look::Way,
    system,
    temporary::{Temporary, sync_names},
};
#[cfg(target_os = "linux")]
use crate::file::watch::Watch;

pub(super) fn replace(
    path: &Path,
    expected: &Digest,
    new: &[u8],
    rules: &Rules,
) -> Result<Written, FileError> {
    let missing = || FileError::Missing { path: path.to_owned() };
    let way = Way::to(path)?.ok_or_else(missing)?;
    let old = Known::open(&way.real)?.ok_or_else(missing)?;
    if old.digest()? != *expected {
        return Err(FileError::changed(path));
    }
    let digest = Digest::of(new);
    let written = Written { real: way.real, digest, made: Vec::new() };
    if digest == *expected {
        return Ok(written);
    }
    old.check(rules)?;
    // Before the slow part, which then is waiting for a quiet moment too.
    #[cfg(target_os = "linux")]
    let watch = Watch::on(&old.file, &old.about);
    let swap = Swap {
        old: &old,
        expected,
        digest: &digest,
        rules,
        #[cfg(target_os = "linux")]
        watch: &watch,
    };
    let temporary = Temporary::beside(&old.real)?;
    temporary.write(new)?;
    system::keep(&old.file, &old.about, &temporary.file).map_err(|error| not_kept(&old, error))?;
    temporary.sync()?;
    let _held = Held::take(&old.real, rules)?;
    swap.make(temporary)?;
    Ok(written)
}

fn not_kept(old: &Known, error: std::io::Error) -> FileError {
    if error.kind() == std::io::ErrorKind::PermissionDenied {
        return FileError::NotOurs { path: old.real.clone() };
    }
    FileError::write("keep the owner and the mode of", &old.real, error)
}

/// A new file that is to take the place of an old one.
pub(super) struct Swap<'a> {
    pub(super) old: &'a Known,
    pub(super) expected: &'a Digest,
    pub(super) digest: &'a Digest,
    pub(super) rules: &'a Rules,
    #[cfg(target_os = "linux")]
    pub(super) watch: &'a Watch<'a>,
}

impl Swap<'_> {
    /// Whether the path still has the old file, and that what is expected.
    fn is_as_expected(&self) -> Result<bool, FileError> {
        Ok(self.old.is_at(&self.old.real) && self.old.digest()? == *self.expected)
    }

    /// Compares, then renames: nearly as good, and all that some file systems can do.
    pub(super) fn rename(&self, mut new: Temporary) -> Result<(), FileError> {
        let real = &self.old.real;
        if !self.is_as_expected()? {
            return Err(FileError::changed(real));
        }
        std::fs::rename(&new.path, real)
            .map_err(|error| FileError::write("replace", real, error))?;
        new.path.disable_cleanup(true);
        sync_names(real).map_err(|source| FileError::NotDurable { path: real.clone(), source })
    }
}

#[cfg(not(target_os = "linux"))]
impl Swap<'_> {
    pub(super) fn make(&self, new: Temporary) -> Result<(), FileError> {
        self.rename(new)
    }
}

#[cfg(target_os = "linux")]
mod exchange {
    use std::{
        hint, thread,
        time::{Duration, Instant},
    };

    use super::{FileError, Swap, Temporary, sync_names, system};
    use crate::file::open;

    /// Nobody has opened the file for so long: nobody is between reading and writing it.
    const QUIET: Duration = Duration::from_millis(10);
    /// How long such a moment is waited for.
    const RESTLESS: Duration = Duration::from_secs(1);
    /// After the exchange: first without sleeping, since every microsecond counts for who
    /// must get the old file back…
    const AT_ONCE: Duration = Duration::from_millis(2);
    /// …and then so long in all.
    const SETTLE: Duration = Duration::from_millis(12);
    const STEP: Duration = Duration::from_micros(200);

    impl Swap<'_> {
        /// Exchanges old and new, looks at what came out, and takes it back if need be.
        pub(in super::super) fn make(&self, new: Temporary) -> Result<(), FileError> {
            let real = &self.old.real;
            self.wait_for_quiet()?;
            if !self.is_as_expected()? || self.watch.stir().written {
                return Err(FileError::changed(real));
            }
            match system::exchange(&new.path, real) {
                Ok(()) => {}
                Err(error) if system::cannot_exchange(&error) => return self.rename(new),
                Err(error) => return Err(FileError::write("replace", real, error)),
            }
            self.check_exchanged(new)
        }

        /// After the exchange: holds that what came out is what was meant, or undoes it.
        pub(in super::super) fn check_exchanged(&self, new: Temporary) -> Result<(), FileError> {
            let real = &self.old.real;
            // The first of all, since others may be reading the new file by now.
            if !self.old.is_at(&new.path) || self.watch.stir().written {
                return Err(self.put_back(new, FileError::changed(real)));
            }
            if let Err(reason) = self.settle() {
                return Err(self.put_back(new, reason));
            }
            if let Err(error) = sync_names(real) {
                let reason = FileError::write("make durable", real, error);
                return Err(self.put_back(new, reason));
            }
            // The old file goes.
            drop(new);
            Ok(())
        }

        /// Waits until nobody has the file open for writing, nor has lately opened it.
        fn wait_for_quiet(&self) -> Result<(), FileError> {
            let start = Instant::now();
            self.wait_for_writers(start)?;
            let closed = Instant::now();
            let mut since = self.watch.begun;
            loop {
                let stir = self.watch.stir();
                if stir.opened || stir.written {
                    since = Instant::now();
                }
                if since.elapsed() >= QUIET || closed.elapsed() >= RESTLESS {
                    break;
                }
                let moved = !self.old.is_at(&self.old.real);
                if moved || (stir.written && !self.is_as_expected()?) {
                    return Err(FileError::changed(&self.old.real));
                }
                thread::sleep(STEP);
            }
            if self.watch.take_opened() { self.wait_for_writers(start) } else { Ok(()) }
        }

        fn wait_for_writers(&self, start: Instant) -> Result<(), FileError> {
            while let Some(by) = open::writer(&self.old.about) {
                if start.elapsed() > self.rules.patience {
                    let path = self.old.real.clone();
                    return Err(FileError::Locked { path, by: Some(by) });
                }
                thread::sleep(STEP);
            }
            Ok(())
        }

        /// Waits until nothing can be written into the old file any more.
        fn settle(&self) -> Result<(), FileError> {
            let start = Instant::now();
            while start.elapsed() < SETTLE {
                if self.watch.stir().written {
                    return Err(FileError::changed(&self.old.real));
                }
                if start.elapsed() < AT_ONCE { hint::spin_loop() } else { thread::sleep(STEP) }
            }
            // Who opened it may still be about to write.
            let opened = self.watch.take_opened();
            while opened && let Some(by) = open::writer(&self.old.about) {
                if self.watch.stir().written {
                    return Err(FileError::changed(&self.old.real));
                }
                if start.elapsed() > self.rules.patience {
                    let path = self.old.real.clone();
                    return Err(FileError::Locked { path, by: Some(by) });
                }
                thread::sleep(STEP);
            }
            if self.watch.stir().written || self.old.digest()? != *self.expected {
                return Err(FileError::changed(&self.old.real));
            }
            Ok(())
        }

        /// Takes the new file out again. What must be back is at its path then, and at ours
        /// what others have made of the new one meanwhile: that is theirs too.
        fn put_back(&self, mut new: Temporary, reason: FileError) -> FileError {
            let real = &self.old.real;
            let start = Instant::now();
            new.path.disable_cleanup(true);
            if system::exchange(&new.path, real).is_err()
                && system::exchange(&new.path, real).is_err()
            {
                return new.keep_content();
            }
            // Whoever opened the new one while it had the name may be about to write it.
            while open::writer(&new.about).is_some() && start.elapsed() < self.rules.patience {
                thread::sleep(STEP);
            }
            if new.is_untouched(self.digest) {
                new.path.disable_cleanup(false);
                return reason;
            }
            // Somebody wrote after the exchange, so theirs is the newest. The one that was
            // taken out matters only if it is not the one that theirs was made from.
            if system::exchange(&new.path, real).is_err() {
                return new.keep_content();
            }
            if self.old.is_at(&new.path) && self.old.digest().is_ok_and(|d| d == *self.expected) {
                new.path.disable_cleanup(false);
                return FileError::changed(real);
            }
            new.keep_content()
        }
    }
}
