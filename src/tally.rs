//! Counts that many threads add to.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// How many threads add without taking anything from each other. More of them share.
const LANES: usize = 16;

thread_local! {
    static LANE: usize = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed) % LANES
    };
}

/// Some counts that are added to with every request. Each thread adds to its own: were there one for all, the processors
/// would take it from each other each time.
#[derive(Debug)]
pub struct Tally<const N: usize>([Lane<N>; LANES]);

/// A line of the processors' caches, and the one that is fetched with it.
#[derive(Debug)]
#[repr(align(128))]
struct Lane<const N: usize>([AtomicU64; N]);

impl<const N: usize> Default for Tally<N> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Lane(std::array::from_fn(|_| AtomicU64::new(0)))))
    }
}

impl<const N: usize> Tally<N> {
    /// Adds one to one of the counts.
    pub fn count(&self, which: usize) {
        LANE.with(|lane| self.0[*lane].0[which].fetch_add(1, Ordering::Relaxed));
    }

    /// The counts.
    pub fn sums(&self) -> [u64; N] {
        std::array::from_fn(|which| self.0.iter().map(|lane| lane.0[which].load(Ordering::Relaxed)).sum())
    }
}
