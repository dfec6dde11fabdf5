//! The site as it was: what readers were shown at a moment, in a database of its own that is asked like the site's.
//!
//! It is made of what was recorded (`migrations/0011_past.sql`) and thrown away afterwards, so that every question,
//! filters, orders and searches among them, is answered by the same code from the same kind of index as today's.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params, params_from_iter};

use super::era::Era;
use super::error::Error;
use super::migrate::MIGRATIONS;
use super::write::Scratch;
use super::{Read, Store, Write};
use crate::content::entry::{Entry, EntryId, Revision, RevisionId, Variant};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::Model;

/// What is taken over as it is, and then brought back to what it was.
const COPIED: [&str; 8] = ["meta", "model", "setting", "author", "category", "tag", "media", "redirect"];

/// How the rows that were recorded as JSON are put back: `?1` is the key, `?2` the row.
const RESTORED: [(&str, &str, &str); 6] = [
    (
        "author",
        "DELETE FROM author WHERE id = ?1",
        "INSERT INTO author SELECT ?2 ->> 'id', ?2 ->> 'slug', ?2 ->> 'email', ?2 ->> 'first_name', ?2 ->> 'last_name',
           ?2 ->> 'bio', ?2 ->> 'title', ?2 ->> 'linkedin_url', ?2 ->> 'facebook_url', ?2 ->> 'instagram_url',
           ?2 ->> 'pinterest_url', ?2 ->> 'twitter_handle', ?2 ->> 'profile_image'",
    ),
    (
        "category",
        "DELETE FROM category WHERE id = ?1",
        "INSERT INTO category SELECT ?2 ->> 'id', ?2 ->> 'slug', ?2 ->> 'name'",
    ),
    ("tag", "DELETE FROM tag WHERE id = ?1", "INSERT INTO tag SELECT ?2 ->> 'id', ?2 ->> 'slug', ?2 ->> 'name'"),
    ("setting", "DELETE FROM setting WHERE name = ?1", "INSERT INTO setting SELECT ?2 ->> 'name', ?2 ->> 'value'"),
    (
        "redirect",
        "DELETE FROM redirect WHERE source = ?1",
        "INSERT INTO redirect SELECT ?2 ->> 'id', ?2 ->> 'source', ?2 ->> 'target', ?2 ->> 'status', ?2 ->> 'by',
           ?2 ->> 'at'",
    ),
    // Its other columns are as they are now: answers show none of them.
    ("media", "SELECT ?1", "UPDATE media SET alt = ?2 ->> 'alt', deleted = ?2 ->> 'deleted' WHERE id = ?1"),
];

/// The variants that readers were shown at `?1`: entry, locale, live, published, updated.
const LIVE: &str = "SELECT * FROM (
       SELECT variant.entry, variant.locale,
         CASE WHEN was.id IS NULL THEN variant.live ELSE was.live END AS shown,
         CASE WHEN was.id IS NULL THEN variant.published ELSE was.published END,
         CASE WHEN was.id IS NULL THEN variant.updated ELSE was.updated END
       FROM variant LEFT JOIN past_variant AS was ON was.id = (
         SELECT min(id) FROM past_variant AS later
          WHERE later.entry = variant.entry AND later.locale = variant.locale AND later.until > ?1)
     ) WHERE shown IS NOT NULL LIMIT ?2";

/// What an entry was at `?2`, as far as it differs from what it is.
const ENTRY_THEN: &str = "SELECT slug, position, deleted, archived, translation_of FROM past_entry
     WHERE entry = ?1 AND until > ?2 ORDER BY id LIMIT 1";

/// The site at a moment.
pub struct Past {
    connection: Mutex<Connection>,
    model: Arc<Model>,
    /// Whether everything was recorded that happened since; else it is told from the history, as far as that goes.
    pub exact: bool,
}

/// A variant that readers were shown.
struct Shown {
    entry: EntryId,
    locale: LocaleId,
    live: RevisionId,
    published: Option<Moment>,
    updated: Moment,
}

impl Store {
    /// The site as readers were shown it at a moment; `None` when more than `most` variants were live then. The
    /// content model is today's. Takes long: every entry of the time is indexed anew.
    ///
    /// # Errors
    /// The database's.
    pub fn past(&self, at: Moment, most: usize) -> Result<Option<Past>, Error> {
        self.read(|read| read.past(at, most))
    }
}

