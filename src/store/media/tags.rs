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
        // Counted in the index alone, and what lies in the trash taken off: to look at every file takes ten times as long.
        let sql = "WITH gone AS (
                SELECT media_tag.folded, count(*) AS files
                FROM media CROSS JOIN media_tag ON media_tag.media = media.id
                WHERE media.deleted IS NOT NULL GROUP BY media_tag.folded
            ), every AS (SELECT folded, count(*) AS files FROM media_tag GROUP BY folded)
            SELECT (SELECT tag FROM media_tag WHERE folded = every.folded LIMIT 1), every.files - ifnull(gone.files, 0)
            FROM every LEFT JOIN gone USING (folded)
            WHERE every.files > ifnull(gone.files, 0) ORDER BY 2 DESC, every.folded LIMIT ?";
        let mut statement = self.connection.prepare_cached(sql)?;
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
