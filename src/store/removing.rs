//! Removing for good: locales, and everything before an archive takes its place.

use super::error::Error;
use super::facets::FacetChanges;
use super::indexing::Changed;
use super::opened::CACHE;
use super::{Read, Write};
use crate::content::entry::{Entry, EntryId, Shown};
use crate::content::locale::LocaleId;

impl Read<'_> {
    /// How many entries are written in a locale, deleted ones included.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn count_variants(&self, locale: LocaleId) -> Result<u64, Error> {
        let count: i64 =
            self.connection.query_row("SELECT count(*) FROM variant WHERE locale = ?", [locale.0], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    fn written_in(&self, locale: LocaleId) -> Result<Vec<EntryId>, Error> {
        let mut statement = self.connection.prepare("SELECT entry FROM variant WHERE locale = ?")?;
        let rows = statement.query_map([locale.0], |row| row.get(0).map(EntryId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Removes everything written in a locale, with its history, and the entries that were written in no
    /// other.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn remove_locale(&mut self, locale: LocaleId) -> Result<(), Error> {
        for id in self.written_in(locale)? {
            self.witness_removal(id, Some(locale))?;
            if let Some(entry) = self.entry(id)? {
                self.unindex(&entry, locale)?;
            }
        }
        self.connection.execute("DELETE FROM variant WHERE locale = ?", [locale.0])?;
        self.connection.execute("DELETE FROM revision WHERE locale = ?", [locale.0])?;
        for table in ["event", "review", "preview"] {
            self.connection.execute(&format!("DELETE FROM {table} WHERE locale = ?"), [locale.0])?;
        }
        self.connection.execute_batch(
            "UPDATE entry SET translation_of = NULL WHERE translation_of IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM variant WHERE variant.entry = entry.translation_of);
             DELETE FROM entry WHERE NOT EXISTS (SELECT 1 FROM variant WHERE variant.entry = entry.id);",
        )?;
        Ok(())
    }

    /// Removes an entry for good, with its history. It must have been deleted and reindexed before.
    pub fn erase_entry(&mut self, entry: EntryId) -> Result<(), Error> {
        self.witness_removal(entry, None)?;
        for sql in [
            "DELETE FROM variant WHERE entry = ?",
            "DELETE FROM revision WHERE entry = ?",
            "UPDATE entry SET translation_of = NULL WHERE translation_of = ?",
            "DELETE FROM entry WHERE id = ?",
        ] {
            self.connection.execute(sql, [entry.0])?;
        }
        Ok(())
    }

    fn unindex(&mut self, entry: &Entry, locale: LocaleId) -> Result<(), Error> {
        self.index_variant(entry, locale, &Shown { live: None, newest: None }, Changed { is_new: false, live: true })
    }

    /// Removes all content, its files' rows and the settings; the model, people and tokens stay.
    pub fn wipe_content(&mut self) -> Result<(), Error> {
        self.witness_wipe()?;
        // What follows fills a whole site in one transaction: with 256 MiB of pages, much less of it is
        // written out before its end only to be read again.
        self.connection.pragma_update(None, "cache_size", -262_144)?;
        self.queued.clear();
        self.facets = FacetChanges::default();
        self.scratch.slots.clear();
        self.connection.execute_batch(
            "DELETE FROM facet; DELETE FROM field_index; DELETE FROM slot; DELETE FROM link;
             INSERT INTO search (search) VALUES ('delete-all'); DELETE FROM search_row;
             DELETE FROM reply; DELETE FROM folded;
             DELETE FROM outcome; DELETE FROM event; DELETE FROM review; DELETE FROM preview;
             DELETE FROM variant; DELETE FROM revision; UPDATE entry SET translation_of = NULL; DELETE FROM entry;
             DELETE FROM author; DELETE FROM category; DELETE FROM tag; DELETE FROM media_use; DELETE FROM media;
             DELETE FROM media_folder; DELETE FROM setting; DELETE FROM sample; DELETE FROM redirect;
             DELETE FROM past_variant; DELETE FROM past_entry; DELETE FROM past_row;
             UPDATE meta SET value = CAST(1000000 * unixepoch('subsec') AS INTEGER) WHERE name = 'past';",
        )?;
        Ok(())
    }

    /// Gives back the memory that [`Self::wipe_content`] let the connection take.
    pub fn rest(&mut self) -> Result<(), Error> {
        Ok(self.connection.pragma_update(None, "cache_size", CACHE)?)
    }

    /// Removes all people and tokens.
    pub fn wipe_accounts(&mut self) -> Result<(), Error> {
        for user in self.users()? {
            self.remove_user(user.id)?;
        }
        for token in self.tokens()? {
            self.remove_token(token.id)?;
        }
        Ok(())
    }
}
