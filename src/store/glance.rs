//! What somebody finds when they come back: their own work, what is due, what went live, what went wrong.

use std::collections::HashSet;

use rusqlite::params;

use super::error::Error;
use super::overview::{Eyes, LINE, Line, read_line};
use super::{Read, Write};
use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;

/// How many versions are looked at for different entries: somebody who saves often works on few.
const VERSIONS: usize = 400;

/// A line, and a moment that is set for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// What.
    pub line: Line,
    /// When.
    pub at: Moment,
    /// Whether it goes live then; else it is taken off.
    pub publish: bool,
}

/// A line, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// What.
    pub line: Line,
    /// When it should have gone live.
    pub at: Moment,
    /// Why it could not.
    pub why: String,
}

/// A line that links to something deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenLink {
    /// What links.
    pub line: Line,
    /// In which field: ids joined by dots.
    pub path: String,
    /// What was deleted.
    pub target: EntryId,
}

impl Read<'_> {
    /// The entries a person saved last, latest first.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn last_edited(&self, user: i64, eyes: Eyes, limit: usize) -> Result<Vec<Line>, Error> {
        let sql = "SELECT entry, locale FROM revision INDEXED BY revision_user WHERE user = ? ORDER BY id DESC";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([user])?;
        let (mut seen, mut lines) = (HashSet::new(), Vec::new());
        // Somebody may have saved the same few a thousand times: the index alone is read until there are enough.
        while lines.len() < limit
            && let Some(row) = rows.next()?
        {
            let (entry, locale) = read_variant(row)?;
            if seen.insert((entry, locale)) {
                lines.extend(self.line(entry, locale, eyes)?);
            }
        }
        Ok(lines)
    }

    /// The entries anybody saved last, latest first.
    pub fn last_saved(&self, eyes: Eyes, limit: usize) -> Result<Vec<Line>, Error> {
        let mut statement =
            self.connection.prepare_cached("SELECT entry, locale FROM revision ORDER BY id DESC LIMIT ?")?;
        let rows = statement.query_map([VERSIONS as i64], read_variant)?;
        self.lines(rows.collect::<Result<Vec<_>, _>>()?, eyes, limit)
    }

    fn lines(&self, variants: Vec<(EntryId, LocaleId)>, eyes: Eyes, limit: usize) -> Result<Vec<Line>, Error> {
        let (mut seen, mut lines) = (HashSet::new(), Vec::new());
        for (entry, locale) in variants {
            if lines.len() < limit && seen.insert((entry, locale)) {
                lines.extend(self.line(entry, locale, eyes)?);
            }
        }
        Ok(lines)
    }

    /// What goes live or is taken off until a moment, soonest first.
    pub fn upcoming(&self, until: Moment, eyes: Eyes, limit: usize) -> Result<Vec<Timed>, Error> {
        let mut upcoming = Vec::new();
        let Some(seen) = eyes.sees_drafts() else { return Ok(upcoming) };
        for (column, publish) in [("scheduled", true), ("unpublish", false)] {
            let sql = format!(
                "SELECT {LINE}, variant.{column} FROM variant INDEXED BY variant_{column}
                 CROSS JOIN overview AS o ON o.entry = variant.entry AND o.locale = variant.locale
                 WHERE variant.{column} IS NOT NULL AND variant.{column} <= ?1 AND {seen} ORDER BY variant.{column} LIMIT ?2"
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
            let rows = statement.query_map(params![until.micros(), limit as i64], |row| {
                Ok(Timed { line: read_line(row)?, at: Moment::from_micros(row.get(16)?), publish })
            })?;
            for row in rows {
                upcoming.push(row?);
            }
        }
        upcoming.sort_by_key(|timed| (timed.at, timed.line.entry));
        upcoming.truncate(limit);
        Ok(upcoming)
    }

    /// What went live last, latest first. Everybody sees it.
    pub fn last_live(&self, limit: usize) -> Result<Vec<Line>, Error> {
        let sql = format!(
            "SELECT {LINE} FROM overview AS o INDEXED BY overview_went_live
             WHERE o.lane = 1 AND o.went_live IS NOT NULL ORDER BY o.went_live DESC LIMIT ?"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([limit as i64], read_line)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What could not go live at its time, latest first.
    pub fn missed(&self, eyes: Eyes, limit: usize) -> Result<Vec<Missed>, Error> {
        let Some(seen) = eyes.sees_drafts() else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT {LINE}, missed.at, missed.why FROM missed
             CROSS JOIN overview AS o ON o.entry = missed.entry AND o.locale = missed.locale
             WHERE {seen} ORDER BY missed.at DESC LIMIT ?"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([limit as i64], |row| {
            Ok(Missed { line: read_line(row)?, at: Moment::from_micros(row.get(16)?), why: row.get(17)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// References, seen by this person, to what was deleted.
    pub fn broken_links(&self, eyes: Eyes, limit: usize) -> Result<Vec<BrokenLink>, Error> {
        let sql = format!(
            "SELECT {LINE}, link.path, link.target FROM entry INDEXED BY entry_deleted
             CROSS JOIN link ON link.target = entry.id
             CROSS JOIN overview AS o ON o.entry = link.source AND o.locale = link.locale AND link.views & o.lane
             WHERE entry.deleted IS NOT NULL AND {} LIMIT ?",
            eyes.sees()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([limit as i64], |row| {
            Ok(BrokenLink { line: read_line(row)?, path: row.get(16)?, target: EntryId(row.get(17)?) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Notes that something could not go live at its time. Saving, scheduling and removing it forget that.
    ///
    /// # Errors
    /// The database's.
    pub fn put_missed(&mut self, entry: EntryId, locale: LocaleId, at: Moment, why: &str) -> Result<(), Error> {
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO missed (entry, locale, at, why) VALUES (?, ?, ?, ?)")?
            .execute(params![entry.0, locale.0, at.micros(), why])?;
        Ok(())
    }
}

fn read_variant(row: &rusqlite::Row<'_>) -> rusqlite::Result<(EntryId, LocaleId)> {
    Ok((EntryId(row.get(0)?), LocaleId(row.get(1)?)))
}
