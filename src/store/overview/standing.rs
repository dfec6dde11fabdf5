//! How far an entry has come.

/// How far an entry has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Never published, or taken off.
    Draft,
    /// Live, and a newer draft waits.
    Changed,
    /// The draft goes live at a set time.
    Scheduled,
    /// Live as it is.
    Published,
    /// Put aside.
    Archived,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Changed, Self::Scheduled, Self::Published, Self::Archived];

    /// The word in addresses and for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Changed => "changed",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == word)
    }

    pub(super) fn number(self) -> i64 {
        match self {
            Self::Draft => 1,
            Self::Changed => 2,
            Self::Scheduled => 3,
            Self::Published => 4,
            Self::Archived => 5,
        }
    }

    pub(super) fn of(number: i64) -> Self {
        Self::ALL.into_iter().find(|standing| standing.number() == number).unwrap_or(Self::Draft)
    }
}
