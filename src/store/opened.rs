//! The connections to one database file, from opening to closing.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _};

use super::checkpointer::Checkpointer;
use super::commits::Commits;
use super::era::Era;
use super::error::Error;
use super::file::DatabaseFile;
use super::footing::Footing;
use super::upkeep::Upkeep;
use super::writer::{After, Writer};
use super::{migrate, models};
use crate::content::schema::Model;

/// How long a statement waits for another process's lock.
const PATIENCE: Duration = Duration::from_secs(10);
/// Readers at once. More would only queue for the two or four cores that answer misses.
const READERS: u32 = 8;
/// How long a database may be looked through before it is opened again. Whatever is not seen by then shows
/// when it is read.
const LONGEST_LOOK: Duration = Duration::from_secs(5);
/// How many steps SQLite takes between two looks at the clock.
const STEPS: std::ffi::c_int = 10_000;

/// The connections to one database file. They are closed in this order: the writer last, because the last
/// one brings the log into the file.
pub(super) struct Opened {
    /// Sees changes of all other connections.
    watching: Mutex<Watching>,
    pub(super) readers: r2d2::Pool<SqliteConnectionManager>,
    pub(super) writer: Writer,
    /// The newest model a reader has seen; each snapshot checks that it is still the one in force.
    model: RwLock<Arc<Model>>,
    pub(super) era: Era,
    /// Which opening this is.
    number: u64,
    pub(super) footing: Arc<Footing>,
}

/// Which database it is, and in which state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// A number by chance, made when it is first opened.
    pub(super) identity: i64,
    /// How many transactions it has seen.
    pub(super) transactions: i64,
}

impl State {
    fn read(connection: &Connection) -> rusqlite::Result<Self> {
        const OF_SITE: &str = "SELECT (SELECT value FROM meta WHERE name = 'identity'),
            ifnull((SELECT value FROM meta WHERE name = 'transactions'), 0)";
        let state = |row: &rusqlite::Row<'_>| Ok(Self { identity: row.get(0)?, transactions: row.get(1)? });
        connection.prepare_cached(OF_SITE)?.query_row([], state)
    }
}

/// A connection that changes nothing and sees what others change.
struct Watching {
    connection: Connection,
    /// What the state was called that was last found to follow from the one before.
    followed: Option<i64>,
}

impl Watching {
    fn version(&self) -> rusqlite::Result<i64> {
        self.connection.pragma_query_value(None, "data_version", |row| row.get(0))
    }
}

impl Opened {
    /// Opens a database file for the first time; makes it when there is none.
    pub(super) fn first(path: &Path, upkeep: Upkeep, commits: &Arc<Commits>) -> Result<Self, Error> {
        refuse_scrap(path)?;
        let mut connection = Connection::open(path).map_err(|error| unusable(path, error))?;
        prepare(&connection, upkeep).map_err(|error| unusable(path, error))?;
        bring_up_to_date(&mut connection, path, upkeep)?;
        let file = Arc::new(DatabaseFile::open(path)?);
        Self::with(connection, file, Era::default(), 0, upkeep, commits)
    }

    /// Opens a file that has taken the place of what was open, or come back to it.
    pub(super) fn again(
        file: Arc<DatabaseFile>,
        era: Era,
        number: u64,
        upkeep: Upkeep,
        commits: &Arc<Commits>,
    ) -> Result<Self, Error> {
        let path = file.path().to_owned();
        let mut connection = connect(&path)?;
        // Should anything below fail, nothing must be changed by closing it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        migrate::check(&connection, &path)?;
        prepare(&connection, upkeep).map_err(|error| unusable(&path, error))?;
        bring_up_to_date(&mut connection, &path, upkeep)?;
        file.in_place()?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, upkeep != Upkeep::Own)?;
        Self::with(connection, file, era, number, upkeep, commits)
    }

    fn with(
        connection: Connection,
        file: Arc<DatabaseFile>,
        era: Era,
        number: u64,
        upkeep: Upkeep,
        commits: &Arc<Commits>,
    ) -> Result<Self, Error> {
        connection.pragma_update(None, "foreign_keys", true)?;
        let path = file.path().to_owned();
        let watching = connect(&path)?;
        prepare_reader(&watching)?;
        let readers = reader_pool(&path)?;
        name(&connection)?;
        let footing = Arc::new(Footing::new(file, State::read(&connection)?));
        footing.holds()?;
        let checkpointer = match upkeep {
            Upkeep::Own => Some(Checkpointer::start(connect_beside(&path)?, footing.clone()).map_err(Error::thread)?),
            Upkeep::Left | Upkeep::Follows => None,
        };
        let after = After { checkpointer, commits: commits.clone() };
        let writer = Writer::start(connection, era, after, footing.clone()).map_err(Error::thread)?;
        let watching = Mutex::new(Watching { connection: watching, followed: None });
        Ok(Self { watching, readers, writer, model: RwLock::default(), era, number, footing })
    }

    /// What the state of the database is called: another name, another state.
    pub(super) fn version(&self) -> Result<(u64, i64), Error> {
        let watching = self.watching.lock().unwrap_or_else(PoisonError::into_inner);
        Ok((self.number, watching.version()?))
    }

    /// Whether what the database holds now follows from what it held before. Two microseconds while nothing changes.
    ///
    /// # Errors
    /// See [`Footing::goes_on`]. What cannot be read just now says nothing.
    pub(super) fn goes_on(&self) -> Result<(), Error> {
        let mut watching = self.watching.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = self.footing.counted();
        let Ok(version) = watching.version() else { return Ok(()) };
        if watching.followed == Some(version) {
            return Ok(());
        }
        let Ok(state) = State::read(&watching.connection) else { return Ok(()) };
        self.footing.goes_on(counted, state)?;
        watching.followed = Some(version);
        Ok(())
    }

    /// Which opening this is.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The content model in force in this snapshot: the one remembered, unless it has changed since.
    pub(super) fn current_model(&self, connection: &Connection) -> Result<Arc<Model>, Error> {
        let number = models::number(connection)?;
        let remembered = self.model.read().unwrap_or_else(PoisonError::into_inner).clone();
        if remembered.number == number {
            return Ok(remembered);
        }
        let fresh = Arc::new(models::load(connection)?.model);
        *self.model.write().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        Ok(fresh)
    }

    /// Looks through the whole file, as far as time allows.
    ///
    /// # Errors
    /// `Damaged`, or the database's.
    pub(super) fn look_through(&self) -> Result<(), Error> {
        let connection = self.readers.get().map_err(|_| Error::Busy)?;
        look_through(&connection, self.footing.file.path())
    }
}

