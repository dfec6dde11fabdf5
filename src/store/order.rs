//! The manual order of a collection.

use rusqlite::params;

use super::Read;
use super::error::Error;
use crate::content::entry::EntryId;
use crate::content::schema::SchemaId;

impl Read<'_> {
    /// The entries of a collection whose positions lie in a range, both ends included, with these, in order.
    /// Deleted and archived ones are left out.
    ///
    /// # Errors
    /// The database's.
    pub fn positions(&self, schema: SchemaId, from: i64, to: i64) -> Result<Vec<(EntryId, i64)>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, position FROM entry WHERE schema = ? AND position BETWEEN ? AND ?
               AND deleted IS NULL AND archived IS NULL ORDER BY position, id",
        )?;
        let rows = statement.query_map(params![schema.0, from, to], |row| Ok((EntryId(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The nearest entry before or behind a position that is neither deleted nor archived.
    ///
    /// # Errors
    /// The database's.
    pub fn beside(&self, schema: SchemaId, position: i64, behind: bool) -> Result<Option<(EntryId, i64)>, Error> {
        let (side, direction) = if behind { (">", "ASC") } else { ("<", "DESC") };
        let sql = format!(
            "SELECT id, position FROM entry WHERE schema = ? AND position {side} ?
               AND deleted IS NULL AND archived IS NULL ORDER BY position {direction} LIMIT 1"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows =
            statement.query_map(params![schema.0, position], |row| Ok((EntryId(row.get(0)?), row.get(1)?)))?;
        Ok(rows.next().transpose()?)
    }
}
