//! What happened to entries, what that did to the kept answers, and who waits for a review.

use rusqlite::{OptionalExtension, Row, params};

use super::error::Error;
use super::{Read, Write};
use crate::content::entry::{EntryId, RevisionId};
use crate::content::event::{Event, EventKind, Outcome, Review};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;

const EVENT: &str = "id, entry, locale, at, by, kind, revision, previous, detail";
const REVIEW: &str = "entry, locale, user, by, at";

impl Read<'_> {
    /// The events of an entry in a locale, newest first. Those of kinds that only a newer program knows are
    /// left out.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn events(&self, entry: EntryId, locale: LocaleId) -> Result<Vec<Event>, Error> {
        let sql = format!("SELECT {EVENT} FROM event WHERE entry = ? AND locale = ? ORDER BY id DESC");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([entry.0, locale.0], read_event)?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// The newest event of these kinds.
    pub fn newest_event(&self, entry: EntryId, locale: LocaleId, kinds: &[EventKind]) -> Result<Option<Event>, Error> {
        Ok(self.events(entry, locale)?.into_iter().find(|event| kinds.contains(&event.kind)))
    }

    /// What an event did to the kept answers, if that is known.
    pub fn outcome(&self, event: i64) -> Result<Option<Outcome>, Error> {
        let row = self
            .connection
            .prepare_cached("SELECT ms, rebuilt, evicted, urls FROM outcome WHERE event = ?")?
            .query_row([event], |row| {
                Ok((row.get::<_, f64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?, row.get::<_, String>(3)?))
            })
            .optional()?;
        let Some((ms, rebuilt, evicted, urls)) = row else { return Ok(None) };
        let unreadable =
            |error: serde_json::Error| Error::Unreadable { what: "the addresses of an event", why: error.to_string() };
        let count = |number: i64| usize::try_from(number).unwrap_or(0);
        Ok(Some(Outcome {
            ms,
            rebuilt: count(rebuilt),
            evicted: count(evicted),
            urls: serde_json::from_str(&urls).map_err(unreadable)?,
        }))
    }

    /// Whether somebody waits for a review of this draft.
    pub fn review(&self, entry: EntryId, locale: LocaleId) -> Result<Option<Review>, Error> {
        let sql = format!("SELECT {REVIEW} FROM review WHERE entry = ? AND locale = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([entry.0, locale.0], read_review).optional()?)
    }

    /// All drafts that wait for a review, those that wait longest first.
    pub fn reviews(&self, limit: usize) -> Result<Vec<Review>, Error> {
        let sql = format!("SELECT {REVIEW} FROM review ORDER BY at, entry, locale LIMIT ?");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([limit as i64], read_review)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Adds an event, to the audit log too; its id is given by the database.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn add_event(&mut self, event: &Event) -> Result<i64, Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO event (entry, locale, at, by, kind, revision, previous, detail)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                event.entry.0,
                event.locale.0,
                event.at.micros(),
                event.by,
                event.kind.as_str(),
                event.revision.map(|id| id.0),
                event.previous.map(|id| id.0),
                event.detail.to_string(),
            ])?;
        let id = self.connection.last_insert_rowid();
        self.record_event(event)?;
        Ok(id)
    }

    /// Says what an event did to the kept answers.
    pub fn put_outcome(&mut self, event: i64, outcome: &Outcome) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO outcome (event, ms, rebuilt, evicted, urls) VALUES (?, ?, ?, ?, ?)",
            )?
            .execute(params![
                event,
                outcome.ms,
                outcome.rebuilt as i64,
                outcome.evicted as i64,
                serde_json::Value::from(outcome.urls.clone()).to_string(),
            ])?;
        Ok(())
    }

    /// Notes that a draft waits for a review.
    pub fn put_review(&mut self, review: &Review) -> Result<(), Error> {
        self.connection
            .prepare_cached(&format!("INSERT OR REPLACE INTO review ({REVIEW}) VALUES (?, ?, ?, ?, ?)"))?
            .execute(params![review.entry.0, review.locale.0, review.user, review.by, review.at.micros()])?;
        Ok(())
    }

    /// Notes that it does not wait any more; false when it did not.
    pub fn remove_review(&mut self, entry: EntryId, locale: LocaleId) -> Result<bool, Error> {
        let removed = self
            .connection
            .prepare_cached("DELETE FROM review WHERE entry = ? AND locale = ?")?
            .execute([entry.0, locale.0])?;
        Ok(removed > 0)
    }

    /// Gives a revision a name by which people find it, or takes it away.
    pub fn name_revision(&mut self, id: RevisionId, name: Option<&str>) -> Result<(), Error> {
        self.connection.prepare_cached("UPDATE revision SET named = ?2 WHERE id = ?1")?.execute(params![id.0, name])?;
        Ok(())
    }
}

fn read_event(row: &Row<'_>) -> rusqlite::Result<Option<Event>> {
    let Some(kind) = EventKind::parse(&row.get::<_, String>(5)?) else { return Ok(None) };
    let revision = |id: Option<i64>| id.map(RevisionId);
    Ok(Some(Event {
        id: row.get(0)?,
        entry: EntryId(row.get(1)?),
        locale: LocaleId(row.get(2)?),
        at: Moment::from_micros(row.get(3)?),
        by: row.get(4)?,
        kind,
        revision: revision(row.get(6)?),
        previous: revision(row.get(7)?),
        // Only for people to read: what cannot be read is not there.
        detail: serde_json::from_str(&row.get::<_, String>(8)?).unwrap_or_default(),
    }))
}

fn read_review(row: &Row<'_>) -> rusqlite::Result<Review> {
    Ok(Review {
        entry: EntryId(row.get(0)?),
        locale: LocaleId(row.get(1)?),
        user: row.get(2)?,
        by: row.get(3)?,
        at: Moment::from_micros(row.get(4)?),
    })
}
