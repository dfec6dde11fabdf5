//! The site's own keys.

use rusqlite::{Connection, params};

use super::Read;
use super::error::Error;
use crate::content::picture_sizes::Key;

/// The name of the key with which addresses of pictures are signed.
const PICTURES: &str = "pictures";

impl Read<'_> {
    /// The key with which addresses of pictures are signed.
    ///
    /// # Errors
    /// The database's.
    pub fn picture_key(&self) -> Result<Key, Error> {
        let sql = "SELECT value FROM secret WHERE name = ?";
        Ok(self.connection.prepare_cached(sql)?.query_row([PICTURES], |row| row.get(0))?)
    }
}

/// Makes the keys of a site that has none.
pub(super) fn make(connection: &Connection) -> Result<(), Error> {
    let mut key: Key = [0; _];
    getrandom::fill(&mut key).map_err(|error| Error::NoChance(error.to_string()))?;
    connection.execute("INSERT OR IGNORE INTO secret (name, value) VALUES (?, ?)", params![PICTURES, key])?;
    Ok(())
}
