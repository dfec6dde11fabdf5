//! Why a command did not do what it was asked.

use std::io;

use crate::{authoring, replica, store};

/// What ends a command early.
#[derive(Debug)]
pub(super) enum Failure {
    /// A sentence for the person who typed it.
    Said(String),
    /// A sentence, and another exit code than 1.
    Coded(u8, String),
    /// Standard output was closed.
    NobodyListens,
}

impl Failure {
    /// A sentence.
    pub(super) fn said(sentence: impl Into<String>) -> Self {
        Self::Said(sentence.into())
    }
}

impl From<authoring::Error> for Failure {
    fn from(error: authoring::Error) -> Self {
        Self::Said(error.to_string())
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Said(error.to_string())
    }
}

/// What was looked at is not as it should be.
pub(super) const NOT_SOUND: u8 = 3;
/// Somebody must decide something first.
pub(super) const UNDECIDED: u8 = 4;

impl From<replica::Error> for Failure {
    fn from(error: replica::Error) -> Self {
        use replica::Error::{Damaged, Differs, Foreign, Gap, Misnamed, NoBeginning};
        let said = error.to_string();
        match error {
            Damaged { .. } | Misnamed { .. } | Foreign { .. } | Gap { .. } | NoBeginning { .. } | Differs { .. } => {
                Self::Coded(NOT_SOUND, said)
            }
            replica::Error::Store(store::Error::Damaged { .. }) => Self::Coded(NOT_SOUND, said),
            error if error.is_final() => Self::Coded(UNDECIDED, said),
            _ => Self::Said(said),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::NobodyListens,
            _ => Self::Said(error.to_string()),
        }
    }
}
