//! Why a place did not do what was asked, in words for the people who run it.

use std::io;
use std::sync::Arc;

/// Why a place did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Nothing lies there.
    #[error("{0} is not there")]
    Missing(String),
    /// The disk failed.
    #[error("{what} cannot be read or written ({error}): is there room on the disk, and may this user write there?")]
    Failed {
        /// Which folder or object.
        what: String,
        /// What the system said.
        error: Arc<io::Error>,
    },
    /// It is larger than such an object can be.
    #[error("{0} is too large: larder has not written it")]
    TooLarge(String),
}

impl Error {
    /// An error of the system.
    pub(super) fn failed(what: String, error: io::Error) -> Self {
        Self::Failed { what, error: Arc::new(error) }
    }

    /// Whether there is nothing at the key.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_))
    }
}
