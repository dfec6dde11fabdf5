//! How far a new site is set up.

/// What comes next in setting a site up. It is kept, so that whoever closes the browser goes on where they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// Name, language and time zone.
    Site,
    /// What the site begins with.
    Content,
    /// Showing it on a website.
    Show,
    /// Nothing: it is set up, or was made without this.
    Done,
}

impl Setup {
    /// The state as a number to keep; 0 when it is done.
    pub fn number(self) -> i64 {
        match self {
            Self::Done => 0,
            Self::Site => 1,
            Self::Content => 2,
            Self::Show => 3,
        }
    }

    /// The state that was kept as this number.
    pub fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Site,
            2 => Self::Content,
            3 => Self::Show,
            _ => Self::Done,
        }
    }
}
