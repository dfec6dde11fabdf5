//! How answers came about since the process began.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::tally::Tally;

/// How answers came about since the process began.
#[derive(Debug, Default)]
pub struct Counts {
    answers: Tally<3>,
    /// How long building answers took that were asked for.
    pub builds: Timings,
    /// How long it took to bring the kept answers in step with a change.
    pub refreshes: Timings,
}

impl Counts {
    const KEPT: usize = 0;
    const STALE: usize = 1;
    const MADE: usize = 2;

    /// An answer that was at hand was sent.
    pub fn count_kept(&self, stale: bool) {
        self.answers.count(if stale { Self::STALE } else { Self::KEPT });
    }

    /// An answer was sent that had to be made.
    pub fn count_made(&self) {
        self.answers.count(Self::MADE);
    }

    /// How many answers were at hand, at hand and known to be old, and made.
    pub fn answers(&self) -> [(&'static str, u64); 3] {
        let sums = self.answers.sums();
        [("kept", sums[Self::KEPT]), ("stale", sums[Self::STALE]), ("made", sums[Self::MADE])]
    }
}

/// How often something took how long.
#[derive(Debug, Default)]
pub struct Timings {
    within: [AtomicU64; Self::LIMITS.len()],
    longer: AtomicU64,
    micros: AtomicU64,
}

impl Timings {
    /// The limits between which times are told apart, in microseconds.
    const LIMITS: [u64; 9] = [250, 1_000, 2_500, 10_000, 25_000, 100_000, 250_000, 1_000_000, 5_000_000];

    /// It took so long once.
    pub(super) fn count(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let place = Self::LIMITS.iter().position(|limit| micros <= *limit);
        place.map_or(&self.longer, |place| &self.within[place]).fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// For each limit, in microseconds, how often it took no longer.
    pub fn within(&self) -> Vec<(u64, u64)> {
        let mut times = 0;
        let counts = Self::LIMITS.into_iter().zip(&self.within);
        counts
            .map(|(limit, count)| {
                times += count.load(Ordering::Relaxed);
                (limit, times)
            })
            .collect()
    }

    /// How often it took longer than the last limit.
    pub fn longer(&self) -> u64 {
        self.longer.load(Ordering::Relaxed)
    }

    /// How long it took in all.
    pub fn total(&self) -> Duration {
        Duration::from_micros(self.micros.load(Ordering::Relaxed))
    }
}
