//! Which files a site's database names, for whoever copies them elsewhere.

use std::path::Path;

use rusqlite::Connection;

use crate::store::Read;
use crate::store::error::Error;
use crate::store::opened::connect_alone;

/// The hash of an original, and that of the copy without metadata that is served in its place.
type Files = Vec<(String, Option<String>)>;

impl Read<'_> {
    /// Every file that is named, earlier versions included.
    ///
    /// # Errors
    /// The database's.
    pub fn media_files(&self) -> Result<Files, Error> {
        named(self.connection)
    }
}

/// Every file that a database names which nobody has open.
///
/// # Errors
/// The database's.
pub fn media_files_in(path: &Path) -> Result<Files, Error> {
    named(&connect_alone(path)?)
}

fn named(connection: &Connection) -> Result<Files, Error> {
    let mut select =
        connection.prepare("SELECT hash, served FROM media UNION SELECT hash, served FROM media_version")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
