//! Full-text search: FTS5, accents and case ignored, best first.
//!
//! How well an entry fits depends on nothing but the entry. FTS5's own measure, BM25, weighs a word by how
//! many of all texts hold it, drafts and other locales included: with every draft that somebody saves, every
//! answer to every search would become old.

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::error::Error;
use super::facets::bit;
use super::indexing::Changed;
use super::{Read, Write};
use crate::content::entry::{Entry, EntryId, View};
use crate::content::index::Words;
use crate::content::key::Key;
use crate::content::locale::LocaleId;
use crate::content::schema::SchemaId;

/// How much more a word in the title counts than one in the text.
const TITLE_WEIGHT: usize = 8;
/// How many words of a query say how well an entry fits. All of them must be in it.
const RANKED: usize = 8;

/// Where to search.
#[derive(Clone, Debug)]
pub struct SearchIn<'a> {
    /// In these schemas.
    pub schemas: &'a [SchemaId],
    /// In this locale.
    pub locale: LocaleId,
    /// What the reader sees.
    pub view: View,
    /// How many hits to skip.
    pub offset: u64,
    /// How many hits to return at most.
    pub limit: u64,
}

/// Something found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// What.
    pub entry: EntryId,
    /// How well it fits: larger is better.
    pub rank: f64,
}

impl Read<'_> {
    /// The entries that hold all words of `query`, the last one as a beginning; and how many there are.
    /// A query without a word finds nothing.
    ///
    /// # Errors
    /// The database's.
    pub fn search(&self, query: &str, within: &SearchIn<'_>) -> Result<(Vec<Hit>, u64), Error> {
        let words = quoted_words(query);
        if words.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let expression = words.join(" ");
        let schemas = within.schemas.iter().map(|schema| schema.0.to_string()).collect::<Vec<_>>().join(",");
        let matches = format!(
            "FROM search JOIN search_row ON search_row.id = search.rowid
             WHERE search MATCH ?1 AND locale = ?2 AND views & ?3 AND schema IN ({schemas})"
        );
        let bit = bit(within.view);
        let count = self
            .connection
            .prepare_cached(&format!("SELECT count(DISTINCT entry) {matches}"))?
            .query_row(params![expression, within.locale.0, bit], |row| row.get::<_, i64>(0))?;
        let ranked = &words[words.len().saturating_sub(RANKED)..];
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT entry, {} AS score {matches} ORDER BY score DESC, entry DESC LIMIT ?4 OFFSET ?5",
            score(ranked.len())
        ))?;
        let mut values: Vec<Value> = vec![expression.into(), within.locale.0.into(), i64::from(bit).into()];
        values.extend([within.limit, within.offset].map(|number| Value::from(number as i64)));
        for word in ranked {
            values.extend(["title", "text"].map(|column| Value::from(format!("{column} : {word}"))));
        }
        let rows = statement
            .query_map(params_from_iter(values), |row| Ok(Hit { entry: EntryId(row.get(0)?), rank: row.get(1)? }))?;
        Ok((rows.collect::<Result<_, _>>()?, count.unsigned_abs()))
    }
}

/// What people typed as words of an FTS5 expression: quoted, so that no operator means anything, the last
/// one as a beginning.
pub(super) fn quoted_words(query: &str) -> Vec<String> {
    let words = query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut quoted: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    if let Some(last) = quoted.last_mut() {
        last.push('*');
    }
    quoted
}

/// SQL for how well a row fits, from 0 to 1, by where the words are. From ?6 on, it takes what matches each
/// of them in the title and in the text.
fn score(words: usize) -> String {
    let within =
        |parameter: usize| format!("(search.rowid IN (SELECT rowid FROM search WHERE search MATCH ?{parameter}))");
    let parts = (0..words).map(|word| format!("{TITLE_WEIGHT} * {} + {}", within(6 + 2 * word), within(7 + 2 * word)));
    let most = words * (TITLE_WEIGHT + 1);
    format!("({}) / {most}.0", parts.collect::<Vec<_>>().join(" + "))
}

impl Write<'_> {
    /// Brings the search rows of a variant in step with its words.
    pub(super) fn put_words(
        &mut self,
        entry: &Entry,
        locale: LocaleId,
        words: &[Words],
        change: Changed,
    ) -> Result<(), Error> {
        if !change.is_new {
            self.forget_words(entry.id, locale)?;
        }
        if change.live {
            self.touch(Key::Search(entry.schema, locale));
        }
        for words in words {
            self.connection
                .prepare_cached("INSERT INTO search_row (entry, locale, schema, views) VALUES (?, ?, ?, ?)")?
                .execute(params![entry.id.0, locale.0, entry.schema.0, words.views.0])?;
            let id = self.connection.last_insert_rowid();
            self.connection
                .prepare_cached("INSERT INTO search (rowid, title, text) VALUES (?, ?, ?)")?
                .execute(params![id, words.title, words.text])?;
        }
        Ok(())
    }

    fn forget_words(&mut self, entry: EntryId, locale: LocaleId) -> Result<(), Error> {
        let mut find = self.connection.prepare_cached("SELECT id FROM search_row WHERE entry = ? AND locale = ?")?;
        let ids = find.query_map([entry.0, locale.0], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        for id in ids {
            self.connection.prepare_cached("DELETE FROM search WHERE rowid = ?")?.execute([id])?;
            self.connection.prepare_cached("DELETE FROM search_row WHERE id = ?")?.execute([id])?;
        }
        Ok(())
    }
}
