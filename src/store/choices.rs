//! What people have chosen for themselves: saved views of lists, columns.

use rusqlite::{OptionalExtension, params};

use super::error::Error;
use super::{Read, Write};
use crate::content::schema::SchemaId;

/// A list somebody looks at again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its number.
    pub id: i64,
    /// What they call it.
    pub name: String,
    /// What stands behind the question mark of its address.
    pub query: String,
}

impl Read<'_> {
    /// A person's views of a list, oldest first.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn saved_views(&self, user: i64, schema: SchemaId) -> Result<Vec<SavedView>, Error> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, name, query FROM saved_view WHERE user = ? AND schema = ? ORDER BY id")?;
        let rows = statement.query_map([user, schema.0], |row| {
            Ok(SavedView { id: row.get(0)?, name: row.get(1)?, query: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a person has chosen.
    pub fn preference(&self, user: i64, name: &str) -> Result<Option<String>, Error> {
        let mut statement =
            self.connection.prepare_cached("SELECT value FROM preference WHERE user = ? AND name = ?")?;
        Ok(statement.query_row(params![user, name], |row| row.get(0)).optional()?)
    }
}

impl Write<'_> {
    /// Keeps a view under its name, in the place of one that had it.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn put_saved_view(&mut self, user: i64, schema: SchemaId, name: &str, query: &str) -> Result<(), Error> {
        self.connection.execute(
            "INSERT INTO saved_view (user, schema, name, query) VALUES (?, ?, ?, ?)
             ON CONFLICT (user, schema, name) DO UPDATE SET query = excluded.query",
            params![user, schema.0, name, query],
        )?;
        Ok(())
    }

    /// Forgets a person's view; nobody else's.
    pub fn remove_saved_view(&mut self, user: i64, id: i64) -> Result<(), Error> {
        self.connection.execute("DELETE FROM saved_view WHERE user = ? AND id = ?", [user, id])?;
        Ok(())
    }

    /// Keeps what a person has chosen.
    pub fn put_preference(&mut self, user: i64, name: &str, value: &str) -> Result<(), Error> {
        self.connection.execute(
            "INSERT OR REPLACE INTO preference (user, name, value) VALUES (?, ?, ?)",
            params![user, name, value],
        )?;
        Ok(())
    }
}
