//! What can go wrong with the database, in words for the people who run it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The database did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// There is no site here.
    #[error("there is no site in {0}: `larder init --data {0}` makes one")]
    NoSite(PathBuf),
    /// The folder cannot be made or read.
    #[error("cannot use the folder {path}: {error}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: Arc<std::io::Error>,
    },
    /// A newer larder wrote it.
    #[error(
        "{path} was written by a newer larder (its format is {found}, this one knows {known}): \
         start the newer larder, or restore the copy it made before upgrading"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Not a database, or damaged.
    #[error("{path} is damaged or no larder database ({error}): restore it from a backup")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        error: String,
    },
    /// The file is no longer where it was, or its folder cannot be read.
    #[error(
        "{path} is gone ({error}): put it back, or a backup in its place; larder goes on by itself then, \
         and meanwhile answers what it has in memory"
    )]
    Gone {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: Arc<std::io::Error>,
    },
    /// Another file lies in its place.
    #[error("{0} was replaced by another file: larder opens that one as soon as it is written and sound")]
    Replaced(PathBuf),
    /// Another state, an older one or another database's, was written into the open file through SQLite.
    #[error("another state of the database was written into {0}: larder opens it again and goes on with that one")]
    Overwritten(PathBuf),
    /// What was open is being closed before it is opened again.
    #[error("the database is being opened again: try again in a moment")]
    Reopening,
    /// No changes are taken since an earlier one failed, or the file was found damaged.
    #[error("no changes are taken until this is over: {0}")]
    Refusing(Arc<Error>),
    /// Something stored makes no sense.
    #[error("{what} in the database cannot be read ({why}): it was written by something else than larder")]
    Unreadable {
        /// What.
        what: &'static str,
        /// Why not.
        why: String,
    },
    /// No thread can be started.
    #[error("the system refuses another thread ({0}): raise the limit of processes for this user")]
    Thread(Arc<std::io::Error>),
    /// No key can be made.
    #[error("the system gives no random numbers ({0}); try again")]
    NoChance(String),
    /// A slug that another entry has.
    #[error("another entry has this slug")]
    SlugTaken,
    /// A unique value that another row has.
    #[error("{0} is taken")]
    Taken(&'static str),
    /// No room left.
    #[error("the disk is full: free some space and try again; nothing was changed")]
    Full,
    /// Locked by another program for too long.
    #[error("the database is busy: another program has held it for too long; try again")]
    Busy,
    /// The work panicked; its transaction was rolled back.
    #[error("an internal error stopped this change; nothing was changed")]
    Panicked,
    /// The writer is gone: the process is ending.
    #[error("larder is shutting down; nothing was changed")]
    Closing,
    /// It failed so late that nobody knows whether it was done.
    #[error("a change may or may not have been saved ({0}): look before making it again")]
    Unknown(Arc<Error>),
    /// It is saved here and not in the replica, as was asked for.
    #[error("it is saved on this machine but not in the replica yet: {0}")]
    NotCopied(String),
    /// Another process may change the database, and this one follows it.
    #[error("this server is a standby and takes no changes{}", at(.0.as_deref()))]
    Follows(Option<String>),
    /// Another process may have begun to change the database.
    #[error(
        "this server could not tell the other ones that it lives, so that one of them may have taken over: \
         it takes no changes until it has"
    )]
    NoLease,
    /// A standby cannot bring the database up to date: that is the primary's.
    #[error(
        "the replica in {path} was written by an older larder (its format is {found}, this one makes it {known}): \
         upgrade the primary first, or start this standby with the primary's version"
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Somebody else brings the log into the database file.
    #[error("another process copies this database elsewhere already: end it first")]
    RoleTaken,
    /// Anything else SQLite says.
    #[error("the database failed: {0}")]
    Sqlite(Arc<rusqlite::Error>),
}

impl Error {
    /// A thread that could not be started.
    pub fn thread(error: std::io::Error) -> Self {
        Self::Thread(Arc::new(error))
    }

