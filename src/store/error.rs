//! What can go wrong with the database, in words for the people who run it.

use std::path::PathBuf;
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
    /// Anything else SQLite says.
    #[error("the database failed: {0}")]
    Sqlite(Arc<rusqlite::Error>),
}

impl Error {
    /// A thread that could not be started.
    pub fn thread(error: std::io::Error) -> Self {
        Self::Thread(Arc::new(error))
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
