//! What was answered.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many requests were answered since the process began, by the first digit of the status. Counting is an addition
/// and nothing else.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Answered([AtomicU64; 5]);

impl Answered {
    /// A request was answered with this status.
    pub fn count(&self, status: u16) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        self.0[class].fetch_add(1, Ordering::Relaxed);
    }

    /// How many, by class: `2xx`.
    pub(super) fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        ["1xx", "2xx", "3xx", "4xx", "5xx"].into_iter().zip(self.0.iter().map(|count| count.load(Ordering::Relaxed)))
    }
}
