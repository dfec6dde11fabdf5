//! Pictures and files of other servers that the library shall have.

use rusqlite::params;

use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::store::error::Error;
use crate::store::overview::{Eyes, LINE, Line, read_line};
use crate::store::{Read, Write};

/// An address in an entry that shall give way to one of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedMedia {
    /// Which entry.
    pub entry: EntryId,
    /// In which locale.
    pub locale: LocaleId,
    /// What lies where.
    pub url: String,
    /// Whether pictures in texts are meant too.
    pub html: bool,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// How often it was tried.
    pub tries: u32,
    /// Why the last try failed.
    pub why: Option<String>,
}

/// A line that names an address which could not be brought into the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingMedia {
    /// What names it.
    pub line: Line,
    /// The address.
    pub url: String,
    /// Why it could not be fetched.
    pub why: String,
}

const COLUMNS: &str = "entry, locale, url, html, by, at, tries, why";

impl Read<'_> {
    /// Addresses whose time has come, each once and with who wrote it, those that wait longest first.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn due_media(&self, now: Moment, limit: usize) -> Result<Vec<(String, String)>, Error> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT url, by FROM wanted_media WHERE due <= ? GROUP BY url ORDER BY min(due) LIMIT ?")?;
        let rows = statement.query_map(params![now.micros(), limit as i64], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What was given up, still stands, and may be seen by this person, latest first.
    pub fn missing_media(&self, eyes: Eyes, limit: usize) -> Result<Vec<MissingMedia>, Error> {
        let Some(seen) = eyes.sees_drafts() else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT {LINE}, w.url, w.why FROM wanted_media AS w
             CROSS JOIN overview AS o ON o.entry = w.entry AND o.locale = w.locale
             WHERE w.due IS NULL AND {seen} AND EXISTS (
                 SELECT 1 FROM variant JOIN revision ON revision.id IN (variant.live, variant.draft)
                  WHERE variant.entry = w.entry AND variant.locale = w.locale
                    AND (instr(fields, w.url) OR instr(fields, replace(w.url, '&', '&amp;'))))
             ORDER BY w.id DESC LIMIT ?"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([limit as i64], |row| {
            let why: Option<String> = row.get(17)?;
            Ok(MissingMedia { line: read_line(row)?, url: row.get(16)?, why: why.unwrap_or_default() })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Everywhere an address is wanted.
    pub fn wanted_media(&self, url: &str) -> Result<Vec<WantedMedia>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM wanted_media WHERE url = ?");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([url], |row| {
            Ok(WantedMedia {
                entry: EntryId(row.get(0)?),
                locale: LocaleId(row.get(1)?),
                url: row.get(2)?,
                html: row.get(3)?,
                by: row.get(4)?,
                at: Moment::from_micros(row.get(5)?),
                tries: row.get(6)?,
                why: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Notes that an address is wanted, from now on. One that was given up is tried again.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn want_media(&mut self, wanted: &WantedMedia) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO wanted_media (entry, locale, url, html, by, at, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
                 ON CONFLICT (entry, locale, url) DO UPDATE SET html = max(html, excluded.html), by = excluded.by,
                   at = excluded.at, due = excluded.due, tries = 0, why = NULL",
            )?
            .execute(params![
                wanted.entry.0,
                wanted.locale.0,
                wanted.url,
                wanted.html,
                wanted.by,
                wanted.at.micros()
            ])?;
        Ok(())
    }

    /// Notes that an address is being tried, and when next.
    pub fn try_media(&mut self, wanted: &WantedMedia, next: Moment) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE wanted_media SET tries = ?, due = ? WHERE entry = ? AND locale = ? AND url = ?")?
            .execute(params![wanted.tries + 1, next.micros(), wanted.entry.0, wanted.locale.0, wanted.url])?;
        Ok(())
    }

    /// Notes why a try failed; `over` when there is no other.
    pub fn miss_media(&mut self, wanted: &WantedMedia, why: &str, over: bool) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "UPDATE wanted_media SET why = ?, due = iif(?, NULL, due)
                  WHERE entry = ? AND locale = ? AND url = ?",
            )?
            .execute(params![why, over, wanted.entry.0, wanted.locale.0, wanted.url])?;
        Ok(())
    }

    /// Forgets that an address is wanted.
    pub fn forget_wanted_media(&mut self, wanted: &WantedMedia) -> Result<(), Error> {
        self.connection
            .prepare_cached("DELETE FROM wanted_media WHERE entry = ? AND locale = ? AND url = ?")?
            .execute(params![wanted.entry.0, wanted.locale.0, wanted.url])?;
        Ok(())
    }
}