    /// A file that is not found where it was, or may not be read.
    pub(super) fn gone(path: &Path, error: std::io::Error) -> Self {
        Self::Gone { path: path.into(), error: Arc::new(error) }
    }

    /// What went wrong while a change was being committed. Only a full disk and a lock are known to have
    /// kept it out.
    pub(super) fn of_commit(error: rusqlite::Error) -> Self {
        match Self::from(error) {
            known @ (Self::Full | Self::Busy) => known,
            other => Self::Unknown(Arc::new(other)),
        }
    }

    /// Whether what connections have in memory may no longer be what is on disk.
    pub(super) fn breaks_trust(&self) -> bool {
        use rusqlite::ffi;
        match self {
            Self::Unknown(why) => why.breaks_trust(),
            Self::Sqlite(error) => {
                let code = error.sqlite_error().map(|failure| failure.extended_code);
                let lost = [ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_DIR_FSYNC, ffi::SQLITE_IOERR_SHORT_READ];
                self.tells_of_damage() || code.is_some_and(|code| lost.contains(&code))
            }
            _ => false,
        }
    }

    /// Whether the content of the file makes no sense to SQLite.
    pub(super) fn tells_of_damage(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match self {
            Self::Unknown(why) => why.tells_of_damage(),
            Self::Damaged { .. } => true,
            Self::Sqlite(error) => matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase)),
            _ => false,
        }
    }

    /// Whether nobody knows what became of the change.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Where the change can be made instead, as a sentence for everybody; `None` when that is not what is wrong.
    pub fn elsewhere(&self) -> Option<String> {
        match self {
            Self::Follows(Some(primary)) => {
                Some(format!("This server is a standby and takes no changes. Send them to its primary: {primary}"))
            }
            Self::Follows(None) => {
                Some("This server is a standby and takes no changes. Send them to its primary.".to_owned())
            }
            _ => None,
        }
    }

    /// What strangers may know of it: what is the matter, without names of files.
    pub fn in_public(&self) -> &'static str {
        match self {
            Self::NoSite(_) | Self::Gone { .. } => "the database file is missing",
            Self::Replaced(_) | Self::Overwritten(_) | Self::Reopening => "the database is being opened again",
            Self::Folder { .. } => "the database's folder cannot be used",
            Self::Follows(_) => "this server is a standby and takes no changes",
            Self::NoLease => "this server waits for the store that decides who takes changes",
            Self::Older { .. } => "the database is of an older version",
            Self::Newer { .. } | Self::Damaged { .. } | Self::Unreadable { .. } => "the database is damaged",
            Self::Full => "the disk is full",
            Self::Busy => "the database is busy",
            Self::Closing => "the server is shutting down",
            Self::NotCopied(_) => "the replica cannot be written",
            Self::Unknown(why) | Self::Refusing(why) => why.in_public(),
            Self::Sqlite(_) if self.tells_of_damage() => "the database or the disk is damaged",
            Self::Sqlite(_) => "the disk or the database fails",
            Self::Thread(_)
            | Self::NoChance(_)
            | Self::SlugTaken
            | Self::Taken(_)
            | Self::Panicked
            | Self::RoleTaken => "an internal error",
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let Some(failure) = error.sqlite_error() else { return Self::Sqlite(Arc::new(error)) };
        match failure.code {
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::ConstraintViolation => taken(error),
            _ => Self::Sqlite(Arc::new(error)),
        }
    }
}

fn at(primary: Option<&str>) -> String {
    primary.map(|primary| format!("; its primary is {primary}")).unwrap_or_default()
}

/// SQLite names the columns of a broken unique rule in its message and nowhere else.
fn taken(error: rusqlite::Error) -> Error {
    let text = error.to_string();
    for (columns, noun) in [
        ("entry.slug", None),
        ("author.slug", Some("an author's slug")),
        ("user.email", Some("this e-mail address")),
        ("category.slug", Some("a category's slug")),
        ("tag.slug", Some("a tag's slug")),
    ] {
        if text.contains(columns) {
            return noun.map_or(Error::SlugTaken, Error::Taken);
        }
    }
    Error::Sqlite(Arc::new(error))
}
