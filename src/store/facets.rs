//! How many entries hold each value of each field.
//!
//! Counting and skipping by groups of equal values is what keeps lists exact and fast at a million
//! entries: SQLite can seek to a value but not to a rank.

use std::collections::HashMap;

use rusqlite::types::{ToSqlOutput, Value as SqlValue, ValueRef};
use rusqlite::{Connection, ToSql, params};

use super::Read;
use super::error::Error;
use crate::content::entry::View;
use crate::content::field::IndexKey;
use crate::content::index::Views;

/// An [`IndexKey`] as the index stores it: a number, text, or an empty blob (which sorts last).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IndexValue {
    /// What is compared.
    pub(super) key: SqlValue,
    /// The text itself where `key` does not say it all.
    pub(super) exact: String,
}

impl IndexValue {
    pub(super) fn of(key: &IndexKey) -> Self {
        let (key, exact) = match key {
            IndexKey::Empty => (SqlValue::Blob(Vec::new()), String::new()),
            IndexKey::Number(number) => (SqlValue::Real(*number), String::new()),
            IndexKey::Text { folded, exact } => (SqlValue::Text(folded.clone()), exact.clone()),
        };
        Self { key, exact }
    }

    /// The same value as something that can be looked up in a map.
    pub(super) fn hashed(&self) -> HashedValue {
        let (kind, bytes) = match &self.key {
            SqlValue::Real(number) => (1, number.to_bits().to_be_bytes().to_vec()),
            SqlValue::Text(text) => (2, text.clone().into_bytes()),
            _ => (3, Vec::new()),
        };
        HashedValue { kind, bytes, exact: self.exact.clone() }
    }
}

impl ToSql for IndexValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::from(&self.key)))
    }
}

/// See [`IndexValue::hashed`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct HashedValue {
    kind: u8,
    bytes: Vec<u8>,
    exact: String,
}

impl HashedValue {
    fn value(&self) -> IndexValue {
        let key = match self.kind {
            1 => {
                SqlValue::Real(f64::from_bits(u64::from_be_bytes(self.bytes.as_slice().try_into().unwrap_or_default())))
            }
            2 => SqlValue::Text(String::from_utf8_lossy(&self.bytes).into_owned()),
            _ => SqlValue::Blob(Vec::new()),
        };
        IndexValue { key, exact: self.exact.clone() }
    }
}

/// Counts gathered during a change and written once at its end.
#[derive(Default)]
pub(super) struct FacetChanges {
    counts: HashMap<(i64, HashedValue), (i64, i64)>,
}

impl FacetChanges {
    /// Counts one entry more (`by` 1) or less (-1) in these views.
    pub(super) fn add(&mut self, slot: i64, value: &IndexValue, views: Views, by: i64) {
        let count = self.counts.entry((slot, value.hashed())).or_default();
        count.0 += by * i64::from(views.0 & 1);
        count.1 += by * i64::from(views.0 >> 1 & 1);
    }

    /// Whether it is time to write what was gathered, lest it fill the memory.
    pub(super) fn is_large(&self) -> bool {
        self.counts.len() > 500_000
    }

    pub(super) fn write(self, connection: &Connection) -> Result<(), Error> {
        let mut put = connection.prepare_cached(
            "INSERT INTO facet (slot, key, exact, live, newest) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET live = live + ?4, newest = newest + ?5",
        )?;
        let mut sweep = connection.prepare_cached(
            "DELETE FROM facet WHERE slot = ?1 AND key = ?2 AND exact = ?3 AND live = 0 AND newest = 0",
        )?;
        for ((slot, hashed), (live, newest)) in self.counts {
            if (live, newest) == (0, 0) {
                continue;
            }
            let value = hashed.value();
            put.execute(params![slot, value, value.exact, live, newest])?;
            if live < 0 || newest < 0 {
                sweep.execute(params![slot, value, value.exact])?;
            }
        }
        Ok(())
    }
}

/// The column of `facet` that counts what a view sees.
pub(super) fn column(view: View) -> &'static str {
    match view {
        View::Live => "live",
        View::Newest => "newest",
    }
}

/// The bit of `views` that a view looks at.
pub(super) fn bit(view: View) -> u8 {
    match view {
        View::Live => Views::LIVE.0,
        View::Newest => Views::NEWEST.0,
    }
}

/// How many entries hold a value.
pub(super) fn count_sql(view: View) -> String {
    format!("SELECT total({}) FROM facet WHERE slot = ? AND key = ? AND exact = ?", column(view))
}

impl Read<'_> {
    /// How many entries hold this value.
    pub(super) fn facet(&self, slot: i64, value: &IndexValue, view: View) -> Result<u64, Error> {
        let count: f64 = self
            .connection
            .prepare_cached(&count_sql(view))?
            .query_row(params![slot, value, value.exact], |row| row.get(0))?;
        Ok(count as u64)
    }
}
