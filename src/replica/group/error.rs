//! Why a server cannot follow or lead, in words for the people who run it.

use std::io;
use std::path::{Path, PathBuf};

use super::super::place;
use crate::{replica, store};

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Copying or restoring went wrong.
    #[error(transparent)]
    Replica(#[from] replica::Error),
    /// There is a site here that follows nobody.
    #[error(
        "{0} holds a site that is no standby of this replica: --rebuild moves it aside and begins from the replica"
    )]
    NotAStandby(PathBuf),
    /// The site here follows a primary.
    #[error(
        "{folder} is the folder of a standby that follows {place}. Serve it with that as its --replica. To make it a \
         site of its own, remove replica/own.json in it"
    )]
    FollowsAnother {
        /// The site's folder.
        folder: PathBuf,
        /// What it follows.
        place: String,
    },
    /// The primary lives.
    #[error(
        "the primary{url} was still at work {seconds} seconds ago. End it first. --force takes over all the same: what \
         it acknowledges from then on is put aside and not part of the site"
    )]
    StillLed {
        /// Where it is reached, with a word in front; may be empty.
        url: String,
        /// How long ago it last said so.
        seconds: u64,
    },
    /// The store keeps to no conditions.
    #[error(
        "this store ignores the conditions under which something may be written, so that it cannot see to it that only \
         one server takes over. Make sure that no other one is primary, and say --force"
    )]
    Lies,
    /// The replica falls with its machine.
    #[error(
        "the replica is a folder, which may be gone with the primary's machine: it cannot decide who takes over. \
         `larder promote` does it by hand"
    )]
    Local,
    /// As it was told before.
    #[error("{0}")]
    Told(String),
    /// Another one was quicker.
    #[error("another server has taken over")]
    Taken,
    /// Nothing here follows.
    #[error("this server is the primary already")]
    LeadsAlready,
    /// The replica holds nothing that leads on from here.
    #[error(
        "the replica has nothing that leads on from transaction {0:016x}; its files were removed or it is another one"
    )]
    NothingFollows(u64),
    /// Nobody answers.
    #[error("no standby runs on {0}: start `larder standby` there first")]
    NobodyFollows(PathBuf),
}

impl Error {
    /// A failure of the disk.
    pub(super) fn disk(path: &Path, error: io::Error) -> Self {
        Self::Replica(replica::Error::disk(path, error))
    }

    /// Whether nothing was ever copied to the place.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Replica(replica::Error::Empty(_))) || self.is_missing()
    }

    /// Whether nothing lies at the place.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Replica(replica::Error::Place(error)) if error.is_missing())
    }
}

impl From<place::Error> for Error {
    fn from(error: place::Error) -> Self {
        Self::Replica(error.into())
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Replica(error.into())
    }
}
