//! Why a copy could not be made or brought back, in words for the people who run it.

use std::io;
use std::path::{Path, PathBuf};

use super::{ltx, place};
use crate::content::moment::Moment;
use crate::store;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The place does not do what is asked.
    #[error(transparent)]
    Place(#[from] place::Error),
    /// The database does not.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A file here cannot be read or written.
    #[error("cannot use {path}: {error}")]
    Disk {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file of the replica is damaged, or none of ours.
    #[error("{file} is damaged: {error}; nothing was restored from it")]
    Damaged {
        /// Which.
        file: String,
        /// What is wrong with it.
        error: ltx::Error,
    },
    /// A file of the replica is not what its name says.
    #[error("{file} is not what its name says: it holds {holds}")]
    Misnamed {
        /// Which.
        file: String,
        /// The name that it should have.
        holds: String,
    },
    /// Files of the replica do not belong together.
    #[error("{file} has pages of {found} bytes, the files before it {expected}: it belongs to another database")]
    Foreign {
        /// Which.
        file: String,
        /// Its page size.
        found: u32,
        /// The others'.
        expected: u32,
    },
    /// Nothing lies there.
    #[error("there is no replica in {0}: nothing was ever copied there, or the address is not right")]
    Empty(String),
    /// A part is missing.
    #[error(
        "{place} has a gap: after transaction {after:016x} the next file is {next}; \
         restore up to that transaction with --transaction {after:016x}"
    )]
    Gap {
        /// Where.
        place: String,
        /// The last transaction before the gap.
        after: u64,
        /// The first file behind it.
        next: String,
    },
    /// The beginning is missing.
    #[error("{place} has no file that holds the whole database: its beginning is missing, nothing can be restored")]
    NoBeginning {
        /// Where.
        place: String,
    },
    /// It does not go so far back.
    #[error("{place} does not go back to {asked}: its oldest state is of {oldest}")]
    TooEarly {
        /// Where.
        place: String,
        /// What was asked for.
        asked: Moment,
        /// What there is.
        oldest: Moment,
    },
    /// No file ends with this transaction.
    #[error(
        "{place} cannot be restored to transaction {asked:016x}: \
         the nearest that it can be restored to is {nearest:016x}"
    )]
    NoSuchState {
        /// Where.
        place: String,
        /// What was asked for.
        asked: u64,
        /// What there is, at most that.
        nearest: u64,
    },
    /// What stands in the replica beside its files, or in a folder, cannot be understood.
    #[error("{object} cannot be read ({why}): a newer larder or another program has written it")]
    Unreadable {
        /// Which object.
        object: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is a site already.
    #[error("{0} is there already: --force moves it aside before the copy takes its place")]
    Exists(PathBuf),
    /// The replica is newer than what is to be copied there.
    #[error(
        "{place} is ahead of this site: it has transaction {theirs:016x}, this site {ours:016x}. \
         Either another server writes there, or this site was restored from an older state. Nothing is copied. \
         If this site shall go on from here, end the other server and run `larder replicate --once --take-over`; \
         else give this site a place of its own"
    )]
    Ahead {
        /// Where.
        place: String,
        /// Its newest transaction.
        theirs: u64,
        /// Ours.
        ours: u64,
    },
    /// Somebody else writes there.
    #[error(
        "another server copies to {place}: it has written {file} with other content. Nothing more is copied from \
         here; end one of the two, then start this one again"
    )]
    AnotherWriter {
        /// Where.
        place: String,
        /// What the other one has written.
        file: String,
    },
    /// Backups and what is copied all the time do not share a place.
    #[error("{0} is a replica, to which a server copies all the time: give backups a place of their own")]
    IsReplica(String),
    /// Litestream copies the same database.
    #[error(
        "Litestream is at work on this database: {0} has just changed. Two may not copy one database: end Litestream, \
         or start larder with --external-replica instead of --replica"
    )]
    Litestream(PathBuf),
    /// A restored copy is not what was copied.
    #[error("the replica is not what the database is: page {page} differs at transaction {transaction:016x}")]
    Differs {
        /// The first page that does.
        page: u32,
        /// The state that was compared.
        transaction: u64,
    },
    /// Another process has the role.
    #[error("another process copies this site already")]
    RoleTaken,
    /// It shall end.
    #[error("it was ended before it was done")]
    Ended,
}

impl Error {
    /// A failure of the disk.
    pub(super) fn disk(path: &Path, error: io::Error) -> Self {
        Self::Disk { path: path.into(), error }
    }

    /// What reading a file failed with.
    pub(super) fn file(file: &str, error: ltx::Error) -> Self {
        Self::Damaged { file: file.into(), error }
    }

    /// What cannot be understood.
    pub(super) fn unreadable(object: &str, error: &serde_json::Error) -> Self {
        Self::Unreadable { object: object.into(), why: error.to_string() }
    }

    /// Whether trying again is of no use until somebody has decided.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Ahead { .. } | Self::AnotherWriter { .. } | Self::Litestream(_))
    }
}
