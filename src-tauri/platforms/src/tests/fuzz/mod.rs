//! Spoilt answers and spoilt profiles: nothing panics, every outcome is typed, no
//! error tells a secret, and trouble never reads as success.

mod answers;
mod dice;
mod http;
mod profiles;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use keywright_model::RemoteKey;

/// What must be true of every key that was read, however spoilt the answer.
fn sound(key: &RemoteKey) {
    assert!(key.remote_id.len() <= 512 && !key.remote_id.chars().any(char::is_control));
    assert!(key.hint.prefix.chars().count() <= 24 && key.hint.suffix.chars().count() <= 8);
    for text in key.name.iter().chain(&key.scopes).chain([&key.owner.name]) {
        assert!(text.chars().count() <= 1_000 && !text.chars().any(char::is_control), "{text:?}");
    }
}

/// Does something with each of them, on as many threads as there are cores.
fn for_each<T: Sync>(all: &[T], act: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            act(one);
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from).min(all.len().max(1));
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
}
