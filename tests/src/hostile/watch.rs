//! Counts panics anywhere in the process, also in tasks that nobody waits for.

use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

pub(super) struct Panics(Arc<AtomicU32>);

/// Counts from now on. A failing check of a test is no panic of the product.
pub(super) fn panics() -> Panics {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !info.location().is_some_and(|place| place.file().starts_with("tests/")) {
            counted.fetch_add(1, Ordering::SeqCst);
        }
        before(info);
    }));
    Panics(count)
}

impl Panics {
    pub(super) fn counted(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}
