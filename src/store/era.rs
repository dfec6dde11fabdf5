//! Numbers that only grow, even when another database takes the place of the one they came from.

/// How many numbers one database may give.
const ROOM: u32 = 40;

/// Which of the databases that lay at this path in the process's life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Era(i64);

impl Era {
    /// The one after it.
    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// A number of the database as the process counts.
    pub(super) fn outside(self, number: i64) -> i64 {
        self.first() + number
    }

    /// A number of the process as the database counts; `None` when it comes from an earlier database.
    pub(super) fn inside(self, number: i64) -> Option<i64> {
        number.checked_sub(self.first()).filter(|number| *number >= 0)
    }

    fn first(self) -> i64 {
        self.0 << ROOM
    }
}

#[cfg(test)]
mod tests {
    use super::Era;

    #[test]
    fn numbers_of_a_new_database_are_larger_than_all_before() {
        let (old, new) = (Era::default(), Era::default().next());
        assert!(new.outside(0) > old.outside(1_000_000_000));
        assert_eq!((new.inside(old.outside(7)), new.inside(new.outside(7)), old.inside(7)), (None, Some(7), Some(7)));
    }
}
