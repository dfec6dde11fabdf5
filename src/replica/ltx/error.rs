//! What can be wrong with a file.

use std::io;

/// Why a file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk or the network failed.
    #[error(transparent)]
    Io(io::Error),
    /// It ends too early.
    #[error("it is cut off")]
    CutOff,
    /// It is something else.
    #[error("it is no LTX file")]
    NotLtx,
    /// It says something about itself that cannot be.
    #[error("its header makes no sense: {0}")]
    Header(&'static str),
    /// A page is not where or what it should be.
    #[error("page {page} is damaged: {what}")]
    Page {
        /// Its number, as far as that can be believed.
        page: u32,
        /// What is wrong.
        what: &'static str,
    },
    /// The list of pages at the end is damaged.
    #[error("its index of pages is damaged")]
    Index,
    /// Something was changed in it.
    #[error("its checksum does not fit its content")]
    Checksum,
    /// Something stands behind its end.
    #[error("something stands behind its end")]
    Trailing,
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::CutOff } else { Self::Io(error) }
    }
}
