//! Keeping the index, links and search rows of a variant in step with what it shows.

use std::cmp::Ordering;

use rusqlite::types::Value as SqlValue;
use rusqlite::{OptionalExtension, params};

use super::error::Error;
use super::facets::IndexValue;
use super::list::compare_values;
use super::overview::ARCHIVED;
use super::{Read, Write};
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, Shown, Version};
use crate::content::field::IndexKey;
use crate::content::index::{ALL, Index, POSITION, PUBLISHED, Row, SINGLES, Views};
use crate::content::key::Key;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::SchemaId;

/// The schema under which all single pages are listed together.
pub const ALL_SINGLES: SchemaId = SchemaId(0);

/// How many rows of an import wait for each other: about 40 MB.
const QUEUE: usize = 250_000;

/// What is known of a change to a variant before its index is compared.
#[derive(Clone, Copy)]
pub(super) struct Changed {
    /// The variant was not there before.
    pub(super) is_new: bool,
    /// Readers may see a difference.
    pub(super) live: bool,
}

/// A row of `field_index` without its entry.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IndexRow {
    slot: i64,
    value: IndexValue,
    tie: String,
    views: Views,
}

impl IndexRow {
    /// The order of the table's key.
    fn compare(&self, other: &Self) -> Ordering {
        let by_key = |row: &Self, other: &Self| compare_values(&row.value.key, &other.value.key);
        self.slot.cmp(&other.slot).then_with(|| by_key(self, other)).then_with(|| self.tie.cmp(&other.tie))
    }

    fn same_place(&self, other: &Self) -> bool {
        self.slot == other.slot && self.value == other.value && self.tie == other.tie
    }
}

impl Read<'_> {
    /// The number of a field path; `None` when nothing was ever indexed there.
    pub(super) fn slot(&self, schema: SchemaId, locale: LocaleId, path: &str) -> Result<Option<i64>, Error> {
        let (schema, path) = place(schema, path);
        Ok(self
            .connection
            .prepare_cached("SELECT id FROM slot WHERE schema = ? AND locale = ? AND path = ?")?
            .query_row(params![schema.0, locale.0, path], |row| row.get(0))
            .optional()?)
    }
}

/// Paths of all single pages together live under a schema of their own.
fn place(schema: SchemaId, path: &str) -> (SchemaId, &str) {
    match path.strip_prefix(SINGLES) {
        Some(rest) => (ALL_SINGLES, rest),
        None => (schema, path),
    }
}

