//! What was deleted, and removing it for good.

use rusqlite::{OptionalExtension, params};

use super::error::Error;
use super::overview::{Line, read_line};
use super::{Read, Write};
use crate::content::entry::{Entry, EntryId};
use crate::content::key::Key;
use crate::content::moment::Moment;

/// A deleted entry, by how it was called last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discarded {
    /// What lists would show of it.
    pub line: Line,
    /// When it was deleted.
    pub deleted: Moment,
    /// By whom; `None` when that was not noted yet.
    pub by: Option<String>,
}

impl Read<'_> {
    /// The deleted entries, latest first, from a place in their order on.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn discarded(&self, before: Option<(Moment, EntryId)>, limit: usize) -> Result<Vec<Discarded>, Error> {
        let (at, id) = before.map_or((i64::MAX, i64::MAX), |(at, id)| (at.micros(), id.0));
        let mut statement = self.connection.prepare_cached(
            "SELECT entry.id, ifnull(variant.locale, 0), entry.schema, 1, ifnull(entry.creator, 0),
               ifnull(revision.id, 0),
               substr(ifnull(CAST(json_extract(revision.fields, face.title) AS TEXT), ifnull(revision.name, '')), 1, 300),
               entry.slug, ifnull(revision.at, entry.created), ifnull(revision.by, ''), NULL, NULL,
               nullif(CAST(json_extract(revision.fields, face.picture) AS TEXT), ''), NULL, '', entry.position,
               entry.deleted, entry.deleted_by
             FROM entry INDEXED BY entry_deleted
             LEFT JOIN variant ON variant.entry = entry.id
               AND variant.locale = (SELECT min(locale) FROM variant WHERE variant.entry = entry.id)
             LEFT JOIN revision ON revision.id = ifnull(variant.draft, variant.live)
             LEFT JOIN face ON face.schema = entry.schema
             WHERE entry.deleted IS NOT NULL AND (entry.deleted, entry.id) < (?1, ?2)
             ORDER BY entry.deleted DESC, entry.id DESC LIMIT ?3",
        )?;
        let rows = statement.query_map(params![at, id, limit as i64], |row| {
            Ok(Discarded { line: read_line(row)?, deleted: Moment::from_micros(row.get(16)?), by: row.get(17)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The entries that were deleted before a moment, oldest first.
    pub fn deleted_before(&self, moment: Moment, limit: usize) -> Result<Vec<EntryId>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM entry WHERE deleted IS NOT NULL AND deleted < ? ORDER BY deleted, id LIMIT ?",
        )?;
        let rows = statement.query_map(params![moment.micros(), limit as i64], |row| row.get(0).map(EntryId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Removes an entry for good. Its translations stay translations of each other.
    ///
    /// # Errors
    /// The database's.
    pub fn purge_entry(&mut self, entry: &Entry) -> Result<(), Error> {
        let heir: Option<i64> = self
            .connection
            .prepare_cached("SELECT min(id) FROM entry WHERE translation_of = ?")?
            .query_row([entry.id.0], |row| row.get(0))
            .optional()?
            .flatten();
        if let Some(heir) = heir {
            self.connection
                .prepare_cached("UPDATE entry SET translation_of = nullif(?2, id) WHERE translation_of = ?1")?
                .execute([entry.id.0, heir])?;
            self.touch(Key::Translations(entry.id));
            self.touch(Key::Translations(EntryId(heir)));
        }
        self.remove_entry(entry)
    }
}
