//! A hold on the log: while it lives, nothing in the log is overwritten before it was copied elsewhere.
//!
//! SQLite begins its log anew when all of it is in the database file and nobody reads from it. The hold always
//! reads from it, so that this happens only in [`Hold::still`], where nothing is written and what the log holds
//! was copied. What other processes do changes nothing about that.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _};

use super::Store;
use super::error::Error;
use super::file::log_of;
use super::footing::Footing;
use super::opened::{connect_alone, connect_beside};
use super::writer::{Pause, count_transaction};

/// A hold on the log of a store's database.
pub struct Hold {
    footing: Arc<Footing>,
    /// The opening of the database that it belongs to.
    number: u64,
    /// In a transaction that reads, always.
    reading: Connection,
    /// In no transaction, except while it takes over from `reading`.
    spare: Connection,
    /// Keeps everybody from writing.
    barrier: Connection,
    page_size: u32,
}

/// How far the log is in the database file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Pages in the log.
    pub pages: u64,
    /// Those of them that are in the file.
    pub in_file: u64,
}

impl Store {
    /// Takes hold of the log.
    ///
    /// # Errors
    /// The database's.
    pub fn hold_log(&self) -> Result<Hold, Error> {
        let opened = self.opened()?;
        let path = self.path();
        let (reading, spare, barrier) = (connect_beside(path)?, connect_beside(path)?, connect_beside(path)?);
        begin(&reading)?;
        let page_size = reading.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let (footing, number) = (opened.footing.clone(), opened.number());
        Ok(Hold { footing, number, reading, spare, barrier, page_size })
    }
}

impl Store {
    /// The database as it is now, to be read for as long as it takes, beside whoever writes.
    ///
    /// # Errors
    /// The database's.
    pub fn pages(&self) -> Result<Pages, Error> {
        Pages::of(self.path())
    }
}

impl Hold {
    /// Whether it still holds the log of what the store has open.
    pub fn is_current(&self, store: &Store) -> bool {
        store.opened().is_ok_and(|opened| opened.number() == self.number)
    }

    /// Where the log lies.
    pub fn log(&self) -> PathBuf {
        log_of(self.footing.file.path())
    }

    /// How many bytes a page of the database has.
    pub fn page_size(&self) -> u32 {
        self.page_size
    }

    /// A page as it is now; zeros when it was never written.
    ///
    /// # Errors
    /// The database's.
    pub fn page(&self, number: u32) -> Result<Vec<u8>, Error> {
        let mut find = self.barrier.prepare_cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?")?;
        let found: Option<Vec<u8>> = find.query_row([number], |row| row.get(0)).optional()?;
        Ok(found.unwrap_or_else(|| vec![0; self.page_size as usize]))
    }

    /// Brings into the file what can be, beside readers and writers and without letting go of the log.
    ///
    /// # Errors
    /// The database's.
    pub fn save_ahead(&mut self) -> Result<Saved, Error> {
        begin(&self.spare)?;
        std::mem::swap(&mut self.reading, &mut self.spare);
        end(&self.spare)?;
        self.save()
    }

    /// Runs `work` while nobody writes, in this process or another.
    ///
    /// # Errors
    /// `Busy` when another process does not stop writing; the work's own error.
    pub fn still<T, E: From<Error>>(
        &mut self,
        store: &Store,
        work: impl FnOnce(&mut Still<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let opened = store.opened()?;
        if opened.number() != self.number {
            return Err(Error::Reopening.into());
        }
        let pause = opened.writer.pause()?;
        let mut still = Still { hold: self, _pause: pause };
        // Left over only from work that panicked.
        still.let_write()?;
        still.hold.barrier.execute_batch("BEGIN IMMEDIATE").map_err(Error::from)?;
        let result = work(&mut still);
        still.let_write()?;
        result
    }

    fn save(&self) -> Result<Saved, Error> {
        let mut saved = Err(Error::Reopening);
        self.footing.save(|| saved = checkpoint(&self.spare));
        saved
    }
}

/// A moment in which nobody writes.
pub struct Still<'a> {
    hold: &'a mut Hold,
    _pause: Pause,
}

