//! What editors overlook, kept for every version that lists show.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use serde_json::Value;

use super::error::Error;
use super::overview::{Eyes, LINE, LIVE, Line, NEWEST, read_line};
use super::{Read, Write};
use crate::content::entry::{EntryId, RevisionId, Shown};
use crate::content::locale::LocaleId;
use crate::content::oversight::Oversights;

impl Read<'_> {
    /// The entries with a picture that says nothing, seen by this person: those saved last first, at most
    /// `limit`. Pictures of the library are judged by the text they have there now.
    ///
    /// # Errors
    /// The database's.
    pub fn with_bare_pictures(&self, eyes: Eyes, limit: usize) -> Result<Vec<Line>, Error> {
        let shown = format!(
            "SELECT {LINE} FROM hit CROSS JOIN overview AS o
               ON o.entry = hit.entry AND o.locale = hit.locale AND o.lane = hit.lane AND o.revision = hit.revision
             WHERE o.standing < 5 AND {}",
            eyes.sees()
        );
        let elsewhere = format!(
            "WITH hit AS MATERIALIZED (SELECT entry, locale, lane, revision FROM bare_picture INDEXED BY bare_picture_media
                           WHERE media = '' ORDER BY revision DESC) {shown}"
        );
        let own = format!(
            "WITH hit AS MATERIALIZED (SELECT b.entry, b.locale, b.lane, b.revision
                           FROM media INDEXED BY media_nameless
                           CROSS JOIN bare_picture AS b INDEXED BY bare_picture_media ON b.media = media.id
                           WHERE trim(media.alt) = '' AND media.type LIKE 'image/%' ORDER BY b.revision DESC) {shown}"
        );
        let mut found = self.first_lines(&elsewhere, [], limit)?;
        found.extend(self.first_lines(&own, [], limit)?);
        Ok(newest_of(found, limit))
    }

    /// The entries that link to one of these paths, seen by this person: those saved last first, at most `limit`.
    ///
    /// # Errors
    /// The database's.
    pub fn linking_to(&self, paths: &BTreeSet<String>, eyes: Eyes, limit: usize) -> Result<Vec<Line>, Error> {
        let sql = format!(
            "SELECT {LINE} FROM site_link AS hit INDEXED BY site_link_path
             CROSS JOIN overview AS o
               ON o.entry = hit.entry AND o.locale = hit.locale AND o.lane = hit.lane AND o.revision = hit.revision
             WHERE hit.path = ?1 AND o.standing < 5 AND {} ORDER BY hit.revision DESC",
            eyes.sees()
        );
        let mut found = Vec::new();
        for path in paths {
            found.extend(self.first_lines(&sql, [path], limit)?);
        }
        Ok(newest_of(found, limit))
    }

    /// The first lines of different entries or locales that a question gives.
    fn first_lines(&self, sql: &str, given: impl rusqlite::Params, limit: usize) -> Result<Vec<Line>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(given)?;
        let (mut seen, mut lines) = (BTreeSet::new(), Vec::new());
        while lines.len() < limit
            && let Some(row) = rows.next()?
        {
            let line = read_line(row)?;
            if seen.insert((line.entry, line.locale)) {
                lines.push(line);
            }
        }
        Ok(lines)
    }
}

/// Each entry and locale once, those saved last first.
fn newest_of(lines: Vec<Line>, limit: usize) -> Vec<Line> {
    let by_place: BTreeMap<_, _> = lines.into_iter().map(|line| ((line.entry, line.locale), line)).collect();
    let mut lines: Vec<Line> = by_place.into_values().collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.revision.0));
    lines.truncate(limit);
    lines
}

impl Write<'_> {
    /// Keeps what is overlooked in what an entry shows in a locale.
    pub(super) fn put_oversights(
        &mut self,
        entry: EntryId,
        locale: LocaleId,
        shown: &Shown,
        is_new: bool,
    ) -> Result<(), Error> {
        if !is_new {
            for table in ["bare_picture", "site_link"] {
                let sql = format!("DELETE FROM {table} WHERE entry = ? AND locale = ?");
                self.connection.prepare_cached(&sql)?.execute(params![entry.0, locale.0])?;
            }
        }
        for (lane, version) in [(LIVE, &shown.live), (NEWEST, &shown.newest)] {
            if let Some(version) = version {
                let place = Place { entry, locale, lane, revision: version.revision.id };
                place.keep(self.connection, &Oversights::of(&version.revision.fields))?;
            }
        }
        Ok(())
    }
}

/// Which line of the overview something is kept for.
struct Place {
    entry: EntryId,
    locale: LocaleId,
    lane: i64,
    revision: RevisionId,
}

impl Place {
    fn keep(&self, connection: &Connection, found: &Oversights) -> Result<(), Error> {
        let rows = found.bare.iter().map(|media| ("bare_picture", "media", media));
        for (table, column, value) in rows.chain(found.links.iter().map(|path| ("site_link", "path", path))) {
            let sql = format!(
                "INSERT OR IGNORE INTO {table} (entry, locale, lane, {column}, revision) VALUES (?, ?, ?, ?, ?)"
            );
            connection.prepare_cached(&sql)?.execute(params![
                self.entry.0,
                self.locale.0,
                self.lane,
                value,
                self.revision.0
            ])?;
        }
        Ok(())
    }
}

/// Looks through everything that is there already, once, when a database gets these tables.
pub(super) fn fill(connection: &Connection) -> Result<(), Error> {
    let sql = "SELECT o.entry, o.locale, o.lane, o.revision, revision.fields
               FROM overview AS o JOIN revision ON revision.id = o.revision WHERE o.standing < 5";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let place = Place {
            entry: EntryId(row.get(0)?),
            locale: LocaleId(row.get(1)?),
            lane: row.get(2)?,
            revision: RevisionId(row.get(3)?),
        };
        let fields: String = row.get(4)?;
        let fields: Value = serde_json::from_str(&fields).unwrap_or_default();
        place.keep(connection, &Oversights::of(&fields))?;
    }
    Ok(())
}
