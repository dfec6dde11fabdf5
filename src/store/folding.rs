//! Autosaves that give way to later ones, and entries that were begun and left empty.

use rusqlite::{OptionalExtension, params};

use super::error::Error;
use super::indexing::Changed;
use super::{Read, Write};
use crate::content::entry::{Entry, EntryId, RevisionId, Shown};
use crate::content::moment::Moment;

/// What is known of a revision that gave way to a later one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The one that took its place; it may have given way too.
    pub next: RevisionId,
    /// The paths of what differs between the two.
    pub paths: Vec<String>,
}

impl Read<'_> {
    /// What became of a revision that is no more; `None` when nothing is known of it.
    ///
    /// # Errors
    /// The database's.
    pub fn folded(&self, id: RevisionId) -> Result<Option<Folded>, Error> {
        let row = self
            .connection
            .prepare_cached("SELECT next, paths FROM folded WHERE revision = ?")?
            .query_row([id.0], |row| Ok((RevisionId(row.get(0)?), row.get::<_, String>(1)?)))
            .optional()?;
        let Some((next, paths)) = row else { return Ok(None) };
        let unreadable = |error: serde_json::Error| Error::Unreadable {
            what: "the list of what an autosave changed",
            why: error.to_string(),
        };
        Ok(Some(Folded { next, paths: serde_json::from_str(&paths).map_err(unreadable)? }))
    }
}

impl Write<'_> {
    /// Removes a revision whose place a later one has taken, and keeps what differs between the two.
    ///
    /// # Errors
    /// The database's, as for every method here; a revision that is live or a draft cannot be removed.
    pub fn fold_revision(&mut self, id: RevisionId, into: &Folded, at: Moment) -> Result<(), Error> {
        self.connection.prepare_cached("DELETE FROM revision WHERE id = ?")?.execute([id.0])?;
        let paths = serde_json::Value::from(into.paths.clone()).to_string();
        self.connection
            .prepare_cached("INSERT INTO folded (revision, next, paths, at) VALUES (?, ?, ?, ?)")?
            .execute(params![id.0, into.next.0, paths, at.micros()])?;
        Ok(())
    }

    /// Removes an entry for good, with its history.
    pub fn remove_entry(&mut self, entry: &Entry) -> Result<(), Error> {
        self.witness_removal(entry.id, None)?;
        if let Some(slug) = &entry.slug {
            self.touch_slug(entry.schema, slug);
        }
        for variant in self.variants(entry.id)? {
            let nothing = Shown { live: None, newest: None };
            let change = Changed { is_new: false, live: variant.live.is_some() };
            self.index_variant(entry, variant.locale, &nothing, change)?;
        }
        self.delete_rows(entry.id)
    }

    fn delete_rows(&mut self, id: EntryId) -> Result<(), Error> {
        for sql in [
            "DELETE FROM reply WHERE entry = ?",
            "DELETE FROM event WHERE entry = ?",
            "DELETE FROM review WHERE entry = ?",
            "DELETE FROM preview WHERE entry = ?",
            "DELETE FROM variant WHERE entry = ?",
            "DELETE FROM revision WHERE entry = ?",
            "DELETE FROM entry WHERE id = ?",
        ] {
            self.connection.prepare_cached(sql)?.execute([id.0])?;
        }
        Ok(())
    }
}