impl Still<'_> {
    /// The hold it stands on.
    pub fn hold(&self) -> &Hold {
        self.hold
    }

    /// The database as it is in this moment, to be read for as long as it takes.
    ///
    /// # Errors
    /// The database's.
    pub fn pages(&self) -> Result<Pages, Error> {
        Pages::of(self.hold.footing.file.path())
    }

    /// Brings the log into the file; true when all of it is there. Whoever calls has copied all of it.
    ///
    /// # Errors
    /// The database's.
    pub fn save(&mut self) -> Result<bool, Error> {
        end(&self.hold.reading)?;
        let saved = self.hold.save();
        begin(&self.hold.reading)?;
        saved.map(|saved| saved.pages == saved.in_file)
    }

    /// Writes the smallest of changes, which begins the log anew if all of it is in the file. Other processes
    /// write again from here on.
    ///
    /// # Errors
    /// The database's.
    pub fn touch(&mut self) -> Result<(), Error> {
        self.let_write()?;
        count_transaction(&self.hold.barrier).map(|_| ())
    }

    fn let_write(&mut self) -> Result<(), Error> {
        if !self.hold.barrier.is_autocommit() {
            self.hold.barrier.execute_batch("ROLLBACK")?;
        }
        Ok(())
    }
}

/// One state of the database as its pages.
pub struct Pages {
    connection: Connection,
    count: u32,
    page_size: u32,
}

impl Pages {
    fn of(path: &Path) -> Result<Self, Error> {
        let connection = connect_beside(path)?;
        begin(&connection)?;
        let count = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let page_size = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        Ok(Self { connection, count, page_size })
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// How many bytes each has.
    pub fn page_size(&self) -> u32 {
        self.page_size
    }

    /// Shows each page with its number, in order.
    ///
    /// # Errors
    /// The first one that `see` returns, and the database's.
    pub fn each<E: From<Error>>(&self, mut see: impl FnMut(u32, &[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut select =
            self.connection.prepare("SELECT pgno, data FROM sqlite_dbpage ORDER BY pgno").map_err(Error::from)?;
        let mut rows = select.query([]).map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let number = row.get(0).map_err(Error::from)?;
            let page = row.get_ref(1).map_err(Error::from)?;
            see(number, page.as_blob().map_err(|error| Error::from(rusqlite::Error::from(error)))?)?;
        }
        Ok(())
    }
}

/// Looks through a copy of a database that nobody has open: all of it, or only its structure.
///
/// # Errors
/// `Damaged` with what SQLite found, or why it cannot be read.
pub fn check_copy(path: &Path, thorough: bool) -> Result<(), Error> {
    let damaged = |error: String| Error::Damaged { path: path.into(), error };
    let connection = connect_alone(path)?;
    let check = if thorough { "PRAGMA integrity_check(1)" } else { "PRAGMA quick_check(1)" };
    let found: String =
        connection.query_row(check, [], |row| row.get(0)).map_err(|error| damaged(error.to_string()))?;
    if found == "ok" { Ok(()) } else { Err(damaged(found)) }
}

/// Begins to read; only the first question takes the snapshot.
fn begin(connection: &Connection) -> Result<(), Error> {
    connection.execute_batch("BEGIN")?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(())
}

fn end(connection: &Connection) -> Result<(), Error> {
    Ok(connection.execute_batch("ROLLBACK")?)
}

fn checkpoint(connection: &Connection) -> Result<Saved, Error> {
    let numbers = |row: &rusqlite::Row<'_>| {
        Ok(Saved {
            pages: row.get::<_, i64>(1)?.max(0).cast_unsigned(),
            in_file: row.get::<_, i64>(2)?.max(0).cast_unsigned(),
        })
    };
    Ok(connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], numbers)?)
}
