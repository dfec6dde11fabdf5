//! Taking over what another process has written, page by page: how a standby follows its primary.
//!
//! A file of the replica is one ordinary transaction here, made through SQLite's `sqlite_dbpage` table, so that
//! readers see the state before it or the one after it.

use std::sync::Arc;

use rusqlite::{Connection, params};

use super::Store;
use super::checkpointer::bring_in_if_long;
use super::error::Error;
use super::migrate::KNOWN;
use super::opened::Opened;

/// Where in the first page the database's format stands (`user_version` in SQLite's description of the file format).
const FORMAT: std::ops::Range<usize> = 60..64;

/// Gives one page after the other, with its number; none at the end.
type Next<'a, E> = dyn FnMut(&mut Vec<u8>) -> Result<Option<u32>, E> + 'a;

impl Store {
    /// Makes the database what it is after these pages, of which `next` gives one after the other with its number;
    /// it has `count` pages then. All of it is on disk afterwards, or nothing has happened.
    ///
    /// # Errors
    /// What `next` fails with; `Newer` when another version of larder has written them; the database's.
    pub fn apply<E>(
        &self,
        count: u32,
        mut next: impl FnMut(&mut Vec<u8>) -> Result<Option<u32>, E> + Send + 'static,
    ) -> Result<(), E>
    where
        E: From<Error> + Send + 'static,
    {
        let opened = self.opened()?;
        let (footing, path) = (opened.footing.clone(), self.path().to_owned());
        let work = move |connection: &Connection| {
            footing.holds()?;
            let applied = transact(connection, count, &mut |page: &mut Vec<u8>| {
                let number = next(page)?;
                if number == Some(1) {
                    check_format(page).map_err(|found| Error::Newer { path: path.clone(), found, known: KNOWN })?;
                }
                Ok::<_, E>(number)
            });
            if applied.is_ok() {
                bring_in_if_long(connection, &footing);
            }
            applied
        };
        opened.writer.alone(work)?
    }

    /// Opens the same file anew and calls everything that was read before old: after it was made a state that does
    /// not follow from the one before.
    ///
    /// # Errors
    /// The database's.
    pub fn begin_anew(&self) -> Result<(), Error> {
        let opened = self.opened()?;
        let (file, era, number) = (opened.footing.file.clone(), opened.era.next(), opened.number() + 1);
        let fresh = Opened::again(file, era, number, self.upkeep, &self.commits)?;
        self.current.store(Arc::new(Ok(Arc::new(fresh))));
        Ok(())
    }
}

fn transact<E: From<Error>>(connection: &Connection, count: u32, next: &mut Next<'_, E>) -> Result<(), E> {
    connection.execute_batch("BEGIN IMMEDIATE").map_err(Error::from)?;
    if let Err(error) = put(connection, count, next) {
        // Fails only when SQLite has rolled back by itself.
        let _ = connection.execute_batch("ROLLBACK");
        return Err(error);
    }
    Ok(connection.execute_batch("COMMIT").map_err(Error::of_commit)?)
}

fn put<E: From<Error>>(connection: &Connection, count: u32, next: &mut Next<'_, E>) -> Result<(), E> {
    const PUT: &str = "INSERT INTO sqlite_dbpage (pgno, data) VALUES (?, ?)";
    let mut put = connection.prepare_cached(PUT).map_err(Error::from)?;
    let mut page = Vec::new();
    while let Some(number) = next(&mut page)? {
        put.execute(params![number, page]).map_err(Error::from)?;
    }
    let before: u32 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).map_err(Error::from)?;
    if count < before {
        // At the end: writing a page takes back that what follows it is cut off.
        put.execute(params![count + 1, None::<Vec<u8>>]).map_err(Error::from)?;
    }
    Ok(())
}

/// The format, when it is newer than ours.
fn check_format(first_page: &[u8]) -> Result<(), i64> {
    let format = first_page.get(FORMAT).and_then(|bytes| bytes.try_into().ok()).map_or(0, i32::from_be_bytes);
    if i64::from(format) > KNOWN { Err(format.into()) } else { Ok(()) }
}
