//! What was answered.

use crate::tally::Tally;

/// How many requests were answered since the process began, by the first digit of the status.
#[derive(Debug, Default)]
pub struct Answered(Tally<5>);

impl Answered {
    /// A request was answered with this status.
    pub fn count(&self, status: u16) {
        self.0.count(usize::from(status / 100).clamp(1, 5) - 1);
    }

    /// How many, by class: `2xx`.
    pub(super) fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        ["1xx", "2xx", "3xx", "4xx", "5xx"].into_iter().zip(self.0.sums())
    }
}
