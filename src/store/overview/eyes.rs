//! Whose lines somebody sees.

/// Whose drafts somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// Everybody's.
    All,
    /// Nobody's: what is live, as readers get it.
    Live,
    /// Their own, by their id; of everything else what is live.
    Own(i64),
}

/// What readers get.
pub(in crate::store) const LIVE: i64 = 1;
/// What editors work on.
pub(in crate::store) const NEWEST: i64 = 2;

/// A lane, and whose lines of it are seen.
#[derive(Clone, Copy)]
pub(in crate::store) struct Lane {
    pub(super) number: i64,
    own: Option<bool>,
}

impl Lane {
    /// The test of a line's creator. The second half lets SQLite use the index of those that have one.
    pub(in crate::store) fn seen_by(self, eyes: Eyes) -> String {
        let user = eyes.user();
        let seen = match self.own {
            None => "1".into(),
            Some(true) => format!("o.creator = {user} AND o.creator > 0"),
            Some(false) => format!("o.creator <> {user}"),
        };
        format!("o.lane = {} AND {seen}", self.number)
    }
}

impl Eyes {
    pub(in crate::store) fn lanes(self) -> &'static [Lane] {
        match self {
            Self::All => &[Lane { number: NEWEST, own: None }],
            Self::Live => &[Lane { number: LIVE, own: None }],
            Self::Own(_) => &[Lane { number: LIVE, own: Some(false) }, Lane { number: NEWEST, own: Some(true) }],
        }
    }

    pub(super) fn user(self) -> i64 {
        match self {
            Self::Own(user) => user,
            Self::All | Self::Live => 0,
        }
    }

    /// The test of a line of work in progress that they see; `None` when they see none.
    pub(in crate::store) fn sees_drafts(self) -> Option<String> {
        self.lanes().iter().find(|lane| lane.number == NEWEST).map(|lane| lane.seen_by(self))
    }

    /// The test of one line for all lanes at once.
    pub(in crate::store) fn sees(self) -> String {
        let lanes = self.lanes().iter().map(|lane| format!("({})", lane.seen_by(self)));
        format!("({})", lanes.collect::<Vec<_>>().join(" OR "))
    }
}
