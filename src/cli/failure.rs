//! Why a command did not do what it was asked.

use std::io;

use crate::{authoring, store};

/// What ends a command early.
#[derive(Debug)]
pub(super) enum Failure {
    /// A sentence for the person who typed it.
    Said(String),
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

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::NobodyListens,
            _ => Self::Said(error.to_string()),
        }
    }
}