fn bring_up_to_date(connection: &mut Connection, path: &Path, upkeep: Upkeep) -> Result<(), Error> {
    if upkeep == Upkeep::Follows { migrate::check_same(connection, path) } else { migrate::migrate(connection, path) }
}

/// Whether a file is a sound larder database by itself, without the log beside it.
pub(super) fn stands_alone(path: &Path) -> bool {
    let look = || {
        let connection = connect_alone(path)?;
        migrate::check(&connection, path)?;
        look_through(&connection, path)
    };
    look().is_ok()
}

/// What a database file says by itself, without the log beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Alone {
    /// Which database it is; `None` when it was never asked.
    pub(super) identity: Option<i64>,
    /// How many transactions it has seen. From one checkpoint to the next it grows.
    pub(super) transactions: i64,
}

/// What a file says by itself; `None` when it cannot be read.
pub(super) fn read_alone(path: &Path) -> Option<Alone> {
    let connection = connect_alone(path).ok()?;
    let identity = number_of_site(&connection, "identity").ok()?;
    let transactions = number_of_site(&connection, "transactions").ok()?.unwrap_or_default();
    Some(Alone { identity, transactions })
}

/// Gives a database that has no number by chance yet one, by which it is told from others.
fn name(connection: &Connection) -> rusqlite::Result<()> {
    if number_of_site(connection, "identity")?.is_none() {
        connection.execute("INSERT OR IGNORE INTO meta (name, value) VALUES ('identity', random())", [])?;
    }
    Ok(())
}

fn number_of_site(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    connection.query_row("SELECT value FROM meta WHERE name = ?", [name], |row| row.get(0)).optional()
}

pub(super) fn connect_alone(path: &Path) -> rusqlite::Result<Connection> {
    // No path can be told to SQLite but as an address, with these three written otherwise.
    let address = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(format!("file:{address}?immutable=1"), flags)
}

fn look_through(connection: &Connection, path: &Path) -> Result<(), Error> {
    let began = Instant::now();
    connection.progress_handler(STEPS, Some(move || began.elapsed() > LONGEST_LOOK))?;
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    connection.progress_handler(0, None::<fn() -> bool>)?;
    match found {
        Ok(said) if said == "ok" => Ok(()),
        Ok(said) => Err(Error::Damaged { path: path.into(), error: said }),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Ok(()),
        Err(error) => Err(unusable(path, error)),
    }
}

/// A connection to a file that is there.
fn connect(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags).map_err(|error| unusable(path, error))
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

/// 64 MiB of pages for the writer, as SQLite wants it said: index pages of many changes stay in memory.
pub(super) const CACHE: i64 = -65_536;

/// From how many pages of the log on the writer brings it into the file itself, after each change: while
/// changes come faster than the [`Checkpointer`] saves them, the log would grow without end. 64 MiB.
const LONGEST_LOG: i64 = 16_384;

/// Settings of every connection. FULL, because a power cut under NORMAL loses acknowledged writes.
fn prepare(connection: &Connection, upkeep: Upkeep) -> rusqlite::Result<()> {
    let longest = if upkeep == Upkeep::Own { LONGEST_LOG } else { 0 };
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", CACHE)?;
    connection.pragma_update(None, "wal_autocheckpoint", longest)?;
    if upkeep != Upkeep::Own {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    }
    connection.pragma_update(None, "temp_store", "memory")
}

/// A connection beside those of readers and writer, which leaves the log alone unless it is told otherwise.
pub(super) fn connect_beside(path: &Path) -> Result<Connection, Error> {
    let connection = connect(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// Brings the log into the file as far as that is possible now.
pub(super) fn bring_in(path: &Path) -> Result<(), Error> {
    let connection = connect_beside(path)?;
    Ok(connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
}

/// All readers are opened now and kept: later, there may be no file or no descriptor to open one with.
fn reader_pool(path: &Path) -> Result<r2d2::Pool<SqliteConnectionManager>, Error> {
    let manager = SqliteConnectionManager::file(path)
        .with_flags(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .with_init(|connection| prepare_reader(connection));
    r2d2::Pool::builder()
        .max_size(READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        .connection_timeout(PATIENCE)
        .test_on_check_out(false)
        .build(manager)
        .map_err(|_| Error::Busy)
}

fn prepare_reader(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.pragma_update(None, "temp_store", "memory")?;
    // 8 MiB of pages: the upper levels of a large site's indexes stay in memory.
    connection.pragma_update(None, "cache_size", -8_192)?;
    connection.pragma_update(None, "query_only", true)?;
    // Bringing the rest of the log into the file is the writer's.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map(|_| ())
}
