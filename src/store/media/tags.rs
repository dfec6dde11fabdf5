//! Words that pictures and files are tagged with.

use rusqlite::params;

use crate::store::error::Error;
use crate::store::{Read, Write};

impl Read<'_> {
    /// The tags of a picture or file, in order.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn media_tags(&self, id: &str) -> Result<Vec<String>, Error> {
        let sql = "SELECT tag FROM media_tag WHERE media = ? ORDER BY folded";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([id], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All tags, each with the number of pictures and files that have it; those used most first.
    pub fn all_media_tags(&self, limit: usize) -> Result<Vec<(String, u64)>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT min(tag), count(*) FROM media_tag JOIN media ON media.id = media_tag.media
             WHERE media.deleted IS NULL GROUP BY media_tag.folded ORDER BY 2 DESC, media_tag.folded LIMIT ?",
        )?;
        let rows =
            statement.query_map([limit as i64], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Gives a picture or file these tags and no others; tags that differ in case only are one.
    ///
    /// # Errors
    /// The database's.
    pub fn put_media_tags(&mut self, id: &str, tags: &[String]) -> Result<(), Error> {
        if self.media_tags(id)? == tags {
            return Ok(());
        }
        self.connection.prepare_cached("DELETE FROM media_tag WHERE media = ?")?.execute([id])?;
        let mut insert =
            self.connection.prepare_cached("INSERT OR IGNORE INTO media_tag (media, folded, tag) VALUES (?, ?, ?)")?;
        for tag in tags {
            insert.execute(params![id, fold(tag), tag])?;
        }
        Ok(())
    }
}

/// A tag as it is compared.
pub(super) fn fold(tag: &str) -> String {
    tag.to_lowercase()
}
