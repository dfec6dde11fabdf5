//! Keys to drafts: people's own previews, and links shared with people without an account.

use rusqlite::{OptionalExtension, Row, params};

use super::error::Error;
use super::{Read, Write};
use crate::account::Preview;
use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;

const PREVIEW: &str = "id, hash, entry, locale, user, by, created, ends, name";

impl Read<'_> {
    /// The preview whose token has this hash, ended or not.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn preview(&self, hash: &str) -> Result<Option<Preview>, Error> {
        let sql = format!("SELECT {PREVIEW} FROM preview WHERE hash = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([hash], read_preview).optional()?)
    }

    /// The shared links to an entry that have not ended, newest first.
    pub fn shares(&self, entry: EntryId, locale: LocaleId, now: Moment) -> Result<Vec<Preview>, Error> {
        let sql = format!(
            "SELECT {PREVIEW} FROM preview WHERE entry = ? AND locale = ? AND name IS NOT NULL AND ends > ?
             ORDER BY id DESC"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([entry.0, locale.0, now.micros()], read_preview)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Adds a preview; its id is given by the database. Those that have ended by `preview.created` go.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn add_preview(&mut self, preview: &Preview) -> Result<i64, Error> {
        self.connection.prepare_cached("DELETE FROM preview WHERE ends <= ?")?.execute([preview.created.micros()])?;
        self.connection
            .prepare_cached(
                "INSERT INTO preview (hash, entry, locale, user, by, created, ends, name)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                preview.hash,
                preview.entry.0,
                preview.locale.0,
                preview.user,
                preview.by,
                preview.created.micros(),
                preview.ends.micros(),
                preview.name,
            ])?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Withdraws a shared link to an entry; false when there was none.
    pub fn remove_share(&mut self, entry: EntryId, id: i64) -> Result<bool, Error> {
        let removed = self
            .connection
            .prepare_cached("DELETE FROM preview WHERE id = ? AND entry = ? AND name IS NOT NULL")?
            .execute([id, entry.0])?;
        Ok(removed > 0)
    }
}

fn read_preview(row: &Row<'_>) -> rusqlite::Result<Preview> {
    Ok(Preview {
        id: row.get(0)?,
        hash: row.get(1)?,
        entry: EntryId(row.get(2)?),
        locale: LocaleId(row.get(3)?),
        user: row.get(4)?,
        by: row.get(5)?,
        created: Moment::from_micros(row.get(6)?),
        ends: Moment::from_micros(row.get(7)?),
        name: row.get(8)?,
    })
}
