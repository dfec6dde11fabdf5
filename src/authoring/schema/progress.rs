//! How far a change of the model has come.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many entries have been brought up to date, of how many.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    all: AtomicU64,
}

impl Progress {
    /// Entries that are done, and all of them; both 0 before it is known.
    pub fn now(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed))
    }

    pub(super) fn expect(&self, entries: u64) {
        self.all.fetch_add(entries, Ordering::Relaxed);
    }

    pub(super) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}
