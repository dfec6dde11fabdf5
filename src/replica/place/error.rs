//! Why a place did not do what was asked, in words for the people who run it.

use std::io;
use std::sync::Arc;

use http::StatusCode;

use crate::fetch;

/// Why a place did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Nothing lies there.
    #[error("{0} is not there")]
    Missing(String),
    /// The disk failed, or the line to the store while something was read.
    #[error("{what} cannot be read or written ({error})")]
    Failed {
        /// Which folder or object.
        what: String,
        /// What the system said.
        error: Arc<io::Error>,
    },
    /// It is larger than such an object can be.
    #[error("{0} is too large: larder has not written it")]
    TooLarge(String),
    /// The place's address or the certificates cannot be used.
    #[error("{place} cannot be used: {why}")]
    Unusable {
        /// Its address.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// The store gave no answer; whether it did what was asked is not known.
    #[error("the store did not answer about {what}: {error}")]
    Unanswered {
        /// Which object.
        what: String,
        /// Why there is no answer.
        error: fetch::Error,
    },
    /// The store refused.
    #[error("the store refused {what} with {status}{said}{}", hint(*.status))]
    Answered {
        /// Which object.
        what: String,
        /// With which status.
        status: StatusCode,
        /// What it said, after a colon; may be empty.
        said: String,
    },
    /// The store's answer makes no sense.
    #[error("the store's answer about {what} makes no sense ({why}): is there an S3 store at this endpoint?")]
    Unexpected {
        /// Which object.
        what: String,
        /// What is wrong with the answer.
        why: String,
    },
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

    /// Whether asking again may help: the store is in trouble, not the question.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unanswered { error, .. } => error.may_pass(),
            // 409: somebody else stores something at the same key at this moment.
            Self::Answered { status, .. } => status.is_server_error() || matches!(status.as_u16(), 408 | 409 | 429),
            _ => false,
        }
    }
}

fn hint(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 | 403 => ". Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and what this key may do in the bucket",
        301 | 307 => ". Check the region and the endpoint",
        _ => "",
    }
}