impl Read<'_> {
    fn past(&self, at: Moment, most: usize) -> Result<Option<Past>, Error> {
        let Some(shown) = self.shown_at(at, most)? else { return Ok(None) };
        // SQLite keeps a database without a name in memory, and in a file of its own once that is not enough.
        let connection = Connection::open("")?;
        connection.pragma_update(None, "journal_mode", "off")?;
        connection.pragma_update(None, "synchronous", "off")?;
        // A post may be there without the one it was first a translation of.
        connection.pragma_update(None, "foreign_keys", false)?;
        connection.execute_batch("BEGIN")?;
        for sql in MIGRATIONS {
            connection.execute_batch(sql)?;
        }
        for table in COPIED {
            self.copy(table, &connection)?;
        }
        self.put_back(at, &connection)?;
        let mut scratch = Scratch::of(Era::default());
        scratch.begin(&connection)?;
        let mut write = Write::new(&connection, &mut scratch);
        write.touch_everything();
        for shown in shown {
            self.bring(&shown, at, &mut write)?;
        }
        write.settle()?;
        connection.execute_batch("COMMIT")?;
        let exact = self.fact("past")?.is_some_and(|from| from <= at.micros());
        Ok(Some(Past { connection: Mutex::new(connection), model: self.model().clone(), exact }))
    }

    fn shown_at(&self, at: Moment, most: usize) -> Result<Option<Vec<Shown>>, Error> {
        let limit = i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare(LIVE)?;
        let rows = statement.query_map(params![at.micros(), limit], |row| {
            Ok(Shown {
                entry: EntryId(row.get(0)?),
                locale: LocaleId(row.get(1)?),
                live: RevisionId(row.get(2)?),
                published: row.get::<_, Option<i64>>(3)?.map(Moment::from_micros),
                updated: Moment::from_micros(row.get(4)?),
            })
        })?;
        let shown = rows.collect::<Result<Vec<_>, _>>()?;
        Ok((shown.len() <= most).then_some(shown))
    }

    /// Copies a table. `meta` is there already, as for a new site.
    fn copy(&self, table: &str, into: &Connection) -> Result<(), Error> {
        let mut rows = self.connection.prepare(&format!("SELECT * FROM {table}"))?;
        let columns: Vec<String> = rows.column_names().into_iter().map(|name| format!("\"{name}\"")).collect();
        let places = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT OR REPLACE INTO {table} ({}) VALUES ({places})", columns.join(", "));
        let mut insert = into.prepare(&sql)?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let values = (0..columns.len()).map(|column| row.get::<_, Value>(column)).collect::<Result<Vec<_>, _>>()?;
            insert.execute(params_from_iter(values))?;
        }
        Ok(())
    }

    /// Undoes what has changed since in the tables that were copied.
    fn put_back(&self, at: Moment, into: &Connection) -> Result<(), Error> {
        let mut statement = self.connection.prepare(
            "SELECT key, row FROM past_row WHERE part = ?1 AND id IN (
               SELECT min(id) FROM past_row WHERE part = ?1 AND until > ?2 GROUP BY key)",
        )?;
        for (part, remove, restore) in RESTORED {
            let rows = statement.query_map(params![part, at.micros()], |row| {
                Ok((row.get::<_, Value>(0)?, row.get::<_, Option<String>>(1)?))
            })?;
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            // All that is in the way first: two may have swapped what only one can have.
            for (key, _) in &rows {
                into.prepare_cached(remove)?.query([key])?.next()?;
            }
            for (key, row) in &rows {
                if let Some(row) = row {
                    into.prepare_cached(restore)?.execute(params![key, row])?;
                }
            }
        }
        Ok(())
    }

    /// Brings what readers were shown over. What was removed for good since is not there.
    fn bring(&self, shown: &Shown, at: Moment, into: &mut Write<'_>) -> Result<(), Error> {
        let (Some(entry), Some(revision)) = (self.entry_at(shown.entry, at)?, self.revision(shown.live)?) else {
            return Ok(());
        };
        if entry.deleted.is_some() || entry.archived.is_some() {
            return Ok(());
        }
        if into.entry(entry.id)?.is_none() {
            match into.add_entry(&entry) {
                // Only where it was not recorded who had the slug: one of the two has to do without.
                Err(Error::SlugTaken) => return Ok(()),
                added => drop(added?),
            }
        }
        into.add_revision(&revision)?;
        let variant = Variant {
            entry: entry.id,
            locale: shown.locale,
            live: Some(shown.live),
            draft: None,
            published: shown.published,
            updated: shown.updated,
            scheduled: None,
            along: false,
            unpublish: None,
            send_to: None,
        };
        into.add_variant(&entry, &variant, Some(Revision { slug: entry.slug.clone(), ..revision }), None)
    }

    /// An entry as it was.
    fn entry_at(&self, id: EntryId, at: Moment) -> Result<Option<Entry>, Error> {
        let Some(now) = self.entry(id)? else { return Ok(None) };
        let moment = |row: &Row<'_>, column| {
            Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Moment::from_micros))
        };
        let then = self.connection.prepare_cached(ENTRY_THEN)?.query_row([id.0, at.micros()], |row| {
            Ok(Entry {
                slug: row.get(0)?,
                position: row.get(1)?,
                deleted: moment(row, 2)?,
                archived: moment(row, 3)?,
                group: row.get::<_, Option<i64>>(4)?.map(EntryId),
                draft_slug: None,
                ..now.clone()
            })
        });
        Ok(Some(then.optional()?.unwrap_or(Entry { draft_slug: None, ..now })))
    }
}

impl Past {
    /// Runs `question` on it. Only one at a time.
    ///
    /// # Errors
    /// The question's own error.
    pub fn read<T, E: From<Error>>(&self, question: impl FnOnce(&Read<'_>) -> Result<T, E>) -> Result<T, E> {
        let connection: MutexGuard<'_, Connection> = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        question(&Read { connection: &connection, model: self.model.clone(), era: Era::default() })
    }
}
