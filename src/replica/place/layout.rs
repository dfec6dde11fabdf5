//! At which keys Litestream's clients look for the parts of a change log.

/// How much a part of the change log covers: 0 is one sync, 1 to 3 are merged ever more coarsely, 9 is the whole
/// database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u8);

/// Every level that Litestream uses, the finest first.
pub const LEVELS: [Level; 5] = [Level::RAW, Level(1), Level(2), Level(3), Level::SNAPSHOT];

impl Level {
    /// As it was synced.
    pub const RAW: Self = Self(0);
    /// The whole database.
    pub const SNAPSHOT: Self = Self(9);

    /// Those that are made by merging the one before.
    pub const MERGED: [Self; 3] = [Self(1), Self(2), Self(3)];

    /// The level with this number; none above 9.
    pub fn of(number: u8) -> Option<Self> {
        (number <= 9).then_some(Self(number))
    }

    /// Its number.
    pub fn number(self) -> u8 {
        self.0
    }

    pub(super) fn in_folder(self) -> String {
        format!("ltx/{}", self.0)
    }

    pub(super) fn in_bucket(self) -> String {
        format!("{:04x}", self.0)
    }
}
