//! The change log: what each transaction made old, for whoever else holds answers made from this folder.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::error::Error;
use super::{PATIENCE, Read, Store, Write};
use crate::content::key::Key;
use crate::content::moment::Moment;

/// How many changes are kept. A process that has slept through more drops all it holds.
const KEPT: i64 = 100_000;

impl Read<'_> {
    /// The number of the newest change.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn newest_change(&self) -> Result<i64, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT ifnull(max(seq), 0) FROM change")?
            .query_row([], |row| row.get(0))?)
    }

    /// The surrogate keys of every change after `seq`, oldest first.
    pub fn changes_after(&self, seq: i64) -> Result<Vec<(i64, Vec<String>)>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT seq, keys FROM change WHERE seq > ? ORDER BY seq")?;
        let rows = statement.query_map([seq], |row| {
            let keys: String = row.get(1)?;
            Ok((row.get(0)?, keys.split(' ').map(str::to_owned).collect()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    pub(super) fn log_change(&mut self, keys: &BTreeSet<Key>, now: Moment) -> Result<(), Error> {
        let keys = keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ");
        self.connection
            .prepare_cached("INSERT INTO change (keys, at) VALUES (?, ?)")?
            .execute(params![keys, now.micros()])?;
        let seq = self.connection.last_insert_rowid();
        self.connection.prepare_cached("DELETE FROM change WHERE seq <= ?")?.execute([seq - KEPT])?;
        Ok(())
    }
}

/// Sees whether any other connection, of this process or another, has changed the database.
pub struct Watch {
    connection: Connection,
    seen: i64,
}

impl Store {
    /// A connection of its own that watches for changes.
    ///
    /// # Errors
    /// The database's.
    pub fn watch(&self) -> Result<Watch, Error> {
        let connection = Connection::open(self.path())?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "query_only", true)?;
        // -1 is never a version: the first question is always answered with yes.
        Ok(Watch { connection, seen: -1 })
    }
}

impl Watch {
    /// Whether the database has changed since the last call; true on the first. Costs about 2 µs.
    ///
    /// # Errors
    /// The database's.
    pub fn changed(&mut self) -> Result<bool, Error> {
        let version = self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
        Ok(std::mem::replace(&mut self.seen, version) != version)
    }

    /// Makes the next question be answered with yes, when what was to follow the last one failed.
    pub fn forget(&mut self) {
        self.seen = -1;
    }
}
