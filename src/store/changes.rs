//! The change log: what each transaction made old, for whoever else holds answers made from this folder.

use std::collections::BTreeSet;

use rusqlite::params;

use super::error::Error;
use super::{Read, Store, Write};
use crate::content::key::Key;
use crate::content::moment::Moment;

/// How many changes are kept. A process that has slept through more drops all it holds.
const KEPT: i64 = 100_000;

/// A change that touches more keys than this is taken to touch everything: an import, a new model.
const MANY: usize = 10_000;

/// What one transaction made old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number; later changes have larger ones.
    pub number: i64,
    /// The keys whose answers are old.
    pub keys: BTreeSet<Key>,
    /// Whether it posted something that is to be sent. Only who made the change knows.
    pub posted: bool,
}

impl Read<'_> {
    /// The number of the newest change.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn newest_change(&self) -> Result<i64, Error> {
        // Numbers are never given twice, not even after the log was pruned.
        let mut newest = self.connection.prepare_cached("SELECT ifnull(max(seq), 0) FROM change")?;
        Ok(self.era.outside(newest.query_row([], |row| row.get(0))?))
    }

    /// Every change after number `seen`, oldest first. When some of them are no longer in the log, the
    /// first one touches everything; when `seen` comes from another database, there is only that one.
    pub fn changes_after(&self, seen: i64) -> Result<Vec<Change>, Error> {
        let Some(seen) = self.era.inside(seen) else {
            return Ok(vec![Change {
                number: self.newest_change()?,
                keys: BTreeSet::from([Key::Model]),
                posted: false,
            }]);
        };
        let mut statement =
            self.connection.prepare_cached("SELECT seq, keys FROM change WHERE seq > ? ORDER BY seq")?;
        let rows = statement.query_map([seen], |row| {
            let keys: String = row.get(1)?;
            // A key this version does not know comes from a newer one: everything may be old.
            let keys = keys.split(' ').map(|key| key.parse().unwrap_or(Key::Model)).collect();
            Ok(Change { number: row.get(0)?, keys, posted: false })
        })?;
        let mut changes = rows.collect::<Result<Vec<_>, _>>()?;
        if let Some(first) = changes.first_mut().filter(|first| first.number > seen + 1 && seen > 0) {
            first.keys.insert(Key::Model);
        }
        for change in &mut changes {
            change.number = self.era.outside(change.number);
        }
        Ok(changes)
    }
}

impl Write<'_> {
    pub(super) fn log_change(&mut self, mut keys: BTreeSet<Key>, now: Moment) -> Result<Change, Error> {
        if keys.len() > MANY {
            keys = BTreeSet::from([Key::Model]);
        }
        let words = keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ");
        self.connection
            .prepare_cached("INSERT INTO change (keys, at) VALUES (?, ?)")?
            .execute(params![words, now.micros()])?;
        let number = self.connection.last_insert_rowid();
        self.connection.prepare_cached("DELETE FROM change WHERE seq <= ?")?.execute([number - KEPT])?;
        Ok(Change { number: self.era.outside(number), keys, posted: self.posted })
    }
}

/// Sees whether any other connection, of this process or another, has changed the database.
#[derive(Default)]
pub struct Watch {
    /// The opening of the database, and what its state was called in it.
    seen: Option<(u64, i64)>,
}

impl Store {
    /// Begins to watch for changes.
    pub fn watch(&self) -> Watch {
        Watch::default()
    }
}

impl Watch {
    /// Whether the database has changed since the last call, or was opened again; true on the first. Costs
    /// about 2 µs.
    ///
    /// # Errors
    /// The database's.
    pub fn changed(&mut self, store: &Store) -> Result<bool, Error> {
        let now = Some(store.opened()?.version()?);
        Ok(std::mem::replace(&mut self.seen, now) != now)
    }

    /// Makes the next question be answered with yes, when what was to follow the last one failed.
    pub fn forget(&mut self) {
        self.seen = None;
    }
}
