//! The only SQL: one site's database.
//!
//! [`Store::read`] gives a snapshot to read from, [`Store::write`] queues a change for the one writer.
//! Everything that is kept beside the content (index, links, search, change log) is written here, in the
//! same transaction, so that no caller can forget it.

mod accounts;
mod changes;
mod entries;
mod error;
mod explain;
mod facets;
mod filters;
mod indexing;
mod links;
mod list;
mod media;
mod migrate;
mod models;
mod posts;
mod removing;
mod search;
mod settings;
mod write;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags};

use crate::content::schema::Model;

pub use changes::{Change, Watch};
pub use entries::Due;
pub use error::Error;
pub use indexing::ALL_SINGLES;
pub use links::Use;
pub use list::{Listed, Listing};
pub use media::MediaRow;
pub use models::StoredModel;
pub use posts::Neighbours;
pub use search::{Hit, SearchIn};
pub use write::Write;

/// The database's name in a site's folder.
pub const FILE: &str = "larder.db";
/// How long a statement waits for another process's lock.
const PATIENCE: Duration = Duration::from_secs(10);
/// Readers at once. More would only queue for the two or four cores that answer misses.
const READERS: u32 = 8;

/// One site's database.
pub struct Store {
    path: PathBuf,
    readers: r2d2::Pool<SqliteConnectionManager>,
    writer: writer::Writer,
    /// The newest model a reader has seen; each snapshot checks that it is still the one in force.
    model: RwLock<Arc<Model>>,
}

impl Store {
    /// Opens the site in a folder.
    ///
    /// # Errors
    /// `NoSite` when there is none, `Newer` or `Damaged` when it cannot be used.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Err(Error::NoSite(folder.into()));
        }
        Self::open_file(path)
    }

    /// Makes a site in a folder, which is made too; opens it when it is there already.
    ///
    /// # Errors
    /// `Folder` when the folder cannot be made; else as [`Store::open`].
    pub fn create(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::Folder { path: folder.into(), error: Arc::new(error) })?;
        Self::open_file(folder.join(FILE))
    }

    fn open_file(path: PathBuf) -> Result<Self, Error> {
        refuse_scrap(&path)?;
        let mut connection = Connection::open(&path).map_err(|error| unusable(&path, error))?;
        prepare(&connection).map_err(|error| unusable(&path, error))?;
        migrate::migrate(&mut connection, &path)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let readers = reader_pool(&path)?;
        let writer = writer::Writer::start(connection).map_err(Error::thread)?;
        Ok(Self { path, readers, writer, model: RwLock::default() })
    }

    /// Runs `question` on a snapshot of the database.
    ///
    /// # Errors
    /// The question's own error, and the database's.
    pub fn read<T, E: From<Error>>(&self, question: impl FnOnce(&Read<'_>) -> Result<T, E>) -> Result<T, E> {
        // The pool gives up only when every reader has been busy for its time-out.
        let connection = self.readers.get().map_err(|_| Error::Busy)?;
        let snapshot = connection.unchecked_transaction().map_err(Error::from)?;
        let model = self.current_model(&snapshot)?;
        let result = question(&Read { connection: &snapshot, model });
        // A snapshot has nothing to lose: however it ends, the next user begins anew.
        let _ = snapshot.finish();
        result
    }

    /// Runs a change in a transaction of its own and waits until it is on disk.
    ///
    /// # Errors
    /// The change's own error, and the database's. Nothing is changed then, except after an error of the
    /// commit itself, which may have happened: look before trying again.
    pub fn write<T, E>(&self, change: impl FnOnce(&mut Write<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writer.write(change).map(|(value, _)| value)
    }

    /// As [`Store::write`], and tells what the change made old.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn change<T, E>(
        &self,
        change: impl FnOnce(&mut Write<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<(T, Option<Change>), E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writer.write(change)
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The content model in force in this snapshot: the one remembered, unless it has changed since.
    fn current_model(&self, connection: &Connection) -> Result<Arc<Model>, Error> {
        let number = models::number(connection)?;
        let remembered = self.model.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if remembered.number == number {
            return Ok(remembered);
        }
        let fresh = Arc::new(models::load(connection)?.model);
        *self.model.write().unwrap_or_else(std::sync::PoisonError::into_inner) = fresh.clone();
        Ok(fresh)
    }
}

/// A snapshot of the database. Its methods stand in the file of what they find.
pub struct Read<'a> {
    connection: &'a Connection,
    model: Arc<Model>,
}

impl Read<'_> {
    /// The content model of this snapshot.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }
}

/// SQLite takes a file of a single byte for an empty database and would write over what is left of it.
fn refuse_scrap(path: &Path) -> Result<(), Error> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.len() == 1 => {
            Err(Error::Damaged { path: path.into(), error: "file is not a database".into() })
        }
        _ => Ok(()),
    }
}

fn unusable(path: &Path, error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            Error::Damaged { path: path.into(), error: error.to_string() }
        }
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            let error = Arc::new(std::io::Error::other(error.to_string()));
            Error::Folder { path: path.into(), error }
        }
        _ => error.into(),
    }
}

/// Settings of every connection. FULL, because a power cut under NORMAL loses acknowledged writes.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    // 64 MiB of pages: enough that an import's index pages stay in memory.
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.pragma_update(None, "temp_store", "memory")
}

fn reader_pool(path: &Path) -> Result<r2d2::Pool<SqliteConnectionManager>, Error> {
    let manager = SqliteConnectionManager::file(path)
        .with_flags(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .with_init(|connection| {
            connection.busy_timeout(PATIENCE)?;
            connection.set_prepared_statement_cache_capacity(256);
            connection.pragma_update(None, "temp_store", "memory")?;
            // 8 MiB of pages: the upper levels of a large site's indexes stay in memory.
            connection.pragma_update(None, "cache_size", -8_192)?;
            connection.pragma_update(None, "query_only", true)
        });
    r2d2::Pool::builder()
        .max_size(READERS)
        .min_idle(Some(1))
        .connection_timeout(PATIENCE)
        .test_on_check_out(false)
        .build(manager)
        .map_err(|_| Error::Busy)
}