impl Write<'_> {
    /// Brings everything kept beside a variant in step with what it shows, and touches the keys of the
    /// answers that readers get otherwise from now on.
    pub(super) fn index_variant(
        &mut self,
        entry: &Entry,
        locale: LocaleId,
        shown: &Shown,
        change: Changed,
    ) -> Result<(), Error> {
        let model = self.model().clone();
        let index = match model.schema(entry.schema) {
            Some(schema) if entry.archived.is_some() && entry.deleted.is_none() => {
                // Nobody is shown anything, but what was put aside can be searched.
                let newest = self.put_aside(entry, locale)?;
                Index { words: Index::words_of(&model, schema, newest.as_ref(), ARCHIVED), ..Index::default() }
            }
            Some(schema) => Index::of(&model, schema, shown),
            // The schema was dropped: nothing shows.
            None => Index::default(),
        };
        self.index_rows(entry, locale, &index, change.is_new)?;
        self.put_oversights(entry.id, locale, shown, change.is_new)?;
        if !change.is_new {
            self.forget_links(entry.id, locale)?;
        }
        self.add_links(entry.id, locale, &index.links)?;
        self.put_words(entry, locale, &index.words, change)
    }

    /// What an archived entry would show if it were not.
    fn put_aside(&self, entry: &Entry, locale: LocaleId) -> Result<Option<Version>, Error> {
        let Some(variant) = self.variant(entry.id, locale)? else { return Ok(None) };
        let entry = Entry { archived: None, ..entry.clone() };
        Ok(self.shown(&entry, &variant)?.newest)
    }

    fn index_rows(&mut self, entry: &Entry, locale: LocaleId, index: &Index, is_new: bool) -> Result<(), Error> {
        let mut wanted = Vec::with_capacity(index.rows.len());
        for row in &index.rows {
            let slot = self.slot_or_new(entry.schema, locale, &row.path)?;
            wanted.push(IndexRow { slot, value: IndexValue::of(&row.key), tie: row.tie.clone(), views: row.views });
        }
        if is_new && self.touches_everything() {
            self.queued.extend(wanted.into_iter().map(|row| (row, entry.id)));
            return if self.queued.len() < QUEUE { Ok(()) } else { self.insert_queued() };
        }
        self.insert_queued()?;
        let present = if is_new { Vec::new() } else { self.indexed(entry.id, locale)? };
        for (row, path) in &present {
            if !wanted.contains(row) {
                self.remove_row(entry.id, row)?;
                self.touch_row(entry, locale, row, path, &wanted)?;
            }
        }
        let known: Vec<IndexRow> = present.into_iter().map(|(row, _)| row).collect();
        for (row, Row { path, .. }) in wanted.iter().zip(&index.rows) {
            if !known.contains(row) {
                self.insert_row(entry.id, row)?;
                self.touch_row(entry, locale, row, path, &known)?;
            }
        }
        Ok(())
    }

    /// Touches what depends on a row that is not in `others`, unless readers do not see a difference.
    fn touch_row(
        &mut self,
        entry: &Entry,
        locale: LocaleId,
        row: &IndexRow,
        path: &str,
        others: &[IndexRow],
    ) -> Result<(), Error> {
        let live = |row: &IndexRow| row.views.0 & Views::LIVE.0 != 0;
        if self.touches_everything() || !live(row) || others.iter().any(|other| live(other) && other.same_place(row)) {
            return Ok(());
        }
        let (schema, path) = place(entry.schema, path);
        self.touch(Key::List { schema, locale, path: path.to_owned() });
        if path == ALL && !row.tie.is_empty() {
            self.touch_slug(entry.schema, &row.tie);
        }
        if path == PUBLISHED && schema == BLOG {
            self.touch_neighbours(entry.id, locale, row)?;
        }
        Ok(())
    }

    /// A post that comes, goes or moves changes what stands beside it and its neighbours.
    fn touch_neighbours(&mut self, post: EntryId, locale: LocaleId, row: &IndexRow) -> Result<(), Error> {
        self.touch(Key::Beside(post));
        if let SqlValue::Real(published) = row.value.key {
            let beside = self.neighbours(post, Moment::from_micros(published as i64), locale)?;
            for post in [beside.next, beside.previous].into_iter().flatten() {
                self.touch(Key::Beside(post));
            }
        }
        Ok(())
    }

    /// The rows of a variant with their paths.
    fn indexed(&self, entry: EntryId, locale: LocaleId) -> Result<Vec<(IndexRow, String)>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT slot, key, tie, exact, views, path FROM field_index INDEXED BY field_index_entry JOIN slot ON slot.id = field_index.slot
             WHERE entry = ? AND slot.locale = ?",
        )?;
        let rows = statement.query_map([entry.0, locale.0], |row| {
            let value = IndexValue { key: row.get::<_, SqlValue>(1)?, exact: row.get(3)? };
            let index_row = IndexRow { slot: row.get(0)?, value, tie: row.get(2)?, views: Views(row.get(4)?) };
            Ok((index_row, row.get(5)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Moves an entry to another place of its collection's manual order. Only lists in that order are old then.
    ///
    /// # Errors
    /// The database's.
    pub fn put_position(&mut self, entry: &Entry, position: i64) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE entry SET position = ?2 WHERE id = ?1")?
            .execute([entry.id.0, position])?;
        #[expect(clippy::cast_precision_loss, reason = "positions stay below 2^53")]
        let value = IndexValue::of(&IndexKey::Number(position as f64));
        for locale in self.variants(entry.id)?.into_iter().map(|variant| variant.locale) {
            for (row, path) in self.indexed(entry.id, locale)?.into_iter().filter(|(_, path)| path == POSITION) {
                let moved = IndexRow { value: value.clone(), ..row.clone() };
                self.remove_row(entry.id, &row)?;
                self.insert_row(entry.id, &moved)?;
                self.touch_row(entry, locale, &row, &path, std::slice::from_ref(&moved))?;
            }
        }
        Ok(())
    }

    /// Writes the rows that wait, in the order of the table: many at once then fall into the same pages.
    pub(super) fn insert_queued(&mut self) -> Result<(), Error> {
        let mut queued = std::mem::take(&mut self.queued);
        queued.sort_by(|(a, _), (b, _)| a.compare(b));
        queued.iter().try_for_each(|(row, entry)| self.insert_row(*entry, row))
    }

    fn insert_row(&mut self, entry: EntryId, row: &IndexRow) -> Result<(), Error> {
        self.connection
            .prepare_cached("INSERT INTO field_index (slot, key, tie, entry, exact, views) VALUES (?, ?, ?, ?, ?, ?)")?
            .execute(params![row.slot, row.value, row.tie, entry.0, row.value.exact, row.views.0])?;
        self.facets.add(row.slot, &row.value, row.views, 1);
        Ok(())
    }

    fn remove_row(&mut self, entry: EntryId, row: &IndexRow) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "DELETE FROM field_index WHERE slot = ? AND key = ? AND tie = ? AND entry = ? AND exact = ?",
            )?
            .execute(params![row.slot, row.value, row.tie, entry.0, row.value.exact])?;
        self.facets.add(row.slot, &row.value, row.views, -1);
        Ok(())
    }

    fn slot_or_new(&mut self, schema: SchemaId, locale: LocaleId, path: &str) -> Result<i64, Error> {
        let (schema, path) = place(schema, path);
        let known = self.scratch.slots.get(&(schema, locale)).and_then(|paths| paths.get(path));
        if let Some(slot) = known {
            return Ok(*slot);
        }
        let slot = match self.slot(schema, locale, path)? {
            Some(slot) => slot,
            None => {
                self.connection.execute(
                    "INSERT INTO slot (schema, locale, path) VALUES (?, ?, ?)",
                    params![schema.0, locale.0, path],
                )?;
                self.connection.last_insert_rowid()
            }
        };
        self.scratch.slots.entry((schema, locale)).or_default().insert(path.to_owned(), slot);
        Ok(slot)
    }
}
