//! How many lines there are.

use super::Standing;

/// How many lines there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub(super) by_standing: [u64; 5],
}

impl Tally {
    /// Of one standing.
    pub fn of(&self, standing: Standing) -> u64 {
        self.by_standing[(standing.number() - 1) as usize]
    }

    /// All but the archived ones.
    pub fn all(&self) -> u64 {
        self.by_standing[..4].iter().sum()
    }
}
